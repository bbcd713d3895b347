//! Asks the owners how their projects stand, at the rhythm that each project has.
use super::{DAY, reference};
use crate::project::Project;
use kernel::{
    Due, Id, Job, JobKind, Later, NewAsk, Person, Result, Run, Schedule, Silence, Tx, Verb, args, columns, sql,
};
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "roadmap.ask", run: Run::Inside(ask) };
pub const SCHEDULE: Schedule = Schedule { kind: "roadmap.ask", every: Duration::from_secs(3600) };

struct Silent {
    id: Id<kernel::Project>,
    name: String,
    owner_id: Id<Person>,
}
columns!(Silent { id, name, owner_id });

/// What one run does.
const MOST: i64 = 200;
/// Working days in which the owner is to answer.
const TO_ANSWER: u32 = 2;

fn ask<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(ask_owners(tx))
}

/// Of each project that is started, has an owner with an account, and of which nothing was said for as long as its rhythm.
/// Whoever is asked already is not asked twice.
async fn ask_owners(tx: &mut Tx<'_>) -> Result<()> {
    let select = sql!(
        "select p.id, p.name, p.owner_id from projects p
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.owner_id and a.disabled_at is null
          where p.workspace_id = $1 and p.state = 'started' and p.rhythm_weeks is not null
            and p.created_at + p.rhythm_weeks * 7 * $2 <= $3
            and (p.asked_at is null or exists (
                 select 1 from health_updates s
                  where s.workspace_id = p.workspace_id and s.project_id = p.id and s.at >= p.asked_at))
            and not exists (select 1 from health_updates u
                             where u.workspace_id = p.workspace_id and u.project_id = p.id
                               and u.at + p.rhythm_weeks * 7 * $2 > $3)
          order by p.id limit $4"
    );
    let now = tx.now();
    let silent: Vec<Silent> = tx.all(select, args![tx.workspace(), DAY, now, MOST]).await?;
    for one in silent {
        let asked = sql!("update projects set asked_at = $3 where workspace_id = $1 and id = $2");
        tx.run(asked, args![tx.workspace(), one.id, now]).await?;
        tx.ask(&NewAsk {
            to: vec![one.owner_id],
            from: None,
            verb: Verb::Answer,
            subject: format!("How does {} stand?", one.name),
            about: Some(reference(one.id)),
            due: Some(Due::Days(TO_ANSWER)),
            silence: Silence::Nothing,
            escalate_to: None,
            urgent: false,
        })?;
    }
    Ok(())
}

/// Takes back what the owner is asked, who may be asked again as soon as it goes on.
pub(crate) async fn ask_no_longer(tx: &mut Tx<'_>, project: &Project) -> Result<()> {
    let update = sql!("update projects set asked_at = null where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), project.id]).await?;
    tx.settle_asks(&reference(project.id), project.owner_id);
    Ok(())
}
