//! What one request reads: of one moment, and of one transaction, so that a page agrees with itself, and PostgreSQL need
//! not begin and end a transaction for each of its operations.
use crate::{Db, postgres, sqlite};
use kernel::{Later, Mode, Result, Store, Work};
use std::{any::Any, sync::Arc};
use tokio::sync::Mutex;

/// The database as a request reads it. The transaction begins with the first reading, and ends when the request does
/// or changes something.
pub struct Moment {
    db: Arc<Db>,
    reading: Mutex<Option<Reading>>,
}

/// A transaction that reads.
pub enum Reading {
    Sqlite(sqlite::Reading),
    Postgres(Box<postgres::Reading>),
}

impl Moment {
    pub fn of(db: Arc<Db>) -> Moment {
        Moment { db, reading: Mutex::new(None) }
    }
}

impl Store for Moment {
    fn transact(&self, work: Box<dyn Work>) -> Later<'_, Box<dyn Any + Send>> {
        Box::pin(async move {
            let mut kept = self.reading.lock().await;
            // Not kept while it is used: when the caller leaves meanwhile, the transaction ends.
            let begun = kept.take();
            if work.mode() != Mode::Read {
                drop(begun); // what is read afterwards has the change in it
                return self.db.transact(work).await;
            }
            let mut reading = match begun {
                Some(reading) => reading,
                None => self.db.reading().await?,
            };
            let result = reading.run(work).await;
            *kept = Some(reading).filter(Reading::stands);
            result
        })
    }

    fn at_one_moment(self: Arc<Self>) -> Arc<dyn Store> {
        self
    }

    fn let_go(&self) -> Later<'_, ()> {
        Box::pin(async move {
            self.reading.lock().await.take();
            Ok(())
        })
    }
}

impl Reading {
    pub async fn run(&mut self, work: Box<dyn Work>) -> Result<Box<dyn Any + Send>> {
        match self {
            Reading::Sqlite(reading) => reading.run(work).await,
            Reading::Postgres(reading) => reading.read(&*work).await,
        }
    }

    /// After a failed statement PostgreSQL refuses everything but the end of the transaction.
    fn stands(&self) -> bool {
        match self {
            Reading::Sqlite(_) => true,
            Reading::Postgres(reading) => !reading.has_failed(),
        }
    }
}
