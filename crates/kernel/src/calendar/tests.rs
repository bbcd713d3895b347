use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};

use super::{Calendar, Hours, Leave, Span, Week, zone};
use crate::Time;

mod dates;
mod daylight;
mod people;
mod properties;
mod text;
mod walk;

const OFFICE: &str = "Mon-Fri 09:00-17:00";

fn person(zone_name: &str, week: &str) -> Calendar {
    Calendar::new(zone(zone_name).unwrap(), week.parse().unwrap())
}

/// The instant of an unambiguous local time such as `2026-03-18T09:00`.
fn at(person: &Calendar, local: &str) -> Time {
    let local: DateTime = local.parse().unwrap();
    Time(person.zone().to_ambiguous_timestamp(local).unambiguous().unwrap().as_microsecond())
}

/// The local time with its offset, such as `Wed 2026-03-18 09:00 +01:00`.
fn shown(person: &Calendar, at: Time) -> String {
    let timestamp = jiff::Timestamp::from_microsecond(at.0).unwrap();
    timestamp.to_zoned(person.zone().clone()).strftime("%a %Y-%m-%d %H:%M %:z").to_string()
}

/// The local time alone, such as `2026-03-18 09:00`.
fn clock(person: &Calendar, at: Time) -> String {
    shown(person, at)[4..20].to_owned()
}

fn clock_spans(person: &Calendar, spans: impl IntoIterator<Item = Span>) -> Vec<String> {
    let text = |span: Span| format!("{} to {}", clock(person, span.start), clock(person, span.end));
    spans.into_iter().map(text).collect()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn hours(text: &str) -> Hours {
    text.parse().unwrap()
}

fn off(first: &str, last: &str) -> Leave {
    Leave { first: date(first), last: date(last), hours: None }
}

fn off_hours(first: &str, last: &str, text: &str) -> Leave {
    Leave { first: date(first), last: date(last), hours: Some(hours(text)) }
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}
