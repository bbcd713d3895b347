//! Doors for the webhooks of code hosts, build servers and incident systems. What comes through one is verified on its raw
//! bytes, acknowledged when it is stored, and applied by a job, so that no sender waits and nothing is lost or done twice.
mod add;
mod apply;
mod list;
mod page;
mod receive;
mod rotate;
mod verify;

pub use add::{AddHook, Opened};
pub use apply::{JOB, SCHEDULE, SWEEP};
pub use list::{Delivery, Hook, ListHooks};
pub use page::pages;
pub use receive::{Door, LARGEST, find, keep};
pub use rotate::{RemoveHook, RetryDeliveries, RotateHook};
pub use verify::{Headers, Secrets};

use kernel::{Id, Result, Tx, args, sql, words};

words! {
    /// How far a delivery is.
    pub enum State {
        Waiting = "waiting",
        Applied = "applied",
        Failed = "failed",
    }
}

/// `NotFound` unless the door stands and the actor may keep repositories.
async fn standing(tx: &mut Tx<'_>, hook: Id<Hook>) -> Result<()> {
    let select = sql!("select id from hooks where workspace_id = $1 and id = $2 and removed_at is null and $3");
    let keeps = crate::repository::may_keep(tx.actor());
    tx.one::<String>(select, args![tx.workspace(), hook, keeps]).await.map(|_| ())
}

#[cfg(test)]
mod tests;
