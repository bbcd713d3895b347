use kernel::{Actor, Method::Put, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say what the workspace is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenameWorkspace {
    pub name: Name<80>,
}

impl Operation for RenameWorkspace {
    const NAME: &str = "workspace.rename";
    const ROUTE: Route = Route(Put, "/workspace");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system() || actor.runs_workspace()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let workspace = tx.workspace();
        let update = sql!("update workspaces set name = $2 where id = $1 and name <> $2");
        if tx.run(update, args![workspace, self.name]).await? > 0 {
            tx.record("workspace.renamed", workspace, json!({ "name": self.name }));
        }
        Ok(())
    }
}
