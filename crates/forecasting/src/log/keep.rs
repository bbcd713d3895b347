//! What Cairn does by itself: it issues a forecast of every team each week, scores those whose time has come, and
//! forecasts the past of a history that is new.
use super::{backtest::backtest, issue, score, score::Score, sprint};
use crate::{
    commitment,
    history::{Finished, Known},
    outlook::Outlook,
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id, Job, JobKind, Later, Method::Post, Operation, Result, Route, Run, Schedule, Subscriber, Team, Tx,
    args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

pub const DAILY: JobKind = JobKind { name: "forecast.daily", run: Run::Inside(daily) };
pub const KEEP: JobKind = JobKind { name: "forecast.keep", run: Run::Inside(keep) };
pub const SCHEDULE: Schedule = Schedule { kind: "forecast.daily", every: Duration::from_secs(6 * 3600) };
pub const SUBSCRIBERS: &[Subscriber] = &[
    Subscriber { name: "forecasting.history_changed", pattern: "history.*", run: daily },
    Subscriber { name: "forecasting.repository_changed", pattern: "repository.*", run: daily },
];

/// The teams of which anything is known to be finished.
async fn teams_with_history(tx: &mut Tx<'_>) -> Result<Vec<Id<Team>>> {
    let select = sql!(
        "select team_id from finish_imports where workspace_id = $1 and removed_at is null
          union select team_id from delivery_public_reads where workspace_id = $1
          union select team_id from work_public_teams where workspace_id = $1"
    );
    tx.all(select, args![tx.workspace()]).await
}

fn daily<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let now = tx.now();
        for team in teams_with_history(tx).await? {
            tx.want_once("forecast.keep", team.to_string(), json!({ "team": team }), now);
        }
        commitment::want_snapshots(tx).await
    })
}

fn keep<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let team = job.args["team"].as_str().unwrap_or_default().parse()?;
        match keep_log(tx, team).await? {
            Some(outlook) => backtest(tx, team, &outlook.finished).await,
            None => Ok(()),
        }
    })
}

/// Scores and issues; with the outlook that was issued from, if there is one.
async fn keep_log(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Option<Outlook>> {
    let known = Known::of(tx, team).await?;
    for finished in &known.kinds {
        score_of(tx, team, finished).await?;
    }
    sprint::keep(tx, team, &known).await?;
    let Ok(outlook) = Outlook::of(tx, team, &Default::default()).await? else { return Ok(None) };
    issue::weekly(tx, team, &outlook).await?;
    Ok(Some(outlook))
}

/// A forecast in the log that has no outcome yet.
struct Open {
    id: String,
    question: String,
    as_of: Date,
    days: i64,
    items: Option<i64>,
    levels: String,
    plain_levels: String,
}
columns!(Open { id, question, as_of, days, items, levels, plain_levels });

async fn score_of(tx: &mut Tx<'_>, team: Id<Team>, finished: &Finished) -> Result<()> {
    let open = sql!(
        "select f.id, f.question, f.as_of, f.days, f.items, f.levels, f.plain_levels from issued_forecasts f
           left join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and f.team_id = $2 and f.kind = $3 and f.question in ('count', 'date') and o.forecast_id is null
          order by f.as_of, f.id"
    );
    let open: Vec<Open> = tx.all(open, args![tx.workspace(), team, finished.kind]).await?;
    for one in open {
        match one.question.as_str() {
            "count" => one.score_count(tx, finished).await?,
            _ => one.score_date(tx, finished).await?,
        }
    }
    Ok(())
}

impl Open {
    async fn score_count(&self, tx: &mut Tx<'_>, finished: &Finished) -> Result<()> {
        let end = crate::capacity::day(self.as_of, usize::try_from(self.days).unwrap_or(0));
        let outcome = finished.within(self.as_of, end);
        let ours = score::counts(&read(&self.levels)?, outcome).filter(|_| end <= finished.as_of);
        let Some(ours) = ours else { return Ok(()) };
        let plain = score::counts(&read(&self.plain_levels)?, outcome);
        settle(tx, &self.id, outcome, ours, plain).await
    }

    /// It is known when the items are done, or when even the last stated day has passed without.
    async fn score_date(&self, tx: &mut Tx<'_>, finished: &Finished) -> Result<()> {
        let levels = read(&self.levels)?;
        let wanted = u64::try_from(self.items.unwrap_or(0)).unwrap_or(0);
        let last = levels.last().copied().unwrap_or(0);
        let mut counted = 0;
        let reached = finished.days.range(self.as_of..finished.as_of).find_map(|(date, count)| {
            counted += u64::from(*count);
            (counted >= wanted).then(|| u64::try_from((*date - self.as_of).get_days() + 1).unwrap_or(0))
        });
        let passed = u64::try_from((finished.as_of - self.as_of).get_days()).unwrap_or(0) >= last;
        if reached.is_none() && !passed {
            return Ok(());
        }
        let (now, held, days) = (tx.now(), score::days(&levels, reached), reached.map(|days| days as i64));
        let insert = sql!(
            "insert into forecast_outcomes (workspace_id, forecast_id, resolved_at, outcome, held) values ($1, $2, $3, $4, $5)"
        );
        tx.run(insert, args![tx.workspace(), self.id, now, days, held]).await?;
        Ok(())
    }
}

/// Adds what came of a forecast of a number.
pub(super) async fn settle(tx: &mut Tx<'_>, id: &str, outcome: u64, ours: Score, plain: Option<Score>) -> Result<()> {
    let insert = sql!(
        "insert into forecast_outcomes
                (workspace_id, forecast_id, resolved_at, outcome, held, plain_held, crps, plain_crps, width, plain_width)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let (workspace, now, outcome) = (tx.workspace(), tx.now(), outcome as i64);
    let (held, crps, width) = (plain.map(|one| one.held), plain.map(|one| one.crps), plain.map(|one| one.width));
    let values = args![workspace, id, now, outcome, ours.held, held, ours.crps, crps, ours.width, width];
    tx.run(insert, values).await?;
    Ok(())
}

fn read(levels: &str) -> Result<Vec<u64>> {
    serde_json::from_str(levels).map_err(Error::internal)
}

/// Does what Cairn would have done by now with the forecasts of a past that is entered only now. That past is not
/// forecast again: a job does so after the import.
#[derive(Deserialize, JsonSchema)]
pub struct KeepPast {}

impl Operation for KeepPast {
    const NAME: &str = "forecast.keep_past";
    const ROUTE: Route = Route(Post, "/forecasts/past");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        for team in teams_with_history(tx).await? {
            keep_log(tx, team).await?;
        }
        commitment::snapshot_all(tx).await
    }
}
