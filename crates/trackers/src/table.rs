//! Rows of CSV by the names of their columns.
use intake::stream::Row;
use jiff::{Timestamp, fmt::strtime, tz::Offset};
use serde_json::{Map, Value};
use std::cell::RefCell;

/// The cells of a row, which remember having been read.
pub struct Cells<'r> {
    row: &'r Row,
    read: RefCell<Vec<bool>>,
}

impl<'r> Cells<'r> {
    pub fn of(row: &'r Row) -> Cells<'r> {
        Cells { row, read: RefCell::new(vec![false; row.header.len()]) }
    }

    /// The values of all columns of a name, whatever the case, without those that are empty.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.found(|head| head.eq_ignore_ascii_case(name)).into_iter().map(|(_, cell)| cell).collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.row.header.iter().any(|head| head.trim().eq_ignore_ascii_case(name))
    }

    pub fn one(&self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    pub fn starting(&self, start: &str) -> Vec<(String, String)> {
        self.found(|head| head.starts_with(start))
    }

    fn found(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let mut read = self.read.borrow_mut();
        let all = self.row.header.iter().zip(&self.row.cells).enumerate().filter(|(_, (head, _))| wanted(head.trim()));
        let mut found = Vec::new();
        for (at, (head, cell)) in all {
            read[at] = true;
            if !cell.trim().is_empty() {
                found.push((head.trim().to_owned(), cell.trim().to_owned()));
            }
        }
        found
    }

    /// What was not read, several values of one column as a list.
    pub fn rest(&self) -> Map<String, Value> {
        let read = self.read.borrow();
        let all = self.row.header.iter().zip(&self.row.cells).zip(read.iter());
        let mut rest = Map::new();
        for ((head, cell), _) in all.filter(|((_, cell), read)| !**read && !cell.is_empty()) {
            let cell = Value::from(cell.as_str());
            match rest.get_mut(head.as_str()) {
                None => drop(rest.insert(head.clone(), cell)),
                Some(Value::Array(several)) => several.push(cell),
                Some(one) => *one = Value::Array(vec![one.take(), cell]),
            }
        }
        rest
    }
}

/// Parts of a cell with a character between them, without the empty ones.
pub fn parts(cell: Option<String>, between: char) -> Vec<String> {
    let cell = cell.unwrap_or_default();
    cell.split(between).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// An instant in one of several formats, at an offset.
pub fn time(text: &str, formats: &[&str], offset: Offset) -> Option<Timestamp> {
    let text = text.trim();
    let read = |format: &&str| {
        let parsed = strtime::parse(format, text).ok()?;
        let civil = parsed.to_datetime().ok().or_else(|| Some(parsed.to_date().ok()?.at(0, 0, 0, 0)))?;
        offset.to_timestamp(civil).ok()
    };
    formats.iter().find_map(read)
}
