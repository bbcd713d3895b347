use crate::{Phase, Sprint};
use intake::instant;
use serde_json::Value;

/// The sprints in a field, in any of its three shapes: a list of objects, one object, or texts such as
/// `com.atlassian.greenhopper.service.sprint.Sprint@1f[id=1,state=CLOSED,name=One,…]`.
pub fn sprints(value: &Value) -> Vec<Sprint> {
    match value {
        Value::Array(all) => all.iter().filter_map(sprint).collect(),
        one => sprint(one).into_iter().collect(),
    }
}

pub fn sprint(value: &Value) -> Option<Sprint> {
    match value {
        Value::String(text) => from_text(text),
        Value::Object(_) if is_sprint(value) => from_object(value),
        _ => None,
    }
}

/// Whether a value is a sprint, so that the field is known without the list of fields.
pub fn is_sprint(value: &Value) -> bool {
    match value {
        Value::String(text) => inside(text).is_some(),
        Value::Object(fields) => {
            let has = |name: &str| fields.contains_key(name);
            has("id")
                && has("name")
                && has("state")
                && ["boardId", "originBoardId", "startDate", "goal"].iter().any(|name| has(name))
        }
        _ => false,
    }
}

fn from_object(value: &Value) -> Option<Sprint> {
    let text = |name: &str| value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let number = |name: &str| value.get(name).filter(|value| value.is_i64() || value.is_string());
    let plain = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let at = |name: &str| value.get(name).and_then(instant);
    Some(Sprint {
        id: number("id").map(plain)?,
        name: text("name")?.to_owned(),
        phase: text("state").and_then(phase),
        goal: text("goal").map(str::to_owned),
        starts_at: at("startDate"),
        ends_at: at("endDate"),
        closed_at: at("completeDate"),
        of: ["boardId", "originBoardId"].iter().filter_map(|name| number(name)).map(plain).take(1).collect(),
    })
}

/// The keys of the text; a version of Jira leaves some out, and their order differs.
const KEYS: &[&str] = &[
    "id",
    "rapidViewId",
    "state",
    "name",
    "goal",
    "startDate",
    "endDate",
    "completeDate",
    "activatedDate",
    "sequence",
    "synced",
    "autoStartStop",
    "incompleteIssuesDestinationId",
];

fn from_text(text: &str) -> Option<Sprint> {
    let inside = inside(text)?;
    let all = pairs(inside);
    let get = |key: &str| all.iter().find(|(name, _)| *name == key).map(|(_, value)| *value);
    let given = |key: &str| get(key).filter(|value| !value.is_empty() && *value != "<null>");
    let at = |key: &str| given(key).and_then(|value| instant(&Value::from(value)));
    Some(Sprint {
        id: given("id")?.to_owned(),
        name: given("name")?.to_owned(),
        phase: given("state").and_then(phase),
        goal: given("goal").map(str::to_owned),
        starts_at: at("startDate"),
        ends_at: at("endDate"),
        closed_at: at("completeDate"),
        of: given("rapidViewId").map(str::to_owned).into_iter().collect(),
    })
}

fn inside(text: &str) -> Option<&str> {
    let (class, rest) = text.split_once('[')?;
    class.contains("Sprint@").then_some(())?;
    rest.strip_suffix(']').filter(|inside| inside.contains("id="))
}

/// Names and goals may hold commas, brackets and even `,key=`; so a key ends the value before it only if what follows it
/// reads as a value of that key.
fn pairs(inside: &str) -> Vec<(&'static str, &str)> {
    let places = |key: &'static str| inside.match_indices(key).map(move |(at, _)| (at, key));
    let mut found: Vec<(usize, &'static str)> = Vec::new();
    for key in KEYS {
        found.extend(places(key).find(|(at, key)| begins(inside, *at, key)));
    }
    found.sort_unstable();
    let ends = found.iter().skip(1).map(|(start, _)| start - 1).chain([inside.len()]);
    found.iter().zip(ends).map(|((start, key), end)| (*key, &inside[start + key.len() + 1..end])).collect()
}

fn begins(inside: &str, at: usize, key: &str) -> bool {
    let first_or_after_comma = at == 0 || inside.as_bytes()[at - 1] == b',';
    let Some(value) = inside[at + key.len()..].strip_prefix('=').filter(|_| first_or_after_comma) else { return false };
    let word = value.split(',').next().unwrap_or_default();
    let number = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    match key {
        "name" | "goal" => true,
        "state" => phase(word).is_some(),
        "synced" | "autoStartStop" => ["true", "false", "<null>"].contains(&word),
        "id" | "rapidViewId" | "sequence" | "incompleteIssuesDestinationId" => number || word == "<null>",
        _ => word == "<null>" || word.is_empty() || instant(&Value::from(word)).is_some(),
    }
}

fn phase(word: &str) -> Option<Phase> {
    match word.to_ascii_lowercase().as_str() {
        "future" => Some(Phase::Planned),
        "active" => Some(Phase::Running),
        "closed" => Some(Phase::Closed),
        _ => None,
    }
}
