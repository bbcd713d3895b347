//! On which days something recurs, on the wall calendar of a zone.
use jiff::{Span, civil::Date};
use kernel::words;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    pub enum DayOfWeek {
        Monday = "mon",
        Tuesday = "tue",
        Wednesday = "wed",
        Thursday = "thu",
        Friday = "fri",
        Saturday = "sat",
        Sunday = "sun",
    }
}

impl DayOfWeek {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            DayOfWeek::Monday => "Monday",
            DayOfWeek::Tuesday => "Tuesday",
            DayOfWeek::Wednesday => "Wednesday",
            DayOfWeek::Thursday => "Thursday",
            DayOfWeek::Friday => "Friday",
            DayOfWeek::Saturday => "Saturday",
            DayOfWeek::Sunday => "Sunday",
        }
    }
}

/// Days of the week, every so many weeks, or one day of each month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// Days of the week; none where it is a day of the month.
    #[serde(default)]
    pub days: Vec<DayOfWeek>,
    /// 1 to 12; 1 if left out.
    #[serde(default = "one")]
    pub every_weeks: i64,
    /// 1 to 31; the last day in months that are shorter.
    #[serde(default)]
    pub day_of_month: Option<i64>,
    /// Whether a day on which nobody works is moved to the next on which somebody does.
    #[serde(default = "yes")]
    pub working_days: bool,
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

/// How far a day is moved at the most.
const FURTHEST: i64 = 14;
/// Nothing recurs less often than this, in days.
const LONGEST: usize = 12 * 7 + 31;

impl Rhythm {
    /// The first day after `after` on which it is due, not yet moved. Weeks are counted from that of `anchor`.
    pub fn next(&self, anchor: Date, after: Date) -> Option<Date> {
        let days = std::iter::successors(after.tomorrow().ok(), |day| day.tomorrow().ok());
        days.take(LONGEST).find(|day| self.falls_on(anchor, *day))
    }

    /// That day, or the next on which somebody works. Nothing where this is not before it is due again.
    pub fn moved(&self, anchor: Date, day: Date, works: impl Fn(Date) -> bool) -> Option<Date> {
        if !self.working_days {
            return Some(day);
        }
        let later = (0..=FURTHEST).map(|days| day.saturating_add(Span::new().days(days)));
        let moved = later.into_iter().find(|day| works(*day)).unwrap_or(day);
        let again = self.next(anchor, day);
        (moved == day || again.is_none_or(|again| moved < again)).then_some(moved)
    }

    fn falls_on(&self, anchor: Date, day: Date) -> bool {
        if let Some(wanted) = self.day_of_month {
            return i64::from(day.day()) == wanted.min(i64::from(day.days_in_month()));
        }
        let monday = |date: Date| date.saturating_sub(Span::new().days(date.weekday().to_monday_zero_offset()));
        let weeks = i64::from((monday(day) - monday(anchor)).get_days().div_euclid(7));
        let of_week =
            usize::try_from(day.weekday().to_monday_zero_offset()).ok().and_then(|place| DayOfWeek::ALL.get(place));
        weeks.rem_euclid(self.every_weeks.max(1)) == 0 && of_week.is_some_and(|day| self.days.contains(day))
    }

    /// As a page says it: `Mondays and Fridays`, `the 31st day of each month`.
    pub fn in_words(&self) -> String {
        if let Some(day) = self.day_of_month {
            return format!("on day {day} of each month");
        }
        let days: Vec<&str> =
            DayOfWeek::ALL.iter().filter(|day| self.days.contains(day)).map(|day| day.title()).collect();
        match self.every_weeks {
            1 => format!("each {}", days.join(", ")),
            weeks => format!("every {weeks} weeks on {}", days.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;
