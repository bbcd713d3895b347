//! The work calendar: when a person is at work, and time counted in their own working hours.
//!
//! Working hours are written in local wall time and become instants date by date with the rules of the zone, so a
//! working day keeps its place on the wall clock when daylight saving changes and its length is the real one.
//!
//! What holds on a date, strongest first: leave, then an exception, then a holiday, then the week. An interval that
//! crosses midnight belongs to the date on which it begins: a holiday or a whole day of leave takes the night shift
//! that begins on that day, not the one that ends on it.
//!
//! A local time that the clocks skip stands for the moment of the change, so nobody works in hours that their clock
//! never showed, and a date that a zone skipped has no working time. A local time that comes twice stands for its
//! first occurrence. Between the two ends every real minute counts: a shift through the change in autumn is one hour
//! longer.
//!
//! Intervals include their start and exclude their end. Searches look ahead three years and then answer `None`.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::{Error, Result, Time};

mod people;
mod text;
mod walk;
mod week;

#[cfg(test)]
mod tests;

pub use people::{Window, best_windows, earliest_fair, overlap, short};
pub use week::{Hours, Interval, Week};

/// When one person works: a zone, a week, and the dates on which the week does not hold.
#[derive(Clone, Debug)]
pub struct Calendar {
    zone: TimeZone,
    week: Week,
    holidays: BTreeSet<Date>,
    exceptions: BTreeMap<Date, Hours>,
    leave: Vec<Leave>,
}

/// An absence from `first` to `last`, both included. A `last` before `first` takes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    pub first: Date,
    pub last: Date,
    /// The local hours taken on each of the dates; `None` takes the whole days.
    pub hours: Option<Hours>,
}

/// A stretch of time from `start` up to, but not including, `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Span {
    pub start: Time,
    pub end: Time,
}

impl Calendar {
    pub fn new(zone: TimeZone, week: Week) -> Self {
        Self { zone, week, holidays: BTreeSet::new(), exceptions: BTreeMap::new(), leave: Vec::new() }
    }

    /// Adds days on which nothing of the week is worked.
    pub fn with_holidays(mut self, dates: impl IntoIterator<Item = Date>) -> Self {
        self.holidays.extend(dates);
        self
    }

    /// Adds hours that replace those of the week on one date, holiday or not; empty hours make the date free.
    pub fn with_exceptions(mut self, exceptions: impl IntoIterator<Item = (Date, Hours)>) -> Self {
        self.exceptions.extend(exceptions);
        self
    }

    pub fn with_leave(mut self, leave: impl IntoIterator<Item = Leave>) -> Self {
        self.leave.extend(leave);
        self
    }

    /// The same calendar of somebody who is never on leave.
    pub fn without_leave(&self) -> Self {
        Self { leave: Vec::new(), ..self.clone() }
    }

    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The IANA name of the zone, such as `Europe/Berlin`; `UTC` for a zone without a name, which [`zone`] never gives.
    pub fn zone_name(&self) -> &str {
        self.zone.iana_name().unwrap_or("UTC")
    }

    pub fn week(&self) -> &Week {
        &self.week
    }

    /// The working time of the intervals that begin on the local date, in order and apart from each other. Where an
    /// exception overlaps the night shift of the day before, the shared time counts for the day before.
    pub fn on(&self, date: Date) -> Vec<Span> {
        let at = |minute| instant(&self.zone, wall(date, minute)?);
        let span = |interval: Interval| Some(Span { start: at(interval.start)?, end: at(interval.end)? });
        self.intervals(date).into_iter().filter_map(span).filter(|span| span.start < span.end).collect()
    }

    /// The minutes on the wall clock that are worked in the intervals of the local date.
    pub fn minutes(&self, date: Date) -> u32 {
        self.intervals(date).iter().map(|interval| u32::from(interval.end.abs_diff(interval.start))).sum()
    }

    fn intervals(&self, date: Date) -> Vec<Interval> {
        let carried = date.yesterday().map_or(0, |yesterday| self.planned(yesterday).carried_over());
        let day = Interval { start: carried, end: 2 * week::DAY };
        let mut left: Vec<_> =
            self.planned(date).intervals().iter().filter_map(|planned| planned.within(day)).collect();
        for absence in self.absences(date) {
            left = left.into_iter().flat_map(|interval| interval.without(absence)).flatten().collect();
        }
        left
    }

    /// The hours of the date before part-day leave.
    fn planned(&self, date: Date) -> &Hours {
        static FREE: Hours = Hours::FREE;
        if self.leave.iter().any(|leave| leave.hours.is_none() && leave.covers(date)) {
            return &FREE;
        }
        match self.exceptions.get(&date) {
            Some(hours) => hours,
            None if self.holidays.contains(&date) => &FREE,
            None => self.week.day(date.weekday()),
        }
    }

    /// Part-day leave that can touch intervals of the date, in minutes since its midnight: that of the date itself and
    /// of its neighbours, because both leave and shifts may cross midnight.
    fn absences(&self, date: Date) -> impl Iterator<Item = Interval> {
        let partial = self.leave.iter().filter_map(|leave| Some((leave, leave.hours.as_ref()?)));
        partial.flat_map(move |(leave, hours)| {
            let covered = move |days: &i16| date.checked_add(days.days()).is_ok_and(|day| leave.covers(day));
            let shifted = |days: i16| hours.intervals().iter().map(move |interval| interval.shifted(days * week::DAY));
            [-1, 0, 1].into_iter().filter(covered).flat_map(shifted)
        })
    }

    fn local(&self, at: Time) -> DateTime {
        let end = if at.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        self.zone.to_datetime(Timestamp::from_microsecond(at.0).unwrap_or(end))
    }
}

impl Leave {
    fn covers(&self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }
}

impl Span {
    pub fn duration(self) -> SignedDuration {
        SignedDuration::from_micros(self.end.0 - self.start.0)
    }

    pub fn contains(self, at: Time) -> bool {
        self.start <= at && at < self.end
    }
}

/// The zone of an IANA name, in any case; `Invalid` for a name that is not known here.
pub fn zone(name: &str) -> Result<TimeZone> {
    let known = TimeZone::get(name.trim()).ok().filter(|zone| !zone.is_unknown() && zone.iana_name().is_some());
    known.ok_or_else(|| {
        Error::invalid("zone", format!("`{name}` is not a known time zone; use a name such as Europe/Berlin."))
    })
}

/// The local date and time some minutes, up to two days, after the midnight that begins the date.
fn wall(date: Date, minute: i16) -> Option<DateTime> {
    date.at(0, 0, 0, 0).checked_add(SignedDuration::from_mins(minute.into())).ok()
}

/// The instant of a local time: the moment of the change if clocks skip it, the first occurrence if it comes twice.
/// Unlike the "compatible" rule, which moves a skipped time forward by the length of the gap, this keeps the order of
/// local times. `None` outside the years that jiff can represent.
fn instant(zone: &TimeZone, local: DateTime) -> Option<Time> {
    let candidates = zone.to_ambiguous_timestamp(local);
    let timestamp = match candidates.offset() {
        AmbiguousOffset::Gap { .. } => zone.following(candidates.earlier().ok()?).next()?.timestamp(),
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => candidates.compatible().ok()?,
    };
    Some(Time(timestamp.as_microsecond()))
}
