//! From an event of a file to the time that a leave takes.
use crate::leave::{Kind, Stretch};
use holidays::ics::{Event, Times};
use jiff::{
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use std::collections::{BTreeMap, BTreeSet};

/// An event, as far as leave is concerned.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub line: usize,
    pub title: String,
    /// What tells that the leave of an earlier import is of this event; nothing where the file tells it twice.
    pub key: Option<String>,
    pub first_on: Date,
    pub last_on: Date,
    /// Or why it cannot be entered.
    pub time: Result<Stretch, String>,
    pub cancelled: bool,
}

const LONGEST_KEY: usize = 255;

/// The events in the file's order. Those of one identifier are told from each other by their first day.
pub fn wanted(events: &[Event], zone: &TimeZone, today: Date) -> Vec<Wanted> {
    let mut times_told: BTreeMap<&str, usize> = BTreeMap::new();
    for event in events {
        *times_told.entry(&event.uid).or_default() += 1;
    }
    let mut keys = BTreeSet::new();
    let read = |event: &Event| {
        let key = match times_told.get(event.uid.as_str()) {
            Some(2..) => format!("{} {}", event.uid, event.first),
            _ => event.uid.clone(),
        };
        let refused = match () {
            () if key.len() > LONGEST_KEY => Some("Its identifier is longer than 255 characters."),
            () if keys.contains(&key) => Some("It stands in the file twice."),
            () => None,
        };
        let time = match refused {
            Some(sentence) => Err(sentence.to_owned()),
            None => time(event, zone).and_then(|time| match time.check(today) {
                Ok(()) => Ok(time),
                Err(flaws) => Err(flaws.to_string()),
            }),
        };
        keys.insert(key.clone());
        Wanted {
            line: event.line,
            title: event.summary.clone(),
            key: refused.is_none().then_some(key),
            first_on: event.first,
            last_on: event.last,
            time,
            cancelled: event.cancelled,
        }
    };
    events.iter().map(read).collect()
}

/// What the title says, else `otherwise`.
pub fn kind(title: &str, otherwise: Kind) -> Kind {
    const SAID: [(Kind, &[&str]); 7] = [
        (Kind::Sick, &["sick", "illness", "medical"]),
        (Kind::Parental, &["parental", "maternity", "paternity"]),
        (Kind::Training, &["training", "conference", "course"]),
        (Kind::PublicDuty, &["jury", "public duty", "military"]),
        (Kind::Sabbatical, &["sabbatical"]),
        (Kind::Unpaid, &["unpaid"]),
        (Kind::Holiday, &["holiday", "vacation", "annual leave"]),
    ];
    let title = title.to_lowercase();
    let said = SAID.iter().find(|(_, words)| words.iter().any(|word| title.contains(word)));
    said.map_or(otherwise, |(kind, _)| *kind)
}

/// Whole days; or the hours of one day, for an event shorter than a day.
fn time(event: &Event, zone: &TimeZone) -> Result<Stretch, String> {
    let Some(times) = &event.times else {
        return Ok(Stretch { first_on: event.first, last_on: event.last, hours: None });
    };
    let (start, end) = (local(times, times.start, zone), local(times, times.end, zone));
    if end <= start {
        return Err("It has no length.".into());
    }
    let midnight = end.time() == Time::midnight();
    if start.duration_until(end).as_hours() < 24 {
        let ends = if midnight { "24:00".to_owned() } else { end.strftime("%H:%M").to_string() };
        let hours = format!("{}-{ends}", start.strftime("%H:%M"));
        return Stretch::read(start.date(), None, &hours).map_err(|error| error.to_string());
    }
    let last_on = if midnight { end.date().yesterday().unwrap_or(end.date()) } else { end.date() };
    Ok(Stretch { first_on: start.date(), last_on, hours: None })
}

/// The wall time of an event in the person's zone.
fn local(times: &Times, at: DateTime, zone: &TimeZone) -> DateTime {
    let theirs = times.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let moved = theirs.and_then(|theirs| at.to_zoned(theirs).ok());
    moved.map_or(at, |zoned| zoned.with_time_zone(zone.clone()).datetime())
}

#[cfg(test)]
mod tests;
