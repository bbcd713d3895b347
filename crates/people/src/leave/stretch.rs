use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Error, Flaws, Result, Time,
    calendar::{self, Hours},
};
use ui::date_range;

/// The time that a leave takes: whole days, or some hours of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    pub first_on: Date,
    pub last_on: Date,
    /// In the person's own wall time.
    pub hours: Option<Hours>,
}

const MOST_YEARS: i16 = 3;
const YEARS_AROUND: i16 = 2;
const DAY: i16 = 24 * 60;

impl Stretch {
    /// From texts: no hours for whole days, and the first day alone if the last one is left out.
    pub fn read(first_on: Date, last_on: Option<Date>, hours: &str) -> Result<Stretch> {
        let hours: Hours = hours.parse()?;
        let hours = (!hours.intervals().is_empty()).then_some(hours);
        Ok(Stretch { first_on, last_on: last_on.unwrap_or(first_on), hours })
    }

    /// Whether it can be entered today.
    pub fn check(&self, today: Date) -> Result<()> {
        let (first, last) = (self.first_on, self.last_on);
        let latest_end = first.saturating_add(MOST_YEARS.years());
        let around = today.saturating_sub(YEARS_AROUND.years())..=today.saturating_add(YEARS_AROUND.years());
        let one_day = self.hours.is_none() || first == last;
        let mut flaws = Flaws::default();
        flaws.unless(last >= first, "last_on", "The last day is before the first one.");
        flaws.unless(last < latest_end, "last_on", "Leave is three years long at most.");
        flaws.unless(around.contains(&first), "first_on", "The first day is more than two years away.");
        flaws.unless(
            one_day || last < first,
            "hours",
            "Hours are for leave of one day; leave them empty for whole days.",
        );
        flaws.check()
    }

    /// Whether both take the same time. Hours of one day may stand beside other hours of it.
    pub fn overlaps(&self, other: &Stretch) -> bool {
        let days = self.first_on <= other.last_on && other.first_on <= self.last_on;
        days && match (&self.hours, &other.hours) {
            (Some(a), Some(b)) => {
                a.intervals().iter().any(|a| b.intervals().iter().any(|b| a.start < b.end && b.start < a.end))
            }
            _ => true,
        }
    }

    /// Whether a moment falls into it, on the wall clock of `zone`. Hours that cross midnight belong to their first day.
    pub fn covers(&self, at: Time, zone: &TimeZone) -> bool {
        let local = at.in_zone(zone);
        let on = |date: Date| self.first_on <= date && date <= self.last_on;
        let Some(hours) = &self.hours else { return on(local.date()) };
        let minute = i16::from(local.hour()) * 60 + i16::from(local.minute());
        let taken = |minute| hours.intervals().iter().any(|taken| taken.start <= minute && minute < taken.end);
        (on(local.date()) && taken(minute)) || (local.date().yesterday().is_ok_and(on) && taken(minute + DAY))
    }

    /// As the calendar takes it.
    pub fn as_leave(&self) -> calendar::Leave {
        calendar::Leave { first: self.first_on, last: self.last_on, hours: self.hours.clone() }
    }

    pub fn refuse_overlap(&self, others: &[Stretch], today: Date) -> Result<()> {
        match others.iter().find(|other| self.overlaps(other)) {
            Some(other) => Err(Error::invalid("first_on", other.is_taken(today))),
            None => Ok(()),
        }
    }

    /// The sentence for whoever enters another leave at this time.
    pub fn is_taken(&self, today: Date) -> String {
        format!("Leave is entered for this time already: {}.", self.in_words(today))
    }

    /// `3 to 14 August`, `14 October, 14:00-18:00`
    pub fn in_words(&self, today: Date) -> String {
        let dates = date_range(self.first_on, self.last_on, today);
        match &self.hours {
            Some(hours) => format!("{dates}, {hours}"),
            None => dates,
        }
    }
}

#[cfg(test)]
mod tests;
