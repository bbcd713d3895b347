//! When something is to begin or to be reached, as exactly as one wants to say it.
use jiff::{ToSpan, civil::Date};
use kernel::{Error, FromValue, Result, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

/// A day, a month or a quarter of the calendar year: `2026-06-12`, `2026-06` or `2026-Q2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    Day(Date),
    /// By its first day.
    Month(Date),
    /// By its first day.
    Quarter(Date),
}

impl Period {
    /// The quarter in which a day lies.
    pub fn quarter_of(day: Date) -> Period {
        let month = (day.month() - 1) / 3 * 3 + 1;
        Period::Quarter(jiff::civil::date(day.year(), month, 1))
    }

    pub fn first(self) -> Date {
        let (Period::Day(first) | Period::Month(first) | Period::Quarter(first)) = self;
        first
    }

    pub fn last(self) -> Date {
        let months = match self {
            Period::Day(day) => return day,
            Period::Month(_) => 1,
            Period::Quarter(_) => 3,
        };
        self.first().saturating_add(months.months()).saturating_sub(1.day())
    }

    /// `12 June 2026`, `June 2026`, `Q2 2026`
    pub fn in_words(self) -> String {
        match self {
            Period::Day(day) => ui::date_long(day),
            Period::Month(first) => first.strftime("%B %Y").to_string(),
            Period::Quarter(first) => format!("Q{} {}", number(first), first.year()),
        }
    }
}

/// The quarter of a year, from 1.
fn number(first: Date) -> i8 {
    (first.month() - 1) / 3 + 1
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Day(day) => day.fmt(f),
            Period::Month(first) => first.strftime("%Y-%m").fmt(f),
            Period::Quarter(first) => write!(f, "{:04}-Q{}", first.year(), number(*first)),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    /// Also `Q2 2026`, as people say it.
    fn from_str(text: &str) -> Result<Period, String> {
        let text = text.trim();
        let wrong = || format!("“{text}” is no day, month or quarter. Write 2026-06-12, 2026-06 or 2026-Q2.");
        let day = |text: &str| text.parse::<Date>().ok().filter(|day| (1970..=2999).contains(&day.year()));
        if !text.is_ascii() {
            return Err(wrong());
        }
        let upper = text.to_ascii_uppercase();
        let quarter = upper.split_once("-Q").or_else(|| upper.strip_prefix('Q')?.split_once(' ').map(|(q, y)| (y, q)));
        let found = match (quarter, text.len()) {
            (Some((year, "1")), _) => day(&format!("{year}-01-01")).map(Period::Quarter),
            (Some((year, "2")), _) => day(&format!("{year}-04-01")).map(Period::Quarter),
            (Some((year, "3")), _) => day(&format!("{year}-07-01")).map(Period::Quarter),
            (Some((year, "4")), _) => day(&format!("{year}-10-01")).map(Period::Quarter),
            (None, 7) => day(&format!("{text}-01")).map(Period::Month),
            (None, 10) => day(text).map(Period::Day),
            _ => None,
        };
        found.ok_or_else(wrong)
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl FromValue for Period {
    fn from_value(value: Value<'_>) -> Result<Self> {
        String::from_value(value)?.parse().map_err(Error::internal)
    }
}

impl JsonSchema for Period {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Period".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{4}-([0-9]{2}(-[0-9]{2})?|Q[1-4])$" })
    }
}

#[cfg(test)]
mod tests;
