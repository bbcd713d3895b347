//! How much a team can do on each coming day, from the same calendars as everything else: working hours, leave,
//! holidays, on-call, part-time, people who join and leave, and hires that are only probable.
//!
//! Of leave only the dates count. What comes out is of the team as a whole.
mod roster;

use forecast::{MOST_DAYS, Person, Prior, Ramp};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Id, Result, Team, Time, Tx};
use roster::{Roster, Seen};
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
    /// The share of the work of somebody on call that is lost to it, from 0 to 1.
    pub on_call: f64,
}

impl Default for Assumptions {
    fn default() -> Self {
        Self { focus: 1.0, hires: Vec::new(), fewer: Vec::new(), on_call: ON_CALL }
    }
}

/// The capacity of a team.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Each coming day relative to what the recent pace was made with.
    pub coming: Vec<f64>,
    pub people: People,
}

/// Who is behind a capacity, in units of full-time people who know the work.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
pub struct People {
    /// Members today.
    pub members: usize,
    /// Present on an average day of the past year, in which later days count more, as they do for the pace.
    pub before: f64,
    /// Present on an average day of the next four weeks.
    pub next: f64,
}

/// A newcomer to the company.
pub const NEWCOMER: Ramp = Ramp { start: 0.25, days: 90 };
/// The share of the work of somebody on call that is lost to it, where nobody says otherwise: an assumption.
pub const ON_CALL: f64 = 0.5;
/// The past over which capacity is averaged, and the least of it that says something.
const PAST: i64 = 364;
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
/// The same of forecasts of the past, which look less far ahead.
const AHEAD: usize = 112;

impl Capacity {
    /// The capacity of a team from a day on. Its own members count, not those of the teams in it.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, as_of: Date, assumed: &Assumptions) -> Result<Capacity> {
        Ok(Capacity::of_each(tx, &[(team, as_of)], assumed).await?.swap_remove(0))
    }

    /// The same of each of these teams, in their order, in as many statements as of one.
    pub async fn of_each(tx: &mut Tx<'_>, teams: &[(Id<Team>, Date)], assumed: &Assumptions) -> Result<Vec<Capacity>> {
        let Some(earliest) = teams.iter().map(|(_, as_of)| *as_of).min() else { return Ok(Vec::new()) };
        let latest = teams.iter().map(|(_, as_of)| *as_of).max().unwrap_or(earliest);
        let apart = usize::try_from((latest - earliest).get_days()).unwrap_or(0);
        let (first, days) = (earliest.saturating_sub(PAST.days()), PAST as usize + apart + NEAR);
        let ids: Vec<Id<Team>> = teams.iter().map(|(team, _)| *team).collect();
        let rosters = Roster::load(tx, &ids, first, days, false).await?;
        let of = |(roster, (_, as_of)): (&Roster, &(Id<Team>, Date))| {
            computed(&roster.seen(*as_of, None, assumed.on_call), *as_of, NEAR, assumed)
        };
        Ok(rosters.iter().zip(teams).map(of).collect())
    }
}

/// The capacity of a team on days of its past, each from what was known on the day.
pub struct Past {
    roster: Roster,
}

impl Past {
    /// For days from `first` until `last`.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, first: Date, last: Date) -> Result<Past> {
        let days = usize::try_from((last - first).get_days()).unwrap_or(0) + PAST as usize + AHEAD;
        let mut rosters = Roster::load(tx, &[team], first.saturating_sub(PAST.days()), days, true).await?;
        Ok(Past { roster: rosters.swap_remove(0) })
    }

    /// Each day from this one on relative to what the pace before was made with. People who came or left later and leave that was
    /// entered later were not known yet.
    pub fn coming(&self, as_of: Date) -> Vec<f64> {
        let assumed = Assumptions::default();
        computed(&self.roster.seen(as_of, Some(as_of), assumed.on_call), as_of, AHEAD, &assumed).coming
    }
}

/// The days are computed one by one for the first `near` ones; later ones are as the last four weeks of these.
fn computed(members: &[Seen<'_>], as_of: Date, near: usize, assumed: &Assumptions) -> Capacity {
    let first = members.iter().map(Seen::begins_on).min();
    let past = first.map_or(as_of, |first| first.max(as_of.saturating_sub(PAST.days())));
    let on = |date: Date| members.iter().map(|member| member.on(date)).sum::<f64>();
    let before: Vec<Date> = past.series(1.day()).take_while(|date| *date < as_of).collect();
    let today = members.iter().filter(|member| member.holds(as_of)).count();
    let nominal: f64 = members.iter().map(|member| member.nominal(as_of)).sum();
    let present: Vec<f64> = before.iter().map(|date| on(*date)).collect();
    let remembered = Prior::built_in().remembered(&present).filter(|_| present.len() >= LEAST_PAST);
    let average = remembered.unwrap_or(nominal * USUAL);
    let usual = usual(members, &before);
    let coming = |ahead: usize| {
        let date = day(as_of, ahead);
        let known: f64 = members.iter().map(|member| expected(member, date, ahead, usual)).sum();
        let hired: f64 = assumed.hires.iter().map(|hire| hire.on(date) * usual).sum();
        let gone = assumed.fewer.iter().filter(|(_, from, until)| *from <= date && until.is_none_or(|end| date < end));
        (known + hired - gone.map(|(people, _, _)| people * usual).sum::<f64>()).max(0.0)
    };
    let near: Vec<f64> = (0..near).map(coming).collect();
    let last = mean(&near[near.len() - 28..]);
    let people = People { members: today, before: average, next: mean(&near[..28]) };
    let known = today > 0 && average > 0.01;
    let relative = |present: f64| if known { (present / average).min(3.0) } else { 1.0 };
    let all = near.iter().copied().chain(std::iter::repeat_n(last, MOST_DAYS - near.len()));
    Capacity { coming: all.map(|present| relative(present) * assumed.focus).collect(), people }
}

/// The share of what would have been there that was not lost to leave, counted by days as the average of the past is.
fn usual(members: &[Seen<'_>], before: &[Date]) -> f64 {
    let (mut worked, mut planned) = (0.0, 0.0);
    for member in members {
        for date in before.iter().filter(|date| member.holds(**date)) {
            worked += member.on(*date);
            planned += member.planned(*date);
        }
    }
    if planned < LEAST_PLANNED { USUAL } else { worked / planned }
}

/// The capacity of a coming day, on which leave may still be entered.
fn expected(member: &Seen<'_>, date: Date, ahead: usize, usual: f64) -> f64 {
    let open = ((ahead as f64 - ENTERED) / (NOT_ENTERED - ENTERED)).clamp(0.0, 1.0);
    member.on(date) * (1.0 - (1.0 - usual) * open)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

pub fn day(from: Date, days: usize) -> Date {
    from.saturating_add(i64::try_from(days).unwrap_or(i64::MAX).days())
}

/// The instant at which a date begins in UTC.
pub fn start(date: Date) -> Time {
    date.to_zoned(TimeZone::UTC).map_or(Time(0), |zoned| zoned.timestamp().into())
}

#[cfg(test)]
mod tests;
