use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Where in a file something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Both counted from 1.
    Line { line: usize, column: usize },
    /// The row of a CSV file, the heads being the first.
    Row(usize),
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub file: String,
    pub place: Option<Place>,
    /// A sentence without its full stop.
    pub reason: String,
}

impl Error {
    pub fn new(file: &str, reason: impl Into<String>) -> Error {
        Error { file: file.to_owned(), place: None, reason: reason.into() }
    }

    pub fn at(file: &str, place: Place, reason: impl Into<String>) -> Error {
        Error { place: Some(place), ..Error::new(file, reason) }
    }

    /// The line and column of a byte.
    pub fn at_byte(file: &str, bytes: &[u8], offset: usize, reason: impl Into<String>) -> Error {
        let before = &bytes[..offset.min(bytes.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Error::at(file, Place::Line { line, column: before.len() - start + 1 }, reason)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match self.place {
            Some(Place::Line { line, column }) => write!(f, ", line {line}, column {column}")?,
            Some(Place::Row(row)) => write!(f, ", row {row}")?,
            None => {}
        }
        write!(f, ": {}.", self.reason)
    }
}

impl std::error::Error for Error {}
