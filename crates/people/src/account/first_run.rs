//! The first minute of a workspace: someone becomes its owner.
use super::{
    attempt::{self, PER_ADDRESS},
    open,
    password::{self, Stored},
    replace_password,
    sign_in::{SignedIn, welcome},
    visitor::Visitor,
};
use crate::person::{folded, zone};
use kernel::{
    Actor, App, Error, Id,
    Method::{Get, Post},
    Operation, Person, Result, Role, Route, Tx, args, json, sql,
    text::{Email, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Whether the workspace has nobody who could sign in yet.
#[derive(Deserialize, JsonSchema)]
pub struct IsNew {}

impl Operation for IsNew {
    const NAME: &str = "workspace.is_new";
    const ROUTE: Route = Route(Get, "/workspace/new");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = bool;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<bool> {
        let accounts = sql!("select 1 from accounts where workspace_id = $1 limit 1");
        Ok(!tx.exists(accounts, args![tx.workspace()]).await?)
    }
}

/// Counts one attempt at the setup code.
#[derive(Deserialize, JsonSchema)]
pub struct CountSetup {
    pub address: String,
}

impl Operation for CountSetup {
    const NAME: &str = "workspace.count_setup";
    const ROUTE: Route = Route(Post, "/workspace/setup");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        attempt::count(tx, &attempt::from_address(&self.address), PER_ADDRESS).await?;
        Ok(())
    }
}

/// What the first person types.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
pub struct Beginning {
    /// What the workspace is called.
    pub workspace: Name<80>,
    pub name: Name,
    pub email: Email,
    pub zone: Name<64>,
    pub new_password: String,
}

/// Names the workspace, makes its owner and signs them in.
pub async fn begin(app: &App, stranger: &Actor, beginning: Beginning, visitor: &Visitor) -> Result<SignedIn> {
    zone("zone", &beginning.zone)?;
    password::check("new_password", &beginning.new_password)?;
    let (password_hash, _) = password::hash(&beginning.new_password).await?;
    let create =
        CreateOwner { beginning, password_hash: password_hash.as_str().to_owned(), device: visitor.device.clone() };
    app.call(stranger, create).await
}

/// Called from here only, after the hash was made; no door lists it.
#[derive(Deserialize, JsonSchema)]
struct CreateOwner {
    beginning: Beginning,
    password_hash: String,
    device: String,
}

impl Operation for CreateOwner {
    const NAME: &str = "workspace.begin";
    const ROUTE: Route = Route(Post, "/workspace/owner");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = SignedIn;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let accounts = sql!("select 1 from accounts where workspace_id = $1 limit 1");
        match tx.exists(accounts, args![tx.workspace()]).await? {
            true => Err(Error::conflict("This workspace has an owner already. Sign in, or ask to be invited.")),
            false => Ok(()),
        }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<SignedIn> {
        let Beginning { workspace, name, email, zone, .. } = &self.beginning;
        tx.run(sql!("update workspaces set name = $2 where id = $1"), args![tx.workspace(), workspace]).await?;
        let id: Id<Person> = tx.id();
        let insert = sql!(
            "insert into people (workspace_id, id, name, sort_name, email, holidays, zone, hours, employment, created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, 'Mon-Fri 09:00-17:00', 'permanent', $8, $8)"
        );
        let (sort_name, country) = (folded(name), holidays::for_zone(zone).unwrap_or_default());
        tx.run(insert, args![tx.workspace(), id, name, sort_name, email, country, zone, tx.now()]).await?;
        open(tx, id, [Role::Owner, Role::Member].into_iter().collect()).await?;
        replace_password(tx, id, &Stored::read(self.password_hash.clone())).await?;
        tx.record("person.added", id, json!({ "name": name }));
        welcome(tx, id, &self.device, None).await
    }
}
