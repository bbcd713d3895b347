use super::{Answered, Item, Part, Review, ReviewVerdict};
use crate::{
    issue::Issue,
    sprint::{Kind, Report, Sprint},
};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, args, columns, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A review: what is shown, who accepts it and who has not answered, with what was not finished beside it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReview {
    pub review: Id<Review>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewView")]
pub struct ReviewView {
    #[serde(flatten)]
    pub review: Review,
    pub items: Vec<ItemView>,
    /// What the sprint held and was not done when it was closed.
    pub not_finished: Vec<Unfinished>,
    pub reviewers: Vec<Reviewer>,
    /// Whether the reader is asked.
    pub takes_part: bool,
    /// Whether the reader ends it before its time.
    pub leads: bool,
    /// Whether the reader makes issues of what was not accepted.
    pub may_follow_up: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewItemView")]
pub struct ItemView {
    #[serde(flatten)]
    pub item: Item,
    pub answers: Vec<Answered>,
    /// Who is asked and has not answered.
    pub unanswered: Vec<Named<Person>>,
    /// Whether the reader writes what is shown.
    pub may_show: bool,
}

impl ItemView {
    pub fn is_refused(&self) -> bool {
        self.answers.iter().any(|one| one.verdict == ReviewVerdict::NotAccepted)
    }
}

/// An issue that the sprint did not finish, and why.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewUnfinished")]
pub struct Unfinished {
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub reason: String,
}

/// Somebody who is asked.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewer")]
pub struct Reviewer {
    pub person_id: Id<Person>,
    pub person_name: String,
    pub photo: Option<String>,
    /// Of the team, or its lead; else named by whoever began.
    pub of_team: bool,
}
columns!(Reviewer { person_id, person_name, photo, of_team });

impl Operation for ShowReview {
    const NAME: &str = "sprint_review.show";
    const ROUTE: Route = Route(Get, "/sprint-reviews/{review}");
    const READS: bool = true;
    type Target = Part;
    type Output = ReviewView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.review).await
    }

    fn allows(_: &Actor, _: &Part) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<ReviewView> {
        let actor = tx.actor();
        let reviewers = reviewers(tx, part.round.id).await?;
        let mut items = items(tx, part.round.id, &reviewers).await?;
        for one in &mut items {
            one.may_show = part.round.ended_at.is_none() && part.may_show(actor, &one.item);
        }
        Ok(ReviewView {
            not_finished: not_finished(tx, part.round.sprint_id).await?,
            takes_part: part.takes_part,
            leads: part.leads(actor),
            may_follow_up: part.may_follow_up(actor),
            review: part.round,
            items,
            reviewers,
        })
    }
}

/// Everyone who is asked, by name.
pub(super) async fn reviewers(tx: &mut Tx<'_>, round: Id<Review>) -> Result<Vec<Reviewer>> {
    let select = sql!(
        "select w.person_id, p.name as person_name, p.photo, w.of_team
           from sprint_review_people w
           join people p on p.workspace_id = w.workspace_id and p.id = w.person_id
          where w.workspace_id = $1 and w.review_id = $2 order by p.sort_name, p.id"
    );
    tx.all(select, args![tx.workspace(), round]).await
}

/// What is shown, each with its answers and those that are missing.
pub(super) async fn items(tx: &mut Tx<'_>, round: Id<Review>, reviewers: &[Reviewer]) -> Result<Vec<ItemView>> {
    let answers = Answered::of(tx, round).await?;
    let view = |item: Item| {
        let own: Vec<Answered> = answers.iter().filter(|one| one.item_id == item.id).cloned().collect();
        let silent = reviewers.iter().filter(|one| {
            item.presenter_id != Some(one.person_id) && own.iter().all(|answer| answer.person_id != one.person_id)
        });
        let unanswered = silent.map(|one| Named { id: one.person_id, name: one.person_name.clone() }).collect();
        ItemView { item, answers: own, unanswered, may_show: false }
    };
    Ok(Item::of(tx, round).await?.into_iter().map(view).collect())
}

/// From the report, which does not change any more.
pub(super) async fn not_finished(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<Unfinished>> {
    let sprint = Sprint::visible(tx, sprint).await?;
    let Some(report) = Report::of(tx, &sprint).await? else { return Ok(Vec::new()) };
    let reason = |id: Id<Issue>| {
        let carried = report.changes.iter().find(|entry| entry.kind == Kind::RolledOver && entry.issue_id == id);
        carried.map_or(String::new(), |entry| entry.reason.clone())
    };
    let open = report.issues.iter().filter(|issue| !issue.done);
    let one = |issue: &crate::sprint::Held| Unfinished {
        issue_id: issue.id,
        key: issue.key.clone(),
        title: issue.title.clone(),
        reason: reason(issue.id),
    };
    Ok(open.map(one).collect())
}

/// To which review an item belongs.
#[derive(Deserialize, JsonSchema)]
pub(super) struct FindItem {
    pub item: Id<Item>,
}

impl Operation for FindItem {
    const NAME: &str = "sprint_review.find";
    const ROUTE: Route = Route(Get, "/sprint-review-items/{item}");
    const READS: bool = true;
    type Target = Item;
    type Output = Id<Review>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Item> {
        Item::visible(tx, self.item).await.map(|(item, _)| item)
    }

    fn allows(_: &Actor, _: &Item) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, item: Item) -> Result<Id<Review>> {
        Ok(item.review_id)
    }
}
