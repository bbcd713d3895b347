//! What time does to check-ins: rounds are planned a day ahead, open for each person at their hour, and close when
//! everyone has had their time.
use super::{
    Checkin, Entry, EntryState, ROUND_SELECT, Round, SELECT,
    plan::{closing, first_window, patience},
};
use jiff::{ToSpan, civil, civil::Date, tz::TimeZone};
use kernel::{
    Actor, Due, Id, Job, JobKind, Later, Method::Post, NewAsk, Operation, Person, Reference, Result, Route, Run,
    Schedule, Silence, Time, Tx, Verb, args, columns, json, sql,
};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "checkin.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "checkin.sweep", every: Duration::from_secs(60) };

const DAY: Duration = Duration::from_secs(24 * 3600);
/// What one run does of each; the next run follows at once while there is more.
const MOST: i64 = 200;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(pass(tx))
}

async fn pass(tx: &mut Tx<'_>) -> Result<()> {
    plan_rounds(tx).await?;
    let opened = open(tx).await?;
    close(tx).await?;
    if opened == MOST as usize {
        let now = tx.now();
        tx.want_once("checkin.sweep", "checkin.sweep.soon", json!({}), now);
    }
    Ok(())
}

/// Does what is due by now, for the sample company, whose past is made without a queue. No door lists it.
#[derive(Deserialize, JsonSchema)]
pub struct PassTime {}

impl Operation for PassTime {
    const NAME: &str = "checkin.pass_time";
    const ROUTE: Route = Route(Post, "/checkins/time");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        pass(tx).await
    }
}

/// The latest date that has begun somewhere, in the zone that is farthest ahead of UTC.
pub(super) fn horizon(now: Time) -> Date {
    (now + Duration::from_secs(14 * 3600)).date(&TimeZone::UTC)
}

struct Planned {
    id: Id<Checkin>,
    planned_through: Date,
}
columns!(Planned { id, planned_through });

async fn plan_rounds(tx: &mut Tx<'_>) -> Result<()> {
    let until = horizon(tx.now());
    let behind = sql!(
        "select c.id, c.planned_through from checkins c
           join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id
          where c.workspace_id = $1 and c.ended_at is null and c.planned_through < $2 and t.archived_at is null
          order by c.planned_through, c.id limit $3"
    );
    let behind: Vec<Planned> = tx.all(behind, args![tx.workspace(), until, MOST]).await?;
    for Planned { id, planned_through } in behind {
        let checkin: Checkin =
            tx.one(sql!(SELECT, "where c.workspace_id = $1 and c.id = $2"), args![tx.workspace(), id]).await?;
        // Dates that went by while the program did not run stay without a round.
        let first = planned_through.saturating_add(1.day()).max(until.saturating_sub(1.day()));
        for date in first.series(1.day()).take_while(|date| *date <= until) {
            if checkin.comes_on(date) {
                plan_round(tx, &checkin, date).await?;
            }
        }
        let update = sql!("update checkins set planned_through = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), id, until]).await?;
    }
    Ok(())
}

/// Makes the round of a date, with everyone who is on the team, has an account and works on it.
async fn plan_round(tx: &mut Tx<'_>, checkin: &Checkin, date: Date) -> Result<()> {
    let members = sql!(
        "select distinct p.id from memberships m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id and p.deactivated_at is null
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id and a.disabled_at is null
          where m.workspace_id = $1 and m.team_id = $2 and",
        people::holds!("m", "$3"),
        "order by p.id"
    );
    let members: Vec<Id<Person>> = tx.all(members, args![tx.workspace(), checkin.team_id, date]).await?;
    let now = tx.now();
    let clocks = calendars(tx, &members, now - DAY * 2, now + DAY * 9).await?;
    let days = days_open(&checkin.days);
    let windows = clocks.iter().filter_map(|clock| {
        Some((clock.id, first_window(&clock.calendar, date, days, checkin.opens(), checkin.hours)?))
            .filter(|one| one.1.due_at > now)
    });
    let windows: Vec<_> = windows.collect();
    let dues: Vec<Time> = windows.iter().map(|(_, window)| window.due_at).collect();
    let Some(closes_at) = closing(date, &dues) else { return Ok(()) };
    let round: Id<Round> = tx.id();
    let insert = sql!(
        "insert into checkin_rounds (workspace_id, id, checkin_id, on_date, closes_at) values ($1, $2, $3, $4, $5)
         on conflict (workspace_id, checkin_id, on_date) do nothing"
    );
    if tx.run(insert, args![tx.workspace(), round, checkin.id, date, closes_at]).await? == 0 {
        return Ok(());
    }
    for (person, window) in windows {
        let insert = sql!(
            "insert into checkin_entries (workspace_id, id, round_id, person_id, state, opens_at, due_at)
             values ($1, $2, $3, $4, 'waiting', $5, $6)"
        );
        let id: Id<Entry> = tx.id();
        tx.run(insert, args![tx.workspace(), id, round, person, window.opens_at, window.due_at]).await?;
    }
    Ok(())
}

/// For so many days somebody may have their part of a round. One that comes once a week waits for those who are off on its
/// date until it comes again; of the others the next one is soon enough.
fn days_open(days: &str) -> usize {
    if days.split(' ').count() == 1 { 7 } else { 1 }
}

struct Waiting {
    id: Id<Entry>,
    round_id: Id<Round>,
    person_id: Id<Person>,
    on_date: Date,
    checkin_id: Id<Checkin>,
    name: String,
    days: String,
    opens_minute: i64,
    hours: i64,
}
columns!(Waiting { id, round_id, person_id, on_date, checkin_id, name, days, opens_minute, hours });

/// Opens what is due to open, where the person is at work now. Their calendar is asked again: leave may have been entered
/// since the round was planned.
async fn open(tx: &mut Tx<'_>) -> Result<usize> {
    let select = sql!(
        "select e.id, e.round_id, e.person_id, r.on_date, r.checkin_id, c.name, c.days, c.opens_minute, c.hours
           from checkin_entries e
           join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
           join checkins c on c.workspace_id = r.workspace_id and c.id = r.checkin_id
          where e.workspace_id = $1 and e.state = 'waiting' and e.opens_at <= $2 and c.ended_at is null
          order by e.opens_at, e.id limit $3"
    );
    let now = tx.now();
    let due: Vec<Waiting> = tx.all(select, args![tx.workspace(), now, MOST]).await?;
    let people: Vec<Id<Person>> = due.iter().map(|entry| entry.person_id).collect();
    let clocks = calendars(tx, &people, now - DAY * 9, now + DAY * 9).await?;
    for entry in &due {
        let Some(clock) = clocks.iter().find(|clock| clock.id == entry.person_id) else {
            set(tx, entry, EntryState::Away, None).await?;
            continue;
        };
        let opens = civil::time((entry.opens_minute / 60) as i8, (entry.opens_minute % 60) as i8, 0, 0);
        match first_window(&clock.calendar, entry.on_date, days_open(&entry.days), opens, entry.hours) {
            None => set(tx, entry, EntryState::Away, None).await?,
            Some(window) if window.opens_at > now => postpone(tx, entry, window.opens_at, window.due_at).await?,
            Some(window) if window.due_at <= now => set(tx, entry, EntryState::Open, None).await?,
            Some(window) if clock.calendar.is_working(now) => {
                set(tx, entry, EntryState::Open, Some(now)).await?;
                ask(tx, entry, window.due_at).await?;
            }
            // Between two spans of their day; what stayed due would come up each second.
            Some(window) => {
                let next = clock.calendar.next_start(now).map_or(window.due_at, |next| next.min(window.due_at));
                postpone(tx, entry, next, window.due_at).await?;
            }
        }
    }
    Ok(due.len())
}

async fn set(tx: &mut Tx<'_>, entry: &Waiting, state: EntryState, opened_at: Option<Time>) -> Result<()> {
    let update = sql!("update checkin_entries set state = $3, opened_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), entry.id, state, opened_at]).await?;
    Ok(())
}

async fn postpone(tx: &mut Tx<'_>, entry: &Waiting, opens_at: Time, due_at: Time) -> Result<()> {
    let update = sql!("update checkin_entries set opens_at = $3, due_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), entry.id, opens_at, due_at]).await?;
    let wait = sql!(
        "update checkin_rounds set closes_at = $3
          where workspace_id = $1 and id = $2 and closed_at is null and closes_at < $3"
    );
    tx.run(wait, args![tx.workspace(), entry.round_id, due_at.min(patience(entry.on_date))]).await?;
    Ok(())
}

/// Asks for the answer. One of the same check-in that still waits in the inbox makes way for it.
async fn ask(tx: &mut Tx<'_>, entry: &Waiting, due_at: Time) -> Result<()> {
    let before = sql!(
        "select e.id from checkin_entries e
           join checkin_rounds r on r.workspace_id = e.workspace_id and r.id = e.round_id
          where e.workspace_id = $1 and e.person_id = $2 and r.checkin_id = $3 and e.state = 'open' and e.id <> $4
          order by e.opens_at desc limit 5"
    );
    let (person, checkin) = (entry.person_id, entry.checkin_id);
    let before: Vec<Id<Entry>> = tx.all(before, args![tx.workspace(), person, checkin, entry.id]).await?;
    for entry in before {
        tx.settle_asks(&Reference::to("checkin_entry", entry), Some(person));
    }
    let questions = super::questions(tx, checkin).await?;
    let asked = questions.iter().filter(|one| !one.dropped).zip('a'..);
    let asked: Vec<String> = asked.map(|(one, letter)| format!("{letter}) {}", one.words)).collect();
    let subject: String = format!("{}: {}", entry.name, asked.join(" ")).chars().take(300).collect();
    tx.ask(&NewAsk {
        to: vec![person],
        from: None,
        verb: Verb::FillIn,
        subject,
        about: Some(Reference::to("checkin_entry", entry.id)),
        due: Some(Due::Moment(due_at)),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

/// Ends the rounds whose time is over, and brings the roll-up to those who took part.
async fn close(tx: &mut Tx<'_>) -> Result<()> {
    let select = sql!(
        ROUND_SELECT,
        "where r.workspace_id = $1 and r.closed_at is null and r.closes_at <= $2 order by r.closes_at, r.id limit $3"
    );
    let now = tx.now();
    let over: Vec<Round> = tx.all(select, args![tx.workspace(), now, MOST]).await?;
    for round in over {
        let update = sql!("update checkin_rounds set closed_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), round.id, now]).await?;
        tx.record("checkin_round.closed", round.id, json!({}));
        let answered =
            sql!("select 1 from checkin_entries where workspace_id = $1 and round_id = $2 and state = 'answered'");
        if tx.exists(answered, args![tx.workspace(), round.id]).await? {
            bring(tx, &round).await?;
        }
    }
    Ok(())
}

async fn bring(tx: &mut Tx<'_>, round: &Round) -> Result<()> {
    let readers = sql!(
        "select person_id from checkin_entries
          where workspace_id = $1 and round_id = $2 and state <> 'away' order by person_id"
    );
    let to: Vec<Id<Person>> = tx.all(readers, args![tx.workspace(), round.id]).await?;
    let name = sql!("select name from checkins where workspace_id = $1 and id = $2");
    let name: String = tx.one(name, args![tx.workspace(), round.checkin_id]).await?;
    tx.ask(&NewAsk {
        to,
        from: None,
        verb: Verb::Read,
        subject: format!("{name}, {}", round.on_date.strftime("%A %-d %B")),
        about: Some(Reference::to("checkin_round", round.id)),
        due: Some(Due::Days(1)),
        silence: Silence::Consent,
        escalate_to: None,
        urgent: false,
    })
}
