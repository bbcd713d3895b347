use super::{Days, Owner};
use jiff::civil::{Date, date};
use kernel::calendar::{Calendar, Leave, zone};
use proptest::prelude::*;

fn person(zone_name: &str, week: &str) -> Calendar {
    Calendar::new(zone(zone_name).unwrap(), week.parse().unwrap())
}

fn office() -> Calendar {
    person("Europe/Lisbon", "Mon-Fri 09:00-17:00")
}

fn alone(newcomer: &Calendar) -> Days<'_> {
    Days { newcomer, manager: None, buddy: None }
}

fn due(newcomer: &Calendar, starts_on: Date, day: i64) -> String {
    alone(newcomer).due(starts_on, day, Owner::Newcomer).unwrap().strftime("%a %Y-%m-%d").to_string()
}

#[test]
fn day_zero_is_the_start_itself_when_the_newcomer_works_on_it() {
    assert_eq!(due(&office(), date(2026, 3, 2), 0), "Mon 2026-03-02");
    assert_eq!(due(&office(), date(2026, 3, 2), 4), "Fri 2026-03-06");
    assert_eq!(due(&office(), date(2026, 3, 2), 5), "Mon 2026-03-09");
}

#[test]
fn a_start_on_a_weekend_or_a_public_holiday_moves_to_the_next_working_day() {
    assert_eq!(due(&office(), date(2026, 2, 28), 0), "Mon 2026-03-02");
    let free = office().with_holidays([date(2026, 5, 1)]);
    assert_eq!(due(&free, date(2026, 5, 1), 0), "Mon 2026-05-04");
    assert_eq!(due(&free, date(2026, 4, 30), 1), "Mon 2026-05-04");
}

#[test]
fn a_part_time_week_counts_only_its_own_days() {
    let three_days = person("Europe/Berlin", "Mon-Wed 09:00-15:00");
    assert_eq!(due(&three_days, date(2026, 3, 5), 0), "Mon 2026-03-09");
    assert_eq!(due(&three_days, date(2026, 3, 5), 3), "Mon 2026-03-16");
}

#[test]
fn a_week_from_sunday_to_thursday_is_as_good_as_any() {
    let cairo = person("Africa/Cairo", "Sun-Thu 10:00-18:00");
    assert_eq!(due(&cairo, date(2026, 3, 6), 0), "Sun 2026-03-08");
    assert_eq!(due(&cairo, date(2026, 3, 6), 5), "Sun 2026-03-15");
}

#[test]
fn leave_in_the_first_month_is_not_counted() {
    let week_away = Leave { first: date(2026, 3, 9), last: date(2026, 3, 13), hours: None };
    let newcomer = office().with_leave([week_away]);
    assert_eq!(due(&newcomer, date(2026, 3, 2), 4), "Fri 2026-03-06");
    assert_eq!(due(&newcomer, date(2026, 3, 2), 5), "Mon 2026-03-16");
}

#[test]
fn half_a_day_of_leave_is_still_a_working_day() {
    let morning =
        Leave { first: date(2026, 3, 3), last: date(2026, 3, 3), hours: Some("09:00-13:00".parse().unwrap()) };
    assert_eq!(due(&office().with_leave([morning]), date(2026, 3, 2), 1), "Tue 2026-03-03");
}

#[test]
fn a_change_of_the_clocks_moves_no_day() {
    let night = person("America/New_York", "Sun-Thu 01:30-03:30");
    assert_eq!(due(&night, date(2026, 3, 8), 0), "Sun 2026-03-08");
    assert_eq!(due(&night, date(2026, 3, 5), 1), "Sun 2026-03-08");
    assert_eq!(due(&night, date(2026, 10, 29), 1), "Sun 2026-11-01");
}

#[test]
fn a_negative_day_is_counted_back_in_the_calendar_of_its_owner() {
    let newcomer = office().with_holidays([date(2026, 3, 2)]);
    let manager = person("Africa/Cairo", "Sun-Thu 10:00-18:00");
    let away = Leave { first: date(2026, 2, 27), last: date(2026, 3, 2), hours: None };
    let buddy = office().with_leave([away]);
    let days = Days { newcomer: &newcomer, manager: Some(&manager), buddy: Some(&buddy) };
    let due = |day, owner| days.due(date(2026, 3, 2), day, owner);
    assert_eq!(due(0, Owner::Manager), Some(date(2026, 3, 3)), "the first day is the newcomer's for everyone");
    assert_eq!(due(-1, Owner::Manager), Some(date(2026, 3, 2)));
    assert_eq!(due(-2, Owner::Manager), Some(date(2026, 3, 1)), "a Sunday is a working day there");
    assert_eq!(due(-3, Owner::Manager), Some(date(2026, 2, 26)));
    assert_eq!(due(-1, Owner::Buddy), Some(date(2026, 2, 26)), "the buddy is away until the start");
    assert_eq!(due(-1, Owner::Newcomer), Some(date(2026, 2, 27)));
}

#[test]
fn without_a_buddy_the_days_before_the_start_are_the_newcomers() {
    assert_eq!(alone(&office()).due(date(2026, 3, 2), -1, Owner::Buddy), Some(date(2026, 2, 27)));
}

#[test]
fn somebody_without_hours_is_counted_from_monday_to_friday() {
    assert_eq!(due(&person("Asia/Tokyo", ""), date(2026, 3, 7), 1), "Tue 2026-03-10");
}

#[test]
fn somebody_who_is_never_there_again_has_no_first_day() {
    let gone = Leave { first: date(2026, 1, 1), last: date(2040, 1, 1), hours: None };
    assert_eq!(alone(&office().with_leave([gone])).first(date(2026, 3, 2)), None);
}

proptest! {
    #[test]
    fn later_days_are_later_and_all_of_them_are_worked(start in 0..1500_i64, day in -40..200_i64, free in 0..7_usize) {
        let weeks = ["Mon-Fri 09:00-17:00", "Sun-Thu 10:00-18:00", "Mon-Wed 08:00-12:00", "Tue 09:00-17:00",
                     "Sat-Sun 10:00-16:00", "Mon,Wed 22:00-06:00", "Mon-Sun 06:00-10:00"];
        let newcomer = person("Pacific/Auckland", weeks[free]);
        let starts_on = date(2025, 1, 1).saturating_add(jiff::Span::new().days(start));
        let due = |day| alone(&newcomer).due(starts_on, day, Owner::Newcomer).unwrap();
        prop_assert!(due(day) < due(day + 1));
        prop_assert!(!newcomer.on(due(day)).is_empty());
        prop_assert_eq!(newcomer.working_days(due(day), due(day + 3)), 4);
        prop_assert_eq!(day >= 0, due(day) >= starts_on);
    }
}
