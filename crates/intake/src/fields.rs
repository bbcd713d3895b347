//! Fields of a JSON object that remember which of them were read, so that a report can name the others.
use crate::report::covers;
use jiff::{Timestamp, civil::DateTime, fmt::strtime, tz::TimeZone};
use serde_json::Value;
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

/// A JSON value, its path from the record's root, and what of the record was read so far.
#[derive(Clone, Debug)]
pub struct Fields<'v> {
    value: &'v Value,
    path: String,
    read: Rc<RefCell<BTreeSet<String>>>,
}

impl<'v> Fields<'v> {
    pub fn of(value: &'v Value) -> Fields<'v> {
        Fields { value, path: String::new(), read: Rc::default() }
    }

    /// The field, null where it is missing. Reading an object does not read what is in it.
    pub fn at(&self, name: &str) -> Fields<'v> {
        const NULL: &Value = &Value::Null;
        let path = if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) };
        Fields { value: self.value.get(name).unwrap_or(NULL), path, read: self.read.clone() }
    }

    /// The items of a list; none if it is no list.
    pub fn list(&self, name: &str) -> Vec<Fields<'v>> {
        let field = self.at(name);
        let path = format!("{}[]", field.path);
        let items = field.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().map(|value| Fields { value, path: path.clone(), read: field.read.clone() }).collect()
    }

    /// The value itself, read as a whole.
    pub fn whole(&self) -> &'v Value {
        self.read.borrow_mut().insert(self.path.clone());
        self.value
    }

    /// The value itself, without counting it as read.
    pub fn peek(&self) -> &'v Value {
        self.value
    }

    pub fn is_there(&self) -> bool {
        !self.value.is_null()
    }

    pub fn has(&self, name: &str) -> bool {
        self.value.get(name).is_some()
    }

    /// A text, without counting it as read.
    pub fn see(&self, name: &str) -> Option<&'v str> {
        self.value.get(name)?.as_str()
    }

    /// A text that is not empty.
    pub fn text(&self, name: &str) -> Option<&'v str> {
        self.at(name).whole().as_str().filter(|text| !text.is_empty())
    }

    /// A text or a number, as text.
    pub fn id(&self, name: &str) -> Option<String> {
        match self.at(name).whole() {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        let value = self.at(name).whole();
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    }

    pub fn number(&self, name: &str) -> Option<f64> {
        let value = self.at(name).whole();
        value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|number: &f64| number.is_finite())
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.at(name).whole().as_bool()
    }

    /// See [`instant`].
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        instant(self.at(name).whole())
    }

    /// Whether a leaf of this object or one of the objects around it was read.
    pub(crate) fn was_read(&self, leaf: &str) -> bool {
        let read = self.read.borrow();
        let leaf = &if self.path.is_empty() { leaf.to_owned() } else { format!("{}.{leaf}", self.path) };
        let ends = leaf.match_indices(['.', '[']).map(|(at, _)| at).chain([leaf.len()]);
        ends.into_iter().any(|end| read.contains(&leaf[..end])) || read.contains("")
    }

    /// Whether something in this field, which is handed over as one, was read.
    pub(crate) fn was_read_within(&self, whole: &str) -> bool {
        let start = if self.path.is_empty() { whole.to_owned() } else { format!("{}.{whole}", self.path) };
        self.read.borrow().iter().any(|read| read.strip_prefix(&start).is_some_and(|rest| rest.starts_with(['.', '['])))
    }

    /// The names of this object's own fields in which something was neither read nor, by these patterns of
    /// [`Report::add`](crate::Report::add), left out on purpose.
    pub fn unread(&self, left_out: &[&str]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.leaves(left_out, &mut |leaf, _| {
            if !self.was_read(leaf) && !left_out.iter().any(|pattern| covers(pattern, leaf)) {
                found.insert(leaf.split(['.', '[']).next().unwrap_or_default().to_owned());
            }
        });
        found
    }

    /// Every leaf with its path; items of lists share one, such as `jobs[].name`. Nulls and empty lists hold nothing. An
    /// object or a list that a pattern names whole is handed over as one.
    pub(crate) fn leaves(&self, whole: &[&str], each: &mut dyn FnMut(&str, &Value)) {
        leaves(self.value, whole, &mut String::new(), each);
    }
}

fn leaves(value: &Value, whole: &[&str], path: &mut String, each: &mut dyn FnMut(&str, &Value)) {
    let length = path.len();
    match value {
        Value::Object(fields) if !fields.is_empty() && whole.contains(&path.as_str()) => each(path, value),
        Value::Array(items) if !items.is_empty() && whole.contains(&path.as_str()) => each(path, value),
        Value::Object(fields) => {
            for (name, field) in fields {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(name);
                leaves(field, whole, path, each);
                path.truncate(length);
            }
        }
        Value::Array(items) => {
            path.push_str("[]");
            for item in items {
                leaves(item, whole, path, each);
            }
            path.truncate(length);
        }
        Value::Null => {}
        leaf => each(path, leaf),
    }
}

/// An instant as APIs write it: RFC 3339, `2022-11-03 06:23:06 UTC`, `2022-11-03 06:23:06` in UTC, seconds or milliseconds
/// since 1970. The year 1 that some systems write for "never" is no instant.
pub fn instant(value: &Value) -> Option<Timestamp> {
    let found = match value {
        Value::Number(number) => since_1970(number.as_f64()?),
        Value::String(text) => from_text(text.trim()),
        _ => None,
    };
    found.filter(|at| at.as_second() > -62_000_000_000)
}

fn since_1970(number: f64) -> Option<Timestamp> {
    let milliseconds = if number.abs() < 1e11 { number * 1e3 } else { number };
    Timestamp::from_millisecond(milliseconds as i64).ok().filter(|_| number > 0.0)
}

fn from_text(text: &str) -> Option<Timestamp> {
    let utc = text.strip_suffix(" UTC").or_else(|| text.strip_suffix(" GMT")).unwrap_or(text);
    let civil = || utc.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let mail = || {
        let format = "%a, %d %b %Y %H:%M:%S";
        strtime::parse(format, utc).ok()?.to_datetime().ok()?.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
    };
    let offset = || strtime::parse("%Y-%m-%d %H:%M:%S %z", text).ok()?.to_timestamp().ok();
    text.parse().ok().or_else(civil).or_else(offset).or_else(mail).or_else(|| since_1970(text.parse().ok()?))
}

#[cfg(test)]
mod tests;
