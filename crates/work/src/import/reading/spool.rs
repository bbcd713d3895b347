//! What was read, in a temporary file: an issue and its history may stand far apart, and not all of it fits into memory.
use intake::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
};
use trackers::{Change, Comment, History, Issue, IssueName};

/// What the files say of an issue apart from it.
#[derive(Serialize, Deserialize)]
pub enum More {
    Changes(Vec<Change>),
    Comments(Vec<Comment>),
}

/// Where something is in the file.
#[derive(Clone, Copy)]
struct Piece {
    from: u64,
    length: usize,
}

/// An issue as the list of them needs it.
pub struct Entry {
    pub key: String,
    pub project: String,
    pub rank: Option<String>,
    /// How much of it is newer and more than another one of the same id.
    weight: (Option<Timestamp>, usize),
    issue: Piece,
    more: Vec<Piece>,
}

pub struct Spool {
    file: BufWriter<File>,
    end: u64,
    pub entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
    loose: Vec<(IssueName, Piece)>,
}

impl Spool {
    pub fn new() -> Result<Spool> {
        let file = BufWriter::with_capacity(1 << 20, tempfile::tempfile().map_err(|error| told(&error))?);
        Ok(Spool { file, end: 0, entries: Vec::new(), by_id: HashMap::new(), loose: Vec::new() })
    }

    /// Of an issue that comes twice the newer one is kept, else that with more of its past. Returns whether it is new.
    pub fn issue(&mut self, issue: &Issue, project: &str) -> Result<bool> {
        let weight = (issue.updated_at, issue.changes.len() + issue.comments.len());
        let known = self.by_id.get(&issue.id).copied();
        if known.is_some_and(|at| self.entries[at].weight >= weight) {
            return Ok(false);
        }
        let (key, rank) = (issue.key.clone(), issue.rank.clone());
        let piece = self.write(issue)?;
        let entry = Entry { key, project: project.to_owned(), rank, weight, issue: piece, more: Vec::new() };
        match known {
            Some(at) => self.entries[at] = entry,
            None => {
                self.by_id.insert(issue.id.clone(), self.entries.len());
                self.entries.push(entry);
            }
        }
        Ok(known.is_none())
    }

    pub fn more(&mut self, issue: IssueName, more: &More) -> Result<()> {
        let piece = self.write(more)?;
        self.loose.push((issue, piece));
        Ok(())
    }

    /// Brings together what belongs together, and the issues into their order: by project, then by rank, then as they
    /// stood in the files. Returns the names of issues that are not there.
    pub fn settle(&mut self) -> Result<Vec<String>> {
        self.file.flush().map_err(|error| told(&error))?;
        let by_key: HashMap<String, usize> =
            self.entries.iter().enumerate().map(|(at, entry)| (entry.key.clone(), at)).collect();
        let mut missing = Vec::new();
        for (name, piece) in std::mem::take(&mut self.loose) {
            let by_id = name.id.as_ref().and_then(|id| self.by_id.get(id));
            match by_id.or_else(|| by_key.get(name.key.as_ref()?)) {
                Some(at) => self.entries[*at].more.push(piece),
                None => missing.extend(name.key.or(name.id)),
            }
        }
        self.by_id.clear();
        self.entries
            .sort_by(|a, b| (&a.project, a.rank.is_none(), &a.rank).cmp(&(&b.project, b.rank.is_none(), &b.rank)));
        Ok(missing)
    }

    /// An issue with everything that the files say of it.
    pub fn read(&mut self, at: usize) -> Result<Issue> {
        let (piece, more) = (self.entries[at].issue, self.entries[at].more.clone());
        let mut issue: Issue = self.piece(piece)?;
        for piece in more {
            match self.piece(piece)? {
                More::Changes(changes) => add_changes(&mut issue, changes),
                More::Comments(comments) => add_comments(&mut issue, comments),
            }
        }
        Ok(issue)
    }

    fn write(&mut self, what: &impl Serialize) -> Result<Piece> {
        let text = serde_json::to_vec(what).map_err(|error| told(&error))?;
        self.file.write_all(&text).map_err(|error| told(&error))?;
        let piece = Piece { from: self.end, length: text.len() };
        self.end += text.len() as u64;
        Ok(piece)
    }

    fn piece<T: DeserializeOwned>(&mut self, piece: Piece) -> Result<T> {
        let mut text = vec![0; piece.length];
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(piece.from)).map_err(|error| told(&error))?;
        file.read_exact(&mut text).map_err(|error| told(&error))?;
        serde_json::from_slice(&text).map_err(|error| told(&error))
    }
}

fn add_changes(issue: &mut Issue, changes: Vec<Change>) {
    let name = |one: &Change| match &one.id {
        Some(id) => format!("{id} {:?}", one.field),
        None => format!("{one:?}"),
    };
    let mut known: HashSet<String> = issue.changes.iter().map(name).collect();
    issue.changes.extend(changes.into_iter().filter(|one| known.insert(name(one))));
    issue.changes.sort_by_key(|change| change.at);
    issue.history = History::Whole;
}

fn add_comments(issue: &mut Issue, comments: Vec<Comment>) {
    let mut known: HashSet<String> = issue.comments.iter().filter_map(|one| one.id.clone()).collect();
    issue.comments.extend(comments.into_iter().filter(|one| one.id.clone().is_none_or(|id| known.insert(id))));
}

fn told(error: &dyn std::fmt::Display) -> Error {
    Error::new("a temporary file", error.to_string())
}
