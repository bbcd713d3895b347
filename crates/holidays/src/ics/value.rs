//! The values of RFC 5545 that events use: dates, date-times, durations and text.

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::lines::Property;
use super::zones;

/// A `DATE` or a `DATE-TIME`.
#[derive(Clone, Debug)]
pub struct Moment {
    /// Wall time; midnight for a date.
    pub at: DateTime,
    pub is_date: bool,
    /// IANA name; absent for a date, for the reader's own zone and for an unknown one.
    pub zone: Option<String>,
}

impl Moment {
    /// Reads `20261003`, `20261003T090000` or `20261003T090000Z`, with the zone of the property's `TZID`.
    pub fn parse(text: &str, zone: Option<&str>) -> Option<Self> {
        let text = text.trim();
        let Some((date_text, time_text)) = text.split_once('T') else {
            return Some(Self { at: date(text)?.to_datetime(Time::midnight()), is_date: true, zone: None });
        };
        let (time_text, zone) = match time_text.strip_suffix('Z') {
            Some(time_text) => (time_text, Some("UTC")),
            None => (time_text, zone),
        };
        let at = date(date_text)?.to_datetime(time(time_text)?);
        Some(Self { at, is_date: false, zone: zone.and_then(zones::iana) })
    }

    /// Reads all moments of a property such as `EXDATE`, which may list several; `None` when one is malformed.
    pub fn parse_all(property: &Property) -> Option<Vec<Self>> {
        let zone = property.parameter("TZID");
        property.value.split(',').map(|text| Self::parse(text, zone)).collect()
    }

    /// The wall time of this moment in another zone. A date, or a moment whose zone or the other one is not known, stays
    /// as it is.
    pub fn in_zone(&self, zone: Option<&str>) -> DateTime {
        let (Some(own), Some(other), false) = (self.zone.as_deref(), zone, self.is_date) else { return self.at };
        if own == other {
            return self.at;
        }
        let moved = || {
            let instant = self.at.to_zoned(TimeZone::get(own).ok()?).ok()?;
            Some(instant.with_time_zone(TimeZone::get(other).ok()?).datetime())
        };
        moved().unwrap_or(self.at)
    }
}

/// Reads a `DURATION` such as `P1W` or `PT8H30M`.
pub fn duration(text: &str) -> Option<Span> {
    let text = text.trim();
    text.trim_start_matches('+').starts_with('P').then(|| text.parse().ok())?
}

/// Undoes the escapes of a `TEXT`. Line breaks become spaces, because all texts read here are titles.
pub fn text(value: &str) -> String {
    let mut plain = String::with_capacity(value.len());
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => plain.push(' '),
                Some(escaped) => plain.push(escaped),
                None => plain.push('\\'),
            },
            _ if character.is_control() => plain.push(' '),
            _ => plain.push(character),
        }
    }
    plain.trim().to_owned()
}

fn date(text: &str) -> Option<Date> {
    if text.len() != 8 {
        return None;
    }
    let (month, day) = (number(text.get(4..6)?)?, number(text.get(6..8)?)?);
    Date::new(number(text.get(..4)?)?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// Reads `HHMMSS`. The second 60, which RFC 5545 allows for leap seconds, counts as 59.
fn time(text: &str) -> Option<Time> {
    if text.len() != 6 {
        return None;
    }
    let hour = number(text.get(..2)?)?.try_into().ok()?;
    let minute = number(text.get(2..4)?)?.try_into().ok()?;
    let second = number(text.get(4..)?)?;
    Time::new(hour, minute, if second == 60 { 59 } else { second.try_into().ok()? }, 0).ok()
}

fn number(digits: &str) -> Option<i16> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}
