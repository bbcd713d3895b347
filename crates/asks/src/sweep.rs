//! What time itself does to asks: it ends those whose silence has a meaning, and sends the letters that are due.
use crate::{
    ask::{Ask, Draft, SELECT, State, end, raise},
    delivery::{announce, begin_for_new},
};
use kernel::{Id, Job, JobKind, Later, Person, Result, Run, Schedule, Silence, Tx, args, json, sql};
use people::access::actor_of;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "ask.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "ask.sweep", every: Duration::from_secs(60) };

/// What one run does of each; the next run follows at once while there is more.
pub(crate) const MOST: i64 = 200;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let lapsed = lapse(tx).await?;
        let announced = announcements(tx).await?;
        let begun = begin_for_new(tx, MOST).await?;
        let digests = digests(tx).await?;
        if [lapsed, announced, begun, digests].contains(&(MOST as usize)) {
            let now = tx.now();
            tx.want_once("ask.sweep", "ask.sweep.soon", json!({}), now);
        }
        Ok(())
    })
}

/// Asks whose due time has passed and whose silence means something.
pub(crate) async fn lapse(tx: &mut Tx<'_>) -> Result<usize> {
    let select = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.due_at <= $2 and a.state = 'open' and a.silence <> 'nothing'
          order by a.due_at, a.id limit $3"
    );
    let due: Vec<Ask> = tx.all(select, args![tx.workspace(), tx.now(), MOST]).await?;
    let found = due.len();
    for ask in end(tx, due, State::Lapsed, "").await? {
        if let (Silence::Escalate, Some(next)) = (ask.silence, ask.escalate_to) {
            escalate(tx, &ask, next).await?;
        }
    }
    Ok(found)
}

/// Asks the next one, who has to see what it is about; otherwise whoever asked hears that nobody answered.
async fn escalate(tx: &mut Tx<'_>, ask: &Ask, next: Id<Person>) -> Result<()> {
    let Some(actor) = actor_of(tx, next).await? else { return Ok(()) };
    let about = ask.about();
    if let Some(about) = &about
        && tx.card_for(&actor, about).await.is_err()
    {
        return Ok(());
    }
    let note = format!("{} was asked and did not answer in time.\n\n{}", ask.receiver_name, ask.note);
    let draft = Draft {
        to: vec![next],
        from: ask.asker_id.filter(|asker| *asker != next),
        verb: ask.verb,
        subject: &ask.subject,
        note: note.trim_end(),
        about: about.as_ref(),
        href: ask.href.clone(),
        due: Some(ask.due).filter(|due| due.promise().is_some()),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: ask.urgent,
        handed_from: Some(ask.id),
    };
    raise(tx, &draft).await?;
    Ok(())
}

async fn announcements(tx: &mut Tx<'_>) -> Result<usize> {
    let select = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.announce_at <= $2 and a.announced_at is null and a.state = 'open'
          order by a.announce_at, a.id limit $3"
    );
    let due: Vec<Ask> = tx.all(select, args![tx.workspace(), tx.now(), MOST]).await?;
    let found = due.len();
    for ask in due {
        announce(tx, ask).await?;
    }
    Ok(found)
}

/// A job for each digest that is due, so that one that fails holds up no other.
async fn digests(tx: &mut Tx<'_>) -> Result<usize> {
    let select = sql!(
        "select person_id from ask_deliveries where workspace_id = $1 and next_at <= $2 order by next_at limit $3"
    );
    let due: Vec<Id<Person>> = tx.all(select, args![tx.workspace(), tx.now(), MOST]).await?;
    let now = tx.now();
    for person in &due {
        tx.want_once("ask.digest", format!("ask.digest.{person}"), json!({ "person": person }), now);
    }
    Ok(due.len())
}
