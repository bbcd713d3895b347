use super::{OWN, mail};
use crate::{LARGEST, Mail, Unreadable, written};
use proptest::prelude::*;

#[test]
fn machines_are_known() {
    let machines = [
        "Auto-Submitted: auto-replied\r\n",
        "Auto-Submitted: auto-generated; owner-email=\"t@x.example\"\r\n",
        "Precedence: bulk\r\n",
        "X-Autoreply: yes\r\n",
        "List-Id: <all.northwind.example>\r\n",
        "Return-Path: <>\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
        "Subject: Automatic reply: 2 asks wait for you\r\n",
        "Subject: Out of office: back on Monday\r\n",
        "Subject: Abwesenheitsnotiz: 2 asks\r\n",
        "Subject: =?UTF-8?Q?R=C3=A9ponse_automatique=C2=A0: 2 asks?=\r\n",
        "Subject: Respuesta automática: 2 asks\r\n",
        "Subject: 自動応答: 2 asks\r\n",
    ];
    for header in machines {
        assert!(mail(header, "1 done").is_automatic, "{header}");
    }
    for header in
        ["", "Auto-Submitted: no\r\n", "Return-Path: <tomasz@northwind.example>\r\n", "Subject: Re: Out of office\r\n"]
    {
        assert!(!mail(header, "1 done").is_automatic, "{header}");
    }
    let robot = b"From: MAILER-DAEMON@mx.example\r\nTo: a@cairn.example\r\n\r\n1 done";
    assert!(Mail::parse(robot, OWN).unwrap().is_automatic);
}

#[test]
fn who_wrote_is_one_address_or_nobody() {
    assert_eq!(mail("", "x").from.as_deref(), Some("tomasz@northwind.example"));
    let two = b"From: a@x.example, b@x.example\r\nTo: c@x.example\r\n\r\nx";
    assert_eq!(Mail::parse(two, OWN).unwrap().from, None);
    let twice = b"From: a@x.example\r\nFrom: b@x.example\r\nTo: c@x.example\r\n\r\nx";
    assert_eq!(Mail::parse(twice, OWN).unwrap().from, None);
    let none = b"To: c@x.example\r\n\r\nx";
    assert_eq!(Mail::parse(none, OWN).unwrap().from, None);
}

#[test]
fn where_it_was_delivered_counts_as_well() {
    let raw = b"From: a@x.example\r\nTo: Team <all@x.example>\r\nCc: B <b@x.example>\r\nDelivered-To: reply+ABC@cairn.example\r\nX-Original-To: c@x.example\r\n\r\nx";
    let mail = Mail::parse(raw, OWN).unwrap();
    assert_eq!(mail.recipients, ["all@x.example", "b@x.example", "c@x.example", "reply+abc@cairn.example"]);
}

#[test]
fn what_is_too_large_or_no_message_is_refused() {
    let large = [b"From: a@x.example\r\n\r\n".as_slice(), &vec![b'a'; LARGEST]].concat();
    assert_eq!(Mail::parse(&large, OWN), Err(Unreadable::TooLarge));
    assert_eq!(Mail::parse(b"", OWN), Err(Unreadable::NoMessage));
}

#[test]
fn characters_that_are_not_seen_are_dropped() {
    assert_eq!(mail("Content-Type: text/plain; charset=utf-8\r\n", "1\u{a0}do\u{200b}ne\u{202e}\u{7}").text, "1 done");
}

#[test]
fn a_sentence_about_a_telephone_is_no_signature() {
    for line in [
        "The iPhone build is sent to the store",
        "Download the Outlook file and look at row three",
        "On Friday Mara wrote:",
        "1 we ship on 2026-03-18:",
    ] {
        assert_eq!(written(line, "Tomasz", OWN), line);
    }
}

proptest! {
    #[test]
    fn any_bytes_can_be_read_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = Mail::parse(&bytes, OWN);
        let mut mail = b"From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n".to_vec();
        mail.extend(&bytes);
        let _ = Mail::parse(&mail, OWN);
    }

    #[test]
    fn plain_sentences_stay_as_they_are(text in "[a-z]{1,9}( [a-z]{1,9}){0,8}\\.(\n[a-z]{1,9}( [a-z]{1,9}){0,8}\\.){0,5}") {
        prop_assert_eq!(written(&text, "Tomasz Nowak", OWN), text);
    }

    #[test]
    fn what_is_quoted_with_marks_is_never_what_was_written(quoted in "[ -~]{0,60}", own in "[a-z ]{1,30}[a-z]") {
        let text = format!("{own}\n\n> {quoted}\n> second\n");
        prop_assert_eq!(written(&text, "", OWN), written(&own, "", OWN));
    }
}
