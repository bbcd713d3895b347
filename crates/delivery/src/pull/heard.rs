//! What tells one stored thing from another, and what was heard of it.
use super::{Host, place};
use crate::repository::Repository;
use forge::{Kind, Record, Told};
use kernel::{Error, Id, Json, Result};
use serde_json::Map;

/// Where a record is kept, and under which key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Pull(Id<Repository>, i64),
    Review(Id<Repository>, i64, String),
    Comment(Id<Repository>, i64, String),
    Event(Id<Repository>, i64, String),
    Commit(Id<Repository>, i64, String),
    Thing(Kind, String),
}

impl Key {
    /// Nothing for a record that does not say where it belongs.
    pub fn of(record: &Record, repository: Option<Id<Repository>>) -> Option<Key> {
        let id = || short(&record.id);
        let of_pull = repository.zip(record.number);
        match record.kind {
            Kind::Pull => of_pull.map(|(repository, number)| Key::Pull(repository, number)),
            Kind::Review => of_pull.map(|(repository, number)| Key::Review(repository, number, id())),
            Kind::Comment => of_pull.map(|(repository, number)| Key::Comment(repository, number, id())),
            Kind::Event => {
                of_pull.and_then(|(repository, number)| Some(Key::Event(repository, number, event(record)?)))
            }
            Kind::Commit => match of_pull {
                Some((repository, number)) => Some(Key::Commit(repository, number, format!("{number} {}", id()))),
                None => Some(Key::Thing(Kind::Commit, id())),
            },
            Kind::Issue => Some(Key::Thing(Kind::Issue, id())),
            Kind::Release => {
                let place = record.place.name.as_deref().or(record.place.id.as_deref())?;
                Some(Key::Thing(Kind::Release, short(&format!("{place} {}", record.id))))
            }
            kind @ (Kind::Account | Kind::Repository) => Some(Key::Thing(kind, id())),
        }
    }
}

/// Ids are numbers and hashes; longer texts are none, and PostgreSQL would not index them.
fn short(id: &str) -> String {
    id.chars().filter(|c| !c.is_control()).take(300).collect()
}

/// An event is what happened when, and to whom: webhooks give no id, and lists do.
fn event(record: &Record) -> Option<String> {
    let event = record.fields.get("event")?.as_str()?;
    let at = record.fields.get("at")?.as_i64()?;
    let of = record.fields.get("of").and_then(|of| of.get("login")).and_then(Json::as_str).unwrap_or_default();
    let number = record.number?;
    Some(short(format!("{number} {event} {at} {of}").trim_end()))
}

/// What was heard of one thing now, and before.
#[derive(Default)]
pub(super) struct Heard<'r> {
    pub records: Vec<&'r Record>,
    pub told: Told,
}

impl Heard<'_> {
    /// Joins both, and says whether that changed anything. What is no part of a pull request is told with where it stands,
    /// as the row itself does not say it.
    pub fn join(&mut self, host: Host, key: &Key, before: Option<&str>) -> Result<bool> {
        if let Some(text) = before {
            self.told = serde_json::from_str(text).map_err(Error::internal)?;
        }
        let mut changed = before.is_none();
        for record in &self.records {
            changed |= match key {
                Key::Thing(..) => self.told.hear(&placed(host, record)),
                _ => self.told.hear(record),
            };
        }
        Ok(changed)
    }
}

/// Before the names of the places in what was told of a thing.
pub(super) const PLACE: &str = "in ";

/// A record with its number and its place as fields. A thing may stand in several places, as a commit in a copy of its
/// repository, so each of them is a field of its own, whose value is the address.
fn placed(host: Host, record: &Record) -> Record {
    let mut record = (*record).clone();
    if let Some(number) = record.number {
        record.fields.insert("number".into(), number.into());
    }
    if let Some(key) = place::keys(&record.place).first().filter(|_| has_place(record.kind)) {
        record.fields.insert(format!("{PLACE}{key}"), place::location(host, &record.place).into());
    }
    record
}

/// An account and a repository stand nowhere but at the host.
fn has_place(kind: Kind) -> bool {
    matches!(kind, Kind::Commit | Kind::Issue | Kind::Release)
}

/// The fields of a thing, by what they are expected to be.
pub(super) struct Said(pub Map<String, Json>);

impl Said {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name)?.as_i64()
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        self.0.get(name)?.as_bool()
    }

    pub fn login(&self, name: &str) -> Option<String> {
        Some(self.0.get(name)?.get("login")?.as_str()?.to_lowercase())
    }

    pub fn list(&self, name: &str) -> Vec<&str> {
        self.0.get(name).and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str).collect()
    }
}
