use crate::{automatic, body, written};
use mail_parser::{Address, HeaderForm, HeaderValue, Message, MessageParser, MimeHeaders};
use std::fmt;

/// A message of more bytes is not read.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// What matters of a message that arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The Message-ID without its brackets; empty if it has none.
    pub id: String,
    /// The address of the one who wrote, in lower case; nothing unless it is exactly one.
    pub from: Option<String>,
    /// All addresses to which it says it was sent or delivered, in lower case.
    pub recipients: Vec<String>,
    pub subject: String,
    /// A machine wrote it: an absence note, a bounce, a mailing list. Nobody must answer it.
    pub is_automatic: bool,
    /// What was written, without quotes and signatures.
    pub text: String,
    /// What a calendar program answers to an invitation, as it wrote it (RFC 5546). A machine may have sent it.
    pub calendar: Option<String>,
}

/// Why a message cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    TooLarge,
    /// It has no headers.
    NoMessage,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unreadable::TooLarge => "The message is larger than 10 MB.",
            Unreadable::NoMessage => "This is not a message: it has no headers.",
        })
    }
}

impl Mail {
    /// Reads a message as it stands in a mailbox (RFC 5322, MIME). `own` as for [`written`].
    pub fn parse(raw: &[u8], own: &[&str]) -> Result<Mail, Unreadable> {
        if raw.len() > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        let message = MessageParser::default().parse(raw).ok_or(Unreadable::NoMessage)?;
        if message.headers().is_empty() {
            return Err(Unreadable::NoMessage);
        }
        let (from, name) = sender(&message);
        let subject = message.subject().unwrap_or_default().to_owned();
        Ok(Mail {
            id: message.message_id().unwrap_or_default().to_owned(),
            is_automatic: automatic::is_automatic(&message, from.as_deref(), &subject),
            recipients: recipients(&message),
            text: written(&body::text(&message), &name, own),
            calendar: calendar(&message),
            from,
            subject,
        })
    }
}

/// The first part that is a calendar with the method REPLY.
fn calendar(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| {
        let kind = part.content_type()?;
        let is = |found: Option<&str>, wanted: &str| found.is_some_and(|found| found.eq_ignore_ascii_case(wanted));
        let answers =
            is(Some(kind.ctype()), "text") && is(kind.subtype(), "calendar") && is(kind.attribute("method"), "reply");
        part.text_contents().filter(|_| answers).map(str::to_owned)
    })
}

/// A message may have one line `From` with one address; anything else hides who wrote.
fn sender(message: &Message<'_>) -> (Option<String>, String) {
    let lines = message.header_as("From", HeaderForm::Addresses);
    let [HeaderValue::Address(only)] = lines.as_slice() else { return (None, String::new()) };
    let mut all = only.iter();
    match (all.next(), all.next()) {
        (Some(one), None) => {
            let name = one.name.as_deref().unwrap_or_default().to_owned();
            (one.address.as_deref().map(|address| address.trim().to_lowercase()), name)
        }
        _ => (None, String::new()),
    }
}

/// Mail servers note in the last of these where a message was really delivered.
const DELIVERED: [&str; 7] =
    ["To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"];

fn recipients(message: &Message<'_>) -> Vec<String> {
    let values = DELIVERED.iter().flat_map(|name| message.header_as(*name, HeaderForm::Addresses));
    let mut found: Vec<String> = values.flat_map(|value| addresses(&value)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn addresses(value: &HeaderValue<'_>) -> Vec<String> {
    let all = |addresses: &Address<'_>| {
        addresses.iter().filter_map(|one| one.address.as_deref()).map(|text| text.trim().to_lowercase()).collect()
    };
    value.as_address().map(all).unwrap_or_default()
}
