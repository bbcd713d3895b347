//! The histories of the directories: CSVs of finish dates, and archives of issues and pull requests.
use flate2::read::GzDecoder;
use forecast::History;
use jiff::civil::Date;
use serde_json::Value;
use std::{
    error::Error,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

/// Fewer finishes make no history to test with.
const LEAST: usize = 100;

pub struct Named {
    pub name: String,
    pub history: History,
}

/// Every history in the folders and below, by name: `.csv` files with a finish date a line, `.jsonl.gz` files of Jira
/// issues with a `resolutiondate`, and `.json.gz` archives of GitHub pull requests with `mergedAt`. A file that cannot be
/// read is left out with a sentence on standard error, and so is, silently, one with fewer than [`LEAST`] finishes.
pub fn read(folders: &[String]) -> Vec<Named> {
    let mut files = Vec::new();
    for folder in folders {
        collect(Path::new(folder), &mut files);
    }
    files.sort_by_key(|path| path.file_name().map(ToOwned::to_owned));
    files.iter().filter_map(|path| named(path)).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

fn named(path: &Path) -> Option<Named> {
    let file = path.file_name()?.to_string_lossy().into_owned();
    let dates = match file.split_once('.')?.1 {
        "csv" => from_csv(path),
        "jsonl.gz" => from_issues(path),
        "json.gz" => from_pulls(path),
        _ => return None,
    };
    let name = path.strip_prefix(path.parent()?.parent()?).ok()?.display().to_string();
    match dates {
        Ok(dates) if dates.len() < LEAST => None,
        Ok(dates) => Some(Named { name, history: History::new(dates)? }),
        Err(error) => {
            eprintln!("{name}: {error}");
            None
        }
    }
}

/// Nothing, if the file has several columns or its head holds no date: then it is about something else.
fn from_csv(path: &Path) -> Result<Vec<Date>, Box<dyn Error>> {
    let text = fs::read_to_string(path)?;
    let is_dated = |line: &str| forecast::finishes(line).is_ok_and(|dates| !dates.is_empty());
    let mut head = text.lines().take(2);
    let is_history = !head.clone().any(|line| line.contains(',')) && head.any(is_dated);
    if is_history { Ok(forecast::finishes(&text)?) } else { Ok(Vec::new()) }
}

fn from_issues(path: &Path) -> Result<Vec<Date>, Box<dyn Error>> {
    let text = unpacked(path)?;
    let issues = text.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<Value>, _>>()?;
    dates(issues.iter().map(|issue| &issue["fields"]["resolutiondate"]))
}

fn from_pulls(path: &Path) -> Result<Vec<Date>, Box<dyn Error>> {
    let archive: Value = serde_json::from_str(&unpacked(path)?)?;
    dates(archive["pulls"].as_array().into_iter().flatten().map(|pull| &pull["mergedAt"]))
}

fn dates<'a>(values: impl Iterator<Item = &'a Value>) -> Result<Vec<Date>, Box<dyn Error>> {
    let lines: Vec<&str> = values.filter_map(Value::as_str).collect();
    Ok(forecast::finishes(&lines.join("\n"))?)
}

fn unpacked(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}
