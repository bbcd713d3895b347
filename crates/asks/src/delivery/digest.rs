//! One letter with all that waits, at a time of the receiver's own day; and letters about single asks that cannot wait.
use super::{
    Stored, allowed, is_on_call,
    letter::{News, Receiver, receiver, send},
    plan_next, stored,
};
use crate::{
    ask::{Ask, SELECT, around, counts},
    norms,
};
use kernel::{Activity, Error, Id, Job, JobKind, Later, Person, Result, Run, Time, Tx, args, list, sql};
use people::{
    access::actor_of,
    hours::{Clock, calendars},
};
use std::time::Duration;
use ui::day_and_time;

pub const DIGEST: JobKind = JobKind { name: "ask.digest", run: Run::Inside(digest) };

/// A letter names so many asks of each pile.
const MOST: i64 = 50;
/// The first digest tells of what one watches for so long, and none tells of more than the longest.
const FIRST: Duration = Duration::from_secs(24 * 3600);
const FARTHEST: Duration = Duration::from_secs(31 * 24 * 3600);

fn digest<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let person: Id<Person> = serde_json::from_value(job.args["person"].clone()).map_err(Error::internal)?;
        let now = tx.now();
        let Some(own) = stored(tx, std::iter::once(person)).await?.pop() else { return Ok(()) };
        if own.next_at.is_none_or(|next| next > now) {
            return Ok(()); // it has left already, or is not wanted any more
        }
        let (from, to) = around(now);
        let Some(clock) = calendars(tx, &[person], from, to).await?.pop() else { return Ok(()) };
        let quiet = norms::of_people(tx, &[person]).await?.quiet(person);
        let next = match allowed(&clock.calendar, &quiet, now) {
            Some(at) if at == now => {
                tell(tx, &clock, &own).await?;
                own.rhythm.next(&clock.calendar, &quiet, now)
            }
            later => later,
        };
        plan_next(tx, person, next).await
    })
}

async fn tell(tx: &mut Tx<'_>, clock: &Clock, own: &Stored) -> Result<()> {
    let Some(to) = receiver(tx, clock.id, clock.calendar.zone()).await? else { return Ok(()) };
    let mut news = news(tx, clock.id).await?;
    news.watched = watched(tx, own).await?;
    if news.is_empty() {
        return Ok(());
    }
    let day = tx.now().in_zone(&to.zone).strftime("%A %-d %B").to_string();
    let open = news.numbered().count() as i64 + news.more;
    let subject = match open {
        0 if news.answers.is_empty() => format!("News on what you watch, {day}"),
        0 => format!("News on what you asked for, {day}"),
        1 => format!("One ask waits for you, {day}"),
        n => format!("{n} asks wait for you, {day}"),
    };
    send(tx, &to, "digest", &subject, &news, &format!("digest-{}", clock.id)).await?;
    mark(tx, clock.id, &news).await
}

async fn news(tx: &mut Tx<'_>, person: Id<Person>) -> Result<News> {
    let owe = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.verb <> 'read'
            and (a.snoozed_until is null or a.snoozed_until <= $3) order by a.due_at, a.id limit $4"
    );
    let owe: Vec<Ask> = tx.all(owe, args![tx.workspace(), person, tx.now(), MOST]).await?;
    let read = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.verb = 'read'
            and (a.snoozed_until is null or a.snoozed_until <= $3) order by a.due_at, a.id limit $4"
    );
    let read: Vec<Ask> = tx.all(read, args![tx.workspace(), person, tx.now(), MOST]).await?;
    let answers = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.asker_id = $2 and a.ended_at is not null and a.told_at is null
          order by a.ended_at, a.id limit $3"
    );
    let answers: Vec<Ask> = tx.all(answers, args![tx.workspace(), person, MOST]).await?;
    let counts = counts(tx, person).await?;
    let more = counts.owe + counts.read - owe.len() as i64 - read.len() as i64;
    Ok(News { owe, read, answers, more, watched: Vec::new() })
}

/// What others said and did since the last digest on the records that somebody watches, as far as they see them now.
async fn watched(tx: &mut Tx<'_>, own: &Stored) -> Result<Vec<Activity>> {
    let now = tx.now();
    let since = own.last_at.unwrap_or(now - FIRST).max(now - FARTHEST);
    let reader = if own.watched { actor_of(tx, own.person_id).await? } else { None };
    let Some(reader) = reader else { return Ok(Vec::new()) };
    let mut all = tx.gather_in_for(&reader, since..now, |part| part.watched).await?;
    all.truncate(MOST as usize);
    Ok(all)
}

/// Remembers what was told, so that an answer is told once.
async fn mark(tx: &mut Tx<'_>, person: Id<Person>, news: &News) -> Result<()> {
    let named = sql!(
        "update asks set digested_at = $3, announced_at = coalesce(announced_at, $3)
          where workspace_id = $1 and digested_at is null and id in (select value from json_each(cast($2 as text)))"
    );
    let now = tx.now();
    tx.run(named, args![tx.workspace(), list(news.numbered().map(|ask| ask.id)), now]).await?;
    let told = sql!(
        "update asks set told_at = $3
          where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    tx.run(told, args![tx.workspace(), list(news.answers.iter().map(|ask| ask.id)), now]).await?;
    let last = sql!("update ask_deliveries set last_at = $3 where workspace_id = $1 and person_id = $2");
    tx.run(last, args![tx.workspace(), person, now]).await?;
    Ok(())
}

/// Tells of one ask by itself; or, where that is not the time for it, plans it anew.
pub(crate) async fn announce(tx: &mut Tx<'_>, ask: Ask) -> Result<()> {
    let now = tx.now();
    let (from, to) = around(now);
    let Some(clock) = calendars(tx, &[ask.receiver_id], from, to).await?.pop() else { return Ok(()) };
    let quiet = norms::of_people(tx, &[ask.receiver_id]).await?.quiet(ask.receiver_id);
    let at = allowed(&clock.calendar, &quiet, now);
    let any_hour = ask.urgent && is_on_call(tx, ask.receiver_id).await?;
    if at != Some(now) && !any_hour {
        return later(tx, &ask, at).await;
    }
    let update = sql!("update asks set announced_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), ask.id, now]).await?;
    match receiver(tx, ask.receiver_id, clock.calendar.zone()).await? {
        Some(to) => alone(tx, &to, ask).await,
        None => Ok(()),
    }
}

async fn later(tx: &mut Tx<'_>, ask: &Ask, at: Option<Time>) -> Result<()> {
    let update = sql!("update asks set announce_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), ask.id, at]).await?;
    Ok(())
}

async fn alone(tx: &mut Tx<'_>, to: &Receiver, ask: Ask) -> Result<()> {
    let due = day_and_time(ask.due_at, &to.zone);
    let urgent = if ask.urgent { "Urgent, " } else { "" };
    let title = ask.title();
    let subject = match urgent {
        "" => format!("{title} (by {due})"),
        urgent => format!("{urgent}by {due}: {title}"),
    };
    let thread = format!("ask-{}", ask.id);
    let kind = if ask.urgent { "urgent" } else { "single" };
    let owe = vec![ask];
    send(tx, to, kind, &subject, &News { owe, ..News::default() }, &thread).await
}
