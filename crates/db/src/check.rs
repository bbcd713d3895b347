use crate::{Db, outbox};
use kernel::{Actor, Conn, Done, Id, Later, Mode, Result, Statement, Store, Work};

/// One statement, and how many columns it has or why the engine refuses it.
pub struct Checked {
    pub place: String,
    pub columns: Result<u64>,
}

/// Prepares every statement of the program against the current schema: for the test that needs no list, and for
/// `cairn doctor`.
pub async fn prepare_all(db: &Db) -> Result<Vec<Checked>> {
    let nobody = Actor::system(Id::from_u128(0));
    let checked = db.transact(Box::new(PrepareAll { nobody })).await?;
    Ok(*checked.downcast().expect("the check answers with its list"))
}

struct PrepareAll {
    nobody: Actor,
}

impl Work for PrepareAll {
    fn mode(&self) -> Mode {
        Mode::Read
    }

    fn actor(&self) -> &Actor {
        &self.nobody
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move {
            let mut all = Vec::new();
            for sql in Statement::all() {
                all.push(Checked { place: format!("{}:{}", sql.file, sql.line), columns: conn.prepare(sql).await });
            }
            all.sort_by(|a, b| a.place.cmp(&b.place));
            Ok(outbox::nothing(Box::new(all)))
        })
    }
}
