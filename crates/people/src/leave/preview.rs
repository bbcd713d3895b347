use super::{Absence, Leave, Stretch};
use crate::{
    access::today,
    hours::{Clock, calendars},
    person::Record,
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{
    Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, calendar::Calendar, text::Line,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a leave would come to in the person's calendar, before it is entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewLeave {
    pub person: Id<Person>,
    pub first_on: Date,
    /// The first day if left out.
    #[serde(default)]
    pub last_on: Option<Date>,
    /// The hours of one day, such as `14:00-18:00`. Whole days if left out.
    #[serde(default)]
    pub hours: Line<60>,
    /// The leave that these dates would replace.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub leave: Option<Id<Leave>>,
}

/// What a leave comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Outlook {
    /// Days on which the person would have worked.
    pub working_days: i64,
    /// Minutes that the person would have worked.
    pub working_minutes: i64,
    /// Whether it takes only hours of one day.
    pub part_day: bool,
    /// The first working day after it.
    pub back_on: Option<Date>,
}

/// A leave of so many working days should be handed over.
const LONG: i64 = 3;
/// How long after a leave the next working day is looked for.
const AFTER: Duration = Duration::from_secs(400 * 24 * 3600);

impl Operation for PreviewLeave {
    const NAME: &str = "leave.preview";
    const ROUTE: Route = Route(Get, "/people/{person}/leaves/preview");
    const READS: bool = true;
    type Target = Record;
    type Output = Outlook;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.person).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, person: Record) -> Result<Outlook> {
        let time = Stretch::read(self.first_on, self.last_on, &self.hours)?;
        time.check(today(tx))?;
        outlook(tx, person.id, &time, self.leave).await
    }
}

impl PreviewLeave {
    /// What a leave that is entered comes to.
    pub fn of(absence: &Absence) -> PreviewLeave {
        PreviewLeave {
            person: absence.person.id,
            first_on: absence.first_on,
            last_on: Some(absence.last_on),
            hours: absence.hours.as_deref().unwrap_or_default().parse().unwrap_or_default(),
            leave: Some(absence.id),
        }
    }
}

/// What this time off comes to, in place of the leave `instead_of`.
pub(super) async fn outlook(
    tx: &mut Tx<'_>,
    person: Id<Person>,
    time: &Stretch,
    instead_of: Option<Id<Leave>>,
) -> Result<Outlook> {
    let (from, to) = (midnight(time.first_on), midnight(time.last_on) + AFTER);
    let clocks = calendars(tx, &[person], from, to).await?;
    clocks.first().map(|clock| Outlook::of(clock, time, instead_of)).ok_or(Error::NotFound)
}

pub(super) fn midnight(date: Date) -> Time {
    date.to_zoned(TimeZone::UTC).map_or(Time(i64::MAX), |zoned| zoned.timestamp().into())
}

impl Outlook {
    pub fn of(clock: &Clock, time: &Stretch, instead_of: Option<Id<Leave>>) -> Outlook {
        let planned = clock.calendar.without_leave();
        let others = clock.away.iter().filter(|away| Some(away.leave) != instead_of).map(|away| away.time.as_leave());
        let without = planned.clone().with_leave(others);
        let with = without.clone().with_leave([time.as_leave()]);
        let minutes = |calendar: &Calendar| -> i64 {
            days(time.first_on)
                .take_while(|day| *day <= time.last_on)
                .map(|day| calendar.day_length(day).as_mins())
                .sum()
        };
        let back_on = days(time.last_on).skip(usize::from(time.hours.is_none()));
        Outlook {
            working_days: planned.working_days(time.first_on, time.last_on) as i64,
            working_minutes: minutes(&without) - minutes(&with),
            part_day: time.hours.is_some(),
            back_on: back_on.take(400).find(|day| !with.on(*day).is_empty()),
        }
    }

    /// Whether it should be handed over.
    pub fn is_long(&self) -> bool {
        !self.part_day && self.working_days >= LONG
    }

    /// `9 working days, back on Monday 3 August`
    pub fn in_words(&self, today: Date) -> String {
        if self.part_day {
            return format!("{} of working time", ui::minutes(self.working_minutes));
        }
        let days = match self.working_days {
            0 => "No working day".to_owned(),
            1 => "1 working day".to_owned(),
            n => format!("{n} working days"),
        };
        match self.back_on {
            Some(day) if day.year() == today.year() => format!("{days}, back on {}", day.strftime("%A %-d %B")),
            Some(day) => format!("{days}, back on {}", day.strftime("%A %-d %B %Y")),
            None => days,
        }
    }
}

fn days(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow().ok())
}

#[cfg(test)]
mod tests;
