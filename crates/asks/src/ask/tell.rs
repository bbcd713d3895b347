//! How asks end, and who hears of it.
use super::{Ask, State};
use kernel::{Error, Id, Job, JobKind, Later, Person, Reference, Result, Run, Time, Tx, args, json, list, sql};
use people::hours::calendars;
use std::time::Duration;

pub const SETTLE: JobKind = JobKind { name: "ask.settle", run: Run::Inside(settle) };

/// The topic to which the inbox of one person listens.
pub(crate) fn inbox_topic(person: Id<Person>) -> String {
    format!("inbox-{person}")
}

/// Says what happened to an ask. What it is about stays out of the event: that is between two people.
pub(crate) fn tell(tx: &mut Tx<'_>, verb: &'static str, ask: &Ask) {
    let about = ask.about_kind.clone().zip(ask.about_id.clone()).map(|(kind, id)| Reference { kind, id });
    let data = json!({ "receiver": ask.receiver_id, "asker": ask.asker_id, "verb": ask.verb, "about": about });
    tx.record(verb, ask.id, data);
    tx.touch(inbox_topic(ask.receiver_id));
    if let Some(asker) = ask.asker_id {
        tx.touch(inbox_topic(asker));
    }
}

/// Ends open asks in one state, and counts the receiver's working time that each of them took. Those that have ended
/// already stay as they are; the others are returned as they were.
pub(crate) async fn end(tx: &mut Tx<'_>, asks: Vec<Ask>, state: State, outcome: &str) -> Result<Vec<Ask>> {
    let open: Vec<Ask> = asks.into_iter().filter(Ask::is_open).collect();
    let Some(first) = open.iter().map(|ask| ask.raised_at).min() else { return Ok(open) };
    let mut receivers: Vec<Id<Person>> = open.iter().map(|ask| ask.receiver_id).collect();
    receivers.sort_unstable();
    receivers.dedup();
    let now = tx.now();
    let clocks = calendars(tx, &receivers, first, now).await?;
    let update = sql!(
        "update asks set state = $3, outcome = $4, ended_at = $5, ended_by = $6, worked_minutes = $7, snoozed_until = null,
                announce_at = null, told_at = case when asker_id is null or asker_id = $6 then cast($5 as bigint) end
          where workspace_id = $1 and id = $2"
    );
    for ask in &open {
        let clock = clocks.iter().find(|clock| clock.id == ask.receiver_id);
        let worked = clock.map_or(0, |clock| clock.calendar.between(ask.raised_at, now).as_mins());
        tx.run(update, args![tx.workspace(), ask.id, state, outcome, now, tx.me(), worked]).await?;
        tell(tx, event_of(state), ask);
    }
    Ok(open)
}

fn event_of(state: State) -> &'static str {
    match state {
        State::Open => "ask.reopened",
        State::Done => "ask.done",
        State::Declined => "ask.declined",
        State::HandedOn => "ask.handed_on",
        State::Lapsed => "ask.lapsed",
        State::Withdrawn => "ask.withdrawn",
    }
}

/// What was wanted has happened elsewhere: the open asks about the record are done.
fn settle<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let about: Reference = serde_json::from_value(job.args["about"].clone()).map_err(Error::internal)?;
        let of: Option<Id<Person>> = serde_json::from_value(job.args["of"].clone()).map_err(Error::internal)?;
        let select = sql!(
            super::SELECT,
            "where a.workspace_id = $1 and a.about_kind = $2 and a.about_id = $3 and a.state = 'open'
                and (cast($4 as text) is null or a.receiver_id = $4) order by a.due_at, a.id"
        );
        let open: Vec<Ask> = tx.all(select, args![tx.workspace(), about.kind, about.id, of]).await?;
        end(tx, open, State::Done, "").await?;
        Ok(())
    })
}

/// The asks with these ids as they stand now, whoever asks.
pub(crate) async fn now(tx: &mut Tx<'_>, asks: &[Ask]) -> Result<Vec<Ask>> {
    let ids: Vec<Id<Ask>> = asks.iter().map(|ask| ask.id).collect();
    all(tx, &ids).await
}

/// The same, by their ids.
pub(crate) async fn all(tx: &mut Tx<'_>, ids: &[Id<Ask>]) -> Result<Vec<Ask>> {
    let select = sql!(
        super::SELECT,
        "where a.workspace_id = $1 and a.id in (select value from json_each(cast($2 as text))) order by a.due_at, a.id"
    );
    tx.all(select, args![tx.workspace(), list(ids)]).await
}

/// How far back and ahead calendars are read to find a due time.
pub(crate) fn around(now: Time) -> (Time, Time) {
    const DAY: u64 = 24 * 3600;
    (now - Duration::from_secs(2 * DAY), now + Duration::from_secs(400 * DAY))
}
