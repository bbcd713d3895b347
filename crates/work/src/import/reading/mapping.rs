//! What somebody settled before an import: which team, person, state and label things become.
use crate::{issue::Priority, team::Category};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Read from a JSON object. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The team that gets the issues of a project, by the project's key or name.
    pub teams: BTreeMap<String, String>,
    /// The mail address of a person, by the source's id, name or mail address.
    pub people: BTreeMap<String, String>,
    /// The state that a state of the source becomes, by its name there.
    pub states: BTreeMap<String, StateMapping>,
    /// The priority that a name of the source becomes.
    pub priorities: BTreeMap<String, Priority>,
    /// What becomes of a field, by the source's name of it, or `kind` and `components`.
    pub fields: BTreeMap<String, FieldMapping>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateMapping {
    /// Its name here; the same if left out.
    pub name: Option<String>,
    pub category: Option<Category>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldMapping {
    /// Each value becomes a label.
    Labels,
    /// Kept beside the issue, as it was.
    Beside,
    LeaveOut,
}

impl Mapping {
    /// What becomes of a field. The kind of an issue and its components become labels unless something else is said.
    pub fn field(&self, name: &str) -> FieldMapping {
        let usual = if matches!(name, "kind" | "components") { FieldMapping::Labels } else { FieldMapping::Beside };
        self.fields.get(name).copied().unwrap_or(usual)
    }

    pub fn priority(&self, id: Option<&str>, name: &str) -> Option<Priority> {
        if let Some(said) = self.priorities.get(name) {
            return Some(*said);
        }
        match (name.to_lowercase().as_str(), id) {
            ("none" | "no priority" | "undefined" | "unset", _) => Some(Priority::None),
            ("urgent" | "highest" | "blocker" | "critical", _) => Some(Priority::Urgent),
            ("high" | "major", _) => Some(Priority::High),
            ("medium" | "normal", _) => Some(Priority::Medium),
            ("low" | "lowest" | "minor" | "trivial", _) => Some(Priority::Low),
            // Jira's own five, whatever they are called in the language of the reader.
            (_, Some("1")) => Some(Priority::Urgent),
            (_, Some("2")) => Some(Priority::High),
            (_, Some("3")) => Some(Priority::Medium),
            (_, Some("4" | "5")) => Some(Priority::Low),
            _ => None,
        }
    }
}
