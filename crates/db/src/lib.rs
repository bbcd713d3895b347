//! The two engines behind [`kernel::Store`]: how a transaction begins, ends, waits and is tried again.
//! Nothing above this crate knows a driver.
mod check;
mod dump;
mod jobs;
mod migrate;
mod moment;
mod outbox;
mod postgres;
pub mod search;
mod sqlite;
mod translate;
mod wake;

use kernel::{Later, Migration, Part, Result, Store, Work};
use moment::{Moment, Reading};
use sqlite::Durability;
use std::{any::Any, sync::Arc};
use tokio::sync::broadcast;

pub use check::{Checked, prepare_all};
pub use dump::{Counts, dump, load};
pub use jobs::{ask_for_scheduled, drain, work_forever};
pub use outbox::Topic;
pub use postgres::Isolation;

/// The tables of the kernel and of `db`, as the first part of every program.
pub static CORE: Part = Part {
    migrations: &[
        Migration::portable("core", include_str!("../migrations/0001_core.sql")),
        Migration { name: "lists", sql: include_str!("../migrations/0002_lists.postgres.sql"), sqlite: Some("") },
        Migration {
            name: "search",
            sql: include_str!("../migrations/0003_search.postgres.sql"),
            sqlite: Some(include_str!("../migrations/0003_search.sqlite.sql")),
        },
    ],
    ..Part::named("core")
};

/// The version of the embedded database.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

pub enum Db {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Db {
    /// Opens a file, `:memory:` or a `postgres://` address and brings its schema up to date.
    pub async fn open(url: &str, parts: &[&Part]) -> Result<Arc<Db>> {
        Db::open_at(url, parts, Isolation::default()).await
    }

    pub async fn open_at(url: &str, parts: &[&Part], isolation: Isolation) -> Result<Arc<Db>> {
        let db = match url.starts_with("postgres://") {
            true => Db::Postgres(postgres::Postgres::open(url, parts, isolation).await?),
            false => Db::Sqlite(sqlite::Sqlite::open(url, parts, Durability::Full)?),
        };
        Ok(Arc::new(db))
    }

    /// Opens a file whose last commits a power cut takes away. No setting leads here: it is for the test that cuts the
    /// power, which shows with it that it would notice.
    #[doc(hidden)]
    pub fn open_forgetful(path: &str, parts: &[&Part]) -> Result<Arc<Db>> {
        Ok(Arc::new(Db::Sqlite(sqlite::Sqlite::open(path, parts, Durability::Normal)?)))
    }

    /// What changes, from every server on this database, as it is committed.
    pub fn changes(&self) -> broadcast::Receiver<Arc<Vec<Topic>>> {
        self.wake().listen()
    }

    /// A transaction for several readings. It holds a connection.
    async fn reading(&self) -> Result<Reading> {
        match self {
            Db::Sqlite(db) => Ok(Reading::Sqlite(db.reading()?)),
            Db::Postgres(db) => Ok(Reading::Postgres(Box::new(db.reading().await?))),
        }
    }

    fn wake(&self) -> &wake::Wake {
        match self {
            Db::Sqlite(db) => &db.wake,
            Db::Postgres(db) => &db.wake,
        }
    }
}

impl Store for Db {
    fn transact(&self, work: Box<dyn Work>) -> Later<'_, Box<dyn Any + Send>> {
        match self {
            Db::Sqlite(db) => Box::pin(db.transact(work)),
            Db::Postgres(db) => Box::pin(db.transact(work)),
        }
    }

    fn at_one_moment(self: Arc<Self>) -> Arc<dyn Store> {
        Arc::new(Moment::of(self))
    }
}
