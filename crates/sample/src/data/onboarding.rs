//! The rows of `onboarding.toml`.
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub struct Template {
    pub key: String,
    pub name: String,
    pub about: String,
    pub written: i64,
    pub by: String,
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
}

#[derive(Debug, Deserialize)]
pub struct Phase {
    pub key: String,
    pub name: String,
    /// The working day of the newcomer with which it ends.
    pub until: i64,
    /// What the newcomer is expected to know or to be able to do at its end.
    pub checks: Vec<String>,
    #[serde(rename = "step")]
    pub steps: Vec<TemplateStep>,
}

#[derive(Debug, Deserialize)]
pub struct TemplateStep {
    pub key: String,
    pub title: String,
    pub body: String,
    pub owner: String,
    pub due: i64,
}

#[derive(Debug, Deserialize)]
pub struct Plan {
    pub person: String,
    pub buddy: String,
    pub template: String,
    pub started: i64,
    pub done: Vec<Done>,
    #[serde(default)]
    pub met: Vec<Met>,
}

#[derive(Debug, Deserialize)]
pub struct Done {
    pub step: String,
    pub by: String,
    pub at: i64,
    pub note: String,
}

/// All that a phase expects is met.
#[derive(Debug, Deserialize)]
pub struct Met {
    pub phase: String,
    pub by: String,
    pub at: i64,
}
