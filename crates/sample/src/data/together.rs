//! Check-ins and retrospectives, as the file tells them.
use serde::Deserialize;

/// Questions that come back to a team, and what was answered.
#[derive(Debug, Deserialize)]
pub struct Checkin {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub name: String,
    pub days: Vec<String>,
    pub opens: String,
    pub hours: i64,
    pub goals: String,
    pub questions: Vec<String>,
    pub answers: Vec<Answer>,
}

/// What somebody said on a day, one text for each question.
#[derive(Debug, Deserialize)]
pub struct Answer {
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub texts: Vec<String>,
    #[serde(default)]
    pub goal: String,
    pub blocker: Option<String>,
    /// Who is asked about the blocker.
    pub ask: Option<String>,
}

/// A retrospective, and what was done on it in the order in which it happened.
#[derive(Debug, Deserialize)]
pub struct Board {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub name: String,
    #[serde(default)]
    pub about: String,
    pub format: String,
    #[serde(default)]
    pub anonymous: bool,
    pub steps: Vec<BoardStep>,
}

/// What somebody leaves at the end of a day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub body: String,
}

#[derive(Debug, Deserialize)]
pub struct BoardStep {
    pub by: String,
    pub at: i64,
    pub time: jiff::civil::Time,
    pub what: OnBoard,
    /// A card's words, the phase that ends, or the first card of the topic.
    pub text: String,
    #[serde(default)]
    pub column: usize,
    /// The first card of another topic, what was decided, or who promises.
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub votes: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBoard {
    Card,
    Next,
    Join,
    Vote,
    Decide,
    Promise,
}
