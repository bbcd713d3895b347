//! A database of its own for each test, on each engine.
use crate::demo::{Ask, Checkin, PARTS, about};
use db::{Db, Isolation};
use kernel::{
    Actor, App, Clock, Door, Id, Later, Letter, Method::Post, Operation, Outside, Person, Result, Role, Route, Tx,
    Workspace, args, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

pub struct World {
    pub db: Arc<Db>,
    pub app: App,
    pub url: String,
    pub workspace: Id<Workspace>,
}

impl World {
    pub async fn at(url: &str) -> World {
        World::isolated(url, Isolation::default()).await
    }

    pub async fn isolated(url: &str, isolation: Isolation) -> World {
        let db = Db::open_at(url, PARTS, isolation).await.expect("the database opens");
        let app = App::new(db.clone(), PARTS, Clock::default(), |_| Box::pin(async { Ok(()) }));
        let workspace = app.call(&Actor::system(Id::from_u128(0)), Begin {}).await.expect("a workspace begins");
        World { app, db, url: url.into(), workspace }
    }

    /// Someone new, each time.
    pub fn member(&self) -> Actor {
        self.person(Id::new())
    }

    pub fn person(&self, person: Id<Person>) -> Actor {
        let roles = [Role::Member].into_iter().collect();
        Actor { person, roles, door: Door::Page, ..Actor::system(self.workspace) }
    }

    pub async fn checkin(&self) -> Id<Checkin> {
        self.app.call(&self.member(), Ask { question: "How was the week?".into() }).await.expect("anyone may ask").id
    }

    pub async fn drain(&self) {
        while db::drain(&self.db, &self.app, &Nowhere).await.expect("the queue can be read") > 0 {}
    }
}

/// The first workspace of the database.
#[derive(Deserialize, JsonSchema)]
struct Begin {}

impl Operation for Begin {
    about!("workspace.begin", target: (), output: Id<Workspace>);
    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
    fn allows(_: &Actor, _: &()) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<Workspace>> {
        if let Some(id) = tx.find(sql!("select id from workspaces"), args![]).await? {
            return Ok(id);
        }
        let id = tx.id();
        let insert = sql!("insert into workspaces (id, name, created_at) values ($1, 'Test', $2)");
        let now = tx.now();
        tx.run(insert, args![id, now]).await?;
        Ok(id)
    }
}

/// Nothing in these tests reaches outside.
pub struct Nowhere;

impl Outside for Nowhere {
    fn send(&self, _: Letter) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
    fn publish(&self, _: kernel::Checkpoint) -> Later<'_, String> {
        Box::pin(async { Ok(String::new()) })
    }
    fn blobs(&self) -> &dyn kernel::BlobStore {
        unreachable!("nobody brings a file here")
    }
}

static NEXT: AtomicU32 = AtomicU32::new(0);

fn name() -> String {
    format!("core_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Relaxed))
}

pub fn sqlite_file() -> String {
    let folder = std::env::temp_dir().join("cairn-tests").join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).expect("the temporary folder can be made");
    folder.join(name() + ".db").to_str().expect("a temporary path is text").to_owned()
}

/// A new, empty database on the server that `TEST_POSTGRES` names, or nothing without one.
pub async fn postgres() -> Option<String> {
    let server = std::env::var("TEST_POSTGRES").ok()?;
    let (client, connection) =
        tokio_postgres::connect(&server, tokio_postgres::NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    let name = name();
    client.batch_execute(&format!("drop database if exists {name}")).await.expect("the name is free");
    client.batch_execute(&format!("create database {name}")).await.expect("a database is made");
    Some(server.rsplit_once('/').expect("an address with a database").0.to_owned() + "/" + &name)
}

/// In memory, in a file, and on PostgreSQL where there is one.
pub async fn engines() -> Vec<World> {
    let mut all = vec![World::at(":memory:").await, World::at(&sqlite_file()).await];
    if let Some(url) = postgres().await {
        all.push(World::at(&url).await);
    }
    all
}
