use super::{Entry, Sprint, Stage};
use crate::team::Kept;
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say why the scope of a running sprint was changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainChange {
    pub change: Id<Entry>,
    pub reason: Name<300>,
}

impl Operation for ExplainChange {
    const NAME: &str = "sprint.explain";
    const ROUTE: Route = Route(Post, "/sprint-changes/{change}/reason");
    /// The sprint and its team, and whether the change is the actor's own.
    type Target = (Sprint, Kept, bool);
    type Output = Sprint;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!("select sprint_id, by_id from sprint_changes where workspace_id = $1 and id = $2");
        let (sprint, by): (Id<Sprint>, Option<Id<Person>>) = tx.one(select, args![tx.workspace(), self.change]).await?;
        let (sprint, kept) = Sprint::kept(tx, sprint).await?;
        Ok((sprint, kept, by == Some(tx.me())))
    }

    fn allows(actor: &Actor, (_, kept, own): &Self::Target) -> bool {
        *own || kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, ..): Self::Target) -> Result<Sprint> {
        if sprint.stage == Stage::Closed {
            return Err(Error::conflict("This sprint is closed and does not change any more."));
        }
        let update = sql!("update sprint_changes set reason = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.change, self.reason]).await?;
        tx.record("sprint.explained", sprint.id, json!({}));
        Ok(sprint)
    }
}
