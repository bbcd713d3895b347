//! Refinement in writing: a round in which everyone on a team estimates some issues blind, in their own hours. Estimates show
//! when all are in or the time is over; then each issue is ready, not ready for a reason, or split.
mod end;
mod estimate;
mod list;
mod page;
mod question;
pub(crate) mod records;
mod settle;
mod show;
mod start;
mod sweep;

pub use end::EndRefinement;
pub use estimate::GiveEstimate;
pub use list::{ListRefinements, RefinementList};
pub use question::{AnswerQuestion, AskQuestion, Question};
pub use settle::{EstimateAgain, Outcome, SettleItem, SplitItem};
pub use show::{Given, ItemView, RefinementView, ShowRefinement};
pub use start::StartRefinement;
pub(crate) use start::participants;
pub use sweep::{JOB, SCHEDULE};

use crate::{
    estimate::{Estimate, Measure},
    issue::Issue,
    team::Kept,
};
use kernel::{Error, Id, Person, Result, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

/// A round.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Refinement {
    pub id: Id<Refinement>,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub measure: Measure,
    pub name: String,
    /// So many of their own working hours everyone has.
    pub hours: i64,
    /// When what is estimated by then shows.
    pub ends_at: Time,
    pub started_by: Id<Person>,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    pub issues: i64,
    /// How many of the issues are ready, not ready or split.
    pub settled: i64,
    /// What came of it, in Markdown; empty until it has ended.
    pub summary: String,
}
columns!(Refinement {
    id,
    team_id,
    team_name,
    measure,
    name,
    hours,
    ends_at,
    started_by,
    started_at,
    ended_at,
    issues,
    settled,
    summary
});

/// An issue in a round.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RefinementItem")]
pub struct Item {
    pub id: Id<Item>,
    pub refinement_id: Id<Refinement>,
    pub issue_id: Id<Issue>,
    /// It was estimated so many times, this one included.
    pub round: i64,
    /// Since when the estimates show.
    pub revealed_at: Option<Time>,
    pub outcome: Option<Outcome>,
    pub reason: String,
    pub estimate: Option<Estimate>,
}
columns!(Item { id, refinement_id, issue_id, round, revealed_at, outcome, reason, estimate });

/// Every query that shows rounds, as `r`, begins with this.
const SELECT: &str = "
    select r.id, r.team_id, t.name as team_name, w.estimates as measure, r.name, r.hours, r.ends_at, r.started_by,
           r.started_at, r.ended_at, r.summary,
           (select count(*) from refinement_items i
             where i.workspace_id = r.workspace_id and i.refinement_id = r.id) as issues,
           (select count(*) from refinement_items i where i.workspace_id = r.workspace_id and i.refinement_id = r.id
               and i.outcome is not null) as settled
      from refinements r
      join work_teams w on w.workspace_id = r.workspace_id and w.team_id = r.team_id
      join teams t on t.workspace_id = r.workspace_id and t.id = r.team_id ";

/// The reach of every query that shows rounds, as `r`: colleagues see those of all teams, as they see the issues.
const VISIBLE: &str = " r.workspace_id = $1 and $2 ";

const ITEM: &str = "
    select i.id, i.refinement_id, i.issue_id, i.round, i.revealed_at, i.outcome, i.reason, i.estimate
      from refinement_items i ";

impl Refinement {
    /// The round, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Refinement>) -> Result<Refinement> {
        let select = sql!(SELECT, "where", VISIBLE, "and r.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// The round and what the actor is to its team.
    async fn kept(tx: &mut Tx<'_>, id: Id<Refinement>) -> Result<(Refinement, Kept)> {
        let round = Refinement::visible(tx, id).await?;
        let kept = Kept::visible(tx, round.team_id).await?;
        Ok((round, kept))
    }

    fn still_runs(&self) -> Result<()> {
        match self.ended_at {
            None => Ok(()),
            Some(_) => Err(Error::conflict("This round has ended and does not change any more.")),
        }
    }

    pub fn href(&self) -> String {
        format!("/refinements/{}", self.id)
    }
}

impl Item {
    /// The item and its round, if the actor can see them.
    async fn visible(tx: &mut Tx<'_>, id: Id<Item>) -> Result<(Item, Refinement)> {
        let select = sql!(ITEM, "where i.workspace_id = $1 and i.id = $2");
        let item: Item = tx.one(select, args![tx.workspace(), id]).await?;
        let round = Refinement::visible(tx, item.refinement_id).await?;
        Ok((item, round))
    }

    async fn kept(tx: &mut Tx<'_>, id: Id<Item>) -> Result<(Item, Refinement, Kept)> {
        let (item, round) = Item::visible(tx, id).await?;
        let kept = Kept::visible(tx, round.team_id).await?;
        Ok((item, round, kept))
    }

    /// The items of a round in their order.
    async fn of(tx: &mut Tx<'_>, round: Id<Refinement>) -> Result<Vec<Item>> {
        let select = sql!(ITEM, "where i.workspace_id = $1 and i.refinement_id = $2 order by i.position, i.id");
        tx.all(select, args![tx.workspace(), round]).await
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/refinements", list::page)
        .get("/teams/{team}/refinements/new", start::new)
        .post("/teams/{team}/refinements", start::save)
        .get("/refinements/{refinement}", page::show)
        .post("/refinements/{refinement}/end", page::end)
        .post("/refinement-items/{item}/estimates", page::estimate)
        .post("/refinement-items/{item}/questions", page::ask)
        .post("/refinement-items/{item}/again", page::again)
        .post("/refinement-items/{item}/outcome", page::settle)
        .post("/refinement-items/{item}/pieces", page::split)
        .post("/refinement-questions/{question}/answer", page::answer)
}
