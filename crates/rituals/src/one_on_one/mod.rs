//! One-on-ones: a standing document of two people, which nobody else reads.
mod attendance;
pub mod call_off;
mod document;
mod end;
mod invitation;
mod list;
mod meeting;
mod notes;
mod occasion;
mod parts;
mod past;
mod point;
mod point_page;
mod prepare;
mod prepare_page;
mod questions;
mod rhythm;
mod rhythm_page;
mod settings;
mod show;
mod slot_list;
mod slots;
mod start;
mod templates;

pub(crate) use attendance::take_reply;
pub use attendance::{Answered, DATE};
pub use document::RECORD;
pub use end::{EndOneOnOne, ResumeOneOnOne};
pub use invitation::JOB;
pub use list::{ListOneOnOnes, Overview, Pairs, gather};
pub use meeting::{HoldMeeting, Meeting, MeetingState, Move, MoveMeeting};
pub use notes::{Notes, WriteNotes};
pub(crate) use occasion::occasions;
pub use point::{AddPoint, ClosePoint, DropPoint, EditPoint, Point, PointState, ReopenPoint, Reply, ReplyToPoint};
pub use prepare::{Away, Preparation, PrepareOneOnOne, Side, Waiting};
pub use questions::{ListQuestions, Question, Theme};
pub use rhythm::{Rhythm, Shared, ShowRhythm};
pub use settings::EditOneOnOne;
pub(crate) use show::again;
pub use show::{ShowOneOnOne, View};
pub use slot_list::{Carried, ListSlots, Slot, Slots};
pub use start::StartOneOnOne;
pub use templates::{Template, UseTemplate};

use kernel::{Error, Id, Person, Result, Time, Tx, args, columns, sql, words};
use people::access::today;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// What the two are to each other.
    pub enum Kind {
        /// The lead is the manager.
        Report = "report",
        /// The lead is further above in the reporting line.
        SkipLevel = "skip_level",
        Mentor = "mentor",
        Buddy = "buddy",
        Peers = "peers",
    }
}

words! {
    /// How often the two want to talk.
    pub enum Cadence {
        Weekly = "weekly",
        Fortnightly = "fortnightly",
        /// Every four weeks.
        Monthly = "monthly",
        AsNeeded = "as_needed",
    }
}

impl Kind {
    pub fn title(self) -> &'static str {
        match self {
            Kind::Report => "Manager and report",
            Kind::SkipLevel => "Skip-level",
            Kind::Mentor => "Mentor",
            Kind::Buddy => "Buddy",
            Kind::Peers => "Peers",
        }
    }
}

impl Cadence {
    pub fn title(self) -> &'static str {
        match self {
            Cadence::Weekly => "Every week",
            Cadence::Fortnightly => "Every two weeks",
            Cadence::Monthly => "Every four weeks",
            Cadence::AsNeeded => "When one of you wants to",
        }
    }

    pub fn weeks(self) -> Option<i64> {
        match self {
            Cadence::Weekly => Some(1),
            Cadence::Fortnightly => Some(2),
            Cadence::Monthly => Some(4),
            Cadence::AsNeeded => None,
        }
    }
}

/// A one-on-one, for the two whose it is.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "StandingOneOnOne")]
pub struct OneOnOne {
    pub id: Id<OneOnOne>,
    pub kind: Kind,
    /// The manager, the one above, the mentor or the buddy; among peers, whoever began.
    pub lead_id: Id<Person>,
    pub lead_name: String,
    pub lead_photo: Option<String>,
    pub lead_zone: String,
    pub other_id: Id<Person>,
    pub other_name: String,
    pub other_photo: Option<String>,
    pub other_zone: String,
    pub cadence: Cadence,
    /// How long a call is meant to take.
    pub minutes: i64,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    /// Neither ended, nor overtaken by another manager.
    pub runs: bool,
}
columns!(OneOnOne {
    id,
    kind,
    lead_id,
    lead_name,
    lead_photo,
    lead_zone,
    other_id,
    other_name,
    other_photo,
    other_zone,
    cadence,
    minutes,
    started_at,
    ended_at,
    runs,
});

/// Whether a one-on-one runs today, `$3`: one of a manager and a report lasts as long as the reporting line.
const RUNS: &str = concat!(
    " o.ended_at is null and (o.kind <> 'report' or exists (
        select 1 from manager_lines m
         where m.workspace_id = $1 and m.person_id = o.other_id and m.manager_id = o.lead_id and",
    people::holds!("m", "$3"),
    ")) "
);

/// What every query of one-on-ones reads, as `o`.
const SELECT: &str = "select o.id, o.kind, o.lead_id, l.name as lead_name, l.photo as lead_photo, l.zone as lead_zone,
            o.other_id, p.name as other_name, p.photo as other_photo, p.zone as other_zone, o.cadence, o.minutes,
            o.started_at, o.ended_at,";
const FROM: &str = "as runs from one_on_ones o
       join people l on l.workspace_id = o.workspace_id and l.id = o.lead_id
       join people p on p.workspace_id = o.workspace_id and p.id = o.other_id ";

/// The reach of every query that shows one-on-ones: the two, whatever else they or others may do.
const VISIBLE: &str = " o.workspace_id = $1 and (o.lead_id = $2 or o.other_id = $2) ";

/// One of the two, as the page shows them.
#[derive(Clone, Copy, Debug)]
pub struct Party<'a> {
    pub id: Id<Person>,
    pub name: &'a str,
    pub photo: Option<&'a str>,
    pub zone: &'a str,
}

impl<'a> Party<'a> {
    pub fn first_name(&self) -> &'a str {
        self.name.split(' ').next().unwrap_or(self.name)
    }

    pub fn place(&self) -> String {
        self.zone.rsplit('/').next().unwrap_or(self.zone).replace('_', " ")
    }
}

impl OneOnOne {
    /// The one-on-one, if the actor is one of the two.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<OneOnOne>) -> Result<OneOnOne> {
        let select = sql!(SELECT, RUNS, FROM, "where", VISIBLE, "and o.id = $4");
        let (me, today) = (tx.me(), today(tx));
        tx.one(select, args![tx.workspace(), me, today, id]).await
    }

    pub(crate) fn refuse_ended(&self) -> Result<()> {
        match self.ended_at {
            None => Ok(()),
            Some(_) => Err(Error::conflict("This one-on-one was ended. Take it up again before you change it.")),
        }
    }

    pub fn lead(&self) -> Party<'_> {
        Party { id: self.lead_id, name: &self.lead_name, photo: self.lead_photo.as_deref(), zone: &self.lead_zone }
    }

    pub fn other(&self) -> Party<'_> {
        Party { id: self.other_id, name: &self.other_name, photo: self.other_photo.as_deref(), zone: &self.other_zone }
    }

    /// The one of the two who is not this one.
    pub fn facing(&self, me: Id<Person>) -> Party<'_> {
        if self.lead_id == me { self.other() } else { self.lead() }
    }

    pub fn party(&self, id: Id<Person>) -> Party<'_> {
        if self.lead_id == id { self.lead() } else { self.other() }
    }

    pub fn has(&self, person: Id<Person>) -> bool {
        self.lead_id == person || self.other_id == person
    }

    /// Whether one of the two led the other, near or far, when it began.
    pub fn follows_the_line(&self) -> bool {
        matches!(self.kind, Kind::Report | Kind::SkipLevel)
    }

    /// `Ines and Mara`
    pub fn title(&self) -> String {
        format!("{} and {}", self.other().first_name(), self.lead().first_name())
    }

    /// What the other one is to the reader: `Your manager`.
    pub fn relation(&self, me: Id<Person>) -> &'static str {
        match (self.kind, self.lead_id == me) {
            (Kind::Report, true) => "Reports to you",
            (Kind::Report, false) => "Your manager",
            (Kind::SkipLevel, true) => "Skip-level, in your line",
            (Kind::SkipLevel, false) => "Skip-level, above your manager",
            (Kind::Mentor, true) => "You are the mentor",
            (Kind::Mentor, false) => "Your mentor",
            (Kind::Buddy, true) => "You are the buddy",
            (Kind::Buddy, false) => "Your buddy",
            (Kind::Peers, _) => "Peers",
        }
    }
}

/// When the next one is, if it has a date.
pub(crate) async fn next_at(tx: &mut Tx<'_>, id: Id<OneOnOne>) -> Result<Option<Time>> {
    Ok(meeting::next(tx, id).await?.starts_at)
}

/// The address of the page.
pub(crate) fn place(id: Id<OneOnOne>) -> String {
    format!("/one-on-ones/{id}")
}

/// The topic to which the list of one person listens.
pub(crate) fn topic(person: Id<Person>) -> String {
    format!("one-on-ones-{person}")
}

/// Tells the two that something changed. The event holds nothing, as nobody else is to learn from it.
pub(crate) fn tell(tx: &mut Tx<'_>, verb: &'static str, one_on_one: &OneOnOne) {
    tx.record(verb, one_on_one.id, kernel::json!({}));
    tx.touch(topic(one_on_one.lead_id));
    tx.touch(topic(one_on_one.other_id));
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/one-on-ones", list::list)
        .get("/one-on-ones/new", start::new)
        .post("/one-on-ones/new", start::save)
        .get("/one-on-ones/{one_on_one}", show::show)
        .get("/one-on-one-dates/{meeting}", attendance::find)
        .get("/one-on-ones/{one_on_one}/past", past::show)
        .get("/one-on-ones/{one_on_one}/preparation", prepare_page::show)
        .get("/one-on-ones/{one_on_one}/settings", settings::form)
        .post("/one-on-ones/{one_on_one}/settings", settings::save)
        .post("/one-on-ones/{one_on_one}/end", end::end)
        .post("/one-on-ones/{one_on_one}/resume", end::resume)
        .get("/one-on-ones/{one_on_one}/date", meeting::form)
        .post("/one-on-ones/{one_on_one}/date", meeting::save)
        .post("/one-on-ones/{one_on_one}/held", meeting::hold)
        .post("/one-on-ones/{one_on_one}/notes", notes::save)
        .get("/one-on-ones/{one_on_one}/questions", questions::show)
        .post("/one-on-ones/{one_on_one}/templates", templates::save)
        .post("/one-on-ones/{one_on_one}/points", point_page::add)
        .get("/talking-points/{point}", point_page::show)
        .post("/talking-points/{point}", point_page::edit)
        .post("/talking-points/{point}/replies", point_page::reply)
        .post("/talking-points/{point}/closed", point_page::close)
        .post("/talking-points/{point}/dropped", point_page::give_up)
        .post("/talking-points/{point}/reopened", point_page::reopen)
}
