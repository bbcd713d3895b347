//! What Jira, Linear and Shortcut give out, by API, dump or CSV, as the same plain records. Pure: files in, records and a
//! report of every field out; what becomes of them is for others to decide. What is to be asked of an API is known here too.
mod history;
mod jira;
mod linear;
pub mod live;
mod markdown;
mod record;
mod shortcut;
mod table;

pub use history::{Before, before, replayed};
pub use markdown::escaped;
pub use record::*;

use intake::{Report, Result, stream::Limits};
use std::path::PathBuf;

/// A system from which issues are brought over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    Jira,
    Linear,
    Shortcut,
}

/// What [`read`] calls for each record, in the order in which they stand in the files.
pub type Take<'a> = dyn FnMut(Record) -> Result<()> + 'a;

/// Reads what a system gave out, from files and folders of any container that `intake` knows.
///
/// # Errors
/// The first document that is malformed, too long or too deep, with its file and place; and what `take` answers.
pub fn read(system: System, paths: &[PathBuf], take: &mut Take<'_>) -> Result<Report> {
    read_within(system, paths, &Limits::default(), take)
}

/// Like [`read`], with limits of one's own.
///
/// # Errors
/// Those of [`read`].
pub fn read_within(system: System, paths: &[PathBuf], limits: &Limits, take: &mut Take<'_>) -> Result<Report> {
    match system {
        System::Jira => jira::read(paths, limits, take),
        System::Linear => linear::read(paths, limits, take),
        System::Shortcut => shortcut::read(paths, limits, take),
    }
}

#[cfg(test)]
mod tests;
