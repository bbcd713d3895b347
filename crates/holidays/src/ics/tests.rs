use jiff::civil::{Date, date, datetime};
use proptest::prelude::*;

use super::*;

/// A calendar around one event with these lines.
fn calendar_of(lines: &str) -> Calendar {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    read(&text, &Limits::default()).unwrap()
}

fn event(lines: &str) -> Event {
    let calendar = calendar_of(lines);
    assert_eq!(calendar.skipped, []);
    calendar.events.into_iter().next().unwrap()
}

fn times(lines: &str) -> Times {
    event(lines).times.unwrap()
}

fn first_days(lines: &str) -> Vec<Date> {
    let calendar = calendar_of(lines);
    assert_eq!(calendar.skipped, []);
    calendar.events.into_iter().map(|event| event.first).collect()
}

fn reason(lines: &str) -> String {
    let calendar = calendar_of(lines);
    assert_eq!(calendar.events, []);
    calendar.skipped.into_iter().next().unwrap().sentence
}

fn error(text: &str) -> Error {
    read(text, &Limits::default()).unwrap_err()
}

#[test]
fn a_whole_file_with_crlf_folds_and_a_byte_order_mark() {
    let text = "\u{feff}BEGIN:VCALENDAR\r\nX-WR-CALNAME:Leave\\, all teams\r\nBEGIN:VEVENT\r\nUID:a@b\r\n\
        SUMMARY:Ada is aw\r\n ay\\, back\r\n\t soon\\; really\r\nDTSTART;VALUE=DATE:20260803\r\n\
        DTEND;VALUE=DATE:20260808\r\nBEGIN:VALARM\r\nSUMMARY:Bell\r\nDURATION:PT5M\r\nEND:VALARM\r\n\
        STATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let calendar = read(text, &Limits::default()).unwrap();
    assert_eq!(calendar.name.as_deref(), Some("Leave, all teams"));
    let expected = Event {
        line: 3,
        uid: "a@b".into(),
        summary: "Ada is away, back soon; really".into(),
        first: date(2026, 8, 3),
        last: date(2026, 8, 7),
        times: None,
        cancelled: true,
    };
    assert_eq!(calendar.events, [expected]);
    let with_lf = read(&text.replace("\r\n", "\n"), &Limits::default()).unwrap();
    assert_eq!(with_lf.events, calendar.events);
}

#[test]
fn whole_days_end_before_their_exclusive_end() {
    let last = |lines| event(lines).last;
    assert_eq!(last("DTSTART;VALUE=DATE:20261231"), date(2026, 12, 31));
    assert_eq!(last("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20270101"), date(2026, 12, 31));
    assert_eq!(last("DTSTART;VALUE=DATE:20261231\nDTEND;VALUE=DATE:20261231"), date(2026, 12, 31));
    assert_eq!(last("DTSTART:20260803\nDURATION:P1W"), date(2026, 8, 9));
    assert!(event("DTSTART:20260803\nDURATION:P1W").all_day());
}

#[test]
fn timed_events_keep_wall_time_and_zone() {
    let berlin = times("DTSTART;TZID=Europe/Berlin:20260803T090000\nDTEND;TZID=Europe/Berlin:20260803T130000");
    let expected = Times {
        start: datetime(2026, 8, 3, 9, 0, 0, 0),
        end: datetime(2026, 8, 3, 13, 0, 0, 0),
        zone: Some("Europe/Berlin".into()),
    };
    assert_eq!(berlin, expected);
    assert_eq!(times("DTSTART;TZID=Europe/Berlin:20260803T090000\nDTEND:20260803T110000Z"), expected);
    assert_eq!(times("DTSTART;TZID=Europe/Berlin:20260803T090000\nDURATION:PT4H"), expected);
    assert_eq!(times("DTSTART:20260803T090000Z").zone.as_deref(), Some("UTC"));
    assert_eq!(times("DTSTART:20260803T090000").zone, None);
}

#[test]
fn a_timed_event_until_midnight_does_not_touch_the_next_day() {
    assert_eq!(event("DTSTART:20260803T200000\nDTEND:20260804T000000").last, date(2026, 8, 3));
    assert_eq!(event("DTSTART:20260803T200000\nDTEND:20260804T000001").last, date(2026, 8, 4));
}

#[test]
fn zones_of_outlook_and_of_other_programs_are_understood() {
    let zone = |name: &str| times(&format!("DTSTART;TZID={name}:20260803T090000")).zone;
    assert_eq!(zone("W. Europe Standard Time").as_deref(), Some("Europe/Berlin"));
    assert_eq!(zone("\"India Standard Time\"").as_deref(), Some("Asia/Kolkata"));
    assert_eq!(zone("/example.org/20250101_1/America/Argentina/Salta").as_deref(), Some("America/Argentina/Salta"));
    assert_eq!(zone("Customized Time Zone"), None);
    assert_eq!(zone("\"(UTC+01:00) Amsterdam, Berlin\""), None);
}

#[test]
fn every_outlook_zone_leads_to_a_zone_that_exists() {
    for (windows, _) in zones::WINDOWS {
        assert!(zones::iana(windows).is_some(), "{windows}");
    }
}

#[test]
fn outlook_marks_whole_days_on_timed_events() {
    let lines = "DTSTART:20260803T000000\nDTEND:20260805T000000\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE";
    assert!(event(lines).all_day());
    assert_eq!(event(lines).last, date(2026, 8, 4));
}

#[test]
fn a_missing_identifier_is_made_of_what_is_there() {
    assert_eq!(event("DTSTART:20260803\nSUMMARY:Away").uid, "2026-08-03 Away");
    assert_eq!(event("DTSTART:20260803").summary, "");
}

#[test]
fn yearly_events_repeat_until_the_last_year_count_or_end() {
    let years = |rule: &str| -> Vec<i16> {
        let days = first_days(&format!("DTSTART:20251225\nDTEND:20251227\nRRULE:FREQ=YEARLY{rule}"));
        days.into_iter().map(|day| day.year()).collect()
    };
    assert_eq!(years(""), [2025, 2026, 2027, 2028, 2029, 2030]);
    assert_eq!(years(";INTERVAL=2;BYMONTH=12;BYMONTHDAY=25"), [2025, 2027, 2029]);
    assert_eq!(years(";COUNT=3"), [2025, 2026, 2027]);
    assert_eq!(years(";UNTIL=20271225"), [2025, 2026, 2027]);
    assert_eq!(years(";UNTIL=20271224"), [2025, 2026]);
    assert_eq!(years("\nEXDATE:20261225,20281225"), [2025, 2027, 2029, 2030]);
}

#[test]
fn a_repeated_event_keeps_its_length_and_times() {
    let calendar = calendar_of("DTSTART:20291231T220000\nDTEND:20300101T020000\nRRULE:FREQ=YEARLY");
    let last = calendar.events.last().unwrap();
    assert_eq!((last.first, last.last), (date(2030, 12, 31), date(2031, 1, 1)));
    assert_eq!(last.times.as_ref().unwrap().end, datetime(2031, 1, 1, 2, 0, 0, 0));
}

#[test]
fn repetition_before_the_first_year_counts_but_is_not_listed() {
    assert_eq!(first_days("DTSTART:20000229\nRRULE:FREQ=YEARLY"), [date(2024, 2, 29), date(2028, 2, 29)]);
    assert_eq!(first_days("DTSTART:20200101\nRRULE:FREQ=YEARLY;COUNT=5"), [date(2024, 1, 1)]);
    assert_eq!(first_days("DTSTART:20400101\nRRULE:FREQ=YEARLY"), []);
}

#[test]
fn a_weekday_of_a_month_repeats_yearly() {
    let thanksgiving = [date(2029, 11, 22), date(2030, 11, 28)];
    assert_eq!(first_days("DTSTART:20291122\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"), thanksgiving);
    assert_eq!(first_days("DTSTART:20291122\nRRULE:FREQ=YEARLY;BYDAY=TH;BYMONTH=11;BYSETPOS=4"), thanksgiving);
    let memorial_day = [date(2029, 5, 28), date(2030, 5, 27)];
    assert_eq!(first_days("DTSTART:20290528\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO"), memorial_day);
}

#[test]
fn the_end_of_a_repetition_is_taken_in_the_zone_of_the_event() {
    let lines = "DTSTART;TZID=Europe/Berlin:20261225T000000\nRRULE:FREQ=YEARLY;UNTIL=20271224T230000Z";
    assert_eq!(first_days(lines), [date(2026, 12, 25), date(2027, 12, 25)]);
}

#[test]
fn a_changed_repetition_stands_in_for_the_original() {
    let days = first_days(
        "UID:x\nDTSTART:20291001\nRRULE:FREQ=YEARLY\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\n\
         RECURRENCE-ID:20301001\nDTSTART:20301004\nEND:VEVENT\nBEGIN:VEVENT\nUID:y\nDTSTART:20301001",
    );
    assert_eq!(days, [date(2029, 10, 1), date(2030, 10, 4), date(2030, 10, 1)]);
}

#[test]
fn what_is_not_read_is_skipped_with_a_reason() {
    let weekly = calendar_of("DTSTART:20260803\nSUMMARY:Team lunch\nRRULE:FREQ=WEEKLY;BYDAY=MO");
    let expected = Skipped {
        line: 3,
        summary: "Team lunch".into(),
        sentence: "It repeats weekly, and only yearly repetition is read.".into(),
    };
    assert_eq!((weekly.events, weekly.skipped), (vec![], vec![expected]));
    assert_eq!(reason("SUMMARY:Away"), "It has no start.");
    assert_eq!(reason("DTSTART:20260230"), "The date on line 4 (DTSTART) cannot be read.");
    assert_eq!(reason("DTSTART:20260803T250000"), "The date on line 4 (DTSTART) cannot be read.");
    assert_eq!(reason("DTSTART:20260803\nDTEND:20260801"), "It ends before it starts.");
    assert_eq!(reason("DTSTART:20260803\nDURATION:-P1D"), "Its duration cannot be read.");
    assert_eq!(reason("DTSTART:20260803\nDURATION:5 days"), "Its duration cannot be read.");
    assert_eq!(reason("DTSTART:20260803\nDTEND:20460801"), "It lasts longer than ten years.");
    assert_eq!(reason("DTSTART:20260803\nDURATION:P9999Y"), "It lasts longer than ten years.");
    let not_read = "It repeats by a rule that is not read; only one day a year is.";
    for rule in ["INTERVAL=0", "BYDAY=MO", "BYMONTHDAY=1", "BYMONTH=1,2", "BYYEARDAY=1", "COUNT=x", "nonsense"] {
        assert_eq!(reason(&format!("DTSTART:20260803\nRRULE:FREQ=YEARLY;{rule}")), not_read, "{rule}");
    }
}

#[test]
fn a_file_that_is_no_calendar_or_is_cut_off_is_an_error_with_its_line() {
    assert_eq!(error("").line, 1);
    assert_eq!(error("\n\nBEGIN:VCARD\n").line, 3);
    assert!(error("date: today\nBEGIN:VCALENDAR\nEND:VCALENDAR").sentence.starts_with("This is not a calendar file"));
    assert!(error("BEGIN:VCALENDAR\nBEGIN:VEVENT\n").sentence.contains("cut off"));
    assert_eq!(error("BEGIN:VCALENDAR\nEND:VEVENT\n").line, 2);
    assert_eq!(error("BEGIN:VCALENDAR\nSUMMARY:a\n b\nno colon\n").line, 4);
    assert_eq!(error("<html>").to_string(), "Line 1: This line has no colon, so it is no line of a calendar file.");
}

#[test]
fn each_limit_is_exact_and_has_its_sentence() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260803\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20290803\nRRULE:FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n";
    let exact = Limits { bytes: text.len(), events: 3, line_bytes: 17 };
    assert_eq!(read(text, &exact).unwrap().events.len(), 3);
    let refused = |limits: Limits| read(text, &limits).unwrap_err();
    assert!(refused(Limits { bytes: text.len() - 1, ..exact }).sentence.starts_with("The file has more than"));
    let events = refused(Limits { events: 2, ..exact });
    assert_eq!((events.line, events.sentence), (8, "The file holds more than 2 events, the most that is read.".into()));
    assert_eq!(refused(Limits { events: 1, ..exact }).line, 5);
    let line = refused(Limits { line_bytes: 16, ..exact });
    assert_eq!((line.line, line.sentence), (7, "This line has more than 16 bytes, the most that is read.".into()));
}

#[test]
fn the_limit_of_a_line_counts_all_its_folds() {
    let folded = format!("BEGIN:VCALENDAR\nDESCRIPTION:{}\nEND:VCALENDAR\n", "\n ab".repeat(40_000));
    assert_eq!(error(&folded).line, 2);
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = read(&String::from_utf8_lossy(&bytes), &Limits::default());
    }

    #[test]
    fn arbitrary_lines_give_events_in_order_or_reasons(
        lines in prop::collection::vec(
            (
                "DTSTART|DTEND|DURATION|RRULE|EXDATE|RECURRENCE-ID|SUMMARY|UID|STATUS|BEGIN|END|RDATE",
                "|;VALUE=DATE|;TZID=Europe/Berlin|;TZID=\"x:y\"|;",
                "[0-9]{8}|20[0-9]{2}[01][0-9][0-3][0-9](T[0-2][0-9][0-5][0-9][0-6][0-9]Z?)?|-?P[0-9]{1,19}[DWY]|PT[0-9]{1,5}H|\
                 FREQ=YEARLY;(COUNT|INTERVAL|BYMONTH|BYMONTHDAY|UNTIL)=[0-9]{1,8}|FREQ=YEARLY;BYMONTH=2;BYDAY=-?[0-9]{1,3}SU|\
                 VEVENT|VALARM|\\PC{0,12}",
            ),
            0..12,
        ),
    ) {
        let lines: String = lines.into_iter().map(|(name, parameter, value)| format!("{name}{parameter}:{value}\n")).collect();
        let text = format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20250101\n{lines}END:VEVENT\nEND:VCALENDAR\n");
        if let Ok(calendar) = read(&text, &Limits::default()) {
            for event in calendar.events {
                prop_assert!(event.first <= event.last);
                prop_assert!(event.times.is_none_or(|times| times.start <= times.end));
            }
        }
    }

    #[test]
    fn folding_anywhere_changes_nothing(summary in "[a-zé,;\\\\n ]{0,60}", cut in 0usize..80) {
        let line = format!("SUMMARY:{summary}");
        let cut = line.floor_char_boundary(cut.min(line.len()).max(1));
        let folded = format!("{}\r\n {}", &line[..cut], &line[cut..]);
        prop_assert_eq!(event(&format!("DTSTART:20260101\n{folded}")), event(&format!("DTSTART:20260101\n{line}")));
    }
}
