use super::Clock;
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Time, calendar::Calendar};
use schemars::JsonSchema;
use serde::Serialize;
use ui::{Markup, chip, date, time_of_day};

/// What a person is doing at a moment, as far as their calendar tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Now {
    Working {
        until: Time,
    },
    /// On leave up to and with this day, and back at this instant.
    Away {
        last: Date,
        back: Option<Time>,
    },
    Off {
        next: Option<Time>,
    },
    /// Does not work here yet.
    Starts {
        on: Date,
    },
    /// Does not work here any more.
    Left,
}

impl Now {
    pub fn of(person: &Clock, at: Time) -> Now {
        let calendar: &Calendar = &person.calendar;
        let here = at.date(calendar.zone());
        if person.left_on.is_some_and(|day| day <= here) {
            return Now::Left;
        }
        if let Some(on) = person.starts_on.filter(|day| here < *day) {
            return Now::Starts { on };
        }
        if let Some(until) = calendar.end_of_current(at) {
            return Now::Working { until };
        }
        let next = calendar.next_start(at);
        match person.away.iter().find(|away| away.time.covers(at, calendar.zone())) {
            Some(away) => Now::Away { last: away.time.last_on, back: next },
            None => Now::Off { next },
        }
    }
}

/// The state in a word, in the reader's time.
pub fn status_chip(now: Now, at: Time, reader: &TimeZone) -> Markup {
    let today = at.date(reader);
    match now {
        Now::Working { .. } => chip("good", "Working"),
        Now::Away { back: Some(back), .. } => match back.date(reader) {
            day if day == today => chip("warn", &format!("Away until {} your time", time_of_day(back, reader))),
            day => chip("warn", &format!("Away until {}", date(day, today))),
        },
        Now::Away { back: None, .. } => chip("warn", "Away"),
        Now::Off { next: None } => chip("", "No hours entered"),
        Now::Off { next: Some(next) } => {
            let (day, time) = (next.date(reader), time_of_day(next, reader));
            match day == today {
                true => chip("", &format!("From {time} your time")),
                false => chip("", &format!("Back {} {time} your time", date(day, today))),
            }
        }
        Now::Starts { on } => chip("info", &format!("Starts {}", date(on, today))),
        Now::Left => chip("", "Left"),
    }
}

#[cfg(test)]
mod tests;
