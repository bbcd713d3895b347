//! A file as it was brought: read within limits, and what it would become.
use crate::import::{
    IncomingState, Somebody, Tracker,
    reading::{Mapping, Reading},
};
use intake::{Report, stream::Limits};
use kernel::{Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{MAIN_SEPARATOR, Path},
};

/// In bytes, as it is brought.
pub const LARGEST: usize = 20 << 20;

/// Unpacked, on a page; the command line reads more.
fn limits() -> Limits {
    Limits { document: 32 << 20, parts: 2_000_000, expanded: 128 << 20, files: 10_000 }
}

/// What a file holds and would become, by the rules that hold without a choice.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    pub issues: u64,
    pub comments: u64,
    pub sprints: u64,
    /// Those that have issues.
    pub projects: Vec<Project>,
    pub people: Vec<Somebody>,
    /// In which issues of a project are now, by its key.
    pub states: BTreeMap<String, Vec<IncomingState>>,
    #[schemars(with = "kernel::Json")]
    pub report: Report,
}

#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Project {
    pub key: String,
    /// Its key where it has no name.
    pub name: String,
    pub issues: u64,
}

/// Reads a file, with the name that it has where it came from.
///
/// # Errors
/// `Invalid` for the first thing that cannot be read, with its place.
pub fn read(source: Tracker, name: &str, bytes: &[u8], mapping: Mapping) -> Result<Reading> {
    let folder = tempfile::tempdir().map_err(Error::internal)?;
    let path = folder.path().join(plain(name));
    fs::write(&path, bytes).map_err(Error::internal)?;
    let read = Reading::within(source, &[path], mapping, &limits(), &mut |_| {});
    let mut reading = read.map_err(|error| unreadable(&error, folder.path()))?;
    let Report { unrecognised, incomplete, .. } = &mut reading.report;
    for (_, first) in unrecognised.values_mut().chain(incomplete.values_mut()) {
        *first = without(first, folder.path());
    }
    Ok(reading)
}

impl Summary {
    /// # Errors
    /// `Invalid` where there is no issue in it.
    pub fn of(mut reading: Reading) -> Result<Summary> {
        if reading.issues() == 0 {
            return Err(Error::invalid("file", nothing(&reading)));
        }
        let mut comments = 0;
        while let Some((_, issues)) = reading.bunch().map_err(Error::internal)? {
            comments += issues.iter().map(|issue| issue.notes.len() as u64).sum::<u64>();
        }
        let named = |key: &str, name: &str| if name.is_empty() { key.to_owned() } else { name.to_owned() };
        let projects: Vec<Project> = reading
            .projects
            .iter()
            .filter(|(_, (_, issues))| *issues > 0)
            .map(|(key, (name, issues))| Project { key: key.clone(), name: named(key, name), issues: *issues })
            .collect();
        let keys: BTreeSet<&str> = projects.iter().map(|one| one.key.as_str()).collect();
        let sprints = reading.sprints(&keys).len() as u64;
        let states = projects.iter().map(|one| (one.key.clone(), reading.states(&one.key))).collect();
        Ok(Summary {
            issues: reading.issues() as u64,
            comments,
            sprints,
            states,
            people: reading.people,
            report: reading.report,
            projects,
        })
    }
}

fn nothing(reading: &Reading) -> String {
    let first = reading.report.unrecognised.iter().next();
    let first =
        first.map(|(what, (_, at))| format!(" What stands there first is {what}, at {at}.")).unwrap_or_default();
    format!("There is no issue of {} in this file.{first}", reading.source.title())
}

/// The name as a label in messages, and for its ending, which says what a file is.
fn plain(name: &str) -> String {
    let allowed = |c: char| if c.is_alphanumeric() || " ._-()".contains(c) { c } else { '_' };
    let name: String = name.chars().map(allowed).collect();
    let name = name.trim_start_matches(['.', ' ']);
    let from = name.char_indices().rev().take(60).last().map_or(0, |(at, _)| at);
    match &name[from..] {
        "" => "file".to_owned(),
        name => name.to_owned(),
    }
}

fn unreadable(error: &intake::Error, folder: &Path) -> Error {
    Error::invalid("file", without(&error.to_string(), folder))
}

fn without(text: &str, folder: &Path) -> String {
    text.replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), "")
}
