//! The moments at which somebody may be told of something.
use super::Rhythm;
use jiff::{SignedDuration, tz::TimeZone};
use kernel::{
    Time,
    calendar::{Calendar, Hours},
};

/// The first moment at or after `at` inside working hours and outside quiet ones. `None` for somebody whose quiet hours
/// leave nothing, or who does not work in the next years.
pub(crate) fn allowed(calendar: &Calendar, quiet: &Hours, at: Time) -> Option<Time> {
    const TRIES: usize = 200;
    let mut at = at;
    for _ in 0..TRIES {
        if !calendar.is_working(at) {
            at = calendar.next_start(at)?;
        }
        match end_of_quiet(quiet, calendar.zone(), at) {
            Some(end) => at = end,
            None => return Some(at),
        }
    }
    None
}

/// The end of the quiet hours in which `at` falls.
fn end_of_quiet(quiet: &Hours, zone: &TimeZone, at: Time) -> Option<Time> {
    let local = at.in_zone(zone);
    let today = i64::from(local.hour()) * 60 + i64::from(local.minute());
    let ends = quiet.intervals().iter().filter_map(|interval| {
        let (start, end) = (i64::from(interval.start), i64::from(interval.end));
        let since = [today, today + 24 * 60].into_iter().find(|minute| (start..end).contains(minute))?;
        Some(end - since)
    });
    let minutes = ends.max()?;
    let whole = Time(at.0 - at.0.rem_euclid(60_000_000));
    Some(Time(whole.0 + minutes * 60_000_000))
}

impl Rhythm {
    /// When the next digest after `at` leaves.
    pub(crate) fn next(self, calendar: &Calendar, quiet: &Hours, at: Time) -> Option<Time> {
        let next = match self {
            Rhythm::Never => None,
            Rhythm::Morning => calendar.next_working_morning(at),
            Rhythm::FourHours => {
                let morning = calendar.next_working_morning(at)?;
                let later = calendar.add(at, SignedDuration::from_hours(4)).filter(|later| calendar.is_working(*later));
                Some(later.map_or(morning, |later| later.min(morning)))
            }
            Rhythm::Weekly => {
                let week = |at: Time| at.date(calendar.zone()).iso_week_date();
                let this = (week(at).year(), week(at).week());
                let mornings =
                    std::iter::successors(calendar.next_working_morning(at), |at| calendar.next_working_morning(*at));
                mornings.take(400).find(|at| (week(*at).year(), week(*at).week()) != this)
            }
        };
        allowed(calendar, quiet, next?)
    }
}

#[cfg(test)]
mod tests;
