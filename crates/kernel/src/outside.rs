use crate::{BlobName, Error, Later};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What Cairn reaches beyond its database. Jobs get it; operations never do.
pub trait Outside: Send + Sync {
    /// Hands a letter to the mail server, or to the folder that stands in for one.
    fn send(&self, letter: Letter) -> Later<'_, ()>;
    /// Signs a checkpoint as a C2SP signed note, keeps it where the database cannot change it, and returns the note.
    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String>;
    /// Appends a line to the notes of what accounts may do, which no backup holds; it outlives a power cut.
    fn note_access(&self, line: String) -> Later<'_, ()>;
    /// Where the bytes are kept that people bring.
    fn blobs(&self) -> &dyn BlobStore;
    /// Asks another server over HTTP, once: what it answers is given back, a redirect or a failure as well.
    ///
    /// # Errors
    /// `Busy` with a sentence if there was no answer and there may be one later; `Invalid` if the address may not be asked, or
    /// the answer may not be read.
    fn fetch(&self, _: Fetch) -> Later<'_, Fetched> {
        Box::pin(async { Err(Error::invalid("address", "No other server is asked here.")) })
    }
}

/// A folder, or an object store: bytes under names that are used once.
pub trait BlobStore: Send + Sync {
    /// Keeps the bytes; once it has answered they outlive a power cut. To keep the same again changes nothing.
    fn put<'a>(&'a self, name: &'a BlobName, bytes: Vec<u8>) -> Later<'a, ()>;
    /// The bytes under a name; an error if they are not there or not those that the name promises.
    fn get<'a>(&'a self, name: &'a BlobName) -> Later<'a, Vec<u8>>;
    /// Deletes what is under a name, if anything is.
    fn delete<'a>(&'a self, name: &'a BlobName) -> Later<'a, ()>;
}

/// A question to another server. The headers may hold a secret, so it is not printed.
pub struct Fetch {
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    /// What is posted; nothing for a `GET`.
    pub body: Option<Vec<u8>>,
    /// Bytes of the longest body that is taken.
    pub most: usize,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Fetched {
    pub status: u16,
    /// By names in small letters; of one that stands twice the last.
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
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
    /// A calendar with a method, for programs that enter it by themselves.
    #[serde(default)]
    pub calendar: Option<String>,
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
