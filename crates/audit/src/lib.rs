//! A history that nobody can change unseen. Every event is sealed into a hash chain ([`chain`]); every few minutes the
//! chain's head is signed ([`checkpoint`], [`note`]) and leaves the machine; [`verify`] compares what is stored with
//! the seals and with the checkpoints that others hold.
//!
//! What it promises: whoever controls the server and its key can rewrite what happened after the last checkpoint that
//! someone else holds, and nothing before it.
pub mod chain;
pub mod checkpoint;
mod erase;
pub mod note;
mod publish;
mod seal;
mod verdict;
mod verify;

use kernel::{JobKind, Part, Run, Schedule};
use std::time::Duration;

pub use erase::erase;
pub use seal::{BATCH, seal};
pub use verdict::{Reason, Verdict};
pub use verify::verify;

pub static PART: Part = Part {
    jobs: &[
        JobKind { name: seal::KIND, run: Run::Inside(seal::run) },
        JobKind {
            name: publish::KIND,
            run: Run::Outside { prepare: publish::prepare, act: publish::act, record: publish::record },
        },
    ],
    schedules: &[
        Schedule { kind: seal::KIND, every: Duration::from_secs(5) },
        Schedule { kind: publish::KIND, every: Duration::from_secs(600) },
    ],
    ..Part::named("audit")
};
