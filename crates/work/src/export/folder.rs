//! Issues, sprints and teams as Markdown with front matter, which is YAML of one JSON value a line. What is written is read back
//! the same.
use super::ExchangedTeam;
use crate::import::{Incoming, IncomingSprint};
use kernel::Json;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use std::fmt::Write;

/// Fields by which a reader finds an issue stand first; the others follow by their names.
const FIRST: [&str; 20] = [
    "key",
    "number",
    "name",
    "goal",
    "days",
    "title",
    "state",
    "assignee",
    "creator",
    "priority",
    "estimate",
    "due_on",
    "labels",
    "shared_labels",
    "parent",
    "relations",
    "former_keys",
    "holds",
    "commitment",
    "changes",
];

/// The file of an issue of the team that has this key.
pub fn issue(issue: &Incoming) -> serde_json::Result<String> {
    let mut fields = object(issue)?;
    // It is the key, as this is how a Cairn names an issue to another one.
    fields.remove("source_id");
    let body = fields.remove("body");
    Ok(file(fields, body.as_ref().and_then(Value::as_str).unwrap_or_default()))
}

/// The file of a team.
pub fn team(team: &ExchangedTeam) -> serde_json::Result<String> {
    Ok(file(object(team)?, ""))
}

/// The file of a sprint of the team in whose folder it stands.
pub fn sprint(sprint: &IncomingSprint) -> serde_json::Result<String> {
    let mut fields = object(sprint)?;
    fields.remove("source_id");
    fields.retain(|_, value| !value.is_null() && !value.as_array().is_some_and(Vec::is_empty));
    let body = fields.remove("body");
    Ok(file(fields, body.as_ref().and_then(Value::as_str).unwrap_or_default()))
}

/// # Errors
/// A sentence without its full stop, and the line that it is about.
pub fn read_issue(text: &str) -> Result<Incoming, (usize, String)> {
    let (mut fields, body) = parsed(text)?;
    if let Some(key) = fields.get("key").cloned() {
        fields.insert("source_id".to_owned(), key);
    }
    fields.insert("body".to_owned(), Value::String(body.to_owned()));
    built(fields)
}

/// # Errors
/// As of [`read_issue`].
pub fn read_team(text: &str) -> Result<ExchangedTeam, (usize, String)> {
    built(parsed(text)?.0)
}

/// # Errors
/// As of [`read_issue`].
pub fn read_sprint(text: &str) -> Result<IncomingSprint, (usize, String)> {
    let (mut fields, body) = parsed(text)?;
    if let Some(number) = fields.get("number").map(ToString::to_string) {
        fields.insert("source_id".to_owned(), Value::String(number));
    }
    fields.insert("body".to_owned(), Value::String(body.to_owned()));
    built(fields)
}

fn object(what: &impl Serialize) -> serde_json::Result<Map<String, Json>> {
    match serde_json::to_value(what)? {
        Value::Object(fields) => Ok(fields),
        _ => Ok(Map::new()),
    }
}

fn file(mut fields: Map<String, Json>, body: &str) -> String {
    let mut text = String::from("---\n");
    for name in FIRST {
        if let Some(value) = fields.remove(name) {
            field(&mut text, name, &value);
        }
    }
    fields.iter().for_each(|(name, value)| field(&mut text, name, value));
    text.push_str("---\n");
    if !body.is_empty() {
        text.push('\n');
        text.push_str(body);
        text.push('\n');
    }
    text
}

/// Lists of objects have a line for each.
fn field(text: &mut String, name: &str, value: &Json) {
    let lines = value.as_array().filter(|list| list.first().is_some_and(Value::is_object));
    let _ = match lines {
        Some(list) => {
            let _ = writeln!(text, "{name}:");
            list.iter().try_for_each(|one| writeln!(text, "  - {one}"))
        }
        None => writeln!(text, "{name}: {value}"),
    };
}

type Parsed<'t> = (Map<String, Json>, &'t str);

fn parsed(text: &str) -> Result<Parsed<'_>, (usize, String)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (first, mut rest) = text.split_once('\n').unwrap_or((text, ""));
    if first.trim_end() != "---" {
        return Err((1, "a file of an issue begins with the line `---`".to_owned()));
    }
    let (mut fields, mut list): (Map<String, Json>, Option<String>) = (Map::new(), None);
    for number in 2.. {
        if rest.is_empty() {
            return Err((number, "the line `---` that ends the fields is missing".to_owned()));
        }
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        rest = after;
        let line = line.trim_end_matches('\r');
        match (line, line.strip_prefix("  - "), line.split_once(':')) {
            ("---", ..) => break,
            (_, Some(item), _) => {
                let name = list.as_ref().ok_or((number, "this line belongs to no list".to_owned()))?;
                let item = serde_json::from_str(item).map_err(|error| (number, error.to_string()))?;
                if let Some(Value::Array(all)) = fields.get_mut(name) {
                    all.push(item);
                }
            }
            (_, _, Some((name, value))) => {
                list = value.trim().is_empty().then(|| name.to_owned());
                let value = if list.is_some() { Value::Array(Vec::new()) } else { scalar(value.trim()) };
                if fields.insert(name.to_owned(), value).is_some() {
                    return Err((number, format!("`{name}` stands here twice")));
                }
            }
            _ => return Err((number, "write a field as `name: value`".to_owned())),
        }
    }
    let body = rest.strip_prefix('\n').unwrap_or(rest);
    Ok((fields, body.strip_suffix('\n').unwrap_or(body)))
}

/// JSON, else the text as it stands, as people write it.
fn scalar(text: &str) -> Json {
    serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
}

fn built<T: DeserializeOwned>(fields: Map<String, Json>) -> Result<T, (usize, String)> {
    serde_json::from_value(Value::Object(fields))
        .map_err(|error| (1, error.to_string().trim_end_matches('.').to_owned()))
}

#[cfg(test)]
mod tests;
