//! Who asks: browsers that are signed in, tokens, and somebody from another workspace of the same database.
use crate::{Client, World};
use kernel::{
    Actor, Door, Error, Id, Json, Method::Post, Op, Operation, Person, Request, Result, Role, Route, Scope, Tx,
    Workspace, args, json, sql,
};
use people::account::secret;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// The owner of a second workspace.
pub struct Neighbour {
    pub owner: Actor,
}

impl World {
    /// # Panics
    /// If no part of the program has an operation of this name.
    pub fn op(&self, name: &str) -> &'static Op {
        self.opened.app.operations().find(|op| op.name == name).unwrap_or_else(|| panic!("no operation `{name}`"))
    }

    /// Calls an operation by its name, as the API does.
    pub async fn ask(&self, actor: &Actor, name: &str, input: Json) -> Result<Json> {
        let answer = self.opened.app.call_json(self.op(name), actor, Request { input, key: None }).await?;
        serde_json::from_str(&answer).map_err(Error::internal)
    }

    /// A browser in which this person of the sample company has just signed in.
    pub async fn browser(&self, key: &str) -> Client {
        self.signed_in(self.workspace(), self.person(key)).await.0
    }

    /// The browser and the actor of someone who has just signed in.
    pub async fn signed_in(&self, workspace: Id<Workspace>, person: Id<Person>) -> (Client, Id<kernel::Session>) {
        let begun = self.opened.app.call(&Actor::system(workspace), BeginSession { person }).await;
        let Begun { session, secret } = begun.expect("this person has an account");
        let mut client = self.client();
        client.cookies.insert(cairn::http::SESSION_COOKIE.into(), secret::address(workspace, &secret));
        (client, session)
    }

    /// Makes a second workspace with an owner.
    pub async fn neighbour(&self) -> Neighbour {
        let workspace = Id::new();
        let system = Actor::system(workspace);
        self.call(&system, OpenNeighbour {}).await.expect("the workspace is made");
        let input = json!({ "name": "Noor Next-Door", "zone": "UTC" });
        let added = self.ask(&system, "person.add", input).await.expect("the owner is added");
        let person: Id<Person> = added["id"].as_str().and_then(|id| id.parse().ok()).expect("a person has an id");
        let roles = vec![Role::Owner, Role::Member];
        let grant = people::account::GrantAccount { person, roles: roles.clone() };
        self.call(&system, grant).await.expect("the owner has an account");
        let session = Some(self.signed_in(workspace, person).await.1);
        let roles = roles.into_iter().collect();
        Neighbour { owner: Actor { workspace, person, roles, door: Door::Page, epoch: 1, scopes: None, session } }
    }
}

/// The same person with a token of these scopes.
pub fn with_token(actor: &Actor, scopes: &[&str]) -> Actor {
    let scopes: Vec<Scope> = scopes.iter().map(|scope| scope.parse().expect("a scope")).collect();
    Actor { scopes: Some(scopes.into()), door: Door::Api, session: None, ..actor.clone() }
}

#[derive(Deserialize, JsonSchema)]
struct BeginSession {
    person: Id<Person>,
}

#[derive(Serialize, JsonSchema)]
struct Begun {
    session: Id<kernel::Session>,
    secret: String,
}

impl Operation for BeginSession {
    const NAME: &str = "test.begin_session";
    const ROUTE: Route = Route(Post, "/test/sessions");
    type Target = ();
    type Output = Begun;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Begun> {
        let epoch = sql!("select auth_epoch from accounts where workspace_id = $1 and person_id = $2");
        let epoch: i64 = tx.one(epoch, args![tx.workspace(), self.person]).await?;
        let (session, secret): (Id<kernel::Session>, String) = (tx.id(), secret::fresh()?);
        let insert = sql!(
            "insert into sessions (workspace_id, token_hash, id, person_id, auth_epoch, device, created_at, seen_at, proven_at, expires_at)
             values ($1, $2, $3, $4, $5, 'Firefox on Linux', $6, $6, $6, $7)"
        );
        let (workspace, hash, now) = (tx.workspace(), secret::hash(&secret), tx.now());
        let until = now + Duration::from_secs(7 * 24 * 3600);
        tx.run(insert, args![workspace, hash, session, self.person, epoch, now, until]).await?;
        Ok(Begun { session, secret })
    }
}

#[derive(Deserialize, JsonSchema)]
struct OpenNeighbour {}

impl Operation for OpenNeighbour {
    const NAME: &str = "test.open_workspace";
    const ROUTE: Route = Route(Post, "/test/workspaces");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let insert = sql!("insert into workspaces (id, name, created_at) values ($1, 'Next door', $2)");
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, now]).await?;
        Ok(())
    }
}
