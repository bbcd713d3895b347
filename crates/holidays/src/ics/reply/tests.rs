//! Answers in the shapes in which the usual programs write them.
use super::{Answer, Reply, read_reply};
use proptest::prelude::*;

fn calendar(method: &str, lines: &str) -> String {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nMETHOD:{method}\nBEGIN:VEVENT\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    );
    text.replace('\n', "\r\n")
}

#[test]
fn each_program_is_understood() {
    let google = "DTSTART:20260318T090000Z\nDTEND:20260318T093000Z\nDTSTAMP:20260317T101500Z\nORGANIZER;CN=Mara:mailto:reply+1@cairn.example\nUID:meeting-1@cairn.example\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Ines\n ;X-NUM-GUESTS=0:mailto:Ines@northwind.example\nSEQUENCE:2\nSTATUS:CONFIRMED\nSUMMARY:One-on-one with Mara";
    let outlook = "ATTENDEE;PARTSTAT=DECLINED;CN=Ines:MAILTO:ines@northwind.example\nCOMMENT;LANGUAGE=en-GB:\\n\nUID:meeting-1@cairn.example\nSUMMARY;LANGUAGE=en-GB:Declined: One-on-one\nDTSTART;TZID=GMT Standard Time:20260318T090000\nCLASS:PUBLIC\nDTSTAMP:20260317T101500Z\nSEQUENCE:2\nX-MICROSOFT-CDO-APPT-SEQUENCE:2\nBEGIN:VALARM\nATTENDEE:mailto:else@northwind.example\nEND:VALARM";
    let apple = "DTSTAMP:20260317T101500Z\nORGANIZER;CN=\"Mara; of Payments\":mailto:reply+1@cairn.example\nATTENDEE;CN=Ines;CUTYPE=INDIVIDUAL;EMAIL=Ines@northwind.example;PARTSTAT=TENTATIVE:/aMTIz/principal/\nUID:meeting-1@cairn.example\nSEQUENCE:2\nDTSTART:20260318T090000Z";
    for (text, answer) in [(google, Answer::Accepted), (outlook, Answer::Declined), (apple, Answer::Tentative)] {
        let wanted = Reply {
            uid: "meeting-1@cairn.example".into(),
            sequence: 2,
            attendee: "ines@northwind.example".into(),
            answer,
            written_at: Some("2026-03-17T10:15:00Z".parse().unwrap()),
        };
        assert_eq!(read_reply(&calendar("REPLY", text)), Some(wanted), "{text}");
    }
}

#[test]
fn nothing_else_is_an_answer() {
    let one = "UID:1\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ines@northwind.example";
    assert_eq!(read_reply(&calendar("REPLY", one)).unwrap().sequence, 0);
    let two = format!("{one}\nATTENDEE;PARTSTAT=DECLINED:mailto:leo@northwind.example");
    let twice = format!("{one}\nEND:VEVENT\nBEGIN:VEVENT\n{one}");
    for (method, text) in [
        ("REQUEST", one),
        ("REPLY", two.as_str()),
        ("REPLY", twice.as_str()),
        ("REPLY", "UID:1\nATTENDEE;PARTSTAT=DELEGATED:mailto:ines@northwind.example"),
        ("REPLY", "UID:1\nATTENDEE;PARTSTAT=ACCEPTED:tel:12"),
        ("REPLY", "UID:1"),
        ("REPLY", "UID:1\nSEQUENCE:x\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ines@northwind.example"),
    ] {
        assert_eq!(read_reply(&calendar(method, text)), None, "{method}: {text}");
    }
    assert_eq!(read_reply(calendar("REPLY", one).trim_end_matches("END:VCALENDAR\r\n")), None, "it was cut off");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), lines in "(UID|ATTENDEE|BEGIN|END|SEQUENCE|DTSTAMP)[;:=A-Z0-9 \n]{0,60}") {
        read_reply(&text);
        read_reply(&calendar("REPLY", &lines));
    }
}
