use super::{Health, Update, latest, reference};
use crate::project::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say how a project stands, and why. It cannot be changed later; what is said next stands before it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostHealth {
    pub project: Id<kernel::Project>,
    pub health: Health,
    /// A sentence or two.
    pub why: Name<600>,
}

impl Operation for PostHealth {
    const NAME: &str = "project.post_health";
    const ROUTE: Route = Route(Post, "/projects/{project}/health");
    type Target = Kept;
    type Output = Update;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.project).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Update> {
        if kept.project.state.is_over() {
            return Err(Error::conflict("This project is over. Say in its conversation what came of it."));
        }
        let id: Id<Update> = tx.id();
        let insert = sql!(
            "insert into health_updates (workspace_id, id, project_id, health, why, at, by_id)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        let (workspace, now, me) = (tx.workspace(), tx.now(), tx.me());
        tx.run(insert, args![workspace, id, self.project, self.health, self.why, now, me]).await?;
        tx.settle_asks(&reference(self.project), None);
        let words = self.health.title().to_lowercase();
        tx.record("project.health_posted", self.project, json!({ "health": words }));
        latest(tx, &[self.project]).await?.pop().ok_or(Error::NotFound)
    }
}
