//! What a word is: the same for documents and for questions, whatever the database makes of letters.
use std::collections::BTreeSet;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// A word of a text: letters and digits in lower case and without accents, and the bytes of the text where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub start: usize,
    pub end: usize,
}

/// Longer words are cut: nobody types them, and PostgreSQL keeps none above 2 KB.
const LONGEST: usize = 40;

pub fn words(text: &str) -> Vec<Word> {
    let mut all: Vec<Word> = Vec::new();
    let mut open = false;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        let letters = folded(c);
        match all.last_mut().filter(|_| open) {
            Some(word) if is_combining_mark(c) => word.end = end,
            Some(word) if !letters.is_empty() => {
                word.text.push_str(&letters);
                word.end = end;
            }
            None if !letters.is_empty() => {
                all.push(Word { text: letters, start, end });
                open = true;
            }
            _ => open = false,
        }
    }
    for word in &mut all {
        word.text = word.text.chars().take(LONGEST).collect();
    }
    all
}

/// The letters and digits of one character.
fn folded(c: char) -> String {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric().then(|| c.to_ascii_lowercase()).into_iter().collect();
    }
    let plain = c.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    let mut letters = String::new();
    for c in plain {
        match c {
            'ß' => letters.push_str("ss"),
            'æ' => letters.push_str("ae"),
            'œ' => letters.push_str("oe"),
            'þ' => letters.push_str("th"),
            'ø' => letters.push('o'),
            'ł' => letters.push('l'),
            'đ' | 'ð' => letters.push('d'),
            'ı' => letters.push('i'),
            'ς' => letters.push('σ'),
            c if c.is_alphanumeric() => letters.push(c),
            _ => {}
        }
    }
    letters
}

const SHORTEST_WITH_SLIPS: usize = 4;
const LONGEST_WITH_SLIPS: usize = 20;

/// The word, and the word without one of its letters. Two words that share one of these differ by a letter that is
/// missing, added, wrong or in another place (the deletion neighbourhood of Mor and Fraenkel, 1982). Short words have
/// too many neighbours, and only themselves here.
pub fn slips(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all = BTreeSet::from([word.to_owned()]);
    if (SHORTEST_WITH_SLIPS..=LONGEST_WITH_SLIPS).contains(&letters.len()) {
        for left_out in 0..letters.len() {
            let rest = letters.iter().enumerate().filter(|(at, _)| *at != left_out);
            all.insert(rest.map(|(_, letter)| *letter).collect());
        }
    }
    all
}

#[cfg(test)]
mod tests;
