//! The rows of `issues.toml`, `sprints.toml`, `refinements.toml`, `plannings.toml`, `views.toml` and `triage.toml`.
use kernel::Json;
use serde::Deserialize;
use std::collections::BTreeMap;

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

/// A round in which a team estimates issues, and what was done in it in the order in which it happened.
#[derive(Debug, Deserialize)]
pub struct Round {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub name: String,
    /// Working hours of each person.
    pub hours: i64,
    pub issues: Vec<String>,
    pub steps: Vec<RoundStep>,
}

#[derive(Debug, Deserialize)]
pub struct RoundStep {
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub what: InRound,
    pub issue: String,
    /// An estimate, a question or its answer.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InRound {
    Estimate,
    Ask,
    Answer,
    Ready,
    End,
}

/// A planning of a sprint in writing, and what was said in it in the order in which it happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planning {
    pub sprint: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    /// Working hours of each person in each phase.
    pub hours: i64,
    pub steps: Vec<PlanningStep>,
}

/// One of the fields after the time says what was done.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanningStep {
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    /// An issue to take in, or to leave out.
    pub take_in: Option<String>,
    pub leave_out: Option<String>,
    /// What one can take on.
    pub offer: Option<String>,
    /// `consent`, `concern` or `objection`.
    pub answer: Option<String>,
    /// Against whose objection it is decided.
    pub decide_against: Option<String>,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub wants: String,
}

/// A review of a closed sprint in writing, and what was said in it in the order in which it happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    pub sprint: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    /// Working hours of each person.
    pub hours: i64,
    /// Colleagues of other teams.
    #[serde(default)]
    pub reviewers: Vec<String>,
    pub steps: Vec<ReviewStep>,
}

/// What was shown or said of an issue.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewStep {
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    /// The issues that are accepted.
    #[serde(default)]
    pub accept: Vec<String>,
    /// The issue that the text shows, of which it is a remark, or in which it is missing.
    pub show: Option<String>,
    pub remark: Option<String>,
    pub refuse: Option<String>,
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub attach: Vec<super::talk::Attachment>,
    /// The issue of which another one is made.
    pub follow_up: Option<String>,
    #[serde(default)]
    pub end: bool,
}

/// A saved view, of one's own or shared with the team.
#[derive(Debug, Deserialize)]
pub struct View {
    pub team: String,
    pub at: i64,
    pub by: String,
    pub name: String,
    pub q: String,
    #[serde(default)]
    pub shared: bool,
    pub layout: Option<String>,
    pub group: Option<String>,
    pub subgroup: Option<String>,
    #[serde(default)]
    pub columns: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Triage {
    pub team: String,
    pub at: i64,
    pub by: String,
    pub zone: String,
    pub from_others: bool,
    pub people: Vec<String>,
    pub promises: Vec<TriagePromise>,
}

/// What a team lets be done by itself, as the operations take it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Habit {
    pub team: String,
    pub at: i64,
    pub by: String,
    pub automation: Option<Json>,
    pub template: Option<Json>,
    /// A form that outsiders fill in, and the names of fields for which it asks.
    pub form: Option<Json>,
    #[serde(default)]
    pub asks: Vec<String>,
    /// On which days the template recurs.
    pub rhythm: Option<Json>,
    /// A field that the team adds to its issues, and what issues hold in it, by their slugs.
    pub field: Option<Json>,
    #[serde(default)]
    pub holds: BTreeMap<String, Json>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriagePromise {
    pub priority: String,
    pub look_hours: i64,
    pub done_hours: Option<i64>,
}
