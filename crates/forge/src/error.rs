use std::fmt;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a file cannot be read to its end, and where it went wrong. What stood before is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub file: String,
    /// Counted from one; nothing where no line is to blame.
    pub line: Option<u64>,
    pub sentence: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}, line {line}: {}", self.file, self.sentence),
            None => write!(f, "{}: {}", self.file, self.sentence),
        }
    }
}

impl std::error::Error for Error {}
