use crate::{Id, Json, Later, Outside, Time, Tx, Workspace};
use std::time::Duration;

/// A row of the queue: something that is to be done after the commit that asked for it.
#[derive(Clone, Debug)]
pub struct Job {
    pub workspace: Id<Workspace>,
    pub id: Id<Job>,
    /// The [`JobKind`] or [`Subscriber`](crate::Subscriber) that runs it.
    pub kind: String,
    /// What it is about. Jobs of one subject run one after the other.
    pub subject: String,
    pub args: Json,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// A job that an operation asks for. It is saved with the operation or not at all.
#[derive(Clone, Debug)]
pub struct WantedJob {
    /// Of the machine's clock: ids sort in the order in which jobs were wanted, also where the program's clock stands still.
    pub id: Id<Job>,
    pub kind: &'static str,
    pub subject: String,
    pub args: Json,
    pub run_at: Time,
    /// While a job with this key waits, another one with it is not added.
    pub dedupe: Option<String>,
}

/// A kind of job, and how it is done.
pub struct JobKind {
    /// Stable: it is stored with the waiting jobs.
    pub name: &'static str,
    pub run: Run,
}

/// Work inside the database is one step; work outside of it is three, so that no transaction waits for the world.
#[derive(Clone, Copy)]
pub enum Run {
    Inside(for<'a> fn(&'a mut Tx<'_>, &'a Job) -> Later<'a, ()>),
    Outside { prepare: Prepare, act: Act, record: Record },
}

/// Reads what the act needs; `None` when there is nothing left to do.
pub type Prepare = for<'a> fn(&'a mut Tx<'_>, &'a Job) -> Later<'a, Option<Json>>;
/// Does it, and says what came of it. It may happen twice if the process dies before the record.
pub type Act = for<'a> fn(&'a dyn Outside, Json) -> Later<'a, Json>;
/// Saves what came of it, together with the end of the job.
pub type Record = for<'a> fn(&'a mut Tx<'_>, &'a Job, Json) -> Later<'a, ()>;

/// A job that Cairn asks for by itself, again and again, once per workspace.
pub struct Schedule {
    pub kind: &'static str,
    pub every: Duration,
}
