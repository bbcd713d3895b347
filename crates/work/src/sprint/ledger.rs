//! The scope ledger: whatever changes what a running sprint holds writes here, through whichever door it comes.
use super::{Sprint, Stage};
use crate::{
    estimate::{Estimate, Sum},
    issue::Issue,
};
use kernel::{Error, Id, Person, Result, Time, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// How the scope of a sprint changed.
    pub enum Kind {
        Added = "added",
        Removed = "removed",
        Estimated = "estimated",
        Split = "split",
        /// It was not finished when the sprint was closed. This alone leaves the scope as it is.
        RolledOver = "rolled_over",
        Deleted = "deleted",
        Restored = "restored",
        Cancelled = "cancelled",
        Reopened = "reopened",
        /// To another team.
        Moved = "moved",
    }
}

impl Kind {
    /// What was done to the issue.
    pub fn says(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "taken out",
            Kind::Estimated => "estimated anew",
            Kind::Split => "split",
            Kind::RolledOver => "carried over",
            Kind::Deleted => "deleted",
            Kind::Restored => "brought back",
            Kind::Cancelled => "cancelled",
            Kind::Reopened => "opened again",
            Kind::Moved => "moved to another team",
        }
    }
}

/// One row of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    pub id: Id<Entry>,
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub kind: Kind,
    pub before: Option<Estimate>,
    pub after: Option<Estimate>,
    /// By how much the sprint holds more.
    pub issues_more: i64,
    pub estimate_more: Sum,
    pub reason: String,
    pub at: Time,
    pub by_id: Option<Id<Person>>,
    pub by_name: Option<String>,
}
columns!(Entry {
    id,
    issue_id,
    key,
    title,
    kind,
    before,
    after,
    issues_more,
    estimate_more,
    reason,
    at,
    by_id,
    by_name
});

/// What an issue counts for in sprints.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stand {
    pub sprint: Option<Id<Sprint>>,
    /// Neither deleted nor cancelled.
    pub counts: bool,
    pub estimate: Option<Estimate>,
}

impl Stand {
    fn sprint(&self) -> Option<Id<Sprint>> {
        self.sprint.filter(|_| self.counts)
    }
}

/// Why the scope changes, where the fields do not tell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Why {
    pub kind: Option<Kind>,
    pub reason: String,
}

impl Why {
    pub fn is(kind: Kind) -> Why {
        Why { kind: Some(kind), reason: String::new() }
    }
}

/// Writes down what a change of an issue means for the sprints that are running.
pub(crate) async fn follow(tx: &mut Tx<'_>, issue: &Issue, before: Stand, after: Stand, why: &Why) -> Result<()> {
    if before == after {
        return Ok(());
    }
    let same = before.sprint == after.sprint;
    let left = before.sprint().filter(|sprint| after.sprint() != Some(*sprint));
    if let Some(sprint) = left {
        let kind = why.kind.unwrap_or(if same { Kind::Cancelled } else { Kind::Removed });
        note(tx, sprint, issue, kind, (Some(before.estimate), None), why).await?;
    }
    let Some(sprint) = after.sprint() else { return Ok(()) };
    if before.sprint() != Some(sprint) {
        let kind = why.kind.unwrap_or(if same { Kind::Reopened } else { Kind::Added });
        note(tx, sprint, issue, kind, (None, Some(after.estimate)), why).await?;
    } else if before.estimate != after.estimate {
        let kind = why.kind.unwrap_or(Kind::Estimated);
        note(tx, sprint, issue, kind, (Some(before.estimate), Some(after.estimate)), why).await?;
    }
    Ok(())
}

/// What an issue counted in the sprint before and after; nothing where it was not in it.
type Counted = (Option<Option<Estimate>>, Option<Option<Estimate>>);

async fn note(
    tx: &mut Tx<'_>,
    sprint: Id<Sprint>,
    issue: &Issue,
    kind: Kind,
    (before, after): Counted,
    why: &Why,
) -> Result<()> {
    if stage(tx, sprint).await? != Stage::Running {
        return Ok(());
    }
    let size = |one: Option<Option<Estimate>>| one.flatten().map_or(0, |estimate| estimate.0);
    let entry = Entry {
        id: tx.id(),
        issue_id: issue.id,
        key: issue.key.clone(),
        title: issue.title.clone(),
        kind,
        before: before.flatten(),
        after: after.flatten(),
        issues_more: i64::from(after.is_some()) - i64::from(before.is_some()),
        estimate_more: Sum(size(after) - size(before)),
        reason: why.reason.clone(),
        at: tx.now(),
        by_id: (!tx.actor().is_system()).then(|| tx.me()),
        by_name: None,
    };
    insert(tx, sprint, &entry).await?;
    tx.touch(sprint.to_string());
    Ok(())
}

/// Adds a row. Nobody ever changes one but for its reason.
pub(super) async fn insert(tx: &mut Tx<'_>, sprint: Id<Sprint>, entry: &Entry) -> Result<()> {
    insert_all(tx, sprint, &[(entry.clone(), None)]).await
}

/// Adds rows, the first change first, each with the outsider who made it where nobody here did.
pub(super) async fn insert_all(tx: &mut Tx<'_>, sprint: Id<Sprint>, entries: &[(Entry, Option<&str>)]) -> Result<()> {
    let last = sql!("select max(number) from sprint_changes where workspace_id = $1 and sprint_id = $2");
    let last: Option<i64> = tx.one(last, args![tx.workspace(), sprint]).await?;
    let insert = sql!(
        "insert into sprint_changes (workspace_id, id, sprint_id, issue_id, issue_key, title, kind, before_estimate,
           after_estimate, issues_more, estimate_more, reason, at, by_id, by_outsider_id, number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    );
    let numbered: Vec<(i64, &(Entry, Option<&str>))> = (last.unwrap_or(0) + 1..).zip(entries).collect();
    let (workspace, mut rows) = (tx.workspace(), Vec::new());
    for (number, (entry, outsider)) in &numbered {
        rows.push(
            args![
                workspace,
                entry.id,
                sprint,
                entry.issue_id,
                entry.key,
                entry.title,
                entry.kind,
                entry.before,
                entry.after,
                entry.issues_more,
                entry.estimate_more,
                entry.reason,
                entry.at,
                entry.by_id,
                *outsider,
                *number
            ]
            .to_vec(),
        );
    }
    tx.run_many(insert, &rows).await.map(drop)
}

/// The ledger of a sprint, the first change first.
pub(super) async fn of(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<Entry>> {
    let select = sql!(
        "select c.id, c.issue_id, c.issue_key as key, c.title, c.kind, c.before_estimate as before,
                c.after_estimate as after, c.issues_more, c.estimate_more, c.reason, c.at, c.by_id,
                coalesce(p.name, o.name) as by_name
           from sprint_changes c
           left join people p on p.workspace_id = c.workspace_id and p.id = c.by_id
           left join outsiders o on o.workspace_id = c.workspace_id and o.id = c.by_outsider_id
          where c.workspace_id = $1 and c.sprint_id = $2 order by c.number"
    );
    tx.all(select, args![tx.workspace(), sprint]).await
}

/// Whether an issue can be put back into the sprint with this id, if there is one: it is still there and not closed.
pub(crate) async fn can_go_back(tx: &mut Tx<'_>, issue: &Issue, sprint: Option<&str>) -> Result<bool> {
    let Some(sprint) = sprint else { return Ok(true) };
    match name_of_open(tx, issue, sprint.parse()?).await {
        Ok(_) => Ok(true),
        Err(Error::NotFound | Error::Invalid(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether there is a sprint and it is closed.
pub(crate) async fn is_closed(tx: &mut Tx<'_>, sprint: Option<Id<Sprint>>) -> Result<bool> {
    match sprint {
        Some(sprint) => Ok(stage(tx, sprint).await? == Stage::Closed),
        None => Ok(false),
    }
}

async fn stage(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Stage> {
    let select = sql!(
        "select case when closed_at is not null then 'closed' when started_at is not null then 'running'
                     else 'planned' end as stage
           from sprints where workspace_id = $1 and id = $2"
    );
    tx.one(select, args![tx.workspace(), sprint]).await
}

/// The name of a sprint of the issue's team into which an issue can be put.
pub(crate) async fn name_of_open(tx: &mut Tx<'_>, issue: &Issue, sprint: Id<Sprint>) -> Result<String> {
    let sprint = Sprint::visible(tx, sprint).await?;
    match sprint.stage {
        _ if sprint.team_id != issue.team_id => Err(Error::invalid("sprint", "This is a sprint of another team.")),
        Stage::Closed => {
            Err(Error::invalid("sprint", format!("{} is closed, and nothing is put into it any more.", sprint.name)))
        }
        _ => Ok(sprint.name),
    }
}
