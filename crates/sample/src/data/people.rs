//! The rows of the files on people, teams and their times.
use kernel::Role;
use serde::{Deserialize, Deserializer};

#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub pronouns: String,
    pub email: String,
    pub employee_id: String,
    pub title: String,
    #[serde(default)]
    pub level: String,
    pub location: String,
    pub country: String,
    pub zone: String,
    pub hours: String,
    pub employment: String,
    pub starts: i64,
    pub ends: Option<i64>,
    pub manager: Option<String>,
    #[serde(deserialize_with = "roles")]
    pub roles: Vec<Role>,
    pub account: bool,
    /// Whether they have brought a photo.
    #[serde(default)]
    pub photo: bool,
    pub about: String,
}

impl Person {
    pub(super) fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::Title => &mut self.title,
            Field::Level => &mut self.level,
            Field::Employment => &mut self.employment,
            Field::Location => &mut self.location,
            Field::Country => &mut self.country,
            Field::Zone => &mut self.zone,
            Field::Hours => &mut self.hours,
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Team {
    pub key: String,
    pub name: String,
    pub parent: Option<String>,
    pub lead: String,
    pub formed: i64,
    pub mission: String,
    pub about: String,
}

#[derive(Debug, Deserialize)]
pub struct Membership {
    pub team: String,
    pub person: String,
    pub role: String,
    pub from: i64,
    pub until: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Line {
    pub person: String,
    pub manager: String,
    pub from: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Title,
    Level,
    Employment,
    Location,
    Country,
    Zone,
    Hours,
}

impl Field {
    /// Whether it is of the terms on which a person works here, and not of what they say of themselves.
    pub fn is_terms(self) -> bool {
        matches!(self, Field::Title | Field::Level | Field::Employment)
    }
}

#[derive(Debug, Deserialize)]
pub struct Change {
    pub person: String,
    pub field: Field,
    pub before: String,
    pub after: String,
    pub at: i64,
    pub by: String,
    pub entered_by: Option<String>,
}

impl Change {
    pub fn actor(&self) -> &str {
        self.entered_by.as_deref().unwrap_or(&self.by)
    }
}

#[derive(Debug, Deserialize)]
pub struct Leave {
    pub person: String,
    pub kind: String,
    pub first: i64,
    pub last: i64,
    pub part: Option<String>,
    pub note: String,
    pub handover_to: Option<String>,
    #[serde(default)]
    pub handover: String,
}

#[derive(Debug, Deserialize)]
pub struct Exception {
    pub person: String,
    pub first: i64,
    pub last: i64,
    pub hours: String,
    pub note: String,
}

#[derive(Debug, Deserialize)]
pub struct Invitation {
    pub person: String,
    pub by: String,
    #[serde(deserialize_with = "roles")]
    pub roles: Vec<Role>,
    pub sent: i64,
}

/// Everyone who is not a guest stakeholder is a member besides what the file says.
fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
    let mut roles = Vec::<Role>::deserialize(deserializer)?;
    if !roles.contains(&Role::Guest) {
        roles.push(Role::Member);
    }
    Ok(roles)
}
