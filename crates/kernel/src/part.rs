use crate::{
    Activity, Aside, CodeChange, Decided, Deed, Fact, Gather, GatherAbout, GatherIn, GatherNamed, GatherOf,
    GatherWithin, JobKind, KeptAgreement, Later, Occasion, OneOnOne, Op, RecordKind, Reference, Schedule, Signal,
    Subscriber, TakeReply, Tx, Underway,
};

/// Takes a record and a text that stands in it.
pub type Stand = for<'a> fn(&'a mut Tx<'_>, &'a Reference, &'a str) -> Later<'a, ()>;

/// What a part brings to the program.
pub struct Part {
    pub name: &'static str,
    pub migrations: &'static [Migration],
    pub operations: &'static [Op],
    pub subscribers: &'static [Subscriber],
    pub jobs: &'static [JobKind],
    pub schedules: &'static [Schedule],
    /// The records at which others may point.
    pub records: &'static [RecordKind],
    /// What the reader should know at the start of the day.
    pub signals: Option<Gather<Signal>>,
    /// With whom the reader has a one-on-one in the coming seven days.
    pub one_on_ones: Option<Gather<OneOnOne>>,
    /// Where most was said, the busiest record first.
    pub busiest: Option<GatherIn<Activity>>,
    /// What others decided where the reader takes part, the newest first.
    pub decided: Option<GatherIn<Decided>>,
    /// The records that are the reader's own to look after.
    pub owned: Option<Gather<Reference>>,
    /// What happened to the records that the reader watches, the newest first.
    pub watched: Option<GatherIn<Activity>>,
    /// What stands beside a record of another part.
    pub asides: Option<GatherAbout<Aside>>,
    /// The changes of code that name a record by one of its keys, the newest first.
    pub code: Option<GatherNamed<CodeChange>>,
    /// What somebody did, the newest first: for what they tell of it themselves, and for the one with whom they talk.
    pub deeds: Option<GatherOf<Deed>>,
    /// What was decided where the reader and somebody else both take part, the newest first.
    pub agreed: Option<GatherOf<Decided>>,
    /// What happened in the work of a team, for those who look back at it.
    pub facts: Option<GatherWithin<Fact>>,
    /// What a team agreed on and did not always keep, for those who look back at it.
    pub agreements: Option<GatherWithin<KeptAgreement>>,
    /// What the reader has under way, for those who work while the reader does not.
    pub underway: Option<Gather<Underway>>,
    /// What stands in the reader's calendar.
    pub occasions: Option<GatherIn<Occasion>>,
    /// Takes what calendars answer to the invitations of this part.
    pub calendar_replies: Option<TakeReply>,
    /// Keeps the actor's files that a text of a record shows, and lets whoever sees the record read them.
    pub stand: Option<Stand>,
}

impl Part {
    /// A part that brings nothing yet: `Part { operations: …, ..Part::named("people") }`.
    pub const fn named(name: &'static str) -> Part {
        Part {
            name,
            migrations: &[],
            operations: &[],
            subscribers: &[],
            jobs: &[],
            schedules: &[],
            records: &[],
            signals: None,
            one_on_ones: None,
            busiest: None,
            decided: None,
            owned: None,
            watched: None,
            asides: None,
            code: None,
            deeds: None,
            agreed: None,
            facts: None,
            agreements: None,
            underway: None,
            occasions: None,
            calendar_replies: None,
            stand: None,
        }
    }
}

/// One step of a part's schema, in PostgreSQL's words; its place in the list is its version.
pub struct Migration {
    pub name: &'static str,
    pub sql: &'static str,
    /// Replaces the translation of `sql` where five changed words are not enough.
    pub sqlite: Option<&'static str>,
}

impl Migration {
    pub const fn portable(name: &'static str, sql: &'static str) -> Migration {
        Migration { name, sql, sqlite: None }
    }
}
