//! What every import from files needs: files of any container, the JSON in them, fields that remember being read, and a
//! report of what was not. Knows nothing of what the JSON means, and nothing of Cairn.
mod error;
mod fields;
mod file;
mod names;
mod report;
pub mod stream;

pub use error::{Error, Place, Result};
pub use fields::{Fields, instant};
pub use file::{File, files};
pub use names::plain;
pub use report::{Fate, FieldCount, KindCount, Report};

/// How much is read before an import is refused.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one file, unpacked.
    pub bytes: u64,
    /// Files of one import.
    pub files: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { bytes: 512 << 20, files: 100_000 }
    }
}
