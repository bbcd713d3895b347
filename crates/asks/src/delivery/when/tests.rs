use super::*;
use jiff::civil::date;
use kernel::calendar::{Leave, Week, zone};
use proptest::prelude::*;

fn at(text: &str) -> Time {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn berlin() -> Calendar {
    Calendar::new(zone("Europe/Berlin").unwrap(), Week::standard())
}

fn next(rhythm: Rhythm, quiet: &str, from: &str) -> String {
    rhythm.next(&berlin(), &quiet.parse().unwrap(), at(from)).unwrap().to_string()
}

#[test]
fn a_digest_leaves_at_the_start_of_the_day() {
    assert_eq!(next(Rhythm::Morning, "", "2026-03-17T10:00:00Z"), "2026-03-18T08:00:00Z");
    assert_eq!(next(Rhythm::Morning, "", "2026-03-20T18:00:00Z"), "2026-03-23T08:00:00Z");
    assert_eq!(next(Rhythm::Morning, "", "2026-03-27T18:00:00Z"), "2026-03-30T07:00:00Z", "the clocks change");
}

#[test]
fn or_every_four_hours_or_every_week() {
    assert_eq!(next(Rhythm::FourHours, "", "2026-03-17T08:00:00Z"), "2026-03-17T12:00:00Z");
    assert_eq!(next(Rhythm::FourHours, "", "2026-03-17T12:00:00Z"), "2026-03-18T08:00:00Z");
    assert_eq!(next(Rhythm::Weekly, "", "2026-03-17T08:00:00Z"), "2026-03-23T08:00:00Z");
    assert!(Rhythm::Never.next(&berlin(), &Hours::FREE, at("2026-03-17T08:00:00Z")).is_none());
}

#[test]
fn quiet_hours_hold_a_letter_back() {
    assert_eq!(next(Rhythm::Morning, "08:00-10:30", "2026-03-17T10:00:00Z"), "2026-03-18T09:30:00Z");
    assert!(allowed(&berlin(), &"00:00-24:00".parse().unwrap(), at("2026-03-17T10:00:00Z")).is_none());
}

proptest! {
    #[test]
    fn nothing_leaves_outside_working_hours_or_in_quiet_ones(
        start in 1_767_225_600i64..1_830_000_000, from in 0i16..23, length in 1i16..6,
    ) {
        let quiet: Hours = format!("{from:02}:00-{:02}:00", (from + length).min(24)).parse().unwrap();
        let calendar = berlin().with_leave([Leave { first: date(2026, 7, 6), last: date(2026, 7, 24), hours: None }]);
        for rhythm in [Rhythm::Morning, Rhythm::FourHours, Rhythm::Weekly] {
            let Some(next) = rhythm.next(&calendar, &quiet, Time(start * 1_000_000)) else { continue };
            prop_assert!(next.0 > start * 1_000_000);
            prop_assert!(calendar.is_working(next));
            let hour = next.in_zone(calendar.zone()).hour();
            prop_assert!(!(from..(from + length).min(24)).contains(&i16::from(hour)), "{hour} is quiet");
        }
    }
}
