use crate::{Id, Later, Person, Role, Team, Time, Tx};
use std::fmt;

/// The records of a kind as the search knows them.
#[derive(Clone, Copy)]
pub struct Documents {
    /// The kind as a heading, such as `People`.
    pub title: &'static str,
    /// Reads a record as it stands now, whoever asks; nothing if it is gone.
    pub read: for<'a> fn(&'a mut Tx<'_>, &'a str) -> Later<'a, Option<Document>>,
    /// The ids of the records after this one, in the order of the ids: a page of them, and nothing after the last.
    pub list: for<'a> fn(&'a mut Tx<'_>, &'a str) -> Later<'a, Vec<String>>,
}

/// What can be found of a record, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub title: String,
    /// All other words by which it is found, in the order in which they are read.
    pub body: String,
    /// A word about its state, such as `Left`, or nothing.
    pub mark: &'static str,
    pub author: Option<Id<Person>>,
    pub team: Option<Id<Team>>,
    /// When it began; later documents come first.
    pub at: Time,
    /// Anyone of these, and nobody else. It must not be wider than what the kind's `find` shows.
    pub readers: Vec<Reader>,
}

/// Who may find a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Everyone of the company; no guest.
    Colleagues,
    Person(Id<Person>),
    /// Those who are members of the team on the day of the search.
    Team(Id<Team>),
    Role(Role),
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reader::Colleagues => f.write_str("all"),
            Reader::Person(id) => write!(f, "person:{id}"),
            Reader::Team(id) => write!(f, "team:{id}"),
            Reader::Role(role) => write!(f, "role:{}", role.name()),
        }
    }
}
