//! What was known of each commitment, day by day, and the log of its chance, week by week.
use super::{
    Commitment, Ending, SELECT,
    chance::{Moved, moved, outcome},
    stand::{Known, Part, Stand},
};
use crate::{
    answer::days_until,
    log::{Entry, nothing_logged, score::millionths},
};
use jiff::{ToSpan, civil::Date};
use kernel::{Error, Id, Job, JobKind, Later, Result, Run, Tx, args, columns, json, sql};
use people::access::today;
use serde::{Deserialize, Serialize};

pub const JOB: JobKind = JobKind { name: "commitment.snapshot", run: Run::Inside(snapshot_job) };

/// A chance is compared with that of this many days before, or with the oldest one that is known.
const COMPARED: i64 = 7;

/// What is stored with a chance.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Stored {
    pub stand: Option<Stand>,
    pub moved: Option<Moved>,
    /// Why there is no chance, in a sentence.
    pub refused: Option<String>,
}

struct Before {
    chance: f64,
    known: String,
}
columns!(Before { chance, known });

fn snapshot_job<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let id = job.args["commitment"].as_str().unwrap_or_default().parse()?;
        let commitment = Commitment::visible(tx, id).await?;
        keep(tx, &commitment).await
    })
}

/// Asks for a snapshot of each commitment that is open or has logged chances without an outcome.
pub async fn want_snapshots(tx: &mut Tx<'_>) -> Result<()> {
    let now = tx.now();
    for commitment in unsettled(tx).await? {
        let id = commitment.id.to_string();
        tx.want_once("commitment.snapshot", id.clone(), json!({ "commitment": id }), now);
    }
    Ok(())
}

/// Takes them at once.
pub async fn snapshot_all(tx: &mut Tx<'_>) -> Result<()> {
    for commitment in unsettled(tx).await? {
        keep(tx, &commitment).await?;
    }
    Ok(())
}

async fn unsettled(tx: &mut Tx<'_>) -> Result<Vec<Commitment>> {
    let select = sql!(
        SELECT,
        "where c.workspace_id = $1 and (c.ending is null or exists (
           select 1 from issued_forecasts f
             left join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
            where f.workspace_id = c.workspace_id and f.commitment_id = c.id and o.forecast_id is null))
          order by c.id"
    );
    tx.all(select, args![tx.workspace()]).await
}

async fn keep(tx: &mut Tx<'_>, commitment: &Commitment) -> Result<()> {
    settle(tx, commitment).await?;
    if commitment.ending.is_some() {
        return Ok(());
    }
    match snapshot(tx, commitment).await? {
        Some((known, chance)) => log(tx, commitment, &known, chance).await,
        None => Ok(()),
    }
}

/// Computes the chance of a commitment and stores it as that of today; with what it was computed from, if there is one.
pub async fn snapshot(tx: &mut Tx<'_>, commitment: &Commitment) -> Result<Option<(Known, f64)>> {
    let parts = Part::all_of(tx, commitment.id).await?;
    let today = today(tx);
    let before = before(tx, commitment, today).await?;
    let stand = before.as_ref().map(|(_, stand)| stand);
    let found = Known::of(tx, commitment, &parts, stand).await?;
    let (chance, likely) = found.as_ref().map_or((0.0, None), outcome);
    let chance = millionths(chance);
    let stored = match &found {
        Err(refused) => Stored { refused: Some(refused.clone()), ..Stored::default() },
        Ok(known) => Stored {
            stand: Some(known.stand.clone()),
            moved: before.map(|(from, stand)| moved(known, commitment.team_id, &stand, from, chance)),
            refused: None,
        },
    };
    let upsert = sql!(
        "insert into commitment_snapshots (workspace_id, commitment_id, on_date, chance, likely_on, known)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, commitment_id, on_date) do update
            set chance = excluded.chance, likely_on = excluded.likely_on, known = excluded.known"
    );
    let text = serde_json::to_string(&stored).map_err(Error::internal)?;
    tx.run(upsert, args![tx.workspace(), commitment.id, today, chance, likely, text]).await?;
    Ok(found.ok().map(|known| (known, chance)))
}

/// The chance and the stand of a week ago, or of the oldest day that is known.
async fn before(tx: &mut Tx<'_>, commitment: &Commitment, today: Date) -> Result<Option<(f64, Stand)>> {
    let select = sql!(
        "select chance, known from commitment_snapshots
          where workspace_id = $1 and commitment_id = $2 and on_date < $3
          order by case when on_date <= $4 then 0 else 1 end, case when on_date <= $4 then on_date end desc, on_date
          limit 1"
    );
    let week = today.saturating_sub(COMPARED.days());
    let before: Option<Before> = tx.find(select, args![tx.workspace(), commitment.id, today, week]).await?;
    let Some(before) = before else { return Ok(None) };
    let stored: Stored = serde_json::from_str(&before.known).map_err(Error::internal)?;
    Ok(stored.stand.map(|stand| (before.chance, stand)))
}

/// Logs the chance, unless that was done in the week before.
async fn log(tx: &mut Tx<'_>, commitment: &Commitment, known: &Known, chance: f64) -> Result<()> {
    let as_of = known.stand.as_of;
    let Ok(days) = days_until(as_of, commitment.promised_on) else { return Ok(()) };
    let since = as_of.saturating_sub(COMPARED.days());
    if !nothing_logged(tx, commitment.id, since).await? {
        return Ok(());
    }
    if let Some(outlook) = known.outlook(commitment.team_id) {
        Entry::promise(outlook, commitment.id, days, chance).log(tx, commitment.team_id, false).await?;
    }
    Ok(())
}

struct Promise {
    id: String,
    as_of: Date,
    days: i64,
}
columns!(Promise { id, as_of, days });

/// Says what came of the logged chances of a commitment that was kept or whose date has passed. What was dropped has no
/// outcome.
async fn settle(tx: &mut Tx<'_>, commitment: &Commitment) -> Result<()> {
    if commitment.ending == Some(Ending::Dropped) {
        return Ok(());
    }
    let open = sql!(
        "select f.id, f.as_of, f.days from issued_forecasts f
           left join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and f.commitment_id = $2 and o.forecast_id is null"
    );
    let open: Vec<Promise> = tx.all(open, args![tx.workspace(), commitment.id]).await?;
    let (today, now) = (today(tx), tx.now());
    let insert = sql!(
        "insert into forecast_outcomes (workspace_id, forecast_id, resolved_at, outcome, held) values ($1, $2, $3, $4, $5)"
    );
    for promise in open {
        let after = crate::capacity::day(promise.as_of, usize::try_from(promise.days).unwrap_or(0));
        let kept = commitment.ending == Some(Ending::Kept) && commitment.ended_on.is_some_and(|day| day < after);
        if kept || today >= after || commitment.ending == Some(Ending::Missed) {
            let outcome = i64::from(kept);
            tx.run(insert, args![tx.workspace(), promise.id, now, outcome, outcome]).await?;
        }
    }
    Ok(())
}

/// The newest of what is stored, for the page of a commitment.
pub async fn newest(tx: &mut Tx<'_>, commitment: Id<Commitment>) -> Result<Vec<Day>> {
    let select = sql!(
        "select on_date, chance, known from commitment_snapshots
          where workspace_id = $1 and commitment_id = $2 order by on_date desc limit 120"
    );
    tx.all(select, args![tx.workspace(), commitment]).await
}

/// What is stored of a day.
pub struct Day {
    pub on_date: Date,
    pub chance: f64,
    pub known: String,
}
columns!(Day { on_date, chance, known });

impl Day {
    /// Whether there was no chance on this day; zero stands in its place.
    pub fn refused(&self) -> bool {
        let stored = || serde_json::from_str::<Stored>(&self.known);
        self.chance == 0.0 && stored().is_ok_and(|stored| stored.refused.is_some())
    }
}
