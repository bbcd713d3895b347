//! Repetition as calendar programs write it: the part of `RRULE` (RFC 5545, section 3.3.10) that gives dates.

use jiff::civil::{Date, Weekday};
use jiff::{Span, ToSpan};

use super::recurrence::weekday;
use super::value::Moment;

/// A rule that gives dates; what it says about hours and minutes is not read.
pub struct Repeat {
    every: Every,
    /// At least 1.
    interval: i32,
    count: Option<usize>,
    until: Option<Date>,
    weekdays: Vec<(Option<i8>, Weekday)>,
    month_days: Vec<i8>,
    months: Vec<i8>,
    position: Option<i8>,
}

#[derive(Clone, Copy, PartialEq)]
enum Every {
    Day,
    Week,
    Month,
    Year,
}

impl Repeat {
    /// Reads a rule of an event that starts on a day; `None` for one that is not read.
    pub fn parse(text: &str, start: Date) -> Option<Repeat> {
        let (mut every, mut rest) = (None, Vec::new());
        for part in text.trim().split(';').filter(|part| !part.is_empty()) {
            match part.split_once('=')? {
                ("FREQ", "DAILY") => every = Some(Every::Day),
                ("FREQ", "WEEKLY") => every = Some(Every::Week),
                ("FREQ", "MONTHLY") => every = Some(Every::Month),
                ("FREQ", "YEARLY") => every = Some(Every::Year),
                other => rest.push(other),
            }
        }
        let mut repeat = Repeat {
            every: every?,
            interval: 1,
            count: None,
            until: None,
            weekdays: Vec::new(),
            month_days: Vec::new(),
            months: Vec::new(),
            position: None,
        };
        for (name, value) in rest {
            repeat.take(name, value)?;
        }
        if repeat.every == Every::Week && repeat.weekdays.is_empty() {
            repeat.weekdays.push((None, start.weekday()));
        }
        if repeat.every == Every::Year && repeat.months.is_empty() {
            repeat.months.push(start.month());
        }
        Some(repeat)
    }

    fn take(&mut self, name: &str, value: &str) -> Option<()> {
        match name {
            "INTERVAL" => self.interval = value.parse().ok().filter(|interval| (1..=1_000).contains(interval))?,
            "COUNT" => self.count = Some(value.parse().ok()?),
            "UNTIL" => self.until = Some(Moment::parse(value, None)?.at.date()),
            "BYDAY" => self.weekdays = value.split(',').map(weekday).collect::<Option<_>>()?,
            "BYMONTHDAY" => self.month_days = numbers(value)?,
            "BYMONTH" => self.months = numbers(value)?,
            "BYSETPOS" => self.position = Some(value.parse().ok().filter(|position| *position != 0)?),
            "WKST" => {}
            _ => return None,
        }
        Some(())
    }

    /// The dates from the first one to `last`, in order. Each period that is looked at takes one step; none are left over for
    /// a rule that would go on for too long.
    pub fn dates(&self, start: Date, last: Date, steps: &mut usize) -> Vec<Date> {
        let (mut all, mut left) = (Vec::new(), self.count.unwrap_or(usize::MAX));
        let last = self.until.map_or(last, |until| until.min(last));
        for period in 0.. {
            let Some(first) = self.period(start, period).filter(|first| *first <= last && *steps > 0) else { break };
            *steps -= 1;
            for date in self.within(start, first).into_iter().filter(|date| *date >= start) {
                if left == 0 || date > last {
                    return all;
                }
                left -= 1;
                all.push(date);
            }
        }
        all
    }

    /// The first day of a period, counted from the one in which the event starts.
    fn period(&self, start: Date, number: i32) -> Option<Date> {
        let by = number.checked_mul(self.interval)?;
        let (from, span) = match self.every {
            Every::Day => (start, Span::new().try_days(by)),
            Every::Week => (monday_of(start)?, Span::new().try_weeks(by)),
            Every::Month => (start.first_of_month(), Span::new().try_months(by)),
            Every::Year => (start.first_of_year(), Span::new().try_years(by)),
        };
        from.checked_add(span.ok()?).ok()
    }

    /// The dates of a period, in order.
    fn within(&self, start: Date, first: Date) -> Vec<Date> {
        let in_months = |date: &Date| self.months.is_empty() || self.months.contains(&date.month());
        let mut dates: Vec<Date> = match self.every {
            Every::Day => {
                let fits = self.weekdays.is_empty() || self.weekdays.iter().any(|(_, day)| *day == first.weekday());
                if fits { vec![first] } else { Vec::new() }
            }
            Every::Week => self.weekdays.iter().filter_map(|(_, day)| on_weekday(first, *day)).collect(),
            Every::Month => self.of_month(start, first),
            Every::Year => {
                let months = self.months.iter().filter_map(|month| Date::new(first.year(), *month, 1).ok());
                months.flat_map(|month| self.of_month(start, month)).collect()
            }
        };
        dates.retain(in_months);
        dates.sort_unstable();
        dates.dedup();
        match self.position {
            None => dates,
            Some(position) if position > 0 => dates.get(position as usize - 1).copied().into_iter().collect(),
            Some(position) => {
                dates.iter().nth_back(position.unsigned_abs() as usize - 1).copied().into_iter().collect()
            }
        }
    }

    fn of_month(&self, start: Date, first: Date) -> Vec<Date> {
        let length = first.days_in_month();
        let day = |day: i8| {
            let day = if day < 0 { length + 1 + day } else { day };
            Date::new(first.year(), first.month(), day).ok()
        };
        if !self.month_days.is_empty() {
            return self.month_days.iter().filter_map(|number| day(*number)).collect();
        }
        let days = |(nth, weekday): &(Option<i8>, Weekday)| -> Vec<Date> {
            match nth {
                Some(nth) => first.nth_weekday_of_month(*nth, *weekday).into_iter().collect(),
                None => (1..=5).filter_map(|nth| first.nth_weekday_of_month(nth, *weekday).ok()).collect(),
            }
        };
        match self.weekdays.is_empty() {
            true => day(start.day()).into_iter().collect(),
            false => self.weekdays.iter().flat_map(days).collect(),
        }
    }
}

fn monday_of(date: Date) -> Option<Date> {
    date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).ok()
}

fn on_weekday(monday: Date, day: Weekday) -> Option<Date> {
    monday.checked_add(i64::from(day.to_monday_zero_offset()).days()).ok()
}

fn numbers(value: &str) -> Option<Vec<i8>> {
    value.split(',').map(|number| number.trim().parse().ok()).collect()
}
