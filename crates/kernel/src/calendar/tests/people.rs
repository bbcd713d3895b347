use super::super::{best_windows, earliest_fair, overlap, short};
use super::*;

/// Minutes in which all work at once on each day of 2026, seen from the first person's zone.
fn overlaps(people: &[Calendar]) -> Vec<(Date, i64)> {
    let days = std::iter::successors(Some(date("2026-01-01")), |day| day.tomorrow().ok());
    let shared = |day| overlap(people, day, people[0].zone()).into_iter().map(Span::duration).sum::<SignedDuration>();
    days.take_while(|day| day.year() == 2026).map(|day| (day, shared(day).as_mins())).collect()
}

fn shared_on(people: &[Calendar], day: &str) -> i64 {
    overlaps(people).into_iter().find(|(known, _)| *known == date(day)).unwrap().1
}

fn count(overlaps: &[(Date, i64)], minutes: i64) -> usize {
    overlaps.iter().filter(|(_, shared)| *shared == minutes).count()
}

#[test]
fn berlin_and_new_york_share_two_hours_except_while_only_one_has_changed_its_clocks() {
    let people = [person("Europe/Berlin", OFFICE), person("America/New_York", OFFICE)];
    for (day, minutes) in [("2026-01-14", 120), ("2026-03-18", 180), ("2026-07-15", 120), ("2026-10-28", 180)] {
        assert_eq!(shared_on(&people, day), minutes, "{day}");
    }
    let year = overlaps(&people);
    assert_eq!([count(&year, 180), count(&year, 120), count(&year, 0)], [20, 241, 104]);
}

#[test]
fn kolkata_and_london_share_less_in_winter() {
    let people = [person("Asia/Kolkata", OFFICE), person("Europe/London", OFFICE)];
    assert_eq!(shared_on(&people, "2026-01-14"), 150);
    assert_eq!(shared_on(&people, "2026-07-15"), 210);
}

#[test]
fn berlin_and_los_angeles_never_meet() {
    let year = overlaps(&[person("Europe/Berlin", OFFICE), person("America/Los_Angeles", OFFICE)]);
    assert_eq!(count(&year, 0), 365);
}

#[test]
fn auckland_meets_the_previous_day_of_los_angeles() {
    let people = [person("Pacific/Auckland", OFFICE), person("America/Los_Angeles", OFFICE)];
    let (auckland, angeles, utc) = (&people[0], &people[1], person("UTC", OFFICE));
    for (reader, day, expected) in [
        (auckland, "2026-01-13", vec!["2026-01-13 09:00 to 2026-01-13 14:00"]),
        (auckland, "2026-01-12", vec![]),
        (auckland, "2026-01-17", vec![]),
        (angeles, "2026-01-12", vec!["2026-01-12 12:00 to 2026-01-12 17:00"]),
        (angeles, "2026-01-11", vec![]),
        (angeles, "2026-01-16", vec![]),
        (&utc, "2026-01-12", vec!["2026-01-12 20:00 to 2026-01-13 00:00"]),
        (&utc, "2026-01-13", vec!["2026-01-13 00:00 to 2026-01-13 01:00", "2026-01-13 20:00 to 2026-01-14 00:00"]),
        (&utc, "2026-01-17", vec![]),
    ] {
        let spans = overlap(&people, date(day), reader.zone());
        assert_eq!(clock_spans(reader, spans), expected, "{} {day}", reader.zone_name());
    }
}

#[test]
fn people_meet_across_unusual_zones_nights_and_weeks() {
    for (one, other, day, minutes) in [
        (("America/Phoenix", OFFICE), ("America/Denver", OFFICE), "2026-01-14", 480),
        (("America/Phoenix", OFFICE), ("America/Denver", OFFICE), "2026-07-15", 420),
        (("Asia/Kathmandu", OFFICE), ("Asia/Kolkata", OFFICE), "2026-01-14", 465),
        (("Pacific/Chatham", OFFICE), ("Pacific/Auckland", OFFICE), "2026-01-14", 435),
        (("Europe/Berlin", "Mon-Fri 22:00-06:00"), ("Asia/Tokyo", OFFICE), "2026-01-14", 300),
        (("Asia/Jerusalem", "Sun-Thu 09:00-17:00"), ("Europe/Berlin", OFFICE), "2026-01-16", 0),
        (("Asia/Jerusalem", "Sun-Thu 09:00-17:00"), ("Europe/Berlin", OFFICE), "2026-01-15", 420),
        (("Europe/Berlin", OFFICE), ("Europe/Berlin", ""), "2026-01-15", 0),
    ] {
        let people = [person(one.0, one.1), person(other.0, other.1)];
        assert_eq!(shared_on(&people, day), minutes, "{one:?} {other:?} {day}");
    }
}

#[test]
fn the_best_windows_have_the_most_people_and_then_the_most_time() {
    let berlin = person("Europe/Berlin", OFFICE);
    let people = [berlin.clone(), person("America/New_York", OFFICE), person("Asia/Tokyo", OFFICE)];
    let found = best_windows(&people, date("2026-01-14"), berlin.zone());
    assert_eq!(clock_spans(&berlin, found.iter().map(|window| window.span)), ["2026-01-14 15:00 to 2026-01-14 17:00"]);
    assert_eq!(found[0].present, [0, 1]);

    let weeks = ["Wed 08:00-12:00 14:00-20:00", "Wed 09:00-11:00 15:00-18:00", "Wed 10:00-16:00", "Thu 08:00-12:00"];
    let people = weeks.map(|week| person("Europe/Berlin", week));
    let found = best_windows(&people, date("2026-01-14"), berlin.zone());
    let expected = ["2026-01-14 10:00 to 2026-01-14 11:00", "2026-01-14 15:00 to 2026-01-14 16:00"];
    assert_eq!(clock_spans(&berlin, found.iter().map(|window| window.span)), expected);
    assert_eq!(found[0].present, [0, 1, 2]);

    let relay = ["Wed 08:00-10:00", "Wed 10:00-13:00"].map(|week| person("Europe/Berlin", week));
    let found = best_windows(&relay, date("2026-01-14"), berlin.zone());
    let expected = ["2026-01-14 10:00 to 2026-01-14 13:00", "2026-01-14 08:00 to 2026-01-14 10:00"];
    assert_eq!(clock_spans(&berlin, found.iter().map(|window| window.span)), expected);
}

#[test]
fn nobody_at_work_is_no_window() {
    let berlin = person("Europe/Berlin", OFFICE);
    let people = [berlin.clone()];
    assert_eq!(best_windows(&people, date("2026-01-17"), berlin.zone()), []);
    assert_eq!(best_windows(&[], date("2026-01-14"), berlin.zone()), []);
    assert_eq!(overlap(&[], date("2026-01-14"), berlin.zone()), []);
    let apia = person("Pacific/Apia", "Mon-Sun 00:00-24:00");
    assert_eq!(overlap(std::slice::from_ref(&apia), date("2011-12-30"), apia.zone()), []);
}

#[test]
fn a_fair_time_leaves_everybody_what_was_promised() {
    let berlin = person("Europe/Berlin", OFFICE).with_leave([off("2026-06-02", "2026-06-03")]);
    let people = [person("America/New_York", OFFICE), berlin, person("Asia/Tokyo", OFFICE)];
    let start = at(&people[1], "2026-06-01T14:00");
    let day = minutes(480);
    let fair = earliest_fair(&people, start, day).unwrap();
    assert_eq!(clock(&people[1], fair), "2026-06-04 14:00");
    assert_eq!(short(&people, start, fair, day), []);
    let hasty = at(&people[1], "2026-06-01T22:00");
    assert_eq!(short(&people, start, hasty, day), [(0, minutes(60)), (1, minutes(300)), (2, minutes(480))]);
}

#[test]
fn no_time_is_fair_to_somebody_who_never_works() {
    let people = [person("Europe/Berlin", OFFICE), person("Europe/Berlin", "")];
    let start = at(&people[0], "2026-06-01T14:00");
    assert_eq!(earliest_fair(&people, start, minutes(60)), None);
    assert_eq!(earliest_fair(&[], start, minutes(60)), Some(start));
}
