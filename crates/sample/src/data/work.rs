//! The rows of `issues.toml` and `sprints.toml`.
use serde::Deserialize;

/// Something that a team is to do.
#[derive(Debug, Deserialize)]
pub struct Issue {
    /// By which others of the file name it.
    pub slug: String,
    pub team: String,
    pub at: i64,
    pub by: String,
    pub title: String,
    #[serde(default)]
    pub body: String,
    pub assignee: Option<String>,
    pub estimate: Option<String>,
    pub priority: Option<String>,
    #[serde(default)]
    pub labels: Vec<String>,
    pub below: Option<String>,
    #[serde(default)]
    pub blocked_by: Vec<String>,
    #[serde(default, rename = "then")]
    pub moves: Vec<IssueMove>,
}

/// An issue came to another state.
#[derive(Debug, Deserialize)]
pub struct IssueMove {
    pub at: i64,
    pub by: String,
    pub state: String,
}

/// A sprint of a team, with what it is to hold.
#[derive(Debug, Deserialize)]
pub struct Sprint {
    pub team: String,
    pub by: String,
    pub name: String,
    pub goal: String,
    pub planned: i64,
    pub first: i64,
    pub last: i64,
    #[serde(default)]
    pub commitment: String,
    #[serde(default)]
    pub risks: String,
    #[serde(default)]
    pub away: String,
    #[serde(default)]
    pub left_out: String,
    pub issues: Vec<String>,
    /// The day on which it was closed, and why some of it was not finished.
    pub closed: Option<i64>,
    #[serde(default)]
    pub reason: String,
    #[serde(default, rename = "then")]
    pub changes: Vec<ScopeChange>,
}

/// What a running sprint holds has changed.
#[derive(Debug, Deserialize)]
pub struct ScopeChange {
    pub at: i64,
    pub by: String,
    pub issue: String,
    /// Whether the issue came into the sprint.
    #[serde(default)]
    pub into: bool,
    pub estimate: Option<String>,
    pub reason: String,
}
