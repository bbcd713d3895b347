//! Looks for changes, a team at a time, at night.
use super::series::{Found, WEEK, WEEKS, changes, level, of_builds, of_pulls, rests_on};
use crate::{
    build::ended,
    code::{FEWEST, Span},
    pipeline::Reach,
    repository::may_keep,
    review::{members, pair, read},
};
use kernel::{
    Actor, Error, Id, Job, JobKind, Later, Method::Post, Operation, Result, Route, Run, Schedule, Team, Time, Tx, args,
    json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::HashSet, time::Duration};

pub const JOB: JobKind = JobKind { name: "delivery.find_signals", run: Run::Inside(look) };
/// Asks for a look at each team that has a repository.
pub const WAKE: JobKind = JobKind { name: "delivery.find_all_signals", run: Run::Inside(wake) };
pub const SCHEDULE: Schedule = Schedule { kind: WAKE.name, every: Duration::from_secs(24 * 3600) };

/// Look for changes in how a team delivers, and keep what is clear in place of what was before. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct FindSignals {
    pub team: Id<Team>,
}

impl Operation for FindSignals {
    const NAME: &str = "delivery.find_signals";
    const ROUTE: Route = Route(Post, "/teams/{team}/signals");
    type Target = Reach;
    /// How many there are.
    type Output = usize;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        Reach::of(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Reach) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, reach: Reach) -> Result<usize> {
        let found = find(tx, self.team, &reach).await?;
        let delete = sql!("delete from delivery_signals where workspace_id = $1 and team_id = $2");
        tx.run(delete, args![tx.workspace(), self.team]).await?;
        let insert = sql!(
            "insert into delivery_signals (workspace_id, team_id, series, tone, sentence, basis, chance, since, found_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        for one in &found {
            let Found { series, tone, sentence, basis, since, .. } = one;
            let (chance, now) = ((one.p * 1_000.0).ceil() as i64, tx.now());
            tx.run(insert, args![tx.workspace(), self.team, series, tone, sentence, basis, chance, since, now]).await?;
        }
        Ok(found.len())
    }
}

/// What is clear. What is said of pull requests needs three people behind them.
async fn find(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach) -> Result<Vec<Found>> {
    let now = tx.now();
    let from = Time(now.0 - WEEKS as i64 * WEEK);
    let all = read(tx, &reach.repositories, Some(from), false).await?;
    let authors: HashSet<String> = all.iter().flat_map(|(_, facts)| facts.authors_since(from)).collect();
    let mut series = if authors.len() >= FEWEST { of_pulls(&all, now) } else { Vec::new() };
    series.extend(of_builds(&ended(tx, reach, from).await?, now));
    let mut found = changes(&series, now);
    if let Some(lately) = Span::Quarter.from(now) {
        let members = members(tx, team, now).await?.into_keys();
        found.extend(pair(&all, members, (lately, now), level()).map(|pair| rests_on(pair, lately)));
    }
    Ok(found)
}

fn look<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let team: Id<Team> = serde_json::from_value(job.args["team"].clone()).map_err(Error::internal)?;
        let find = FindSignals { team };
        let reach = match find.target(tx).await {
            Err(Error::NotFound) => return Ok(()),
            reach => reach?,
        };
        find.run(tx, reach).await.map(|_| ())
    })
}

fn wake<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!("select distinct team_id from repositories where workspace_id = $1 and team_id is not null");
        let teams: Vec<Id<Team>> = tx.all(select, args![tx.workspace()]).await?;
        for team in teams {
            tx.want_once(JOB.name, format!("signals {team}"), json!({ "team": team }), tx.now());
        }
        Ok(())
    })
}
