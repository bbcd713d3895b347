//! The rows of `roadmap.toml`.
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What several projects are for.
#[derive(Debug, Deserialize)]
pub struct Initiative {
    pub at: i64,
    pub by: String,
    pub name: String,
    #[serde(default)]
    pub about: String,
    pub owner: String,
    pub target: Period,
}

#[derive(Debug, Deserialize)]
pub struct Project {
    pub at: i64,
    pub by: String,
    pub name: String,
    pub about: String,
    pub owner: String,
    pub teams: Vec<String>,
    pub initiative: Option<String>,
    pub state: String,
    /// The day on which issues came into it.
    pub gathered: i64,
    pub rhythm_weeks: Option<i64>,
    pub start: Option<Period>,
    pub target: Option<Period>,
    /// Those that are in no milestone.
    #[serde(default)]
    pub issues: Vec<String>,
    #[serde(default, rename = "milestone")]
    pub milestones: Vec<Milestone>,
    #[serde(default)]
    pub said: Vec<Said>,
    #[serde(default)]
    pub judged: Vec<Judged>,
}

/// What somebody said that goes into the score of a project.
#[derive(Debug, Deserialize)]
pub struct Judged {
    pub at: i64,
    pub by: String,
    pub why: String,
    /// By the key of a factor, or the name of a criterion.
    pub values: BTreeMap<String, f64>,
}

/// The criteria of the whole workspace.
#[derive(Debug, Deserialize)]
pub struct Weighting {
    pub at: i64,
    pub by: String,
    /// The weights by their names.
    pub criteria: BTreeMap<String, i64>,
}

#[derive(Debug, Deserialize)]
pub struct Milestone {
    pub name: String,
    pub target: Period,
    pub issues: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct Debt {
    pub at: i64,
    pub by: String,
    pub team: String,
    pub name: String,
    pub about: String,
    pub owner: Option<String>,
    pub standing: String,
    pub hours_a_week: Option<f64>,
    pub hours_to_repay: Option<f64>,
}

/// The shares of a team in a quarter.
#[derive(Debug, Deserialize)]
pub struct Shares {
    pub at: i64,
    pub by: String,
    pub team: String,
    pub quarter: Period,
    pub why: String,
    #[serde(rename = "share")]
    pub shares: Vec<Share>,
}

#[derive(Debug, Deserialize)]
pub struct Share {
    pub name: String,
    pub percent: i64,
    #[serde(default)]
    pub labels: Vec<String>,
    #[serde(default)]
    pub projects: Vec<String>,
}

/// How a project stood.
#[derive(Debug, Deserialize)]
pub struct Said {
    pub at: i64,
    pub by: String,
    pub health: String,
    pub why: String,
}

/// A day, or the month or quarter in which it lies.
#[derive(Debug, Deserialize)]
pub struct Period {
    on: i64,
    #[serde(rename = "as")]
    grain: Grain,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Grain {
    Day,
    Month,
    Quarter,
}

impl Period {
    /// As operations take it, counted from this date.
    pub fn from(&self, reference: Date) -> String {
        let day = reference.saturating_add(self.on.days());
        match self.grain {
            Grain::Day => day.to_string(),
            Grain::Month => day.strftime("%Y-%m").to_string(),
            Grain::Quarter => format!("{}-Q{}", day.year(), (day.month() - 1) / 3 + 1),
        }
    }
}
