//! Names of fields, which the interfaces of one system write in several ways.
use serde_json::{Map, Value};

/// Deeper than a document can be.
const DEEPEST: usize = 200;

/// The same value with names as REST writes them: `createdAt` and `CreatedAt` become `created_at`.
pub fn plain(value: Value) -> Value {
    plain_at(value, 0)
}

fn plain_at(value: Value, depth: usize) -> Value {
    match value {
        Value::Object(object) if depth < DEEPEST => {
            let mut out = Map::new();
            for (name, value) in object {
                let (snake, value) = (snake(&name), plain_at(value, depth + 1));
                let name = if out.contains_key(&snake) { name } else { snake };
                out.insert(name, value);
            }
            Value::Object(out)
        }
        Value::Array(all) if depth < DEEPEST => {
            Value::Array(all.into_iter().map(|one| plain_at(one, depth + 1)).collect())
        }
        other => other,
    }
}

fn snake(name: &str) -> String {
    let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let shouted = !name.bytes().any(|byte| byte.is_ascii_lowercase());
    if !is_name || shouted || !name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name.to_owned();
    }
    let mut out = String::with_capacity(name.len() + 4);
    let mut before = 'A';
    for c in name.chars() {
        if c.is_ascii_uppercase() && !before.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}
