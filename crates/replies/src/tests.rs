//! Mails in the shapes of the usual programs. Each `.eml` was made for these tests; the `.txt` beside it is what its
//! writer wrote.
mod answers;
mod hostile;
mod programs;

use crate::Mail;

/// Sentences of the letter that the mails answer.
const OWN: &[&str] = &["asks wait for you."];

fn mail(headers: &str, body: &str) -> Mail {
    let raw = format!("From: Tomasz Nowak <Tomasz@Northwind.example>\r\nTo: a@cairn.example\r\n{headers}\r\n{body}");
    Mail::parse(raw.as_bytes(), OWN).expect("the mail has headers")
}
