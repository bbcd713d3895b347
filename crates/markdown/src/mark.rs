//! What a text names: people, teams and records.

use std::collections::HashSet;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::parse::events;
use crate::{MAX_REFERENCES, address};

/// Ids of those whom a text mentions, in its order and without repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    pub people: Vec<String>,
    pub teams: Vec<String>,
}

/// Whom a text mentions. A mention is a link to `/people/ID` or `/teams/ID` whose text begins with `@`, so that it reads
/// well in any other Markdown too: `[@Mara Lindqvist](/people/0190c2)`.
pub fn mentions(text: &str) -> Mentions {
    let (mut people, mut teams) = (Unique::default(), Unique::default());
    let mut linked: Option<(String, String)> = None;
    for (event, _) in events(text) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => linked = Some((dest_url.into_string(), String::new())),
            Event::Text(words) | Event::Code(words) => {
                if let Some((_, link_text)) = &mut linked {
                    link_text.push_str(&words);
                }
            }
            Event::End(TagEnd::Link) => match linked.take().and_then(|(path, words)| mentioned(&path, &words)) {
                Some(Mentioned::Person(id)) => people.add(&id),
                Some(Mentioned::Team(id)) => teams.add(&id),
                None => {}
            },
            _ => {}
        }
    }
    Mentions { people: people.names, teams: teams.names }
}

/// What records a text names outside of code and links, in its order and without repeats, as [`crate::Known`] wants
/// them: keys such as `PAY-482`, and for addresses of this site their paths, such as `/issues/PAY-482`.
pub fn references(text: &str, site: &str) -> Vec<String> {
    let mut found = Unique::default();
    let mut within = 0_usize;
    for (event, _) in events(text) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                if link_type == LinkType::Autolink {
                    Mark::Address(&dest_url).name(site).into_iter().for_each(|name| found.add(name));
                }
                within += 1;
            }
            Event::Start(Tag::Image { .. } | Tag::CodeBlock(_)) => within += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => within -= 1,
            Event::Text(words) if within == 0 => {
                marks(&words).iter().filter_map(|mark| mark.name(site)).for_each(|name| found.add(name));
            }
            _ => {}
        }
    }
    found.names
}

/// Whom a link mentions.
#[derive(Debug, PartialEq, Eq)]
pub enum Mentioned {
    Person(String),
    Team(String),
}

pub fn mentioned(destination: &str, link_text: &str) -> Option<Mentioned> {
    let id = |id: &str| is_id(id).then(|| id.to_owned());
    link_text.strip_prefix('@')?;
    match destination.strip_prefix("/people/") {
        Some(rest) => id(rest).map(Mentioned::Person),
        None => id(destination.strip_prefix("/teams/")?).map(Mentioned::Team),
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// A piece of a text outside of code and links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'t> {
    Text(&'t str),
    /// A record's key, such as `PAY-482`.
    Key(&'t str),
    /// A path, such as `/issues/PAY-482`, which may be of this site.
    Path(&'t str),
    /// An address with `http` or `https`.
    Address(&'t str),
}

impl<'t> Mark<'t> {
    /// By what the record would be known that this names.
    pub fn name(self, site: &str) -> Option<&'t str> {
        match self {
            Mark::Text(_) => None,
            Mark::Key(key) => Some(key),
            Mark::Path(path) => Some(before_suffix(path)),
            Mark::Address(address) => address::own_path(address, site).map(before_suffix).filter(|path| path.len() > 1),
        }
    }
}

/// A path without its query and fragment.
fn before_suffix(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or(path)
}

/// All of a text in pieces.
pub fn marks(text: &str) -> Vec<Mark<'_>> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut before = None;
    while let Some(next) = text[at..].chars().next() {
        match mark_at(&text[at..], before) {
            Some((mark, length)) => {
                found.push(Mark::Text(&text[start..at]));
                found.push(mark);
                at += length;
                start = at;
                before = text[..at].chars().next_back();
            }
            None => {
                at += next.len_utf8();
                before = Some(next);
            }
        }
    }
    found.push(Mark::Text(&text[start..]));
    found
}

/// The mark that a text begins with, where `before` is the character in front of it.
fn mark_at(text: &str, before: Option<char>) -> Option<(Mark<'_>, usize)> {
    let starts_word = before.is_none_or(|c| !c.is_alphanumeric() && !"-_/@.#&=~%+\\".contains(c));
    let starts_path = before.is_none_or(|c| c.is_whitespace() || c == '(');
    let (mark, length) = match text.as_bytes()[0] {
        b'A'..=b'Z' if starts_word => key_length(text).map(|length| (Mark::Key(&text[..length]), length))?,
        b'h' if starts_word => address_length(text).map(|length| (Mark::Address(&text[..length]), length))?,
        b'/' if starts_path => path_length(text).map(|length| (Mark::Path(&text[..length]), length))?,
        _ => return None,
    };
    Some((mark, length))
}

/// `[A-Z][A-Z0-9]{1,9}-[0-9]{1,7}`, not followed by more of a word.
fn key_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let letters = bytes.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()).take(11).count();
    let digits = bytes.get(letters + 1..)?.iter().take_while(|byte| byte.is_ascii_digit()).take(8).count();
    let length = letters + 1 + digits;
    let fits = (2..=10).contains(&letters) && bytes[letters] == b'-' && (1..=7).contains(&digits);
    let ends = text.get(length..)?.chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '-');
    (fits && ends).then_some(length)
}

/// An address up to a space, without the punctuation that ends a sentence (GitHub Flavored Markdown, section 6.9).
fn address_length(text: &str) -> Option<usize> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    rest.chars().next().filter(|c| c.is_alphanumeric() || *c == '[')?;
    Some(trimmed_length(&text[..text.find(|c: char| c.is_whitespace() || c == '<' || c == '"').unwrap_or(text.len())]))
}

/// A path of at least two segments, as those of records are.
fn path_length(text: &str) -> Option<usize> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"-_/#?=&.".contains(c)).unwrap_or(text.len());
    let path = &text[..trimmed_length(&text[..end])];
    let mut segments = before_suffix(path)[1..].split('/');
    let whole =
        segments.next().is_some_and(|first| !first.is_empty()) && segments.next().is_some_and(|s| !s.is_empty());
    whole.then_some(path.len())
}

/// Without the last characters that belong to the sentence: a closing bracket only when it was not opened within.
fn trimmed_length(address: &str) -> usize {
    let mut unopened = address.matches(')').count().saturating_sub(address.matches('(').count());
    let kept = address.trim_end_matches(|c: char| {
        let closes = c == ')' && unopened > 0;
        unopened -= usize::from(closes);
        closes || "?!.,:;*_~'".contains(c)
    });
    kept.len()
}

/// Names in the order in which they were first added, up to the limit.
#[derive(Default)]
struct Unique {
    names: Vec<String>,
    seen: HashSet<String>,
}

impl Unique {
    fn add(&mut self, name: &str) {
        if self.names.len() < MAX_REFERENCES && self.seen.insert(name.to_owned()) {
            self.names.push(name.to_owned());
        }
    }
}
