//! What an import asks before it reads: which repository this is, where it stood, and what is stored already. These stay
//! inside the program.
use super::{Kept, Ref, Repository, SELECT, VISIBLE, add::without_secrets};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx, args, list, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::HashSet;

/// The repository of this location, if it is known.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct FindRepository {
    pub location: String,
}

impl Operation for FindRepository {
    const NAME: &str = "repository.find";
    const ROUTE: Route = Route(Get, "/repositories/find");
    const READS: bool = true;
    type Target = ();
    type Output = Option<Repository>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Option<Repository>> {
        let location = without_secrets(&self.location)?;
        let select = sql!(SELECT, "where", VISIBLE, "and r.location = $3");
        tx.find(select, args![tx.workspace(), tx.actor().belongs(), location]).await
    }
}

/// The refs as the last finished import found them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct ReadRefs {
    pub repository: Id<Repository>,
}

impl Operation for ReadRefs {
    const NAME: &str = "repository.refs";
    const ROUTE: Route = Route(Get, "/repositories/{repository}/refs");
    const READS: bool = true;
    type Target = Kept;
    type Output = Vec<Ref>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Vec<Ref>> {
        let select =
            sql!("select name, hash from repository_refs where workspace_id = $1 and repository_id = $2 order by name");
        let rows: Vec<(String, String)> = tx.all(select, args![tx.workspace(), self.repository]).await?;
        Ok(rows.into_iter().map(|(name, hash)| Ref { name, hash }).collect())
    }
}

/// Which of these commits are stored: what an import that was stopped has done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct KnownCommits {
    pub repository: Id<Repository>,
    pub hashes: Vec<String>,
}

impl Operation for KnownCommits {
    const NAME: &str = "repository.known_commits";
    const ROUTE: Route = Route(Get, "/repositories/{repository}/known-commits");
    const READS: bool = true;
    type Target = Kept;
    type Output = HashSet<String>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<HashSet<String>> {
        let select = sql!(
            "select hash from commits
              where workspace_id = $1 and repository_id = $2 and hash in (select value from json_each(cast($3 as text)))"
        );
        let found: Vec<String> = tx.all(select, args![tx.workspace(), self.repository, list(&self.hashes)]).await?;
        Ok(found.into_iter().collect())
    }
}
