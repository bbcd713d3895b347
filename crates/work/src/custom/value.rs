//! What fields hold, read from what somebody gives, and as keys that sort, by which it is found.
use super::{CustomField, Kind};
use jiff::civil::Date;
use kernel::{Id, Json, text::Line};
use people::person::folded;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// What a field is given: a text, a number, a day such as `2026-04-01`, a choice by its id or name, the id of a person, or
/// an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given(pub Line<2000>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = match Json::deserialize(d)? {
            Json::String(text) => text,
            Json::Number(number) => number.to_string(),
            _ => return Err(de::Error::custom("Write a text or a number.")),
        };
        text.try_into().map(Given).map_err(de::Error::custom)
    }
}

impl FromStr for Given {
    type Err = String;

    fn from_str(text: &str) -> Result<Given, String> {
        text.parse().map(Given)
    }
}

impl JsonSchema for Given {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "GivenValue".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"], "maxLength": 2000 })
    }
}

/// A number with at most six decimals, less than 10^12 either way, in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Number(i64);

const DECIMALS: usize = 6;
const UNIT: i64 = 1_000_000;
const WHOLE_DIGITS: usize = 12;
/// More than any number is below zero.
const OFFSET: i64 = 1_000_000_000_000_000_000;

impl Number {
    pub const LEAST: Number = Number(1 - OFFSET);
    pub const MOST: Number = Number(OFFSET - 1);

    /// Sorts like the number.
    pub fn key(self) -> String {
        format!("{:019}", self.0 + OFFSET)
    }

    /// The next larger one, which has a key even where it is too large for a field.
    pub fn next(self) -> Number {
        Number(self.0 + 1)
    }

    /// The next smaller one, likewise.
    pub fn previous(self) -> Number {
        Number(self.0 - 1)
    }
}

impl FromStr for Number {
    type Err = String;

    fn from_str(text: &str) -> Result<Number, String> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        if !are_digits(whole) || !are_digits(part) {
            return Err("Write a number, such as 1200 or -0.5.".to_owned());
        }
        let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
        if whole.len() > WHOLE_DIGITS || part.len() > DECIMALS {
            return Err("Write a number below 1000000000000 with at most six decimals.".to_owned());
        }
        // Only digits are left, and so few of them that they fit.
        let read = |digits: &str| digits.parse::<i64>().unwrap_or(0);
        Ok(Number(sign * (read(whole) * UNIT + read(&format!("{part:0<DECIMALS$}")))))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / UNIT.unsigned_abs(), self.0.unsigned_abs() % UNIT.unsigned_abs());
        let text = format!("{whole}.{part:0DECIMALS$}");
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// An address that a browser may open.
pub fn link(text: &str) -> Result<String, String> {
    let opens = url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match opens && !text.contains(char::is_whitespace) {
        true => Ok(text.to_owned()),
        false => Err("Write an address that begins with https://.".to_owned()),
    }
}

/// How a value is stored, and how it sorts; of a choice and of somebody, the id.
///
/// # Errors
/// A sentence that says what would fit.
pub fn stored(kind: Kind, text: &str) -> Result<[String; 2], String> {
    match kind {
        Kind::Text | Kind::Choice | Kind::Person => Ok([text.to_owned(), text_key(text)]),
        Kind::Link => link(text).map(|address| [address, text_key(text)]),
        Kind::Number => text.parse::<Number>().map(|number| [number.to_string(), number.key()]),
        Kind::Day => {
            let day = text.parse::<Date>().ok().filter(|day| (1..=9999).contains(&day.year()));
            let day = day.ok_or("Write a day, such as 2026-04-01.")?;
            Ok([day.to_string(), day_key(day)])
        }
    }
}

/// As much of a text is kept as it stands in its key, in characters.
const SORTED: usize = 100;

/// A text without case and marks. Of a long one the beginning and a number that stands for all of it, as an index takes
/// no long keys.
pub fn text_key(text: &str) -> String {
    let whole = folded(text);
    match whole.char_indices().nth(SORTED) {
        Some((end, _)) => format!("{}\u{2026}{}", &whole[..end], kernel::fingerprint(&whole)),
        None => whole,
    }
}

/// What a field holds, as it is found.
pub fn sought(field: Id<CustomField>, key: &str) -> String {
    format!("{field} {key}")
}

/// From the first to the second of these lies everything that a field holds.
pub fn everything(field: Id<CustomField>) -> [String; 2] {
    [field.to_string(), format!("{field}~")]
}

pub fn day_key(day: Date) -> String {
    day.to_string()
}

#[cfg(test)]
mod tests;
