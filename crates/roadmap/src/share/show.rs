use super::{
    Actual, Done, Reach, Share, SharePlan,
    actual::{Marks, Unit, actual, share_of},
    plan::Label,
};
use crate::{held::HELD, period::Period};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, list, sql};
use people::{access, person::Named};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The shares of a team in a quarter: what is planned beside what was finished so far.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowShares {
    pub team: Id<Team>,
    /// Such as 2026-Q4; the current one, if left out.
    #[serde(default)]
    pub quarter: Option<Period>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Shares {
    pub team_id: Id<Team>,
    pub team_name: String,
    pub quarter: Period,
    /// The first and the last day, in UTC.
    pub from: Date,
    pub to: Date,
    /// The quarter goes on.
    pub so_far: bool,
    /// Whose rules hold: that of the quarter, else the last before it.
    pub plan: Option<SharePlan>,
    /// What the actual shares are measured in: issues, or the team's estimates where four of five issues have one.
    pub unit: Unit,
    pub finished: usize,
    pub estimated: usize,
    /// Each share and, last, what no rule matches.
    pub shares: Vec<Actual>,
    /// The first of what no rule matches.
    pub unmatched: Vec<Done>,
    /// Issues with labels of several shares, which count to the first.
    pub several: usize,
    /// What a rule can name: labels of the team and of everyone, and projects of the team.
    pub labels: Vec<Named<Label>>,
    pub projects: Vec<Named<kernel::Project>>,
    pub may_set: bool,
}

const MOST_SHOWN: usize = 20;
const MOST_CHOICES: i64 = 300;

impl Operation for ShowShares {
    const NAME: &str = "shares.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/shares");
    const READS: bool = true;
    type Target = Reach;
    type Output = Shares;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Reach) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<Shares> {
        let today = access::today(tx);
        let quarter = is_quarter(self.quarter.unwrap_or(Period::quarter_of(today)))?;
        let plan = SharePlan::of(tx, self.team, quarter).await?;
        let shares: &[Share] = plan.as_ref().map(|plan| plan.shares.as_slice()).unwrap_or_default();
        let done = done(tx, self.team, quarter).await?;
        let marks = marks(tx, self.team, quarter, shares).await?;
        let placed: Vec<(Option<usize>, bool)> =
            done.iter().map(|one| share_of(one.issue_id, &marks, shares)).collect();
        let places: Vec<Option<usize>> = placed.iter().map(|(place, _)| *place).collect();
        let estimates = sql!("select estimates from work_public_teams where workspace_id = $1 and team_id = $2");
        let estimates: Option<String> = tx.find(estimates, args![tx.workspace(), self.team]).await?;
        let unit = Unit::of(estimates.as_deref(), &done);
        let planned = plan.as_ref().is_some_and(|plan| plan.quarter == quarter);
        Ok(Shares {
            team_id: self.team,
            team_name: reach.team.name,
            from: quarter.first(),
            to: quarter.last(),
            so_far: today <= quarter.last(),
            unit,
            finished: done.len(),
            estimated: done.iter().filter(|one| one.estimate.is_some()).count(),
            shares: actual(shares, planned, &done, &places, unit),
            unmatched: first_unmatched(&done, &places),
            several: placed.iter().filter(|(_, several)| *several).count(),
            labels: labels(tx, self.team).await?,
            projects: projects(tx, self.team).await?,
            may_set: reach.may_set,
            quarter,
            plan,
        })
    }
}

pub(super) fn is_quarter(period: Period) -> Result<Period> {
    match period {
        Period::Quarter(_) => Ok(period),
        _ => Err(Error::invalid("quarter", "Write a quarter, such as 2026-Q4.")),
    }
}

fn first_unmatched(done: &[Done], places: &[Option<usize>]) -> Vec<Done> {
    let none = done.iter().zip(places).filter(|(_, place)| place.is_none());
    none.map(|(one, _)| one.clone()).take(MOST_SHOWN).collect()
}

/// From when to when, the end left out.
fn span(quarter: Period) -> Result<(Time, Time)> {
    let at = |day: Date| Ok(Time(day.to_zoned(TimeZone::UTC).map_err(Error::internal)?.timestamp().as_microsecond()));
    Ok((at(quarter.first())?, at(quarter.last().saturating_add(jiff::Span::new().days(1)))?))
}

async fn done(tx: &mut Tx<'_>, team: Id<Team>, quarter: Period) -> Result<Vec<Done>> {
    let select = sql!(
        "select i.issue_id, i.team_key || '-' || cast(i.number as text) as key, i.title, e.estimate
           from work_public_items i
           join work_public_estimates e on e.workspace_id = i.workspace_id and e.issue_id = i.issue_id
          where i.workspace_id = $1 and i.team_id = $2 and i.category = 'done' and i.leaf
            and i.finished_at >= $3 and i.finished_at < $4
          order by i.finished_at desc, i.issue_id"
    );
    let (from, to) = span(quarter)?;
    tx.all(select, args![tx.workspace(), team, from, to]).await
}

async fn marks(tx: &mut Tx<'_>, team: Id<Team>, quarter: Period, shares: &[Share]) -> Result<Marks> {
    let (from, to) = span(quarter)?;
    let labels = sql!(
        "select l.issue_id, l.label_id from work_public_issue_labels l
           join work_public_items i on i.workspace_id = l.workspace_id and i.issue_id = l.issue_id
          where l.workspace_id = $1 and l.label_id in (select value from json_each(cast($2 as text)))
            and i.team_id = $3 and i.category = 'done' and i.finished_at >= $4 and i.finished_at < $5"
    );
    let named = list(shares.iter().flat_map(|share| &share.labels).map(|label| label.id));
    let labels: Vec<_> = tx.all(labels, args![tx.workspace(), named, team, from, to]).await?;
    let projects = sql!(
        HELD,
        "select h.issue_id, h.project_id from held h
           join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
          where i.team_id = $3 and i.category = 'done' and i.finished_at >= $4 and i.finished_at < $5"
    );
    let named = list(shares.iter().flat_map(|share| &share.projects).map(|project| project.id));
    let projects: Vec<_> = tx.all(projects, args![tx.workspace(), named, team, from, to]).await?;
    Ok(Marks { labels: labels.into_iter().collect(), projects: projects.into_iter().collect() })
}

async fn labels(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Named<Label>>> {
    let select = sql!(
        "select label_id, name from work_public_labels
          where workspace_id = $1 and not archived and (team_id is null or team_id = $2)
          order by lower(name), label_id limit $3"
    );
    let rows: Vec<(Id<Label>, String)> = tx.all(select, args![tx.workspace(), team, MOST_CHOICES]).await?;
    Ok(rows.into_iter().map(|(id, name)| Named { id, name }).collect())
}

async fn projects(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Named<kernel::Project>>> {
    let select = sql!(
        "select p.id, p.name from projects p
           join project_teams t on t.workspace_id = p.workspace_id and t.project_id = p.id
          where p.workspace_id = $1 and t.team_id = $2 and p.state in ('planned', 'started', 'paused', 'done')
          order by lower(p.name), p.id limit $3"
    );
    let rows: Vec<(Id<kernel::Project>, String)> = tx.all(select, args![tx.workspace(), team, MOST_CHOICES]).await?;
    Ok(rows.into_iter().map(|(id, name)| Named { id, name }).collect())
}
