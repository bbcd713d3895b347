use super::{Kind, Report, Sprint, Stage, capacity, issues_of, ledger, list};
use crate::{
    automation,
    estimate::Sum,
    issue::{Issue, Wanted, Which, apply},
    team::Kept,
};
use kernel::{Actor, Change, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Line};
use schemars::JsonSchema;
use serde::Deserialize;

/// Close a sprint. What is not done goes on to another sprint or back to the backlog, each with a reason, and the report
/// is kept as it is now.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseSprint {
    pub sprint: Id<Sprint>,
    /// The planned sprint of the team into which open issues go; without it, back to the backlog.
    #[serde(default)]
    pub to: Option<Id<Sprint>>,
    /// Why issues were not finished; needed for each that has no reason of its own.
    #[serde(default)]
    pub reason: Line<300>,
    #[serde(default)]
    pub rollovers: Vec<Rollover>,
}

/// What becomes of one open issue.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollover {
    pub issue: Which,
    #[serde(default)]
    pub reason: Line<300>,
    /// Back to the backlog, wherever the others go.
    #[serde(default)]
    pub back: bool,
}

impl Operation for CloseSprint {
    const NAME: &str = "sprint.close";
    const ROUTE: Route = Route(Post, "/sprints/{sprint}/close");
    type Target = (Sprint, Kept, Option<Sprint>, Vec<Issue>);
    type Output = Sprint;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (sprint, kept) = Sprint::kept(tx, self.sprint).await?;
        let to = match self.to {
            Some(to) => Some(Sprint::visible(tx, to).await?),
            None => None,
        };
        let mut named = Vec::new();
        for one in &self.rollovers {
            named.push(Issue::visible(tx, &one.issue, true).await?);
        }
        Ok((sprint, kept, to, named))
    }

    fn allows(actor: &Actor, (_, kept, ..): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, _, to, named): Self::Target) -> Result<Sprint> {
        if sprint.stage != Stage::Running {
            return Err(Error::conflict("Only a sprint that runs can be closed."));
        }
        let wrong = |to: &Sprint| to.team_id != sprint.team_id || to.stage != Stage::Planned;
        if to.as_ref().is_some_and(wrong) {
            return Err(Error::invalid("to", "Choose a planned sprint of this team."));
        }
        let held = issues_of(tx, sprint.id).await?;
        let ids: Vec<Id<Issue>> = held.iter().map(|issue| issue.id).collect();
        let open: Vec<Issue> = held.into_iter().filter(|issue| !issue.category.is_finished()).collect();
        let mut plans = Vec::new();
        for issue in &open {
            plans.push(self.plan(issue, &named)?);
        }
        for (issue, (reason, _)) in open.iter().zip(&plans) {
            carry(tx, &sprint, issue, reason).await?;
        }
        freeze(tx, &sprint).await?;
        let batch = tx.id();
        for (issue, (_, back)) in open.iter().zip(&plans) {
            let next = to.as_ref().filter(|_| !back).map_or(Change::Clear, |to| Change::Set(to.id));
            apply(tx, issue, &Wanted { sprint: next, ..Wanted::default() }, batch).await?;
        }
        automation::sprint_closed(tx, &sprint, &ids).await?;
        tx.record("sprint.closed", sprint.id, json!({ "name": sprint.name, "carried": open.len() }));
        Sprint::visible(tx, sprint.id).await
    }
}

impl CloseSprint {
    /// Why this issue was not finished, and whether it goes back to the backlog.
    fn plan(&self, issue: &Issue, named: &[Issue]) -> Result<(String, bool)> {
        let own = named.iter().position(|one| one.id == issue.id).and_then(|place| self.rollovers.get(place));
        let reason = own.map(|one| &*one.reason).filter(|reason| !reason.is_empty()).unwrap_or(&self.reason);
        match reason.is_empty() {
            true => Err(Error::invalid("reason", format!("Say why {} was not finished.", issue.key))),
            false => Ok((reason.to_owned(), own.is_some_and(|one| one.back))),
        }
    }
}

/// The row of an issue that was not finished. It takes nothing out of the scope.
async fn carry(tx: &mut Tx<'_>, sprint: &Sprint, issue: &Issue, reason: &str) -> Result<()> {
    let entry = ledger::Entry {
        id: tx.id(),
        issue_id: issue.id,
        key: issue.key.clone(),
        title: issue.title.clone(),
        kind: Kind::RolledOver,
        before: issue.estimate,
        after: issue.estimate,
        issues_more: 0,
        estimate_more: Sum(0),
        reason: reason.to_owned(),
        at: tx.now(),
        by_id: (!tx.actor().is_system()).then(|| tx.me()),
        by_name: None,
    };
    ledger::insert(tx, sprint.id, &entry).await
}

/// Stores the report; nothing is written to the sprint or its ledger after this.
async fn freeze(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<()> {
    let started = sprint.started_at.ok_or_else(|| Error::internal("a running sprint has no start"))?;
    let now = tx.now();
    let capacity = capacity::of(tx, sprint).await?;
    let report = Report::at(tx, sprint, (started, now), capacity).await?;
    list::store(tx, sprint.id, &report).await?;
    let close = sql!("update sprints set closed_at = $3, closed_by = $4 where workspace_id = $1 and id = $2");
    let me = (!tx.actor().is_system()).then(|| tx.me());
    tx.run(close, args![tx.workspace(), sprint.id, now, me]).await.map(drop)
}
