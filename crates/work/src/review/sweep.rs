//! When the time is over, a review ends.
use super::{Review, advance::advance};
use kernel::{Id, Job, JobKind, Later, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "sprint_review.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "sprint_review.sweep", every: Duration::from_secs(60) };

const MOST: i64 = 50;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select id from sprint_reviews where workspace_id = $1 and ended_at is null and ends_at <= $2
              order by ends_at, id limit $3"
        );
        let now = tx.now();
        let over: Vec<Id<Review>> = tx.all(select, args![tx.workspace(), now, MOST]).await?;
        for round in over {
            advance(tx, round).await?;
        }
        Ok(())
    })
}
