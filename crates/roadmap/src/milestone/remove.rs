use super::{Milestone, taken, unique_name};
use crate::project::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Remove a milestone in which no issue is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveMilestone {
    pub milestone: Id<kernel::Milestone>,
}

/// Bring a milestone back that was removed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreMilestone {
    pub milestone: Id<kernel::Milestone>,
}

impl Operation for RemoveMilestone {
    const NAME: &str = "milestone.remove";
    const ROUTE: Route = Route(Post, "/milestones/{milestone}/removal");
    type Target = (Milestone, Kept);
    type Output = Milestone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Milestone::visible(tx, self.milestone, false).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (milestone, _): Self::Target) -> Result<Milestone> {
        let holds = sql!("select count(*) from work_public_items where workspace_id = $1 and milestone_id = $2");
        let holds: i64 = tx.one(holds, args![tx.workspace(), milestone.id]).await?;
        if holds > 0 {
            let issues = if holds == 1 { "One issue is".to_owned() } else { format!("{holds} issues are") };
            return Err(Error::conflict(format!("{issues} in this milestone. Move them elsewhere first.")));
        }
        // Its name is free from now on.
        let update =
            sql!("update milestones set removed_at = $3, unique_name = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), milestone.id, tx.now(), milestone.id.as_str()]).await?;
        tx.record("project.milestone_removed", milestone.project_id, json!({ "name": milestone.name }));
        Ok(milestone)
    }
}

impl Operation for RestoreMilestone {
    const NAME: &str = "milestone.restore";
    const ROUTE: Route = Route(Post, "/milestones/{milestone}/restoration");
    type Target = (Milestone, Kept);
    type Output = Milestone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Milestone::visible(tx, self.milestone, true).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (milestone, _): Self::Target) -> Result<Milestone> {
        let update =
            sql!("update milestones set removed_at = null, unique_name = $3 where workspace_id = $1 and id = $2");
        let unique = unique_name(milestone.project_id, &milestone.name);
        tx.run(update, args![tx.workspace(), milestone.id, unique]).await.map_err(taken)?;
        tx.record("project.milestone_restored", milestone.project_id, json!({ "name": milestone.name }));
        Ok(milestone)
    }
}
