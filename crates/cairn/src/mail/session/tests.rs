use super::{Next, Session, Verdict};

fn said(session: &mut Session, line: &str) -> String {
    match session.command(line.as_bytes(), |address| address.ends_with("@cairn.example")) {
        Next::Say(text) => text,
        Next::ReadText => "354".into(),
        Next::Close(text) => text.into(),
    }
}

fn codes(lines: &[&str]) -> Vec<String> {
    let mut session = Session::default();
    lines.iter().map(|line| said(&mut session, line)[..3].to_owned()).collect()
}

#[test]
fn a_message_is_announced_in_order() {
    let lines = ["LHLO mx", "MAIL FROM:<t@x.example> SIZE=100", "RCPT TO:<reply+a@cairn.example>", "DATA"];
    assert_eq!(codes(&lines), ["250", "250", "250", "354"]);
    let lines =
        ["EHLO mx", "RCPT TO:<reply+a@cairn.example>", "DATA", "MAIL FROM:<>", "DATA", "MAIL FROM:<a@x.example>"];
    assert_eq!(codes(&lines), ["250", "503", "503", "250", "503", "503"]);
    assert_eq!(
        codes(&["MAIL FROM:<a@x.example>", "EHLO", "noop", "vrfy x", "QUIT"]),
        ["503", "501", "250", "252", "221"]
    );
}

#[test]
fn nothing_is_relayed() {
    let lines = ["EHLO mx", "MAIL FROM:<a@x.example>", "RCPT TO:<b@elsewhere.example>", "RCPT TO:<postmaster>", "DATA"];
    assert_eq!(codes(&lines), ["250", "250", "550", "550", "503"]);
}

#[test]
fn what_cannot_be_read_is_refused_and_too_much_of_it_ends_the_connection() {
    let lines = [
        "EHLO mx",
        "MAIL FROM:a@x.example",
        "MAIL FROM:<a b@x.example>",
        "MAIL FROM:<a@x.example",
        "MAIL FROM:<a@x.example> SIZE=99999999",
    ];
    assert_eq!(codes(&lines), ["250", "501", "501", "501", "552"]);
    let mut session = Session::default();
    let last = (0..20).map(|_| said(&mut session, "GET / HTTP/1.1")).find(|text| text.starts_with("421"));
    assert!(last.is_some());
}

#[test]
fn lmtp_answers_for_each_recipient_and_smtp_for_all() {
    let mut session = Session::default();
    said(&mut session, "LHLO mx");
    assert_eq!(
        session.end_of_text(&[Verdict::Saved, Verdict::Later]),
        "250 2.0.0 Saved\r\n451 4.3.0 Not now, try again later"
    );
    said(&mut session, "EHLO mx");
    assert!(session.end_of_text(&[Verdict::Saved, Verdict::Later]).starts_with("451"));
    assert!(session.end_of_text(&[Verdict::Saved]).starts_with("250"));
}

#[test]
fn a_message_that_was_reset_is_forgotten() {
    let lines = ["LHLO mx", "MAIL FROM:<a@x.example>", "RCPT TO:<reply+a@cairn.example>", "RSET", "DATA"];
    assert_eq!(codes(&lines), ["250", "250", "250", "250", "503"]);
}
