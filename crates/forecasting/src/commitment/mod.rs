//! Commitments: what was promised to somebody by a date, and what is left to do for it, by one team or by several that
//! wait for each other.
mod add;
mod agreed;
mod chance;
mod counted;
mod document;
mod edit;
mod end;
mod list;
mod page;
mod part;
mod show;
mod signals;
mod snapshot;
mod sources;
mod stand;

pub use add::AddCommitment;
pub use agreed::agreed;
pub use chance::{Move, Moved, What};
pub use edit::EditCommitment;
pub use end::{EndCommitment, Ending, ReopenCommitment};
pub(crate) use list::state;
pub use list::{ListCommitments, Listed, OpenOrEnded, Promised, promised};
pub use part::{AddPart, RecountPart, RemovePart};
pub use show::{CommitmentView, CountedFrom, PartView, ShowCommitment, TeamCount};
pub use signals::gather;
pub use snapshot::{JOB, snapshot_all, want_snapshots};
pub use sources::{ListSources, SourceChoice};

use crate::access::Led;
use jiff::civil::Date;
use kernel::{Actor, Card, Id, Later, Person, RecordKind, Result, Team, Time, Told, Tx, args, columns, sql};
use people::access::TEAM_VISIBLE;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

/// What is stored of a commitment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Commitment {
    #[schemars(with = "String")]
    pub id: Id<Commitment>,
    pub name: String,
    /// Whose promise it is.
    pub team_id: Id<Team>,
    pub team_name: String,
    pub promised_on: Date,
    pub promised_to: String,
    pub note: String,
    pub created_by: Id<Person>,
    pub created_at: Time,
    pub ending: Option<Ending>,
    pub ended_on: Option<Date>,
}
columns!(Commitment {
    id,
    name,
    team_id,
    team_name,
    promised_on,
    promised_to,
    note,
    created_by,
    created_at,
    ending,
    ended_on,
});

/// Every query that reads commitments begins with this; they are seen by those who see their team, as `t`.
const SELECT: &str =
    "select c.id, c.name, c.team_id, t.name as team_name, c.promised_on, c.promised_to, c.note, c.created_by,
            c.created_at, c.ending, c.ended_on
       from commitments c join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id ";

impl Commitment {
    /// The commitment, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Commitment>) -> Result<Commitment> {
        let select = sql!(SELECT, "where", TEAM_VISIBLE, "and c.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }
}

/// A commitment, and whether the actor leads its team or one above.
pub struct Kept {
    pub commitment: Commitment,
    pub team: Led,
}

impl Kept {
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Commitment>) -> Result<Kept> {
        let commitment = Commitment::visible(tx, id).await?;
        let team = Led::visible(tx, commitment.team_id).await?;
        Ok(Kept { commitment, team })
    }

    /// Whoever made it, leads its team, or runs the workspace.
    pub fn may_change(&self, actor: &Actor) -> bool {
        self.commitment.created_by == actor.person || self.team.may_keep(actor)
    }
}

pub const RECORD: RecordKind = RecordKind {
    kind: "commitment",
    path: "/commitments/",
    told: Some(TOLD),
    find: card,
    documents: Some(document::COMMITMENTS),
};

const TOLD: Told = &[
    ("commitment.added", "made the commitment"),
    ("commitment.changed", "changed the commitment"),
    ("commitment.recounted", "counted anew what is left"),
    ("commitment.ended", "ended the commitment"),
    ("commitment.reopened", "took the commitment up again"),
];

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let select = sql!(
            "select c.name from commitments c join teams t on t.workspace_id = c.workspace_id and t.id = c.team_id where",
            TEAM_VISIBLE,
            "and c.id = $3"
        );
        let name = tx.find(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
        Ok(name.map(|title| Card { title, href: format!("/commitments/{id}") }))
    })
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/commitments", list::page)
        .post("/commitments", add::save)
        .get("/commitments/new", add::new)
        .get("/commitments/{commitment}", page::show)
        .get("/commitments/{commitment}/edit", edit::edit)
        .post("/commitments/{commitment}/edit", edit::save)
        .get("/commitments/{commitment}/parts/new", part::new)
        .post("/commitments/{commitment}/parts", part::save)
        .get("/commitments/{commitment}/parts/{rank}/edit", part::edit)
        .post("/commitments/{commitment}/parts/{rank}", part::recount)
        .post("/commitments/{commitment}/parts/{rank}/remove", part::remove)
        .post("/commitments/{commitment}/end", end::save)
        .post("/commitments/{commitment}/reopen", end::reopen)
}
