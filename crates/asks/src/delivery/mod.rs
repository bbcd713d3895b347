//! How people hear of asks: a digest at a time of their own day, or at once where that is wanted, and never outside their
//! working hours.
mod digest;
mod letter;
mod settings;
mod when;

pub use digest::DIGEST;
pub use settings::{Delivery, FindLetter, Rhythm, SetDelivery, ShowDelivery, Unsubscribe};

pub(crate) use digest::announce;
pub(crate) use letter::{OPENINGS, REPLY};
pub(crate) use when::allowed;

use crate::{
    ask::{Ask, around},
    norms,
};
use kernel::{Id, Person, Result, Time, Tx, args, calendar::Hours, columns, json, list, sql};
use people::hours::{Clock, calendars};
use ui::Pages;

pub fn pages() -> Pages {
    settings::pages()
}

/// What is stored of how one person hears of asks.
pub(crate) struct Stored {
    pub person_id: Id<Person>,
    pub rhythm: Rhythm,
    pub at_once: bool,
    pub watched: bool,
    pub next_at: Option<Time>,
    /// When the last digest left.
    pub last_at: Option<Time>,
}
columns!(Stored { person_id, rhythm, at_once, watched, next_at, last_at });

/// Plans how the receivers of new asks hear of them. Quiet hours come with each receiver.
pub(crate) async fn plan(tx: &mut Tx<'_>, receivers: &[(&Clock, Hours)], asks: &[Id<Ask>], urgent: bool) -> Result<()> {
    let stored = stored(tx, receivers.iter().map(|(clock, _)| clock.id)).await?;
    let now = tx.now();
    for (clock, quiet) in receivers {
        let own = stored.iter().find(|one| one.person_id == clock.id);
        if own.is_none() {
            begin(tx, clock, quiet).await?;
        }
        if !urgent && !own.is_some_and(|one| one.at_once) {
            continue;
        }
        let any_hour = urgent && is_on_call(tx, clock.id).await?;
        let at = if any_hour { Some(now) } else { allowed(&clock.calendar, quiet, now) };
        let update = sql!(
            "update asks set announce_at = $4
              where workspace_id = $1 and receiver_id = $2 and id in (select value from json_each(cast($3 as text)))"
        );
        tx.run(update, args![tx.workspace(), clock.id, list(asks), at]).await?;
        if at.is_some_and(|at| at <= now) {
            tx.want_once("ask.sweep", "ask.sweep.soon", json!({}), now);
        }
    }
    Ok(())
}

pub(crate) async fn stored(tx: &mut Tx<'_>, people: impl Iterator<Item = Id<Person>>) -> Result<Vec<Stored>> {
    let select = sql!(
        "select person_id, rhythm, at_once, watched, next_at, last_at from ask_deliveries
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))"
    );
    let ids = list(people);
    tx.all(select, args![tx.workspace(), ids]).await
}

/// Whoever has an account gets digests, also of what they watch, before the first ask reaches them. Returns how many people
/// that is new for, at most so many as asked for.
pub(crate) async fn begin_for_new(tx: &mut Tx<'_>, most: i64) -> Result<usize> {
    let select = sql!(
        "select a.person_id from accounts a
           join people p on p.workspace_id = a.workspace_id and p.id = a.person_id and p.deactivated_at is null
          where a.workspace_id = $1 and a.disabled_at is null and p.email is not null
            and not exists (select 1 from ask_deliveries d where d.workspace_id = a.workspace_id and d.person_id = a.person_id)
          order by a.person_id limit $2"
    );
    let people: Vec<Id<Person>> = tx.all(select, args![tx.workspace(), most]).await?;
    if people.is_empty() {
        return Ok(0);
    }
    let (from, to) = around(tx.now());
    let agreed = norms::of_people(tx, &people).await?;
    for clock in calendars(tx, &people, from, to).await? {
        begin(tx, &clock, &agreed.quiet(clock.id)).await?;
    }
    Ok(people.len())
}

async fn begin(tx: &mut Tx<'_>, clock: &Clock, quiet: &Hours) -> Result<()> {
    let insert = sql!(
        "insert into ask_deliveries (workspace_id, person_id, rhythm, at_once, next_at) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, person_id) do nothing"
    );
    let next = Rhythm::Morning.next(&clock.calendar, quiet, tx.now());
    tx.run(insert, args![tx.workspace(), clock.id, Rhythm::Morning, false, next]).await?;
    Ok(())
}

/// When the next digest of somebody leaves.
pub(crate) async fn plan_next(tx: &mut Tx<'_>, person: Id<Person>, next: Option<Time>) -> Result<()> {
    let update = sql!("update ask_deliveries set next_at = $3 where workspace_id = $1 and person_id = $2");
    tx.run(update, args![tx.workspace(), person, next]).await?;
    Ok(())
}

/// Whether somebody may be told of urgent asks at any hour now.
pub(crate) async fn is_on_call(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    let select =
        sql!("select 1 from on_call where workspace_id = $1 and person_id = $2 and from_at <= $3 and until_at > $3");
    tx.exists(select, args![tx.workspace(), person, tx.now()]).await
}
