//! The text of a message, whichever of its parts it stands in.
use crate::html;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

/// More of a message is not looked at.
const MOST: usize = 400_000;

/// The parts in plain text, and those that exist in HTML only, below each other.
pub fn text(message: &Message<'_>) -> String {
    let parts: Vec<String> = message.text_bodies().filter_map(part).collect();
    let text: String = parts.join("\n").chars().take(MOST).filter_map(plain).collect();
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn part(part: &MessagePart<'_>) -> Option<String> {
    match &part.body {
        PartType::Text(text) => {
            let kind = part.content_type();
            let says = |name: &str, value: &str| {
                kind.and_then(|kind| kind.attribute(name)).is_some_and(|text| text.eq_ignore_ascii_case(value))
            };
            Some(if says("format", "flowed") { unflowed(text, says("delsp", "yes")) } else { text.to_string() })
        }
        PartType::Html(text) => Some(html::text(text)),
        _ => None,
    }
}

/// Characters that are not seen are none of what was written.
fn plain(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' => Some(c),
        '\u{a0}' | '\u{202f}' => Some(' '),
        '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Joins the lines that the mail program broke: they end with a space (RFC 3676).
fn unflowed(text: &str, delete_space: bool) -> String {
    let mut whole = String::with_capacity(text.len());
    let mut flows = false;
    for line in text.lines() {
        let quoted = line.starts_with('>');
        let line = if quoted { line } else { line.strip_prefix(' ').unwrap_or(line) };
        if !whole.is_empty() && (!flows || quoted) {
            whole.push('\n');
        }
        flows = !quoted && line.ends_with(' ') && line != "-- ";
        whole.push_str(if flows && delete_space { &line[..line.len() - 1] } else { line });
    }
    whole
}
