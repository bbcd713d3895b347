mod jira;
mod linear;
mod markup;
mod shortcut;

use crate::*;
use std::{fs, path::PathBuf};

/// What is read from files with these names and contents, and the report.
fn read_texts(system: System, files: &[(&str, String)]) -> Result<(Vec<Record>, Report)> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    read_all(system, &[folder.path().to_path_buf()])
}

fn read_all(system: System, paths: &[PathBuf]) -> Result<(Vec<Record>, Report)> {
    let mut records = Vec::new();
    let report = read(system, paths, &mut |record| {
        records.push(record);
        Ok(())
    })?;
    Ok((records, report))
}

fn issues(records: &[Record]) -> Vec<&Issue> {
    fn issue(record: &Record) -> Option<&Issue> {
        match record {
            Record::Issue(issue) => Some(issue),
            _ => None,
        }
    }
    records.iter().filter_map(issue).collect()
}

/// Recorded payloads beside the repository, if they are there.
fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    if !path.exists() {
        println!("skipped: ../shared/data/{folder} is not there");
    }
    path.exists().then_some(path)
}
