mod gather;

use crate::{
    Actor, App, Card, Error, Event, FromRow, Id, Job, Json, NewAsk, Operation, Part, Person, RecordKind, Reference,
    ReplyTo, Result, Row, Sql, Time, Value, Vault, WantedJob, Workspace, guard,
};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// An open transaction of one engine. The only trait that `db` implements twice.
pub trait Conn: Send {
    /// Runs one statement, shows each row to `each`, and returns how many rows came back or changed.
    fn query<'a>(&'a mut self, sql: Sql, args: &'a [Value<'a>], each: &'a mut Each<'a>) -> Reply<'a>;

    /// Runs one statement once for each of `rows`, in their order, and returns how many rows changed in all. PostgreSQL
    /// is not waited for between one and the next.
    fn query_many<'a>(&'a mut self, sql: Sql, rows: &'a [Vec<Value<'a>>]) -> Reply<'a>;

    /// Only checks a statement against the schema, and returns how many columns it has.
    fn prepare(&mut self, sql: Sql) -> Reply<'_>;
}

pub type Each<'a> = dyn FnMut(&Row<'_>) -> Result<()> + Send + 'a;

/// The answer to a statement: SQLite's is there at once and needs no allocation, PostgreSQL's is on its way.
pub enum Reply<'a> {
    Now(Option<Result<u64>>),
    Later(Pin<Box<dyn Future<Output = Result<u64>> + Send + 'a>>),
}

impl Future for Reply<'_> {
    type Output = Result<u64>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<u64>> {
        match self.get_mut() {
            Reply::Now(result) => Poll::Ready(result.take().expect("a reply is awaited once")),
            Reply::Later(future) => {
                let poll = future.as_mut().poll(cx);
                if poll.is_pending() {
                    guard::database_is_working();
                }
                poll
            }
        }
    }
}

/// One transaction of one operation, and what it is about to tell the world.
pub struct Tx<'c> {
    conn: &'c mut dyn Conn,
    actor: &'c Actor,
    now: Time,
    base_url: &'c str,
    reply_to: Option<&'c ReplyTo>,
    vault: &'c Vault,
    parts: &'static [&'static Part],
    events: Vec<Event>,
    jobs: Vec<WantedJob>,
    touched: Vec<String>,
    ids: u32,
    queries: u32,
    failed: bool,
}

/// What a transaction leaves behind besides its rows.
pub(crate) struct Left {
    pub events: Vec<Event>,
    pub jobs: Vec<WantedJob>,
    pub touched: Vec<String>,
    pub queries: u32,
}

impl<'c> Tx<'c> {
    pub(crate) fn new(conn: &'c mut dyn Conn, actor: &'c Actor, app: &'c App) -> Self {
        Tx {
            conn,
            actor,
            now: app.clock.now(),
            base_url: &app.base_url,
            reply_to: app.reply_to.as_ref(),
            vault: &app.vault,
            parts: app.parts,
            events: Vec::new(),
            jobs: Vec::new(),
            touched: Vec::new(),
            ids: 0,
            queries: 0,
            failed: false,
        }
    }

    pub fn actor(&self) -> &'c Actor {
        self.actor
    }

    pub fn me(&self) -> Id<Person> {
        self.actor.person
    }

    pub fn workspace(&self) -> Id<Workspace> {
        self.actor.workspace
    }

    /// A new id of this moment; ids of one transaction sort in the order in which they were asked for.
    pub fn id<T>(&mut self) -> Id<T> {
        self.ids += 1;
        Id::at(self.now, self.ids)
    }

    /// The same instant for everything that this operation writes.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The address under which people reach this server, without a slash at its end.
    pub fn base_url(&self) -> &'c str {
        self.base_url
    }

    /// The address at which answers by mail arrive. Nothing if no mail is read here.
    pub fn reply_to(&self) -> Option<&'c ReplyTo> {
        self.reply_to
    }

    /// What seals and opens secrets that are stored.
    pub fn vault(&self) -> &'c Vault {
        self.vault
    }

    /// Tells the world. The event, and one job for each of its subscribers, are saved with the operation or not at all.
    pub fn record<T>(&mut self, verb: &'static str, subject: Id<T>, data: Json) {
        let (id, at, Actor { person, door, .. }) = (self.id(), self.now, self.actor);
        let (verb, subject) = (verb.into(), subject.to_string());
        self.events.push(Event { id, at, actor: *person, door: *door, verb, subject, data });
    }

    /// Tells the live pages that listen to this topic to look again: for what only some may hear of, such as the inbox
    /// of one person.
    pub fn touch(&mut self, topic: impl Into<String>) {
        self.touched.push(topic.into());
    }

    /// Asks for a job about `subject`, to be done after the commit and not before `run_at`.
    pub fn want(&mut self, kind: &'static str, subject: impl Into<String>, args: Json, run_at: Time) {
        self.jobs.push(WantedJob { id: Id::new(), kind, subject: subject.into(), args, run_at, dedupe: None });
    }

    /// Like [`want`](Tx::want), unless a job with this key waits already.
    pub fn want_once(&mut self, kind: &'static str, key: impl Into<String>, args: Json, run_at: Time) {
        let key = key.into();
        self.jobs.push(WantedJob { id: Id::new(), kind, subject: key.clone(), args, run_at, dedupe: Some(key) });
    }

    /// Lets the job that waits under this key run now instead of later.
    pub async fn hasten(&mut self, key: &str) -> Result<()> {
        let update = crate::sql!(
            "update jobs set run_at = $3 where workspace_id = $1 and dedupe = $2 and lease is null and run_at > $3"
        );
        let (workspace, now) = (self.workspace(), self.now);
        self.run(update, crate::args![workspace, key, now]).await.map(|_| ())
    }

    /// Takes what waits of one kind of job, in the order in which it was wanted, so that it can be done here: for a past
    /// that is entered only now.
    pub async fn take_waiting(&mut self, kind: &str) -> Result<Vec<Job>> {
        let delete = crate::sql!(
            "delete from jobs where workspace_id = $1 and kind = $2 and run_at <= $3 and lease is null
             returning id, subject, args, attempts"
        );
        let (workspace, now) = (self.workspace(), self.now);
        let rows: Vec<(Id<Job>, String, String, i64)> = self.all(delete, crate::args![workspace, kind, now]).await?;
        let job = |(id, subject, args, attempts): (_, _, String, _)| {
            let args = args.parse().map_err(Error::internal)?;
            Ok(Job { workspace, id, kind: kind.to_owned(), subject, args, attempts })
        };
        let mut jobs = rows.into_iter().map(job).collect::<Result<Vec<_>>>()?;
        jobs.sort_unstable_by_key(|job| job.id);
        Ok(jobs)
    }

    /// Raises an ask after the commit.
    pub fn ask(&mut self, ask: &NewAsk) -> Result<()> {
        let subject = ask.about.as_ref().map_or_else(|| self.me().to_string(), |about| about.id.clone());
        self.want("ask.raise", subject, serde_json::to_value(ask).map_err(Error::internal)?, self.now);
        Ok(())
    }

    /// Ends the open asks about a record after the commit, because what they wanted has happened: those of one person,
    /// or everybody's.
    pub fn settle_asks(&mut self, about: &Reference, of: Option<Id<Person>>) {
        self.want("ask.settle", about.id.clone(), crate::json!({ "about": about, "of": of }), self.now);
    }

    /// Takes back after the commit what was asked about a record that is gone: open asks end, and none of them repeats any
    /// longer what the record said.
    pub fn withdraw_asks(&mut self, about: &Reference) {
        self.want("ask.withdraw", about.id.clone(), crate::json!({ "about": about }), self.now);
    }

    /// Asks again after the commit what was taken back with a record since then, in these words.
    pub fn restore_asks(&mut self, about: &Reference, since: Time, subject: &str) {
        let args = crate::json!({ "about": about, "since": since, "subject": subject });
        self.want("ask.restore", about.id.clone(), args, self.now);
    }

    /// The kinds of records at which one can point.
    pub fn record_kinds(&self) -> impl Iterator<Item = &'static RecordKind> + use<> {
        self.parts.iter().flat_map(|part| part.records)
    }

    /// The actor's own files that a text of a record shows stand in the record from now on: whoever sees it reads them.
    pub async fn stand_files(&mut self, about: &Reference, text: &str) -> Result<()> {
        for stand in self.parts.iter().filter_map(|part| part.stand) {
            stand(self, about, text).await?;
        }
        Ok(())
    }

    /// What the actor may see of a record that another part keeps, or `NotFound`.
    pub async fn card(&mut self, record: &Reference) -> Result<Card> {
        let kind = self.record_kinds().find(|kind| kind.kind == record.kind).ok_or(Error::NotFound)?;
        (kind.find)(self, &record.id).await?.ok_or(Error::NotFound)
    }

    /// Like [`card`](Tx::card), through the eyes of somebody else.
    pub async fn card_for(&mut self, reader: &Actor, record: &Reference) -> Result<Card> {
        let mut eyes = self.through(reader);
        let found = eyes.card(record).await;
        let left = eyes.leave();
        self.take_back(left);
        found
    }

    /// Does something on behalf of somebody whose access was looked up in this transaction, such as the sender of a
    /// letter. The steps are those of every operation, and the events name that person.
    pub async fn call_as<O: Operation>(&mut self, actor: &Actor, input: &O) -> Result<O::Output> {
        let mut other = self.through(actor);
        let result = other.steps(input).await;
        let left = other.leave();
        self.take_back(left);
        result
    }

    async fn steps<O: Operation>(&mut self, input: &O) -> Result<O::Output> {
        let target = input.target(self).await?;
        match O::allows(self.actor, &target) {
            true => input.run(self, target).await,
            false => Err(Error::Forbidden),
        }
    }

    /// The same transaction in the hands of somebody else.
    fn through<'a>(&'a mut self, actor: &'a Actor) -> Tx<'a> {
        Tx {
            conn: &mut *self.conn,
            actor,
            now: self.now,
            base_url: self.base_url,
            reply_to: self.reply_to,
            vault: self.vault,
            parts: self.parts,
            events: Vec::new(),
            jobs: Vec::new(),
            touched: Vec::new(),
            ids: self.ids,
            queries: 0,
            failed: self.failed,
        }
    }

    fn leave(self) -> (Left, u32, bool) {
        let Tx { events, jobs, touched, ids, queries, failed, .. } = self;
        (Left { events, jobs, touched, queries }, ids, failed)
    }

    fn take_back(&mut self, (left, ids, failed): (Left, u32, bool)) {
        self.events.extend(left.events);
        self.jobs.extend(left.jobs);
        self.touched.extend(left.touched);
        self.queries += left.queries;
        (self.ids, self.failed) = (ids, failed);
    }

    /// Writes a letter into the outgoing mail; it leaves after the commit.
    pub async fn mail(&mut self, to: &str, subject: &str, text: &str, html: &str) -> Result<()> {
        self.mail_with(&[], to, subject, text, html).await
    }

    /// Like [`mail`](Tx::mail), with headers such as `References` or `List-Unsubscribe`.
    pub async fn mail_with(
        &mut self,
        headers: &[(&str, String)],
        to: &str,
        subject: &str,
        text: &str,
        html: &str,
    ) -> Result<()> {
        self.post(headers, to, subject, [text, html], None).await
    }

    /// Like [`mail`](Tx::mail), with a calendar whose method the program of the receiver follows (RFC 5546). Nobody else
    /// learns of the letter: the list of letters leaves it out.
    pub async fn mail_calendar(
        &mut self,
        to: &str,
        subject: &str,
        text: &str,
        html: &str,
        calendar: &str,
    ) -> Result<()> {
        self.post(&[], to, subject, [text, html], Some(calendar)).await
    }

    async fn post(
        &mut self,
        headers: &[(&str, String)],
        to: &str,
        subject: &str,
        [text, html]: [&str; 2],
        calendar: Option<&str>,
    ) -> Result<()> {
        let id: Id<crate::Mail> = self.id();
        let insert = crate::sql!(
            "insert into mails (workspace_id, id, recipient, subject, headers, body_text, body_html, body_calendar,
                                unlisted, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let (now, unlisted) = (self.now, calendar.is_some());
        let headers = crate::json!(headers).to_string();
        let workspace = self.workspace();
        self.run(insert, crate::args![workspace, id, to, subject, headers, text, html, calendar, unlisted, now])
            .await?;
        self.want("mail.send", id.to_string(), crate::json!({}), self.now);
        Ok(())
    }

    pub async fn all<T: FromRow>(&mut self, sql: Sql, args: &[Value<'_>]) -> Result<Vec<T>> {
        let mut found = Vec::new();
        self.query(sql, args, &mut |row| {
            found.push(T::from_row(row)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }

    pub async fn find<T: FromRow>(&mut self, sql: Sql, args: &[Value<'_>]) -> Result<Option<T>> {
        let mut found = None;
        self.query(sql, args, &mut |row| {
            found = Some(T::from_row(row)?);
            Ok(())
        })
        .await?;
        Ok(found)
    }

    /// The row, or `NotFound`.
    pub async fn one<T: FromRow>(&mut self, sql: Sql, args: &[Value<'_>]) -> Result<T> {
        self.find(sql, args).await?.ok_or(Error::NotFound)
    }

    /// Changes rows and returns how many.
    pub async fn run(&mut self, sql: Sql, args: &[Value<'_>]) -> Result<u64> {
        self.query(sql, args, &mut |_| Ok(())).await
    }

    /// Changes rows once for each list of args, and returns how many in all: for thousands of rows, which PostgreSQL takes
    /// without a round trip for each.
    pub async fn run_many(&mut self, sql: Sql, rows: &[Vec<Value<'_>>]) -> Result<u64> {
        self.still_good()?;
        rows.iter().try_for_each(|row| can_be_kept(row))?;
        self.queries += rows.len() as u32;
        let result = self.conn.query_many(sql, rows).await;
        self.failed = result.is_err();
        result
    }

    /// After a failed statement PostgreSQL refuses the rest of the transaction and SQLite does not. Here both refuse,
    /// so that an operation which swallows an error fails on both engines.
    async fn query(&mut self, sql: Sql, args: &[Value<'_>], each: &mut Each<'_>) -> Result<u64> {
        self.still_good()?;
        can_be_kept(args)?;
        self.queries += 1;
        let result = self.conn.query(sql, args, each).await;
        self.failed = result.is_err();
        result
    }

    /// Whether the row exists that a statement such as `select 1 …` looks for.
    pub async fn exists(&mut self, sql: Sql, args: &[Value<'_>]) -> Result<bool> {
        Ok(self.query(sql, args, &mut |_| Ok(())).await? > 0)
    }

    pub(crate) fn finish(self) -> Result<Left> {
        self.still_good()?;
        Ok(Left { events: self.events, jobs: self.jobs, touched: self.touched, queries: self.queries })
    }

    fn still_good(&self) -> Result<()> {
        match self.failed {
            true => Err(Error::internal("a statement of this transaction has failed, and its error was not returned")),
            false => Ok(()),
        }
    }
}

/// PostgreSQL has no texts with a NUL in them, and nobody types one: whoever sends it has made a mistake, or looks for ours.
fn can_be_kept(args: &[Value<'_>]) -> Result<()> {
    match args.iter().any(|arg| matches!(arg, Value::Text(text) if text.contains('\0'))) {
        true => Err(Error::invalid("text", "This holds a character that no text can hold; type it again without.")),
        false => Ok(()),
    }
}
