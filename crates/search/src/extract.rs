//! What is shown of a document that was found: pieces of its own text, of which those that were looked for are marked.
use crate::words::{Word, slips, words};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeSet;

/// A piece of a text. All pieces one after the other are the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Piece {
    pub text: String,
    /// This was looked for.
    pub hit: bool,
}

/// Which words of a text are marked.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    pub words: BTreeSet<String>,
    /// Also the words that begin like this.
    pub start: Option<String>,
    /// Also the words that differ from one of `words` by a slip.
    pub slips: bool,
}

impl Marks {
    fn hit(&self, word: &str) -> bool {
        let near = || {
            let mine = slips(word);
            self.words.iter().any(|wanted| !mine.is_disjoint(&slips(wanted)))
        };
        self.words.contains(word)
            || self.start.as_ref().is_some_and(|start| word.starts_with(start.as_str()))
            || (self.slips && near())
    }
}

/// So many words of a text are shown at the most; so many of them stand before the first that was looked for.
const SHOWN: usize = 28;
const BEFORE: usize = 5;
/// More characters than this without a space, or without a word, are cut.
const LONGEST: usize = 60;

/// A whole title.
pub fn title(text: &str, marks: &Marks) -> Vec<Piece> {
    pieces(text, &words(text), marks)
}

/// The part of a text that holds most of what was looked for, or its beginning.
pub fn extract(text: &str, marks: &Marks) -> Vec<Piece> {
    let words = words(text);
    let hits: Vec<usize> = (0..words.len()).filter(|at| marks.hit(&words[*at].text)).collect();
    let held = |from: usize| {
        let inside = hits.iter().filter(|at| (from..from + SHOWN - BEFORE).contains(at));
        inside.map(|at| words[*at].text.as_str()).collect::<BTreeSet<&str>>().len()
    };
    // The first of the best; a text with thousands of hits need not be looked through to its end.
    let best = hits.iter().take(100).rev().max_by_key(|at| held(**at)).copied().unwrap_or(0);
    let from = best.saturating_sub(BEFORE);
    let to = words.len().min(from + SHOWN);
    let start = if from == 0 { 0 } else { words[from].start };
    let end = if to == words.len() { text.len() } else { words[to - 1].end };
    let shifted: Vec<Word> = words[from..to]
        .iter()
        .map(|word| Word { start: word.start - start, end: word.end - start, text: word.text.clone() })
        .collect();
    let mut pieces = pieces(&text[start..end], &shifted, marks);
    if from > 0 {
        push(&mut pieces, 0, "… ");
    }
    if to < words.len() {
        let end = pieces.len();
        push(&mut pieces, end, " …");
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, at: usize, text: &str) {
    pieces.insert(at, Piece { text: text.to_owned(), hit: false });
}

fn pieces(text: &str, words: &[Word], marks: &Marks) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut add = |text: &str, hit: bool| {
        let text = plain(text);
        match all.last_mut().filter(|last| !hit && !last.hit) {
            Some(last) => last.text.push_str(&text),
            None if text.is_empty() => {}
            None => all.push(Piece { text, hit }),
        }
    };
    let mut at = 0;
    for word in words {
        add(&text[at..word.start], false);
        add(&text[word.start..word.end], marks.hit(&word.text));
        at = word.end;
    }
    add(&text[at..], false);
    all
}

/// One line, of what may be several, with endless runs cut short.
fn plain(text: &str) -> String {
    let mut line = String::new();
    for c in text.chars().take(LONGEST) {
        match c.is_whitespace() || c.is_control() {
            true if line.ends_with(' ') => {}
            true => line.push(' '),
            false => line.push(c),
        }
    }
    if text.chars().nth(LONGEST).is_some() {
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests;
