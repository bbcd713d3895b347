//! A document as tokens: what `db::search` keeps of it.
use crate::words::{slips, words};
use db::search::Pattern;
use kernel::{Document, Id, Person, Reader, Team, Time, Workspace, fingerprint};
use std::{collections::BTreeSet, ops::Range};

/// The tokens of one document in each index, with a space between.
pub struct Entry {
    /// Where its number is to be; a few numbers above are as good.
    pub number: i64,
    pub titles: String,
    pub texts: String,
    pub near: String,
    /// Changes with anything of the above.
    pub fingerprint: i64,
}

/// Words of a document beyond these are not found. PostgreSQL counts places up to 16,383 and refuses 1 MB of words.
const MOST_WORDS: usize = 10_000;
const MOST_BYTES: usize = 256 * 1024;
const MOST_WORDS_WITH_SLIPS: usize = 12;

impl Entry {
    pub fn of(workspace: Id<Workspace>, kind: &str, id: &str, document: &Document) -> Entry {
        let keys = keys(workspace, kind, document).join(" ");
        let title: Vec<String> = words(&document.title).into_iter().map(|word| word.text).collect();
        let whole = whole(&title);
        let begins: Vec<String> = (1..=SHORT).filter_map(|letters| beginning(&whole, letters)).collect();
        let called = [keys.as_str(), &whole].into_iter().chain(begins.iter().map(String::as_str));
        let titles = tokens(called.chain(title.iter().map(String::as_str)));
        let body = words(&document.body);
        // No phrase goes from the title on into the text: something stands between.
        let all = title.iter().map(String::as_str).chain(["="]).chain(body.iter().map(|word| word.text.as_str()));
        let texts = tokens([keys.as_str()].into_iter().chain(all));
        let near: BTreeSet<String> = title.iter().take(MOST_WORDS_WITH_SLIPS).flat_map(|word| slips(word)).collect();
        let near = tokens([keys.as_str()].into_iter().chain(near.iter().map(String::as_str)));
        let number = number(document.at, title.first().map_or("", String::as_str), id);
        let fingerprint = fingerprint(&format!("{number}\n{titles}\n{texts}"));
        Entry { number, titles, texts, near, fingerprint }
    }
}

fn tokens<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for token in all.take(MOST_WORDS).filter(|token| !token.is_empty()) {
        if text.len() + token.len() > MOST_BYTES {
            break;
        }
        text.push_str(token);
        text.push(' ');
    }
    text.pop();
    text
}

fn keys(workspace: Id<Workspace>, kind: &str, document: &Document) -> Vec<String> {
    let readers = document.readers.iter().map(|reader| reader_key(workspace, *reader));
    let mut all: Vec<String> = readers.chain([kind_key(kind)]).collect();
    all.extend(document.author.map(author_key));
    all.extend(document.team.map(team_key));
    all
}

/// The token of those who may find a document. Ids are of one workspace; what is no id carries the workspace's.
pub fn reader_key(workspace: Id<Workspace>, reader: Reader) -> String {
    match reader {
        Reader::Colleagues => format!("=all{workspace}"),
        Reader::Person(id) => format!("=p{id}"),
        Reader::Team(id) => format!("=t{id}"),
        Reader::Role(role) => format!("=role{}{workspace}", role.name()),
    }
}

pub fn kind_key(kind: &str) -> String {
    format!("=is{kind}")
}

pub fn author_key(id: Id<Person>) -> String {
    format!("=by{id}")
}

pub fn team_key(id: Id<Team>) -> String {
    format!("=in{id}")
}

/// A title as one token, so that what begins with the question, or is it, can come first.
pub fn whole(words: &[String]) -> String {
    const LONGEST: usize = 120;
    let text = format!("_{}", words.join("_"));
    text.chars().take(LONGEST).collect()
}

/// The first few letters of a title are tokens of their own: so many titles begin with one letter that a database must
/// know beforehand how many.
const SHORT: usize = 4;

/// What all titles have that begin like this one: a token if it is short, else the beginning of the whole title.
pub fn begins(whole: &str) -> Pattern {
    let letters = whole.chars().count() - 1;
    match beginning(whole, letters).filter(|_| letters <= SHORT) {
        Some(token) => Pattern::Token(token),
        None => Pattern::Start(whole.to_owned()),
    }
}

fn beginning(whole: &str, letters: usize) -> Option<String> {
    let (end, last) = whole.char_indices().nth(letters)?;
    Some(format!("_{}", &whole[..end + last.len_utf8()]))
}

/// Below the second in a number: three letters of the title and 16 bits of chance.
const SECOND: u32 = 31;

/// The second in which a document began, so that the newest come first; within one second they go by their titles.
fn number(at: Time, first_word: &str, id: &str) -> i64 {
    let mut letters = first_word.bytes();
    let place = (0..3).fold(0, |place, _| {
        let letter = letters.next().map_or(0, |b| if b.is_ascii_lowercase() { i64::from(b - b'a') + 1 } else { 27 });
        place << 5 | (31 - letter)
    });
    second(at) << SECOND | place << 16 | (fingerprint(id) & 0xffff)
}

fn second(at: Time) -> i64 {
    at.0.div_euclid(1_000_000).clamp(0, i64::from(u32::MAX))
}

/// The numbers of the documents of a time.
pub fn numbers(from: Option<Time>, until: Option<Time>) -> Range<i64> {
    let start = |at| second(at) << SECOND;
    from.map_or(0, start)..until.map_or(i64::MAX, start)
}
