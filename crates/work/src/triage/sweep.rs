//! Whoever has the turn is asked once to look, with the time by which that was promised for what is due first.
use super::{
    Triage, promise,
    rota::Rota,
    show::{Waiting, waiting},
};
use kernel::{
    Due, Id, Job, JobKind, Later, NewAsk, Person, Reference, Result, Run, Schedule, Silence, Time, Tx, Verb, args,
    json, sql,
};
use people::team::Record;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "triage.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "triage.sweep", every: Duration::from_secs(5 * 60) };

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            "select t.team_id, t.zone, t.from_others, t.first_on, t.asked_id, t.asked_due from triages t
              where t.workspace_id = $1
                and (t.asked_id is not null
                     or exists (select 1 from issues i where i.workspace_id = t.workspace_id and i.team_id = t.team_id
                                   and i.category = 'triage' and i.deleted_at is null))
              order by t.team_id"
        );
        let teams: Vec<Triage> = tx.all(select, args![tx.workspace()]).await?;
        for triage in teams {
            look(tx, &triage).await?;
        }
        Ok(())
    })
}

/// Asks whoever has the turn, again if something came that is due sooner, and takes it back when nothing waits.
async fn look(tx: &mut Tx<'_>, triage: &Triage) -> Result<()> {
    let rota = Rota::load(tx, triage).await?;
    let Some(holder) = rota.holder(rota.this_week()) else { return settle(tx, triage).await };
    note(tx, triage, &rota, holder.person).await?;
    let promises = promise::of(tx, triage.team_id).await?;
    let now = tx.now();
    let all = waiting(tx, triage.team_id, &rota, &promises).await?;
    let waits: Vec<&Waiting> = all.iter().filter(|one| one.waits_from <= now).collect();
    if waits.is_empty() {
        return settle(tx, triage).await;
    }
    let first = waits.iter().filter_map(|one| one.due_at).min();
    let sooner = match (first, triage.asked_due) {
        (Some(first), Some(asked)) => first < asked,
        (Some(_), None) => true,
        (None, _) => false,
    };
    if triage.asked_id == Some(holder.person) && !sooner {
        return Ok(());
    }
    if triage.asked_id.is_some() {
        // Jobs of one moment run in any order, so the new ask comes when the old one has ended.
        tx.want(JOB.name, triage.team_id.to_string(), json!({}), now + Duration::from_secs(1));
        return settle(tx, triage).await;
    }
    ask(tx, triage, holder.person, waits.len(), first).await
}

/// Who has the turn stands, once the week has begun.
async fn note(tx: &mut Tx<'_>, triage: &Triage, rota: &Rota, person: Id<Person>) -> Result<()> {
    let upsert = sql!(
        "insert into triage_turns (workspace_id, team_id, week_on, person_id) values ($1, $2, $3, $4)
         on conflict (workspace_id, team_id, week_on) do update set person_id = excluded.person_id
          where triage_turns.given_by is null"
    );
    tx.run(upsert, args![tx.workspace(), triage.team_id, rota.this_week(), person]).await.map(drop)
}

async fn ask(tx: &mut Tx<'_>, triage: &Triage, person: Id<Person>, count: usize, first: Option<Time>) -> Result<()> {
    let team = Record::visible(tx, triage.team_id).await?;
    let what = if count == 1 { "one issue".to_owned() } else { format!("{count} issues") };
    tx.ask(&NewAsk {
        to: vec![person],
        from: None,
        verb: Verb::Review,
        subject: format!("Triage of {}: look at {what}", team.name),
        about: Some(Reference::to("triage", triage.team_id)),
        due: first.map(Due::Moment),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })?;
    let due = first.unwrap_or(Time(i64::MAX));
    let update = sql!("update triages set asked_id = $3, asked_due = $4 where workspace_id = $1 and team_id = $2");
    tx.run(update, args![tx.workspace(), triage.team_id, person, due]).await.map(drop)
}

async fn settle(tx: &mut Tx<'_>, triage: &Triage) -> Result<()> {
    if triage.asked_id.is_none() {
        return Ok(());
    }
    tx.settle_asks(&Reference::to("triage", triage.team_id), None);
    let update = sql!("update triages set asked_id = null, asked_due = null where workspace_id = $1 and team_id = $2");
    tx.run(update, args![tx.workspace(), triage.team_id]).await.map(drop)
}
