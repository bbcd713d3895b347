//! Where much was said, and what happened to what one watches: told on pages and in letters of other parts.
use kernel::{
    Activity, Decided, Error, Id, Later, Person, RecordKind, Reference, Result, Time, Tx, args, columns, list, sql,
};
use std::{collections::BTreeMap, ops::Range};

/// So many records are told of.
const MOST: usize = 5;
/// Among so many of the busiest, those that the reader sees are looked for.
const LOOKED_AT: i64 = 60;
/// One comment makes no thread.
const FEWEST: i64 = 2;
/// Somebody who watches more records hears of those that they began to watch last.
const WATCHED: i64 = 200;
/// So many outcomes of conversations of two people are told.
const AGREED: i64 = 8;
const EVENTS: i64 = 500;

struct Counted {
    kind: String,
    id: String,
    comments: i64,
    writers: i64,
    last_at: Option<Time>,
}
columns!(Counted { kind, id, comments, writers, last_at });

/// The records about which others than the actor wrote most, the busiest first.
pub fn busiest<'a>(tx: &'a mut Tx<'_>, time: Range<Time>) -> Later<'a, Vec<Activity>> {
    Box::pin(async move {
        let select = sql!(
            "select c.about_kind as kind, c.about_id as id, count(*) as comments, count(distinct c.author_id) as writers,
                    max(c.created_at) as last_at
               from comments c
              where c.workspace_id = $1 and c.id >= $2 and c.id < $3 and c.author_id <> $4 and c.deleted_at is null
              group by c.about_kind, c.about_id having count(*) >= $5
              order by count(*) desc, max(c.created_at) desc, c.about_id limit $6"
        );
        let (from, to) = ids(&time);
        let (workspace, me) = (tx.workspace(), tx.me());
        let counted: Vec<Counted> = tx.all(select, args![workspace, from, to, me, FEWEST, LOOKED_AT]).await?;
        let mut all = Vec::new();
        for one in counted {
            if all.len() < MOST {
                all.extend(seen(tx, one, Vec::new(), time.start).await?);
            }
        }
        Ok(all)
    })
}

/// What others than the actor said and did about the records that the actor watches, the newest first.
pub fn watched<'a>(tx: &'a mut Tx<'_>, time: Range<Time>) -> Later<'a, Vec<Activity>> {
    Box::pin(async move {
        let select = sql!(
            "select w.about_kind as kind, w.about_id as id, count(c.id) as comments,
                    count(distinct c.author_id) as writers, max(c.created_at) as last_at
               from watches w
               left join comments c on c.workspace_id = w.workspace_id and c.about_kind = w.about_kind
                    and c.about_id = w.about_id and c.id >= $3 and c.id < $4 and c.created_at >= w.since_at
                    and c.author_id <> $2 and c.deleted_at is null
              where w.workspace_id = $1 and w.person_id = $2 and w.ended_at is null
              group by w.about_kind, w.about_id, w.since_at order by w.since_at desc, w.about_id limit $5"
        );
        let (from, to) = ids(&time);
        let counted: Vec<Counted> = tx.all(select, args![tx.workspace(), tx.me(), from, to, WATCHED]).await?;
        let mut changes = changes(tx, &counted, &time).await?;
        let mut all = Vec::new();
        for one in counted {
            let done = changes.remove(&one.id).unwrap_or_default();
            if one.comments > 0 || !done.is_empty() {
                all.extend(seen(tx, one, done, time.start).await?);
            }
        }
        all.sort_by_key(|activity| std::cmp::Reverse(activity.last_at));
        Ok(all)
    })
}

struct Resolved {
    kind: String,
    id: String,
    outcome: String,
    by_name: String,
    at: Time,
}
columns!(Resolved { kind, id, outcome, by_name, at });

/// What others said to have come of the conversations that the actor watches, the newest first.
pub fn decided<'a>(tx: &'a mut Tx<'_>, time: Range<Time>) -> Later<'a, Vec<Decided>> {
    Box::pin(async move {
        let select = sql!(
            "select r.about_kind as kind, r.about_id as id, r.outcome, p.name as by_name, r.resolved_at as at
               from watches w
               join resolutions r on r.workspace_id = w.workspace_id and r.about_kind = w.about_kind
                    and r.about_id = w.about_id and r.reopened_at is null and r.resolved_by <> $2
                    and r.resolved_at >= $3 and r.resolved_at < $4
               join people p on p.workspace_id = r.workspace_id and p.id = r.resolved_by
              where w.workspace_id = $1 and w.person_id = $2 and w.ended_at is null
              order by r.resolved_at desc, r.id limit $5"
        );
        let (workspace, me) = (tx.workspace(), tx.me());
        let found: Vec<Resolved> = tx.all(select, args![workspace, me, time.start, time.end, LOOKED_AT]).await?;
        decisions(tx, found).await
    })
}

/// What came of the conversations that the actor and somebody else both watch, the newest first.
pub fn agreed<'a>(tx: &'a mut Tx<'_>, person: Id<Person>, time: Range<Time>) -> Later<'a, Vec<Decided>> {
    Box::pin(async move {
        let select = sql!(
            "select r.about_kind as kind, r.about_id as id, r.outcome, p.name as by_name, r.resolved_at as at
               from watches w
               join watches o on o.workspace_id = w.workspace_id and o.about_kind = w.about_kind
                    and o.about_id = w.about_id and o.person_id = $3 and o.ended_at is null
               join resolutions r on r.workspace_id = w.workspace_id and r.about_kind = w.about_kind
                    and r.about_id = w.about_id and r.reopened_at is null
                    and r.resolved_at >= $4 and r.resolved_at < $5
               join people p on p.workspace_id = r.workspace_id and p.id = r.resolved_by
              where w.workspace_id = $1 and w.person_id = $2 and w.ended_at is null
              order by r.resolved_at desc, r.id limit $6"
        );
        let (workspace, me) = (tx.workspace(), tx.me());
        let found: Vec<Resolved> = tx.all(select, args![workspace, me, person, time.start, time.end, AGREED]).await?;
        decisions(tx, found).await
    })
}

/// Those about records that the actor sees now.
async fn decisions(tx: &mut Tx<'_>, found: Vec<Resolved>) -> Result<Vec<Decided>> {
    let mut all = Vec::new();
    for Resolved { kind, id, outcome, by_name, at } in found {
        let about = Reference { kind, id };
        match tx.card(&about).await {
            Ok(card) => all.push(Decided { about, title: card.title, href: card.href, outcome, by_name, at }),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

/// Ids begin with the time at which they were made.
fn ids(time: &Range<Time>) -> (Id<Event>, Id<Event>) {
    (Id::at(time.start, 0), Id::at(time.end, 0))
}

/// Nothing where the actor does not see the record now.
async fn seen(tx: &mut Tx<'_>, one: Counted, done: Vec<(String, Time)>, start: Time) -> Result<Option<Activity>> {
    let about = Reference { kind: one.kind, id: one.id };
    let card = match tx.card(&about).await {
        Ok(card) => card,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let last_at = one.last_at.max(done.iter().map(|(_, at)| *at).max()).unwrap_or(start);
    let mut changes: Vec<String> = done.into_iter().map(|(words, _)| words).collect();
    changes.dedup();
    let (comments, writers) = (one.comments, one.writers);
    Ok(Some(Activity { about, title: card.title, href: card.href, comments, writers, changes, last_at }))
}

struct Event {
    subject: String,
    verb: String,
    actor_name: Option<String>,
    data: Option<String>,
    at: Time,
}
columns!(Event { subject, verb, actor_name, data, at });

/// By the record: what others did that its readers are told of.
async fn changes(
    tx: &mut Tx<'_>,
    records: &[Counted],
    time: &Range<Time>,
) -> Result<BTreeMap<String, Vec<(String, Time)>>> {
    let select = sql!(
        "select e.subject, e.verb, p.name as actor_name, e.data, e.at from events e
           left join people p on p.workspace_id = e.workspace_id and p.id = e.actor
          where e.workspace_id = $1 and e.subject in (select value from json_each(cast($2 as text))) and e.id >= $3
            and e.id < $4 and e.actor <> $5 order by e.id limit $6"
    );
    let (from, to) = ids(time);
    let subjects = list(records.iter().map(|one| one.id.as_str()));
    let events: Vec<Event> = tx.all(select, args![tx.workspace(), subjects, from, to, tx.me(), EVENTS]).await?;
    let kinds: BTreeMap<&str, &RecordKind> = tx.record_kinds().map(|kind| (kind.kind, kind)).collect();
    let mut all: BTreeMap<String, Vec<(String, Time)>> = BTreeMap::new();
    for event in events {
        let kind = records.iter().find(|one| one.id == event.subject).and_then(|one| kinds.get(one.kind.as_str()));
        if let Some(words) = kind.and_then(|kind| kind.in_words(&event.verb, event.data.as_deref())) {
            let words = format!("{} {words}", event.actor_name.as_deref().unwrap_or("Cairn"));
            all.entry(event.subject).or_default().push((words, event.at));
        }
    }
    Ok(all)
}
