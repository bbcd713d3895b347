use super::*;

const BREAK: &str = "Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00";
const NIGHTS: &str = "Mon-Fri 22:00-06:00";

fn berlin(week: &str) -> Calendar {
    person("Europe/Berlin", week)
}

#[test]
fn a_due_time_is_found_by_walking_through_the_hours() {
    for (week, start, duration, due) in [
        (OFFICE, "2026-06-02T10:00", 90, "2026-06-02 11:30"),
        (OFFICE, "2026-06-02T09:00", 480, "2026-06-02 17:00"),
        (OFFICE, "2026-06-02T16:00", 60, "2026-06-02 17:00"),
        (OFFICE, "2026-06-02T16:00", 61, "2026-06-03 09:01"),
        (OFFICE, "2026-06-05T16:00", 960, "2026-06-09 16:00"),
        (OFFICE, "2026-06-06T03:00", 60, "2026-06-08 10:00"),
        (OFFICE, "2026-06-02T12:00", 0, "2026-06-02 12:00"),
        (OFFICE, "2026-06-02T17:00", 0, "2026-06-03 09:00"),
        (OFFICE, "2026-06-02T12:00", -30, "2026-06-02 12:00"),
        (BREAK, "2026-06-04T11:30", 60, "2026-06-04 13:30"),
        (BREAK, "2026-06-04T16:30", 300, "2026-06-08 08:30"),
        (NIGHTS, "2026-06-05T12:00", 480, "2026-06-06 06:00"),
        (NIGHTS, "2026-06-05T12:00", 481, "2026-06-08 22:01"),
        (NIGHTS, "2026-06-06T05:00", 120, "2026-06-08 23:00"),
        ("Sun-Thu 10:00-18:00", "2026-06-04T17:00", 120, "2026-06-07 11:00"),
        ("Sun-Thu 10:00-18:00", "2026-06-05T12:00", 60, "2026-06-07 11:00"),
        ("Mon-Sun 00:00-24:00", "2026-06-02T12:00", 3000, "2026-06-04 14:00"),
    ] {
        let person = berlin(week);
        let found = person.add(at(&person, start), minutes(duration)).unwrap();
        assert_eq!(clock(&person, found), due, "{week} {start} {duration}");
    }
}

#[test]
fn days_are_counted_by_the_wall_clock() {
    for (week, start, days, due) in [
        (OFFICE, "2026-06-02T11:00", 2, "2026-06-04 11:00"),
        (OFFICE, "2026-06-04T11:00", 2, "2026-06-08 11:00"),
        (OFFICE, "2026-06-06T15:00", 2, "2026-06-10 09:00"),
        (OFFICE, "2026-06-05T17:00", 2, "2026-06-10 09:00"),
        (OFFICE, "2026-06-06T15:00", 0, "2026-06-08 09:00"),
        (OFFICE, "2026-06-02T11:00", 0, "2026-06-02 11:00"),
        (OFFICE, "2026-03-27T11:00", 1, "2026-03-30 11:00"),
        (BREAK, "2026-06-03T16:00", 2, "2026-06-05 12:00"),
        (BREAK, "2026-06-05T10:00", 1, "2026-06-08 10:00"),
        ("Mon,Wed,Fri 09:00-17:00", "2026-06-01T11:00", 2, "2026-06-05 11:00"),
        ("Mon 12:00-13:00; Tue 08:00-12:00 13:00-17:00", "2026-06-01T12:30", 1, "2026-06-02 13:00"),
        ("Mon 08:00-12:00; Tue 10:00-12:00", "2026-06-01T08:30", 1, "2026-06-02 10:00"),
        ("Mon 08:00-12:00; Tue 08:00-10:00 11:00-12:00", "2026-06-01T10:00", 1, "2026-06-02 10:00"),
        (NIGHTS, "2026-06-02T03:00", 1, "2026-06-03 03:00"),
        (NIGHTS, "2026-06-06T03:00", 1, "2026-06-09 03:00"),
    ] {
        let person = berlin(week);
        let found = person.add_days(at(&person, start), days).unwrap();
        assert_eq!(clock(&person, found), due, "{week} {start} {days}");
    }
}

#[test]
fn being_at_work_includes_the_start_and_excludes_the_end() {
    let person = berlin(BREAK);
    for (moment, working, end, start, morning) in [
        ("2026-06-02T07:59", false, None, "2026-06-02 08:00", "2026-06-02 08:00"),
        ("2026-06-02T08:00", true, Some("2026-06-02 12:00"), "2026-06-02 13:00", "2026-06-03 08:00"),
        ("2026-06-02T11:59", true, Some("2026-06-02 12:00"), "2026-06-02 13:00", "2026-06-03 08:00"),
        ("2026-06-02T12:00", false, None, "2026-06-02 13:00", "2026-06-03 08:00"),
        ("2026-06-04T16:00", true, Some("2026-06-04 17:00"), "2026-06-05 08:00", "2026-06-05 08:00"),
        ("2026-06-05T12:00", false, None, "2026-06-08 08:00", "2026-06-08 08:00"),
    ] {
        let moment = at(&person, moment);
        let clock = |at: Option<Time>| at.map(|at| clock(&person, at));
        assert_eq!(person.is_working(moment), working);
        assert_eq!(clock(person.end_of_current(moment)).as_deref(), end);
        assert_eq!(clock(person.next_start(moment)).as_deref(), Some(start));
        assert_eq!(clock(person.next_working_morning(moment)).as_deref(), Some(morning));
    }
}

#[test]
fn a_night_shift_is_one_stretch_that_belongs_to_its_first_date() {
    let person = berlin(NIGHTS);
    let three = at(&person, "2026-06-06T03:00");
    assert!(person.is_working(three));
    assert_eq!(person.end_of_current(three), Some(at(&person, "2026-06-06T06:00")));
    assert_eq!(person.next_start(three), Some(at(&person, "2026-06-08T22:00")));
    assert_eq!(person.next_working_morning(at(&person, "2026-06-02T03:00")), Some(at(&person, "2026-06-02T22:00")));
    assert_eq!(person.day_length(date("2026-06-05")), minutes(480));
    assert_eq!(person.day_length(date("2026-06-06")), SignedDuration::ZERO);
    assert_eq!(person.working_days(date("2026-06-01"), date("2026-06-07")), 5);
}

#[test]
fn working_spans_are_in_order_clipped_and_joined() {
    let person = berlin("Mon 20:00-24:00; Tue 00:00-02:00 02:00-03:00; Thu 09:00-17:00");
    let spans = person.working(at(&person, "2026-06-01T21:00"), at(&person, "2026-06-04T10:00"));
    let expected = ["2026-06-01 21:00 to 2026-06-02 03:00", "2026-06-04 09:00 to 2026-06-04 10:00"];
    assert_eq!(clock_spans(&person, spans), expected);
    let touched = person.working(at(&person, "2026-06-02T03:00"), at(&person, "2026-06-04T09:00"));
    assert_eq!(clock_spans(&person, touched), Vec::<String>::new());
    assert_eq!(person.working(at(&person, "2026-06-04T10:00"), at(&person, "2026-06-01T21:00")).next(), None);
}

#[test]
fn somebody_without_working_hours_is_never_due() {
    let person = berlin("");
    let start = at(&person, "2026-06-02T12:00");
    assert_eq!(person.add(start, minutes(1)), None);
    assert_eq!(person.add(start, SignedDuration::ZERO), None);
    assert_eq!(person.add_days(start, 1), None);
    assert_eq!(person.next_start(start), None);
    assert_eq!(person.next_working_morning(start), None);
    assert_eq!(person.end_of_current(start), None);
    assert!(!person.is_working(start));
    assert_eq!(person.between(start, at(&person, "2027-06-02T12:00")), SignedDuration::ZERO);
}

#[test]
fn a_search_ends_after_three_years() {
    let always = berlin("Mon-Sun 00:00-24:00");
    let start = at(&always, "2026-06-02T12:00");
    assert_eq!(
        always.add(start, SignedDuration::from_hours(24 * 1000)).map(|due| due.0 - start.0),
        Some(86_400_000_000_000)
    );
    assert_eq!(always.add(start, SignedDuration::from_hours(24 * 1200)), None);
    assert_eq!(always.add(start, SignedDuration::MAX), None);
    assert_eq!(always.end_of_current(start), None);
    assert_eq!(always.next_start(start), None);
    let sabbatical = berlin(OFFICE).with_leave([off("2026-01-01", "2030-12-31")]);
    assert_eq!(sabbatical.add_days(start, 2), None);
    assert_eq!(sabbatical.next_start(start), None);
}

#[test]
fn the_ends_of_time_are_quiet() {
    for week in [OFFICE, ""] {
        let person = berlin(week);
        for edge in [Time(i64::MIN), Time(i64::MAX)] {
            let _ = (person.add(edge, minutes(60)), person.add_days(edge, 2), person.is_working(edge));
            let _ = (person.next_start(edge), person.next_working_morning(edge), person.end_of_current(edge));
            let _ = person.local_moment(edge, jiff::civil::Weekday::Friday, jiff::civil::Time::midnight());
        }
        assert_eq!(person.add(Time(i64::MAX), minutes(60)), None);
    }
}
