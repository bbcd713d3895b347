//! What was not accepted becomes work again, if somebody wants it; never by itself.
use super::{Item, ItemView, Part, ReviewVerdict, show};
use crate::{
    issue::{Batch, CreateIssue, Direction, Issue, RelateIssues, Wanted, Which, apply},
    round::Round,
    team::{Category, Kept, State, states_of},
};
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Tx, args, json, sql,
    text::{Markdown, Name},
    words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use trackers::escaped;

words! {
    /// What is made of what was not accepted.
    pub enum FollowUpWay {
        /// Another issue of the team, which relates to the one that was finished.
        NewIssue = "new_issue",
        /// The issue that was finished is open again.
        Reopen = "reopen",
    }
}

/// Make an issue of what is missing, or reopen the one that was finished. Only where somebody did not accept it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FollowUp {
    pub item: Id<Item>,
    pub way: FollowUpWay,
}

/// The issue, and for one that was reopened by what that is undone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FollowedUp {
    pub issue: Issue,
    pub batch: Option<Id<Batch>>,
}

impl Operation for FollowUp {
    const NAME: &str = "sprint_review.follow_up";
    const ROUTE: Route = Route(Post, "/sprint-review-items/{item}/follow-up");
    type Target = (Item, Part);
    type Output = FollowedUp;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::visible(tx, self.item).await
    }

    fn allows(actor: &Actor, (_, part): &Self::Target) -> bool {
        part.may_follow_up(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, part): Self::Target) -> Result<FollowedUp> {
        if let Some(key) = &item.follow_key {
            return Err(Error::conflict(format!("{key} was made of it already.")));
        }
        let reviewers = show::reviewers(tx, part.round.id).await?;
        let all = show::items(tx, part.round.id, &reviewers).await?;
        let one = all.into_iter().find(|one| one.item.id == item.id).ok_or(Error::NotFound)?;
        if !one.is_refused() {
            return Err(Error::conflict(format!("Nobody has said that something is missing in {}.", item.key)));
        }
        let issue = Issue::visible(tx, &Which::Id(item.issue_id), true).await?;
        let (followed, batch) = match self.way {
            FollowUpWay::NewIssue => (create(tx, &part, &one, &issue).await?, None),
            FollowUpWay::Reopen => reopen(tx, &issue).await?,
        };
        let update = sql!(
            "update sprint_review_items set follow_id = $3, followed_by = $4, followed_at = $5
              where workspace_id = $1 and id = $2"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(update, args![tx.workspace(), item.id, followed.id, me, now]).await?;
        tx.record("sprint_review.followed_up", part.round.id, json!({ "key": item.key, "to": followed.key }));
        tx.touch(part.round.id.to_string());
        Ok(FollowedUp { issue: followed, batch })
    }
}

/// Titles are at most so long.
const LONGEST: usize = 300;

async fn create(tx: &mut Tx<'_>, part: &Part, one: &ItemView, issue: &Issue) -> Result<Issue> {
    let title: String = format!("Missing in {}: {}", one.item.key, one.item.title).chars().take(LONGEST).collect();
    let title = Name::try_from(title).map_err(Error::internal)?;
    let kept = Kept::visible(tx, part.round.team_id).await?;
    let new = CreateIssue {
        body: Markdown::try_from(missing(part, one)).map_err(Error::internal)?,
        assignee: issue.assignee_id,
        ..CreateIssue::named(part.round.team_id, title)
    };
    let made = new.run(tx, (kept, None)).await?;
    if issue.deleted_at.is_none() {
        let (this, other) = (Which::Id(made.id), Which::Id(issue.id));
        let relate = RelateIssues { issue: this, direction: Direction::Relates, other };
        relate.run(tx, (made.clone(), issue.clone())).await?;
    }
    Ok(made)
}

/// What those have written who did not accept it.
fn missing(part: &Part, one: &ItemView) -> String {
    let mut text = format!("From the [{}]({}):\n\n", escaped(&part.round.title()), part.round.href());
    for answer in one.answers.iter().filter(|answer| answer.verdict == ReviewVerdict::NotAccepted) {
        let _ = writeln!(text, "- {}: {}", escaped(&answer.person_name), escaped(&answer.remark));
    }
    text
}

async fn reopen(tx: &mut Tx<'_>, issue: &Issue) -> Result<(Issue, Option<Id<Batch>>)> {
    if issue.deleted_at.is_some() {
        return Err(Error::conflict(format!("{} is deleted. Make another issue of what is missing.", issue.key)));
    }
    if !issue.category.is_finished() {
        return Err(Error::conflict(format!("{} is open again already.", issue.key)));
    }
    let states = states_of(tx, issue.team_id).await?;
    let first = |category: Category| states.iter().find(|one| one.category == category && one.archived_at.is_none());
    let open = [Category::Unstarted, Category::Started, Category::Backlog, Category::Triage];
    let state: &State = open
        .into_iter()
        .find_map(first)
        .ok_or_else(|| Error::conflict("This team has no state in which an issue could be open again."))?;
    let (batch, wanted) = (tx.id(), Wanted { state: Some(state.id), ..Wanted::default() });
    apply(tx, issue, &wanted, batch).await?;
    Ok((Issue::visible(tx, &Which::Id(issue.id), false).await?, Some(batch)))
}
