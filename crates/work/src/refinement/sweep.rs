//! When the time of a round is over, what was estimated shows.
use super::{Refinement, SELECT, estimate::ask_to_settle};
use kernel::{Job, JobKind, Later, Reference, Run, Schedule, Tx, args, sql};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "refinement.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "refinement.sweep", every: Duration::from_secs(60) };

const MOST: i64 = 50;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            SELECT,
            "where r.workspace_id = $1 and r.ended_at is null and r.ends_at <= $2
                and exists (select 1 from refinement_items i
                             where i.workspace_id = r.workspace_id and i.refinement_id = r.id and i.revealed_at is null)
              order by r.ends_at, r.id limit $3"
        );
        let now = tx.now();
        let over: Vec<Refinement> = tx.all(select, args![tx.workspace(), now, MOST]).await?;
        for round in over {
            let reveal = sql!(
                "update refinement_items set revealed_at = $3
                  where workspace_id = $1 and refinement_id = $2 and revealed_at is null"
            );
            tx.run(reveal, args![tx.workspace(), round.id, now]).await?;
            tx.settle_asks(&Reference::to("refinement", round.id), None);
            ask_to_settle(tx, &round)?;
            tx.touch(round.id.to_string());
        }
        Ok(())
    })
}
