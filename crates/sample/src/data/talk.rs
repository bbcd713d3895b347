//! The rows of `comments.toml`.
use jiff::civil::Time;
use serde::Deserialize;

/// What was said about a record, in its order.
#[derive(Debug, Deserialize)]
pub struct Thread {
    /// As asks name what they are about.
    pub about: String,
    pub say: Vec<Comment>,
    pub resolve: Option<Said>,
}

#[derive(Debug, Deserialize)]
pub struct Comment {
    #[serde(flatten)]
    pub said: Said,
    /// What is wanted of those who are named: `question` or `decision`.
    #[serde(default = "inform")]
    pub intent: String,
    pub due: Option<String>,
    /// Whether it answers what its author was asked here.
    #[serde(default)]
    pub answers: bool,
    /// Whether it is what came of a call.
    #[serde(default)]
    pub call: bool,
    #[serde(default)]
    pub attach: Vec<Attachment>,
    /// What it says since it was edited.
    pub edited: Option<Change>,
    #[serde(default)]
    pub react: Vec<Reaction>,
}

#[derive(Debug, Deserialize)]
pub struct Said {
    pub by: String,
    pub at: i64,
    pub time: Time,
    pub text: String,
}

/// A file of its author: text, or a picture of bars with these heights.
#[derive(Debug, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub text: Option<String>,
    #[serde(default)]
    pub bars: Vec<u32>,
}

#[derive(Debug, Deserialize)]
pub struct Change {
    pub at: i64,
    pub time: Time,
    pub text: String,
}

#[derive(Debug, Deserialize)]
pub struct Reaction {
    pub by: String,
    pub at: i64,
    pub time: Time,
    pub word: String,
}

fn inform() -> String {
    "inform".into()
}
