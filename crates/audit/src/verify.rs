//! Reads a whole history and compares it with its seals and with every checkpoint.
mod read;
mod walk;

use crate::{Reason, Verdict, note::VerifierKey};
use kernel::{Actor, App, Id, Result, Workspace};
use read::{PAGE, ReadEvents, ReadLost, ReadSeals};
use std::time::Duration;
use walk::Walk;

/// An event that has waited longer than this for its seal is late.
const PATIENCE: Duration = Duration::from_secs(3600);

/// Checks the history of one workspace, in pages, so that memory does not grow with it.
///
/// `keys` are the verifier keys of this server, older ones included; `given` are the texts of files with checkpoints
/// from outside, as they were mailed or published. A given text is `Invalid` at `checkpoint` when it is not a note of
/// this workspace that one of the keys has signed: that says nothing about the history.
///
/// Only a given checkpoint reveals that somebody rewrote the chain from some event on, together with all that is stored.
pub async fn verify(app: &App, workspace: Id<Workspace>, keys: &[VerifierKey], given: &[String]) -> Result<Verdict> {
    let system = Actor::system(workspace);
    let mut walk = Walk::new(workspace, keys, given)?;
    loop {
        let page = app.call(&system, ReadSeals { from: walk.next_from() }).await?;
        if let Err(found) = walk.page(&page) {
            return Ok(found);
        }
        if !page.more {
            break;
        }
    }
    if let Err(found) = walk.end() {
        return Ok(found);
    }
    if let Some(event) = app.call(&system, ReadLost {}).await? {
        return Ok(broken(event, Reason::GoneBeforeSeal));
    }
    let waiting = match waiting(app, &system).await? {
        Ok(waiting) => waiting,
        Err(found) => return Ok(found),
    };
    let Walk { size, head, checkpoints, erased, .. } = walk;
    let Waiting { unsealed, late } = waiting;
    Ok(Verdict::Sound { size, head: head.to_string(), checkpoints, erased, unsealed, late })
}

#[derive(Default)]
struct Waiting {
    unsealed: u64,
    late: u64,
}

/// Looks at every event, as the walk along the chain does not meet those that have no seal.
async fn waiting(app: &App, system: &Actor) -> Result<Result<Waiting, Verdict>> {
    let overdue = app.clock.now() - PATIENCE;
    let (mut counts, mut after) = (Waiting::default(), String::new());
    loop {
        let events = app.call(system, ReadEvents { after }).await?;
        for event in &events {
            let reason = match (event.sealed, event.waits, event.whole) {
                (true, false, _) => continue,
                (false, true, true) => {
                    counts.unsealed += 1;
                    counts.late += u64::from(event.at < overdue);
                    continue;
                }
                (false, true, false) => Reason::ContentGoneBeforeSeal,
                (false, false, _) => Reason::NeverSealed,
                (true, true, _) => Reason::SealedTwice,
            };
            return Ok(Err(broken(event.id.clone(), reason)));
        }
        match events.last() {
            Some(last) if events.len() as i64 == PAGE => after = last.id.clone(),
            _ => return Ok(Ok(counts)),
        }
    }
}

fn broken(event: String, reason: Reason) -> Verdict {
    Verdict::Broken { position: None, event: Some(event), reason }
}
