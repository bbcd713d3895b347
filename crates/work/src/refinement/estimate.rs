use super::{Item, Refinement};
use crate::estimate::Estimate;
use kernel::{
    Actor, Due, Error, Id, Method::Post, NewAsk, Operation, Person, Reference, Result, Route, Silence, Tx, Verb, args,
    sql,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say how large an issue is, or that one cannot tell. Until everyone has, or the time is over, only oneself sees it, and
/// may say something else.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GiveEstimate {
    pub item: Id<Item>,
    /// Nothing: one cannot tell.
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

impl Operation for GiveEstimate {
    const NAME: &str = "refinement.estimate";
    const ROUTE: Route = Route(Post, "/refinement-items/{item}/estimates");
    type Target = (Item, Refinement, bool);
    type Output = Refinement;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (item, round) = Item::visible(tx, self.item).await?;
        let takes_part = takes_part(tx, &round).await?;
        Ok((item, round, takes_part))
    }

    fn allows(_: &Actor, (.., takes_part): &Self::Target) -> bool {
        *takes_part
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, round, _): Self::Target) -> Result<Refinement> {
        round.still_runs()?;
        if item.revealed_at.is_some() {
            return Err(Error::conflict(
                "The estimates of this issue show already. Say in the conversation what you think.",
            ));
        }
        let give = sql!(
            "insert into refinement_estimates (workspace_id, item_id, person_id, estimate, given_at)
             values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, item_id, person_id)
             do update set estimate = excluded.estimate, given_at = excluded.given_at"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(give, args![tx.workspace(), item.id, me, self.estimate, now]).await?;
        tx.touch(round.id.to_string());
        if missing(tx, &round, Some(me)).await? == 0 {
            tx.settle_asks(&Reference::to("refinement", round.id), Some(me));
        }
        reveal_complete(tx, &round).await?;
        Refinement::visible(tx, round.id).await
    }
}

/// Whether the actor was asked for estimates.
pub(super) async fn takes_part(tx: &mut Tx<'_>, round: &Refinement) -> Result<bool> {
    let select =
        sql!("select 1 from refinement_people where workspace_id = $1 and refinement_id = $2 and person_id = $3");
    tx.exists(select, args![tx.workspace(), round.id, tx.me()]).await
}

/// How many estimates are still awaited of one person, or of everyone.
async fn missing(tx: &mut Tx<'_>, round: &Refinement, of: Option<Id<Person>>) -> Result<i64> {
    let select = sql!(
        "select count(*) from refinement_items i
           join refinement_people p on p.workspace_id = i.workspace_id and p.refinement_id = i.refinement_id
          where i.workspace_id = $1 and i.refinement_id = $2 and i.revealed_at is null and i.outcome is null
            and (cast($3 as text) is null or p.person_id = $3)
            and not exists (select 1 from refinement_estimates e
                             where e.workspace_id = i.workspace_id and e.item_id = i.id and e.person_id = p.person_id)"
    );
    tx.one(select, args![tx.workspace(), round.id, of]).await
}

/// Shows the estimates of each issue for which all are in; whoever began the round is asked once nothing is awaited.
pub(super) async fn reveal_complete(tx: &mut Tx<'_>, round: &Refinement) -> Result<()> {
    let reveal = sql!(
        "update refinement_items set revealed_at = $3
          where workspace_id = $1 and refinement_id = $2 and revealed_at is null and not exists (
            select 1 from refinement_people p
             where p.workspace_id = $1 and p.refinement_id = $2 and not exists (
               select 1 from refinement_estimates e
                where e.workspace_id = $1 and e.item_id = refinement_items.id and e.person_id = p.person_id))"
    );
    let shown = tx.run(reveal, args![tx.workspace(), round.id, tx.now()]).await?;
    if shown > 0 && missing(tx, round, None).await? == 0 {
        ask_to_settle(tx, round)?;
    }
    Ok(())
}

/// Asks whoever began the round to say what is ready.
pub(super) fn ask_to_settle(tx: &mut Tx<'_>, round: &Refinement) -> Result<()> {
    tx.ask(&NewAsk {
        to: vec![round.started_by],
        from: None,
        verb: Verb::Decide,
        subject: format!("{}: say with the team what is ready", round.name),
        about: Some(Reference::to("refinement", round.id)),
        due: Some(Due::Days(2)),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}
