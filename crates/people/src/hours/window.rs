use super::calendars;
use jiff::SignedDuration;
use kernel::{
    Id, Person, Result, Time, Tx,
    calendar::{Calendar, earliest_fair},
};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// When everyone who is not away for long has had so many of their own working hours; two weeks from now at the latest.
pub async fn fair_end(tx: &mut Tx<'_>, people: &[Id<Person>], hours: i64) -> Result<Time> {
    let now = tx.now();
    let latest = now + DAY * 14;
    let clocks = calendars(tx, people, now - DAY * 2, now + DAY * 30).await?;
    let wanted = SignedDuration::from_hours(hours);
    let here = |calendar: &Calendar| calendar.add(now, wanted).is_some_and(|end| end <= latest);
    let calendars: Vec<Calendar> = clocks.into_iter().map(|clock| clock.calendar).filter(here).collect();
    match calendars.is_empty() {
        true => Ok(latest),
        false => Ok(earliest_fair(&calendars, now, wanted).unwrap_or(latest)),
    }
}
