use super::{Part, Planning, PlanningPhase, advance::advance};
use crate::round::Round;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say what one can take on. Once everyone has, the proposals are closed and the draft is read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SayOffer {
    pub planning: Id<Planning>,
    pub offer: Name<300>,
}

impl Operation for SayOffer {
    const NAME: &str = "planning.offer";
    const ROUTE: Route = Route(Post, "/plannings/{planning}/offers");
    type Target = Part;
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.planning).await
    }

    fn allows(_: &Actor, part: &Part) -> bool {
        part.takes_part
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<Planning> {
        part.round.still_runs()?;
        if part.round.phase != PlanningPhase::Proposals {
            return Err(Error::conflict("The draft is being read already. Say it in your answer to it."));
        }
        let update = sql!(
            "update planning_people set offer = $4, offered_at = $5
              where workspace_id = $1 and planning_id = $2 and person_id = $3"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(update, args![tx.workspace(), part.round.id, me, self.offer, now]).await?;
        tx.settle_asks(&part.round.about(), Some(me));
        tx.touch(part.round.id.to_string());
        advance(tx, part.round.id).await
    }
}
