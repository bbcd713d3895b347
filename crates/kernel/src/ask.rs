//! What one person wants from another, on the receiver's own clock. Parts say it with [`Tx::ask`](crate::Tx::ask); the
//! part `asks` keeps it, delivers it and tells how it ended.
use crate::{Error, FromValue, Id, Person, Reference, Result, Time, Value, calendar::Calendar, words};
use jiff::{
    SignedDuration,
    civil::{self, Weekday},
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

words! {
    /// What is wanted.
    pub enum Verb {
        Read = "read",
        Answer = "answer",
        Review = "review",
        Decide = "decide",
        Approve = "approve",
        Prepare = "prepare",
        FillIn = "fill_in",
        Acknowledge = "acknowledge",
    }
}

words! {
    /// What it means when the due time passes without an answer.
    pub enum Silence {
        /// The ask stays open.
        Nothing = "nothing",
        /// The ask lapses, and that counts as a yes.
        Consent = "consent",
        /// The ask lapses, and somebody else is asked.
        Escalate = "escalate",
    }
}

/// An ask as a part raises it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NewAsk {
    pub to: Vec<Id<Person>>,
    /// Nobody when Cairn itself asks.
    pub from: Option<Id<Person>>,
    pub verb: Verb,
    /// One line that says what it is about; everyone who is asked may read it.
    pub subject: String,
    pub about: Option<Reference>,
    /// What the receiver's team has agreed for this verb, if nothing is said.
    pub due: Option<Due>,
    pub silence: Silence,
    pub escalate_to: Option<Id<Person>>,
    pub urgent: bool,
}

/// When an ask is due, as it was promised. The instant follows from the receiver's calendar.
///
/// Its text is what a person types and what is stored: `8 working hours`, `45 working minutes`, `2 working days`,
/// `Fri 12:00` (where the receiver is) or `2026-03-20T15:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    Minutes(u32),
    Days(u32),
    Local(Weekday, civil::Time),
    Moment(Time),
}

/// The least working time that a moment leaves to the receiver.
const LEAST: SignedDuration = SignedDuration::from_hours(1);
const MOST_DAYS: u32 = 250;
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Mon", Weekday::Monday),
    ("Tue", Weekday::Tuesday),
    ("Wed", Weekday::Wednesday),
    ("Thu", Weekday::Thursday),
    ("Fri", Weekday::Friday),
    ("Sat", Weekday::Saturday),
    ("Sun", Weekday::Sunday),
];

impl Verb {
    /// As a page says it: `Review`.
    pub fn title(self) -> &'static str {
        match self {
            Verb::Read => "Read",
            Verb::Answer => "Answer",
            Verb::Review => "Review",
            Verb::Decide => "Decide",
            Verb::Approve => "Approve",
            Verb::Prepare => "Prepare",
            Verb::FillIn => "Fill in",
            Verb::Acknowledge => "Acknowledge",
        }
    }

    /// What the one who was asked says when it is done: `Reviewed`.
    pub fn done(self) -> &'static str {
        match self {
            Verb::Read => "Read",
            Verb::Answer => "Answered",
            Verb::Review => "Reviewed",
            Verb::Decide => "Decided",
            Verb::Approve => "Approved",
            Verb::Prepare => "Prepared",
            Verb::FillIn => "Filled in",
            Verb::Acknowledge => "Acknowledged",
        }
    }
}

impl Due {
    /// The instant at which an ask raised at `start` is due in this calendar: always inside working hours, or at the end
    /// of some. A moment is counted as the working time up to it, at least one hour, and leave stops that clock, so it
    /// comes later for somebody who is away. `None` if the next three years do not hold so much work.
    pub fn on(self, calendar: &Calendar, start: Time) -> Option<Time> {
        match self {
            Due::Minutes(minutes) => calendar.add(start, SignedDuration::from_mins(minutes.into())),
            Due::Days(days) => calendar.add_days(start, days),
            Due::Local(weekday, time) => Due::Moment(calendar.local_moment(start, weekday, time)?).on(calendar, start),
            Due::Moment(moment) => {
                let usual = calendar.without_leave().between(start, moment);
                calendar.add(start, usual.max(LEAST))
            }
        }
    }

    /// The working time that is promised to whoever is asked, where the text itself says it; a working day counts as
    /// eight hours.
    pub fn promise(self) -> Option<SignedDuration> {
        match self {
            Due::Minutes(minutes) => Some(SignedDuration::from_mins(minutes.into())),
            Due::Days(days) => Some(SignedDuration::from_hours(8 * i64::from(days))),
            Due::Local(..) | Due::Moment(_) => None,
        }
    }
}

impl fmt::Display for Due {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let many = |count: u32| if count == 1 { "" } else { "s" };
        match *self {
            Due::Minutes(minutes) if minutes % 60 == 0 => {
                write!(f, "{} working hour{}", minutes / 60, many(minutes / 60))
            }
            Due::Minutes(minutes) => write!(f, "{minutes} working minute{}", many(minutes)),
            Due::Days(days) => write!(f, "{days} working day{}", many(days)),
            Due::Local(weekday, time) => {
                let named = WEEKDAYS.iter().find(|(_, day)| *day == weekday).map_or("", |(name, _)| name);
                write!(f, "{named} {:02}:{:02}", time.hour(), time.minute())
            }
            Due::Moment(at) => at.fmt(f),
        }
    }
}

impl FromStr for Due {
    type Err = Error;

    fn from_str(text: &str) -> Result<Due> {
        read(text.trim()).ok_or_else(|| {
            let examples = "`8 working hours`, `2 working days`, `Fri 12:00` or `2026-03-20T15:00:00Z`";
            Error::invalid("due", format!("`{text}` is no due time; write it as {examples}."))
        })
    }
}

fn read(text: &str) -> Option<Due> {
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Due::Moment(at.into()));
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if let [day, time] = words[..]
        && let Some(weekday) = weekday(day)
    {
        return Some(Due::Local(weekday, local_time(time)?));
    }
    let (count, unit) = match words[..] {
        [count, "working", unit] | [count, unit] => (count.parse::<u32>().ok()?, unit),
        _ => return None,
    };
    let whole = (1..=MOST_DAYS).contains(&count);
    match unit {
        "day" | "days" if whole => Some(Due::Days(count)),
        "hour" | "hours" if (1..=24 * MOST_DAYS).contains(&count) => Some(Due::Minutes(count * 60)),
        "minute" | "minutes" if (15..=24 * 60 * MOST_DAYS).contains(&count) => Some(Due::Minutes(count)),
        _ => None,
    }
}

fn weekday(word: &str) -> Option<Weekday> {
    let start = word.get(..3)?;
    let found = WEEKDAYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(start));
    found.map(|(_, weekday)| *weekday)
}

fn local_time(word: &str) -> Option<civil::Time> {
    let (hour, minute) = match word {
        "noon" => ("12", "00"),
        word => word.split_once(':').unwrap_or((word, "00")),
    };
    civil::Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Due {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Due {
    fn schema_name() -> Cow<'static, str> {
        "Due".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "Working time, counted in the receiver's calendar; a weekday and time where they are; or an instant.",
            "examples": ["8 working hours", "2 working days", "Fri 12:00", "2026-03-20T15:00:00Z"],
        })
    }
}

impl FromValue for Due {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Text(text) => text.parse(),
            other => Err(other.is_not("a due time")),
        }
    }
}

#[cfg(test)]
mod tests;
