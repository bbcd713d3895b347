use super::{Automation, Then, When, add::check, topic};
use crate::team::Kept;
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Tx, args, json, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change a rule. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditAutomation {
    pub automation: Id<Automation>,
    pub name: Option<Name<120>>,
    pub when: Option<When>,
    /// For `blocked`: for how many working hours.
    #[serde(default)]
    pub hours: Option<i64>,
    pub q: Option<Line<500>>,
    /// All that is to be done.
    pub then: Option<Then>,
    /// Whether it rests.
    pub paused: Option<bool>,
}

/// Delete a rule. What it has done stays, and stays in the log.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteAutomation {
    pub automation: Id<Automation>,
}

/// Bring a rule back that was deleted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreAutomation {
    pub automation: Id<Automation>,
}

impl Operation for EditAutomation {
    const NAME: &str = "automation.edit";
    const ROUTE: Route = Route(Patch, "/automations/{automation}");
    type Target = (Automation, Kept);
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Some(then) = &self.then {
            then.look_up(tx).await?;
        }
        Automation::kept(tx, self.automation).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Automation> {
        let name = self.name.as_deref().unwrap_or(&old.name);
        let (when, then) = (self.when.unwrap_or(old.when), self.then.as_ref().unwrap_or(&old.then));
        let q = self.q.as_deref().unwrap_or(&old.q);
        let hours = check(tx, old.team_id, when, self.hours.or(old.hours), q, then).await?;
        let paused_at = match self.paused {
            None => old.paused_at,
            Some(true) => old.paused_at.or(Some(tx.now())),
            Some(false) => None,
        };
        let acts = serde_json::to_string(then).map_err(Error::internal)?;
        let update = sql!(
            "update automations set name = $3, occasion = $4, hours = $5, q = $6, acts = $7, paused_at = $8
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), old.id, name, when, hours, q, acts, paused_at]).await?;
        tx.record("automation.changed", old.id, json!({ "name": name }));
        tx.touch(topic(old.team_id));
        Ok(Automation::kept(tx, old.id).await?.0)
    }
}

impl Operation for DeleteAutomation {
    const NAME: &str = "automation.delete";
    const ROUTE: Route = Route(Post, "/automations/{automation}/deletion");
    type Target = (Automation, Kept);
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Automation::kept(tx, self.automation).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Automation> {
        let update = sql!("update automations set deleted_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, tx.now()]).await?;
        tx.record("automation.deleted", old.id, json!({ "name": old.name }));
        tx.touch(topic(old.team_id));
        Ok(old)
    }
}

impl Operation for RestoreAutomation {
    const NAME: &str = "automation.restore";
    const ROUTE: Route = Route(Post, "/automations/{automation}/restoration");
    type Target = (Automation, Kept);
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Automation::kept(tx, self.automation).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Automation> {
        let update = sql!("update automations set deleted_at = null where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id]).await?;
        tx.record("automation.restored", old.id, json!({ "name": old.name }));
        tx.touch(topic(old.team_id));
        Ok(Automation::kept(tx, old.id).await?.0)
    }
}
