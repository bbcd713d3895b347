//! How fast a large dump is read: makes one of Jira with many changes in a temporary folder, and reads it. With a name it
//! only writes the dump there, for `cairn import jira`.
//!
//!     cargo run --release -p trackers --example speed -- 50000 10 [dump.json]
use serde_json::{Value, json};
use std::{env, fs::File, io::Write, path::Path, time::Instant};
use trackers::{Record, System};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let texts: Vec<String> = env::args().skip(1).collect();
    let numbers: Vec<usize> = texts.iter().take(2).map(|text| text.parse()).collect::<Result<_, _>>()?;
    let (issues, changes) = (*numbers.first().unwrap_or(&50_000), *numbers.get(1).unwrap_or(&10));
    if let Some(name) = texts.get(2) {
        return Ok(dump(Path::new(name), issues, changes)?);
    }
    let path = env::temp_dir().join(format!("trackers-speed-{}.json", std::process::id()));
    dump(&path, issues, changes)?;
    let bytes = path.metadata()?.len();
    let (start, mut read, mut changed) = (Instant::now(), 0, 0);
    let outcome = trackers::read(System::Jira, std::slice::from_ref(&path), &mut |record| {
        if let Record::Issue(issue) = record {
            (read, changed) = (read + 1, changed + issue.changes.len());
        }
        Ok(())
    });
    std::fs::remove_file(&path)?;
    outcome?;
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default().to_owned();
    println!(
        "{read} issues, {changed} changes, {} MB in {:.1} s; {memory}",
        bytes >> 20,
        start.elapsed().as_secs_f64()
    );
    Ok(())
}

fn dump(path: &Path, issues: usize, changes: usize) -> std::io::Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    write!(file, "{{\"issues\":[")?;
    for number in 0..issues {
        write!(file, "{}{}", if number == 0 { "" } else { "," }, issue(number, changes))?;
    }
    write!(file, "]}}")?;
    file.flush()
}

fn issue(number: usize, changes: usize) -> Value {
    let person = json!({"self": "https://host/rest/api/3/user?accountId=5", "accountId": "5b10ac8d82e05b22cc7d4ef5", "displayName": "Ada", "emailAddress": "ada@example.org",
        "avatarUrls": {"16x16": "https://host/16", "24x24": "https://host/24", "32x32": "https://host/32", "48x48": "https://host/48"}, "active": true, "timeZone": "Europe/Berlin"});
    let history = |at: usize| {
        json!({"id": (number * 1000 + at).to_string(), "author": person,
        "created": format!("2024-{:02}-{:02}T10:00:00.000+0100", 1 + at % 12, 1 + at % 28),
        "items": [{"field": "status", "fieldtype": "jira", "fieldId": "status", "from": "1", "fromString": "Open", "to": "3", "toString": "In progress"}]})
    };
    let histories: Vec<Value> = (0..changes).map(history).collect();
    let empty: serde_json::Map<String, Value> = (0..60).map(|at| (format!("customfield_{at}"), Value::Null)).collect();
    let mut fields = json!({"summary": format!("Issue {number}"), "description": "Some *words* and {{code}}.\n".repeat(10),
        "status": {"id": "3", "name": "In progress", "statusCategory": {"id": 4, "key": "indeterminate"}}, "assignee": person, "reporter": person, "creator": person,
        "created": "2024-01-01T10:00:00.000+0100", "updated": "2024-12-01T10:00:00.000+0100", "labels": ["one", "two"]});
    fields.as_object_mut().expect("it is an object").extend(empty);
    json!({"id": number.to_string(), "key": format!("A-{number}"), "fields": fields, "changelog": {"total": changes, "histories": histories}})
}
