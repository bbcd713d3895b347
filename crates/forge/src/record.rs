use crate::Place;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Whose words they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum System {
    GitHub,
    GitLab,
}

impl System {
    pub fn word(self) -> &'static str {
        match self {
            System::GitHub => "github",
            System::GitLab => "gitlab",
        }
    }

    /// The host where most of its repositories are.
    pub fn host(self) -> &'static str {
        match self {
            System::GitHub => "github.com",
            System::GitLab => "gitlab.com",
        }
    }
}

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Repository,
    Account,
    /// A pull request, or a merge request.
    Pull,
    Review,
    Comment,
    /// Something that happened to a pull request at an instant.
    Event,
    Commit,
    Issue,
    Release,
}

impl Kind {
    pub const ALL: [Kind; 9] = [
        Kind::Repository,
        Kind::Account,
        Kind::Pull,
        Kind::Review,
        Kind::Comment,
        Kind::Event,
        Kind::Commit,
        Kind::Issue,
        Kind::Release,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Kind::Repository => "repository",
            Kind::Account => "account",
            Kind::Pull => "pull request",
            Kind::Review => "review",
            Kind::Comment => "comment",
            Kind::Event => "event",
            Kind::Commit => "commit",
            Kind::Issue => "issue",
            Kind::Release => "release",
        }
    }
}

/// One thing as a source told it once. Instants are microseconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub kind: Kind,
    pub place: Place,
    /// Of the pull request or issue that it is, or that it belongs to.
    pub number: Option<i64>,
    /// The source's id: unique among the records of this kind and system. Pull requests are told apart by place and
    /// number, as not every answer has their id; it is empty then.
    pub id: String,
    /// When the source last changed it, as it says; 0 if it does not say.
    pub stamp: i64,
    /// What was understood, under the names of the README. `null` says that there is none; what is left out was not said.
    pub fields: Map<String, Value>,
    /// What else the source said, without addresses.
    pub aside: Map<String, Value>,
}

/// Somebody at the code host, as the fields of records name them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Account {
    pub login: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub bot: bool,
}

fn is_false(truth: &bool) -> bool {
    !truth
}
