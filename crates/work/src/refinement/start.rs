use super::{Item, Refinement};
use crate::{
    issue::{Issue, ListIssues, Listed, Which},
    round::{eight, may_begin},
    team::{Kept, Work},
};
use kernel::{
    Actor, Due, Error, Id, Method::Post, NewAsk, Operation, Person, Reference, Result, Route, Silence, Team, Time, Tx,
    Verb, args, json, sql, text::Name,
};
use people::{
    access::{actor_of, with_account},
    hours::fair_end,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, empty, html, token};

/// Begin a round: everyone on the team is asked to estimate these issues, each without seeing what the others think.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartRefinement {
    pub team: Id<Team>,
    pub name: Name<120>,
    /// 1 to 30 open issues of the team.
    pub issues: Vec<Which>,
    /// How many of their own working hours each person has; 8 if left out.
    #[serde(default = "eight")]
    pub hours: i64,
}

const MOST: usize = 30;

impl Operation for StartRefinement {
    const NAME: &str = "refinement.start";
    const ROUTE: Route = Route(Post, "/teams/{team}/refinements");
    type Target = (Kept, Vec<Issue>);
    type Output = Refinement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let kept = Kept::visible(tx, self.team).await?;
        let mut issues = Vec::new();
        for which in self.issues.iter().take(MOST + 1) {
            issues.push(Issue::visible(tx, which, false).await?);
        }
        Ok((kept, issues))
    }

    fn allows(actor: &Actor, (kept, _): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (kept, mut issues): Self::Target) -> Result<Refinement> {
        let mut seen = std::collections::BTreeSet::new();
        issues.retain(|issue| seen.insert(issue.id));
        self.check(&kept, &issues)?;
        Work::begun(tx, self.team, &kept.team.name).await?;
        let people = participants(tx, self.team).await?;
        if people.is_empty() {
            return Err(Error::conflict("Nobody on this team has an account, so nobody would estimate."));
        }
        let ends_at = fair_end(tx, &people, self.hours).await?;
        let (id, me, now): (Id<Refinement>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into refinements (workspace_id, id, team_id, name, hours, ends_at, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        tx.run(insert, args![tx.workspace(), id, self.team, self.name, self.hours, ends_at, me, now]).await?;
        for person in &people {
            let join =
                sql!("insert into refinement_people (workspace_id, refinement_id, person_id) values ($1, $2, $3)");
            tx.run(join, args![tx.workspace(), id, person]).await?;
        }
        for (position, issue) in issues.iter().enumerate() {
            add(tx, id, issue.id, position as i64 * STEP).await?;
        }
        invite(tx, id, &self.name, people, ends_at)?;
        tx.record("refinement.started", id, json!({ "name": self.name, "issues": issues.len() }));
        Refinement::visible(tx, id).await
    }
}

impl StartRefinement {
    fn check(&self, kept: &Kept, issues: &[Issue]) -> Result<()> {
        may_begin(kept, self.hours)?;
        if !(1..=MOST).contains(&issues.len()) {
            return Err(Error::invalid("issues", format!("Choose 1 to {MOST} issues.")));
        }
        let wrong = |issue: &&Issue| issue.team_id != self.team || issue.category.is_finished();
        match issues.iter().find(wrong) {
            Some(issue) => {
                Err(Error::invalid("issues", format!("{} is finished, or belongs to another team.", issue.key)))
            }
            None => Ok(()),
        }
    }
}

/// Between two items there is a place for the pieces of the first.
pub(super) const STEP: i64 = 100;

pub(super) async fn add(tx: &mut Tx<'_>, round: Id<Refinement>, issue: Id<Issue>, position: i64) -> Result<()> {
    let id: Id<Item> = tx.id();
    let insert = sql!(
        "insert into refinement_items (workspace_id, id, refinement_id, issue_id, position)
         values ($1, $2, $3, $4, $5)"
    );
    tx.run(insert, args![tx.workspace(), id, round, issue, position]).await.map(drop)
}

/// Everyone on the team who sees its issues.
pub(crate) async fn participants(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Id<Person>>> {
    let mut people = Vec::new();
    for person in with_account(tx, team).await? {
        if actor_of(tx, person).await?.is_some_and(|actor| actor.belongs()) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Asks for estimates until an instant.
pub(super) fn invite(
    tx: &mut Tx<'_>,
    round: Id<Refinement>,
    name: &str,
    to: Vec<Id<Person>>,
    ends_at: Time,
) -> Result<()> {
    tx.ask(&NewAsk {
        to,
        from: None,
        verb: Verb::FillIn,
        subject: format!("{name}: say how large its issues are"),
        about: Some(Reference::to("refinement", round)),
        due: Some(Due::Moment(ends_at)),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

const TITLE: &str = "Refine issues";
/// Issues that are proposed, in the order of the team.
const PROPOSED: i64 = 40;

/// `GET /teams/{team}/refinements/new`
pub async fn new(cx: Cx) -> Answer {
    let form = Form::of([("hours", "8".to_owned())]);
    let body = view(&cx, &form).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /teams/{team}/refinements`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<StartRefinement>().await {
        Ok(round) => {
            Ok(form.go(&round.href(), Flash::says("Begun. Everyone on the team is asked for their estimates.")))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let list = cx.read_here::<super::ListRefinements>().await?;
    if !list.may_start {
        return Err(Error::Forbidden);
    }
    let q = "state:triage,backlog,unstarted sort:rank".to_owned();
    let open = ListIssues { q, team: Some(list.team_id), after: None, limit: Some(PROPOSED) };
    let issues = cx.read(open).await?.issues;
    let (home, all) = (format!("/teams/{}", list.team_id), format!("/teams/{}/refinements", list.team_id));
    let lead = "Everyone estimates on their own, in their own hours. What they said shows when all are in or the time is over.";
    let crumbs = vec![(home.as_str(), list.team_name.as_str()), (&all, "Refinement")];
    Ok(html! {
        (Head { crumbs, title: TITLE, lead, ..Head::default() }.show())
        @if issues.is_empty() {
            (empty("Nothing of this team is waiting to be begun. Write issues first.", Some((&format!("/issues/new?team={}", list.team_id), "New issue"))))
        } @else {
            form.form.wide method="post" action=(all) data-guard {
                (token(cx)) (form.summary())
                div.field-row {
                    (form.text("name", "Name", "Such as “Before sprint 15”."))
                    (form.input("number", "hours", "Working hours", "Of each person's own.", false))
                }
                (choices(form, &issues))
                footer.form-foot { button.button.primary data-key="mod+enter" { "Begin" } a.button.quiet href=(all) { "Cancel" } }
            }
        }
    })
}

/// The first ones that have no estimate are chosen already.
fn choices(form: &Form, issues: &[Listed]) -> Markup {
    let without = issues.iter().filter(|one| one.issue.estimate.is_none()).take(10);
    let proposed: Vec<String> = without.map(|one| one.issue.key.clone()).collect();
    let fresh = !form.has("issues") && form.flaw("issues").is_none();
    let chosen = |key: &str| if fresh { proposed.iter().any(|one| one == key) } else { form.holds("issues", key) };
    html! {
        fieldset.choices { legend { "Issues, in the order of the team" }
            @if let Some(sentence) = form.flaw("issues") { p.error { (sentence) } }
            @for Listed { issue, .. } in issues {
                label.choice { input type="checkbox" name="issues" value=(issue.key) checked[chosen(&issue.key)];
                    span { span.muted { (issue.key) } " " (issue.title)
                        @if let Some(size) = issue.size() { " " span.chip { (size) } } } }
            }
        }
    }
}
