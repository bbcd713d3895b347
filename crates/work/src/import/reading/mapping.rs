//! What somebody settled before an import: which team, person, state and label things become.
use crate::{issue::Priority, team::Category};
use kernel::{Id, Person, text::Email};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Read from a JSON object. Everything may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The team that gets the issues of a project, by the project's key or name.
    pub teams: BTreeMap<String, String>,
    /// Who somebody is, by the source's id, name or mail address.
    pub people: BTreeMap<String, PersonMapping>,
    /// The state that a state of the source becomes, by its name there.
    pub states: BTreeMap<String, StateMapping>,
    /// The priority that a name of the source becomes.
    pub priorities: BTreeMap<String, Priority>,
    /// What becomes of a field, by the source's name of it, or `kind` and `components`.
    pub fields: BTreeMap<String, FieldMapping>,
}

/// A mail address, the id of a person, or `nobody`: then the name stands, whatever the mail address and the name say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PersonMapping {
    Mail(Email),
    Person(Id<Person>),
    Nobody,
}

impl TryFrom<String> for PersonMapping {
    type Error = String;

    fn try_from(text: String) -> Result<PersonMapping, String> {
        let mail = || text.parse().map(PersonMapping::Mail).map_err(|_| format!("{text} is nobody's mail address"));
        match text.parse() {
            _ if text == "nobody" => Ok(PersonMapping::Nobody),
            Ok(person) => Ok(PersonMapping::Person(person)),
            Err(_) => mail(),
        }
    }
}

impl From<PersonMapping> for String {
    fn from(mapping: PersonMapping) -> String {
        match mapping {
            PersonMapping::Mail(mail) => mail.to_string(),
            PersonMapping::Person(person) => person.to_string(),
            PersonMapping::Nobody => "nobody".to_owned(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateMapping {
    /// Its name here; the same if left out.
    pub name: Option<String>,
    pub category: Option<Category>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
