use super::{Difference, Stored, StoredSprints};
use intake::Report;
use kernel::{Error, Json, Result, json};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of an import beside its fields, gathered piece by piece.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Told {
    /// How many people are known, by what.
    people: BTreeMap<String, u64>,
    /// By field: how often it was changed here and is different there, and the first issue.
    differences: BTreeMap<String, (u64, String)>,
    sprints: StoredSprints,
}

impl Told {
    /// Begins with by what each of the people is known.
    pub fn of<'p>(people: impl IntoIterator<Item = &'p str>) -> Told {
        let mut told = Told::default();
        for by in people {
            *told.people.entry(by.to_owned()).or_default() += 1;
        }
        told
    }

    pub fn issues(&mut self, stored: Stored, report: &mut Report) {
        for key in stored.taken_keys {
            report.incomplete("a key that leads to another issue here already", key);
        }
        for Difference { key, field } in stored.differences {
            self.differences.entry(field.word().to_owned()).or_insert((0, key)).0 += 1;
        }
    }

    pub fn sprints(&mut self, stored: StoredSprints) {
        let StoredSprints { created, renewed, unchanged, kept } = stored;
        self.sprints.created += created;
        self.sprints.renewed += renewed;
        self.sprints.unchanged += unchanged;
        self.sprints.kept.extend(kept);
    }

    /// The whole report, as [`FinishImport`](super::FinishImport) keeps it.
    ///
    /// # Errors
    /// None that a reader can cause.
    pub fn report(&self, fields: &Report) -> Result<serde_json::Map<String, Json>> {
        let mut whole = match serde_json::to_value(fields).map_err(Error::internal)? {
            Json::Object(whole) => whole,
            _ => serde_json::Map::new(),
        };
        whole.insert("people".to_owned(), json!(self.people));
        whole.insert("differences".to_owned(), json!(self.differences));
        whole.insert("sprints".to_owned(), json!(self.sprints));
        Ok(whole)
    }
}
