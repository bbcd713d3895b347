use serde_json::Value;
use std::collections::BTreeMap;

/// What the custom fields are called and which of them hold sprints, estimates, epics and ranks.
#[derive(Debug, Default)]
pub struct Names {
    names: BTreeMap<String, String>,
    roles: BTreeMap<String, Role>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Sprint,
    Estimate,
    Epic,
    EpicName,
    Rank,
    Parent,
}

impl Names {
    /// Learns from a document, if it is a definition of a field, or a page with the names of its fields.
    pub fn learn(&mut self, value: &Value) {
        if let Some(names) = value.get("names").and_then(Value::as_object) {
            for (id, name) in names {
                self.add(id, name.as_str().unwrap_or_default(), "");
            }
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let id = text("id").or_else(|| text("key")).or_else(|| text("fieldId"));
        let (Some(id), Some(name), Some(schema)) = (id, text("name"), value.get("schema")) else { return };
        self.add(id, name, schema.get("custom").and_then(Value::as_str).unwrap_or_default());
    }

    pub fn role(&self, id: &str) -> Option<Role> {
        self.roles.get(id).copied()
    }

    /// The role of a field in a changelog, where Data Center gives only its name.
    pub fn role_of(&self, id: Option<&str>, name: &str) -> Option<Role> {
        id.and_then(|id| self.role(id)).or_else(|| by_name(name))
    }

    pub fn name(&self, id: &str) -> Option<&str> {
        self.names.get(id).map(String::as_str)
    }

    fn add(&mut self, id: &str, name: &str, schema: &str) {
        if !id.starts_with("customfield_") {
            return;
        }
        let by_schema = match schema.rsplit(':').next().unwrap_or_default() {
            "gh-sprint" => Some(Role::Sprint),
            "jsw-story-points" => Some(Role::Estimate),
            "gh-epic-link" => Some(Role::Epic),
            "gh-epic-label" => Some(Role::EpicName),
            "gh-lexo-rank" => Some(Role::Rank),
            "jpo-custom-field-parent" => Some(Role::Parent),
            _ => None,
        };
        if let Some(role) = by_schema.or_else(|| by_name(name)) {
            self.roles.insert(id.to_owned(), role);
        }
        self.names.insert(id.to_owned(), name.to_owned());
    }
}

/// Jira itself names these in English whatever the reader's language is, unless an administrator changed them.
fn by_name(name: &str) -> Option<Role> {
    match name.to_ascii_lowercase().as_str() {
        "sprint" => Some(Role::Sprint),
        "story points" | "story point estimate" => Some(Role::Estimate),
        "epic link" => Some(Role::Epic),
        "epic name" => Some(Role::EpicName),
        "rank" => Some(Role::Rank),
        "parent link" => Some(Role::Parent),
        _ => None,
    }
}
