use crate::Kind;
use intake::Error;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// What became of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Understood.
    Read,
    /// Known and not needed; kept with the record as it was.
    Aside,
    /// Never met before; kept with the record as it was.
    Unknown,
    /// An address or a code that follows from the rest; left out.
    Address,
}

/// What was found in the files, kind by kind and field by field.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub files: u64,
    /// Files that hold neither JSON nor a table with a column `data`.
    pub passed_over: Vec<String>,
    /// By name: the kinds of records, then what was not taken over, such as `webhook star`.
    pub taken: BTreeMap<String, Thing>,
    pub not_taken: BTreeMap<String, Thing>,
    /// Files that could not be read to their end.
    #[serde(skip)]
    pub problems: Vec<Error>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Thing {
    pub count: u64,
    /// Where the first one stood.
    pub example: String,
    pub fields: BTreeMap<String, Field>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    pub role: Role,
    pub count: u64,
    pub example: String,
}

/// So many different names are counted; a file that is made to exhaust memory has more.
const MOST_NAMES: usize = 2_000;
const LONGEST_EXAMPLE: usize = 60;

impl Report {
    pub(crate) fn took(&mut self, kind: Kind, file: &str) -> &mut Thing {
        count(&mut self.taken, kind.word(), file)
    }

    pub(crate) fn left(&mut self, name: &str, file: &str) {
        count(&mut self.not_taken, name, file);
    }
}

impl Thing {
    pub(crate) fn saw(&mut self, path: &str, role: Role, value: &Value) {
        if !self.fields.contains_key(path) && self.fields.len() >= MOST_NAMES {
            return;
        }
        let new = || Field { role, count: 0, example: example(value) };
        let field = self.fields.entry(path.to_owned()).or_insert_with(new);
        field.count += 1;
        // A field that is understood in one form and not in another is named for what was not understood.
        field.role = field.role.max(role);
        if field.example == "null" {
            field.example = example(value);
        }
    }
}

fn count<'t>(things: &'t mut BTreeMap<String, Thing>, name: &str, file: &str) -> &'t mut Thing {
    let name = if things.len() < MOST_NAMES || things.contains_key(name) { name } else { "others" };
    let thing = things.entry(name.to_owned()).or_default();
    thing.count += 1;
    if thing.count == 1 {
        thing.example = file.to_owned();
    }
    thing
}

fn example(value: &Value) -> String {
    match value {
        Value::Array(all) => format!("a list of {}", all.len()),
        Value::Object(all) => format!("an object of {}", all.len()),
        Value::String(text) => text.chars().filter(|c| !c.is_control()).take(LONGEST_EXAMPLE).collect(),
        other => other.to_string(),
    }
}
