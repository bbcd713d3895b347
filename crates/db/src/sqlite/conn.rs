use kernel::{Columns, Conn, Each, Error, Reply, Result, Row, Sql, Value};
use rusqlite::{
    Connection, ErrorCode, ToSql,
    config::DbConfig,
    ffi,
    types::{ToSqlOutput, ValueRef},
};

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The disk: what was acknowledged survives a power cut.
    Full,
    /// The operating system: a power cut takes the last commits away.
    Normal,
}

impl Durability {
    fn pragma(self) -> &'static str {
        match self {
            Durability::Full => "pragma synchronous = full",
            Durability::Normal => "pragma synchronous = normal",
        }
    }
}

/// Files are read, not mapped: each connection's map counts as memory of its own, and a page that the disk cannot give
/// would end the process instead of one operation. The writer pays for checkpoints, so a rarer one (the log may grow to 32 MB) lowers the 99th percentile of writing
/// operations.
const PRAGMAS: &str = "
    pragma busy_timeout = 5000;
    pragma journal_mode = wal;
    pragma wal_autocheckpoint = 8000;
    pragma foreign_keys = on;
    pragma trusted_schema = off;
    pragma temp_store = memory;";

/// One connection to SQLite.
pub struct Lite {
    connection: Connection,
    /// True while a reading operation runs, which may not change anything.
    pub reading: bool,
}

impl Lite {
    /// `cache` is in KiB.
    pub fn open(path: &str, durability: Durability, cache: usize) -> Result<Lite> {
        let connection = Connection::open(path).map_err(error)?;
        connection.execute_batch(PRAGMAS).map_err(error)?;
        connection.execute_batch(durability.pragma()).map_err(error)?;
        connection.execute_batch(&format!("pragma cache_size = -{cache}")).map_err(error)?;
        connection.set_prepared_statement_cache_capacity(512);
        // One plan per statement: without this, many are planned anew whenever other values are bound.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(error)?;
        Ok(Lite { connection, reading: false })
    }

    pub fn connection(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// `begin`, `commit` and their like.
    pub fn control(&self, text: &'static str) -> Result<()> {
        self.connection.prepare_cached(text).and_then(|mut s| s.raw_execute()).map(|_| ()).map_err(error)
    }

    /// False when there is no transaction, also because SQLite gave it up by itself (disk full, I/O error).
    pub fn in_transaction(&self) -> bool {
        !self.connection.is_autocommit()
    }

    pub fn execute(&self, sql: Sql, args: &[Value<'_>], each: &mut Each<'_>) -> Result<u64> {
        let mut statement = self.connection.prepare_cached(sql.sqlite).map_err(error)?;
        if self.reading && !statement.readonly() {
            return Err(Error::internal(format!("a reading operation may not write ({}:{})", sql.file, sql.line)));
        }
        if statement.parameter_count() != args.len() {
            return Err(Error::internal(format!("wrong number of args ({}:{})", sql.file, sql.line)));
        }
        for (i, value) in args.iter().enumerate() {
            statement.raw_bind_parameter(i + 1, Parameter(*value)).map_err(error)?;
        }
        if statement.column_count() == 0 {
            return statement.raw_execute().map(|changed| changed as u64).map_err(error);
        }
        let mut rows = statement.raw_query();
        let mut count = 0;
        while let Some(row) = rows.next().map_err(error)? {
            each(&Row::new(&LiteRow(row)))?;
            count += 1;
        }
        Ok(count)
    }
}

impl Conn for Lite {
    fn query<'a>(&'a mut self, sql: Sql, args: &'a [Value<'a>], each: &'a mut Each<'a>) -> Reply<'a> {
        Reply::Now(Some(self.execute(sql, args, each)))
    }

    fn query_many<'a>(&'a mut self, sql: Sql, rows: &'a [Vec<Value<'a>>]) -> Reply<'a> {
        let changed = rows.iter().map(|args| self.execute(sql, args, &mut |_| Ok(()))).sum();
        Reply::Now(Some(changed))
    }

    fn prepare(&mut self, sql: Sql) -> Reply<'_> {
        let columns = self.connection.prepare(sql.sqlite).map(|statement| statement.column_count() as u64);
        Reply::Now(Some(columns.map_err(error)))
    }
}

struct Parameter<'a>(Value<'a>);

impl ToSql for Parameter<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        if let Value::Date(date) = self.0 {
            return Ok(ToSqlOutput::Owned(date.to_string().into()));
        }
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Value::Null | Value::Date(_) => ValueRef::Null,
            Value::Int(number) => ValueRef::Integer(number),
            Value::Real(number) => ValueRef::Real(number),
            Value::Bool(truth) => ValueRef::Integer(truth.into()),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
            Value::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

struct LiteRow<'r>(&'r rusqlite::Row<'r>);

impl Columns for LiteRow<'_> {
    fn count(&self) -> usize {
        self.0.as_ref().column_count()
    }

    fn name(&self, index: usize) -> &str {
        self.0.as_ref().column_name(index).unwrap_or_default()
    }

    fn value(&self, index: usize) -> Result<Value<'_>> {
        Ok(match self.0.get_ref(index).map_err(error)? {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(number) => Value::Int(number),
            ValueRef::Real(number) => Value::Real(number),
            ValueRef::Text(text) => Value::Text(str::from_utf8(text).map_err(Error::internal)?),
            ValueRef::Blob(bytes) => Value::Bytes(bytes),
        })
    }
}

pub fn error(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, Some(text)) = &error else { return Error::internal(error) };
    match failure.code {
        ErrorCode::ConstraintViolation => Error::Constraint(constraint(failure.extended_code, text)),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Error::Busy("The database is busy; try again.".into()),
        ErrorCode::DiskFull | ErrorCode::SystemIoFailure => {
            Error::Busy("The disk refused to save; nothing changed.".into())
        }
        _ => Error::internal(error),
    }
}

/// SQLite names columns where PostgreSQL names the constraint: "UNIQUE constraint failed: people.team, people.email"
/// is `people_team_email_key` there, as long as migrations leave the naming of unique constraints to the engine.
fn constraint(code: i32, text: &str) -> String {
    let detail = text.split_once(": ").map_or(text, |(_, detail)| detail);
    let columns = detail.split(", ").map(|column| column.split_once('.').unwrap_or(("", column)));
    let table = columns.clone().next().map_or("", |(table, _)| table);
    match code {
        ffi::SQLITE_CONSTRAINT_PRIMARYKEY => format!("{table}_pkey"),
        ffi::SQLITE_CONSTRAINT_UNIQUE => {
            columns.fold(table.to_owned(), |name, (_, column)| name + "_" + column) + "_key"
        }
        _ => detail.to_owned(), // a check has its own name, a foreign key has none
    }
}
