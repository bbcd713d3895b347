//! Notes of their author alone: sealed with a key that only the author has, and found by looking through all of them while
//! they are open. Those of this file that handle what was sealed are called from its pages only, as no program and no
//! token has the key.
mod edit;
mod expire;
mod gate;
mod list;
mod promote;
mod store;

pub use expire::{JOB, SCHEDULE};
pub(crate) use list::card;

use crate::one_on_one::OneOnOne;
use kernel::{Error, Id, Person, Result, Time};
use people::account::sealed::cipher::{Key, Place};
use serde::{Deserialize, Serialize};
use store::Stored;
use ui::{Cx, Pages};

/// A note as its author reads it.
pub(crate) struct Note {
    pub id: Id<Stored>,
    pub title: String,
    pub body: String,
    /// The one-on-one with which it is kept.
    pub about: Option<Id<OneOnOne>>,
    pub revision: i64,
    pub updated_at: Time,
    pub expires_at: Option<Time>,
}

/// What is sealed as the head of a note, so that the table tells neither its title nor whom it is about.
#[derive(Serialize, Deserialize)]
struct Head {
    title: String,
    about: Option<Id<OneOnOne>>,
}

const TABLE: &str = "sealed_notes";

fn place<'a>(id: &'a Id<Stored>, owner: &'a Id<Person>, column: &'static str, revision: i64) -> Place<'a> {
    Place { table: TABLE, row: id.as_str(), column, owner: owner.as_str(), revision }
}

impl Note {
    /// Opens what is stored; nothing if it was changed, or moved here from elsewhere.
    fn open(key: &Key, owner: Id<Person>, stored: &Stored) -> Result<Option<Note>> {
        let at = |column| place(&stored.id, &owner, column, stored.revision);
        let (Some(head), Some(body)) = (key.open(at("head"), &stored.head)?, key.open(at("body"), &stored.body)?)
        else {
            return Ok(None);
        };
        let head: Head = serde_json::from_slice(&head).map_err(Error::internal)?;
        let body = String::from_utf8(body.to_vec()).map_err(Error::internal)?;
        let Stored { id, revision, updated_at, expires_at, .. } = *stored;
        Ok(Some(Note { id, title: head.title, body, about: head.about, revision, updated_at, expires_at }))
    }

    fn seal(&self, key: &Key, owner: Id<Person>) -> Result<Stored> {
        let at = |column| place(&self.id, &owner, column, self.revision);
        let head = Head { title: self.title.clone(), about: self.about };
        let head = serde_json::to_vec(&head).map_err(Error::internal)?;
        Ok(Stored {
            id: self.id,
            revision: self.revision,
            head: key.seal(at("head"), &head)?,
            body: key.seal(at("body"), self.body.as_bytes())?,
            updated_at: self.updated_at,
            expires_at: self.expires_at,
        })
    }

    fn holds(&self, words: &str) -> bool {
        let text = format!("{}\n{}", self.title, self.body).to_lowercase();
        words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// The reader's notes, the latest first.
struct Opened {
    notes: Vec<Note>,
    /// So many do not open: they were changed or moved in the database.
    broken: usize,
}

async fn all(cx: &Cx, key: &Key) -> Result<Opened> {
    let stored = cx.read(store::LoadNotes {}).await?;
    let notes = stored.iter().map(|one| Note::open(key, cx.actor().person, one)).collect::<Result<Vec<_>>>()?;
    let notes: Vec<Note> = notes.into_iter().flatten().collect();
    Ok(Opened { broken: stored.len() - notes.len(), notes })
}

/// The note of the address, if it is the reader's and opens.
async fn find(cx: &Cx, key: &Key) -> Result<Note> {
    let id: Id<Stored> = cx.text("note").parse().map_err(|_| Error::NotFound)?;
    all(cx, key).await?.notes.into_iter().find(|note| note.id == id).ok_or(Error::NotFound)
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/notes", list::list)
        .get("/notes/new", edit::new)
        .post("/notes/new", edit::add)
        .post("/notes/found", list::search)
        .post("/notes/key", gate::begin)
        .post("/notes/key/code", gate::renew)
        .post("/notes/key/confirmed", gate::confirm)
        .post("/notes/key/recovered", gate::recover)
        .post("/notes/key/locked", gate::lock)
        .post("/notes/key/discarded", gate::discard)
        .get("/notes/{note}", edit::show)
        .post("/notes/{note}", edit::save)
        .post("/notes/{note}/removal", edit::remove)
        .post("/notes/{note}/promotion", promote::promote)
}
