//! Limits on proving who one is. They slide: nobody is locked out for good, and strangers who try passwords from
//! elsewhere do not lock out someone whose browser has signed in before.
use super::secret;
use kernel::{Error, Id, Result, Time, Tx, args, sql};
use std::time::Duration;

pub const WINDOW: Duration = Duration::from_secs(15 * 60);
pub const PER_ACCOUNT: i64 = 10;
pub const PER_ADDRESS: i64 = 40;

pub enum Attempt {}

/// The attempts that come from one network.
pub fn from_address(address: &str) -> String {
    secret::hash(&format!("address {address}"))
}

/// Counts one attempt against `subject`, or says in how many seconds the next one may be made.
pub async fn count(tx: &mut Tx<'_>, subject: &str, most: i64) -> Result<Id<Attempt>> {
    let since = tx.now() - WINDOW;
    let select = sql!("select count(*), min(at) from attempts where workspace_id = $1 and subject = $2 and at > $3");
    let (made, oldest): (i64, Option<Time>) = tx.one(select, args![tx.workspace(), subject, since]).await?;
    if made >= most {
        let free_at = oldest.unwrap_or(tx.now()) + WINDOW;
        return Err(Error::TooMany(((free_at.0 - tx.now().0) / 1_000_000).max(1)));
    }
    let id: Id<Attempt> = tx.id();
    let insert = sql!("insert into attempts (workspace_id, id, subject, at) values ($1, $2, $3, $4)");
    let (workspace, now) = (tx.workspace(), tx.now());
    tx.run(insert, args![workspace, id, subject, now]).await?;
    Ok(id)
}

/// Takes back one attempt that turned out well: an office shares an address, and its people sign in at nine.
pub async fn take_back(tx: &mut Tx<'_>, attempt: Id<Attempt>) -> Result<()> {
    let delete = sql!("delete from attempts where workspace_id = $1 and id = $2");
    tx.run(delete, args![tx.workspace(), attempt]).await?;
    Ok(())
}

/// After a success nothing counts against the subject any more; what is past the window is dropped along with it.
pub async fn forget(tx: &mut Tx<'_>, subject: &str) -> Result<()> {
    let since = tx.now() - WINDOW;
    let delete = sql!("delete from attempts where workspace_id = $1 and (subject = $2 or at <= $3)");
    tx.run(delete, args![tx.workspace(), subject, since]).await?;
    Ok(())
}
