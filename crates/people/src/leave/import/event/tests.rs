use super::*;
use holidays::ics;

fn read(events: &[&str]) -> Vec<Wanted> {
    let body: String = events.iter().map(|event| format!("BEGIN:VEVENT\n{event}\nEND:VEVENT\n")).collect();
    let text = format!("BEGIN:VCALENDAR\n{body}END:VCALENDAR\n");
    let calendar = ics::read(&text, &ics::Limits::default()).unwrap();
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    wanted(&calendar.events, &zone, "2026-03-17".parse().unwrap())
}

/// What is entered for one event: its dates with the hours, or why nothing is.
fn time_of(event: &str) -> String {
    match &read(&[event])[0].time {
        Ok(time) => time.in_words("2026-03-17".parse().unwrap()),
        Err(sentence) => sentence.clone(),
    }
}

#[test]
fn days_stay_days_and_short_events_become_hours_where_the_person_is() {
    assert_eq!(time_of("DTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260808"), "3 to 7 August");
    assert_eq!(time_of("DTSTART:20260803T120000Z\nDTEND:20260803T153000Z"), "3 August, 14:00-17:30");
    assert_eq!(time_of("DTSTART:20260803T140000\nDTEND:20260804T000000"), "3 August, 14:00-24:00");
    assert_eq!(time_of("DTSTART:20260803T220000\nDTEND:20260804T060000"), "3 August, 22:00-06:00");
    assert_eq!(time_of("DTSTART:20260803T080000\nDTEND:20260807T170000"), "3 to 7 August");
    assert_eq!(time_of("DTSTART:20260803T000000\nDTEND:20260805T000000"), "3 to 4 August");
}

#[test]
fn what_cannot_be_leave_says_why() {
    assert_eq!(time_of("DTSTART:20260803T120000\nDTEND:20260803T120000"), "It has no length.");
    assert_eq!(time_of("DTSTART;VALUE=DATE:20200803"), "The first day is more than two years away.");
    let long = format!("UID:{}\nDTSTART;VALUE=DATE:20260803", "x".repeat(300));
    assert_eq!(time_of(&long), "Its identifier is longer than 255 characters.");
}

#[test]
fn events_of_one_identifier_are_told_apart_by_their_day_and_the_second_of_one_day_is_left_out() {
    let first = "UID:a\nDTSTART;VALUE=DATE:20260803";
    let next = "UID:a\nDTSTART;VALUE=DATE:20260901";
    let events = read(&[first, next, first]);
    let keys: Vec<Option<&str>> = events.iter().map(|event| event.key.as_deref()).collect();
    assert_eq!(keys, [Some("a 2026-08-03"), Some("a 2026-09-01"), None]);
    assert_eq!(events[2].time, Err("It stands in the file twice.".to_owned()));
    assert_eq!(events.iter().map(|event| event.line).collect::<Vec<_>>(), [2, 6, 10]);
    assert_eq!(read(&[first])[0].key.as_deref(), Some("a"));
}

#[test]
fn a_title_may_say_the_kind() {
    assert_eq!(kind("Sick day", Kind::Holiday), Kind::Sick);
    assert_eq!(kind("Ines: MATERNITY leave", Kind::Holiday), Kind::Parental);
    assert_eq!(kind("Lisbon", Kind::Sabbatical), Kind::Sabbatical);
    assert_eq!(kind("Annual leave", Kind::Other), Kind::Holiday);
}
