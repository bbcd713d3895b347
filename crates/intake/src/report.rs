//! What an import read, left out on purpose, and did not know.
use crate::Fields;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, fmt};

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// Nothing here knows it.
    Unknown,
    /// Known, and left out on purpose: links, pictures, names of people, what says the same twice.
    LeftOut,
    Read,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FieldCount {
    pub fate: Fate,
    /// How often it held something.
    pub count: u64,
    /// The first value, cut off after 60 characters.
    pub example: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KindCount {
    pub records: u64,
    pub fields: BTreeMap<String, FieldCount>,
}

/// Per kind of record and field; and the documents that are of no known kind.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    pub files: u64,
    pub kinds: BTreeMap<String, KindCount>,
    /// What is not a record of this system, with how often and where first.
    pub unrecognised: BTreeMap<String, (u64, String)>,
    /// Records that lack what they cannot do without, with how often and where first.
    pub incomplete: BTreeMap<String, (u64, String)>,
}

impl Report {
    /// Counts a record after it was read. `left_out` names fields: whole paths (then what is in them too, as one, which is read
    /// where a part of it is), `*end`, `start*` or `*part*`.
    pub fn add(&mut self, kind: &str, fields: &Fields<'_>, left_out: &[&str]) {
        let entry = self.kinds.entry(kind.to_owned()).or_default();
        entry.records += 1;
        fields.leaves(left_out, &mut |path, value| {
            let fate = match () {
                () if fields.was_read(path) || fields.was_read_within(path) => Fate::Read,
                () if left_out.iter().any(|pattern| covers(pattern, path)) => Fate::LeftOut,
                () => Fate::Unknown,
            };
            match entry.fields.get_mut(path) {
                Some(field) => (field.count, field.fate) = (field.count + 1, field.fate.max(fate)),
                None => {
                    entry.fields.insert(path.to_owned(), FieldCount { fate, count: 1, example: example(value) });
                }
            }
        });
    }

    /// Counts records of which nothing but the number matters.
    pub fn count(&mut self, kind: &str, records: u64) {
        self.kinds.entry(kind.to_owned()).or_default().records += records;
    }

    pub fn unrecognised(&mut self, what: &str, at: impl fmt::Display) {
        self.unrecognised.entry(what.to_owned()).or_insert_with(|| (0, at.to_string())).0 += 1;
    }

    pub fn incomplete(&mut self, why: &str, at: impl fmt::Display) {
        self.incomplete.entry(why.to_owned()).or_insert_with(|| (0, at.to_string())).0 += 1;
    }

    pub fn records(&self, kind: &str) -> u64 {
        self.kinds.get(kind).map_or(0, |kind| kind.records)
    }

    /// Adds what another report counted.
    pub fn merge(&mut self, other: Report) {
        self.files += other.files;
        for (name, kind) in other.kinds {
            let entry = self.kinds.entry(name).or_default();
            entry.records += kind.records;
            for (path, field) in kind.fields {
                let known = entry.fields.entry(path).or_insert(FieldCount { count: 0, ..field.clone() });
                (known.count, known.fate) = (known.count + field.count, known.fate.max(field.fate));
            }
        }
        for (into, from) in [(&mut self.unrecognised, other.unrecognised), (&mut self.incomplete, other.incomplete)] {
            for (what, (count, first)) in from {
                into.entry(what).or_insert((0, first)).0 += count;
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, kind) in &self.kinds {
            let count = |fate| kind.fields.values().filter(|field| field.fate == fate).count();
            let (read, left, unknown) = (count(Fate::Read), count(Fate::LeftOut), count(Fate::Unknown));
            writeln!(f, "{name}: {} read. Fields: {read} read, {left} left out, {unknown} unknown.", kind.records)?;
            for (fate, word) in [(Fate::LeftOut, "left out"), (Fate::Unknown, "unknown")] {
                for (path, field) in kind.fields.iter().filter(|(_, field)| field.fate == fate) {
                    writeln!(f, "  {word:8}  {path} ({} times), such as {}", field.count, field.example)?;
                }
            }
        }
        for (what, (count, first)) in &self.incomplete {
            writeln!(f, "{count} incomplete: {what}, first at {first}")?;
        }
        for (what, (count, first)) in &self.unrecognised {
            writeln!(f, "{count} not recognised: {what}, first at {first}")?;
        }
        Ok(())
    }
}

/// Whether a pattern names a field or what is around it.
pub(crate) fn covers(pattern: &str, path: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => path.contains(pattern.trim_matches('*')),
        (Some(end), None) => path.ends_with(end),
        (None, Some(start)) => path.starts_with(start),
        (None, None) => path.strip_prefix(pattern).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])),
    }
}

fn example(value: &Value) -> String {
    let text = match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests;
