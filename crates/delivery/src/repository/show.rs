use super::Repository;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

/// One repository.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRepository {
    pub repository: Id<Repository>,
}

impl Operation for ShowRepository {
    const NAME: &str = "repository.show";
    const ROUTE: Route = Route(Get, "/repositories/{repository}");
    const READS: bool = true;
    type Target = Repository;
    type Output = Repository;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Repository> {
        Repository::visible(tx, self.repository).await
    }

    fn allows(_: &Actor, _: &Repository) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, repository: Repository) -> Result<Repository> {
        Ok(repository)
    }
}
