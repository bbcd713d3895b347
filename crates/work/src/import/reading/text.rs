//! Texts of others as texts of this program: without characters that deceive, and not longer than their place.
use kernel::{
    Json,
    text::{Line, Markdown, Name, deceives},
};

/// One line, cut off where it is too long; and whether anything but spaces at its ends went.
fn line(text: &str, most: usize) -> (String, bool) {
    let spaced: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let clean: String = spaced.chars().filter(|c| !deceives(*c)).collect();
    let cut: String = clean.trim().chars().take(most).collect();
    let cut = cut.trim().to_owned();
    let whole = cut == spaced.trim();
    (cut, !whole)
}

/// A name, or nothing where no character is left; and whether anything of it went.
pub fn name<const MOST: usize>(text: &str) -> (Option<Name<MOST>>, bool) {
    let (text, went) = line(text, MOST);
    (text.try_into().ok(), went)
}

pub fn short<const MOST: usize>(text: &str) -> Line<MOST> {
    line(text, MOST).0.try_into().unwrap_or_default()
}

/// The longest text that this program keeps, in characters.
const LONGEST: usize = 100_000;

/// A text of several lines; and whether anything of it went.
pub fn markdown(text: &str) -> (Markdown, bool) {
    let keep = |c: &char| !deceives(*c) || matches!(c, '\n' | '\r' | '\t');
    let clean: String = text.chars().filter(keep).take(LONGEST).collect();
    let went = clean.len() != text.len();
    (clean.try_into().unwrap_or_default(), went)
}

/// The texts in a value of a field.
pub fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::String(text) => vec![text.clone()],
        Json::Array(all) => all.iter().flat_map(texts).collect(),
        Json::Object(fields) => {
            ["value", "name"].iter().find_map(|name| fields.get(*name)).map(texts).unwrap_or_default()
        }
        Json::Number(number) => vec![number.to_string()],
        Json::Bool(truth) => vec![truth.to_string()],
        Json::Null => Vec::new(),
    }
}
