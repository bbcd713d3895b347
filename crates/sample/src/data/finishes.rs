//! The rows of `finishes.toml`.
use serde::Deserialize;

/// What a team finished elsewhere.
#[derive(Debug, Deserialize)]
pub struct Finishes {
    pub team: String,
    pub by: String,
    pub name: String,
    pub since: i64,
    /// Items a week, for equal spans from `since` on.
    pub paces: Vec<u32>,
    /// The days on which the file was brought, each time as it was then.
    pub imports: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Commitment {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub name: String,
    pub to: String,
    pub due: i64,
    /// How many are left by hand, or the issue below which they are counted.
    pub items: Option<u32>,
    pub below: Option<String>,
    pub focus: Option<u32>,
    pub note: String,
    #[serde(default, rename = "part")]
    pub parts: Vec<CommitmentPart>,
    #[serde(default, rename = "recount")]
    pub recounts: Vec<Recount>,
}

#[derive(Debug, Deserialize)]
pub struct CommitmentPart {
    pub team: String,
    pub name: String,
    pub items: u32,
    pub focus: u32,
    pub waits_for: Vec<String>,
}

/// How many items of the first part were left on a day.
#[derive(Debug, Deserialize)]
pub struct Recount {
    pub at: i64,
    pub items: u32,
}
