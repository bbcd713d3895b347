//! All rows of a database as lines of JSON, the same from both engines, and back into an empty database of either.
//!
//! The first line names the format and the schema; each further line is one row, `{"t": table, "r": {column: value}}`;
//! the last one counts the rows of each table. Tables named `search_…` are left out: they are made
//! anew from the others. Bytes are base64. Sessions, devices and the like are rows too: who
//! restores a dump ends all access (`people::account`).
use crate::{Db, outbox};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{
    Actor, Conn, Done, Error, Id, Json, Later, Mode, Result, Row, Sql, Statement, Store, Value, Work, args, json, sql,
};
use std::{
    collections::BTreeMap,
    io::{BufRead, Read, Write},
    sync::Mutex,
};

pub const FORMAT: &str = "cairn dump 1";
/// A row longer than this is damage or an attack; the largest stored value is a file of 20 MB in base64.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// How many rows each table has.
pub type Counts = BTreeMap<String, i64>;

/// Writes everything, as it stood at one moment.
pub async fn dump(db: &Db, out: Box<dyn Write + Send>) -> Result<Counts> {
    let work = Dump { nobody: Actor::system(Id::from_u128(0)), out: Mutex::new(out) };
    let counts = db.transact(Box::new(work)).await?;
    Ok(*counts.downcast().expect("a dump answers with its counts"))
}

/// Reads a dump into a database that has the same tables and no rows, whole or not at all.
pub async fn load(db: &Db, lines: Box<dyn BufRead + Send>) -> Result<Counts> {
    let work = Load { nobody: Actor::system(Id::from_u128(0)), lines: Mutex::new(Some(lines)) };
    let counts = db.transact(Box::new(work)).await?;
    Ok(*counts.downcast().expect("a load answers with its counts"))
}

/// A table of the schema, in the order in which it was made, so that what it refers to comes before it.
struct Table {
    name: String,
    columns: Vec<(String, Kind)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Int,
    Real,
    Bytes,
    Truth,
}

async fn tables(conn: &mut dyn Conn) -> Result<Vec<Table>> {
    let columns = sql!(
        postgres: "select cast(c.relname as text), cast(a.attname as text), cast(format_type(a.atttypid, null) as text)
             from pg_class c join pg_attribute a on a.attrelid = c.oid
            where c.relkind = 'r' and c.relnamespace = cast(current_schema() as regnamespace)
              and a.attnum > 0 and not a.attisdropped and left(cast(c.relname as text), 7) <> 'search_'
            order by c.oid, a.attnum",
        sqlite: "select m.name, p.name, p.type from sqlite_master m join pragma_table_info(m.name) p
            where m.type = 'table' and m.name not like 'sqlite_%' and substr(m.name, 1, 7) <> 'search_'
            order by m.rowid, p.cid",
    );
    let mut tables: Vec<Table> = Vec::new();
    conn.query(columns, args![], &mut |row| {
        let (table, column, kind): (String, String, String) = (row.at(0)?, row.at(1)?, row.at(2)?);
        if tables.last().is_none_or(|last| last.name != table) {
            tables.push(Table { name: table, columns: Vec::new() });
        }
        if let Some(last) = tables.last_mut() {
            last.columns.push((column, kind_of(&kind)?));
        }
        Ok(())
    })
    .await?;
    tables.retain(|table| table.name != "schema_versions");
    Ok(tables)
}

fn kind_of(name: &str) -> Result<Kind> {
    match name.to_lowercase().as_str() {
        "text" => Ok(Kind::Text),
        "integer" | "bigint" => Ok(Kind::Int),
        "real" | "double precision" => Ok(Kind::Real),
        "blob" | "bytea" => Ok(Kind::Bytes),
        "boolean" => Ok(Kind::Truth),
        other => Err(Error::internal(format!("a column has the type {other}, which Cairn does not store"))),
    }
}

impl Table {
    fn names(&self) -> String {
        self.columns.iter().map(|(name, _)| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
    }

    fn select(&self) -> Sql {
        made(format!("select {} from \"{}\"", self.names(), self.name))
    }

    fn insert(&self) -> Sql {
        let places: Vec<String> = (1..=self.columns.len()).map(|i| format!("${i}")).collect();
        made(format!("insert into \"{}\" ({}) values ({})", self.name, self.names(), places.join(", ")))
    }

    fn row(&self, row: &Row<'_>) -> Result<Json> {
        let mut fields = serde_json::Map::new();
        for (i, (name, _)) in self.columns.iter().enumerate() {
            fields.insert(name.clone(), shown(row, i)?);
        }
        Ok(json!({ "t": self.name, "r": fields }))
    }
}

fn shown(row: &Row<'_>, index: usize) -> Result<Json> {
    row.value(index).map(|value| match value {
        Value::Null => Json::Null,
        Value::Int(number) => json!(number),
        Value::Real(number) => json!(number),
        Value::Bool(truth) => json!(i64::from(truth)),
        Value::Text(text) => json!(text),
        Value::Bytes(bytes) => json!({ "base64": STANDARD.encode(bytes) }),
        Value::Date(date) => json!(date.to_string()),
    })
}

/// A statement whose text is known only now: one for each table, kept as long as the program.
fn made(text: String) -> Sql {
    let postgres: &'static str = Box::leak(text.into_boxed_str());
    let sqlite: &'static str = Box::leak(postgres.replace('$', "?").into_boxed_str());
    Box::leak(Box::new(Statement { postgres, sqlite, file: file!(), line: line!() }))
}

struct Dump {
    nobody: Actor,
    out: Mutex<Box<dyn Write + Send>>,
}

impl Dump {
    fn line(&self, line: &Json) -> Result<()> {
        let mut out = self.out.lock().map_err(|_| Error::internal("a dump was interrupted"))?;
        writeln!(out, "{line}").map_err(|error| Error::Busy(format!("The dump cannot be written: {error}.")))
    }

    async fn write(&self, conn: &mut dyn Conn) -> Result<Counts> {
        let (tables, mut counts) = (tables(conn).await?, Counts::new());
        self.line(&json!({ "format": FORMAT, "schema": schema(conn).await? }))?;
        for table in &tables {
            let rows = conn.query(table.select(), args![], &mut |row| self.line(&table.row(row)?)).await?;
            counts.insert(table.name.clone(), rows as i64);
        }
        self.line(&json!({ "counts": counts }))?;
        self.out.lock().map_err(|_| Error::internal("a dump was interrupted"))?.flush().map_err(Error::internal)?;
        Ok(counts)
    }
}

impl Work for Dump {
    fn mode(&self) -> Mode {
        Mode::Read
    }

    fn actor(&self) -> &Actor {
        &self.nobody
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move { Ok(outbox::nothing(Box::new(self.write(conn).await?))) })
    }
}

/// Which steps of which parts have made the tables.
async fn schema(conn: &mut dyn Conn) -> Result<Json> {
    let mut steps = serde_json::Map::new();
    let versions = sql!("select part, max(version) from schema_versions group by part order by part");
    conn.query(versions, args![], &mut |row| {
        steps.insert(row.at::<String>(0)?, json!(row.at::<i64>(1)?));
        Ok(())
    })
    .await?;
    Ok(Json::Object(steps))
}

struct Load {
    nobody: Actor,
    lines: Mutex<Option<Box<dyn BufRead + Send>>>,
}

impl Load {
    async fn read(&self, conn: &mut dyn Conn) -> Result<Counts> {
        let lines = self.lines.lock().map_err(|_| Error::internal("a load was interrupted"))?.take();
        let mut lines = Lines { read: lines.ok_or_else(|| Error::internal("a dump is read once"))?, number: 0 };
        let head = lines.next()?.ok_or_else(|| lines.wrong("the file is empty"))?;
        if head["format"] != FORMAT {
            return Err(lines.wrong("this is no dump of Cairn"));
        }
        if head["schema"] != schema(conn).await? {
            return Err(lines.wrong("the dump is of another release; restore it with that one and upgrade then"));
        }
        let with_insert = |table: Table| (table.name.clone(), (table.insert(), table));
        let tables: BTreeMap<String, (Sql, Table)> = tables(conn).await?.into_iter().map(with_insert).collect();
        let mut counts: Counts = tables.keys().map(|name| (name.clone(), 0)).collect();
        while let Some(line) = lines.next()? {
            if let Some(said) = line.get("counts") {
                let said: Counts =
                    serde_json::from_value(said.clone()).map_err(|_| lines.wrong("the counts cannot be read"))?;
                return if said == counts { Ok(counts) } else { Err(lines.wrong("rows are missing or stand twice")) };
            }
            let table = line["t"].as_str().and_then(|name| tables.get(name));
            let (insert, table) = table.ok_or_else(|| lines.wrong("this row is of no table here"))?;
            put(conn, table, insert, &line["r"]).await.map_err(|error| lines.wrong(&error.to_string()))?;
            *counts.entry(table.name.clone()).or_default() += 1;
        }
        Err(lines.wrong("the end is missing, so the file was cut off"))
    }
}

async fn put(conn: &mut dyn Conn, table: &Table, insert: Sql, row: &Json) -> Result<()> {
    let mut kept: Vec<Option<Vec<u8>>> = Vec::with_capacity(table.columns.len());
    for (name, _) in &table.columns {
        let base64 = row[name]["base64"].as_str();
        kept.push(base64.map(|text| STANDARD.decode(text)).transpose().map_err(Error::internal)?);
    }
    let values: Result<Vec<Value<'_>>> = table
        .columns
        .iter()
        .zip(&kept)
        .map(|((name, kind), bytes)| bound(*kind, &row[name], bytes.as_deref()))
        .collect();
    conn.query(insert, &values?, &mut |_| Ok(())).await.map(|_| ())
}

fn bound<'a>(kind: Kind, value: &'a Json, bytes: Option<&'a [u8]>) -> Result<Value<'a>> {
    let found = match (kind, value) {
        (_, Json::Null) => Some(Value::Null),
        (Kind::Text, Json::String(text)) => Some(Value::Text(text)),
        (Kind::Int, Json::Number(number)) => number.as_i64().map(Value::Int),
        (Kind::Real, Json::Number(number)) => number.as_f64().map(Value::Real),
        (Kind::Truth, Json::Number(number)) => number.as_i64().map(|number| Value::Bool(number == 1)),
        (Kind::Bytes, Json::Object(_)) => bytes.map(Value::Bytes),
        _ => None,
    };
    found.ok_or_else(|| Error::internal("a value does not fit its column"))
}

struct Lines {
    read: Box<dyn BufRead + Send>,
    number: usize,
}

impl Lines {
    fn next(&mut self) -> Result<Option<Json>> {
        let mut line = String::new();
        self.number += 1;
        let mut limited = Read::take(&mut *self.read, LONGEST_LINE);
        let read = limited.read_line(&mut line).map_err(|error| self.wrong(&error.to_string()))?;
        if read == 0 {
            return Ok(None);
        }
        serde_json::from_str(&line).map(Some).map_err(|error| self.wrong(&error.to_string()))
    }

    fn wrong(&self, what: &str) -> Error {
        Error::invalid("dump", format!("Line {}: {what}.", self.number))
    }
}

impl Work for Load {
    fn mode(&self) -> Mode {
        Mode::Write
    }

    fn actor(&self) -> &Actor {
        &self.nobody
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        Box::pin(async move { Ok(outbox::nothing(Box::new(self.read(conn).await?))) })
    }
}
