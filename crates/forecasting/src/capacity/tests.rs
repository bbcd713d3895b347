use super::{
    Assumptions, Capacity, NEAR, NEWCOMER, PAST, computed, day,
    roster::{Member, Roster, present},
};
use forecast::{Forecaster, History, Person, Prior, Random};
use jiff::{ToSpan, civil::Date, civil::date, tz::TimeZone};
use kernel::{
    Id,
    calendar::{Calendar, Leave, Week},
};
use people::hours::Clock;
use std::iter;

const MONDAY: Date = date(2026, 3, 16);

fn clock(week: &str, leave: &[(Date, Date)]) -> Clock {
    let week: Week = week.parse().unwrap();
    let leave = leave.iter().map(|(first, last)| Leave { first: *first, last: *last, hours: None });
    let calendar = Calendar::new(TimeZone::UTC, week).with_leave(leave);
    Clock { id: Id::new(), calendar, away: Vec::new(), holidays: [].into(), starts_on: None, left_on: None }
}

fn member(clock: &Clock, share: f64) -> Member {
    let days: Vec<Date> = (0..PAST as usize + NEAR).map(|days| day(past(), days)).collect();
    let without = clock.calendar.without_leave();
    Member {
        from_on: date(2024, 1, 1),
        until_on: None,
        share,
        newcomer: false,
        planned: days.iter().map(|date| present(&without, *date)).collect(),
        worked: days.iter().map(|date| present(&clock.calendar, *date)).collect(),
        on_call: Vec::new(),
        entered: Vec::new(),
    }
}

fn past() -> Date {
    MONDAY.saturating_sub(PAST.days())
}

fn capacity(members: Vec<Member>, assumed: &Assumptions) -> Capacity {
    let roster = Roster { first: past(), members };
    computed(&roster.seen(MONDAY, None, assumed.on_call), MONDAY, NEAR, assumed)
}

#[test]
fn a_team_that_goes_on_as_before_has_the_capacity_of_before() {
    let clocks: Vec<Clock> = (0..3).map(|_| clock("Mon-Fri 09:00-17:00", &[])).collect();
    let capacity = capacity(clocks.iter().map(|clock| member(clock, 1.0)).collect(), &Assumptions::default());
    assert!(capacity.coming.iter().all(|day| (day - 1.0).abs() < 1e-9), "{:?}", &capacity.coming[..30]);
    assert_eq!(capacity.people.members, 3);
}

#[test]
fn leave_and_fewer_people_lower_it_and_focus_scales_it() {
    let away = clock("Mon-Fri 09:00-17:00", &[(MONDAY, MONDAY.saturating_add(11.days()))]);
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let with = |assumed: Assumptions| capacity(vec![member(&away, 1.0), member(&here, 1.0)], &assumed).coming;
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
    let coming = capacity(vec![member(&here, 1.0)], &assumed).coming;
    assert!((coming[9] - 1.0).abs() < 1e-9);
    assert!((coming[10] - 1.125).abs() < 1e-9, "{}", coming[10]);
    assert!((coming[120] - 1.5).abs() < 1e-9, "{}", coming[120]);
}

#[test]
fn leave_that_nobody_has_entered_yet_is_as_usual() {
    let weeks: Vec<(Date, Date)> = (0..13)
        .map(|month| {
            let first = past().saturating_add((month * 28).days());
            (first, first.saturating_add(4.days()))
        })
        .collect();
    let here = clock("Mon-Fri 09:00-17:00", &weeks);
    let coming = capacity(vec![member(&here, 1.0)], &Assumptions::default()).coming;
    assert!(coming[3] > 1.1 && (0.9..1.0).contains(&coming[200]), "{} {}", coming[3], coming[200]);
}

#[test]
fn nobody_entered_says_nothing() {
    let capacity = capacity(Vec::new(), &Assumptions { focus: 0.5, ..Assumptions::default() });
    assert!(capacity.coming.iter().all(|day| *day == 0.5) && capacity.people.members == 0);
}

#[test]
fn a_free_day_is_like_the_days_around_it() {
    let four = clock("Mon-Thu 09:00-17:00", &[(MONDAY, MONDAY)]);
    assert_eq!(present(&four.calendar, MONDAY), 0.0);
    assert_eq!(present(&four.calendar, day(MONDAY, 4)), 1.0);
    assert_eq!(present(&four.calendar, MONDAY.yesterday().unwrap()), 1.0);
}

#[test]
fn a_shift_takes_its_share_and_a_rota_that_goes_on_takes_none() {
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let on_call = |days: &dyn Fn(usize) -> bool| {
        let duty = (0..PAST as usize + NEAR).map(|day| if days(day) { 1.0 } else { 0.0 }).collect();
        Member { on_call: duty, ..member(&here, 1.0) }
    };
    let ahead = |place: usize| place >= PAST as usize && place < PAST as usize + 7;
    let with = |share: f64| Assumptions { on_call: share, ..Assumptions::default() };
    let coming = capacity(vec![on_call(&ahead), member(&here, 1.0)], &with(0.5)).coming;
    assert!((coming[0] - 0.75).abs() < 1e-9 && (coming[8] - 1.0).abs() < 1e-9, "{} {}", coming[0], coming[8]);
    let none = capacity(vec![on_call(&ahead), member(&here, 1.0)], &with(0.0)).coming;
    assert!((none[0] - 1.0).abs() < 1e-9);
    let always = capacity(vec![on_call(&|_| true), member(&here, 1.0)], &with(0.5)).coming;
    assert!((always[5] - 1.0).abs() < 1e-9, "{}", always[5]);
}

#[test]
fn of_the_past_only_what_was_entered_then_is_known() {
    let away = clock("Mon-Fri 09:00-17:00", &[(MONDAY, MONDAY.saturating_add(11.days()))]);
    let entered = |on: Date| {
        let days = (0..PAST as usize + NEAR).map(|place| day(past(), place));
        let entered = days.map(|date| (date >= MONDAY && date <= day(MONDAY, 11)).then_some(on)).collect();
        Member { entered, until_on: Some(day(MONDAY, 60)), ..member(&away, 1.0) }
    };
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let coming = |on: Date| {
        let roster = Roster { first: past(), members: vec![entered(on), member(&here, 1.0)] };
        computed(&roster.seen(MONDAY, Some(MONDAY), 0.5), MONDAY, NEAR, &Assumptions::default()).coming
    };
    let (known, unknown) = (coming(day(past(), 30)), coming(day(MONDAY, 1)));
    assert!((known[0] - 0.5).abs() < 1e-9 && (unknown[0] - 1.0).abs() < 1e-9, "{} {}", known[0], unknown[0]);
    assert!((unknown[70] - 1.0).abs() < 0.05, "that somebody goes later is not known yet: {}", unknown[70]);
}

/// What a team that doubled so many days ago is forecast to finish in four weeks, without its capacity and with it, both
/// relative to what is to be expected: each person finishes as much as before.
fn doubled(ago: i64) -> [f64; 2] {
    let here = clock("Mon-Fri 09:00-17:00", &[]);
    let joined = Member { from_on: MONDAY.saturating_sub(ago.days()), ..member(&here, 1.0) };
    let members = (0..6).map(|place| if place < 3 { member(&here, 1.0) } else { joined.clone() });
    let roster = Roster { first: past(), members: members.collect() };
    let seen = roster.seen(MONDAY, None, 0.5);
    let pace = |date: Date| 0.5 * seen.iter().map(|member| member.on(date)).sum::<f64>();
    let coming = computed(&seen, MONDAY, NEAR, &Assumptions::default()).coming;
    let expected: f64 = (0..28).map(|ahead| pace(day(MONDAY, ahead))).sum();
    let of_seed = |seed: u64| {
        let mut random = Random::new(seed, 1);
        let days = date(2024, 6, 1).series(1.day()).take_while(|date| *date < MONDAY);
        let finishes = days.flat_map(|date| {
            let tries = (0..8).filter(|_| random.unit() < pace(date) / 8.0).count();
            iter::repeat_n(date, tries)
        });
        let forecaster = Forecaster::new(History::new(finishes).unwrap(), MONDAY, Prior::built_in(), 5);
        let forecast = forecaster.at(MONDAY).unwrap();
        [forecast.quantile(0.5, 28), forecast.with_capacity(&coming).quantile(0.5, 28)]
    };
    let all: Vec<[f64; 2]> = (0..4).map(of_seed).collect();
    [0, 1].map(|which| all.iter().map(|one| one[which]).sum::<f64>() / 4.0 / expected)
}

#[test]
fn growth_is_neither_counted_twice_nor_left_out() {
    let [ignored, counted] = doubled(7);
    assert!(ignored < 0.8 && (0.85..1.15).contains(&counted), "a week after: {ignored} {counted}");
    for ago in [28, 84, 168] {
        let [_, counted] = doubled(ago);
        assert!((0.85..1.15).contains(&counted), "{ago} days after: {counted}");
    }
}
