//! Sprints: what a team wants to finish in some days. At the start the commitment is frozen; every change of the scope
//! from then on stands in the ledger, whichever door it came through; and a sprint that was closed never changes again.
mod capacity;
mod carry;
mod close;
mod drop;
pub(crate) mod exchange;
mod explain;
mod forms;
mod growth;
pub(crate) mod ledger;
mod list;
mod page;
pub mod past;
mod plan;
pub(crate) mod records;
mod report;
mod show;
mod start;

pub use capacity::{Absence, Capacity, Share};
pub use carry::Carry;
pub use close::CloseSprint;
pub use drop::DropSprint;
pub use explain::ExplainChange;
pub use growth::{Growth, gather};
pub use ledger::{Entry, Kind};
pub use list::{ListSprints, SprintList, Velocity};
pub(crate) use page::issues;
pub use plan::{EditSprint, Plan, PlanSprint};
pub use report::{Day, Held, Report, Tally};
pub use show::{ShowSprint, SprintView};
pub use start::StartSprint;

use crate::{
    estimate::{Measure, Sum},
    issue::Issue,
    team::Kept,
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Id, Result, Team, Time, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// Where a sprint is in its life.
    pub enum Stage {
        Planned = "planned",
        Running = "running",
        Closed = "closed",
    }
}

/// A sprint as lists show it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Sprint {
    pub id: Id<Sprint>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub measure: Measure,
    pub number: i64,
    pub name: String,
    pub stage: Stage,
    /// The first and the last day, both included, in the zone.
    pub first_on: Date,
    pub last_on: Date,
    /// An IANA name.
    pub zone: String,
    pub goal: String,
    pub started_at: Option<Time>,
    pub closed_at: Option<Time>,
    /// What was committed to at the start.
    pub committed: Sum,
    pub committed_issues: i64,
    /// What was done at the closing, and how much of the commitment that was.
    pub done: Sum,
    pub done_issues: i64,
    pub kept: Sum,
    pub kept_issues: i64,
}
columns!(Sprint {
    id,
    team_id,
    team_name,
    measure,
    number,
    name,
    stage,
    first_on,
    last_on,
    zone,
    goal,
    started_at,
    closed_at,
    committed,
    committed_issues,
    done,
    done_issues,
    kept,
    kept_issues,
});

/// Every query that shows sprints, as `p`, begins with this.
const SELECT: &str = "
    select p.id, p.team_id, t.name as team_name, w.estimates as measure, p.number, p.name,
           case when p.closed_at is not null then 'closed' when p.started_at is not null then 'running'
                else 'planned' end as stage,
           p.first_on, p.last_on, p.zone, p.goal, p.started_at, p.closed_at, p.committed, p.committed_issues, p.done,
           p.done_issues, p.kept, p.kept_issues
      from sprints p
      join work_teams w on w.workspace_id = p.workspace_id and w.team_id = p.team_id
      join teams t on t.workspace_id = p.workspace_id and t.id = p.team_id ";

/// The reach of every query that shows sprints, as `p`: colleagues see those of all teams, as they see the issues.
const VISIBLE: &str = " p.workspace_id = $1 and $2 ";

impl Sprint {
    /// The sprint, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<Sprint> {
        let select = sql!(SELECT, "where", VISIBLE, "and p.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// The sprint and what the actor is to its team.
    pub(crate) async fn kept(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<(Sprint, Kept)> {
        let sprint = Sprint::visible(tx, id).await?;
        let kept = Kept::visible(tx, sprint.team_id).await?;
        Ok((sprint, kept))
    }

    /// The sprints of a team that are not closed: first what runs, then what is planned, by their days.
    pub(crate) async fn open_of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Sprint>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and p.team_id = $3 and p.closed_at is null
              order by case when p.started_at is null then 1 else 0 end, p.first_on, p.number"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), team]).await
    }

    /// The plan as it was written.
    pub(crate) async fn plan(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        plan::written(tx, self.id).await
    }

    /// The issues that it holds now, in the order of their team.
    pub(crate) async fn issues(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        issues_of(tx, self.id).await
    }

    /// Who has how much time in its days.
    pub(crate) async fn capacity(&self, tx: &mut Tx<'_>) -> Result<Capacity> {
        capacity::of(tx, self).await
    }

    pub fn href(&self) -> String {
        format!("/sprints/{}", self.id)
    }

    pub(crate) fn zone(&self) -> TimeZone {
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// The issues that a sprint holds now, in the order of their team.
async fn issues_of(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<Issue>> {
    let select = sql!(
        crate::issue::SELECT,
        "where",
        crate::issue::VISIBLE,
        "and i.sprint_id = $3 and i.deleted_at is null order by i.rank, i.id"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), sprint]).await
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/sprints", list::page)
        .get("/teams/{team}/sprints/new", forms::new)
        .post("/teams/{team}/sprints", forms::plan)
        .get("/sprints/{sprint}", page::show)
        .get("/sprints/{sprint}/plan", forms::edit)
        .post("/sprints/{sprint}/plan", forms::save)
        .post("/sprints/{sprint}/start", forms::start)
        .get("/sprints/{sprint}/close", carry::ask)
        .post("/sprints/{sprint}/close", carry::close)
        .post("/sprints/{sprint}/deletion", forms::drop)
        .post("/sprint-changes/{change}/reason", forms::explain)
}

#[cfg(test)]
mod tests;
