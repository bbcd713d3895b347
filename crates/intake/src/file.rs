//! The files of an import, one after the other.
use crate::{Error, Limits, Result};
use flate2::read::MultiGzDecoder;
use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// A file, unpacked.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    /// Without a byte order mark, in UTF-8 where it was UTF-16.
    pub bytes: Vec<u8>,
}

impl File {
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> File {
        File { name: name.into(), bytes: bytes.into() }
    }

    /// Reads a file, unpacking gzip by its content.
    pub fn read(path: &Path, limits: &Limits) -> Result<File> {
        let name = path.display().to_string();
        let cannot = |error: std::io::Error| Error::new(&name, format!("cannot be read: {error}"));
        let packed = take(fs::File::open(path).map_err(cannot)?, limits, &name)?;
        let bytes = match packed.starts_with(&[0x1f, 0x8b]) {
            true => take(MultiGzDecoder::new(&packed[..]), limits, &name)?,
            false => packed,
        };
        Ok(File { bytes: decoded(bytes), name })
    }
}

/// The paths of all files, in the order of their names within each folder; hidden ones are passed over.
pub fn files(given: &[PathBuf], limits: &Limits) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in given {
        walk(path, &mut BTreeSet::new(), &mut found, limits)?;
    }
    Ok(found)
}

/// `above` are the folders on the way here, so that a link to one of them does not lead round in circles.
fn walk(path: &Path, above: &mut BTreeSet<PathBuf>, found: &mut Vec<PathBuf>, limits: &Limits) -> Result<()> {
    let name = path.display().to_string();
    let cannot = |error: std::io::Error| Error::new(&name, format!("cannot be read: {error}"));
    let about = fs::metadata(path).map_err(cannot)?;
    if about.is_dir() {
        let real = path.canonicalize().map_err(cannot)?;
        if !above.insert(real.clone()) {
            return Ok(());
        }
        let entries = fs::read_dir(path).map_err(cannot)?.collect::<Result<Vec<_>, _>>().map_err(cannot)?;
        let hidden = |entry: &fs::DirEntry| entry.file_name().as_encoded_bytes().starts_with(b".");
        let mut inside: Vec<PathBuf> = entries.iter().filter(|entry| !hidden(entry)).map(fs::DirEntry::path).collect();
        inside.sort();
        for one in inside {
            walk(&one, above, found, limits)?;
        }
        above.remove(&real);
    } else if about.is_file() {
        found.push(path.to_owned());
        if found.len() > limits.files {
            return Err(Error::new(&name, format!("is one file too many; at most {} are read at once", limits.files)));
        }
    }
    Ok(())
}

fn take(source: impl Read, limits: &Limits, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = source.take(limits.bytes + 1).read_to_end(&mut bytes);
    read.map_err(|error| Error::new(name, format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > limits.bytes {
        return Err(Error::new(name, format!("is larger than {} MB", limits.bytes >> 20)));
    }
    Ok(bytes)
}

fn decoded(bytes: Vec<u8>) -> Vec<u8> {
    let wide = |units: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = units.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units).into_bytes()
    };
    match &bytes[..] {
        [0xef, 0xbb, 0xbf, rest @ ..] => rest.to_vec(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => bytes,
    }
}

#[cfg(test)]
mod tests;
