//! The recovery code: 120 bits of chance, printed in six groups of four.
use super::cipher::Key;
use kernel::{Error, Result};

/// Without letters that are taken for digits (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 24;
const GROUP: usize = 4;

/// `7K2M-…`, as it is shown once.
pub fn fresh() -> Result<String> {
    let mut bytes = [0_u8; LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    let letters: Vec<char> = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    Ok(letters.chunks(GROUP).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-"))
}

/// The letters of a code as somebody typed it, or nothing if it is none.
pub(super) fn read(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(|c| c.is_ascii_alphanumeric()).map(|c| match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    });
    let letters: String = letters.collect();
    let known = letters.bytes().all(|letter| LETTERS.contains(&letter));
    (known && letters.len() == LENGTH).then_some(letters)
}

/// Whether a text is this group of a code, the first being 1.
pub(super) fn is_group(code: &str, group: usize, typed: &str) -> bool {
    let Some(letters) = read(code) else { return false };
    letters.get((group - 1) * GROUP..group * GROUP).is_some_and(|known| known.eq_ignore_ascii_case(typed.trim()))
}

pub(super) fn key(letters: &str, wrap: &str) -> Result<Key> {
    Key::derive(letters.as_bytes(), wrap.as_bytes(), "cairn recovery key")
}
