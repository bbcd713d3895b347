use super::{Assumptions, Member, NEWCOMER, computed, day, present};
use forecast::{Person, Ramp};
use jiff::{ToSpan, civil::Date, civil::date, tz::TimeZone};
use kernel::{
    Id,
    calendar::{Calendar, Leave, Week},
};
use people::hours::Clock;

const MONDAY: Date = date(2026, 3, 16);

fn clock(week: &str, leave: &[(Date, Date)]) -> Clock {
    let week: Week = week.parse().unwrap();
    let leave = leave.iter().map(|(first, last)| Leave { first: *first, last: *last, hours: None });
    let calendar = Calendar::new(TimeZone::UTC, week).with_leave(leave);
    Clock { id: Id::new(), calendar, away: Vec::new(), holidays: [].into(), starts_on: None, left_on: None }
}

fn member(clock: &Clock, share: f64) -> Member<'_> {
    let person =
        Person { share, from: Some(date(2024, 1, 1)), ramp: Ramp { start: 1.0, days: 0 }, ..Person::default() };
    Member { person, clock, without_leave: clock.calendar.without_leave() }
}

fn past() -> Date {
    MONDAY.saturating_sub(182.days())
}

#[test]
fn a_team_that_goes_on_as_before_has_the_capacity_of_before() {
    let clocks: Vec<Clock> = (0..3).map(|_| clock("Mon-Fri 09:00-17:00", &[])).collect();
    let members: Vec<Member<'_>> = clocks.iter().map(|clock| member(clock, 1.0)).collect();
    let capacity = computed(&members, MONDAY, past(), &Assumptions::default());
    assert!(capacity.coming.iter().all(|day| (day - 1.0).abs() < 1e-9), "{:?}", &capacity.coming[..30]);
    assert_eq!(capacity.people.members, 3);
}

#[test]
fn leave_and_fewer_people_lower_it_and_focus_scales_it() {
    let away = clock("Mon-Fri 09:00-17:00", &[(MONDAY, MONDAY.saturating_add(11.days()))]);
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let members = [member(&away, 1.0), member(&here, 1.0)];
    let with = |assumed: Assumptions| computed(&members, MONDAY, past(), &assumed).coming;
    let plain = with(Assumptions::default());
    assert!((plain[0] - 0.5).abs() < 1e-9 && (plain[5] - 0.5).abs() < 1e-9, "a weekend between days of leave is leave");
    assert!((plain[14] - 1.0).abs() < 1e-9, "{}", plain[14]);
    let half = with(Assumptions { focus: 0.5, ..Assumptions::default() });
    assert!((half[14] - 0.5).abs() < 1e-9);
    let fewer = vec![(1.0, day(MONDAY, 14), Some(day(MONDAY, 21)))];
    let fewer = with(Assumptions { fewer, ..Assumptions::default() });
    assert!((fewer[15] - 0.5).abs() < 1e-9 && (fewer[22] - 1.0).abs() < 1e-9);
}

#[test]
fn a_probable_hire_ramps_up_to_its_probability() {
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let hire = Person { from: Some(day(MONDAY, 10)), ramp: NEWCOMER, probability: 0.5, ..Person::default() };
    let assumed = Assumptions { hires: vec![hire], ..Assumptions::default() };
    let coming = computed(&[member(&here, 1.0)], MONDAY, past(), &assumed).coming;
    assert!((coming[9] - 1.0).abs() < 1e-9);
    assert!((coming[10] - 1.125).abs() < 1e-9, "{}", coming[10]);
    assert!((coming[120] - 1.5).abs() < 1e-9, "{}", coming[120]);
}

#[test]
fn leave_that_nobody_has_entered_yet_is_as_usual() {
    let weeks: Vec<(Date, Date)> = (0..6)
        .map(|month| {
            let first = past().saturating_add((month * 28).days());
            (first, first.saturating_add(4.days()))
        })
        .collect();
    let here = clock("Mon-Fri 09:00-17:00", &weeks);
    let coming = computed(&[member(&here, 1.0)], MONDAY, past(), &Assumptions::default()).coming;
    assert!(coming[3] > 1.15 && (coming[200] - 1.0).abs() < 0.05, "{} {}", coming[3], coming[200]);
}

#[test]
fn nobody_entered_says_nothing() {
    let capacity = computed(&[], MONDAY, MONDAY, &Assumptions { focus: 0.5, ..Assumptions::default() });
    assert!(capacity.coming.iter().all(|day| *day == 0.5) && capacity.people.members == 0);
}

#[test]
fn a_free_day_is_like_the_days_around_it() {
    let four = clock("Mon-Thu 09:00-17:00", &[(MONDAY, MONDAY)]);
    assert_eq!(present(&four.calendar, MONDAY), 0.0);
    assert_eq!(present(&four.calendar, day(MONDAY, 4)), 1.0);
    assert_eq!(present(&four.calendar, MONDAY.yesterday().unwrap()), 1.0);
}
