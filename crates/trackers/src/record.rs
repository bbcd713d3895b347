use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One thing that a system gave out. Things may come in any order, and an issue's history and comments apart from it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Record {
    Person(Person),
    Project(Project),
    State(State),
    Sprint(Sprint),
    Issue(Box<Issue>),
    Changes { issue: IssueName, changes: Vec<Change> },
    Comments { issue: IssueName, comments: Vec<Comment> },
}

/// How a document names an issue: by its id, by its key, or both.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct IssueName {
    pub id: Option<String>,
    pub key: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Person {
    /// The source's own name for them, which never changes.
    pub id: Option<String>,
    pub name: String,
    pub mail: Option<String>,
    /// An IANA zone.
    pub zone: Option<String>,
    pub bot: bool,
}

/// What issues are grouped by and take their keys from: Jira's project, Linear's and Shortcut's team.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Project {
    pub id: Option<String>,
    pub key: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Category {
    Triage,
    Backlog,
    Unstarted,
    Started,
    Done,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct State {
    pub id: Option<String>,
    pub name: String,
    /// None where the source does not say.
    pub category: Option<Category>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Phase {
    Planned,
    Running,
    Closed,
}

/// Jira's sprint, Linear's cycle, Shortcut's iteration.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sprint {
    pub id: String,
    pub name: String,
    pub phase: Option<Phase>,
    pub goal: Option<String>,
    pub starts_at: Option<Timestamp>,
    pub ends_at: Option<Timestamp>,
    pub closed_at: Option<Timestamp>,
    /// The ids of the teams or boards that it belongs to.
    pub of: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Issue {
    pub id: String,
    pub key: String,
    pub project: Option<Project>,
    pub title: String,
    /// In Markdown.
    pub body: String,
    /// The source's word: bug, story, epic, feature.
    pub kind: Option<String>,
    pub state: State,
    pub resolution: Option<String>,
    pub creator: Option<Person>,
    pub reporter: Option<Person>,
    pub assignees: Vec<Person>,
    pub priority: Option<Named>,
    pub estimate: Option<f64>,
    pub labels: Vec<String>,
    pub components: Vec<String>,
    /// Versions in which it is fixed, milestones.
    pub versions: Vec<Named>,
    pub due_on: Option<Date>,
    pub parent: Option<IssueName>,
    pub epic: Option<IssueName>,
    pub links: Vec<Link>,
    /// Where it is now and where it has been.
    pub sprints: Vec<Sprint>,
    pub rank: Option<String>,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub archived: bool,
    pub checklist: Vec<Task>,
    pub attachments: Vec<Attachment>,
    pub comments: Vec<Comment>,
    /// In the order of time; a part only where `history` says so.
    pub changes: Vec<Change>,
    pub history: History,
    /// Fields that nothing above holds, as the source wrote them.
    pub beside: Map<String, Value>,
}

/// How much of an issue's history came with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum History {
    /// It may come in another document, or not at all.
    #[default]
    Absent,
    /// The source says that there is more.
    Partial,
    Whole,
}

/// A value that has an id of its own and a name that people read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Named {
    pub id: Option<String>,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub kind: LinkKind,
    pub other: IssueName,
}

/// What this issue does to the other one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    Blocks,
    BlockedBy,
    Relates,
    Duplicates,
    DuplicatedBy,
    /// In the source's words, as read from this issue.
    Other(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub text: String,
    pub done: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub address: Option<String>,
    pub bytes: Option<i64>,
    pub author: Option<Person>,
    pub at: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comment {
    pub id: Option<String>,
    /// The comment that it answers.
    pub answers: Option<String>,
    pub author: Option<Person>,
    /// In Markdown.
    pub body: String,
    pub created_at: Option<Timestamp>,
    pub updated_at: Option<Timestamp>,
    /// Who may read it, where the source keeps it from others.
    pub only_for: Option<String>,
}

/// One field of an issue changed. Fields of several values list what went and what came; values that stood on both
/// sides may be in both lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub id: Option<String>,
    pub at: Timestamp,
    pub author: Option<Person>,
    pub field: Field,
    pub from: Vec<Named>,
    pub to: Vec<Named>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    State,
    Assignee,
    Sprint,
    Estimate,
    Priority,
    Label,
    Component,
    Version,
    Parent,
    Epic,
    Title,
    Body,
    Kind,
    Due,
    Key,
    Project,
    Resolution,
    Link,
    Rank,
    Attachment,
    Archived,
    Other(String),
}

impl Field {
    /// Whether it holds several values at once, so that a change adds and takes away.
    pub fn several(&self) -> bool {
        matches!(
            self,
            Field::Sprint
                | Field::Label
                | Field::Component
                | Field::Version
                | Field::Link
                | Field::Attachment
                | Field::Assignee
        )
    }
}

impl Named {
    pub fn new(id: Option<String>, name: impl Into<String>) -> Named {
        Named { id, name: name.into() }
    }

    /// The same value: by id where both have one.
    pub fn same(&self, other: &Named) -> bool {
        match (&self.id, &other.id) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => self.name == other.name,
        }
    }
}
