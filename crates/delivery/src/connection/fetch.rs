//! The job of a connection: one request each time, and what it told stored together with what is to be asked next.
use super::{
    Connection, Row, State,
    answer::{Asked, MOST, Outcome, Quota, quota},
    app, begin, go_on,
    plan::{Answered, Step, follow, is_open},
    progress::{self, Tally},
    server, take, want,
};
use crate::sealed::CONNECTION;
use kernel::{
    Error, Fetch, Id, Job, JobKind, Json, Later, Outside, Result, Run, Schedule, Time, Tx, args, columns, sql,
};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

pub const JOB: JobKind = JobKind { name: "connection.fetch", run: Run::Outside { prepare, act, record } };
/// Begins the look of each night, and goes on where no job was left.
pub const WAKE: JobKind = JobKind { name: "connection.wake", run: Run::Inside(wake) };
pub const SCHEDULE: Schedule = Schedule { kind: "connection.wake", every: Duration::from_secs(60) };

const NIGHT: Duration = Duration::from_secs(24 * 3600);
/// An answer that cannot be stored after so many attempts is left.
const PATIENCE: i64 = 5;

/// A request and what came of it.
#[derive(Serialize, Deserialize)]
struct Heard {
    address: String,
    step: Step,
    outcome: Outcome,
    quota: Option<Quota>,
    /// Microseconds.
    took: i64,
}

fn id(job: &Job) -> Result<Id<Connection>> {
    serde_json::from_value(job.args["connection"].clone()).map_err(Error::internal)
}

struct Waiting {
    address: String,
    step: Step,
    etag: Option<String>,
}
columns!(Waiting { address, step, etag });

fn prepare<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let Some(row) = Row::find(tx, id(job)?).await? else { return Ok(None) };
        if row.state != State::Reading || row.wait_until.is_some_and(|until| until > tx.now()) {
            return Ok(None);
        }
        let select = sql!(
            "select address, step, etag from connection_requests
              where workspace_id = $1 and connection_id = $2 and state = 'waiting' order by rank, wanted_at, address limit 1"
        );
        let Some(Waiting { address, step, etag }) = tx.find(select, args![tx.workspace(), row.id]).await? else {
            return Ok(None);
        };
        let token = CONNECTION.open(tx, row.id, &row.token);
        let (app, now) = (row.app(), tx.now());
        let Row { system, server, login, path, .. } = row;
        let asked = Asked { system, server, login, app, path, address, step, etag, token, now };
        serde_json::to_value(asked).map(Some).map_err(Error::internal)
    })
}

fn act<'a>(outside: &'a dyn Outside, asked: Json) -> Later<'a, Json> {
    Box::pin(async move {
        let mut asked: Asked = serde_json::from_value(asked).map_err(Error::internal)?;
        let start = Instant::now();
        let (outcome, quota) = ask(outside, &mut asked).await;
        let took = start.elapsed().as_micros() as i64;
        let Asked { address, step, .. } = asked;
        serde_json::to_value(Heard { address, step, outcome, quota, took }).map_err(Error::internal)
    })
}

async fn ask(outside: &dyn Outside, asked: &mut Asked) -> (Outcome, Option<Quota>) {
    let Some(secret) = asked.token.take() else {
        let sealed = "The token was sealed with another `root.key` than the one of this server. Give it once more.";
        return (Outcome::Stop(sealed.to_owned()), None);
    };
    let mut fetched = Err(Error::NotFound);
    // The token of an app may end before its time, so one that is refused is replaced once.
    for anew in [false, true] {
        let token = match &asked.app {
            Some(app) => app::token(outside, asked, app, &secret, anew).await,
            None => Ok(secret.clone()),
        };
        match token {
            Ok(token) => asked.token = Some(token),
            Err(outcome) => return (outcome, None),
        }
        fetched = outside.fetch(request(asked)).await;
        if asked.app.is_none() || fetched.as_ref().is_ok_and(|fetched| fetched.status != 401) {
            break;
        }
    }
    let quota = fetched.as_ref().ok().and_then(quota);
    (asked.outcome(fetched), quota)
}

fn request(asked: &Asked) -> Fetch {
    let mut headers = vec![("user-agent", "cairn".to_owned())];
    headers.extend(asked.etag.clone().map(|etag| ("if-none-match", etag)));
    headers.extend(asked.system.headers(&asked.login, asked.token.as_deref().unwrap_or_default()));
    let url = format!("{}{}", server::api(asked.system, &asked.server), asked.address);
    Fetch { url, headers, body: None, most: MOST }
}

fn record<'a>(tx: &'a mut Tx<'_>, job: &'a Job, heard: Json) -> Later<'a, ()> {
    Box::pin(async move {
        let Heard { address, step, outcome, quota, took } = serde_json::from_value(heard).map_err(Error::internal)?;
        let Some(row) = Row::find(tx, id(job)?).await? else { return Ok(()) };
        let mut tally = Tally::of(quota, took);
        match outcome {
            Outcome::Told { .. } if job.attempts > PATIENCE => {
                progress::leave(tx, row.id, &address, "It could not be stored.").await?;
            }
            Outcome::Told { documents, etag, next } => {
                let (from, now) = (row.from(), tx.now());
                let answered =
                    Answered { step, address: &address, documents: &documents, next: next.as_deref(), from, now };
                want(tx, row.id, &follow(row.system, &answered)).await?;
                take::projects(tx, &row, &answered).await?;
                tally.records = take::records(tx, &row, &answered).await?;
                let open = is_open(row.system, &answered);
                progress::done(tx, row.id, &address, open, etag, next).await?;
            }
            Outcome::Unchanged => {
                tally.unchanged = 1;
                let next = progress::unchanged(tx, row.id, &address).await?;
                want(tx, row.id, &step.after_unchanged(next)).await?;
            }
            Outcome::Pause { until, seconds } => {
                let after = tx.now() + Duration::from_secs(seconds.unsigned_abs());
                tally.wait(
                    until.filter(|until| *until > tx.now()).unwrap_or(after),
                    format!("{} asks to wait.", server::host(&row.server)),
                );
            }
            Outcome::Again { sentence, answered } => {
                if tally.again(tx.now(), &row, sentence) && answered && !step.is_root() {
                    progress::leave(tx, row.id, &address, &tally.give_up()).await?;
                }
            }
            Outcome::Leave(sentence) => progress::leave(tx, row.id, &address, &sentence).await?,
            Outcome::Stop(sentence) => tally.stop(sentence),
        }
        tally.keep(tx, &row).await
    })
}

struct Idle {
    id: Id<Connection>,
    state: State,
    began_at: Time,
    wait_until: Option<Time>,
}
columns!(Idle { id, state, began_at, wait_until });

fn wake<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select id, state, began_at, wait_until from connections
              where workspace_id = $1 and removed_at is null and state in ('reading', 'done') order by id"
        );
        let idle: Vec<Idle> = tx.all(select, args![tx.workspace()]).await?;
        let now = tx.now();
        for one in idle {
            match one.state {
                State::Done if one.began_at + NIGHT <= now => begin(tx, one.id).await?,
                State::Reading if one.wait_until.is_none_or(|until| until <= now) => go_on(tx, one.id, now),
                _ => {}
            }
        }
        Ok(())
    })
}
