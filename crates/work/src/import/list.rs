use super::{Import, SELECT};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Tx, args, sql};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Deserialize;

/// What was brought over, the latest first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListImports {}

const MOST: i64 = 200;

impl Operation for ListImports {
    const NAME: &str = "issue_import.list";
    const ROUTE: Route = Route(Get, "/issue-imports");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Import>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if cares_for_people(tx.actor()) { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Import>> {
        let select = sql!(SELECT, "where workspace_id = $1 order by id desc limit $2");
        tx.all(select, args![tx.workspace(), MOST]).await
    }
}

/// One import, with what became of each field.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowImport {
    pub import: Id<Import>,
}

impl Operation for ShowImport {
    const NAME: &str = "issue_import.show";
    const ROUTE: Route = Route(Get, "/issue-imports/{import}");
    const READS: bool = true;
    type Target = Import;
    type Output = Import;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Import> {
        Import::visible(tx, self.import).await
    }

    fn allows(_: &Actor, _: &Import) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, import: Import) -> Result<Import> {
        Ok(import)
    }
}
