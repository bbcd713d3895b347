//! What has served its time: drafts to which nobody came back.
use kernel::{Job, JobKind, Later, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "draft.forget", run: Run::Inside(forget) };
pub const SCHEDULE: Schedule = Schedule { kind: JOB.name, every: DAY };

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A draft is kept for so long after it was last changed.
const DRAFTS_KEPT: Duration = Duration::from_secs(90 * 24 * 3600);

fn forget<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let drafts = sql!("delete from drafts where workspace_id = $1 and saved_at < $2");
        let (workspace, before) = (tx.workspace(), tx.now() - DRAFTS_KEPT);
        tx.run(drafts, args![workspace, before]).await?;
        Ok(())
    })
}
