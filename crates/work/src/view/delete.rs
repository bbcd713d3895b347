use super::{View, taken, tell, unique_name};
use crate::team::Kept;
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Delete a view. The issues that it shows stay as they are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteView {
    pub view: Id<View>,
}

/// Bring a view back that was deleted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreView {
    pub view: Id<View>,
}

impl Operation for DeleteView {
    const NAME: &str = "view.delete";
    const ROUTE: Route = Route(Post, "/issue-views/{view}/deletion");
    type Target = (View, Option<Kept>);
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        View::kept(tx, self.view, false).await
    }

    fn allows(actor: &Actor, (view, kept): &Self::Target) -> bool {
        view.may_change(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (view, _): Self::Target) -> Result<View> {
        let first = sql!("delete from work_first_views where workspace_id = $1 and view_id = $2");
        tx.run(first, args![tx.workspace(), view.id]).await?;
        // Its name is free from now on.
        let update =
            sql!("update work_views set deleted_at = $3, unique_name = $4 where workspace_id = $1 and id = $2");
        let unique = format!("deleted:{}", view.id);
        tx.run(update, args![tx.workspace(), view.id, tx.now(), unique]).await?;
        tell(tx, "view.deleted", &view);
        Ok(view)
    }
}

impl Operation for RestoreView {
    const NAME: &str = "view.restore";
    const ROUTE: Route = Route(Post, "/issue-views/{view}/restoration");
    type Target = (View, Option<Kept>);
    type Output = View;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        View::kept(tx, self.view, true).await
    }

    fn allows(actor: &Actor, (view, kept): &Self::Target) -> bool {
        view.may_change(actor, kept.as_ref())
    }

    async fn run(&self, tx: &mut Tx<'_>, (view, _): Self::Target) -> Result<View> {
        let update =
            sql!("update work_views set deleted_at = null, unique_name = $3 where workspace_id = $1 and id = $2");
        let unique = unique_name(&view.name, view.owner_id, view.team_id, view.shared_at.is_some());
        tx.run(update, args![tx.workspace(), view.id, unique]).await.map_err(taken)?;
        tell(tx, "view.restored", &view);
        View::visible(tx, view.id, false).await
    }
}
