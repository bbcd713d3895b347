use crate::{
    outbox::{self, Insert},
    wake::Wake,
};
use bytes::BytesMut;
use deadpool_postgres::Client;
use futures_util::{TryStreamExt, future::join, future::join_all};
use kernel::{Columns, Conn, Each, Error, Reply, Result, Row, Sql, Value, Work};
use std::{
    any::Any,
    pin::pin,
    task::{Context, Waker},
};
use tokio::runtime::Handle;
use tokio_postgres::{
    NoTls, Statement,
    error::SqlState,
    types::{IsNull, ToSql, Type, to_sql_checked},
};

/// How many statements are sent before the first answers: `join_all` polls, and so sends, in order only up to thirty.
const AT_ONCE: usize = 16;

/// One transaction. It begins with its first statement, in the same round trip, and what is not committed when it is
/// dropped, because the operation failed, panicked or was cancelled, is rolled back.
pub struct Pg {
    /// There until the drop, which takes it away.
    client: Option<Client>,
    begin: &'static str,
    state: State,
    failed: bool,
    collided: bool,
    /// A statement is under way; still true in `drop` only when the caller has left.
    waiting: bool,
}

#[derive(PartialEq)]
enum State {
    Fresh,
    Open,
    Ended,
}

impl Pg {
    pub fn new(client: Client, begin: &'static str) -> Pg {
        Pg { client: Some(client), begin, state: State::Fresh, failed: false, collided: false, waiting: false }
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("the connection is there until the drop")
    }

    /// The server asked for another try (serialization failure, deadlock), whatever the operation made of the error.
    pub fn collided(&self) -> bool {
        self.collided
    }

    /// A statement was refused, and so will be all that follow.
    pub fn has_failed(&self) -> bool {
        self.failed
    }

    /// Runs what reads. `drop` ends the snapshot; nobody needs to wait for that.
    pub async fn read(&mut self, work: &dyn Work) -> Result<Box<dyn Any + Send>> {
        let done = work.run(self).await?;
        match done.events.is_empty() {
            true => Ok(done.output),
            false => Err(Error::internal("a reading operation recorded an event")),
        }
    }

    /// Runs what changes something, and commits.
    pub async fn run(&mut self, work: &dyn Work, wake: &Wake) -> Result<Box<dyn Any + Send>> {
        let done = work.run(self).await?;
        self.commit(outbox::inserts(work.actor(), &done)).await?;
        wake.saved(!done.jobs.is_empty(), outbox::topics(work.actor(), &done));
        Ok(done.output)
    }

    /// Sends the outbox and the commit at once and waits once. Should a row be refused, the server turns the commit
    /// into a rollback, and the row's own answer says why.
    async fn commit(&mut self, outbox: Vec<Insert>) -> Result<()> {
        let mut inserts = Vec::new();
        for insert in outbox {
            // Prepared first, as a statement that has to wait for that would be overtaken by the commit.
            let statement = self.client().prepare_cached(insert.sql.postgres).await.map_err(translate)?;
            inserts.push((insert, statement));
        }
        if self.state == State::Fresh {
            self.client().batch_execute(self.begin).await.map_err(translate)?;
        }
        self.state = State::Open;
        let mut result = Ok(());
        let mut chunks = inserts.chunks(AT_ONCE).peekable();
        loop {
            let chunk = chunks.next().unwrap_or_default();
            let client = self.client();
            let rows = join_all(chunk.iter().map(|(insert, statement)| async move {
                let args = insert.args();
                send(client, statement, &args).await
            }));
            if chunks.peek().is_some() {
                result = result.and(all(rows.await));
                continue;
            }
            let (rows, committed) = join(rows, self.client().batch_execute("commit")).await;
            result = result.and(all(rows)).and(committed);
            break;
        }
        self.state = State::Ended;
        result.map_err(|error| self.note(error))
    }

    /// Sends a chunk of rows before the first of them answers.
    async fn execute_many(&mut self, sql: Sql, rows: &[Vec<Value<'_>>]) -> Result<u64> {
        self.waiting = true;
        let mut result = Ok(0);
        if self.state == State::Fresh {
            self.state = State::Open;
            result = self.client().batch_execute(self.begin).await.map(|()| 0).map_err(Failure::Driver);
        }
        for chunk in rows.chunks(AT_ONCE) {
            let Ok(before) = result else { break };
            result = query_chunk(self.client(), sql, chunk).await.map(|changed| before + changed);
        }
        self.waiting = false;
        result.map_err(|failure| self.refusal(failure))
    }

    fn refusal(&mut self, failure: Failure) -> Error {
        match failure {
            Failure::Driver(error) => self.note(error),
            Failure::Reader(error) => error,
        }
    }

    fn note(&mut self, error: tokio_postgres::Error) -> Error {
        let again = [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED];
        self.failed = true;
        self.collided |= error.code().is_some_and(|code| again.contains(code));
        translate(error)
    }

    async fn execute(&mut self, sql: Sql, args: &[Value<'_>], each: &mut Each<'_>) -> Result<u64> {
        self.waiting = true;
        let result = if self.state == State::Fresh {
            self.state = State::Open;
            // Both are sent before either answers: `begin` costs no round trip of its own.
            let begin = self.client().batch_execute(self.begin);
            let (begun, result) = join(begin, query(self.client(), sql, args, each)).await;
            begun.map_err(Failure::Driver).and(result)
        } else {
            query(self.client(), sql, args, each).await
        };
        self.waiting = false;
        result.map_err(|failure| self.refusal(failure))
    }
}

impl Drop for Pg {
    /// Puts a rollback into the connection's queue without waiting for it; whoever takes the connection next comes after.
    /// When the caller left in the middle of a statement, which may be waiting for a lock, nobody gets the connection:
    /// the server is told to stop, and the connection closes.
    fn drop(&mut self) {
        let Some(client) = self.client.take() else { return };
        if self.waiting {
            let stop = client.cancel_token();
            drop(Client::take(client));
            if let Ok(runtime) = Handle::try_current() {
                runtime.spawn(async move { stop.cancel_query(NoTls).await });
            }
        } else if self.state == State::Open {
            let rollback = pin!(client.batch_execute("rollback"));
            let _ = rollback.poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}

impl Conn for Pg {
    fn query<'a>(&'a mut self, sql: Sql, args: &'a [Value<'a>], each: &'a mut Each<'a>) -> Reply<'a> {
        Reply::Later(Box::pin(self.execute(sql, args, each)))
    }

    fn query_many<'a>(&'a mut self, sql: Sql, rows: &'a [Vec<Value<'a>>]) -> Reply<'a> {
        Reply::Later(Box::pin(self.execute_many(sql, rows)))
    }

    fn prepare(&mut self, sql: Sql) -> Reply<'_> {
        Reply::Later(Box::pin(async move {
            let statement = self.client().prepare(sql.postgres).await.map_err(translate)?;
            Ok(statement.columns().len() as u64)
        }))
    }
}

enum Failure {
    Driver(tokio_postgres::Error),
    Reader(Error),
}

async fn query(client: &Client, sql: Sql, args: &[Value<'_>], each: &mut Each<'_>) -> Result<u64, Failure> {
    let statement = prepared(client, sql, args).await?;
    if statement.columns().is_empty() {
        return client.execute_raw(&statement, args.iter().map(|v| Parameter(*v))).await.map_err(Failure::Driver);
    }
    let rows = client.query_raw(&statement, args.iter().map(|v| Parameter(*v))).await.map_err(Failure::Driver)?;
    let mut rows = pin!(rows);
    let mut count = 0;
    while let Some(row) = rows.try_next().await.map_err(Failure::Driver)? {
        each(&Row::new(&PgRow(&row))).map_err(Failure::Reader)?;
        count += 1;
    }
    Ok(count)
}

async fn query_chunk(client: &Client, sql: Sql, rows: &[Vec<Value<'_>>]) -> Result<u64, Failure> {
    let mut sent = Vec::new();
    for args in rows {
        let statement = prepared(client, sql, args).await?;
        sent.push((statement, args));
    }
    let answers = join_all(sent.iter().map(|(statement, args)| send(client, statement, args))).await;
    answers.into_iter().sum::<Result<u64, _>>().map_err(Failure::Driver)
}

/// Only the first time is it a question to the server.
async fn prepared(client: &Client, sql: Sql, args: &[Value<'_>]) -> Result<Statement, Failure> {
    let statement = client.prepare_cached(sql.postgres).await.map_err(Failure::Driver)?;
    match statement.params().len() == args.len() {
        true => Ok(statement),
        false => Err(Failure::Reader(Error::internal(format!("wrong number of args ({}:{})", sql.file, sql.line)))),
    }
}

async fn send(client: &Client, statement: &Statement, args: &[Value<'_>]) -> Result<u64, tokio_postgres::Error> {
    client.execute_raw(statement, args.iter().map(|value| Parameter(*value))).await
}

fn all(results: Vec<Result<u64, tokio_postgres::Error>>) -> Result<(), tokio_postgres::Error> {
    results.into_iter().try_for_each(|answer| answer.map(|_| ()))
}

#[derive(Debug)]
struct Parameter<'a>(Value<'a>);

impl ToSql for Parameter<'_> {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match (self.0, wanted) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(number), &Type::INT8) => number.to_sql(wanted, out),
            (Value::Int(number), &Type::INT4) => i32::try_from(number)?.to_sql(wanted, out),
            (Value::Real(number), &Type::FLOAT8) => number.to_sql(wanted, out),
            (Value::Bool(truth), &Type::BOOL) => truth.to_sql(wanted, out),
            (Value::Text(text), &Type::TEXT | &Type::VARCHAR) => text.to_sql(wanted, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(wanted, out),
            (Value::Date(date), &Type::TEXT | &Type::VARCHAR) => date.to_string().to_sql(wanted, out),
            (value, wanted) => Err(format!("{value:?} was bound where the query wants {wanted}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // `to_sql` compares the value with the type, which is more than the type of the parameter can tell
    }

    to_sql_checked!();
}

struct PgRow<'r>(&'r tokio_postgres::Row);

impl Columns for PgRow<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn name(&self, index: usize) -> &str {
        self.0.columns()[index].name()
    }

    fn value(&self, index: usize) -> Result<Value<'_>> {
        let row = self.0;
        let value = match *row.columns()[index].type_() {
            Type::INT8 => row.try_get::<_, Option<i64>>(index).map(|v| v.map(Value::Int)),
            Type::INT4 => row.try_get::<_, Option<i32>>(index).map(|v| v.map(|n| Value::Int(n.into()))),
            Type::FLOAT8 => row.try_get::<_, Option<f64>>(index).map(|v| v.map(Value::Real)),
            Type::BOOL => row.try_get::<_, Option<bool>>(index).map(|v| v.map(Value::Bool)),
            Type::TEXT | Type::VARCHAR => row.try_get::<_, Option<&str>>(index).map(|v| v.map(Value::Text)),
            Type::BYTEA => row.try_get::<_, Option<&[u8]>>(index).map(|v| v.map(Value::Bytes)),
            ref other => {
                let text = format!("column `{}` is {other}, which Cairn does not store: cast it", self.name(index));
                return Err(Error::internal(text));
            }
        };
        Ok(value.map_err(translate)?.unwrap_or(Value::Null))
    }
}

pub fn translate(error: tokio_postgres::Error) -> Error {
    match error.as_db_error() {
        Some(db) if db.code().code().starts_with("23") => {
            Error::Constraint(db.constraint().unwrap_or(db.message()).to_owned())
        }
        Some(db) if db.code().code().starts_with("53") => {
            Error::Busy("The database is full or busy; try again.".into())
        }
        _ => Error::internal(error),
    }
}
