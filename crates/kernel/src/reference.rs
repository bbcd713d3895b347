use crate::{Documents, Json, Later, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A record of any part, by its kind and its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The noun of the record, such as `team` or `leave`.
    pub kind: String,
    pub id: String,
}

/// What a page shows of a record that another part keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Card {
    pub title: String,
    /// The address of its page, from the root of the site.
    pub href: String,
}

/// A kind of record at which others may point. Its owner lists it in its [`Part`](crate::Part).
pub struct RecordKind {
    pub kind: &'static str,
    /// What stands before the id in the address of a record's page: `/teams/`.
    pub path: &'static str,
    /// For a kind whose records have a conversation: the events that it shows, each with the words that stand behind the
    /// actor's name. Whoever sees the record reads them.
    pub told: Option<Told>,
    /// What the actor may see of the record; nothing if that is nothing, whether or not it exists.
    pub find: for<'a> fn(&'a mut Tx<'_>, &'a str) -> Later<'a, Option<Card>>,
    /// How its records are found by their words; nothing for a kind that the search does not know.
    pub documents: Option<Documents>,
}

/// Verbs of events, and what they say of the one who did it: `("team.archived", "archived the team")`. Where the words
/// hold `{name}`, the text of that name in the event's data stands.
pub type Told = &'static [(&'static str, &'static str)];

/// The job of whoever keeps the search: a record may have changed. Its subject is the record's id, `kind` its only arg.
pub const INDEX_JOB: &str = "search.index";

impl RecordKind {
    /// What an event did, as the readers of the record are told of it: `moved it from Doing to Done`.
    pub fn in_words(&self, verb: &str, data: Option<&str>) -> Option<String> {
        let (_, words) = self.told?.iter().find(|(told, _)| *told == verb)?;
        Some(filled(words, data.unwrap_or_default()))
    }
}

/// The words with what the event tells in place of `{name}`.
fn filled(words: &str, data: &str) -> String {
    let data: Json = serde_json::from_str(data).unwrap_or_default();
    let mut pieces = words.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| match piece.split_once('}') {
        Some((name, rest)) => text + data[name].as_str().unwrap_or("something") + rest,
        None => text + piece,
    })
}

impl Reference {
    pub fn to(kind: &str, id: impl ToString) -> Reference {
        Reference { kind: kind.to_owned(), id: id.to_string() }
    }
}
