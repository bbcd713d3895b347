use crate::period::Period;
use kernel::{Id, Person, Result, Team, Time, Tx, args, columns, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::Serialize;

/// A label, as `work` keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Label {}

/// An issue, as `work` keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Issue {}

/// What a team planned for a quarter.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SharePlan {
    pub id: Id<SharePlan>,
    pub team_id: Id<Team>,
    pub quarter: Period,
    pub why: String,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
    /// In the order of the team; where labels of several fit an issue, the first of them has it.
    pub shares: Vec<Share>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Share {
    pub id: Id<Share>,
    pub name: String,
    /// Of the capacity of the quarter.
    pub percent: i64,
    pub labels: Vec<Named<Label>>,
    pub projects: Vec<Named<kernel::Project>>,
}

struct Row {
    id: Id<SharePlan>,
    team_id: Id<Team>,
    quarter: Period,
    why: String,
    at: Time,
    by_id: Id<Person>,
    by_name: String,
}
columns!(Row { id, team_id, quarter, why, at, by_id, by_name });

impl SharePlan {
    /// The last plan of a team that the actor sees, for this quarter or one before, that was not taken back.
    pub(super) async fn of(tx: &mut Tx<'_>, team: Id<Team>, quarter: Period) -> Result<Option<SharePlan>> {
        let select = sql!(
            "select s.id, s.team_id, s.quarter, s.why, s.at, s.by_id, b.name as by_name
               from share_plans s join people b on b.workspace_id = s.workspace_id and b.id = s.by_id
              where s.workspace_id = $1 and s.team_id = $2 and s.quarter <= $3 and s.undone_at is null
              order by s.quarter desc, s.at desc, s.id desc limit 1"
        );
        let row: Option<Row> = tx.find(select, args![tx.workspace(), team, quarter.to_string()]).await?;
        let Some(Row { id, team_id, quarter, why, at, by_id, by_name }) = row else { return Ok(None) };
        let shares = shares(tx, id).await?;
        Ok(Some(SharePlan { id, team_id, quarter, why, at, by_id, by_name, shares }))
    }
}

async fn shares(tx: &mut Tx<'_>, plan: Id<SharePlan>) -> Result<Vec<Share>> {
    let select = sql!(
        "select share_id, name, percent from planned_shares
          where workspace_id = $1 and plan_id = $2 order by position"
    );
    let shares: Vec<(Id<Share>, String, i64)> = tx.all(select, args![tx.workspace(), plan]).await?;
    let labels = sql!(
        "select r.share_id, l.label_id, l.name from share_labels r
           join work_public_labels l on l.workspace_id = r.workspace_id and l.label_id = r.label_id
          where r.workspace_id = $1 and r.plan_id = $2 order by lower(l.name), l.label_id"
    );
    let mut labels: Vec<(Id<Share>, Id<Label>, String)> = tx.all(labels, args![tx.workspace(), plan]).await?;
    let projects = sql!(
        "select r.share_id, p.id, p.name from share_projects r
           join projects p on p.workspace_id = r.workspace_id and p.id = r.project_id
          where r.workspace_id = $1 and r.plan_id = $2 order by lower(p.name), p.id"
    );
    let mut projects: Vec<(Id<Share>, Id<kernel::Project>, String)> =
        tx.all(projects, args![tx.workspace(), plan]).await?;
    let whole = |(id, name, percent)| Share {
        labels: labels.extract_if(.., |(of, ..)| *of == id).map(|(_, id, name)| Named { id, name }).collect(),
        projects: projects.extract_if(.., |(of, ..)| *of == id).map(|(_, id, name)| Named { id, name }).collect(),
        id,
        name,
        percent,
    };
    Ok(shares.into_iter().map(whole).collect())
}
