//! A new secret for a door, its end, and another try for what failed.
use super::{Hook, Opened, State, apply, standing};
use crate::{repository::may_keep, sealed::WEBHOOK};
use kernel::{
    Actor, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Tx, args, json, sql,
};
use people::account::secret;
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Duration;

/// So long both secrets are good.
const BOTH: Duration = Duration::from_secs(24 * 3600);

/// Give a door a new secret. The one before is good for another day, so that the other system can be told in peace.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateHook {
    pub hook: Id<Hook>,
}

impl Operation for RotateHook {
    const NAME: &str = "hook.rotate";
    const ROUTE: Route = Route(Post, "/hooks/{hook}/secret");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Opened;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.hook).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Opened> {
        let secret = secret::fresh()?;
        let update = sql!(
            "update hooks set former_secret = secret, former_until = $4, secret = $3 where workspace_id = $1 and id = $2
             returning system"
        );
        let (sealed, until) = (WEBHOOK.seal(tx, self.hook, &secret)?, tx.now() + BOTH);
        let system = tx.one(update, args![tx.workspace(), self.hook, sealed, until]).await?;
        tx.record("hook.rotated", self.hook, json!({}));
        Ok(Opened { id: self.hook, system, secret })
    }
}

/// Close a door. What it brought stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveHook {
    pub hook: Id<Hook>,
}

impl Operation for RemoveHook {
    const NAME: &str = "hook.remove";
    const ROUTE: Route = Route(Delete, "/hooks/{hook}");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.hook).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let update = sql!(
            "update hooks set removed_at = $3, secret = '', former_secret = null where workspace_id = $1 and id = $2"
        );
        let now = tx.now();
        tx.run(update, args![tx.workspace(), self.hook, now]).await?;
        tx.record("hook.removed", self.hook, json!({}));
        Ok(())
    }
}

/// Try again what could not be applied.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryDeliveries {
    pub hook: Id<Hook>,
}

impl Operation for RetryDeliveries {
    const NAME: &str = "hook.retry";
    const ROUTE: Route = Route(Post, "/hooks/{hook}/retry");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        standing(tx, self.hook).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let update = sql!(
            "update hook_deliveries set state = $3, note = '' where workspace_id = $1 and hook_id = $2 and state = $4"
        );
        tx.run(update, args![tx.workspace(), self.hook, State::Waiting, State::Failed]).await?;
        apply::want(tx, self.hook);
        tx.touch("hook");
        Ok(())
    }
}
