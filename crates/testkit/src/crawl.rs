//! Walks through the pages as somebody who clicks on everything.
use crate::{Answer, Client};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A page and what its address answered.
#[derive(Debug)]
pub struct Visit {
    pub path: String,
    pub answer: Answer,
}

/// Addresses that differ only in their query, such as the months of a calendar, have no end.
const QUERIES: usize = 3;

/// Gets every address that the pages link to, from `starts` on, and `most` of them at the most.
pub async fn crawl(client: &mut Client, starts: &[&str], most: usize) -> Vec<Visit> {
    let mut waiting: VecDeque<String> = starts.iter().map(|&start| start.to_owned()).collect();
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut queries: BTreeMap<String, usize> = BTreeMap::new();
    let mut visits = Vec::new();
    while let Some(path) = waiting.pop_front().filter(|_| visits.len() < most) {
        let answer = client.get(&path).await;
        for link in links(&answer) {
            let (plain, query) = link.split_once('?').unwrap_or((&link, ""));
            let asked = queries.entry(plain.to_owned()).or_default();
            if known.contains(&link) || (!query.is_empty() && *asked >= QUERIES) {
                continue;
            }
            *asked += usize::from(!query.is_empty());
            known.insert(link.clone());
            waiting.push_back(link);
        }
        visits.push(Visit { path, answer });
    }
    visits
}

fn links(answer: &Answer) -> Vec<String> {
    let text = answer.text();
    let linked = ["href=\"", "src=\"", "\"href\":\""].iter().flat_map(|start| text.split(start).skip(1));
    let targets = linked.filter_map(|rest| rest.split_once('"')).map(|(target, _)| target.replace("&amp;", "&"));
    let moved = answer.header("location").map(str::to_owned);
    let here = |target: &String| {
        target.starts_with('/')
            && !target.starts_with("//")
            && !target.starts_with("/assets/")
            && !target.starts_with("/live")
    };
    let whole = |target: String| target.split('#').next().unwrap_or_default().to_owned();
    targets.chain(moved).filter(here).map(whole).collect()
}

/// The text with everything left out that is made by chance: ids by the order in which they appear, and secrets.
pub fn without_chance(text: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut ids: Vec<&str> = Vec::new();
    let mut clean = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c| !is_word(c)) {
        let word = piece.trim_end_matches(|c| !is_word(c));
        match word.len() {
            43 => clean.push_str("(secret)"),
            _ => word.split_inclusive(['-', '_']).for_each(|part| push_part(part, &mut ids, &mut clean)),
        }
        clean.push_str(&piece[word.len()..]);
    }
    clean
}

fn push_part<'a>(part: &'a str, ids: &mut Vec<&'a str>, clean: &mut String) {
    if part.len() != 26 || !part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()) {
        return clean.push_str(part);
    }
    let place = ids.iter().position(|id| *id == part).unwrap_or(ids.len());
    if place == ids.len() {
        ids.push(part);
    }
    clean.push_str(&format!("(id {place})"));
}
