//! A change of somebody's calendar moves the due times of what they owe and the next digest: leave stops the clock.
use crate::{
    ask::{Ask, SELECT, around, inbox_topic, tell},
    delivery::{allowed, plan_next, stored},
    norms,
};
use jiff::SignedDuration;
use kernel::{Id, Job, Later, Person, Result, Subscriber, Time, Tx, args, sql};
use people::hours::{Clock, calendars};

pub const SUBSCRIBERS: &[Subscriber] = &[
    Subscriber { name: "asks.leave", pattern: "leave.*", run: of_leave },
    Subscriber { name: "asks.hours", pattern: "hours.*", run: of_subject },
    Subscriber { name: "asks.profile", pattern: "person.profile_changed", run: of_subject },
    Subscriber { name: "asks.employment", pattern: "person.employment_changed", run: of_subject },
];

fn of_leave<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        match job.args["data"]["person"].as_str().and_then(|id| id.parse().ok()) {
            Some(person) => recount(tx, person).await,
            None => Ok(()),
        }
    })
}

fn of_subject<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move { recount(tx, job.subject.parse()?).await })
}

/// An ask that is overdue stays so. A clock that runs faster again leaves at least an hour.
async fn recount(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let select = sql!(
        SELECT,
        "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open' and a.due_at > $3 order by a.raised_at, a.id"
    );
    let now = tx.now();
    let open: Vec<Ask> = tx.all(select, args![tx.workspace(), person, now]).await?;
    let (near, far) = around(now);
    let from = open.first().map_or(near, |ask| ask.raised_at.min(near));
    let Some(clock) = calendars(tx, &[person], from, far).await?.pop() else { return Ok(()) };
    let update = sql!("update asks set due_at = $3 where workspace_id = $1 and id = $2");
    for ask in &open {
        let due_at = due_now(ask, &clock, now);
        if due_at != ask.due_at {
            tx.run(update, args![tx.workspace(), ask.id, due_at]).await?;
            tell(tx, "ask.moved", ask);
        }
    }
    replan(tx, &clock, now).await
}

fn due_now(ask: &Ask, clock: &Clock, now: Time) -> Time {
    let due_at = ask.due.on(&clock.calendar, ask.raised_at).unwrap_or(ask.due_at);
    match due_at > now {
        true => due_at,
        false => clock.calendar.add(now, SignedDuration::from_hours(1)).unwrap_or(ask.due_at),
    }
}

/// The next digest, and the letters about single asks, at the hours that hold now.
async fn replan(tx: &mut Tx<'_>, clock: &Clock, now: Time) -> Result<()> {
    let person = clock.id;
    let quiet = norms::of_people(tx, &[person]).await?.quiet(person);
    if let Some(own) = stored(tx, std::iter::once(person)).await?.pop() {
        let waits = own.next_at.is_some_and(|next| next <= now);
        let next =
            if waits { allowed(&clock.calendar, &quiet, now) } else { own.rhythm.next(&clock.calendar, &quiet, now) };
        plan_next(tx, person, next).await?;
    }
    let single = sql!(
        "update asks set announce_at = $3
          where workspace_id = $1 and receiver_id = $2 and state = 'open' and announce_at is not null and announced_at is null"
    );
    tx.run(single, args![tx.workspace(), person, allowed(&clock.calendar, &quiet, now)]).await?;
    tx.touch(inbox_topic(person));
    Ok(())
}
