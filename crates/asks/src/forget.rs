//! Letters that have served their time, and what was written back.
use crate::reply::A_MONTH;
use kernel::{Job, JobKind, Later, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "letter.forget", run: Run::Inside(forget) };
pub const SCHEDULE: Schedule = Schedule { kind: JOB.name, every: DAY };

const DAY: Duration = Duration::from_secs(24 * 3600);
/// For so long the link in a letter ends further ones.
const LETTERS_KEPT: Duration = Duration::from_secs(180 * 24 * 3600);

/// A message is remembered for as long as its letter can be answered, so that it never counts twice.
fn forget<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let (workspace, now) = (tx.workspace(), tx.now());
        let replies = sql!(
            "delete from mail_replies where workspace_id = $1
                and letter_id in (select id from ask_letters where workspace_id = $1 and sent_at < $2)"
        );
        tx.run(replies, args![workspace, now - A_MONTH]).await?;
        let letters = sql!("delete from ask_letters where workspace_id = $1 and sent_at < $2");
        tx.run(letters, args![workspace, now - LETTERS_KEPT]).await?;
        Ok(())
    })
}
