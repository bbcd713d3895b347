//! How much a team can do on each coming day, from the same calendars as everything else: working hours, leave,
//! holidays, part-time, people who join and leave, and hires that are only probable.
//!
//! Of leave only the dates count. What comes out is of the team as a whole.
use forecast::{MOST_DAYS, Person, Ramp};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Result, Team, Time, Tx, args, calendar::Calendar, columns, sql};
use people::hours::{Clock, calendars};
use schemars::JsonSchema;
use serde::Serialize;

/// What somebody assumes besides what is entered.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// How much of what the team finishes is of what is asked about, from 0 to 1.
    pub focus: f64,
    pub hires: Vec<Person>,
    /// Full-time people fewer, from a day, inclusive, until another, exclusive.
    pub fewer: Vec<(f64, Date, Option<Date>)>,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { focus: 1.0, hires: Vec::new(), fewer: Vec::new() }
    }
}

/// The capacity of a team.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Each coming day relative to an average day of the past.
    pub coming: Vec<f64>,
    pub people: People,
}

/// Who is behind a capacity, in units of full-time people who know the work.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct People {
    /// Members today.
    pub members: usize,
    /// Present on an average day of the past half year.
    pub before: f64,
    /// Present on an average day of the next four weeks.
    pub next: f64,
}

/// A newcomer to the company, and somebody who knows it and is new to the team.
pub const NEWCOMER: Ramp = Ramp { start: 0.25, days: 90 };
const CHANGED_TEAM: Ramp = Ramp { start: 0.5, days: 30 };
/// Full-time, in minutes a week.
const FULL_TIME: f64 = 40.0 * 60.0;
/// The past over which capacity is averaged, and the least of it that says something.
const PAST: i64 = 182;
const LEAST_PAST: usize = 28;
/// The share of planned hours that is worked where the past does not tell: about five weeks of leave a year.
const USUAL: f64 = 0.9;
/// Days of full-time people, weekends included, below which the past does not tell.
const LEAST_PLANNED: f64 = 84.0;
/// Leave is entered ahead: all of it for the next fortnight, hardly any of it a quarter ahead. What is not entered yet
/// is taken to be as much as it was.
const ENTERED: f64 = 14.0;
const NOT_ENTERED: f64 = 84.0;
/// Days of which everyone's calendar is read; later ones are as the last four weeks of these.
const NEAR: usize = 400;

struct Membership {
    person_id: Id<kernel::Person>,
    from_on: Date,
    until_on: Option<Date>,
    starts_on: Option<Date>,
}
columns!(Membership { person_id, from_on, until_on, starts_on });

/// One membership with the calendar of its person.
struct Member<'a> {
    person: Person,
    clock: &'a Clock,
    without_leave: Calendar,
}

impl Capacity {
    /// The capacity of a team from a day on. Its own members count, not those of the teams in it.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, as_of: Date, assumed: &Assumptions) -> Result<Capacity> {
        let past = as_of.saturating_sub(PAST.days());
        let memberships = memberships(tx, team, past).await?;
        let mut ids: Vec<Id<kernel::Person>> = memberships.iter().map(|one| one.person_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let clocks = match ids.is_empty() {
            true => Vec::new(),
            false => calendars(tx, &ids, start(past), start(day(as_of, NEAR))).await?,
        };
        let first = memberships.iter().map(|one| one.from_on).min();
        let members: Vec<Member<'_>> =
            memberships.iter().filter_map(|one| Member::of(one, &clocks, first.unwrap_or(as_of))).collect();
        Ok(computed(&members, as_of, first.map_or(as_of, |first| first.max(past)), assumed))
    }
}

async fn memberships(tx: &mut Tx<'_>, team: Id<Team>, since: Date) -> Result<Vec<Membership>> {
    let select = sql!(
        "select m.person_id, m.from_on, m.until_on, p.starts_on from memberships m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
          where m.workspace_id = $1 and m.team_id = $2 and (m.until_on is null or m.until_on > $3)
          order by m.person_id, m.from_on"
    );
    tx.all(select, args![tx.workspace(), team, since]).await
}

fn computed(members: &[Member<'_>], as_of: Date, past: Date, assumed: &Assumptions) -> Capacity {
    let on = |date: Date| members.iter().map(|member| member.on(date)).sum::<f64>();
    let before: Vec<Date> = past.series(1.day()).take_while(|date| *date < as_of).collect();
    let today = members.iter().filter(|member| member.holds(as_of)).count();
    let nominal: f64 = members.iter().map(|member| member.person.on(as_of)).sum();
    let average = match before.len() {
        LEAST_PAST.. => before.iter().map(|date| on(*date)).sum::<f64>() / before.len() as f64,
        _ => nominal * USUAL,
    };
    let usual = usual(members, &before);
    let coming = |ahead: usize| {
        let date = day(as_of, ahead);
        let known: f64 = members.iter().map(|member| member.expected(date, ahead, usual)).sum();
        let hired: f64 = assumed.hires.iter().map(|hire| hire.on(date) * usual).sum();
        let gone = assumed.fewer.iter().filter(|(_, from, until)| *from <= date && until.is_none_or(|end| date < end));
        (known + hired - gone.map(|(people, _, _)| people * usual).sum::<f64>()).max(0.0)
    };
    let near: Vec<f64> = (0..NEAR).map(coming).collect();
    let last = mean(&near[NEAR - 28..]);
    let people = People { members: today, before: average, next: mean(&near[..28]) };
    let known = today > 0 && average > 0.01;
    let relative = |present: f64| if known { (present / average).min(3.0) } else { 1.0 };
    let all = near.iter().copied().chain(std::iter::repeat_n(last, MOST_DAYS - NEAR));
    Capacity { coming: all.map(|present| relative(present) * assumed.focus).collect(), people }
}

/// The share of what would have been there that was not lost to leave, counted by days as the average of the past is.
fn usual(members: &[Member<'_>], before: &[Date]) -> f64 {
    let (mut worked, mut planned) = (0.0, 0.0);
    for member in members {
        for date in before.iter().filter(|date| member.holds(**date)) {
            worked += member.on(*date);
            planned += member.person.on(*date) * present(&member.without_leave, *date);
        }
    }
    if planned < LEAST_PLANNED { USUAL } else { worked / planned }
}

impl<'a> Member<'a> {
    fn of(one: &Membership, clocks: &'a [Clock], team_began: Date) -> Option<Member<'a>> {
        let clock = clocks.iter().find(|clock| clock.id == one.person_id)?;
        let is_newcomer = one.starts_on.is_some_and(|starts| starts.saturating_add(30.days()) >= one.from_on);
        // Those with whom the team began, or is known, were there before it was entered.
        let ramp = match (one.from_on == team_began, is_newcomer) {
            (true, _) => Ramp { start: 1.0, days: 0 },
            (false, true) => NEWCOMER,
            (false, false) => CHANGED_TEAM,
        };
        let until = one.until_on.into_iter().chain(clock.left_on).min();
        let share = (f64::from(clock.calendar.week().minutes_per_week()) / FULL_TIME).min(1.0);
        let from = clock.starts_on.map_or(one.from_on, |starts| starts.max(one.from_on));
        let person = Person { share, from: Some(from), until, ramp, probability: 1.0, away: Vec::new() };
        Some(Member { person, clock, without_leave: clock.calendar.without_leave() })
    }

    fn holds(&self, date: Date) -> bool {
        self.person.from.is_none_or(|from| from <= date) && self.person.until.is_none_or(|until| date < until)
    }

    /// The capacity of a day, from what is entered.
    fn on(&self, date: Date) -> f64 {
        match self.person.on(date) {
            0.0 => 0.0,
            capacity => capacity * present(&self.clock.calendar, date),
        }
    }

    /// The capacity of a coming day, on which leave may still be entered.
    fn expected(&self, date: Date, ahead: usize, usual: f64) -> f64 {
        let open = ((ahead as f64 - ENTERED) / (NOT_ENTERED - ENTERED)).clamp(0.0, 1.0);
        self.on(date) * (1.0 - (1.0 - usual) * open)
    }
}

/// The share of the hours of a day that is worked. The history of the team has its weekdays already, so a day without
/// hours counts as one with all of them, unless the person is away on both sides of it.
fn present(calendar: &Calendar, date: Date) -> f64 {
    let share = |date: Date| {
        let planned = calendar.week().day(date.weekday()).minutes();
        (planned > 0).then(|| (f64::from(calendar.minutes(date)) / f64::from(planned)).min(1.0))
    };
    let near = |step: i64| (1..=6).find_map(|days| share(date.saturating_add((step * days).days()))).unwrap_or(1.0);
    share(date).unwrap_or_else(|| near(-1).max(near(1)))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

pub fn day(from: Date, days: usize) -> Date {
    from.saturating_add(i64::try_from(days).unwrap_or(i64::MAX).days())
}

fn start(date: Date) -> Time {
    date.to_zoned(TimeZone::UTC).map_or(Time(0), |zoned| zoned.timestamp().into())
}

#[cfg(test)]
mod tests;
