//! Notes that their author gave an end are dropped once it has come.
use kernel::{Job, JobKind, Later, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "note.expire", run: Run::Inside(expire) };
pub const SCHEDULE: Schedule = Schedule { kind: "note.expire", every: Duration::from_secs(3600) };

fn expire<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let delete = sql!("delete from sealed_notes where workspace_id = $1 and expires_at <= $2");
        let now = tx.now();
        tx.run(delete, args![tx.workspace(), now]).await?;
        Ok(())
    })
}
