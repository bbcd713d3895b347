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
}

impl Now {
    pub fn of(person: &Clock, at: Time) -> Now {
        let calendar: &Calendar = &person.calendar;
        let here = at.date(calendar.zone());
        if let Some(until) = calendar.end_of_current(at) {
            return Now::Working { until };
        }
        let next = calendar.next_start(at);
        let leave = person.away.iter().find(|(first, last)| *first <= here && here <= *last);
        match leave {
            Some((_, last)) => Now::Away { last: *last, back: next },
            None => Now::Off { next },
        }
    }
}

/// The state in a word, in the reader's time.
pub fn status_chip(now: Now, at: Time, reader: &TimeZone) -> Markup {
    let today = at.date(reader);
    match now {
        Now::Working { .. } => chip("good", "Working"),
        Now::Away { back: Some(back), .. } => chip("warn", &format!("Away until {}", date(back.date(reader), today))),
        Now::Away { .. } => chip("warn", "Away"),
        Now::Off { next: None } => chip("", "No hours entered"),
        Now::Off { next: Some(next) } => {
            let (day, time) = (next.date(reader), time_of_day(next, reader));
            match day == today {
                true => chip("", &format!("From {time} your time")),
                false => chip("", &format!("Back {} {time} your time", date(day, today))),
            }
        }
    }
}
