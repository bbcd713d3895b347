use super::*;
use proptest::prelude::*;

const WEEK: &str = "Mon-Fri 09:00-17:00";

fn people(count: u128) -> Vec<Id<Person>> {
    (1..=count).map(Id::from_u128).collect()
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// A rota in Lisbon around a Monday, in which one person after the other works in their own zone.
fn rota(zones: &[&str], week_on: Date) -> Rota {
    let ids = people(zones.len() as u128);
    let calendar = |zone: &&str| Calendar::new(TimeZone::get(zone).unwrap(), WEEK.parse().unwrap());
    let clocks = ids.iter().copied().zip(zones.iter().map(calendar)).collect();
    let zone = TimeZone::get("Europe/Lisbon").unwrap();
    let order = Order { first_on: week_on, people: &ids, held: &BTreeMap::new() };
    let weeks = stretches(&order, later(week_on, -BEFORE), later(week_on, AFTER), &zone, &clocks).unwrap();
    Rota { zone, this_week: week_on, weeks, names: BTreeMap::new(), order: Vec::new() }
}

#[test]
fn turns_follow_the_order_and_skip_who_is_away() {
    let all = people(3);
    let held = BTreeMap::from([(date("2026-03-30"), (all[0], true))]);
    let order = Order { first_on: date("2026-03-02"), people: &all, held: &held };
    let whose = |week: &str, away: &[Id<Person>]| {
        order.holder(date(week), |person| away.contains(&person)).map(|holder| holder.person)
    };
    assert_eq!(whose("2026-03-02", &[]), Some(all[0]));
    assert_eq!(whose("2026-03-09", &[]), Some(all[1]));
    assert_eq!(whose("2026-03-23", &[]), Some(all[0]));
    assert_eq!(whose("2026-02-23", &[]), Some(all[2]), "weeks before the first one go on backwards");
    assert_eq!(whose("2026-03-09", &[all[1]]), Some(all[2]));
    assert_eq!(whose("2026-03-09", &[all[1], all[2]]), Some(all[0]));
    assert_eq!(whose("2026-03-09", &all), Some(all[1]), "somebody has the turn though all are away");
    assert_eq!(whose("2026-03-30", &all), Some(all[0]), "what was given stays given");
}

#[test]
fn somebody_on_leave_for_most_of_a_week_is_away() {
    use kernel::calendar::Leave;
    let (start, end) = (begin(date("2026-03-09"), &TimeZone::UTC), begin(date("2026-03-16"), &TimeZone::UTC));
    let off = |last: &str| {
        let leave = Leave { first: date("2026-03-09"), last: date(last), hours: None };
        Calendar::new(TimeZone::UTC, WEEK.parse().unwrap()).with_leave([leave])
    };
    assert!(!is_away(&off("2026-03-10"), start, end));
    assert!(is_away(&off("2026-03-11"), start, end));
}

#[test]
fn a_promise_goes_on_in_the_hours_of_whoever_is_next() {
    let rota = rota(&["Europe/Lisbon", "America/New_York"], date("2026-03-02"));
    let at = |text: &str| Time::from(text.parse::<jiff::Timestamp>().unwrap());
    assert_eq!(rota.add(at("2026-03-06T16:00:00Z"), SignedDuration::from_hours(2)), Some(at("2026-03-09T14:00:00Z")));
    assert_eq!(rota.between(at("2026-03-06T16:00:00Z"), at("2026-03-09T14:00:00Z")), SignedDuration::from_hours(2));
}

proptest! {
    #[test]
    fn adding_time_and_measuring_it_agree(minute in 0i64..200_000, minutes in 1i64..6_000, weeks in -3i32..3) {
        let rota = rota(&["Europe/Lisbon", "Asia/Kolkata", "America/New_York"], later(date("2026-03-23"), weeks));
        let from = Time(begin(date("2026-03-02"), &TimeZone::UTC).0 + minute * 60_000_000);
        let wanted = SignedDuration::from_mins(minutes);
        let due = rota.add(from, wanted).unwrap();
        prop_assert!(due >= from);
        prop_assert_eq!(rota.between(from, due), wanted);
    }
}
