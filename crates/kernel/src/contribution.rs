//! What parts add to pages that they do not own, such as the start of the day. Each is asked with the reader as the
//! actor, and tells what this reader may know.
use crate::{Id, Later, Person, Reference, Team, Time, Tx, words};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::ops::Range;

/// Gathers what one part has to say to the actor.
pub type Gather<T> = for<'a> fn(&'a mut Tx<'_>) -> Later<'a, Vec<T>>;

/// Gathers what one part has to say to the actor about a stretch of time.
pub type GatherIn<T> = for<'a> fn(&'a mut Tx<'_>, Range<Time>) -> Later<'a, Vec<T>>;

/// Gathers what one part has to say to the actor about somebody, whom the actor sees, in a stretch of time.
pub type GatherOf<T> = for<'a> fn(&'a mut Tx<'_>, Id<Person>, Range<Time>) -> Later<'a, Vec<T>>;

/// Gathers what one part has to say to the actor about one record, which the actor sees.
pub type GatherAbout<T> = for<'a> fn(&'a mut Tx<'_>, &'a Reference) -> Later<'a, Vec<T>>;

/// Gathers what one part knows of the work of a team, whose rituals the actor shares, in a stretch of time.
pub type GatherWithin<T> = for<'a> fn(&'a mut Tx<'_>, Id<Team>, Range<Time>) -> Later<'a, Vec<T>>;

/// What happened in the work of a team: how often, and what it was. Never by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Fact {
    /// `issue finished`
    pub one: &'static str,
    /// `issues finished`
    pub many: &'static str,
    pub count: i64,
    /// Some of the latest of them, the newest first.
    pub latest: Vec<Happening>,
}

/// One of the things that a [`Fact`] counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Happening {
    pub title: String,
    /// The page of the record, from the root of the site.
    pub href: String,
    pub at: Time,
}

/// Something that a team agreed on about its work, and how it was kept in a stretch of time. Never by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct KeptAgreement {
    /// A sentence without a stop: `A pull request changes at most 300 lines`.
    pub sentence: String,
    /// In so many cases.
    pub kept: i64,
    /// Of so many that it concerned.
    pub of: i64,
    /// The page with what did not keep it, from the root of the site.
    pub href: String,
}

/// Work that the reader has under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Underway {
    pub title: String,
    /// The page of the record, from the root of the site.
    pub href: String,
    /// What others could do for it meanwhile: `a review`. Nothing if it waits for its owner.
    pub wants: Option<&'static str>,
    pub since: Time,
}

/// What a part adds to the page of a record that another part keeps. Never a judgement of a person.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Aside {
    /// Sentence case, as the head of a card.
    pub title: &'static str,
    pub says: Vec<String>,
    /// How much may be done by when, where that is what it is about.
    pub course: Option<Course>,
    /// The page with more, from the root of the site, and what its link says.
    pub href: String,
    pub link: &'static str,
}

/// Gathers what one part has to say to the actor about a record that is known by these names, and that the actor sees.
pub type GatherNamed<T> = for<'a> fn(&'a mut Tx<'_>, &'a [String]) -> Later<'a, Vec<T>>;

words! {
    /// How a change of code stands.
    pub enum CodeState {
        Draft = "draft",
        Open = "open",
        Merged = "merged",
        Closed = "closed",
        Committed = "committed",
    }
}

/// A pull request or a commit that names a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CodeChange {
    /// `shop#12`, or `shop 3f664917c2`.
    pub name: String,
    pub title: String,
    pub state: CodeState,
    /// It only mentions the record; else it is the work on it.
    pub mentions: bool,
    /// The person, or the name at the code host.
    pub by_name: Option<String>,
    pub at: Time,
    /// Its page at the code host, where that is known.
    pub href: Option<String>,
}

/// Where a number that grows may go: bands about a line in the middle, with something to reach.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Course {
    /// What grows, as the description of a picture.
    pub label: String,
    /// Of the places across, the first of which is the start with nothing.
    pub names: Vec<String>,
    /// Pairs of the lower and the upper values at each place, the widest band first.
    pub bands: Vec<(Vec<f64>, Vec<f64>)>,
    pub middle: Vec<f64>,
    /// The number to reach, and what it is.
    pub goal: Option<(f64, String)>,
    /// The place across by which to reach it, the start being 0, and what it is.
    pub deadline: Option<(f64, String)>,
}

/// What others than the reader said and did about a record that the reader sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Activity {
    pub about: Reference,
    pub title: String,
    /// The page of the record, from the root of the site.
    pub href: String,
    pub comments: i64,
    /// How many people wrote them.
    pub writers: i64,
    /// What was done, the first first: `Mara Lindqvist archived the team`.
    pub changes: Vec<String>,
    pub last_at: Time,
}

/// What was decided about a record that the reader sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Decided {
    pub about: Reference,
    pub title: String,
    /// The page of the record, from the root of the site.
    pub href: String,
    /// In one sentence.
    pub outcome: String,
    pub by_name: String,
    pub at: Time,
}

/// Something that somebody did. It is never counted, and nobody is compared by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Deed {
    /// `Finished`, `Merged`
    pub verb: &'static str,
    pub title: String,
    /// The page of the record, from the root of the site.
    pub href: String,
    pub at: Time,
}

/// Something about a team or its work that the reader should know today. Never a judgement of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Signal {
    pub tone: Tone,
    /// One word: `Late`, `Load`, `Better`.
    pub mark: &'static str,
    /// A sentence without a stop: `Reviews rest on two people`.
    pub sentence: String,
    /// What the sentence rests on: what was counted, over which time, and how much of it.
    pub basis: String,
    pub sure: Sure,
    /// The page with the rows on which it rests, from the root of the site.
    pub evidence: String,
}

words! {
    /// The most pressing first.
    pub enum Tone {
        Bad = "bad",
        Warn = "warn",
        Good = "good",
    }
}

words! {
    /// How sure a signal is.
    pub enum Sure {
        /// It was counted, and the rows can be counted again.
        Counted = "counted",
        /// By an estimate that has come true at least four times in five.
        Likely = "likely",
        /// By an estimate of which no more is known.
        Possible = "possible",
    }
}

/// A one-on-one of the reader in the coming days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OneOnOne {
    pub person: Id<Person>,
    pub name: String,
    /// The reader's own date; nothing when none is planned.
    pub on: Option<Date>,
    /// When the call begins, if there is one.
    pub at: Option<Time>,
    /// `3 points, 1 open promise of yours`
    pub note: String,
    /// Its page, from the root of the site.
    pub href: String,
}

/// Something with a time that stands in the reader's calendar.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Occasion {
    /// Stays the same whatever else changes, and is unlike that of any other: `meeting-0190c2`.
    pub key: String,
    pub title: String,
    /// The page with more, from the root of the site.
    pub href: String,
    pub from: Time,
    pub to: Time,
    /// Raised with each change.
    pub revision: i64,
    pub changed_at: Time,
    pub cancelled: bool,
    /// Whether somebody has to be there, and is not free meanwhile.
    pub busy: bool,
}

/// What the calendar program of somebody answers to an invitation, as it came by mail (RFC 5546).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarReply {
    /// The secret in the address to which it was delivered.
    pub secret: String,
    /// Who sent the letter, in lower case; nothing unless it is exactly one.
    pub from: Option<String>,
    pub uid: String,
    /// The version of the event that it answers.
    pub sequence: i64,
    /// The mail address of the one whose calendar answers, in lower case.
    pub attendee: String,
    pub attendance: Attendance,
    /// When the program wrote it, by its own clock.
    pub written_at: Option<Time>,
}

words! {
    /// Whether somebody comes, as their calendar says.
    pub enum Attendance {
        Accepted = "accepted",
        Tentative = "tentative",
        Declined = "declined",
    }
}

words! {
    /// What became of the answer of a calendar.
    pub enum Taken {
        Kept = "kept",
        /// It answers a date that is not the current one any more, or a later answer came before it.
        TooOld = "too_old",
        /// Whoever was invited has no access any more.
        NoAccess = "no_access",
        /// It is not of the one who was invited, or not about that invitation.
        OtherSender = "other_sender",
    }
}

/// Takes the answer of a calendar; nothing if this part did not invite it.
pub type TakeReply = for<'a> fn(&'a mut Tx<'_>, &'a CalendarReply) -> Later<'a, Option<Taken>>;

impl Fact {
    /// `1 issue finished`, `12 issues finished`
    pub fn in_words(&self) -> String {
        match self.count {
            1 => format!("1 {}", self.one),
            count => format!("{count} {}", self.many),
        }
    }
}

impl KeptAgreement {
    /// `kept in 6 of 14, 8 exceptions`
    pub fn in_words(&self) -> String {
        let broken = self.of - self.kept;
        let exceptions = if broken == 1 { "exception" } else { "exceptions" };
        format!("kept in {} of {}, {broken} {exceptions}", self.kept, self.of)
    }
}

impl Activity {
    /// `3 comments by 2 people`; nothing if there are none.
    pub fn said(&self) -> String {
        match (self.comments, self.writers) {
            (0, _) => String::new(),
            (1, _) => "1 comment".into(),
            (comments, 1) => format!("{comments} comments by 1 person"),
            (comments, writers) => format!("{comments} comments by {writers} people"),
        }
    }
}

impl Sure {
    pub fn title(self) -> &'static str {
        match self {
            Sure::Counted => "Counted",
            Sure::Likely => "Likely",
            Sure::Possible => "Possible",
        }
    }
}
