use super::{Item, Review, advance::invite};
use crate::{
    issue::Issue,
    refinement::participants,
    round::{Beginning, Round, eight, may_begin},
    sprint::{Held, Report, ShowSprint, Sprint, Stage},
    team::Kept,
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, json, sql};
use people::{
    access::actor_of,
    hours::fair_end,
    person::{Record, choices::named},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted};

/// Begin to review a closed sprint in writing: what was finished is shown, and everyone on the team, its lead and whoever is
/// named say whether they accept it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartReview {
    pub sprint: Id<Sprint>,
    /// How many of their own working hours each person has; 8 if left out.
    #[serde(default = "eight")]
    pub hours: i64,
    /// Colleagues besides the team and its lead, at most 20.
    #[serde(default)]
    pub reviewers: Vec<Id<Person>>,
}

const MOST_NAMED: usize = 20;
/// A review holds at most so many issues.
const MOST_ITEMS: usize = 200;

impl Operation for StartReview {
    const NAME: &str = "sprint_review.start";
    const ROUTE: Route = Route(Post, "/sprints/{sprint}/reviews");
    type Target = (Sprint, Kept, Vec<Record>);
    type Output = Review;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (sprint, kept) = Sprint::kept(tx, self.sprint).await?;
        let mut named = Vec::new();
        for person in self.reviewers.iter().take(MOST_NAMED + 1) {
            named.push(Record::visible(tx, *person).await?);
        }
        Ok((sprint, kept, named))
    }

    fn allows(actor: &Actor, (_, kept, _): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, kept, named): Self::Target) -> Result<Review> {
        may_begin(&kept, self.hours)?;
        self.check(tx, &sprint).await?;
        let finished = finished(tx, &sprint).await?;
        let people = reviewers(tx, &kept, &named).await?;
        let all: Vec<Id<Person>> = people.keys().copied().collect();
        let ends_at = fair_end(tx, &all, self.hours).await?;
        let (id, me, now): (Id<Review>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into sprint_reviews (workspace_id, id, sprint_id, hours, ends_at, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        tx.run(insert, args![tx.workspace(), id, sprint.id, self.hours, ends_at, me, now]).await?;
        for (person, of_team) in &people {
            let join = sql!(
                "insert into sprint_review_people (workspace_id, review_id, person_id, of_team) values ($1, $2, $3, $4)"
            );
            tx.run(join, args![tx.workspace(), id, person, of_team]).await?;
        }
        for (number, (held, assignee)) in (1..).zip(&finished) {
            let presenter = assignee.filter(|person| people.contains_key(person));
            insert_item(tx, id, number, held, presenter).await?;
        }
        tx.record("sprint_review.started", id, json!({ "name": sprint.name, "issues": finished.len() }));
        let round = Review::visible(tx, id).await?;
        invite(tx, &round, all).await?;
        tx.touch(sprint.id.to_string());
        Ok(round)
    }
}

impl StartReview {
    async fn check(&self, tx: &mut Tx<'_>, sprint: &Sprint) -> Result<()> {
        if self.reviewers.len() > MOST_NAMED {
            return Err(Error::invalid("reviewers", format!("Name at most {MOST_NAMED} people.")));
        }
        if sprint.stage != Stage::Closed {
            return Err(Error::conflict("This sprint is not closed yet. What was finished is known when it is."));
        }
        match Review::of(tx, sprint.id).await?.iter().any(|round| round.ended_at.is_none()) {
            true => Err(Error::conflict("This sprint is being reviewed already.")),
            false => Ok(()),
        }
    }
}

/// What was done when the sprint was closed, each with whoever it is assigned to now.
async fn finished(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<Vec<(Held, Option<Id<Person>>)>> {
    let report = Report::of(tx, sprint).await?.ok_or(Error::NotFound)?;
    let done: Vec<Held> = report.issues.into_iter().filter(|issue| issue.done).collect();
    if done.is_empty() {
        return Err(Error::conflict("Nothing was finished in this sprint, so there is nothing to show."));
    }
    if done.len() > MOST_ITEMS {
        return Err(Error::conflict(format!("More than {MOST_ITEMS} issues were finished in this sprint.")));
    }
    let issues = Issue::with_ids(tx, &done.iter().map(|one| one.id).collect::<Vec<_>>()).await?;
    let assignee = |held: &Held| issues.iter().find(|issue| issue.id == held.id)?.assignee_id;
    Ok(done.into_iter().map(|held| (assignee(&held), held)).map(|(person, held)| (held, person)).collect())
}

/// Everyone who is asked, and whether they are so by the team.
async fn reviewers(tx: &mut Tx<'_>, kept: &Kept, named: &[Record]) -> Result<BTreeMap<Id<Person>, bool>> {
    let mut people = BTreeMap::new();
    for one in named {
        if !sees(tx, one.id).await? {
            let sentence = format!("{} has no account with which they could look at it.", one.name);
            return Err(Error::invalid("reviewers", sentence));
        }
        people.insert(one.id, false);
    }
    if let Some(lead) = kept.team.lead_id
        && sees(tx, lead).await?
    {
        people.insert(lead, true);
    }
    people.extend(participants(tx, kept.team.id).await?.into_iter().map(|person| (person, true)));
    match people.is_empty() {
        true => Err(Error::conflict("Nobody on this team has an account, so nobody would look at it.")),
        false => Ok(people),
    }
}

async fn sees(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    Ok(actor_of(tx, person).await?.is_some_and(|actor| actor.belongs()))
}

async fn insert_item(
    tx: &mut Tx<'_>,
    round: Id<Review>,
    number: i64,
    held: &Held,
    presenter: Option<Id<Person>>,
) -> Result<()> {
    let id: Id<Item> = tx.id();
    let insert = sql!(
        "insert into sprint_review_items (workspace_id, id, review_id, number, issue_id, issue_key, title, presenter_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)"
    );
    tx.run(insert, args![tx.workspace(), id, round, number, held.id, held.key, held.title, presenter]).await.map(drop)
}

const TITLE: &str = "Review in writing";

/// `GET /sprints/{sprint}/reviews/new`
pub async fn new(cx: Cx) -> Answer {
    let body = view(&cx, &Form::of([("hours", "8".to_owned())])).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /sprints/{sprint}/reviews`
pub async fn save(form: Submitted) -> Answer {
    let begun = async {
        let words = Submitted { cx: form.cx.clone(), texts: without_reviewers(&form) };
        let input = words.input::<StartReview>()?;
        form.change(StartReview { reviewers: by_name(&form).await?, ..input }).await
    };
    match begun.await {
        Ok(round) => Ok(form.go(&round.href(), Flash::says("Begun. Everyone is asked what they accept."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

fn without_reviewers(form: &Submitted) -> Vec<(String, String)> {
    form.texts.iter().filter(|(name, _)| name != "reviewers").cloned().collect()
}

async fn by_name(form: &Submitted) -> Result<Vec<Id<Person>>> {
    let mut people = Vec::new();
    for text in form.text("reviewers").split(',').map(str::trim).filter(|text| !text.is_empty()) {
        people.push(named(&form.cx, "reviewers", text).await?);
    }
    Ok(people)
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let view = cx.read_here::<ShowSprint>().await?;
    if !view.may_change {
        return Err(Error::Forbidden);
    }
    let beginning = Beginning {
        title: TITLE,
        lead: "What was finished is shown by whoever it was assigned to. Everyone on the team, its lead and whoever you name \
               look at it when they like, and say whether they accept it.",
        hours: "Of each person’s own. It ends sooner if all have answered.",
        sprint: &view.sprint,
        place: "reviews",
    };
    let hint = "Names or mail addresses of colleagues, parted by commas.";
    Ok(beginning.form(cx, form, form.optional("reviewers", "Who else is to look at it", hint)))
}
