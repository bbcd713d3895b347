//! The bytes that people brought, on their way between a store and the lines of a backup. Rows say which blobs there are;
//! a line `{"blob":name,"base64":bytes}` holds one that the store has. They stand after the rows and before the counts,
//! so that rows are restored only when the bytes are safe in their new store.
use crate::files::Files;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Blob, BlobName, BlobStore, Error, Id, Json, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeSet,
    io::{self, BufRead, Write},
};
use tokio::runtime::Handle;

/// What became of the blobs.
#[derive(Default)]
pub struct Told {
    pub moved: usize,
    /// Those that the store should have and has not, with the reason.
    pub missing: Vec<String>,
}

/// Passes the lines of a dump on, and adds the bytes of those blobs that are in the store. One at a time is in memory.
///
/// # Errors
/// `Busy` if the lines cannot be read or written. A blob that cannot be read is named in the answer instead: a backup
/// without one file is better than none.
pub fn pack(lines: impl BufRead, mut out: impl Write, files: &Files, runtime: &Handle) -> Result<Told> {
    let (mut names, mut told) = (BTreeSet::new(), Told::default());
    for line in lines.lines() {
        let line = line.map_err(broken)?;
        if line.starts_with(COUNTS) {
            for name in std::mem::take(&mut names) {
                let bytes = runtime.block_on(files.get(&name)).map_err(|error| told.missing.push(error.to_string()));
                let packed = Packed { blob: name, base64: bytes.ok().map(|bytes| STANDARD.encode(bytes)) };
                told.moved += 1;
                writeln!(out, "{}", serde_json::to_string(&packed).map_err(Error::internal)?).map_err(broken)?;
            }
        }
        names.extend(stored(&line)?);
        writeln!(out, "{line}").map_err(broken)?;
    }
    out.flush().map_err(broken)?;
    Ok(told)
}

/// Passes the lines of a backup on without the bytes, which go into the store. The last line follows when all of them are
/// there.
///
/// # Errors
/// `Invalid` if the backup lacks bytes that its rows name or holds damaged ones, and what the store says.
pub fn unpack(lines: impl BufRead, mut out: impl Write, files: &Files, runtime: &Handle) -> Result<Told> {
    let (mut names, mut told) = (BTreeSet::new(), Told::default());
    for line in lines.lines() {
        let line = line.map_err(broken)?;
        if line.starts_with(BLOB) {
            let Packed { blob: name, base64 } = serde_json::from_str(&line).map_err(Error::internal)?;
            match base64 {
                Some(text) => keep(&text, &name, files, runtime)?,
                None => told.missing.push(format!("{} was not there when the backup was made", name.as_str())),
            }
            told.moved += 1;
            names.remove(&name);
            continue;
        }
        if line.starts_with(COUNTS) && !names.is_empty() {
            return Err(wrong(format!("{} files are not in this backup.", names.len())));
        }
        names.extend(stored(&line)?);
        writeln!(out, "{line}").map_err(broken)?;
    }
    out.flush().map_err(broken)?;
    Ok(told)
}

/// The bytes of one blob; none if the store had lost them already.
#[derive(Serialize, Deserialize)]
struct Packed {
    blob: BlobName,
    base64: Option<String>,
}

/// How the lines begin that are no rows.
const COUNTS: &str = r#"{"counts":"#;
const BLOB: &str = r#"{"blob":"#;

fn keep(text: &str, name: &BlobName, files: &Files, runtime: &Handle) -> Result<()> {
    let bytes = STANDARD.decode(text).ok().filter(|bytes| name.fits(bytes));
    let bytes = bytes.ok_or_else(|| wrong(format!("The bytes of {} are damaged.", name.as_str())))?;
    runtime.block_on(files.put(name, bytes))
}

/// The name of the blob of a row whose bytes are in the store.
fn stored(line: &str) -> Result<Option<BlobName>> {
    if !line.contains(r#""t":"blobs""#) {
        return Ok(None);
    }
    let line: Json = serde_json::from_str(line).map_err(Error::internal)?;
    let row = &line["r"];
    if line["t"] != "blobs" || !row["bytes"].is_null() {
        return Ok(None);
    }
    let id: Id<Blob> = row["id"].as_str().unwrap_or_default().parse()?;
    Ok(row["sha256"].as_str().map(|sha256| BlobName::of(sha256, &id)))
}

fn broken(error: io::Error) -> Error {
    Error::Busy(format!("The backup cannot be read or written: {error}."))
}

fn wrong(sentence: String) -> Error {
    Error::invalid("file", sentence)
}
