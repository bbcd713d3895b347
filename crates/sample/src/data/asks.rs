//! The rows of `norms.toml` and `asks.toml`.
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a team agreed on, on one day.
#[derive(Debug, Deserialize)]
pub struct Norms {
    pub team: String,
    pub by: String,
    pub at: i64,
    /// How long asks may take, by the word for what is asked.
    pub due: BTreeMap<String, String>,
    #[serde(default)]
    pub quiet: String,
    pub body: String,
}

/// Something that one person asked of others. Times are local ones of whoever acts.
#[derive(Debug, Deserialize)]
pub struct Ask {
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub by: String,
    pub to: Vec<String>,
    pub verb: String,
    pub subject: String,
    #[serde(default)]
    pub note: String,
    /// The record: `team payments`, `plan amara`, or `leave yuki 0` with the first day.
    pub about: Option<String>,
    pub due: Option<String>,
    #[serde(default = "nothing")]
    pub silence: String,
    pub escalate_to: Option<String>,
    #[serde(default)]
    pub urgent: bool,
    /// What came of it.
    #[serde(default, rename = "then")]
    pub turns: Vec<Turn>,
}

fn nothing() -> String {
    "nothing".into()
}

/// One thing that somebody did with an ask that they owe or, to withdraw it, are owed.
#[derive(Debug, Deserialize)]
pub struct Turn {
    pub by: String,
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub how: How,
    /// The answer, the reason, or what the next one needs to know.
    #[serde(default)]
    pub text: String,
    /// The next one.
    pub to: Option<String>,
    /// The day on whose morning in UTC it is back in sight.
    pub until: Option<i64>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Done,
    Declined,
    HandedOn,
    Snoozed,
    Withdrawn,
}
