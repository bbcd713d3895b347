use super::Judgement;
use crate::project::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Take back what was said of a project. What was said before holds again; both stay in the history.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoJudgement {
    pub judgement: Id<Judgement>,
}

impl Operation for UndoJudgement {
    const NAME: &str = "judgement.undo";
    const ROUTE: Route = Route(Post, "/judgements/{judgement}/undoing");
    type Target = Kept;
    /// The project.
    type Output = Id<kernel::Project>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        let select = sql!("select project_id from judgements where workspace_id = $1 and id = $2");
        let project: Id<kernel::Project> = tx.one(select, args![tx.workspace(), self.judgement]).await?;
        Kept::visible(tx, project).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { project, .. }: Kept) -> Result<Id<kernel::Project>> {
        let update = sql!(
            "update judgements set undone_at = $3, undone_by = $4
              where workspace_id = $1 and id = $2 and undone_at is null"
        );
        let (now, me) = (tx.now(), tx.me());
        if tx.run(update, args![tx.workspace(), self.judgement, now, me]).await? == 0 {
            return Err(Error::conflict("This was taken back already."));
        }
        tx.record("project.judgement_undone", project.id, json!({}));
        Ok(project.id)
    }
}
