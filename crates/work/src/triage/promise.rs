//! What a team promises about what is new: in how many working hours it looks, and is done.
use super::{Triage, rota::Rota, show};
use crate::{
    issue::{Issue, Priority},
    team::Category,
};
use jiff::SignedDuration;
use kernel::{Id, Result, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In how many working hours, of whoever has the turn, an issue of a priority is looked at and done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    pub priority: Priority,
    /// 1 to 200.
    pub look_hours: i64,
    /// 1 to 400, from when it came; nothing where no time is promised.
    #[serde(default)]
    pub done_hours: Option<i64>,
}
columns!(Promise { priority, look_hours, done_hours });

pub(super) struct Kept {
    pub promise: Promise,
    /// It counts for what came before from here on.
    pub since_at: Time,
}

impl kernel::FromRow for Kept {
    fn from_row(row: &kernel::Row<'_>) -> Result<Self> {
        Ok(Kept { promise: Promise::from_row(row)?, since_at: row.get("since_at")? })
    }
}

/// The promises of a team, the most urgent priority first.
pub(super) async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Kept>> {
    let select = sql!(
        "select priority, look_hours, done_hours, since_at from triage_promises
          where workspace_id = $1 and team_id = $2 order by case when priority = 0 then 9 else priority end"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

pub(super) fn for_priority(all: &[Kept], priority: Priority) -> Option<&Kept> {
    all.iter().find(|kept| kept.promise.priority == priority)
}

impl Kept {
    pub fn look_due(&self, rota: &Rota, waits_from: Time) -> Option<Time> {
        rota.add(waits_from.max(self.since_at), SignedDuration::from_hours(self.promise.look_hours))
    }

    /// Of an issue that came after the promise was given.
    pub fn done_due(&self, rota: &Rota, created_at: Time) -> Option<Time> {
        let hours = self.promise.done_hours.filter(|_| created_at >= self.since_at)?;
        rota.add(created_at, SignedDuration::from_hours(hours))
    }
}

/// By when a team has promised something of an issue.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PromisedTimes")]
pub struct Due {
    /// By when somebody looks at it, while it is in triage.
    pub look_at: Option<Time>,
    /// By when it is done, while it is open.
    pub done_at: Option<Time>,
}

/// What is promised of an open issue; nothing where nothing is.
pub(crate) async fn due_of(tx: &mut Tx<'_>, issue: &Issue) -> Result<Option<Due>> {
    if issue.finished_at.is_some() {
        return Ok(None);
    }
    let all = of(tx, issue.team_id).await?;
    let Some(kept) = for_priority(&all, issue.priority) else { return Ok(None) };
    let waits = issue.category == Category::Triage;
    if !waits && kept.promise.done_hours.is_none() {
        return Ok(None);
    }
    let Some(triage) = Triage::find(tx, issue.team_id).await? else { return Ok(None) };
    let rota = Rota::load(tx, &triage).await?;
    let look_at = match waits {
        true => kept.look_due(&rota, show::waits_from(tx, &rota, issue).await?),
        false => None,
    };
    let due = Due { look_at, done_at: kept.done_due(&rota, issue.created_at) };
    Ok((due.look_at.is_some() || due.done_at.is_some()).then_some(due))
}
