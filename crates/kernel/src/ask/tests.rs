use super::*;
use crate::calendar::{Leave, Week, zone};
use jiff::civil::date;
use proptest::prelude::*;

fn at(text: &str) -> Time {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn berlin() -> Calendar {
    Calendar::new(zone("Europe/Berlin").unwrap(), Week::standard())
}

fn due(text: &str, calendar: &Calendar, start: &str) -> String {
    text.parse::<Due>().unwrap().on(calendar, at(start)).unwrap().to_string()
}

#[test]
fn a_due_time_is_read_as_it_is_typed_and_written_one_way() {
    for (typed, written) in [
        ("8 working hours", "8 working hours"),
        ("1 working hour", "1 working hour"),
        ("90 working minutes", "90 working minutes"),
        ("120 minutes", "2 working hours"),
        ("2 days", "2 working days"),
        (" Friday noon ", "Fri 12:00"),
        ("fri 9", "Fri 09:00"),
        ("2026-03-20T15:00:00Z", "2026-03-20T15:00:00Z"),
        ("2026-03-20T16:00:00+01:00", "2026-03-20T15:00:00Z"),
    ] {
        assert_eq!(typed.parse::<Due>().unwrap().to_string(), written, "{typed}");
    }
    for wrong in ["", "soon", "0 working days", "5", "fri 25:00", "251 days", "-1 hours", "1 minute", "2026-03-20"] {
        assert!(wrong.parse::<Due>().is_err(), "{wrong}");
    }
}

#[test]
fn working_time_is_counted_where_the_receiver_is() {
    assert_eq!(due("8 working hours", &berlin(), "2026-03-17T15:00:00Z"), "2026-03-18T15:00:00Z");
    assert_eq!(due("2 working days", &berlin(), "2026-03-20T09:00:00Z"), "2026-03-24T09:00:00Z");
    assert_eq!(due("Fri 12:00", &berlin(), "2026-03-17T09:00:00Z"), "2026-03-20T11:00:00Z");
}

#[test]
fn a_moment_outside_working_hours_is_the_end_of_the_day_before() {
    assert_eq!(due("2026-03-21T12:00:00Z", &berlin(), "2026-03-17T09:00:00Z"), "2026-03-20T16:00:00Z");
}

#[test]
fn a_moment_that_leaves_less_than_an_hour_leaves_an_hour() {
    assert_eq!(due("2026-03-17T03:00:00Z", &berlin(), "2026-03-16T20:00:00Z"), "2026-03-17T09:00:00Z");
}

#[test]
fn leave_stops_the_clock_of_a_moment_too() {
    let away = Leave { first: date(2026, 3, 18), last: date(2026, 3, 20), hours: None };
    let calendar = berlin().with_leave([away]);
    assert_eq!(due("2026-03-20T16:00:00Z", &calendar, "2026-03-17T16:00:00Z"), "2026-03-25T16:00:00Z");
}

proptest! {
    #[test]
    fn a_due_time_is_never_outside_working_hours_and_keeps_its_promise(
        start in 1_767_225_600i64..1_830_000_000, moment in 0i64..3_000_000, minutes in 15u32..6000, days in 1u32..40,
    ) {
        let start = Time(start * 1_000_000);
        let calendar = berlin().with_leave([Leave { first: date(2026, 7, 6), last: date(2026, 7, 24), hours: None }]);
        for due in [Due::Minutes(minutes), Due::Days(days), Due::Moment(Time(start.0 + moment * 1_000_000))] {
            let at = due.on(&calendar, start).unwrap();
            prop_assert!(calendar.is_working(at) || calendar.is_working(Time(at.0 - 1)), "{due} from {start} is {at}");
            if let Due::Minutes(minutes) = due {
                prop_assert_eq!(calendar.between(start, at), SignedDuration::from_mins(minutes.into()));
            }
            prop_assert_eq!(due.to_string().parse::<Due>().unwrap(), due);
        }
    }
}
