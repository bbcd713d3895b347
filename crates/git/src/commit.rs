use crate::{Error, Links, Result};
use std::fmt;

/// The name of an object: 40 or 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(Box<str>);

impl ObjectId {
    pub fn parse(text: &str) -> Result<ObjectId> {
        let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        match text.len() {
            40 | 64 if hex => Ok(ObjectId(text.into())),
            _ => Err(Error::Unreadable(format!("`{}` is no name of an object", text.escape_debug()))),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One commit, with what it changed against its first parent. A merge lists no changes: they are those of the commits
/// that it joins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    pub id: ObjectId,
    pub parents: Vec<ObjectId>,
    pub author: Signature,
    pub committer: Signature,
    /// The first line of the message, at most 500 characters.
    pub subject: String,
    /// What the message says about other commits, people and pull requests.
    pub links: Links,
    pub changes: Vec<Change>,
}

impl Commit {
    pub fn is_merge(&self) -> bool {
        self.parents.len() > 1
    }
}

/// Who, by the repository's mailmap, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    pub name: String,
    pub mail: String,
    /// The mailmap gave another name or address than the commit holds.
    pub mapped: bool,
    /// Seconds since 1970 in UTC. `git` stores no instant before 1970 and shows such a one as 0.
    pub at: i64,
    /// Minutes by which the clock on the wall was ahead of UTC.
    pub offset: i32,
}

/// What a commit did to one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: String,
    pub renamed_from: Option<String>,
    pub lines: Lines,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    Counted {
        added: u64,
        deleted: u64,
    },
    /// The file is no text.
    Binary,
    /// The contents are not in this clone.
    Unknown,
}

impl Lines {
    pub fn added(self) -> u64 {
        if let Lines::Counted { added, .. } = self { added } else { 0 }
    }

    pub fn deleted(self) -> u64 {
        if let Lines::Counted { deleted, .. } = self { deleted } else { 0 }
    }
}
