//! Dates that ended with the reporting line, of which the calendars still hold an invitation.
use super::{Meeting, invitation};
use kernel::{Id, Job, JobKind, Later, Person, Run, Schedule, Tx, args, columns, sql};
use people::access::today;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "one_on_one.call_off", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "one_on_one.call_off", every: Duration::from_secs(600) };

struct Over {
    id: Id<Meeting>,
    lead_id: Id<Person>,
    other_id: Id<Person>,
}
columns!(Over { id, lead_id, other_id });

/// A line may end on a date that was set long before, so it is looked for and not told by an event.
fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select distinct m.id, o.lead_id, o.other_id from one_on_one_invitations i
               join one_on_one_meetings m on m.workspace_id = i.workspace_id and m.id = i.meeting_id
               join one_on_ones o on o.workspace_id = m.workspace_id and o.id = m.one_on_one_id
              where i.workspace_id = $1 and not i.cancelled and i.revision = m.revision and m.state = 'open'
                and m.starts_at > $2 and o.ended_at is null and o.kind = 'report'
                and not exists (select 1 from manager_lines l
                     where l.workspace_id = o.workspace_id and l.person_id = o.other_id and l.manager_id = o.lead_id and",
            people::holds!("l", "$3"),
            ") order by m.id limit 100"
        );
        let (now, today) = (tx.now(), today(tx));
        let over: Vec<Over> = tx.all(select, args![tx.workspace(), now, today]).await?;
        for Over { id, lead_id, other_id } in over {
            invitation::called_off(tx, id, [lead_id, other_id]).await?;
        }
        Ok(())
    })
}
