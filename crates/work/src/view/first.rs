use super::View;
use crate::team::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Settle with which of its shared views the issues of a team begin.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetFirstView {
    pub team: Id<Team>,
    /// With none, they begin with what is open.
    #[serde(default)]
    pub view: Option<Id<View>>,
}

impl Operation for SetFirstView {
    const NAME: &str = "view.set_first";
    const ROUTE: Route = Route(Post, "/teams/{team}/first-view");
    type Target = (Kept, Option<View>);
    type Output = Option<View>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let kept = Kept::visible(tx, self.team).await?;
        let view = match self.view {
            Some(view) => Some(View::visible(tx, view, false).await?),
            None => None,
        };
        Ok((kept, view))
    }

    fn allows(actor: &Actor, (kept, _): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, view): Self::Target) -> Result<Option<View>> {
        if view.as_ref().is_some_and(|view| view.shared_at.is_none() || view.team_id != Some(self.team)) {
            return Err(Error::invalid("view", "The issues of a team begin with a view that is shared with it."));
        }
        let delete = sql!("delete from work_first_views where workspace_id = $1 and team_id = $2");
        tx.run(delete, args![tx.workspace(), self.team]).await?;
        if let Some(view) = &view {
            let insert = sql!("insert into work_first_views (workspace_id, team_id, view_id) values ($1, $2, $3)");
            tx.run(insert, args![tx.workspace(), self.team, view.id]).await?;
        }
        tx.record("view.first_set", self.team, json!({ "view": view.as_ref().map(|view| view.id) }));
        match view {
            Some(view) => View::visible(tx, view.id, false).await.map(Some),
            None => Ok(None),
        }
    }
}
