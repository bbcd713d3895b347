//! The rows of `one_on_ones.toml`.
use serde::Deserialize;

/// The standing page of two people, and what they did on it.
#[derive(Debug, Deserialize)]
pub struct OneOnOne {
    pub lead: String,
    pub other: String,
    pub kind: String,
    pub cadence: String,
    #[serde(rename = "turn")]
    pub turns: Vec<Exchange>,
}

/// One thing that one of the two did. Times are local ones of whoever did it.
#[derive(Debug, Deserialize)]
pub struct Exchange {
    pub by: String,
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub what: What,
    /// What was written: a point, an answer, a promise, notes, or a reason.
    #[serde(default)]
    pub text: String,
    /// A name by which later turns find the point or promise.
    #[serde(default)]
    pub name: String,
    /// The day of a new date or of a promise, and the hour of a date on the clock of whoever set it.
    pub to: Option<i64>,
    pub hour: Option<jiff::civil::Time>,
    /// How the two talked, or whose promise it is.
    #[serde(default)]
    pub how: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Start,
    Move,
    Point,
    Answer,
    Close,
    Drop,
    Notes,
    Hold,
    Promise,
    Keep,
    Release,
}
