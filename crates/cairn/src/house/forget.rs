use kernel::{Job, Later, Tx, args, sql};
use std::time::Duration;

const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 3600);
const MAILS_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

/// Drops what has served its time: answers kept for repeated requests, and letters that were written 90 days ago, also those that could not be sent.
pub fn forget<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let now = tx.now();
        let answers = sql!("delete from idempotency_keys where workspace_id = $1 and created_at < $2");
        tx.run(answers, args![job.workspace, now - ANSWERS_KEPT]).await?;
        let mails = sql!("delete from mails where workspace_id = $1 and created_at < $2");
        tx.run(mails, args![job.workspace, now - MAILS_KEPT]).await?;
        Ok(())
    })
}
