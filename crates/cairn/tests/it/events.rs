//! What the program recorded, as tests look into it.
use kernel::{Actor, Method, Operation, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use testkit::World;

/// Verb and data of all events whose verb begins so, the first first.
pub async fn recorded(world: &World, verbs: &str) -> Vec<String> {
    world.call(&world.system(), Recorded { verbs: format!("{verbs}%") }).await.unwrap()
}

#[derive(Deserialize, JsonSchema)]
struct Recorded {
    verbs: String,
}

impl Operation for Recorded {
    const NAME: &str = "test.recorded";
    const ROUTE: Route = Route(Method::Get, "/test/recorded");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> kernel::Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> kernel::Result<Vec<String>> {
        let select =
            sql!("select verb || ' ' || data from events where workspace_id = $1 and verb like $2 order by id");
        tx.all(select, args![tx.workspace(), self.verbs]).await
    }
}
