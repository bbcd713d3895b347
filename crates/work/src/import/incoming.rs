//! An issue as it is exchanged: in the words of this program, with its whole past, and without any id of it. What is
//! exported is what is brought over.
use crate::{
    custom::Kind,
    estimate::Estimate,
    issue::{Direction, Field, Priority},
    team::Category,
};
use jiff::civil::Date;
use kernel::{
    Id, Json, Person, Time,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

type Fields = serde_json::Map<String, Json>;

/// An issue as it is and as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Incoming {
    /// The source's own name for it, which never changes.
    pub source_id: Name<200>,
    /// The key by which people know it.
    pub key: Name<100>,
    pub title: Name<300>,
    pub state: IncomingState,
    /// Since when it is in its state; when it came there last if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_since: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignee: Option<Somebody>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub creator: Option<Somebody>,
    #[serde(default)]
    pub priority: Priority,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate: Option<Estimate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<Date>,
    /// Labels of the team; else those of everyone that are called so; else they are made for the team.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Name<40>>,
    /// Labels of everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_labels: Vec<Name<40>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Other>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<IncomingRelation>,
    /// Its place among the issues of its team; behind all others if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<Line<100>>,
    pub created_at: Time,
    pub updated_at: Time,
    /// When it was last open again; when it was created if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Time>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Time>,
    /// When it was done or cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Time>,
    /// When it was deleted; such an issue comes along only where the record of a sprint names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Time>,
    /// Keys under which it was known before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_keys: Vec<Name<100>>,
    /// The states in which it was, from the first to the present one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visits: Vec<Visit>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<IncomingChange>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<IncomingNote>,
    /// What it holds in fields that were added to issues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub custom: Vec<IncomingValue>,
    /// What has no place of its own here, by the source's names.
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
    /// Where it was brought over from before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<Origin>,
    /// Markdown.
    #[serde(default)]
    pub body: Markdown,
}

/// A state by its name, which becomes one of the team.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingState {
    pub name: Name<40>,
    pub category: Category,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    pub state: IncomingState,
    /// The key of the team that it belonged to then, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name<10>>,
    pub from_at: Time,
    /// When the next one begins if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_at: Option<Time>,
}

/// A person of the source, who is somebody here if that was settled, else if the mail address says so, else if nobody else
/// has the same name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Somebody {
    pub id: Name<300>,
    pub name: Name<200>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<Line<254>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub here: Option<Here>,
}

/// Who a person of the source is here, where somebody has settled it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Here {
    /// The name stands, whatever it says.
    Nobody,
    Person(Id<Person>),
}

impl Here {
    pub fn person(&self) -> Option<Id<Person>> {
        match self {
            Here::Nobody => None,
            Here::Person(person) => Some(*person),
        }
    }
}

/// Another issue, by the source's id or by its key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Other {
    #[serde(default, skip_serializing_if = "str_is_empty")]
    pub id: Line<200>,
    #[serde(default, skip_serializing_if = "str_is_empty")]
    pub key: Line<100>,
}

fn str_is_empty<const MOST: usize>(text: &Line<MOST>) -> bool {
    text.is_empty()
}

/// What it is to another issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingRelation {
    pub direction: Direction,
    pub other: Other,
    pub since: Time,
}

/// A change of a field, in words; of the description, what it said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingChange {
    pub field: Field,
    /// The name of a field that only a former tracker has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub named: Option<Name<200>>,
    pub at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Somebody>,
    #[serde(default)]
    pub from: Markdown,
    #[serde(default)]
    pub to: Markdown,
}

/// What an issue holds in a field, which is added where there is none of this name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingValue {
    pub field: Name<60>,
    /// Whether it is a field of everyone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// The key of the team whose field it is, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<Name<10>>,
    pub kind: Kind,
    /// A text, a number, a day, the name of a choice, or an address.
    #[serde(default, skip_serializing_if = "str_is_empty")]
    pub value: Line<2000>,
    /// Who it is, where the field holds somebody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Somebody>,
}

/// What somebody said about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingNote {
    pub source_id: Name<200>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Somebody>,
    pub at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Time>,
    pub body: Markdown,
}

/// Where an issue was before it came to the Cairn that exported it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    pub source: super::Tracker,
    pub source_id: Name<200>,
    pub key: Line<100>,
    #[serde(default, skip_serializing_if = "Fields::is_empty")]
    pub fields: Fields,
}
