use kernel::{Actor, Method::Put, Operation, Result, Route, Tx, args, sql, words};
use schemars::JsonSchema;
use serde::Deserialize;

words! {
    /// How pages look: light, dark, or as the reader's system is set.
    pub enum Theme {
        System = "system",
        Light = "light",
        Dark = "dark",
    }
}

/// Choose how pages look to the actor.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTheme {
    pub theme: Theme,
}

impl Operation for SetTheme {
    const NAME: &str = "account.set_theme";
    const ROUTE: Route = Route(Put, "/me/theme");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!("update accounts set theme = $3 where workspace_id = $1 and person_id = $2");
        tx.run(update, args![tx.workspace(), tx.me(), self.theme]).await?;
        Ok(())
    }
}
