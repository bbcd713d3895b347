//! By what issues are parted into columns, groups and groups within these.
use super::{Listed, project::words_of};
use crate::{
    custom::{CustomField, Kind, choices_of},
    team::{Category, State, states_of},
};
use kernel::{Error, Id, Result, Team, Tx, args, sql, words};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

words! {
    /// By what issues are parted: the columns of a board by the first three, the groups of a list by all of them.
    pub enum Group {
        State = "state",
        Assignee = "assignee",
        Priority = "priority",
        Label = "label",
        Sprint = "sprint",
        Project = "project",
        Milestone = "milestone",
    }
}

impl Group {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Group::State => "State",
            Group::Assignee => "Person",
            Group::Priority => "Priority",
            Group::Label => "Label",
            Group::Sprint => "Sprint",
            Group::Project => "Project",
            Group::Milestone => "Milestone",
        }
    }

    /// As the page that groups a list by it says it.
    pub fn says(self) -> &'static str {
        match self {
            Group::State => "By state",
            Group::Assignee => "By person",
            Group::Priority => "By priority",
            Group::Label => "By label",
            Group::Sprint => "By sprint",
            Group::Project => "By project",
            Group::Milestone => "By milestone",
        }
    }

    /// Those into whose columns a card can be moved.
    pub const OF_BOARDS: [Group; 3] = [Group::State, Group::Assignee, Group::Priority];
}

/// One of the usual ways, or a field that was added to issues. In JSON it is the word, or the id of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    By(Group),
    Field(Id<CustomField>),
}

impl Grouping {
    pub fn field(self) -> Option<Id<CustomField>> {
        match self {
            Grouping::By(_) => None,
            Grouping::Field(id) => Some(id),
        }
    }

    /// What a statement calls it.
    pub(super) fn kind(self) -> &'static str {
        match self {
            Grouping::By(group) => group.word(),
            Grouping::Field(_) => "field",
        }
    }
}

impl fmt::Display for Grouping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grouping::By(group) => f.write_str(group.word()),
            Grouping::Field(id) => write!(f, "{id}"),
        }
    }
}

impl FromStr for Grouping {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let group = Group::ALL.iter().find(|group| group.word() == text).copied().map(Grouping::By);
        let known = "Group by state, assignee, priority, label, sprint, project, milestone, or by the id of a field.";
        let field = || text.parse().map(Grouping::Field).map_err(|_| Error::invalid("group", known));
        group.map_or_else(field, Ok)
    }
}

impl Serialize for Grouping {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Grouping {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(d)?;
        text.parse().map_err(|error: Error| de::Error::custom(error))
    }
}

impl JsonSchema for Grouping {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Grouping".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let about = "`state`, `assignee`, `priority`, `label`, `sprint`, `project`, `milestone`, or the id of a field.";
        json_schema!({ "type": "string", "pattern": "^[0-9a-z]{5,26}$", "description": about })
    }
}

/// The groups of one kind: which there are before any issue is known, how each is called, and their order.
pub(super) struct Groups {
    grouping: Grouping,
    order: Order,
    field: Option<CustomField>,
    /// The states that are in use, where it goes by state.
    pub states: Vec<State>,
}

enum Order {
    /// As these values follow each other.
    Given(Vec<String>),
    /// By name, with those that have none at the end.
    Names,
    /// By name, with nobody at the beginning.
    Nobody,
    /// By the number that the value is.
    Numbers,
    /// By the value itself.
    Values,
}

impl Groups {
    /// What is to be known of them, in one statement at the most.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, grouping: Grouping, fields: &[CustomField]) -> Result<Groups> {
        let field = fields.iter().find(|field| grouping.field() == Some(field.id)).cloned();
        let mut states = Vec::new();
        let order = match (grouping, field.as_ref().map(|field| field.kind)) {
            (Grouping::By(Group::State), _) => {
                states = states_of(tx, team).await?;
                let order = states.iter().map(|state| state.id.to_string()).collect();
                states.retain(|state| state.archived_at.is_none());
                Order::Given(order)
            }
            (Grouping::By(Group::Priority), _) => {
                Order::Given(["urgent", "high", "medium", "low", "none"].map(str::to_owned).to_vec())
            }
            (Grouping::By(Group::Sprint), _) => {
                // The sprint that begins first comes first.
                let select = sql!(
                    "select id from sprints where workspace_id = $1 and team_id = $2 order by first_on, number, id"
                );
                Order::Given(tx.all(select, args![tx.workspace(), team]).await?)
            }
            (Grouping::By(Group::Assignee), _) => Order::Nobody,
            (Grouping::Field(id), Some(Kind::Choice)) => {
                let choices = choices_of(tx, &[id]).await?;
                Order::Given(choices.into_iter().map(|(_, choice)| choice.id.to_string()).collect())
            }
            (_, Some(Kind::Number)) => Order::Numbers,
            (_, Some(Kind::Day)) => Order::Values,
            _ => Order::Names,
        };
        Ok(Groups { grouping, order, field, states })
    }

    /// How the group with this value is called, of which this is an issue.
    pub fn name(&self, value: &str, Listed { issue, labels, fields }: &Listed) -> String {
        let named = |name: Option<String>, none: &str| name.unwrap_or_else(|| none.to_owned());
        let label = labels.iter().find(|label| label.id.as_str() == value).map(|label| label.name.clone());
        match self.grouping {
            Grouping::By(Group::Label) => named(label, "No label"),
            Grouping::By(Group::Sprint) => named(issue.sprint_name.clone(), "No sprint"),
            Grouping::By(Group::Project) => named(issue.project_name.clone(), "No project"),
            Grouping::By(Group::Milestone) => named(issue.milestone_id.and(words_of(issue)), "No milestone"),
            Grouping::By(Group::State) => issue.state_name.clone(),
            Grouping::By(Group::Assignee) => named(issue.assignee_name.clone(), "Nobody"),
            Grouping::By(Group::Priority) => issue.priority.title().to_owned(),
            Grouping::Field(id) => {
                let held = fields.iter().find(|held| held.field_id == id).map(|held| held.words.clone());
                let field = self.field.as_ref().map(|field| field.name.as_str()).unwrap_or_default();
                named(held, &format!("No {field}"))
            }
        }
    }

    /// What the state of the issue means, where they go by state.
    pub fn category(&self, listed: &Listed) -> Option<Category> {
        (self.grouping == Grouping::By(Group::State)).then_some(listed.issue.category)
    }

    /// Puts them into their order, by their values and names.
    pub fn sort<T>(&self, all: &mut [T], of: impl Fn(&T) -> (&str, &str)) {
        let name = |one: &T| (of(one).0.is_empty(), of(one).1.to_lowercase());
        match &self.order {
            Order::Given(values) => all.sort_by_cached_key(|one| {
                let place = values.iter().position(|value| value == of(one).0).unwrap_or(values.len());
                (of(one).0.is_empty(), place)
            }),
            Order::Names => all.sort_by_cached_key(name),
            Order::Nobody => all.sort_by_cached_key(|one| (!of(one).0.is_empty(), of(one).1.to_lowercase())),
            Order::Numbers => all.sort_by(|a, b| {
                let number = |one: &T| of(one).0.parse::<f64>().unwrap_or(f64::INFINITY);
                of(a).0.is_empty().cmp(&of(b).0.is_empty()).then(number(a).total_cmp(&number(b)))
            }),
            Order::Values => all.sort_by_cached_key(|one| (of(one).0.is_empty(), of(one).0.to_owned())),
        }
    }
}
