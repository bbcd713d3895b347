use super::*;
use crate::leave::Stretch;
use crate::{hours::Away, person::Named};
use kernel::{Id, Person, calendar::Week};
use proptest::prelude::*;
use std::sync::Arc;

/// A person with leave from texts such as `2026-08-03..2026-08-07` or `2026-08-03 14:00-18:00`.
fn person(zone: &str, week: &str, leaves: &[&str]) -> Clock {
    let away: Vec<Away> = leaves.iter().map(|text| away(text)).collect();
    let week: Week = week.parse().unwrap();
    let calendar = Calendar::new(TimeZone::get(zone).unwrap(), week);
    Clock {
        id: Id::<Person>::from_u128(1),
        calendar: calendar.with_leave(away.iter().map(|away| away.time.as_leave())),
        away,
        holidays: Arc::new([]),
        starts_on: None,
        left_on: None,
    }
}

fn away(text: &str) -> Away {
    let (dates, hours) = text.split_once(' ').unwrap_or((text, ""));
    let (first, last) = dates.split_once("..").unwrap_or((dates, dates));
    let time = Stretch::read(date(first), Some(date(last)), hours).unwrap();
    let handed_to = None::<Named<Person>>;
    Away { leave: Id::from_u128(2), time, note: String::new(), handed_to }
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The instant of a local time such as `2026-08-03T09:00`.
fn at(zone: &str, local: &str) -> Time {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    local.to_zoned(TimeZone::get(zone).unwrap()).unwrap().timestamp().into()
}

const BERLIN: &str = "Europe/Berlin";
const OFFICE: &str = "Mon-Fri 09:00-17:00";

#[test]
fn one_moment_is_another_hour_for_each() {
    let noon = at("UTC", "2026-03-18T12:00");
    let state = |zone| Now::of(&person(zone, OFFICE, &[]), noon);
    assert_eq!(state(BERLIN), Now::Working { until: at(BERLIN, "2026-03-18T17:00") });
    assert_eq!(state("America/New_York"), Now::Off { next: Some(at("America/New_York", "2026-03-18T09:00")) });
    assert_eq!(state("Asia/Tokyo"), Now::Off { next: Some(at("Asia/Tokyo", "2026-03-19T09:00")) });
}

#[test]
fn leave_is_shown_on_its_days_even_outside_hours_and_not_after_them() {
    let ines = person(BERLIN, OFFICE, &["2026-08-03..2026-08-07"]);
    let back = Some(at(BERLIN, "2026-08-10T09:00"));
    let gone = Now::Away { last: date("2026-08-07"), back };
    for moment in ["2026-08-03T00:00", "2026-08-03T11:00", "2026-08-05T22:30", "2026-08-07T23:59"] {
        assert_eq!(Now::of(&ines, at(BERLIN, moment)), gone, "{moment}");
    }
    assert_eq!(Now::of(&ines, at(BERLIN, "2026-08-08T11:00")), Now::Off { next: back }, "the weekend after");
    let before = Now::of(&ines, at(BERLIN, "2026-08-01T11:00"));
    assert_eq!(before, Now::Off { next: back }, "the weekend before");
}

#[test]
fn leave_of_an_afternoon_is_away_only_then() {
    let ines = person(BERLIN, OFFICE, &["2026-08-04 13:00-15:00"]);
    let state = |time: &str| Now::of(&ines, at(BERLIN, &format!("2026-08-04T{time}")));
    assert_eq!(state("12:59"), Now::Working { until: at(BERLIN, "2026-08-04T13:00") });
    let away = Now::Away { last: date("2026-08-04"), back: Some(at(BERLIN, "2026-08-04T15:00")) };
    assert_eq!((state("13:00"), state("14:59")), (away, away));
    assert_eq!(state("15:00"), Now::Working { until: at(BERLIN, "2026-08-04T17:00") });
    assert_eq!(state("18:00"), Now::Off { next: Some(at(BERLIN, "2026-08-05T09:00")) });
}

#[test]
fn a_night_shift_ends_before_the_leave_of_the_next_day_begins() {
    let guard = person(BERLIN, "Mon-Fri 22:00-06:00", &["2026-08-05..2026-08-05", "2026-08-06 22:00-02:00"]);
    let state = |time: &str| Now::of(&guard, at(BERLIN, time));
    assert_eq!(state("2026-08-05T03:00"), Now::Working { until: at(BERLIN, "2026-08-05T06:00") });
    let away = Now::Away { last: date("2026-08-05"), back: Some(at(BERLIN, "2026-08-07T02:00")) };
    assert_eq!(state("2026-08-05T07:00"), away);
    assert_eq!(state("2026-08-06T03:00"), Now::Off { next: Some(at(BERLIN, "2026-08-07T02:00")) });
    let short = Now::Away { last: date("2026-08-06"), back: Some(at(BERLIN, "2026-08-07T02:00")) };
    assert_eq!((state("2026-08-06T23:00"), state("2026-08-07T01:00")), (short, short));
    assert_eq!(state("2026-08-07T02:00"), Now::Working { until: at(BERLIN, "2026-08-07T06:00") });
}

#[test]
fn the_day_begins_at_the_same_wall_time_when_clocks_change() {
    let early = person("America/New_York", "Sun 01:00-09:00", &[]);
    let before = at("UTC", "2026-03-08T05:30");
    let starts = at("UTC", "2026-03-08T06:00");
    assert_eq!(Now::of(&early, before), Now::Off { next: Some(starts) });
    assert_eq!(Now::of(&early, starts), Now::Working { until: at("UTC", "2026-03-08T13:00") }, "an hour is skipped");
    let away = person("America/New_York", "Sun 01:00-09:00", &["2026-11-01 01:00-02:00"]);
    let second_time = at("UTC", "2026-11-01T06:30");
    assert!(matches!(Now::of(&away, second_time), Now::Away { .. }), "01:30 comes twice, and both are taken");
}

#[test]
fn who_has_not_started_or_has_left_does_not_work() {
    let monday = at(BERLIN, "2026-08-03T10:00");
    let new = Clock { starts_on: Some(date("2026-08-04")), ..person(BERLIN, OFFICE, &[]) };
    assert_eq!(Now::of(&new, monday), Now::Starts { on: date("2026-08-04") });
    assert!(matches!(Now::of(&new, at(BERLIN, "2026-08-04T10:00")), Now::Working { .. }));
    let gone = Clock { left_on: Some(date("2026-08-03")), ..person(BERLIN, OFFICE, &["2026-08-03..2026-08-20"]) };
    assert_eq!(Now::of(&gone, monday), Now::Left, "leave does not hide it");
    assert!(matches!(Now::of(&gone, at(BERLIN, "2026-07-31T10:00")), Now::Working { .. }));
}

#[test]
fn the_chip_says_when_in_the_readers_time() {
    let reader = TimeZone::get("Europe/Lisbon").unwrap();
    let moment = at(BERLIN, "2026-08-04T14:00");
    let chip = |now| status_chip(now, moment, &reader).into_string();
    let away = |back| Now::Away { last: date("2026-08-04"), back: Some(at(BERLIN, back)) };
    assert!(chip(away("2026-08-04T15:00")).contains("Away until 14:00 your time"));
    assert!(chip(away("2026-08-17T09:00")).contains("Away until 17 August"));
    assert!(chip(Now::Starts { on: date("2026-11-28") }).contains("Starts 28 November"));
    assert!(chip(Now::Left).contains("Left"));
}

proptest! {
    /// Whatever the leave, nobody who works is called away, and on each whole day of it nobody who is off is called off.
    #[test]
    fn the_state_agrees_with_the_calendar(start in 0i64..60, days in 0i64..20, hour in 0i64..24 * 80) {
        let first = date("2026-03-01") + jiff::Span::new().days(start);
        let last = first + jiff::Span::new().days(days);
        let ines = person(BERLIN, "Mon-Thu 09:00-12:00 13:00-17:00; Sat 22:00-04:00", &[&format!("{first}..{last}")]);
        let moment = Time(at(BERLIN, "2026-03-01T00:30").0 + hour * 3_600_000_000);
        let here = moment.date(&TimeZone::get(BERLIN).unwrap());
        match Now::of(&ines, moment) {
            Now::Working { until } => prop_assert!(ines.calendar.is_working(moment) && until > moment),
            Now::Away { last: shown, back } => {
                prop_assert!(!ines.calendar.is_working(moment) && shown == last && back > Some(moment));
                prop_assert!(first <= here && here <= last);
            }
            Now::Off { next } => prop_assert!(next > Some(moment) && !(first..=last).contains(&here)),
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
