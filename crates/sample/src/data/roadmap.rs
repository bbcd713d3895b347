//! The rows of `roadmap.toml`.
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;

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
    pub initiative: String,
    pub state: String,
    /// The day on which issues came into it.
    pub gathered: i64,
    pub rhythm_weeks: Option<i64>,
    pub start: Period,
    pub target: Period,
    /// Those that are in no milestone.
    pub issues: Vec<String>,
    #[serde(rename = "milestone")]
    pub milestones: Vec<Milestone>,
    #[serde(default)]
    pub said: Vec<Said>,
}

#[derive(Debug, Deserialize)]
pub struct Milestone {
    pub name: String,
    pub target: Period,
    pub issues: Vec<String>,
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
