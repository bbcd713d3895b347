//! The secrets of apps as they are stored: sealed under a key that is in neither the database nor a backup of it.
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, Workspace, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const CLASS: &str = "totp";

fn about(workspace: Id<Workspace>, person: Id<Person>) -> String {
    format!("factors.secret of {workspace} {person}")
}

pub(super) fn seal(tx: &Tx<'_>, person: Id<Person>, secret: &str) -> Result<String> {
    tx.vault().seal(CLASS, &about(tx.workspace(), person), secret)
}

/// The secret of a person's app.
///
/// # Errors
/// `Conflict` if it was sealed with another key.
pub(super) fn open(tx: &Tx<'_>, person: Id<Person>, sealed: &str) -> Result<String> {
    let secret = tx.vault().open(CLASS, &about(tx.workspace(), person), sealed);
    secret.ok_or_else(|| {
        tracing::error!(
            "The secret of a second factor cannot be opened: `root.key` is another one than when it was sealed."
        );
        Error::conflict("Your app cannot be asked just now. Use a recovery code, or ask those who run this server.")
    })
}

/// Looks whether the secrets of all apps open with the key of this server, and forgets those that do not if that is wanted:
/// their people add an app anew.
#[derive(Deserialize, JsonSchema)]
pub struct CheckFactors {
    pub forget: bool,
}

/// How many second factors there are, and how many of them cannot be opened.
#[derive(Serialize, JsonSchema)]
pub struct Checked {
    pub all: u64,
    pub unreadable: u64,
}

impl Operation for CheckFactors {
    const NAME: &str = "factor.check";
    const ROUTE: Route = Route(Post, "/factors/check");
    type Target = ();
    type Output = Checked;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Checked> {
        let select = sql!("select workspace_id, person_id, secret from factors order by 1, 2");
        let all: Vec<(Id<Workspace>, Id<Person>, String)> = tx.all(select, args![]).await?;
        let mut checked = Checked { all: all.len() as u64, unreadable: 0 };
        for (workspace, person, secret) in all {
            if tx.vault().open(CLASS, &about(workspace, person), &secret).is_some() {
                continue;
            }
            checked.unreadable += 1;
            if self.forget {
                let codes = sql!("delete from recovery_codes where workspace_id = $1 and person_id = $2");
                tx.run(codes, args![workspace, person]).await?;
                let delete = sql!("delete from factors where workspace_id = $1 and person_id = $2");
                tx.run(delete, args![workspace, person]).await?;
            }
        }
        Ok(checked)
    }
}
