use super::{
    Issue, Priority, Which,
    change::{self, Batch, Wanted},
    topic,
};
use crate::{rank, team::State};
use kernel::{Actor, Change, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Flash, Submitted};

/// Put an issue behind or before another one in the order of its team, and into another column at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceIssue {
    pub issue: Which,
    /// The issue of the same team behind which it is to stand; with neither it keeps its place.
    #[serde(default)]
    pub after: Option<Which>,
    /// The one before which it is to stand.
    #[serde(default)]
    pub before: Option<Which>,
    #[serde(default)]
    pub state: Option<Id<State>>,
    #[serde(default)]
    pub assignee: Change<Id<Person>>,
    #[serde(default)]
    pub priority: Option<Priority>,
}

/// The issue where it stands now, and by what the change of its fields is undone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Placed {
    #[serde(flatten)]
    pub issue: Issue,
    pub batch: Option<Id<Batch>>,
}

impl Operation for PlaceIssue {
    const NAME: &str = "issue.place";
    const ROUTE: Route = Route(Post, "/issues/{issue}/place");
    type Target = (Issue, Option<Issue>, Option<Issue>);
    type Output = Placed;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        change::look_up(tx, &self.assignee, &Change::Keep, &[]).await?;
        let issue = Issue::visible(tx, &self.issue, false).await?;
        Ok((issue, found(tx, &self.after).await?, found(tx, &self.before).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (issue, after, before): Self::Target) -> Result<Placed> {
        for (field, other) in [("after", &after), ("before", &before)] {
            if other.as_ref().is_some_and(|other| other.team_id != issue.team_id || other.id == issue.id) {
                return Err(Error::invalid(field, "Name another issue of the same team."));
            }
        }
        if after.is_some() || before.is_some() {
            move_between(tx, &issue, after.as_ref(), before.as_ref()).await?;
        }
        let wanted =
            Wanted { state: self.state, assignee: self.assignee.clone(), priority: self.priority, ..Wanted::default() };
        let batch = tx.id();
        let changed = change::apply(tx, &issue, &wanted, batch).await?;
        let issue = Issue::visible(tx, &Which::Id(issue.id), false).await?;
        Ok(Placed { issue, batch: changed.then_some(batch) })
    }
}

async fn found(tx: &mut Tx<'_>, which: &Option<Which>) -> Result<Option<Issue>> {
    match which {
        Some(which) => Issue::visible(tx, which, false).await.map(Some),
        None => Ok(None),
    }
}

/// With one neighbour only, it stands right beside that one, whatever else of the team stands there.
async fn move_between(tx: &mut Tx<'_>, issue: &Issue, after: Option<&Issue>, before: Option<&Issue>) -> Result<()> {
    let next = sql!("select min(rank) from issues where workspace_id = $1 and team_id = $2 and rank > $3 and id <> $4");
    let last = sql!("select max(rank) from issues where workspace_id = $1 and team_id = $2 and rank < $3 and id <> $4");
    let beside = |rank: &str| rank.to_owned();
    let (low, high) = match (after, before) {
        (Some(after), Some(before)) => (Some(beside(&after.rank)), Some(beside(&before.rank))),
        (Some(after), None) => {
            let high: Option<String> = tx.one(next, args![tx.workspace(), issue.team_id, after.rank, issue.id]).await?;
            (Some(beside(&after.rank)), high)
        }
        (None, Some(before)) => {
            let low: Option<String> = tx.one(last, args![tx.workspace(), issue.team_id, before.rank, issue.id]).await?;
            (low, Some(beside(&before.rank)))
        }
        (None, None) => return Ok(()),
    };
    let rank = rank::between(low.as_deref(), high.as_deref())?;
    let update = sql!("update issues set rank = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), issue.id, rank]).await?;
    tx.touch(topic(issue.team_id));
    Ok(())
}

/// `POST /issues/{issue}/place`: from a board or a list, to which it leads back.
pub async fn save(form: Submitted) -> Answer {
    let placed = form.submit::<PlaceIssue>().await?;
    let flash = Flash::says(format!("{} is in {}.", placed.issue.key, placed.issue.state_name));
    let back = form.text("back");
    let home = format!("/teams/{}/board", placed.issue.team_id);
    let to = if back.starts_with(&home) { back.to_owned() } else { home };
    Ok(form.go(
        &to,
        match placed.batch {
            Some(batch) => flash.undo(format!("/issue-changes/{batch}/undo")),
            None => flash,
        },
    ))
}

/// `POST /teams/{team}/board/moves`: the same for a card that is chosen from a list, at the top or the end of its column.
pub async fn choose(form: Submitted) -> Answer {
    let mut chosen = form.texts.clone();
    chosen.retain(|(name, _)| name != "team");
    let form = Submitted { cx: form.cx.clone(), texts: chosen };
    save(form).await
}
