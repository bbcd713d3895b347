use crate::Later;
use serde::{Deserialize, Serialize};

/// What Cairn reaches beyond its database. Jobs get it; operations never do.
pub trait Outside: Send + Sync {
    /// Hands a letter to the mail server, or to the folder that stands in for one.
    fn send(&self, letter: Letter) -> Later<'_, ()>;
    /// Signs a checkpoint as a C2SP signed note, keeps it where the database cannot change it, and returns the note.
    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String>;
}

/// One mail to one person.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub id: String,
    pub to: String,
    pub subject: String,
    /// Headers beside the usual ones, such as `References`.
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub html: String,
}

/// The state of one workspace's event chain.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoint {
    pub workspace: String,
    /// How many events it covers.
    pub size: i64,
    /// The hash of the last of them, in hexadecimal.
    pub head: String,
}
