use super::*;
use proptest::prelude::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn weekly(days: &[DayOfWeek], every_weeks: i64) -> Rhythm {
    Rhythm { days: days.to_vec(), every_weeks, day_of_month: None, working_days: true }
}

fn monthly(day: i64) -> Rhythm {
    Rhythm { days: Vec::new(), every_weeks: 1, day_of_month: Some(day), working_days: true }
}

fn on_weekdays(day: Date) -> bool {
    day.weekday().to_monday_zero_offset() < 5
}

#[test]
fn weeks_are_counted_from_the_first_one() {
    let rhythm = weekly(&[DayOfWeek::Tuesday, DayOfWeek::Friday], 2);
    let anchor = date("2026-03-18");
    let mut day = anchor;
    let mut found = Vec::new();
    for _ in 0..4 {
        day = rhythm.next(anchor, day).unwrap();
        found.push(day.to_string());
    }
    assert_eq!(found, ["2026-03-20", "2026-03-31", "2026-04-03", "2026-04-14"]);
}

#[test]
fn the_last_day_of_a_month_stands_for_days_that_it_lacks() {
    let rhythm = monthly(31);
    assert_eq!(rhythm.next(date("2026-01-01"), date("2026-01-31")), Some(date("2026-02-28")));
    assert_eq!(rhythm.next(date("2026-01-01"), date("2026-02-28")), Some(date("2026-03-31")));
}

#[test]
fn a_free_day_is_moved_to_the_next_working_one() {
    let rhythm = monthly(1);
    assert_eq!(rhythm.moved(date("2026-03-01"), date("2026-03-01"), on_weekdays), Some(date("2026-03-02")));
    let both = weekly(&[DayOfWeek::Saturday, DayOfWeek::Monday], 1);
    let saturday = date("2026-03-21");
    assert_eq!(both.moved(saturday, saturday, on_weekdays), None, "Monday has its own");
}

proptest! {
    #[test]
    fn what_follows_is_later_and_fits(days in proptest::sample::subsequence(DayOfWeek::ALL.to_vec(), 1..=7), weeks in 1i64..=12, start in 0i64..800) {
        let anchor = date("2026-01-05");
        let after = anchor.saturating_add(Span::new().days(start));
        let next = weekly(&days, weeks).next(anchor, after).unwrap();
        prop_assert!(next > after);
        let of_week = DayOfWeek::ALL[next.weekday().to_monday_zero_offset() as usize];
        prop_assert!(days.contains(&of_week));
        prop_assert_eq!((next - anchor).get_days() / 7 % weeks as i32, 0);
    }
}
