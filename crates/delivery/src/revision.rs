//! Which state facts are in. Whoever changes facts gives their subject a new revision in the same transaction, so what was
//! worked out of them holds as long as the revision is the same. No revision is given twice: it comes back only with a restored
//! backup, and there with its facts.
use crate::repository::Repository;
use kernel::{Id, Result, Tx, args, list, sql};

/// The facts behind the keys that are too many to be read at each request.
#[derive(Clone, Copy)]
pub enum Facts {
    /// Commits and landings.
    History,
    /// Whose the identities are.
    People,
    Deployments,
    Builds,
    Releases,
    Incidents,
}

pub enum Revision {}

impl Facts {
    fn word(self) -> &'static str {
        match self {
            Facts::History => "history",
            Facts::People => "people",
            Facts::Deployments => "deployments",
            Facts::Builds => "builds",
            Facts::Releases => "releases",
            Facts::Incidents => "incidents",
        }
    }

    /// Those of one repository.
    pub fn of(self, repository: Id<Repository>) -> String {
        format!("{} {repository}", self.word())
    }

    /// Those that belong to no repository, or that are not told apart by it.
    pub fn of_all(self) -> String {
        self.word().to_owned()
    }
}

/// Says that the facts of these subjects are others now.
pub async fn changed(tx: &mut Tx<'_>, subjects: &[String]) -> Result<()> {
    let upsert = sql!(
        "insert into delivery_revisions (workspace_id, subject, revision) values ($1, $2, $3)
         on conflict (workspace_id, subject) do update set revision = excluded.revision"
    );
    for subject in subjects {
        let new: Id<Revision> = Id::new();
        tx.run(upsert, args![tx.workspace(), subject, new]).await?;
    }
    Ok(())
}

/// The subjects of which something is known, with their revisions.
pub async fn of(tx: &mut Tx<'_>, subjects: &[String]) -> Result<Vec<(String, String)>> {
    let select = sql!(
        "select subject, revision from delivery_revisions
          where workspace_id = $1 and subject in (select value from json_each(cast($2 as text))) order by subject"
    );
    tx.all(select, args![tx.workspace(), list(subjects)]).await
}
