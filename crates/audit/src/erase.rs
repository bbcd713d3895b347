use crate::seal::seal;
use kernel::{Error, Event, Id, Result, Tx, args, json, sql};

/// Drops what an event said, for good. That it happened, when, by whom and about what stays, and the chain still holds:
/// it was made from a commitment that nobody can tell the content from without the salt, which goes as well.
///
/// The erasure is an event of its own; content that is missing without one counts as tampering. Erasing twice is the
/// same as once. `NotFound` when the workspace has no such event.
pub async fn erase(tx: &mut Tx<'_>, event: Id<Event>) -> Result<()> {
    let exists = sql!("select 1 from events where workspace_id = $1 and id = $2");
    if !tx.exists(exists, args![tx.workspace(), event]).await? {
        return Err(Error::NotFound);
    }
    seal_first(tx, event).await?;
    let drop = sql!(
        "update events set data = null, salt = null
          where workspace_id = $1 and id = $2 and (data is not null or salt is not null)"
    );
    if tx.run(drop, args![tx.workspace(), event]).await? > 0 {
        tx.record("event.erased", event, json!({}));
    }
    Ok(())
}

/// What is erased can no longer be sealed, so an event that still waits is sealed now.
async fn seal_first(tx: &mut Tx<'_>, event: Id<Event>) -> Result<()> {
    let waits = sql!("select 1 from unsealed_events where workspace_id = $1 and event_id = $2");
    while tx.exists(waits, args![tx.workspace(), event]).await? {
        if seal(tx).await? == 0 {
            return Err(Error::internal(format!("event {event} waits to be sealed and cannot be")));
        }
    }
    Ok(())
}
