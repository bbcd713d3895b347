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
    let here = |target: &String| target.starts_with('/') && !target.starts_with("//") && !target.starts_with("/assets/");
    let whole = |target: String| target.split('#').next().unwrap_or_default().to_owned();
    targets.chain(moved).filter(here).map(whole).collect()
}

/// The text with everything left out that is made by chance: ids by the order in which they appear, and secrets.
pub fn without_chance(text: &str) -> String {
    let mut ids: Vec<&str> = Vec::new();
    let mut clean = String::with_capacity(text.len());
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        match word.len() {
            26 if word.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                let place = ids.iter().position(|id| *id == word).unwrap_or(ids.len());
                if place == ids.len() {
                    ids.push(word);
                }
                clean.push_str(&format!("(id {place})"));
            }
            43 => clean.push_str("(secret)"),
            _ => clean.push_str(word),
        }
        let gap = after.find(is_word).unwrap_or(after.len());
        clean.push_str(&after[..gap]);
        rest = &after[gap..];
    }
    clean
}
