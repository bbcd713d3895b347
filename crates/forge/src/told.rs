use crate::Record;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Everything that was told of one thing: of each field the newest value, and when the source had changed the thing that
/// said so.
///
/// The same records in any order, and any of them again, give the same: of two values of one field the later stamp wins,
/// and of two with one stamp the value that is greater as JSON text. (So a review that is both `approved` and `dismissed`
/// at one time is dismissed.)
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Told(BTreeMap<String, (i64, Value)>);

/// Before the names of fields that were not understood.
const ASIDE: char = '+';

impl Told {
    /// Takes in what a record says and, as the field `id`, the id of its source, and whether that changed anything.
    pub fn hear(&mut self, record: &Record) -> bool {
        let id = Value::String(record.id.clone());
        let own = (!record.id.is_empty()).then(|| ("id".to_owned(), &id));
        let understood = record.fields.iter().map(|(name, value)| (name.clone(), value)).chain(own);
        let aside = record.aside.iter().map(|(name, value)| (format!("{ASIDE}{name}"), value));
        let mut changed = false;
        for (name, value) in understood.chain(aside) {
            changed |= self.say(name, record.stamp, value);
        }
        changed
    }

    /// What was understood: the newest value of each field.
    pub fn fields(&self) -> Map<String, Value> {
        self.0.iter().filter(|(name, _)| !name.starts_with(ASIDE)).map(|(k, (_, v))| (k.clone(), v.clone())).collect()
    }

    /// When the source last changed it, of all that was told.
    pub fn stamp(&self) -> i64 {
        self.0.values().map(|(stamp, _)| *stamp).max().unwrap_or(0)
    }

    fn say(&mut self, name: String, stamp: i64, value: &Value) -> bool {
        let newer = match self.0.get(&name) {
            None => true,
            Some((then, _)) if *then != stamp => *then < stamp,
            Some((_, old)) => {
                let (old, new) = (old.to_string(), value.to_string());
                old < new
            }
        };
        if newer {
            self.0.insert(name, (stamp, value.clone()));
        }
        newer
    }
}

#[cfg(test)]
mod tests;
