//! Colour for code by classes alone: comments, strings, numbers, keywords, types and calls of the usual languages.
//!
//! A scanner of our own, since a page's code is short and a grammar for each language is not worth its weight: see the
//! README for the numbers. It reads each character once, so its time is linear.

mod languages;
mod scanner;

use crate::escape::{push_escaped, turns_direction};
use crate::writer::Medium;
use languages::Language;
use scanner::{Scanner, Token};

/// Every class that code can have.
pub const CLASSES: [&str; 11] = [
    "hl-comment",
    "hl-string",
    "hl-number",
    "hl-keyword",
    "hl-type",
    "hl-function",
    "hl-property",
    "hl-inserted",
    "hl-deleted",
    "hl-section",
    "hl-hidden",
];

/// How much code of one document has colours, in bytes: each takes room in the page, and nobody reads more for them.
pub const MAX_BYTES: usize = 32 * 1024;

/// Appends code as HTML, coloured where the first word of the fence's info string is a known language. Says whether it is.
pub fn push(out: &mut String, code: &str, info: &str) -> bool {
    let name = info.split([' ', ',', '{', '\t']).next().unwrap_or_default();
    let language = Language::named(name);
    match language {
        Some(language) if language.is_diff => push_diff(out, code),
        Some(language) => Scanner::new(code, language).for_each(|(token, text)| push_token(out, token, text)),
        None => push_plain(out, code, Medium::Page),
    }
    language.is_some()
}

/// Appends code without colours. What would turn its direction is shown by name on a page, and left out of a mail, so
/// that code reads as it runs.
pub fn push_plain(out: &mut String, code: &str, medium: Medium) {
    let mut rest = code;
    while let Some((at, hidden)) = rest.char_indices().find(|(_, c)| turns_direction(*c)) {
        push_escaped(out, &rest[..at]);
        if medium == Medium::Page {
            out.push_str(&format!("<span class=\"hl-hidden\">U+{:04X}</span>", u32::from(hidden)));
        }
        rest = &rest[at + hidden.len_utf8()..];
    }
    push_escaped(out, rest);
}

fn push_token(out: &mut String, token: Token, text: &str) {
    let class = match token {
        Token::Plain => return push_plain(out, text, Medium::Page),
        Token::Comment => "hl-comment",
        Token::String => "hl-string",
        Token::Number => "hl-number",
        Token::Keyword => "hl-keyword",
        Token::Type => "hl-type",
        Token::Function => "hl-function",
        Token::Property => "hl-property",
    };
    push_span(out, class, text);
}

fn push_span(out: &mut String, class: &str, text: &str) {
    out.push_str(&format!("<span class=\"{class}\">"));
    push_plain(out, text, Medium::Page);
    out.push_str("</span>");
}

fn push_diff(out: &mut String, code: &str) {
    for line in code.split_inclusive('\n') {
        match line.as_bytes().first() {
            Some(b'+') => push_span(out, "hl-inserted", line),
            Some(b'-') => push_span(out, "hl-deleted", line),
            Some(b'@') => push_span(out, "hl-section", line),
            _ => push_plain(out, line, Medium::Page),
        }
    }
}
