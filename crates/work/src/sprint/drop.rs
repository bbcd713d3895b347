use super::{Sprint, Stage, issues_of};
use crate::{
    issue::{Wanted, apply},
    planning,
    team::Kept,
};
use kernel::{Actor, Change, Error, Id, Method, Operation, Result, Route, Team, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Drop a sprint that has not begun. Its issues go back to the backlog.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DropSprint {
    pub sprint: Id<Sprint>,
}

impl Operation for DropSprint {
    const NAME: &str = "sprint.drop";
    const ROUTE: Route = Route(Method::Delete, "/sprints/{sprint}");
    type Target = (Sprint, Kept);
    type Output = Id<Team>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Sprint::kept(tx, self.sprint).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, _): Self::Target) -> Result<Id<Team>> {
        if sprint.stage != Stage::Planned {
            return Err(Error::conflict(
                "A sprint that has begun is closed and not dropped, so that its record stays.",
            ));
        }
        let (batch, out) = (tx.id(), Wanted { sprint: Change::Clear, ..Wanted::default() });
        for issue in issues_of(tx, sprint.id).await? {
            apply(tx, &issue, &out, batch).await?;
        }
        let leave = sql!("update issues set sprint_id = null where workspace_id = $1 and sprint_id = $2");
        tx.run(leave, args![tx.workspace(), sprint.id]).await?;
        planning::forget(tx, &sprint).await?;
        let delete = sql!("delete from sprints where workspace_id = $1 and id = $2");
        tx.run(delete, args![tx.workspace(), sprint.id]).await?;
        tx.record("sprint.dropped", sprint.id, json!({ "name": sprint.name }));
        Ok(sprint.team_id)
    }
}
