//! Brings a schema up to date when the program starts. Each engine lets one process in at a time; what is to be done
//! is decided by one function for both.
use crate::{sqlite, translate};
use deadpool_postgres::Client;
use kernel::{Error, Migration, Part, Result, Time, fingerprint};
use rusqlite::{Connection, TransactionBehavior, params};

const VERSIONS: &str = "create table if not exists schema_versions (
    part text not null, version bigint not null, name text not null, fingerprint bigint not null,
    applied_at bigint not null, primary key (part, version));";
const APPLIED: &str = "select part, version, name, fingerprint from schema_versions order by part, version";

/// Any number that no other program uses as an advisory lock on the same database.
const LOCK: &str = "select pg_advisory_xact_lock(7212026)";

struct Applied {
    part: String,
    version: i64,
    name: String,
    fingerprint: i64,
}

type Step<'a> = (&'a Part, i64, &'a Migration);

/// What is missing, in order; or why this program must not touch this database.
fn plan<'a>(parts: &[&'a Part], applied: &[Applied]) -> Result<Vec<Step<'a>>> {
    let all = parts.iter().flat_map(|part| (1..).zip(part.migrations).map(|(version, step)| (*part, version, step)));
    let known: Vec<Step<'a>> = all.collect();
    let find = |a: &Applied| known.iter().find(|(part, version, _)| part.name == a.part && *version == a.version);
    for done in applied {
        let Applied { part, version, name, .. } = done;
        let Some((_, _, step)) = find(done) else {
            return Err(Error::internal(format!(
                "the database has step {version} ({name}) of `{part}`, which this program does not know: \
                 it was used by a newer Cairn; start that one, or restore a backup from before"
            )));
        };
        if fingerprint(step.sql) != done.fingerprint {
            return Err(Error::internal(format!(
                "step {version} ({name}) of `{part}` was edited after it was applied"
            )));
        }
    }
    let missing = |step: &Step<'_>| !applied.iter().any(|a| a.part == step.0.name && a.version == step.1);
    Ok(known.into_iter().filter(missing).collect())
}

pub fn for_sqlite(connection: &mut Connection, parts: &[&Part]) -> Result<()> {
    let mut run = || -> rusqlite::Result<Result<()>> {
        let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(&translate::for_sqlite(VERSIONS))?;
        let applied = tx
            .prepare(APPLIED)?
            .query_map([], |row| {
                Ok(Applied { part: row.get(0)?, version: row.get(1)?, name: row.get(2)?, fingerprint: row.get(3)? })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let steps = match plan(parts, &applied) {
            Ok(steps) => steps,
            Err(error) => return Ok(Err(error)),
        };
        for (part, version, step) in steps {
            tx.execute_batch(&step.sqlite.map_or_else(|| translate::for_sqlite(step.sql), str::to_owned))?;
            let row = params![part.name, version, step.name, fingerprint(step.sql), Time::now().0];
            tx.execute("insert into schema_versions values (?1, ?2, ?3, ?4, ?5)", row)?;
        }
        sqlite::statistics::write(&tx)?;
        tx.commit().map(Ok)
    };
    run().map_err(sqlite::error)??;
    sqlite::statistics::read(connection).map_err(sqlite::error)
}

pub async fn for_postgres(client: &mut Client, parts: &[&Part]) -> Result<()> {
    let tx = client.transaction().await.map_err(Error::internal)?;
    tx.batch_execute(LOCK).await.map_err(Error::internal)?;
    tx.batch_execute(VERSIONS).await.map_err(Error::internal)?;
    let rows = tx.query(APPLIED, &[]).await.map_err(Error::internal)?;
    let applied = rows.iter().map(|row| Applied {
        part: row.get(0),
        version: row.get(1),
        name: row.get(2),
        fingerprint: row.get(3),
    });
    for (part, version, step) in plan(parts, &applied.collect::<Vec<_>>())? {
        tx.batch_execute(step.sql).await.map_err(Error::internal)?;
        tx.execute(
            "insert into schema_versions values ($1, $2, $3, $4, $5)",
            &[&part.name, &version, &step.name, &fingerprint(step.sql), &Time::now().0],
        )
        .await
        .map_err(Error::internal)?;
    }
    tx.commit().await.map_err(Error::internal)
}
