//! When a check-in opens for one person, and until when it is theirs to answer in time.
use jiff::{
    SignedDuration, ToSpan,
    civil::{self, Date},
    tz::TimeZone,
};
use kernel::{Time, calendar::Calendar};

/// The time that one person has for one date of a check-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub opens_at: Time,
    pub due_at: Time,
}

/// Nothing on a date on which the person does not work. It opens at the local time `opens`, or when they come to work
/// after it; where their day is over by then, at the start of their last hours. It is due after `hours` of their working
/// time, at the end of their day at the latest.
pub fn window(calendar: &Calendar, date: Date, opens: civil::Time, hours: i64) -> Option<Window> {
    let spans = calendar.on(date);
    let last = *spans.last()?;
    let wanted = Time::from(date.to_datetime(opens).to_zoned(calendar.zone().clone()).ok()?.timestamp());
    let reached = spans.iter().find(|span| wanted < span.end);
    let opens_at = reached.map_or(last.start, |span| wanted.max(span.start));
    let due_at = calendar.add(opens_at, SignedDuration::from_hours(hours)).map_or(last.end, |at| at.min(last.end));
    Some(Window { opens_at, due_at })
}

/// The time of one person for a round that is open for `days` days: on its date, else on the first day after it on which
/// they work.
pub fn first_window(calendar: &Calendar, date: Date, days: usize, opens: civil::Time, hours: i64) -> Option<Window> {
    date.series(1.day()).take(days).find_map(|day| window(calendar, day, opens, hours))
}

/// When a round is read together: once everyone had their time, and at the latest [`patience`] after its date; if nobody has
/// theirs sooner, once the first had it. Nothing if nobody takes part.
pub fn closing(date: Date, dues: &[Time]) -> Option<Time> {
    let (first, last) = (*dues.iter().min()?, *dues.iter().max()?);
    Some(last.min(patience(date).max(first)))
}

/// Three days after a date is over everywhere: so long a roll-up waits for those who were off.
pub fn patience(date: Date) -> Time {
    let noon = date.saturating_add(4.days()).to_datetime(civil::time(12, 0, 0, 0));
    Time::from(TimeZone::UTC.to_ambiguous_timestamp(noon).compatible().unwrap_or(jiff::Timestamp::MAX))
}

#[cfg(test)]
mod tests;
