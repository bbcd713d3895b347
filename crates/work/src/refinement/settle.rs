use super::{Item, Refinement, start};
use crate::{
    estimate::Estimate,
    issue::{Issue, Piece, SplitIssue, Wanted, Which, apply},
    team::Kept,
};
use kernel::{
    Actor, Change, Error, Id,
    Method::Post,
    Operation, Person, Result, Route, Tx, args, sql,
    text::{Line, Name},
    words,
};
use people::hours::fair_end;
use schemars::JsonSchema;
use serde::Deserialize;

words! {
    /// What became of an issue in a round.
    pub enum Outcome {
        Ready = "ready",
        NotReady = "not_ready",
        /// Its pieces are in the round instead.
        Split = "split",
    }
}

impl Outcome {
    pub fn title(self) -> &'static str {
        match self {
            Outcome::Ready => "Ready",
            Outcome::NotReady => "Not ready",
            Outcome::Split => "Split",
        }
    }
}

/// Say that an issue is ready, with the estimate that it gets, or that it is not, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleItem {
    pub item: Id<Item>,
    /// `ready` or `not_ready`.
    pub outcome: Outcome,
    #[serde(default)]
    pub estimate: Option<Estimate>,
    /// Needed for what is not ready.
    #[serde(default)]
    pub reason: Line<300>,
}

impl Operation for SettleItem {
    const NAME: &str = "refinement.settle";
    const ROUTE: Route = Route(Post, "/refinement-items/{item}/outcome");
    type Target = (Item, Refinement, Kept);
    type Output = Item;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::kept(tx, self.item).await
    }

    fn allows(actor: &Actor, (.., kept): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, round, _): Self::Target) -> Result<Item> {
        open(&round, &item)?;
        match self.outcome {
            Outcome::Split => return Err(Error::invalid("outcome", "Name the pieces to split an issue.")),
            Outcome::NotReady if self.reason.is_empty() => {
                return Err(Error::invalid("reason", "Say what is missing before it is ready."));
            }
            _ => {}
        }
        let estimate = self.estimate.filter(|_| self.outcome == Outcome::Ready);
        if let Some(estimate) = estimate {
            let issue = Issue::visible(tx, &Which::Id(item.issue_id), false).await?;
            let (wanted, batch) = (Wanted { estimate: Change::Set(estimate), ..Wanted::default() }, tx.id());
            apply(tx, &issue, &wanted, batch).await?;
        }
        outcome(tx, &item, (self.outcome, estimate, &self.reason)).await?;
        tx.touch(round.id.to_string());
        Ok(Item::visible(tx, item.id).await?.0)
    }
}

/// Refuses what comes before the estimates show, and what was split.
fn open(round: &Refinement, item: &Item) -> Result<()> {
    round.still_runs()?;
    if item.revealed_at.is_none() {
        return Err(Error::conflict("Not everyone has said how large this issue is. Their time is not over yet."));
    }
    match item.outcome {
        Some(Outcome::Split) => Err(Error::conflict("This issue was split; its pieces are in this round.")),
        _ => Ok(()),
    }
}

async fn outcome(
    tx: &mut Tx<'_>,
    item: &Item,
    (outcome, estimate, reason): (Outcome, Option<Estimate>, &str),
) -> Result<()> {
    let update = sql!(
        "update refinement_items set outcome = $3, estimate = $4, reason = $5, settled_by = $6, settled_at = $7
          where workspace_id = $1 and id = $2"
    );
    let (me, now) = (tx.me(), tx.now());
    tx.run(update, args![tx.workspace(), item.id, outcome, estimate, reason, me, now]).await.map(drop)
}

/// Let everyone estimate an issue once more, blind as before, after what was said about it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstimateAgain {
    pub item: Id<Item>,
}

impl Operation for EstimateAgain {
    const NAME: &str = "refinement.again";
    const ROUTE: Route = Route(Post, "/refinement-items/{item}/again");
    type Target = (Item, Refinement, Kept);
    type Output = Refinement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::kept(tx, self.item).await
    }

    fn allows(actor: &Actor, (.., kept): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, round, _): Self::Target) -> Result<Refinement> {
        open(&round, &item)?;
        let forget = sql!("delete from refinement_estimates where workspace_id = $1 and item_id = $2");
        tx.run(forget, args![tx.workspace(), item.id]).await?;
        let hide = sql!(
            "update refinement_items set revealed_at = null, outcome = null, reason = '', estimate = null,
                    round = round + 1 where workspace_id = $1 and id = $2"
        );
        tx.run(hide, args![tx.workspace(), item.id]).await?;
        more_time(tx, &round).await
    }
}

/// Gives everyone their hours anew, and asks them again.
async fn more_time(tx: &mut Tx<'_>, round: &Refinement) -> Result<Refinement> {
    let people = sql!("select person_id from refinement_people where workspace_id = $1 and refinement_id = $2");
    let people: Vec<Id<Person>> = tx.all(people, args![tx.workspace(), round.id]).await?;
    let ends_at = fair_end(tx, &people, round.hours).await?.max(round.ends_at);
    let update = sql!("update refinements set ends_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id, ends_at]).await?;
    start::invite(tx, round.id, &round.name, people, ends_at)?;
    tx.touch(round.id.to_string());
    Refinement::visible(tx, round.id).await
}

/// Split an issue of a round: its pieces become issues and are estimated in its place.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SplitItem {
    pub item: Id<Item>,
    /// The titles of the pieces, 1 to 20.
    pub pieces: Vec<Name<300>>,
}

impl Operation for SplitItem {
    const NAME: &str = "refinement.split";
    const ROUTE: Route = Route(Post, "/refinement-items/{item}/pieces");
    type Target = (Item, Refinement, Kept);
    type Output = Refinement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::kept(tx, self.item).await
    }

    fn allows(actor: &Actor, (.., kept): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, round, _): Self::Target) -> Result<Refinement> {
        open(&round, &item)?;
        let pieces = self.pieces.iter().map(|title| Piece { title: title.clone(), estimate: None }).collect();
        let issue = Issue::visible(tx, &Which::Id(item.issue_id), false).await?;
        let split = SplitIssue {
            issue: Which::Id(item.issue_id),
            pieces,
            estimate: Change::Keep,
            reason: format!("Split in {}", round.name).try_into().unwrap_or_default(),
        };
        let made = split.run(tx, issue).await?;
        let place = sql!("select position from refinement_items where workspace_id = $1 and id = $2");
        let place: i64 = tx.one(place, args![tx.workspace(), item.id]).await?;
        for (at, piece) in made.pieces.iter().enumerate() {
            start::add(tx, round.id, piece.id, place + 1 + at as i64).await?;
        }
        outcome(tx, &item, (Outcome::Split, None, "")).await?;
        more_time(tx, &round).await
    }
}
