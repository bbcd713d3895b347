//! Who was, is and will be on a team, day by day, as it was known on any day.
use super::{NEWCOMER, PAST, start};
use forecast::{Person, Ramp};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Result, Team, Time, Tx, args, calendar::Calendar, columns, list, sql};
use people::hours::{Clock, calendars};

/// The members of a team between two days.
pub struct Roster {
    pub(super) first: Date,
    pub(super) members: Vec<Member>,
}

/// One membership, with the calendar of its person.
#[derive(Clone)]
pub(super) struct Member {
    pub from_on: Date,
    pub until_on: Option<Date>,
    /// Full-time is 1.
    pub share: f64,
    /// New to the company, and not only to the team.
    pub newcomer: bool,
    /// Of each day from the first of the roster on, the share of its hours that is there without leave, and with it.
    pub planned: Vec<f64>,
    pub worked: Vec<f64>,
    /// The share of the day that is spent on call.
    pub on_call: Vec<f64>,
    /// When the leave of the day was entered, where that was asked for.
    pub entered: Vec<Option<Date>>,
}

/// A member as known on a day.
pub(super) struct Seen<'a> {
    first: Date,
    member: &'a Member,
    person: Person,
    known_on: Option<Date>,
    on_call: f64,
}

/// Somebody who knows the company and is new to the team.
const CHANGED_TEAM: Ramp = Ramp { start: 0.5, days: 30 };
/// Full-time, in minutes a week.
const FULL_TIME: f64 = 40.0 * 60.0;
const DAY: f64 = 24.0 * 3600.0 * 1e6;

/// A membership with one of the shifts of its person, if there are any.
struct Membership {
    team_id: Id<Team>,
    person_id: Id<kernel::Person>,
    from_on: Date,
    until_on: Option<Date>,
    starts_on: Option<Date>,
    shift_from: Option<Time>,
    shift_until: Option<Time>,
}
columns!(Membership { team_id, person_id, from_on, until_on, starts_on, shift_from, shift_until });

struct Entered {
    person_id: Id<kernel::Person>,
    first_on: Date,
    last_on: Date,
    created_at: Time,
}
columns!(Entered { person_id, first_on, last_on, created_at });

impl Roster {
    /// Of each of these teams, in their order, from a day on, for so many days, in as many statements as of one. `entered`
    /// looks up when leave became known, for forecasts of the past.
    pub async fn load(
        tx: &mut Tx<'_>,
        teams: &[Id<Team>],
        first: Date,
        days: usize,
        entered: bool,
    ) -> Result<Vec<Roster>> {
        let rows = memberships(tx, teams, first).await?;
        let memberships: Vec<&[Membership]> = rows
            .chunk_by(|one, next| {
                (one.team_id, one.person_id, one.from_on) == (next.team_id, next.person_id, next.from_on)
            })
            .collect();
        let mut ids: Vec<Id<kernel::Person>> = rows.iter().map(|one| one.person_id).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Ok(teams.iter().map(|_| Roster { first, members: Vec::new() }).collect());
        }
        let last = super::day(first, days);
        let clocks = calendars(tx, &ids, start(first), start(last)).await?;
        let leaves = if entered { leaves(tx, &ids, first).await? } else { Vec::new() };
        let member = |rows: &&[Membership]| {
            let clock = clocks.iter().find(|clock| clock.id == rows[0].person_id)?;
            Some(Member::of(rows, clock, &leaves, first, days))
        };
        let of = |team: &Id<Team>| {
            let own = memberships.iter().filter(|rows| rows[0].team_id == *team);
            Roster { first, members: own.filter_map(member).collect() }
        };
        Ok(teams.iter().map(of).collect())
    }

    /// Who counts on a day; with `known_on`, only as far as it was known then.
    pub(super) fn seen(&self, as_of: Date, known_on: Option<Date>, on_call: f64) -> Vec<Seen<'_>> {
        let past = as_of.saturating_sub(PAST.days());
        let counts = |one: &&Member| {
            one.until_on.is_none_or(|until| until > past) && known_on.is_none_or(|known| one.from_on <= known)
        };
        let members: Vec<&Member> = self.members.iter().filter(counts).collect();
        let began = members.iter().map(|one| one.from_on).min();
        members.into_iter().map(|member| Seen::of(self.first, member, began, known_on, on_call)).collect()
    }
}

async fn memberships(tx: &mut Tx<'_>, teams: &[Id<Team>], since: Date) -> Result<Vec<Membership>> {
    let select = sql!(
        "select m.team_id, m.person_id, m.from_on, m.until_on, p.starts_on, o.from_at as shift_from, o.until_at as shift_until
           from memberships m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
           left join asks_public_on_call o on o.workspace_id = m.workspace_id and o.person_id = m.person_id
                and o.until_at > $4
          where m.workspace_id = $1 and m.team_id in (select value from json_each(cast($2 as text)))
            and (m.until_on is null or m.until_on > $3)
          order by m.team_id, m.person_id, m.from_on"
    );
    tx.all(select, args![tx.workspace(), list(teams), since, start(since)]).await
}

async fn leaves(tx: &mut Tx<'_>, people: &[Id<kernel::Person>], since: Date) -> Result<Vec<Entered>> {
    let select = sql!(
        "select l.person_id, l.first_on, l.last_on, l.created_at from leaves l
          where l.workspace_id = $1 and l.person_id in (select value from json_each(cast($2 as text)))
            and l.last_on >= $3 and l.withdrawn_at is null"
    );
    tx.all(select, args![tx.workspace(), list(people), since]).await
}

impl Member {
    fn of(rows: &[Membership], clock: &Clock, leaves: &[Entered], first: Date, days: usize) -> Member {
        let one = &rows[0];
        let dates: Vec<Date> = (0..days).map(|days| super::day(first, days)).collect();
        let without = clock.calendar.without_leave();
        let shifts: Vec<(Time, Time)> = rows.iter().filter_map(|row| row.shift_from.zip(row.shift_until)).collect();
        let duty = |date: &Date| {
            let (from, until) = (start(*date), start(super::day(*date, 1)));
            let within = |shift: &(Time, Time)| (shift.1.min(until).0 - shift.0.max(from).0).max(0) as f64;
            (shifts.iter().map(within).sum::<f64>() / DAY).min(1.0)
        };
        let entered = |date: &Date| {
            let of = leaves.iter().filter(|leave| leave.person_id == one.person_id);
            let covers = of.filter(|leave| leave.first_on <= *date && *date <= leave.last_on);
            covers.map(|leave| leave.created_at.date(&TimeZone::UTC)).min()
        };
        Member {
            from_on: clock.starts_on.map_or(one.from_on, |starts| starts.max(one.from_on)),
            until_on: one.until_on.into_iter().chain(clock.left_on).min(),
            share: (f64::from(clock.calendar.week().minutes_per_week()) / FULL_TIME).min(1.0),
            newcomer: one.starts_on.is_some_and(|starts| starts.saturating_add(30.days()) >= one.from_on),
            planned: dates.iter().map(|date| present(&without, *date)).collect(),
            worked: dates.iter().map(|date| present(&clock.calendar, *date)).collect(),
            on_call: if shifts.is_empty() { Vec::new() } else { dates.iter().map(duty).collect() },
            entered: if leaves.is_empty() { Vec::new() } else { dates.iter().map(entered).collect() },
        }
    }
}

impl<'a> Seen<'a> {
    fn of(first: Date, member: &'a Member, began: Option<Date>, known_on: Option<Date>, on_call: f64) -> Seen<'a> {
        // Those with whom the team began, or is known, were there before it was entered.
        let ramp = match (Some(member.from_on) == began, member.newcomer) {
            (true, _) => Ramp { start: 1.0, days: 0 },
            (false, true) => NEWCOMER,
            (false, false) => CHANGED_TEAM,
        };
        // That somebody would leave was not known before.
        let until = member.until_on.filter(|until| known_on.is_none_or(|known| *until <= known));
        let (from, share) = (Some(member.from_on), member.share);
        let person = Person { share, from, until, ramp, probability: 1.0, away: Vec::new() };
        Seen { first, member, person, known_on, on_call }
    }

    pub fn begins_on(&self) -> Date {
        self.member.from_on
    }

    pub fn holds(&self, date: Date) -> bool {
        self.member.from_on <= date && self.person.until.is_none_or(|until| date < until)
    }

    /// The capacity of a day if nothing kept the person away.
    pub fn nominal(&self, date: Date) -> f64 {
        self.person.on(date)
    }

    /// The capacity of a day without leave and shifts.
    pub fn planned(&self, date: Date) -> f64 {
        self.person.on(date) * self.of_day(&self.member.planned, date)
    }

    /// The capacity of a day, from what is entered.
    pub fn on(&self, date: Date) -> f64 {
        let capacity = self.person.on(date);
        if capacity == 0.0 {
            return 0.0;
        }
        let there = if self.knows_leave(date) { &self.member.worked } else { &self.member.planned };
        let duty = self.place(date).and_then(|place| self.member.on_call.get(place)).unwrap_or(&0.0);
        capacity * self.of_day(there, date) * (1.0 - self.on_call * duty)
    }

    fn knows_leave(&self, date: Date) -> bool {
        let Some(known) = self.known_on else { return true };
        let entered = self.place(date).and_then(|place| self.member.entered.get(place).copied().flatten());
        entered.is_some_and(|entered| entered <= known)
    }

    fn of_day(&self, days: &[f64], date: Date) -> f64 {
        self.place(date).and_then(|place| days.get(place)).copied().unwrap_or(1.0)
    }

    fn place(&self, date: Date) -> Option<usize> {
        usize::try_from((date - self.first).get_days()).ok()
    }
}

/// The share of the hours of a day that is worked. The history of the team has its weekdays already, so a day without
/// hours counts as one with all of them, unless the person is away on both sides of it.
pub(super) fn present(calendar: &Calendar, date: Date) -> f64 {
    let share = |date: Date| {
        let planned = calendar.week().day(date.weekday()).minutes();
        (planned > 0).then(|| (f64::from(calendar.minutes(date)) / f64::from(planned)).min(1.0))
    };
    let near = |step: i64| (1..=6).find_map(|days| share(date.saturating_add((step * days).days()))).unwrap_or(1.0);
    share(date).unwrap_or_else(|| near(-1).max(near(1)))
}
