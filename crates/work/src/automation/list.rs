use super::{Automation, SELECT, VISIBLE};
use crate::{issue::Issue, team::Kept};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rules of a team, and what they did last.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListAutomations {
    pub team: Id<Team>,
}

/// One rule, and what it did last.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAutomation {
    pub automation: Id<Automation>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AutomationList {
    pub team_id: Id<Team>,
    pub team_name: String,
    pub automations: Vec<Automation>,
    /// The latest first, at most 100; those of deleted rules too.
    pub runs: Vec<RunLine>,
    /// Whether the reader settles the rules.
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "AutomationRunLine")]
pub struct RunLine {
    pub id: Id<super::Run>,
    pub automation_id: Id<Automation>,
    pub automation_name: String,
    pub issue_id: Id<Issue>,
    pub key: String,
    pub title: String,
    pub at: Time,
    /// What it did, or why it did not, in words.
    pub did: String,
    /// Whether it changed the issue, and nobody has undone that.
    pub can_undo: bool,
}
columns!(RunLine { id, automation_id, automation_name, issue_id, key, title, at, did, can_undo });

const RUN: &str = "
    select r.id, r.automation_id, a.name as automation_name, r.issue_id,
           w.key || '-' || cast(i.number as text) as key, i.title, r.at, r.did,
           r.batch is not null and r.undone_at is null and i.deleted_at is null as can_undo
      from automation_runs r
      join automations a on a.workspace_id = r.workspace_id and a.id = r.automation_id
      join issues i on i.workspace_id = r.workspace_id and i.id = r.issue_id
      join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id ";

impl Operation for ListAutomations {
    const NAME: &str = "automation.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/automations");
    const READS: bool = true;
    type Target = Kept;
    type Output = AutomationList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<AutomationList> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and a.team_id = $3 and a.deleted_at is null order by lower(a.name), a.id");
        let runs = sql!(RUN, "where", VISIBLE, "and a.team_id = $3 order by r.at desc, r.id desc limit 100");
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let mut automations: Vec<Automation> = tx.all(select, args![workspace, belongs, self.team]).await?;
        for rule in &mut automations {
            rule.flaw = rule.flaw(tx).await?;
        }
        Ok(AutomationList {
            team_id: self.team,
            automations,
            runs: tx.all(runs, args![workspace, belongs, self.team]).await?,
            may_change: kept.may_change(tx.actor()),
            team_name: kept.team.name,
        })
    }
}

impl Operation for ShowAutomation {
    const NAME: &str = "automation.show";
    const ROUTE: Route = Route(Get, "/automations/{automation}");
    const READS: bool = true;
    type Target = (Automation, Kept);
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Automation::kept(tx, self.automation).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (mut rule, _): Self::Target) -> Result<Automation> {
        rule.flaw = rule.flaw(tx).await?;
        Ok(rule)
    }
}
