use super::*;

const NIGHTS: &str = "Mon-Fri 22:00-06:00";

fn berlin(week: &str) -> Calendar {
    person("Europe/Berlin", week)
}

fn planned(person: &Calendar, first: &str, last: &str) -> Vec<String> {
    let days = std::iter::successors(Some(date(first)), |day| day.tomorrow().ok());
    let spans = days.take_while(|day| *day <= date(last)).flat_map(|day| person.on(day));
    clock_spans(person, spans)
}

#[test]
fn leave_covers_the_days_from_first_to_last() {
    let person = berlin(OFFICE).with_leave([off("2026-06-05", "2026-06-09")]);
    let start = at(&person, "2026-06-04T16:00");
    assert_eq!(person.add(start, minutes(120)), Some(at(&person, "2026-06-10T10:00")));
    assert_eq!(person.add_days(start, 1), Some(at(&person, "2026-06-10T16:00")));
    assert_eq!(person.working_days(date("2026-06-01"), date("2026-06-12")), 7);
    let weekend = berlin(OFFICE).with_leave([off("2026-06-06", "2026-06-07")]);
    assert_eq!(weekend.add(start, minutes(540)), Some(at(&weekend, "2026-06-05T17:00")));
    let reversed = berlin(OFFICE).with_leave([off("2026-06-05", "2026-06-04")]);
    assert_eq!(reversed.working_days(date("2026-06-01"), date("2026-06-07")), 5);
}

#[test]
fn leave_of_some_hours_is_cut_out_of_each_date() {
    let person = berlin(OFFICE).with_leave([
        off_hours("2026-06-02", "2026-06-03", "12:00-24:00"),
        off_hours("2026-06-03", "2026-06-03", "08:00-10:00 11:30-13:00"),
    ]);
    let expected = [
        "2026-06-01 09:00 to 2026-06-01 17:00",
        "2026-06-02 09:00 to 2026-06-02 12:00",
        "2026-06-03 10:00 to 2026-06-03 11:30",
        "2026-06-04 09:00 to 2026-06-04 17:00",
    ];
    assert_eq!(planned(&person, "2026-06-01", "2026-06-04"), expected);
    assert_eq!(person.day_length(date("2026-06-03")), minutes(90));
}

#[test]
fn leave_of_some_hours_reaches_the_shift_of_the_night_before() {
    let person = berlin(NIGHTS).with_leave([
        off_hours("2026-06-02", "2026-06-02", "02:00-03:00"),
        off_hours("2026-06-03", "2026-06-03", "23:00-05:00"),
    ]);
    let expected = [
        "2026-06-01 22:00 to 2026-06-02 02:00",
        "2026-06-02 03:00 to 2026-06-02 06:00",
        "2026-06-02 22:00 to 2026-06-03 06:00",
        "2026-06-03 22:00 to 2026-06-03 23:00",
        "2026-06-04 05:00 to 2026-06-04 06:00",
    ];
    assert_eq!(planned(&person, "2026-06-01", "2026-06-03"), expected);
    let early = berlin(NIGHTS).with_leave([off_hours("2026-06-01", "2026-06-01", "20:00-02:00")]);
    assert_eq!(planned(&early, "2026-06-01", "2026-06-01"), ["2026-06-02 02:00 to 2026-06-02 06:00"]);
}

#[test]
fn a_free_day_takes_the_shift_that_begins_on_it() {
    let expected = ["2026-06-01 22:00 to 2026-06-02 06:00", "2026-06-03 22:00 to 2026-06-04 06:00"];
    let holiday = berlin(NIGHTS).with_holidays([date("2026-06-02")]);
    let leave = berlin(NIGHTS).with_leave([off("2026-06-02", "2026-06-02")]);
    let exception = berlin(NIGHTS).with_exceptions([(date("2026-06-02"), Hours::FREE)]);
    for person in [holiday, leave, exception] {
        assert_eq!(planned(&person, "2026-06-01", "2026-06-03"), expected);
    }
}

#[test]
fn leave_beats_an_exception_beats_a_holiday_beats_the_week() {
    let saturday = date("2026-05-02");
    let friday = date("2026-05-01");
    let person = berlin(OFFICE).with_holidays([friday]);
    assert_eq!(planned(&person, "2026-05-01", "2026-05-02"), Vec::<String>::new());
    let person = person.with_exceptions([(friday, hours("10:00-12:00")), (saturday, hours("10:00-14:00"))]);
    let expected = ["2026-05-01 10:00 to 2026-05-01 12:00", "2026-05-02 10:00 to 2026-05-02 14:00"];
    assert_eq!(planned(&person, "2026-05-01", "2026-05-02"), expected);
    let person = person.with_leave([off("2026-05-01", "2026-05-01"), off_hours("2026-05-02", "2026-05-02", "13-18")]);
    assert_eq!(planned(&person, "2026-05-01", "2026-05-02"), ["2026-05-02 10:00 to 2026-05-02 13:00"]);
}

#[test]
fn an_exception_that_overlaps_the_night_before_counts_once() {
    let person = berlin(NIGHTS).with_exceptions([(date("2026-06-02"), hours("01:00-02:00 05:00-08:00"))]);
    let expected = ["2026-06-01 22:00 to 2026-06-02 06:00", "2026-06-02 06:00 to 2026-06-02 08:00"];
    assert_eq!(planned(&person, "2026-06-01", "2026-06-02"), expected);
    let (from, to) = (at(&person, "2026-06-01T12:00"), at(&person, "2026-06-02T12:00"));
    assert_eq!(clock_spans(&person, person.working(from, to)), ["2026-06-01 22:00 to 2026-06-02 08:00"]);
    assert_eq!(person.between(from, to), minutes(600));
}
