use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(events: &str, from: &str, to: &str) -> Vec<String> {
    let text = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.replace('\n', "\r\n"));
    let own = TimeZone::get("Europe/Lisbon").unwrap();
    let found = busy(&text, &Limits::default(), at(from)..at(to), &own).unwrap();
    found.iter().map(|time| format!("{}/{}", time.start, time.end)).collect()
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:one\nSUMMARY:Doctor\n{lines}\nEND:VEVENT\n")
}

#[test]
fn weekly_events_keep_their_place_on_the_clock() {
    let rule = "DTSTART;TZID=Europe/Berlin:20260316T090000\nDTEND;TZID=Europe/Berlin:20260316T100000\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE";
    let found = read(&event(rule), "2026-03-23T00:00:00Z", "2026-04-04T00:00:00Z");
    let expected = ["2026-03-23T08:00:00Z", "2026-03-25T08:00:00Z", "2026-03-30T07:00:00Z", "2026-04-01T07:00:00Z"];
    assert_eq!(found.iter().map(|time| &time[..20]).collect::<Vec<_>>(), expected);
}

#[test]
fn what_is_called_off_free_or_left_out_takes_no_time() {
    let daily = "DTSTART:20260316T090000Z\nDURATION:PT30M\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260317T090000Z";
    let moved = "DTSTART:20260318T150000Z\nDURATION:PT30M\nRECURRENCE-ID:20260318T090000Z";
    let cancelled = "DTSTART:20260319T090000Z\nDURATION:PT30M\nRECURRENCE-ID:20260319T090000Z\nSTATUS:CANCELLED";
    let free = "DTSTART:20260320T090000Z\nDURATION:PT30M\nTRANSP:TRANSPARENT";
    let all: String = [daily, moved, cancelled, free].iter().map(|lines| event(lines)).collect();
    let found = read(&all, "2026-03-16T00:00:00Z", "2026-03-23T00:00:00Z");
    assert_eq!(found, ["2026-03-16T09:00:00Z/2026-03-16T09:30:00Z", "2026-03-18T15:00:00Z/2026-03-18T15:30:00Z"]);
}

#[test]
fn whole_days_are_those_of_the_owner_and_times_that_touch_are_one() {
    let day = event("DTSTART;VALUE=DATE:20260401\nDTEND;VALUE=DATE:20260403");
    let after = event("DTSTART:20260402T230000Z\nDTEND:20260403T010000Z").replace("UID:one", "UID:two");
    let found = read(&(day + &after), "2026-03-30T00:00:00Z", "2026-04-30T00:00:00Z");
    assert_eq!(found, ["2026-03-31T23:00:00Z/2026-04-03T01:00:00Z"]);
}

#[test]
fn rules_of_months_and_years_give_their_dates() {
    for (rule, dates) in [
        ("FREQ=MONTHLY;BYDAY=-1FR", vec!["2026-01-30", "2026-02-27", "2026-03-27"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", vec!["2026-01-30", "2026-02-27", "2026-03-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", vec!["2026-01-31", "2026-03-31"]),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=2TU", vec!["2026-03-10"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20260130T000000Z", vec!["2026-01-02", "2026-01-16", "2026-01-30"]),
    ] {
        let start: Date = "2026-01-02".parse().unwrap();
        let found = Repeat::parse(rule, start).unwrap().dates(start, "2026-03-31".parse().unwrap(), &mut STEPS.clone());
        let found: Vec<String> = found.iter().map(Date::to_string).collect();
        assert_eq!(found, dates, "{rule}");
    }
}

#[test]
fn a_calendar_that_repeats_without_end_is_refused() {
    let old = "DTSTART:00010101T000000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY";
    let all: String = (0..2).map(|n| event(old).replace("UID:one", &format!("UID:{n}"))).collect();
    let text = format!("BEGIN:VCALENDAR\n{all}END:VCALENDAR\n");
    let span = at("2026-03-16T00:00:00Z")..at("2026-03-17T00:00:00Z");
    assert!(busy(&text, &Limits::default(), span.clone(), &TimeZone::UTC).is_err());
    assert!(busy("hello", &Limits::default(), span, &TimeZone::UTC).is_err());
}

proptest! {
    #[test]
    fn no_rule_panics_and_dates_come_in_order(
        every in prop::sample::select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        part in prop::sample::select(vec!["INTERVAL", "COUNT", "BYMONTHDAY", "BYMONTH", "BYSETPOS"]),
        number in any::<i32>(),
        small in -40_i8..40,
        nth in any::<i8>(),
        year in 1_i16..9999,
    ) {
        let start = Date::new(year, 2, 28).unwrap();
        for rule in [
            format!("FREQ={every};{part}={number}"),
            format!("FREQ={every};{part}={small};BYDAY={nth}MO,TU"),
            format!("FREQ={every};{part}={small}"),
        ] {
            let Some(repeat) = Repeat::parse(&rule, start) else { continue };
            let dates = repeat.dates(start, Date::new(9999, 12, 31).unwrap(), &mut 2_000);
            prop_assert!(dates.is_sorted() && dates.iter().all(|date| *date >= start), "{rule}: {dates:?}");
        }
    }
}
