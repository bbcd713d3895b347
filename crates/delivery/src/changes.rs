//! The changed paths of one commit in a few bytes each, so that a hundred thousand commits stay small.
//!
//! A change is a number `path * 4 + flags`, then for a rename (flag 1) the number of the old path, and unless the lines
//! are not known (flag 2) the lines added and deleted. Numbers are LEB128: seven bits a byte, the low ones first.
use kernel::{Error, Result};

/// What a commit did to one path, by the number that the path has in its repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: u64,
    pub renamed_from: Option<u64>,
    /// Lines added and deleted; nothing for a file that is no text.
    pub lines: Option<(u64, u64)>,
}

const RENAMED: u64 = 1;
const UNCOUNTED: u64 = 2;

pub fn encode(changes: impl IntoIterator<Item = Change>) -> Vec<u8> {
    let mut out = Vec::new();
    for change in changes {
        let renamed = if change.renamed_from.is_some() { RENAMED } else { 0 };
        let uncounted = if change.lines.is_none() { UNCOUNTED } else { 0 };
        push(&mut out, change.path << 2 | renamed | uncounted);
        change.renamed_from.into_iter().for_each(|old| push(&mut out, old));
        change.lines.into_iter().for_each(|(added, deleted)| {
            push(&mut out, added);
            push(&mut out, deleted);
        });
    }
    out
}

pub fn decode(mut bytes: &[u8]) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    while !bytes.is_empty() {
        let head = pull(&mut bytes)?;
        let renamed_from = if head & RENAMED > 0 { Some(pull(&mut bytes)?) } else { None };
        let lines = if head & UNCOUNTED > 0 { None } else { Some((pull(&mut bytes)?, pull(&mut bytes)?)) };
        changes.push(Change { path: head >> 2, renamed_from, lines });
    }
    Ok(changes)
}

fn push(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn pull(bytes: &mut &[u8]) -> Result<u64> {
    let (mut number, mut shift) = (0u64, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(number);
        }
        shift += 7;
        if shift > 63 {
            break;
        }
    }
    Err(Error::internal("the changes of a commit are damaged"))
}

#[cfg(test)]
mod tests;
