use super::{Part, Planning, PlanningPhase, summary};
use crate::{round::Round, sprint::Sprint};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Call a planning off. The sprint stays as it is, and the record says why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CallOffPlanning {
    pub planning: Id<Planning>,
    pub reason: Name<300>,
}

impl Operation for CallOffPlanning {
    const NAME: &str = "planning.call_off";
    const ROUTE: Route = Route(Post, "/plannings/{planning}/end");
    type Target = Part;
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.planning).await
    }

    fn allows(actor: &Actor, part: &Part) -> bool {
        part.may_call_off(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<Planning> {
        let round = part.round;
        round.still_runs()?;
        let text = format!("Called off: {}\n\n{}", self.reason, summary::of(tx, &round, &[]).await?);
        end(tx, &round, PlanningPhase::CalledOff, &text).await?;
        tx.record("planning.called_off", round.id, json!({ "name": round.sprint_name }));
        tx.touch(round.sprint_id.to_string());
        Planning::visible(tx, round.id).await
    }
}

/// Keeps what came of a round; nothing is written to it after this.
pub(super) async fn end(tx: &mut Tx<'_>, round: &Planning, phase: PlanningPhase, summary: &str) -> Result<()> {
    let update =
        sql!("update plannings set phase = $3, ended_at = $4, summary = $5 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id, phase, tx.now(), summary.trim_end()]).await?;
    tx.settle_asks(&round.about(), None);
    Ok(())
}

/// Of a sprint that is dropped before it has begun nothing remains, its plannings neither.
pub(crate) async fn forget(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<()> {
    for round in Planning::of(tx, sprint.id).await? {
        tx.withdraw_asks(&round.about());
        tx.record("planning.dropped", round.id, json!({ "name": round.sprint_name }));
    }
    const ROUNDS: &str = "(select id from plannings where workspace_id = $1 and sprint_id = $2)";
    for delete in [
        sql!("delete from planning_objections where workspace_id = $1 and planning_id in", ROUNDS),
        sql!("delete from planning_proposals where workspace_id = $1 and planning_id in", ROUNDS),
        sql!("delete from planning_people where workspace_id = $1 and planning_id in", ROUNDS),
        sql!("delete from plannings where workspace_id = $1 and sprint_id = $2"),
    ] {
        tx.run(delete, args![tx.workspace(), sprint.id]).await?;
    }
    Ok(())
}
