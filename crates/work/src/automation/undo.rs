use super::{Automation, topic};
use crate::{
    issue::{Batch, Issue, UndoChanges},
    team::Kept,
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Time, Tx, args, columns, json, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a rule has done once.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AutomationRun")]
pub struct Run {
    pub id: Id<Run>,
    pub automation_id: Id<Automation>,
    pub issue_id: Id<Issue>,
    pub at: Time,
    /// In words.
    pub did: String,
    /// By what its change of the issue is undone.
    pub batch: Option<Id<Batch>>,
    pub undone_at: Option<Time>,
}
columns!(Run { id, automation_id, issue_id, at, did, batch, undone_at });

/// Undo what a rule has changed about an issue. What somebody has changed since then stays, and so does what was said or asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoRun {
    pub run: Id<Run>,
}

impl Operation for UndoRun {
    const NAME: &str = "automation.undo_run";
    const ROUTE: Route = Route(Post, "/automation-runs/{run}/undo");
    type Target = (Run, Automation, Kept);
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!(
            "select id, automation_id, issue_id, at, did, batch, undone_at from automation_runs
              where workspace_id = $1 and $2 and id = $3"
        );
        let run: Run = tx.one(select, args![tx.workspace(), tx.actor().belongs(), self.run]).await?;
        let (rule, kept) = Automation::kept(tx, run.automation_id).await?;
        Ok((run, rule, kept))
    }

    fn allows(actor: &Actor, (_, _, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (run, rule, _): Self::Target) -> Result<Automation> {
        let Some(batch) = run.batch.filter(|_| run.undone_at.is_none()) else {
            return Err(Error::conflict("There is nothing to undo."));
        };
        let rule_itself = Actor::system(tx.workspace());
        tx.call_as(&rule_itself, &UndoChanges { batch }).await?;
        let update = sql!("update automation_runs set undone_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), run.id, tx.now()]).await?;
        tx.record("automation.run_undone", rule.id, json!({ "issue": run.issue_id }));
        tx.touch(topic(rule.team_id));
        Ok(rule)
    }
}
