//! What somebody leaves at the end of their day for those of a team who work meanwhile. Nobody has to.
mod draft;
mod list;
mod page;
mod write;

pub use draft::{Draft, DraftHandOver, Reader, Waiting};
pub use list::{HandOvers, ListHandOvers};
pub use write::{TakeBack, WriteHandOver};

use crate::sharing::teams;
use jiff::civil::Date;
use kernel::{Card, Error, Id, Later, Person, RecordKind, Result, Team, Time, Tx, args, columns, list as texts, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

pub const RECORD: RecordKind =
    RecordKind { kind: "hand_over", path: "/hand-overs/", told: None, find: card, documents: None };

/// Read by those who share the rituals of the team.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HandOver {
    pub id: Id<HandOver>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub person_photo: Option<String>,
    /// The date where the person was.
    pub on_date: Date,
    /// Markdown
    pub body: String,
    pub written_at: Time,
    /// When the person is back at work.
    pub back_at: Option<Time>,
}
columns!(HandOver { id, team_id, team_name, person_id, person_name, person_photo, on_date, body, written_at, back_at });

/// What every query of hand-overs reads, as `h`.
const SELECT: &str = "select h.id, h.team_id, t.name as team_name, h.person_id, p.name as person_name,
            p.photo as person_photo, h.on_date, h.body, h.written_at, h.back_at
       from hand_overs h
       join teams t on t.workspace_id = h.workspace_id and t.id = h.team_id
       join people p on p.workspace_id = h.workspace_id and p.id = h.person_id ";

impl HandOver {
    async fn visible(tx: &mut Tx<'_>, id: Id<HandOver>) -> Result<HandOver> {
        let teams = texts(teams(tx).await?);
        let select = sql!(
            SELECT,
            "where h.workspace_id = $1 and h.id = $2
                and h.team_id in (select value from json_each(cast($3 as text)))"
        );
        tx.one(select, args![tx.workspace(), id, teams]).await
    }

    fn place(&self) -> String {
        format!("/teams/{}/hand-over#hand-over-{}", self.team_id, self.id)
    }
}

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        if !tx.actor().belongs() {
            return Ok(None);
        }
        match HandOver::visible(tx, id).await {
            Ok(one) => Ok(Some(Card { href: one.place(), title: format!("{}’s hand-over", one.person_name) })),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/hand-over", page::all)
        .get("/hand-overs/{hand_over}", page::find)
        .post("/hand-overs/{hand_over}/removal", page::remove)
        .get("/teams/{team}/hand-over", page::show)
        .post("/teams/{team}/hand-over", page::save)
}
