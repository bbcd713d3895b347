//! The question as it is typed, read into a type: words, phrases, what must not occur, and filters.
use crate::words::words;
use jiff::{
    ToSpan,
    civil::{Date, date},
};
use kernel::{Error, Result, Time, text::deceives};

/// A question before its names are looked up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words, and phrases of several words.
    pub wanted: Vec<Vec<String>>,
    pub unwanted: Vec<Vec<String>>,
    /// The last word may go on: the question ends with it.
    pub open: bool,
    pub kinds: Vec<&'static str>,
    pub authors: Vec<Name>,
    pub teams: Vec<Name>,
    /// From this instant on.
    pub from: Option<Time>,
    /// Not from this instant on.
    pub until: Option<Time>,
    pub only_titles: bool,
}

/// Whom a filter names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Me,
    Like(String),
}

/// A question of more characters, or of more words, is refused.
const LONGEST: usize = 400;
const MOST_WORDS: usize = 24;
/// Each name is looked up among all people or teams.
const MOST_NAMES: usize = 8;

impl Query {
    /// Reads a question; `kinds` are the words that may stand after `is:`. What it cannot use is `Invalid` at `q`, in a
    /// sentence that names the place.
    pub fn parse(text: &str, kinds: &[&'static str]) -> Result<Query> {
        if text.chars().count() > LONGEST {
            return Err(wrong(format!("This is longer than {LONGEST} characters; look for fewer words.")));
        }
        let text: String = text.chars().map(|c| if deceives(c) { ' ' } else { c }).collect();
        let mut query = Query::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (item, after) = Item::read(rest);
            query.open = item.is_open_word(after);
            query.add(&item, kinds)?;
            rest = after.trim_start();
        }
        query.open &= !query.wanted.is_empty();
        if query.wanted.iter().chain(&query.unwanted).map(Vec::len).sum::<usize>() > MOST_WORDS {
            return Err(wrong(format!("These are more than {MOST_WORDS} words; look for fewer.")));
        }
        if query.authors.len() + query.teams.len() > MOST_NAMES {
            return Err(wrong(format!("These are more than {MOST_NAMES} people and teams; name fewer.")));
        }
        Ok(query)
    }

    /// Asks for nothing.
    pub fn is_empty(&self) -> bool {
        *self == Query::default()
    }

    fn add(&mut self, item: &Item<'_>, kinds: &[&'static str]) -> Result<()> {
        let Some(filter) = item.filter else {
            let list = if item.without { &mut self.unwanted } else { &mut self.wanted };
            let found: Vec<String> = words(item.text).into_iter().map(|word| word.text).collect();
            match item.quoted {
                true if !found.is_empty() => list.push(found),
                true => {}
                false => list.extend(found.into_iter().map(|word| vec![word])),
            }
            return Ok(());
        };
        let value = item.text.trim();
        if item.without {
            return Err(wrong(format!("`-{filter}:` is not possible; only words can be left out, as in `-draft`.")));
        }
        match filter {
            "is" => self.kinds.push(kind(value, kinds)?),
            "by" => self.authors.push(name("by", value)?),
            "team" => self.teams.push(name("team", value)?),
            "before" => self.until = Some(start_of(period("before", value)?.0)),
            "after" => self.from = Some(start_of(period("after", value)?.1)),
            "in" if value == "title" => self.only_titles = true,
            "in" => return Err(wrong(format!("`in:{value}` means nothing; `in:title` looks in titles only."))),
            other => {
                return Err(wrong(format!(
                    "There is no filter `{other}:`. There are `is:`, `by:`, `team:`, `before:`, `after:` and `in:title`."
                )));
            }
        }
        Ok(())
    }
}

/// One piece of the question: `word`, `-word`, `"a phrase"`, `is:kind`, `by:"a name"`.
struct Item<'a> {
    without: bool,
    filter: Option<&'a str>,
    quoted: bool,
    text: &'a str,
}

impl<'a> Item<'a> {
    /// The piece with which the text begins, and what comes after it.
    fn read(text: &'a str) -> (Item<'a>, &'a str) {
        let without = text.starts_with('-');
        let text = text.strip_prefix('-').unwrap_or(text);
        let (filter, text) = match text.split_once(':') {
            Some((key, rest)) if is_filter(key, rest) => (Some(key), rest),
            _ => (None, text),
        };
        let quoted = text.starts_with('"');
        let (text, after) = match text.strip_prefix('"') {
            Some(inside) => inside.split_once('"').unwrap_or((inside, "")),
            None => text.split_at(text.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(text.len())),
        };
        (Item { without, filter, quoted, text }, after)
    }

    fn is_open_word(&self, after: &str) -> bool {
        let ends_with_word = self.text.chars().next_back().is_some_and(char::is_alphanumeric);
        after.is_empty() && !self.quoted && !self.without && self.filter.is_none() && ends_with_word
    }
}

/// `re: budget` and `https://…` are words.
fn is_filter(key: &str, rest: &str) -> bool {
    let word = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase());
    let value = !rest.is_empty() && !rest.starts_with(char::is_whitespace) && !rest.starts_with("//");
    word && (value || ["is", "by", "team", "before", "after", "in"].contains(&key))
}

/// What stands before the piece with which a question ends, and this piece, if it is not empty and may become a filter.
pub fn last_piece(text: &str) -> Option<(&str, &str)> {
    if text.len() > LONGEST {
        return None;
    }
    let (mut start, mut quoted) = (0, false);
    for (at, c) in text.char_indices() {
        quoted ^= c == '"';
        if c.is_whitespace() && !quoted {
            start = at + c.len_utf8();
        }
    }
    let (before, piece) = text.split_at(start);
    (piece.starts_with(|c: char| c.is_ascii_lowercase())).then_some((before, piece))
}

fn kind(value: &str, kinds: &[&'static str]) -> Result<&'static str> {
    let found = kinds.iter().find(|kind| **kind == value);
    let all: Vec<String> = kinds.iter().map(|kind| format!("`is:{kind}`")).collect();
    found.copied().ok_or_else(|| wrong(format!("`is:{value}` means nothing. There are {}.", all.join(", "))))
}

fn name(filter: &str, value: &str) -> Result<Name> {
    match value {
        "" => Err(wrong(format!("Write a name after `{filter}:`, with quotes around it if it has a space."))),
        "me" if filter == "by" => Ok(Name::Me),
        value => Ok(Name::Like(value.to_owned())),
    }
}

/// The first day of a year, a month or a day, and the first day after it.
fn period(filter: &str, value: &str) -> Result<(Date, Date)> {
    let numbers: Option<Vec<i16>> = value.split('-').map(|part| part.parse().ok()).collect();
    let days = match *numbers.as_deref().unwrap_or_default() {
        [year @ 1..=9998] => Some((date(year, 1, 1), date(year + 1, 1, 1))),
        [year @ 1..=9998, month @ 1..=12] => {
            let first = date(year, month as i8, 1);
            first.checked_add(1.month()).ok().map(|next| (first, next))
        }
        [year @ 1..=9998, month @ 1..=12, day @ 1..=31] => {
            let first = Date::new(year, month as i8, day as i8).ok();
            first.and_then(|first| Some((first, first.tomorrow().ok()?)))
        }
        _ => None,
    };
    let example = "write it as 2026, 2026-05 or 2026-05-31";
    days.ok_or_else(|| wrong(format!("`{filter}:{value}` is not a date; {example}.")))
}

fn start_of(day: Date) -> Time {
    day.to_zoned(jiff::tz::TimeZone::UTC).map_or(Time(0), |start| start.timestamp().into())
}

fn wrong(sentence: String) -> Error {
    Error::invalid("q", sentence)
}

#[cfg(test)]
mod tests;
