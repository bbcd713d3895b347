//! What would have been forecast along the history of a team, with the capacity that was known then, and what came.
use super::{HORIZONS, LEVELS, issue::plain, score, stated};
use crate::{capacity::Past, history::Finished};
use jiff::{ToSpan, civil::Date};
use kernel::{Bind, Id, Result, Team, Tx, Value, Workspace, args, sql};

/// The first origin lies so many days after the first finish; origins lie a week apart, and as many are looked at.
const FIRST: i64 = 56;
const MOST_ORIGINS: i64 = 104;

/// One forecast that would have been made, with what is stored of it.
struct Tried {
    as_of: Date,
    days: i64,
    outcome: i64,
    held: i64,
    plain_held: i64,
    crps: f64,
    plain_crps: f64,
    width: f64,
    plain_width: f64,
}

/// Replaces the back-test of a team, unless it was made from this history.
pub(super) async fn backtest(tx: &mut Tx<'_>, team: Id<Team>, finished: &Finished) -> Result<()> {
    let digest = finished.digest(&[]);
    let made = sql!("select 1 from backtested_histories where workspace_id = $1 and team_id = $2 and digest = $3");
    if tx.exists(made, args![tx.workspace(), team, digest]).await? {
        return Ok(());
    }
    let clear = sql!("delete from backtests where workspace_id = $1 and team_id = $2");
    tx.run(clear, args![tx.workspace(), team]).await?;
    let earliest = finished.as_of.saturating_sub((MOST_ORIGINS * 7).days());
    let capacity = Past::of(tx, team, earliest, finished.as_of).await?;
    store(tx, team, &tried(finished, &capacity)).await?;
    let upsert = sql!(
        "insert into backtested_histories (workspace_id, team_id, digest, made_at) values ($1, $2, $3, $4)
         on conflict (workspace_id, team_id) do update set digest = excluded.digest, made_at = excluded.made_at"
    );
    tx.run(upsert, args![tx.workspace(), team, digest, tx.now()]).await?;
    Ok(())
}

async fn store(tx: &mut Tx<'_>, team: Id<Team>, tried: &[Tried]) -> Result<()> {
    let insert = sql!(
        "insert into backtests (workspace_id, team_id, as_of, days, outcome, held, plain_held, crps, plain_crps, width, plain_width)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    let workspace = tx.workspace();
    let rows: Vec<Vec<Value<'_>>> = tried.iter().map(|one| one.row(&workspace, &team)).collect();
    tx.run_many(insert, &rows).await?;
    Ok(())
}

fn tried(finished: &Finished, capacity: &Past) -> Vec<Tried> {
    let (Ok(forecaster), Some(first)) = (finished.forecaster(), finished.days.keys().next()) else { return Vec::new() };
    let Some(history) = finished.history() else { return Vec::new() };
    let earliest = first.saturating_add(FIRST.days());
    let origins = (1..=MOST_ORIGINS).map(|weeks| finished.as_of.saturating_sub((weeks * 7).days()));
    let mut all = Vec::new();
    for as_of in origins.take_while(|as_of| *as_of >= earliest) {
        let Ok(forecast) = forecaster.at(as_of) else { break };
        let forecast = forecast.with_capacity(&capacity.coming(as_of));
        for days in HORIZONS {
            let end = crate::capacity::day(as_of, days);
            if end > finished.as_of {
                continue;
            }
            let levels: Vec<u64> = (0..LEVELS).map(|level| forecast.at_least(stated(level), days)).collect();
            all.extend(Tried::of(finished, as_of, days, &levels, &plain(&history, as_of, days)));
        }
    }
    all
}

impl Tried {
    fn row<'a>(&'a self, workspace: &'a Id<Workspace>, team: &'a Id<Team>) -> Vec<Value<'a>> {
        let whole = [&self.days, &self.outcome, &self.held, &self.plain_held].map(Bind::bind);
        let real = [&self.crps, &self.plain_crps, &self.width, &self.plain_width].map(Bind::bind);
        [&[workspace.bind(), team.bind(), self.as_of.bind()][..], &whole, &real].concat()
    }

    fn of(finished: &Finished, as_of: Date, days: usize, levels: &[u64], plain: &[u64]) -> Option<Tried> {
        let outcome = finished.within(as_of, crate::capacity::day(as_of, days));
        let (ours, plain) = (score::counts(levels, outcome)?, score::counts(plain, outcome)?);
        Some(Tried {
            as_of,
            days: days as i64,
            outcome: outcome as i64,
            held: ours.held,
            plain_held: plain.held,
            crps: ours.crps,
            plain_crps: plain.crps,
            width: ours.width,
            plain_width: plain.width,
        })
    }
}
