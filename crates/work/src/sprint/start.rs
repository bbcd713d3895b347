use super::{Sprint, Stage, issues_of};
use crate::{
    issue::{Issue, Wanted, apply},
    planning::Planning,
    team::Kept,
};
use kernel::{Actor, Change, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Begin a sprint. What it holds that is open is the commitment from now on; what is finished already is taken out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartSprint {
    pub sprint: Id<Sprint>,
}

impl Operation for StartSprint {
    const NAME: &str = "sprint.start";
    const ROUTE: Route = Route(Post, "/sprints/{sprint}/start");
    type Target = (Sprint, Kept);
    type Output = Sprint;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Sprint::kept(tx, self.sprint).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, _): Self::Target) -> Result<Sprint> {
        if sprint.stage != Stage::Planned {
            return Err(Error::conflict("This sprint has begun already."));
        }
        if Planning::of(tx, sprint.id).await?.iter().any(|round| round.ended_at.is_none()) {
            return Err(Error::conflict("This sprint is still being planned. Let the planning end, or call it off."));
        }
        let others = Sprint::open_of(tx, sprint.team_id).await?;
        if let Some(other) = others.iter().find(|other| other.stage == Stage::Running) {
            return Err(Error::conflict(format!("{} is still running. Close it first.", other.name)));
        }
        let (finished, open): (Vec<Issue>, Vec<Issue>) =
            issues_of(tx, sprint.id).await?.into_iter().partition(|issue| issue.category.is_finished());
        if open.is_empty() {
            return Err(Error::conflict("Nothing open is in this sprint. Put issues into it first."));
        }
        let (batch, out) = (tx.id(), Wanted { sprint: Change::Clear, ..Wanted::default() });
        for issue in &finished {
            apply(tx, issue, &out, batch).await?;
        }
        freeze(tx, &sprint, &open).await?;
        tx.record("sprint.started", sprint.id, json!({ "name": sprint.name, "issues": open.len() }));
        Sprint::visible(tx, sprint.id).await
    }
}

async fn freeze(tx: &mut Tx<'_>, sprint: &Sprint, open: &[Issue]) -> Result<()> {
    let commit = sql!(
        "insert into sprint_commitments (workspace_id, sprint_id, issue_id, issue_key, title, estimate)
         values ($1, $2, $3, $4, $5, $6)"
    );
    for issue in open {
        tx.run(commit, args![tx.workspace(), sprint.id, issue.id, issue.key, issue.title, issue.estimate]).await?;
    }
    let start = sql!(
        "update sprints set started_at = $3, started_by = $4, committed = $5, committed_issues = $6
          where workspace_id = $1 and id = $2"
    );
    let committed: i64 = open.iter().filter_map(|issue| issue.estimate).map(|estimate| estimate.0).sum();
    let me = (!tx.actor().is_system()).then(|| tx.me());
    tx.run(start, args![tx.workspace(), sprint.id, tx.now(), me, committed, open.len() as i64]).await.map(drop)
}
