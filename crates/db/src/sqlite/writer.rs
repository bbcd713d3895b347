//! Group commit: the operations that wait run one after the other in one transaction, each in a savepoint; one commit,
//! one fsync, then all are answered. Nobody waits for others to come: while the disk works, the next batch gathers.
use super::{Output, Wanted, conn::Lite};
use crate::{Topic, outbox, wake::Wake};
use crossbeam_channel::Receiver;
use kernel::{Error, Mode, Result, Work, finish_now};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A batch ends here, so that the first in it is not kept waiting by those who came later.
const MOST: usize = 256;
const LONGEST: Duration = Duration::from_millis(2);

/// What is to be said once the batch is committed.
#[derive(Default)]
struct Batch {
    answers: Vec<(oneshot::Sender<Result<Output>>, Result<Output>)>,
    jobs: bool,
    topics: Vec<Topic>,
}

pub fn run(mut lite: Lite, wanted: &Receiver<Wanted>, wake: &Wake) {
    while let Ok(first) = wanted.recv() {
        let mut batch = Batch::default();
        let saved = fill(&mut batch, &mut lite, first, wanted).and_then(|()| lite.control("commit"));
        if saved.is_err() && lite.in_transaction() {
            let _ = lite.control("rollback"); // the next `begin immediate` fails, and says so, if this did
        }
        for (answer, result) in batch.answers {
            let result = if saved.is_ok() { result } else { result.and_then(|_| Err(refused())) };
            let _ = answer.send(result); // the caller may have gone; what was saved stays saved
        }
        if saved.is_ok() {
            wake.saved(batch.jobs, batch.topics);
        }
    }
}

fn fill(batch: &mut Batch, lite: &mut Lite, first: Wanted, wanted: &Receiver<Wanted>) -> Result<()> {
    let start = Instant::now();
    let mut begun = lite.control("begin immediate");
    let mut next = Some(first);
    while let Some(Wanted { work, answer }) = next {
        if answer.is_closed() {
            // The caller left while the operation waited: nothing has happened yet, and nothing will.
        } else if begun.is_err() {
            batch.answers.push((answer, Err(refused())));
        } else {
            let result = in_savepoint(batch, lite, &*work);
            batch.answers.push((answer, result));
            if !lite.in_transaction() {
                begun = Err(refused()); // a full disk or an I/O error: SQLite gave up the whole transaction
            }
        }
        let more = begun.is_ok() && batch.answers.len() < MOST && start.elapsed() < LONGEST;
        next = if more { wanted.try_recv().ok() } else { None };
    }
    begun
}

/// Only what fails is undone; the operations before and after it are not touched.
fn in_savepoint(batch: &mut Batch, lite: &mut Lite, work: &dyn Work) -> Result<Output> {
    lite.control("savepoint operation")?;
    lite.reading = work.mode() == Mode::Read;
    let result = finish_now(work.run(lite)).and_then(|done| {
        for insert in outbox::inserts(work.actor(), &done) {
            lite.execute(insert.sql, &insert.args(), &mut |_| Ok(()))?;
        }
        batch.jobs |= !done.jobs.is_empty();
        batch.topics.extend(outbox::topics(work.actor(), &done));
        Ok(done.output)
    });
    let undone = if result.is_err() { lite.control("rollback to operation") } else { Ok(()) };
    if undone.and_then(|()| lite.control("release operation")).is_err() && lite.in_transaction() {
        lite.control("rollback")?; // what cannot be undone alone must not be saved with the others
    }
    result
}

fn refused() -> Error {
    Error::Busy("The disk refused to save; nothing changed.".into())
}
