use crate::{Door, Id, Job, Json, Later, Person, Time, Tx};

/// What happened, in the words of the product: `checkin.answered`, about the check-in with this id.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: Id<Event>,
    pub at: Time,
    pub actor: Id<Person>,
    pub door: Door,
    pub verb: String,
    pub subject: String,
    pub data: Json,
}

impl Event {
    /// The noun of `checkin.answered` is `checkin`.
    pub fn noun(&self) -> &str {
        self.verb.split('.').next().unwrap_or_default()
    }
}

/// Reacts to an event, in a transaction of its own, after the one that recorded it. It may run more than once if the
/// process dies, but its effects and the end of the job are saved together.
pub struct Subscriber {
    /// Stable: it is stored with the waiting jobs.
    pub name: &'static str,
    /// `checkin.answered`, or `checkin.*` for all verbs of a noun.
    pub pattern: &'static str,
    pub run: for<'a> fn(&'a mut Tx<'_>, &'a Job) -> Later<'a, ()>,
}

impl Subscriber {
    pub fn wants(&self, verb: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(start) => verb.starts_with(start),
            None => verb == self.pattern,
        }
    }
}
