use super::{Reach, SharePlan};
use crate::period::Period;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Take back a plan of shares. The one before it holds again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoShares {
    pub plan: Id<SharePlan>,
}

/// Whose plan it was.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Undone {
    pub team_id: Id<Team>,
    pub quarter: Period,
}

impl Operation for UndoShares {
    const NAME: &str = "shares.undo";
    const ROUTE: Route = Route(Post, "/share-plans/{plan}/undoing");
    type Target = (Undone, Reach);
    type Output = Undone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!("select team_id, quarter from share_plans where workspace_id = $1 and id = $2");
        let (team_id, quarter): (Id<Team>, Period) = tx.one(select, args![tx.workspace(), self.plan]).await?;
        Ok((Undone { team_id, quarter }, Reach::of(tx, team_id).await?))
    }

    fn allows(_: &Actor, (_, reach): &Self::Target) -> bool {
        reach.may_set
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, _): Self::Target) -> Result<Undone> {
        let update =
            sql!("update share_plans set undone_at = $3 where workspace_id = $1 and id = $2 and undone_at is null");
        if tx.run(update, args![tx.workspace(), self.plan, tx.now()]).await? == 0 {
            return Err(Error::conflict("This was taken back already."));
        }
        tx.record("shares.undone", self.plan, json!({}));
        Ok(plan)
    }
}
