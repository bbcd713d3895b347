//! Worlds on each engine, with a history to tamper with.
use audit::{
    Verdict, checkpoint,
    note::{SigningKey, VerifierKey},
};
use db::Db;
use kernel::{
    Actor, App, Checkpoint, Clock, Conn, Done, Error, FromRow, Id, Json, Later, Letter, Method, Migration, Mode,
    Operation, Outside, Part, Result, Route, Statement, Store, Time, Tx, Value, Work, Workspace, args, json,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    any::Any,
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

static PEOPLE: Part = Part {
    migrations: &[Migration::portable("people", include_str!("../../../people/migrations/0001_people.sql"))],
    ..Part::named("people")
};
pub static PARTS: &[&Part] = &[&db::CORE, &PEOPLE, &audit::PART];

pub const NOON: Time = Time(1_773_824_400_000_000);
pub const SECOND: i64 = 1_000_000;

pub fn key() -> SigningKey {
    SigningKey::from_bytes("cairn.example.com", &[7; 32]).unwrap()
}

pub fn keys() -> Vec<VerifierKey> {
    vec![key().verifier()]
}

#[derive(Clone)]
pub struct World {
    pub db: Arc<Db>,
    pub app: App,
    pub workspace: Id<Workspace>,
}

impl World {
    pub async fn at(url: &str) -> World {
        let db = Db::open(url, PARTS).await.unwrap();
        let clock = Clock::fixed(NOON);
        let app = App::new(db.clone(), PARTS, clock, |_| Box::pin(async { Ok(()) }));
        World { db, app, workspace: Id::new() }.neighbour().await
    }

    /// Another workspace in the same database.
    pub async fn neighbour(&self) -> World {
        let world = World { workspace: Id::new(), ..self.clone() };
        world
            .sql(
                "insert into workspaces (id, name, created_at) values ($1, $2, $3)",
                args![world.workspace, "Ferry & Co", NOON],
            )
            .await;
        world
    }

    pub fn system(&self) -> Actor {
        Actor::system(self.workspace)
    }

    pub async fn record(&self, count: usize) {
        self.app.call(&self.system(), Record { count }).await.unwrap();
    }

    pub async fn seal(&self) -> usize {
        self.try_seal().await.unwrap()
    }

    pub async fn try_seal(&self) -> Result<usize> {
        self.app.call(&self.system(), Seal {}).await
    }

    /// A note over everything that is sealed, which the database does not know.
    pub async fn sign(&self) -> Option<String> {
        let head = "select position, hash from event_seals where workspace_id = $1 order by position desc limit 1";
        let (size, head): (i64, String) = self.rows(head, args![self.workspace]).await.pop()?;
        Some(checkpoint::sign(&key(), &Checkpoint { workspace: self.workspace.to_string(), size, head }).unwrap())
    }

    pub async fn verify(&self, given: &[String]) -> Verdict {
        audit::verify(&self.app, self.workspace, &keys(), given).await.unwrap()
    }

    /// Runs SQL behind Cairn's back.
    pub async fn sql(&self, text: &str, args: &[Value<'_>]) -> u64 {
        self.raw::<i64>(text, args).await.1
    }

    pub async fn rows<T: FromRow + 'static>(&self, text: &str, args: &[Value<'_>]) -> Vec<T> {
        self.raw(text, args).await.0
    }

    async fn raw<T: FromRow + 'static>(&self, text: &str, args: &[Value<'_>]) -> (Vec<T>, u64) {
        let args = args.iter().map(Owned::from).collect();
        let work = Raw::<T> { actor: self.system(), statement: statement(text), args, row: T::from_row };
        *self.db.transact(Box::new(work)).await.unwrap().downcast().unwrap()
    }
}

/// The server that `TEST_POSTGRES` names with a new database, or nothing without one.
pub async fn postgres() -> Option<String> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let server = std::env::var("TEST_POSTGRES").ok()?;
    let (client, connection) = tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let name = format!("audit{}_{}", std::process::id(), NEXT.fetch_add(1, Relaxed));
    client.batch_execute(&format!("drop database if exists {name}")).await.unwrap();
    client.batch_execute(&format!("create database {name}")).await.unwrap();
    Some(server.rsplit_once('/').unwrap().0.to_owned() + "/" + &name)
}

pub async fn worlds() -> Vec<World> {
    let mut all = vec![World::at(":memory:").await];
    if let Some(url) = postgres().await {
        all.push(World::at(&url).await);
    }
    all
}

/// Records that many events, with content of all sizes.
#[derive(Deserialize, JsonSchema)]
struct Record {
    count: usize,
}

#[derive(Deserialize, JsonSchema)]
struct Seal {}

/// Erases what the events with these ids said.
#[derive(Deserialize, JsonSchema)]
pub struct Erase {
    pub events: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Want {
    kind: String,
}

macro_rules! operation {
    ($name:ident, $word:literal, $output:ty, |$self:ident, $tx:ident| $run:expr) => {
        impl Operation for $name {
            const NAME: &'static str = $word;
            const ROUTE: Route = Route(Method::Post, "/test");
            type Target = ();
            type Output = $output;

            async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
                Ok(())
            }

            fn allows(_: &Actor, (): &()) -> bool {
                true
            }

            async fn run(&$self, $tx: &mut Tx<'_>, (): ()) -> Result<$output> {
                $run
            }
        }
    };
}

operation!(Record, "test.record", (), |self, tx| {
    for i in 0..self.count {
        let subject: Id<Json> = tx.id();
        let verb = ["checkin.answered", "person.added", "leave.booked"][i % 3];
        tx.record(verb, subject, json!({ "text": "é".repeat(i % 40), "number": i }));
    }
    Ok(())
});
operation!(Seal, "test.seal", usize, |self, tx| audit::seal(tx).await);
operation!(Erase, "test.erase", (), |self, tx| {
    for event in &self.events {
        audit::erase(tx, event.parse()?).await?;
    }
    Ok(())
});
operation!(Want, "test.want", (), |self, tx| {
    let kind = if self.kind == "audit.seal" { "audit.seal" } else { "audit.checkpoint" };
    tx.want_once(kind, kind, json!({}), tx.now());
    Ok(())
});

impl World {
    /// Runs a job, and those that it asks for.
    pub async fn job(&self, kind: &str, outside: &dyn Outside) {
        self.app.call(&self.system(), Want { kind: kind.into() }).await.unwrap();
        while db::drain(&self.db, &self.app, outside).await.unwrap() > 0 {}
    }
}

/// Keeps what leaves the machine.
#[derive(Default)]
pub struct Postbox {
    pub notes: Mutex<Vec<String>>,
}

impl Outside for Postbox {
    fn send(&self, _: Letter) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String> {
        Box::pin(async move {
            let note = checkpoint::sign(&key(), &checkpoint)?;
            self.notes.lock().unwrap().push(note.clone());
            Ok(note)
        })
    }

    fn note_access(&self, _: String) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn blobs(&self) -> &dyn kernel::BlobStore {
        unreachable!("nobody brings a file here")
    }
}

struct Raw<T> {
    actor: Actor,
    statement: &'static Statement,
    args: Vec<Owned>,
    row: fn(&kernel::Row<'_>) -> Result<T>,
}

enum Owned {
    Null,
    Int(i64),
    Text(String),
}

impl From<&Value<'_>> for Owned {
    fn from(value: &Value<'_>) -> Owned {
        match value {
            Value::Null => Owned::Null,
            Value::Int(number) => Owned::Int(*number),
            Value::Text(text) => Owned::Text((*text).into()),
            other => panic!("{other:?} is not needed here"),
        }
    }
}

impl<T: Send + 'static> Work for Raw<T> {
    fn mode(&self) -> Mode {
        Mode::Write
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move {
            let args: Vec<Value<'_>> = self
                .args
                .iter()
                .map(|value| match value {
                    Owned::Null => Value::Null,
                    Owned::Int(number) => Value::Int(*number),
                    Owned::Text(text) => Value::Text(text),
                })
                .collect();
            let mut rows = Vec::new();
            let mut each = |row: &kernel::Row<'_>| {
                rows.push((self.row)(row)?);
                Ok(())
            };
            let changed = conn.query(self.statement, &args, &mut each).await?;
            let output: Box<dyn Any + Send> = Box::new((rows, changed));
            Ok(Done { output, events: Vec::new(), jobs: Vec::new(), touched: Vec::new() })
        })
    }
}

/// Statements live as long as the program, so each text is kept once.
fn statement(text: &str) -> &'static Statement {
    static KNOWN: Mutex<BTreeMap<String, &'static Statement>> = Mutex::new(BTreeMap::new());
    let mut known = KNOWN.lock().unwrap();
    known.entry(text.to_owned()).or_insert_with(|| {
        let postgres = Box::leak(text.to_owned().into_boxed_str());
        let sqlite = Box::leak(text.replace('$', "?").into_boxed_str());
        Box::leak(Box::new(Statement { postgres, sqlite, file: file!(), line: line!() }))
    })
}

pub fn is_invalid<T>(result: Result<T>, field: &str) -> bool {
    matches!(result, Err(Error::Invalid(flaws)) if flaws[0].field == field)
}
