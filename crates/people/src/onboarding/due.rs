//! When the steps of a plan are due. Days are counted in working days, so nobody is given a step on a day off.
use super::Owner;
use jiff::civil::{Date, Weekday};
use kernel::calendar::Calendar;

/// The calendars of those who take part in a plan.
#[derive(Clone, Copy)]
pub struct Days<'a> {
    pub newcomer: &'a Calendar,
    pub manager: Option<&'a Calendar>,
    pub buddy: Option<&'a Calendar>,
}

/// How many dates are searched before the answer is that there is none.
const HORIZON: usize = 6 * 366;

impl Days<'_> {
    /// The newcomer's first working day, on `starts_on` or after it.
    pub fn first(&self, starts_on: Date) -> Option<Date> {
        after(starts_on).find(|date| works(self.newcomer, *date))
    }

    /// The date of a day of the plan: 0 is the newcomer's first working day, and later ones are counted in their working
    /// days. A negative one lies that many working days of the step's owner before the first day. `None` if the
    /// calendar holds no such day within six years.
    pub fn due(&self, starts_on: Date, day: i64, owner: Owner) -> Option<Date> {
        let count = usize::try_from(day.unsigned_abs()).ok()?;
        if day >= 0 {
            return after(starts_on).filter(|date| works(self.newcomer, *date)).nth(count);
        }
        let calendar = self.of(owner);
        before(self.first(starts_on)?).filter(|date| works(calendar, *date)).nth(count - 1)
    }

    /// The calendar of a step's owner; that of the newcomer where nobody has the part.
    fn of(&self, owner: Owner) -> &Calendar {
        let other = match owner {
            Owner::Newcomer => None,
            Owner::Manager => self.manager,
            Owner::Buddy => self.buddy,
        };
        other.unwrap_or(self.newcomer)
    }
}

/// Somebody who has not entered hours is counted from Monday to Friday.
fn works(calendar: &Calendar, date: Date) -> bool {
    match calendar.week().minutes_per_week() {
        0 => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        _ => !calendar.on(date).is_empty(),
    }
}

fn after(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |date| date.tomorrow().ok()).take(HORIZON)
}

fn before(end: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(end.yesterday().ok(), |date| date.yesterday().ok()).take(HORIZON)
}

#[cfg(test)]
mod tests;
