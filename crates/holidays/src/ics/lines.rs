//! Content lines of RFC 5545, section 3.1: joining folded lines, and taking one apart.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Lines;

use super::Error;

/// A content line whose folded parts are joined.
pub struct Line<'a> {
    /// Where it begins in the file, from 1.
    pub number: usize,
    pub text: Cow<'a, str>,
}

/// A content line taken apart.
pub struct Property<'a> {
    pub line: usize,
    /// In upper case.
    pub name: String,
    /// Names in upper case, values without quotes.
    pub parameters: Vec<(String, String)>,
    /// As it stands in the file, still escaped.
    pub value: Cow<'a, str>,
}

/// All lines of a file that are not blank. A line that exceeds the limit is an error.
pub fn unfold(text: &str, most_bytes: usize) -> impl Iterator<Item = Result<Line<'_>, Error>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Unfold { lines: text.lines().peekable(), number: 0, most_bytes }.filter(|line| !is_blank(line))
}

struct Unfold<'a> {
    lines: Peekable<Lines<'a>>,
    number: usize,
    most_bytes: usize,
}

impl<'a> Iterator for Unfold<'a> {
    type Item = Result<Line<'a>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut text = Cow::Borrowed(self.lines.next()?);
        self.number += 1;
        let number = self.number;
        while let Some(folded) = self.lines.next_if(|line| line.starts_with([' ', '\t'])) {
            self.number += 1;
            text.to_mut().push_str(&folded[1..]);
            if text.len() > self.most_bytes {
                break;
            }
        }
        if text.len() > self.most_bytes {
            let sentence = format!("This line has more than {} bytes, the most that is read.", self.most_bytes);
            return Some(Err(Error::new(number, sentence)));
        }
        Some(Ok(Line { number, text }))
    }
}

impl<'a> Property<'a> {
    /// Takes `NAME;PARAMETER="value":value` apart. Colons and semicolons within quotes belong to the parameter.
    pub fn parse(line: Line<'a>) -> Result<Self, Error> {
        let colon = unquoted(&line.text, ':')
            .next()
            .ok_or_else(|| Error::new(line.number, "This line has no colon, so it is no line of a calendar file."))?;
        let head = &line.text[..colon];
        let mut cuts = unquoted(head, ';').chain([head.len()]);
        let name_end = cuts.next().unwrap_or(head.len());
        let mut parameters = Vec::new();
        let mut start = name_end + 1;
        for cut in cuts {
            if let Some((name, value)) = head[start..cut].split_once('=') {
                parameters.push((name.trim().to_ascii_uppercase(), value.trim().trim_matches('"').to_owned()));
            }
            start = cut + 1;
        }
        let name = head[..name_end].trim().to_ascii_uppercase();
        let value = match line.text {
            Cow::Borrowed(text) => Cow::Borrowed(&text[colon + 1..]),
            Cow::Owned(ref text) => Cow::Owned(text[colon + 1..].to_owned()),
        };
        Ok(Self { line: line.number, name, parameters, value })
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Positions of an ASCII character outside double quotes.
fn unquoted(text: &str, wanted: char) -> impl Iterator<Item = usize> {
    let mut quoted = false;
    text.char_indices().filter_map(move |(position, character)| {
        quoted ^= character == '"';
        (character == wanted && !quoted).then_some(position)
    })
}

fn is_blank(line: &Result<Line, Error>) -> bool {
    line.as_ref().is_ok_and(|line| line.text.trim().is_empty())
}
