//! Issues brought over from another system: begun, sent in bunches, finished, and taken back whole.
mod begin;
mod bunch;
mod finish;
mod former;
mod incoming;
mod incoming_sprint;
mod list;
mod named;
mod ours;
mod outsider;
mod page;
mod preview;
pub mod reading;
mod sprint;
mod store;
mod told;
mod undo;
pub mod upload;
mod values;

pub use begin::BeginImport;
pub use bunch::{ImportIssues, MOST, Stored};
pub use finish::FinishImport;
pub(crate) use former::origin;
pub use former::{Former, ShowFormer};
pub use incoming::{
    Here, Incoming, IncomingChange, IncomingNote, IncomingRelation, IncomingState, IncomingValue, Origin, Other,
    Somebody, Visit,
};
pub use incoming_sprint::{
    Called, IncomingCommitted, IncomingPlace, IncomingScope, IncomingSprint, SprintDays, SprintOrigin,
};
pub use list::{ListImports, ShowImport};
pub use named::Outsider;
pub use ours::Difference;
pub use outsider::{ClaimOutsider, ListOutsiders};
pub use preview::{Preview, PreviewImport, TeamStates};
pub use sprint::{ImportSprints, StoredSprints, bunches};
pub use told::Told;
pub use undo::UndoImport;

use kernel::{Error, Id, Json, Result, Time, Tx, args, sql, words};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// A system from which issues are brought over.
    pub enum Tracker {
        Jira = "jira",
        Linear = "linear",
        Shortcut = "shortcut",
        Cairn = "cairn",
    }
}

impl Tracker {
    /// Those whose files are read.
    pub const FILES: [Tracker; 3] = [Tracker::Jira, Tracker::Linear, Tracker::Shortcut];

    /// As it calls itself.
    pub fn title(self) -> &'static str {
        match self {
            Tracker::Jira => "Jira",
            Tracker::Linear => "Linear",
            Tracker::Shortcut => "Shortcut",
            Tracker::Cairn => "Cairn",
        }
    }
}

/// One bringing over.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IssueImport")]
pub struct Import {
    pub id: Id<Import>,
    pub source: Tracker,
    /// What was read, such as the name of a folder.
    pub label: String,
    /// How many issues were read before the first one was stored.
    pub expected: i64,
    pub begun_at: Time,
    pub finished_at: Option<Time>,
    pub undone_at: Option<Time>,
    /// Issues that were new, that were written anew, and that were as they had been.
    pub created: i64,
    pub renewed: i64,
    pub unchanged: i64,
    /// What became of each field.
    pub report: Json,
}

impl kernel::FromRow for Import {
    fn from_row(row: &kernel::Row<'_>) -> Result<Self> {
        let report: String = row.get("report")?;
        Ok(Import {
            id: row.get("id")?,
            source: row.get("source")?,
            label: row.get("label")?,
            expected: row.get("expected")?,
            begun_at: row.get("begun_at")?,
            finished_at: row.get("finished_at")?,
            undone_at: row.get("undone_at")?,
            created: row.get("created")?,
            renewed: row.get("renewed")?,
            unchanged: row.get("unchanged")?,
            report: serde_json::from_str(&report).unwrap_or_default(),
        })
    }
}

const SELECT: &str =
    "select id, source, label, expected, begun_at, finished_at, undone_at, created, renewed, unchanged,
   report from issue_imports ";

impl Import {
    /// Those who may bring issues over see what was brought over.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Import>) -> Result<Import> {
        if !cares_for_people(tx.actor()) {
            return Err(Error::NotFound);
        }
        tx.one(sql!(SELECT, "where workspace_id = $1 and id = $2"), args![tx.workspace(), id]).await
    }

    pub(crate) fn open(&self) -> Result<()> {
        match (self.finished_at, self.undone_at) {
            (None, None) => Ok(()),
            _ => Err(Error::conflict("This import has ended. Begin another one.")),
        }
    }

    /// How many of its issues are here.
    pub fn stored(&self) -> i64 {
        self.created + self.renewed + self.unchanged
    }

    /// How long the rest will take if it goes on as it went until now, in seconds; nothing before the first issue.
    pub fn seconds_left(&self, now: Time) -> Option<i64> {
        let (done, rest) = (self.stored(), self.expected - self.stored());
        let passed = (now.0 - self.begun_at.0) / 1_000_000;
        (done > 0 && rest >= 0).then(|| passed.saturating_mul(rest) / done)
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/issue-imports", page::list)
        .merge(upload::pages())
        .get("/issue-imports/{import}", page::show)
        .post("/issue-imports/{import}/undo", undo::undo)
        .get("/issues/{issue}/former", former::page)
        .get("/outsiders", outsider::list)
        .get("/outsiders/{outsider}", outsider::show)
        .post("/outsiders/{outsider}", outsider::save)
}
