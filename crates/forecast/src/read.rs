//! Reading finish dates and origins from text.
use crate::forecast::MOST_DAYS;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::fmt;

/// A line that cannot be read; its text is a sentence for the person whose file it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// From 1 on.
    pub line: usize,
    /// What stands there, shortened.
    pub text: String,
    /// What should stand there, with an example.
    pub wanted: &'static str,
}

/// The days of finished items: one date or RFC 3339 instant a line, quoted or not. Of several columns it is the first
/// that holds one on the first line. A first line without a digit is a header, and blank lines are skipped. An instant
/// counts on its day in UTC.
pub fn finishes(text: &str) -> Result<Vec<Date>, Unreadable> {
    let wanted = "a date such as 2024-05-01 or an instant such as 2024-05-01T09:30:00Z";
    let first = lines(text).next().and_then(|(_, fields)| fields.into_iter().position(|field| day(field).is_some()));
    let column = first.unwrap_or(0);
    let read = |(line, fields): (usize, Vec<&str>)| {
        fields.get(column).and_then(|field| day(field)).ok_or_else(|| unreadable(line, &fields, wanted))
    };
    lines(text).map(read).collect()
}

/// Pairs of a day to forecast from and a number of days from 1 to [`MOST_DAYS`]: `2024-05-01,28` a line, with the same freedoms.
pub fn origins(text: &str) -> Result<Vec<(Date, usize)>, Unreadable> {
    let wanted = "a date and a number of days up to 1100, such as 2024-05-01,28";
    let pair = |fields: &[&str]| {
        Some((day(fields[0])?, fields.get(1)?.parse().ok().filter(|days| (1..=MOST_DAYS).contains(days))?))
    };
    let read = |(line, fields): (usize, Vec<&str>)| pair(&fields).ok_or_else(|| unreadable(line, &fields, wanted));
    lines(text).map(read).collect()
}

/// The lines with something on them, numbered, and their fields without quotes and spaces.
fn lines(text: &str) -> impl Iterator<Item = (usize, Vec<&str>)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let numbered = text.lines().enumerate().map(|(place, line)| (place + 1, line));
    let filled = numbered.filter(|(_, line)| !line.trim().is_empty());
    let is_header = |line: &str| !line.contains(|character: char| character.is_ascii_digit());
    filled
        .enumerate()
        .filter(move |(place, (_, line))| *place > 0 || !is_header(line))
        .map(move |(_, (number, line))| (number, fields(line)))
}

fn fields(line: &str) -> Vec<&str> {
    line.split([',', ';', '\t']).map(|field| field.trim().trim_matches(['"', '\'']).trim()).collect()
}

/// A date, or the UTC day of an instant with `Z` or an offset such as `+02:00` or `+0200`; an instant without one is
/// taken as it stands.
fn day(text: &str) -> Option<Date> {
    if text.len() == "2024-05-01".len() {
        return text.parse().ok();
    }
    let instant = text.parse::<Timestamp>().or_else(|_| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text));
    match instant.or_else(|_| Timestamp::strptime("%Y-%m-%d %H:%M:%S%.f %z", text)) {
        Ok(instant) => Some(instant.to_zoned(TimeZone::UTC).date()),
        Err(_) => text.parse::<jiff::civil::DateTime>().ok().map(|local| local.date()),
    }
}

fn unreadable(line: usize, fields: &[&str], wanted: &'static str) -> Unreadable {
    let text = fields.join(",");
    let short = if text.chars().count() > 40 { text.chars().take(39).chain(['…']).collect() } else { text };
    Unreadable { line, text: short, wanted }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {} says “{}”. Write {} there, or remove the line.", self.line, self.text, self.wanted)
    }
}

impl std::error::Error for Unreadable {}
