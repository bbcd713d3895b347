use super::*;
use crate::hours::Away;
use kernel::calendar::Week;
use std::sync::Arc;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn stretch(first: &str, last: &str, hours: &str) -> Stretch {
    Stretch::read(date(first), Some(date(last)), hours).unwrap()
}

/// Someone in Berlin with a holiday on Monday 10 August, and with this leave.
fn ines(leave: &[(u128, Stretch)]) -> Clock {
    let holiday = date("2026-08-10");
    let week: Week = "Mon-Fri 09:00-17:00".parse().unwrap();
    let away: Vec<Away> = leave
        .iter()
        .map(|(id, time)| Away { leave: Id::from_u128(*id), time: time.clone(), note: String::new(), handed_to: None })
        .collect();
    let calendar = Calendar::new(TimeZone::get("Europe/Berlin").unwrap(), week)
        .with_holidays([holiday])
        .with_leave(away.iter().map(|away| away.time.as_leave()));
    let holidays = Arc::new([(holiday, "Holiday".to_owned())]);
    Clock { id: Id::from_u128(1), calendar, away, holidays, starts_on: None, left_on: None }
}

fn words(clock: &Clock, time: &Stretch, instead_of: Option<u128>) -> String {
    Outlook::of(clock, time, instead_of.map(Id::from_u128)).in_words(date("2026-03-17"))
}

#[test]
fn weekends_and_holidays_do_not_count_and_nobody_is_back_on_one() {
    let clock = ines(&[]);
    let week = stretch("2026-08-03", "2026-08-09", "");
    assert_eq!(words(&clock, &week, None), "5 working days, back on Tuesday 11 August");
    assert_eq!(
        words(&clock, &stretch("2026-08-08", "2026-08-10", ""), None),
        "No working day, back on Tuesday 11 August"
    );
    assert_eq!(
        words(&clock, &stretch("2026-12-31", "2026-12-31", ""), None),
        "1 working day, back on Friday 1 January 2027"
    );
    assert!(Outlook::of(&clock, &week, None).is_long());
    assert!(!Outlook::of(&clock, &stretch("2026-08-06", "2026-08-09", ""), None).is_long());
}

#[test]
fn leave_that_follows_moves_the_return() {
    let next = stretch("2026-08-11", "2026-08-12", "");
    let clock = ines(&[(7, next.clone())]);
    assert_eq!(
        words(&clock, &stretch("2026-08-03", "2026-08-07", ""), None),
        "5 working days, back on Thursday 13 August"
    );
    let longer = stretch("2026-08-11", "2026-08-13", "");
    assert_eq!(words(&clock, &longer, Some(7)), "3 working days, back on Friday 14 August", "in place of itself");
    let shorter = stretch("2026-08-11", "2026-08-11", "");
    assert_eq!(words(&clock, &shorter, Some(7)), "1 working day, back on Wednesday 12 August");
}

#[test]
fn part_of_a_day_counts_what_would_have_been_worked() {
    let clock = ines(&[]);
    assert_eq!(words(&clock, &stretch("2026-08-04", "2026-08-04", "15:30-18:00"), None), "1 h 30 min of working time");
    assert_eq!(words(&clock, &stretch("2026-08-08", "2026-08-08", "09:00-12:00"), None), "0 min of working time");
}
