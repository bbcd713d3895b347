use super::*;
use crate::ics::{Limits, read};
use proptest::prelude::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn entry(summary: &str) -> Entry {
    Entry {
        uid: "meeting-7@cairn.example".into(),
        sequence: 3,
        changed_at: at(1_773_700_000),
        start: at(1_773_741_600),
        end: at(1_773_743_400),
        summary: summary.into(),
        description: String::new(),
        url: "https://cairn.example/one-on-ones/7".into(),
        cancelled: false,
        busy: true,
        organizer: None,
        attendees: Vec::new(),
    }
}

fn written(entry: Entry) -> String {
    write(&Draft { name: "Cairn".into(), method: None, entries: vec![entry] })
}

/// The value of the first line with this name, as RFC 5545 has it read: joined, and its escapes undone.
fn value(text: &str, name: &str) -> String {
    let joined = text.replace("\r\n ", "");
    let line = joined.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).unwrap().to_owned();
    let mut plain = String::new();
    let mut characters = line.chars();
    while let Some(one) = characters.next() {
        match (one, one == '\\') {
            (_, true) => plain.push(match characters.next().unwrap() {
                'n' | 'N' => '\n',
                other => other,
            }),
            (one, false) => plain.push(one),
        }
    }
    plain
}

/// A text without what a calendar cannot hold: control characters, and other ends of lines than `\n`.
fn holdable(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|one| matches!(one, '\n' | '\t') || !one.is_control()).collect()
}

#[test]
fn an_event_as_programs_want_it() {
    let text =
        written(Entry { description: "First line\nSecond; with, marks\\".into(), ..entry("One-on-one with Mara") });
    let lines: Vec<&str> = text.split("\r\n").collect();
    for line in [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "X-WR-CALNAME:Cairn",
        "UID:meeting-7@cairn.example",
        "SEQUENCE:3",
        "DTSTART:20260317T100000Z",
        "DTEND:20260317T103000Z",
        "DESCRIPTION:First line\\nSecond\\; with\\, marks\\\\",
        "STATUS:CONFIRMED",
        "TRANSP:OPAQUE",
    ] {
        assert!(lines.contains(&line), "{line} is not in {text}");
    }
    assert!(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
}

#[test]
fn an_invitation_names_its_method_and_those_who_take_part() {
    let party = |name: &str, mail: &str| Party { name: name.into(), mail: mail.into() };
    let invited = Entry {
        cancelled: true,
        organizer: Some(party("Mara \"M\" Lindqvist", "mara@northwind.example")),
        attendees: vec![party("Piotr; ^ Nowak", "piotr@northwind.example")],
        ..entry("One-on-one")
    };
    let text = write(&Draft { name: String::new(), method: Some(Method::Cancel), entries: vec![invited] });
    let text = text.replace("\r\n ", "");
    assert!(text.contains("\r\nMETHOD:CANCEL\r\n") && text.contains("\r\nSTATUS:CANCELLED\r\n"), "{text}");
    assert!(text.contains("ORGANIZER;CN=\"Mara ^'M^' Lindqvist\":mailto:mara@northwind.example"), "{text}");
    assert!(text.contains("ATTENDEE;CN=\"Piotr; ^^ Nowak\";ROLE="), "{text}");
    assert!(!text.contains("X-WR-CALNAME"));
}

proptest! {
    #[test]
    fn any_text_comes_back(summary in any::<String>(), description in "\\PC{0,200}|[a-zé漢😀,;\\\\\r\n\t]{0,200}") {
        let text = written(Entry { description: description.clone(), ..entry(&summary) });
        prop_assert_eq!(value(&text, "SUMMARY"), holdable(&summary));
        prop_assert_eq!(value(&text, "DESCRIPTION"), holdable(&description));
    }

    #[test]
    fn no_text_makes_a_line_too_long_or_one_of_its_own(summary in any::<String>(), name in any::<String>()) {
        let organizer = Some(Party { name, mail: "mara@northwind.example".into() });
        let text = written(Entry { organizer, ..entry(&summary) });
        let lines: Vec<&str> = text.strip_suffix("\r\n").unwrap().split("\r\n").collect();
        for line in &lines {
            prop_assert!(line.len() <= WIDTH && !line.contains(['\r', '\n']), "{:?}", line);
        }
        let known = ["BEGIN", "VERSION", "PRODID", "CALSCALE", "X-WR", "REFRESH", "X-PUB", "UID", "DT", "LAST", "SEQ", "SUMMARY",
            "DESC", "URL", "STATUS", "TRANSP", "ORG", "END", " "];
        for line in &lines {
            prop_assert!(known.iter().any(|name| line.starts_with(name)), "{:?}", line);
        }
    }

    #[test]
    fn what_is_written_is_read_again(start in 1_600_000_000_i64..2_000_000_000, minutes in 1_i64..600, cancelled: bool) {
        let (start, end) = (at(start), at(start + minutes * 60));
        let text = written(Entry { start, end, cancelled, ..entry("Talk, at last; \\o/") });
        let read = read(&text, &Limits::default()).unwrap();
        prop_assert_eq!(read.skipped.len(), 0);
        let [event] = read.events.as_slice() else { panic!("{} events", read.events.len()) };
        prop_assert_eq!((event.uid.as_str(), event.summary.as_str()), ("meeting-7@cairn.example", "Talk, at last; \\o/"));
        prop_assert_eq!(event.cancelled, cancelled);
        let times = event.times.as_ref().unwrap();
        prop_assert_eq!(times.zone.as_deref(), Some("UTC"));
        prop_assert_eq!(times.start, start.to_zoned(jiff::tz::TimeZone::UTC).datetime());
        prop_assert_eq!(times.end, end.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    }
}

/// The files in `fixtures/ics` were read by the Python packages `icalendar` and `caldav`, and came back from a Radicale server as
/// they were put there. Whoever changes one has to show that again.
#[test]
fn what_calendar_programs_took_over_is_written_to_the_byte() {
    let party = |name: &str, mail: &str| Party { name: name.into(), mail: mail.into() };
    let invited = Entry {
        organizer: Some(party("Mara Lindqvist, \"M\"; lead", "mara@northwind.example")),
        attendees: vec![party("Tomasz Zieliński", "tomasz@northwind.example")],
        ..entry("One-on-one with Mara")
    };
    let later = Entry { sequence: 4, start: at(1_773_828_000), end: at(1_773_829_800), ..invited.clone() };
    let off = Entry { sequence: 5, cancelled: true, ..later.clone() };
    let mail = |method, entry| write(&Draft { name: String::new(), method: Some(method), entries: vec![entry] });
    assert_eq!(mail(Method::Request, invited), include_str!("../../../fixtures/ics/request.ics"));
    assert_eq!(mail(Method::Request, later), include_str!("../../../fixtures/ics/update.ics"));
    assert_eq!(mail(Method::Cancel, off), include_str!("../../../fixtures/ics/cancel.ics"));
    let all = write(&Draft { name: "Northwind; all, of it".into(), method: None, entries: feed() });
    assert_eq!(all, include_str!("../../../fixtures/ics/feed.ics"));
}

/// Titles and texts that are long, of many scripts, and full of what has to be escaped.
fn feed() -> Vec<Entry> {
    let texts = [
        ("Weekly; with, commas \\ and a backslash", "First line\nSecond: \"quoted\"\n\nFourth"),
        ("Ретроспектива спринта, на которой говорят все, кто был в команде в этом квартале", "Кто? Что? Зачем?"),
        ("会話 一対一 三月の計画と振り返りと次の四半期の目標についてゆっくり話し合う時間", "毎週"),
        (
            "Planning 🗓️ with 👩🏽‍💻👨🏻‍💻 and a long tail of words that has to be folded more than once by whoever writes it",
            "🙂",
        ),
        ("اجتماع الفريق الأسبوعي", "שלום"),
        ("Check-in", ""),
    ];
    let one = |(number, (summary, description)): (i64, &(&str, &str))| Entry {
        uid: format!("meeting-{number}@cairn.example"),
        sequence: number,
        start: at(1_773_741_600 + number * 86_400),
        end: at(1_773_743_400 + number * 86_400),
        description: (*description).into(),
        cancelled: number == 4,
        busy: number != 5,
        ..entry(summary)
    };
    (0..).zip(&texts).map(one).collect()
}
