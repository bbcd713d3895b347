//! From text to records. Own code instead of a library, because a person must be told the line that an editor shows,
//! also after quoted line breaks, and because a quotation mark that is never closed may cost only its own row.

use std::borrow::Cow;

use super::reader::{Delimiter, Unreadable};

/// The most columns that are read.
pub const MOST_COLUMNS: usize = 200;
/// The most characters in one cell.
pub const LONGEST_CELL: usize = 20_000;
/// How many records from the top may hold the header; report titles stand above it.
const HEADER_WITHIN: usize = 25;

/// One record: a line of the file, or several where a quoted cell holds line breaks.
pub struct Record<'t> {
    /// The line of its first character, counted from 1.
    pub line: u64,
    /// At most one more than [`MOST_COLUMNS`].
    pub cells: Vec<Cow<'t, str>>,
    /// A quotation mark opens a cell and is not closed where a cell may end. The cells are then not to be trusted.
    pub unclosed_quote: bool,
}

impl Record<'_> {
    pub fn is_blank(&self) -> bool {
        !self.unclosed_quote && self.cells.iter().all(|cell| cell.trim().is_empty())
    }

    pub fn filled(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty())
    }
}

/// A file whose header was found; `rows` continues behind it.
pub struct Opened<'t> {
    pub delimiter: Delimiter,
    pub header: Record<'t>,
    pub rows: Records<'t>,
}

/// Finds the delimiter and the header: the combination under which `known` accepts the most column names. Without any
/// known name, the header is the first of the widest records.
pub fn open<'t>(text: &'t str, known: impl Fn(&str) -> bool) -> Result<Opened<'t>, Unreadable> {
    let candidates = [Delimiter::Comma, Delimiter::Semicolon, Delimiter::Tab, Delimiter::Pipe];
    let best = candidates
        .into_iter()
        .rev()
        .map(|delimiter| (delimiter, survey(text, delimiter, &known)))
        .max_by_key(|(_, survey)| (survey.known, survey.alike));
    let (delimiter, survey) = best.expect("there are four candidates");
    let mut rows = Records::new(text, delimiter);
    let header =
        rows.by_ref().filter(|record| !record.is_blank()).nth(survey.header).ok_or_else(|| {
            Unreadable::new("The file is empty. It needs a line with column names and a line a person.")
        })?;
    if header.cells.len() > MOST_COLUMNS {
        return Err(Unreadable::new(format!(
            "The file has more than {MOST_COLUMNS} columns. Export only the columns that describe the work."
        )));
    }
    Ok(Opened { delimiter, header, rows })
}

/// How many cells of a record are column names.
pub fn known_names(record: &Record, known: impl Fn(&str) -> bool) -> usize {
    if record.unclosed_quote { 0 } else { record.filled().filter(|cell| known(cell)).count() }
}

struct Survey {
    header: usize,
    known: usize,
    alike: usize,
}

fn survey(text: &str, delimiter: Delimiter, known: impl Fn(&str) -> bool) -> Survey {
    let top: Vec<_> = Records::new(text, delimiter).filter(|record| !record.is_blank()).take(HEADER_WITHIN).collect();
    let names: Vec<_> = top.iter().map(|record| known_names(record, &known)).collect();
    let most = names.iter().copied().max().unwrap_or(0);
    let widest = top.iter().map(|record| record.cells.len()).max().unwrap_or(0);
    // A later record wins only with more than twice the names, since cells such as "Manager" are also job titles.
    let header = match most {
        0 => top.iter().position(|record| record.cells.len() == widest),
        _ => names.iter().position(|count| count * 2 >= most),
    };
    let header = header.unwrap_or(0);
    let width = top.get(header).map_or(0, |record| record.cells.len());
    let alike = if width > 1 { top.iter().filter(|record| record.cells.len() == width).count() } else { 0 };
    Survey { header, known: most, alike }
}

/// The records of a text, without empty lines.
pub struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    position: usize,
    line: u64,
}

impl<'t> Records<'t> {
    pub fn new(text: &'t str, delimiter: Delimiter) -> Self {
        Self { text, delimiter: delimiter.byte(), position: 0, line: 1 }
    }

    /// Reads the cell at the position and moves behind it; `None` for an unclosed quotation mark.
    fn cell(&mut self) -> Option<Cow<'t, str>> {
        if self.text.as_bytes().get(self.position) != Some(&b'"') {
            return Some(Cow::Borrowed(self.plain()));
        }
        let inner = self.quoted()?;
        let rest = self.plain();
        if rest.trim().is_empty() {
            return Some(inner);
        }
        // Text behind a closing mark is kept, unless the mark belongs to a later line and so opens a cell there.
        (!inner.contains(['\n', '\r'])).then(|| Cow::Owned(format!("{inner}{rest}")))
    }

    fn plain(&mut self) -> &'t str {
        let rest = &self.text[self.position..];
        let ends = |byte: &u8| *byte == self.delimiter || matches!(byte, b'\n' | b'\r');
        let length = rest.as_bytes().iter().position(ends).unwrap_or(rest.len());
        self.position += length;
        &rest[..length]
    }

    fn quoted(&mut self) -> Option<Cow<'t, str>> {
        let start = self.position + 1;
        let mut from = start;
        loop {
            let quote = from + self.text[from..].find('"')?;
            if self.text.as_bytes().get(quote + 1) == Some(&b'"') {
                from = quote + 2;
                continue;
            }
            self.position = quote + 1;
            let inner = &self.text[start..quote];
            let doubled = from > start;
            return Some(if doubled { Cow::Owned(inner.replace("\"\"", "\"")) } else { Cow::Borrowed(inner) });
        }
    }

    /// Moves behind the line break at the position, if one is there.
    fn end_line(&mut self) -> bool {
        let length = match self.text.as_bytes()[self.position..] {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        self.position += length;
        length > 0
    }
}

impl<'t> Iterator for Records<'t> {
    type Item = Record<'t>;

    fn next(&mut self) -> Option<Record<'t>> {
        while self.end_line() {
            self.line += 1;
        }
        if self.position >= self.text.len() {
            return None;
        }
        let (start, line) = (self.position, self.line);
        let mut cells = Vec::new();
        let mut has_line_breaks = false;
        let unclosed_quote = loop {
            // A record that runs over lines and past all columns has lost its end at a quotation mark.
            let Some(cell) = self.cell().filter(|_| !has_line_breaks || cells.len() <= MOST_COLUMNS) else {
                self.position = start + self.text[start..].find(['\n', '\r']).unwrap_or(self.text.len() - start);
                break true;
            };
            has_line_breaks |= cell.contains(['\n', '\r']);
            if cells.len() <= MOST_COLUMNS {
                cells.push(cell);
            }
            if self.text.as_bytes().get(self.position) != Some(&self.delimiter) {
                break false;
            }
            self.position += 1;
        };
        self.end_line();
        self.line += line_breaks(&self.text[start..self.position]);
        Some(Record { line, cells, unclosed_quote })
    }
}

fn line_breaks(text: &str) -> u64 {
    let bytes = text.as_bytes();
    let ends = |(index, byte): (usize, &u8)| *byte == b'\n' || (*byte == b'\r' && bytes.get(index + 1) != Some(&b'\n'));
    bytes.iter().enumerate().filter(|pair| ends(*pair)).count() as u64
}
