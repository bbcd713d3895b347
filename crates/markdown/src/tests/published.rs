//! Published collections of payloads, read where they stand beside the repository.

use std::collections::HashSet;
use std::fs;

use super::checker::check;
use super::{html, shared};

const SOURCES: [&str; 4] =
    ["cure53-DOMPurify", "swisskyrepo-PayloadsAllTheThings", "payloadbox-xss-payload-list", "npm-blns"];

/// Each payload as a text, and where Markdown would take an attacker's words.
#[test]
fn no_published_payload_gets_through() {
    let mut seen = HashSet::new();
    for source in SOURCES {
        let payloads = payloads(source);
        eprintln!("{source}: {} payloads", payloads.len());
        for payload in payloads.into_iter().filter(|payload| seen.insert(payload.clone())) {
            check(&html(&payload));
            check(&html(&format!(
                "a *{payload}* b\n\n[x]({payload} \"{payload}\") ![{payload}](/files/x)\n\n> - {payload}"
            )));
        }
    }
    eprintln!("{} different payloads", seen.len());
}

/// The payloads of a source: lists of strings in JSON, and lines of text. None where the data is not there.
fn payloads(source: &str) -> Vec<String> {
    let Some(folder) = shared(&format!("xss/{source}")) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
        if path.extension().is_some_and(|extension| extension == "json") {
            found.extend(serde_json::from_str::<Vec<String>>(&text).unwrap());
        } else {
            found.extend(text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned));
        }
    }
    assert!(found.len() >= 100, "{source} has only {} payloads", found.len());
    found
}
