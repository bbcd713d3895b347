use jiff::civil::{Weekday, time};

use super::*;

#[test]
fn working_time_crosses_every_change_of_the_clocks() {
    let nights = "Mon-Sun 22:00-06:00";
    for (zone, week, start, hours, due) in [
        ("Europe/Berlin", OFFICE, "2026-03-27T16:00", 2, "Mon 2026-03-30 10:00 +02:00"),
        ("Europe/Berlin", OFFICE, "2026-10-23T16:00", 2, "Mon 2026-10-26 10:00 +01:00"),
        ("America/New_York", OFFICE, "2026-03-06T16:00", 9, "Mon 2026-03-09 17:00 -04:00"),
        ("America/New_York", OFFICE, "2026-10-30T16:00", 9, "Mon 2026-11-02 17:00 -05:00"),
        ("Pacific/Auckland", OFFICE, "2026-04-03T16:00", 2, "Mon 2026-04-06 10:00 +12:00"),
        ("Pacific/Auckland", OFFICE, "2026-09-25T16:00", 2, "Mon 2026-09-28 10:00 +13:00"),
        ("Australia/Lord_Howe", OFFICE, "2026-04-03T16:00", 2, "Mon 2026-04-06 10:00 +10:30"),
        ("Australia/Lord_Howe", OFFICE, "2026-10-02T16:00", 2, "Mon 2026-10-05 10:00 +11:00"),
        ("Europe/Berlin", nights, "2026-03-28T22:00", 7, "Sun 2026-03-29 06:00 +02:00"),
        ("Europe/Berlin", nights, "2026-03-28T22:00", 8, "Sun 2026-03-29 23:00 +02:00"),
        ("Europe/Berlin", nights, "2026-10-24T22:00", 9, "Sun 2026-10-25 06:00 +01:00"),
        ("America/Phoenix", OFFICE, "2026-03-06T16:00", 2, "Mon 2026-03-09 10:00 -07:00"),
        ("Asia/Tokyo", OFFICE, "2026-10-30T16:00", 2, "Mon 2026-11-02 10:00 +09:00"),
        ("Asia/Kolkata", OFFICE, "2026-03-27T16:00", 2, "Mon 2026-03-30 10:00 +05:30"),
        ("Asia/Kathmandu", OFFICE, "2026-03-27T16:00", 2, "Mon 2026-03-30 10:00 +05:45"),
        ("Pacific/Chatham", OFFICE, "2026-04-03T16:00", 2, "Mon 2026-04-06 10:00 +12:45"),
        ("Pacific/Chatham", OFFICE, "2026-09-25T16:00", 2, "Mon 2026-09-28 10:00 +13:45"),
    ] {
        let person = person(zone, week);
        let start = at(&person, start);
        let found = person.add(start, SignedDuration::from_hours(hours)).unwrap();
        assert_eq!(shown(&person, found), due, "{zone} {week}");
        assert_eq!(person.between(start, found), SignedDuration::from_hours(hours), "{zone} {week}");
    }
}

#[test]
fn a_shift_has_its_real_length() {
    let night = "Sat 22:00-06:00";
    for (zone, week, day, length) in [
        ("Europe/Berlin", night, "2026-03-21", 480),
        ("Europe/Berlin", night, "2026-03-28", 420),
        ("Europe/Berlin", night, "2026-10-24", 540),
        ("America/New_York", night, "2026-03-07", 420),
        ("America/New_York", night, "2026-10-31", 540),
        ("Pacific/Auckland", night, "2026-04-04", 540),
        ("Pacific/Auckland", night, "2026-09-26", 420),
        ("Pacific/Chatham", night, "2026-09-26", 420),
        ("Australia/Lord_Howe", night, "2026-04-04", 510),
        ("Australia/Lord_Howe", night, "2026-10-03", 450),
        ("America/Phoenix", night, "2026-03-07", 480),
        ("Africa/Cairo", "Thu 20:00-24:00", "2026-04-23", 240),
        ("Africa/Cairo", "Fri 00:00-04:00", "2026-04-24", 180),
        ("America/Santiago", "Sat 20:00-24:00", "2026-04-04", 300),
        ("America/Santiago", "Sun 00:00-04:00", "2026-04-05", 240),
        ("Europe/Berlin", "Mon-Sun 00:00-24:00", "2026-03-29", 23 * 60),
        ("Europe/Berlin", "Mon-Sun 00:00-24:00", "2026-10-25", 25 * 60),
    ] {
        assert_eq!(person(zone, week).day_length(date(day)), minutes(length), "{zone} {week} {day}");
    }
}

#[test]
fn an_end_in_skipped_or_repeated_hours_is_the_change_or_the_first_occurrence() {
    let (spring, autumn) = (["2026-03-28", "2026-03-29"], ["2026-10-24", "2026-10-25"]);
    for (week, days, expected) in [
        ("Sat 22:00-02:30", spring, vec!["2026-03-28T22:00+01:00 to 2026-03-29T03:00+02:00"]),
        ("Sun 02:30-06:00", spring, vec!["2026-03-29T03:00+02:00 to 2026-03-29T06:00+02:00"]),
        ("Sun 02:00-02:30 02:45-03:15", spring, vec!["2026-03-29T03:00+02:00 to 2026-03-29T03:15+02:00"]),
        ("Sun 02:00-03:00", spring, vec![]),
        ("Sat 22:00-02:30", autumn, vec!["2026-10-24T22:00+02:00 to 2026-10-25T02:30+02:00"]),
        ("Sun 02:30-06:00", autumn, vec!["2026-10-25T02:30+02:00 to 2026-10-25T06:00+01:00"]),
        ("Sun 02:15-02:30", autumn, vec!["2026-10-25T02:15+02:00 to 2026-10-25T02:30+02:00"]),
        ("Sun 02:00-03:00", autumn, vec!["2026-10-25T02:00+02:00 to 2026-10-25T03:00+01:00"]),
    ] {
        let person = person("Europe/Berlin", week);
        let clock = |at: Time| {
            let timestamp = jiff::Timestamp::from_microsecond(at.0).unwrap();
            timestamp.to_zoned(person.zone().clone()).strftime("%Y-%m-%dT%H:%M%:z").to_string()
        };
        let spans = days.into_iter().flat_map(|day| person.on(date(day)));
        let found: Vec<_> = spans.map(|span| format!("{} to {}", clock(span.start), clock(span.end))).collect();
        assert_eq!(found, expected, "{week}");
    }
}

#[test]
fn a_date_that_a_zone_skipped_has_no_working_time() {
    let person = person("Pacific/Apia", "Mon-Sat 09:00-17:00");
    let thursday = at(&person, "2011-12-29T16:00");
    assert_eq!(person.on(date("2011-12-30")), []);
    assert_eq!(person.working_days(date("2011-12-29"), date("2011-12-31")), 2);
    assert_eq!(shown(&person, person.add(thursday, minutes(120)).unwrap()), "Sat 2011-12-31 10:00 +14:00");
    assert_eq!(shown(&person, person.add_days(thursday, 1).unwrap()), "Sat 2011-12-31 16:00 +14:00");
    assert_eq!(shown(&person, person.next_working_morning(thursday).unwrap()), "Sat 2011-12-31 09:00 +14:00");
    let friday_noon = person.local_moment(thursday, Weekday::Friday, time(12, 0, 0, 0)).unwrap();
    assert_eq!(shown(&person, friday_noon), "Fri 2012-01-06 12:00 +14:00");
}

#[test]
fn an_hour_that_repeats_over_midnight_belongs_to_the_shift_in_progress() {
    let person = person("America/St_Johns", "Sun 00:00-04:00");
    let end = at(&person, "2010-11-07T04:00");
    let [second_pass, first_pass] = [270, 330].map(|minutes| Time(end.0 - minutes * 60_000_000));
    assert_eq!(shown(&person, first_pass), "Sat 2010-11-06 23:30 -02:30");
    assert_eq!(shown(&person, second_pass), "Sat 2010-11-06 23:30 -03:30");
    assert!(!person.is_working(first_pass));
    assert!(person.is_working(second_pass));
    assert_eq!(person.between(first_pass, end), minutes(300));
    assert_eq!(person.add(second_pass, minutes(270)), Some(end));
}

#[test]
fn a_local_moment_is_theirs_whatever_the_clocks_do() {
    let berlin = person("Europe/Berlin", OFFICE);
    for (from, weekday, clock, expected) in [
        ("2026-03-27T12:00", Weekday::Friday, time(12, 0, 0, 0), "Fri 2026-03-27 12:00 +01:00"),
        ("2026-03-27T12:01", Weekday::Friday, time(12, 0, 0, 0), "Fri 2026-04-03 12:00 +02:00"),
        ("2026-03-27T12:01", Weekday::Monday, time(9, 0, 0, 0), "Mon 2026-03-30 09:00 +02:00"),
        ("2026-03-27T12:01", Weekday::Sunday, time(2, 30, 0, 0), "Sun 2026-03-29 03:00 +02:00"),
        ("2026-10-23T12:00", Weekday::Sunday, time(2, 30, 0, 0), "Sun 2026-10-25 02:30 +02:00"),
        ("2026-10-25T03:30", Weekday::Sunday, time(2, 30, 0, 0), "Sun 2026-11-01 02:30 +01:00"),
    ] {
        let found = berlin.local_moment(at(&berlin, from), weekday, clock).unwrap();
        assert_eq!(shown(&berlin, found), expected, "{from}");
    }
    let cairo = person("Africa/Cairo", OFFICE);
    let midnight = cairo.local_moment(at(&cairo, "2026-04-23T12:00"), Weekday::Friday, time(0, 0, 0, 0)).unwrap();
    assert_eq!(shown(&cairo, midnight), "Fri 2026-04-24 01:00 +03:00");
}
