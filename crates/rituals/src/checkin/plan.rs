//! When a check-in opens for one person, and until when it is theirs to answer in time.
use jiff::{
    SignedDuration,
    civil::{self, Date},
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

#[cfg(test)]
mod tests;
