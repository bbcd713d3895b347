//! What became of the asks about promises: an answer keeps the promise, and one that was declined comes back.
use super::{Promise, PromiseState, SELECT, change};
use crate::one_on_one::topic;
use kernel::{Id, Job, Person, Result, Tx, args, sql};

/// The promise that an ask is about, and the state of the ask.
async fn about(tx: &mut Tx<'_>, job: &Job) -> Result<Option<(Promise, String)>> {
    let select = sql!(
        "select about_id, state from asks_public_asks
          where workspace_id = $1 and id = $2 and about_kind = 'promise' and about_id is not null"
    );
    let found: Option<(Id<Promise>, String)> = tx.find(select, args![tx.workspace(), job.subject]).await?;
    let Some((promise, state)) = found else { return Ok(None) };
    let promise = tx.find(sql!(SELECT, "where workspace_id = $1 and id = $2"), args![tx.workspace(), promise]).await?;
    Ok(promise.map(|promise| (promise, state)))
}

/// The pages of the two look again. The event of the ask was told already, so there is no other.
fn touch(tx: &mut Tx<'_>, promise: &Promise) {
    tx.touch(promise.one_on_one_id.to_string());
    for person in [promise.owner_id, promise.other_id] as [Id<Person>; 2] {
        tx.touch(topic(person));
    }
}

pub(crate) async fn done(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    ended(tx, job, "done", PromiseState::Kept).await
}

/// Whoever the promise was made to does not want it any more.
pub(crate) async fn withdrawn(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    ended(tx, job, "withdrawn", PromiseState::Released).await
}

async fn ended(tx: &mut Tx<'_>, job: &Job, wanted: &str, to: PromiseState) -> Result<()> {
    if let Some((promise, state)) = about(tx, job).await?
        && promise.state == PromiseState::Open
        && state == wanted
    {
        change::end(tx, &promise, to, "").await?;
        touch(tx, &promise);
    }
    Ok(())
}

/// It stays a promise, and is asked for again when the two have talked.
pub(crate) async fn declined(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    if let Some((promise, state)) = about(tx, job).await?
        && state == "declined"
    {
        let update = sql!("update promises set asked = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), promise.id, false]).await?;
        touch(tx, &promise);
    }
    Ok(())
}

pub(crate) async fn reopened(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    if let Some((promise, state)) = about(tx, job).await?
        && state == "open"
    {
        change::open(tx, &promise).await?;
        touch(tx, &promise);
    }
    Ok(())
}
