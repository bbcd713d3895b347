//! One ask: what it wants of whom, until when, and how it ended.
mod close;
mod document;
mod gone;
mod hand_on;
mod list;
mod outlook;
mod preview;
mod raise;
mod reopen;
mod show;
mod snooze;
mod tell;
mod withdraw;

pub use close::{DeclineAsks, FinishAsks};
pub use gone::{RESTORE, WITHDRAW};
pub use hand_on::HandOnAsks;
pub use list::{AskPage, CountAsks, Counts, ListAsks, Pile};
pub use preview::PreviewAsk;
pub use raise::{RAISE, RaiseAsk};
pub use reopen::ReopenAsks;
pub use show::{AskView, ShowAsk};
pub use snooze::SnoozeAsks;
pub use tell::SETTLE;
pub use withdraw::WithdrawAsks;

pub(crate) use hand_on::pass;
pub(crate) use list::counts;
pub(crate) use preview::hours;
pub(crate) use raise::{Draft, raise};
pub(crate) use show::{due_chip, panel, what};
pub(crate) use tell::{all, around, end, inbox_topic, tell};

use kernel::{
    Due, Error, Id, Later, Person, RecordKind, Result, Silence, Time, Told, Tx, Verb, args, columns, list, sql, words,
};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    pub enum State {
        Open = "open",
        Done = "done",
        Declined = "declined",
        HandedOn = "handed_on",
        /// The due time passed, and silence had a meaning.
        Lapsed = "lapsed",
        Withdrawn = "withdrawn",
    }
}

/// An ask as the one who is asked and the one who asks see it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ask {
    pub id: Id<Ask>,
    /// The same for all asks of one question to several people.
    pub batch: Id<Ask>,
    pub receiver_id: Id<Person>,
    pub receiver_name: String,
    /// Nobody where Cairn itself asks.
    pub asker_id: Option<Id<Person>>,
    pub asker_name: Option<String>,
    pub verb: Verb,
    pub subject: String,
    pub note: String,
    /// The kind and the id of the record it is about, and the address of its page.
    pub about_kind: Option<String>,
    pub about_id: Option<String>,
    pub href: Option<String>,
    /// The promise; the instant follows from it in the receiver's calendar.
    pub due: Due,
    pub due_at: Time,
    pub silence: Silence,
    pub escalate_to: Option<Id<Person>>,
    pub escalate_name: Option<String>,
    pub urgent: bool,
    /// Minutes of working time missing to what the receiver's team has agreed.
    pub short_minutes: i64,
    pub raised_at: Time,
    pub state: State,
    /// The answer, or why it was declined.
    pub outcome: String,
    pub ended_at: Option<Time>,
    pub handed_from: Option<Id<Ask>>,
    pub handed_to: Option<Id<Person>>,
    pub handed_name: Option<String>,
    pub snoozed_until: Option<Time>,
}
columns!(Ask {
    id,
    batch,
    receiver_id,
    receiver_name,
    asker_id,
    asker_name,
    verb,
    subject,
    note,
    about_kind,
    about_id,
    href,
    due,
    due_at,
    silence,
    escalate_to,
    escalate_name,
    urgent,
    short_minutes,
    raised_at,
    state,
    outcome,
    ended_at,
    handed_from,
    handed_to,
    handed_name,
    snoozed_until,
});

/// Every query that reads asks begins with this, and names those whose asks they are.
pub(crate) const SELECT: &str =
    "select a.id, a.batch, a.receiver_id, r.name as receiver_name, a.asker_id, k.name as asker_name, a.verb, a.subject,
            a.note, a.about_kind, a.about_id, a.href, a.due, a.due_at, a.silence, a.escalate_to,
            e.name as escalate_name, a.urgent, a.short_minutes, a.raised_at, a.state, a.outcome, a.ended_at,
            a.handed_from, a.handed_to, h.name as handed_name, a.snoozed_until
       from asks a
       join people r on r.workspace_id = a.workspace_id and r.id = a.receiver_id
       left join people k on k.workspace_id = a.workspace_id and k.id = a.asker_id
       left join people e on e.workspace_id = a.workspace_id and e.id = a.escalate_to
       left join people h on h.workspace_id = a.workspace_id and h.id = a.handed_to ";

/// The reach of asks: those who are asked, and those who ask.
pub(crate) const VISIBLE: &str = " a.workspace_id = $1 and (a.receiver_id = $2 or a.asker_id = $2) ";

/// So many asks are changed at once at the most.
pub(crate) const MOST: usize = 200;

const TOLD: Told = &[
    ("ask.done", "answered it"),
    ("ask.declined", "declined it"),
    ("ask.handed_on", "handed it on"),
    ("ask.withdrawn", "withdrew it"),
    ("ask.reopened", "opened it again"),
];

pub const RECORD: RecordKind =
    RecordKind { kind: "ask", path: "/asks/", told: Some(TOLD), find: card, documents: Some(document::ASKS) };

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<kernel::Card>> {
    Box::pin(async move {
        let select = sql!(SELECT, "where", VISIBLE, "and a.id = $3");
        let found: Option<Ask> = tx.find(select, args![tx.workspace(), tx.me(), id]).await?;
        Ok(found.map(|ask| kernel::Card { title: ask.title(), href: format!("/asks/{id}") }))
    })
}

impl Ask {
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Ask>) -> Result<Ask> {
        let select = sql!(SELECT, "where", VISIBLE, "and a.id = $3");
        tx.one(select, args![tx.workspace(), tx.me(), id]).await
    }

    /// All of these, in the order of their due times, or `NotFound` if one of them cannot be seen.
    pub async fn all_visible(tx: &mut Tx<'_>, ids: &[Id<Ask>]) -> Result<Vec<Ask>> {
        let mut wanted = ids.to_vec();
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() || wanted.len() > MOST {
            return Err(Error::invalid("asks", format!("Choose between one and {MOST} asks.")));
        }
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and a.id in (select value from json_each(cast($3 as text))) order by a.due_at, a.id"
        );
        let found: Vec<Ask> = tx.all(select, args![tx.workspace(), tx.me(), list(&wanted)]).await?;
        if found.len() == wanted.len() { Ok(found) } else { Err(Error::NotFound) }
    }

    /// `Review payments#2214`
    pub fn title(&self) -> String {
        format!("{}: {}", self.verb.title(), self.subject)
    }

    pub fn is_open(&self) -> bool {
        self.state == State::Open
    }

    pub(crate) fn is_overdue(&self, now: Time) -> bool {
        self.is_open() && self.due_at < now
    }
}

pub fn pages() -> Pages {
    raise::pages()
        .merge(show::pages())
        .merge(outlook::pages())
        .post("/asks/done", close::finish)
        .post("/asks/declined", close::decline)
        .post("/asks/handed-on", hand_on::hand_on)
        .post("/asks/snoozed", snooze::snooze)
        .post("/asks/withdrawn", withdraw::withdraw)
        .post("/asks/reopened", reopen::reopen)
}
