//! The notes of what accounts may do, a line of JSON each, in a file of the data folder that no backup holds.
use kernel::{Error, Result};
use people::account::ledger::AccessNote;
use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

pub const FILE: &str = "access.notes";

/// Adds a line; once it is there it outlives a power cut.
pub fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_all()
}

/// All notes of a file; none where there is no file. A last line that a power cut has torn is left out.
pub fn read(path: &Path) -> Result<Vec<AccessNote>> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::invalid("notes", format!("{} cannot be read: {error}.", path.display()))),
    };
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let lines = whole.lines().enumerate().filter(|(_, line)| !line.is_empty());
    let wrong = |number: usize, error: serde_json::Error| {
        Error::invalid("notes", format!("Line {} of {} cannot be read: {error}.", number + 1, path.display()))
    };
    lines.map(|(number, line)| serde_json::from_str(line).map_err(|error| wrong(number, error))).collect()
}
