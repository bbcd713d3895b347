//! When the time of a phase is over, a round moves on.
use super::{Planning, PlanningPhase, advance::advance};
use kernel::{Id, Job, JobKind, Later, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "planning.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "planning.sweep", every: Duration::from_secs(60) };

const MOST: i64 = 50;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select id from plannings
              where workspace_id = $1 and ended_at is null and ends_at <= $2 and phase in ($3, $4)
              order by ends_at, id limit $5"
        );
        let (now, [first, second]) = (tx.now(), [PlanningPhase::Proposals, PlanningPhase::Objections]);
        let over: Vec<Id<Planning>> = tx.all(select, args![tx.workspace(), now, first, second, MOST]).await?;
        for round in over {
            advance(tx, round).await?;
        }
        Ok(())
    })
}
