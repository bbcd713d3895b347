use super::*;
use jiff::{ToSpan, civil::date, tz::TimeZone};
use kernel::calendar::{Hours, Leave, Week};
use proptest::prelude::*;
use std::time::Duration;

/// Twelve people in seven zones: with breaks, short days, a night shift, weekends from Sunday to Thursday, and leave.
fn team() -> Vec<Calendar> {
    const PEOPLE: [(&str, &str); 12] = [
        ("Pacific/Auckland", "Mon-Fri 08:30-12:30 13:00-17:00"),
        ("Pacific/Auckland", "Tue-Fri 09:00-15:00"),
        ("Asia/Tokyo", "Mon-Fri 10:00-19:00"),
        ("Asia/Kolkata", "Mon-Fri 11:00-20:00"),
        ("Asia/Kolkata", "Mon-Thu 22:00-24:00"),
        ("Europe/Lisbon", "Mon-Fri 09:00-12:00 14:00-18:00"),
        ("Europe/Berlin", "Mon-Fri 09:00-17:00"),
        ("Europe/Berlin", "Mon-Wed 08:00-12:00"),
        ("America/Sao_Paulo", "Mon-Fri 09:00-18:00"),
        ("America/Sao_Paulo", "Mon-Fri 13:00-21:00"),
        ("America/Los_Angeles", "Mon-Fri 07:00-15:00"),
        ("America/Los_Angeles", "Sun-Thu 00:00-04:00"),
    ];
    let one = |(at, (zone, hours)): (usize, &(&str, &str))| {
        let first = date(2026, 1, 5).checked_add((17 * at as i64).days()).unwrap();
        let leave =
            |first: Date, days: i64| Leave { first, last: first.checked_add(days.days()).unwrap(), hours: None };
        let week: Week = hours.parse().unwrap();
        let half: Hours = "09:00-13:00".parse().unwrap();
        let again = first.checked_add(120.days()).unwrap();
        Calendar::new(TimeZone::get(zone).unwrap(), week)
            .with_leave([leave(first, 9), leave(again, 14), Leave { hours: Some(half), ..leave(again, 40) }])
            .with_holidays([date(2026, 5, 1), date(2026, 12, 25)])
    };
    PEOPLE.iter().enumerate().map(one).collect()
}

fn year() -> impl Iterator<Item = Date> {
    date(2026, 1, 1).series(1.day()).take(365)
}

#[test]
fn through_a_year_it_opens_in_local_working_time_and_never_on_leave() {
    let opens = civil::time(9, 30, 0, 0);
    let mut opened = 0;
    for person in team() {
        for day in year() {
            let spans = person.on(day);
            let Some(found) = window(&person, day, opens, 4) else {
                assert!(spans.is_empty(), "{} works on {day} and is not asked", person.zone_name());
                continue;
            };
            opened += 1;
            assert!(person.is_working(found.opens_at), "{} is asked out of hours on {day}", person.zone_name());
            let local = found.opens_at.in_zone(person.zone());
            assert!(local.date() == day, "{day}: it opened on {local}");
            assert!(found.opens_at < found.due_at && found.due_at <= spans.last().unwrap().end);
        }
    }
    assert!(opened > 2_200, "{opened} openings");
}

#[test]
fn it_keeps_its_place_on_the_wall_clock_when_clocks_change() {
    for person in &team()[6..7] {
        let times = year().filter_map(|day| window(person, day, civil::time(9, 30, 0, 0), 4));
        let local: Vec<_> = times.map(|one| one.opens_at.in_zone(person.zone())).collect();
        let zones: std::collections::BTreeSet<_> = local.iter().map(|local| local.offset().seconds()).collect();
        assert_eq!(zones.len(), 2, "the year has summer and winter time");
        let usual = local.iter().filter(|local| local.time() == civil::time(9, 30, 0, 0)).count();
        let later = local.iter().filter(|local| local.time() == civil::time(13, 0, 0, 0)).count();
        assert_eq!(usual + later, local.len(), "after half a day of leave it opens when they come");
    }
}

proptest! {
    #[test]
    fn whatever_the_time_of_day_it_is_answered_within_the_day(minute in 0_i16..1440, hours in 1_i64..12, day in 0_i64..365, who in 0_usize..12) {
        let person = &team()[who];
        let day = date(2026, 1, 1).checked_add(day.days()).unwrap();
        let opens = civil::time((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        if let Some(found) = window(person, day, opens, hours) {
            prop_assert!(person.is_working(found.opens_at));
            prop_assert!(person.between(found.opens_at, found.due_at) <= SignedDuration::from_hours(hours));
            prop_assert!(found.opens_at < found.due_at);
        }
    }
}

#[test]
fn through_a_year_a_weekly_one_waits_for_those_who_are_off_until_it_comes_again() {
    let opens = civil::time(9, 30, 0, 0);
    let (mut moved, mut skipped, mut offsets) = (0, 0, std::collections::BTreeSet::new());
    for person in team() {
        for monday in year().filter(|day| day.weekday() == civil::Weekday::Monday) {
            let week = || monday.series(1.day()).take(7);
            let expected = week().find(|day| !person.on(*day).is_empty());
            let found = first_window(&person, monday, 7, opens, 4);
            let local = found.map(|found| found.opens_at.in_zone(person.zone()));
            assert_eq!(local.as_ref().map(|local| local.date()), expected, "{} on {monday}", person.zone_name());
            skipped += usize::from(expected.is_none());
            moved += usize::from(expected.is_some_and(|day| day != monday));
            if let (Some(found), Some(local)) = (found, local) {
                assert!(person.is_working(found.opens_at) && person.is_working(found.due_at - Duration::from_secs(60)));
                offsets.insert((person.zone_name().to_owned(), local.offset().seconds()));
            }
        }
    }
    assert!(moved > 60 && skipped > 10, "{moved} moved, {skipped} skipped");
    let zones: std::collections::BTreeSet<_> = offsets.iter().map(|(zone, _)| zone).collect();
    assert_eq!((zones.len(), offsets.len()), (7, 11), "four zones of seven have summer time");
}

proptest! {
    #[test]
    fn a_roll_up_waits_for_all_but_not_for_long(hours in proptest::collection::vec(0_i64..24 * 9, 1..12), day in 0_i64..365) {
        let date = date(2026, 1, 1).checked_add(day.days()).unwrap();
        let midnight = Time::from(date.to_zoned(TimeZone::UTC).unwrap().timestamp());
        let dues: Vec<Time> = hours.iter().map(|hours| midnight + Duration::from_secs(*hours as u64 * 3600)).collect();
        let closes = closing(date, &dues).unwrap();
        let (first, last) = (*dues.iter().min().unwrap(), *dues.iter().max().unwrap());
        prop_assert!(closes >= first && closes <= last);
        prop_assert!(closes == last || closes == first || closes == patience(date));
        prop_assert!(closes <= first.max(midnight + Duration::from_secs(108 * 3600)));
    }
}
