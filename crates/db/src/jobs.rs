//! Takes jobs from the outbox and runs them. A claim is a lease with an end: a process that dies loses its claim, and a
//! process that is late finds that the job is no longer its own.
use crate::{Db, outbox};
use futures_util::future::join_all;
use kernel::{
    Actor, App, Conn, Done, Id, Job, Later, Mode, Outside, Result, Row, Schedule, Store, Time, WantedJob, Work,
    Workspace, args, json, list, sql,
};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

const AT_ONCE: i64 = 32;
const LEASE: Duration = Duration::from_secs(60);
/// The truth is in the table; wake-ups only make it quick.
const POLL: Duration = Duration::from_secs(1);
/// After this many attempts (about two days with the growing pauses) a job is left for a person to look at.
const ATTEMPTS: i64 = 20;

pub async fn work_forever(db: Arc<Db>, app: App, outside: Arc<dyn Outside>) {
    loop {
        let tried = match ask_for_scheduled(&db, &app).await {
            Ok(()) => drain(&db, &app, &*outside).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &tried {
            tracing::error!(%error, "the queue of jobs cannot be read");
        }
        if !matches!(tried, Ok(1..)) {
            let _ = tokio::time::timeout(POLL, db.wake().here.notified()).await;
        }
    }
}

/// Runs what is due, and returns how many jobs it tried. Jobs about one subject run one after the other, in the order in
/// which they were wanted, as a later one may rest on an earlier one; different subjects run side by side, so that their
/// commits share a trip to the disk.
pub async fn drain(db: &Arc<Db>, app: &App, outside: &dyn Outside) -> Result<usize> {
    let lease = Id::<Job>::new().to_string();
    let claim = Claim { nobody: nobody(), lease: lease.clone(), now: app.clock.now() };
    let jobs: Vec<Job> = queue(db, claim).await?;
    let tried = jobs.len();
    let mut subjects: BTreeMap<String, Vec<Job>> = BTreeMap::new();
    for job in jobs {
        subjects.entry(job.subject.clone()).or_default().push(job);
    }
    let runs = subjects.into_values().map(|jobs| async {
        for job in jobs {
            run(db, app, outside, job, lease.clone()).await;
        }
    });
    join_all(runs).await;
    Ok(tried)
}

async fn run(db: &Db, app: &App, outside: &dyn Outside, job: Job, lease: String) {
    let (workspace, id, attempts, kind) = (job.workspace, job.id, job.attempts, job.kind.clone());
    let Err(error) = app.run_job(job, lease.clone(), outside).await else { return };
    tracing::warn!(kind, attempts, %error, "a job failed");
    let now = app.clock.now();
    let put_back = PutBack { actor: Actor::system(workspace), id, lease, attempts, error: error.to_string(), now };
    if let Err(error) = queue::<()>(db, put_back).await {
        tracing::warn!(kind, %error, "a failed job could not be put back; its lease ends by itself");
    }
}

/// Asks for the jobs that Cairn does by itself, each once per interval and workspace however many servers ask.
pub async fn ask_for_scheduled(db: &Arc<Db>, app: &App) -> Result<()> {
    let schedules = app.parts.iter().flat_map(|part| part.schedules).collect();
    queue(db, Ask { nobody: nobody(), schedules, now: app.clock.now() }).await
}

async fn queue<T: 'static>(db: &Db, work: impl Work + 'static) -> Result<T> {
    let output = db.transact(Box::new(work)).await?;
    Ok(*output.downcast().expect("work on the queue answers with the type that its caller asked for"))
}

fn nobody() -> Actor {
    Actor::system(Id::from_u128(0))
}

struct Claim {
    nobody: Actor,
    lease: String,
    now: Time,
}

impl Work for Claim {
    fn mode(&self) -> Mode {
        Mode::Queue
    }

    fn actor(&self) -> &Actor {
        &self.nobody
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move {
            let claim = sql!(
                postgres: "update jobs set lease = $1, leased_until = $2, attempts = attempts + 1
                    where (workspace_id, id) in (select workspace_id, id from jobs
                           where died_at is null and run_at <= $3 and (leased_until is null or leased_until < $3)
                           order by run_at, id limit $4 for update skip locked)
                    returning workspace_id, id, kind, subject, args, attempts",
                sqlite: "update jobs set lease = $1, leased_until = $2, attempts = attempts + 1
                    where rowid in (select rowid from jobs
                           where died_at is null and run_at <= $3 and (leased_until is null or leased_until < $3)
                           order by run_at, id limit $4)
                    returning workspace_id, id, kind, subject, args, attempts",
            );
            let mut jobs = Vec::new();
            conn.query(claim, args![self.lease, self.now + LEASE, self.now, AT_ONCE], &mut |row| {
                jobs.push(job(row)?);
                Ok(())
            })
            .await?;
            // Neither engine gives back rows in an order; ids are in the order in which the jobs were wanted.
            jobs.sort_unstable_by_key(|job: &Job| job.id);
            Ok(outbox::nothing(Box::new(jobs)))
        })
    }
}

/// Gives a failed job back for later, or up for good.
struct PutBack {
    actor: Actor,
    id: Id<Job>,
    lease: String,
    attempts: i64,
    error: String,
    now: Time,
}

impl Work for PutBack {
    fn mode(&self) -> Mode {
        Mode::Queue
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move {
            let sql = sql!(
                "update jobs set lease = null, leased_until = null, run_at = $4, error = $5, died_at = $6
                  where workspace_id = $1 and id = $2 and lease = $3"
            );
            let again = self.now + Duration::from_millis(100 << self.attempts.clamp(0, 17));
            let died_at = (self.attempts >= ATTEMPTS).then_some(self.now);
            let workspace = self.actor.workspace;
            conn.query(sql, args![workspace, self.id, self.lease, again, self.error, died_at], &mut |_| Ok(())).await?;
            Ok(outbox::nothing(Box::new(())))
        })
    }
}

struct Ask {
    nobody: Actor,
    schedules: Vec<&'static Schedule>,
    now: Time,
}

impl Work for Ask {
    fn mode(&self) -> Mode {
        Mode::Queue
    }

    fn actor(&self) -> &Actor {
        &self.nobody
    }

    /// The waiting job is its own reminder: it is asked for again, one interval ahead, as soon as it has run.
    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move {
            let missing = sql!(
                "select w.id, k.value as kind from workspaces w cross join json_each(cast($1 as text)) k
                  where not exists (select 1 from jobs j where j.workspace_id = w.id and j.dedupe = k.value)"
            );
            let mut wanted: Vec<(Id<Workspace>, String)> = Vec::new();
            let kinds = list(self.schedules.iter().map(|schedule| schedule.kind));
            conn.query(missing, args![kinds], &mut |row| {
                wanted.push((row.get("id")?, row.get("kind")?));
                Ok(())
            })
            .await?;
            for (workspace, kind) in &wanted {
                let Some(Schedule { kind, every }) = self.schedules.iter().find(|one| one.kind == kind) else {
                    continue;
                };
                let (subject, run_at) = (kind.to_string(), self.now + *every);
                let dedupe = Some(subject.clone());
                let job = WantedJob { id: Id::new(), kind, subject, args: json!({}), run_at, dedupe };
                let insert = outbox::insert_job(&Actor::system(*workspace), &job);
                conn.query(insert.sql, &insert.args(), &mut |_| Ok(())).await?;
            }
            Ok(outbox::nothing(Box::new(())))
        })
    }
}

fn job(row: &Row<'_>) -> Result<Job> {
    let args: String = row.get("args")?;
    Ok(Job {
        workspace: row.get("workspace_id")?,
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        args: args.parse().map_err(kernel::Error::internal)?,
        attempts: row.get("attempts")?,
    })
}
