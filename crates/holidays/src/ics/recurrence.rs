//! Yearly repetition: the part of `RRULE` (RFC 5545, section 3.3.10) that holidays use.

use jiff::civil::{Date, Weekday};

use super::value::Moment;
use crate::{FIRST_YEAR, LAST_YEAR};

/// A rule that gives one day a year at most.
pub struct Rule {
    /// In years, at least 1.
    interval: usize,
    count: Option<usize>,
    until: Option<Moment>,
    day: Day,
}

enum Day {
    OfMonth { month: i8, day: i8 },
    Weekday { month: i8, nth: i8, weekday: Weekday },
}

/// The parts of a rule as they stand in the file.
#[derive(Default)]
struct Parts {
    interval: Option<usize>,
    count: Option<usize>,
    until: Option<Moment>,
    month: Option<i8>,
    month_day: Option<i8>,
    weekday: Option<(Option<i8>, Weekday)>,
    position: Option<i8>,
}

impl Rule {
    /// Reads a rule of an event that starts on a day, or says in a sentence why it is not read.
    pub fn parse(text: &str, start: Date) -> Result<Self, String> {
        let mut parts = Parts::default();
        let mut frequency = "";
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').ok_or_else(not_read)?;
            match name {
                "FREQ" => frequency = value,
                _ => parts.take(name, value).ok_or_else(not_read)?,
            }
        }
        match frequency {
            "YEARLY" => parts.rule(start).ok_or_else(not_read),
            "DAILY" | "WEEKLY" | "MONTHLY" => {
                Err(format!("It repeats {}, and only yearly repetition is read.", frequency.to_ascii_lowercase()))
            }
            _ => Err(not_read()),
        }
    }

    /// The days on which an event repeats, its first one included, as far as they fall into the years that this crate
    /// covers. The zone is the one of the event, which decides on which day the repetition ends.
    pub fn dates(&self, start: Date, zone: Option<&str>) -> Vec<Date> {
        let end = self.until.as_ref().map_or(Date::MAX, |until| until.in_zone(zone).date());
        let years = (start.year()..=LAST_YEAR).step_by(self.interval);
        let dates = years.filter_map(|year| self.day.in_year(year)).filter(|date| *date >= start);
        let dates = dates.take(self.count.unwrap_or(usize::MAX)).take_while(|date| *date <= end);
        dates.filter(|date| date.year() >= FIRST_YEAR).collect()
    }
}

impl Day {
    fn in_year(&self, year: i16) -> Option<Date> {
        match *self {
            Self::OfMonth { month, day } => Date::new(year, month, day).ok(),
            Self::Weekday { month, nth, weekday } => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

impl Parts {
    /// Takes one part of a rule; `None` when it is malformed or not read.
    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "INTERVAL" => self.interval = Some(value.parse().ok().filter(|years| *years > 0)?),
            "COUNT" => self.count = Some(value.parse().ok()?),
            "UNTIL" => self.until = Some(Moment::parse(value, None)?),
            "BYMONTH" => self.month = Some(value.parse().ok()?),
            "BYMONTHDAY" => self.month_day = Some(value.parse().ok().filter(|day| *day > 0)?),
            "BYDAY" => self.weekday = Some(weekday(value)?),
            "BYSETPOS" => self.position = Some(value.parse().ok()?),
            "WKST" => {}
            _ => return None,
        }
        Some(())
    }

    /// Joins the parts; `None` when together they mean anything but one day a year.
    fn rule(self, start: Date) -> Option<Rule> {
        let day = match (self.month, self.month_day, self.weekday) {
            (month, None, None) => Day::OfMonth { month: month.unwrap_or(start.month()), day: start.day() },
            (Some(month), Some(day), None) => Day::OfMonth { month, day },
            (Some(month), None, Some((nth, weekday))) => {
                let nth = nth.xor(self.position).filter(|nth| (1..=5).contains(&nth.unsigned_abs()))?;
                Day::Weekday { month, nth, weekday }
            }
            _ => return None,
        };
        Some(Rule { interval: self.interval.unwrap_or(1), count: self.count, until: self.until, day })
    }
}

/// Reads `TH`, or `4TH` for the fourth Thursday and `-1MO` for the last Monday.
pub fn weekday(text: &str) -> Option<(Option<i8>, Weekday)> {
    let (nth, day) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let weekday = match day {
        "MO" => Weekday::Monday,
        "TU" => Weekday::Tuesday,
        "WE" => Weekday::Wednesday,
        "TH" => Weekday::Thursday,
        "FR" => Weekday::Friday,
        "SA" => Weekday::Saturday,
        "SU" => Weekday::Sunday,
        _ => return None,
    };
    let nth = if nth.is_empty() { None } else { Some(nth.parse().ok()?) };
    Some((nth, weekday))
}

fn not_read() -> String {
    "It repeats by a rule that is not read; only one day a year is.".to_owned()
}
