use crate::{
    Actor, Clock, Conn, Door, Error, Event, INDEX_JOB, Job, JobKind, Json, Op, Operation, Outside, Part, ReplyTo,
    Request, Result, Run, Tx, Vault, WantedJob, args, guard::guard, idempotency::Key, sql, tx::Left,
};
use std::{
    any::Any,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Instant,
};

pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// A database. It opens a transaction, lets the work run in it, saves what the work asks for, and commits.
pub trait Store: Send + Sync {
    fn transact(&self, work: Box<dyn Work>) -> Later<'_, Box<dyn Any + Send>>;

    /// The same database for one request: all that is read through it is of one moment, until something is changed
    /// through it.
    fn at_one_moment(self: Arc<Self>) -> Arc<dyn Store>;

    /// Gives back what [`at_one_moment`](Store::at_one_moment) holds; what is read afterwards is of a later moment.
    fn let_go(&self) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }
}

/// Something to do in one transaction. PostgreSQL may run it several times, and only the last time counts.
pub trait Work: Send + Sync {
    fn mode(&self) -> Mode;
    fn actor(&self) -> &Actor;
    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done>;
}

/// What a transaction needs of the others that run beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// One snapshot, and no changes.
    Read,
    /// As if it ran alone.
    Write,
    /// The newest state of every row, as it takes from a queue what others have not taken; only `db` needs it.
    Queue,
}

/// What work leaves behind: an answer for its caller, and the outbox, which the store writes with the commit.
pub struct Done {
    pub output: Box<dyn Any + Send>,
    pub events: Vec<Event>,
    pub jobs: Vec<WantedJob>,
    /// What the live pages hear of beside the events.
    pub touched: Vec<String>,
}

/// The whole program without its surfaces.
#[derive(Clone)]
pub struct App {
    store: Arc<dyn Store>,
    pub parts: &'static [&'static Part],
    pub clock: Clock,
    /// Asked inside every changing transaction whether the actor's access still stands.
    admit: Admit,
    pub(crate) base_url: Arc<str>,
    /// The mail address to which people reply, if letters are read.
    pub reply_to: Option<ReplyTo>,
    pub(crate) vault: Vault,
    queries: Arc<AtomicU64>,
}

/// Returns `SignedOut` when the actor's access has ended since it was established.
pub type Admit = for<'a> fn(&'a mut Tx<'_>) -> Later<'a, ()>;

impl App {
    pub fn new(store: Arc<dyn Store>, parts: &'static [&'static Part], clock: Clock, admit: Admit) -> App {
        App {
            store,
            parts,
            clock,
            admit,
            base_url: Arc::from("http://127.0.0.1:7777"),
            reply_to: None,
            vault: Vault::closed(),
            queries: Arc::default(),
        }
    }

    pub fn with_clock(self, clock: Clock) -> App {
        App { clock, ..self }
    }

    /// The address under which people reach this server, for the links in letters; a slash at its end is dropped.
    pub fn with_base_url(self, url: &str) -> App {
        App { base_url: Arc::from(url.trim_end_matches('/')), ..self }
    }

    /// The mail address that letters name for answers; what stands before its `@` gets a secret of the letter.
    pub fn with_reply_to(self, reply_to: Option<ReplyTo>) -> App {
        App { reply_to, ..self }
    }

    /// The key under which secrets are kept that the program has to read again.
    pub fn with_vault(self, vault: Vault) -> App {
        App { vault, ..self }
    }

    /// The program for one request, whose readings agree with each other. It holds a connection to the database from the
    /// first of them on, so nothing may keep it longer than the answer takes.
    pub fn at_one_moment(&self) -> App {
        App { store: self.store.clone().at_one_moment(), ..self.clone() }
    }

    /// Ends the moment early, as nobody may hold a connection while they wait for anything but the database.
    pub async fn let_go(&self) -> Result<()> {
        self.store.let_go().await
    }

    pub async fn call<O: Operation>(&self, actor: &Actor, input: O) -> Result<O::Output> {
        let work = Call { app: self.clone(), actor: actor.clone(), input, json: false, key: None };
        self.measured(O::NAME, actor.door, Box::new(work)).await
    }

    /// Calls an operation by its record and returns its output as JSON text.
    pub async fn call_json(&self, op: &Op, actor: &Actor, request: Request) -> Result<String> {
        let work = (op.work)(self.clone(), actor.clone(), request)?;
        self.measured(op.name, actor.door, work).await
    }

    /// Whether the actor may do this, by the same steps as in [`call_json`](App::call_json) but the last: what a policy
    /// test asks of every operation.
    pub async fn may(&self, op: &Op, actor: &Actor, input: Json) -> Result<()> {
        let work = (op.question)(self.clone(), actor.clone(), input)?;
        self.transact(work).await
    }

    /// Whether the actor may do this now: what a page asks before it draws a button.
    pub async fn can<O: Operation>(&self, actor: &Actor, input: O) -> Result<bool> {
        let call = Call { app: self.clone(), actor: actor.clone(), input, json: false, key: None };
        match self.transact::<()>(Box::new(Question(call))).await {
            Ok(()) => Ok(true),
            Err(Error::Forbidden | Error::NotFound | Error::SignedOut | Error::Unproven) => Ok(false),
            Err(error) => Err(error),
        }
    }

    pub fn operations(&self) -> impl Iterator<Item = &'static Op> + use<> {
        self.parts.iter().flat_map(|part| part.operations)
    }

    /// How many statements all transactions of this program have run; tests and benchmarks read the difference.
    pub fn queries(&self) -> u64 {
        self.queries.load(Relaxed)
    }

    /// Runs one claimed job; `lease` is the claim, and a job that someone else has claimed since is left to them.
    pub async fn run_job(&self, job: Job, lease: String, outside: &dyn Outside) -> Result<()> {
        let step = |step| RunJob {
            app: self.clone(),
            actor: Actor::system(job.workspace),
            job: job.clone(),
            lease: lease.clone(),
            step,
        };
        match self.runner(&job.kind)? {
            Runner::Subscriber(run) | Runner::Kind(Run::Inside(run)) => {
                self.transact(Box::new(step(Step::Inside(run)))).await
            }
            Runner::Kind(Run::Outside { prepare, act, record }) => {
                let prepared: Option<Json> = self.transact(Box::new(step(Step::Prepare(prepare)))).await?;
                let result = match prepared {
                    Some(what) => Some(act(outside, what).await?),
                    None => None,
                };
                self.transact(Box::new(step(Step::Record(record, result)))).await
            }
        }
    }

    fn runner(&self, kind: &str) -> Result<Runner> {
        let subscriber = self.parts.iter().flat_map(|part| part.subscribers).find(|s| s.name == kind);
        let job: Option<&JobKind> = self.parts.iter().flat_map(|part| part.jobs).find(|job| job.name == kind);
        match (subscriber, job) {
            (Some(subscriber), _) => Ok(Runner::Subscriber(subscriber.run)),
            (_, Some(job)) => Ok(Runner::Kind(job.run)),
            _ => Err(Error::internal(format!("nothing here runs jobs of the kind `{kind}`"))),
        }
    }

    async fn measured<T: 'static>(&self, operation: &'static str, door: Door, work: Box<dyn Work>) -> Result<T> {
        let start = Instant::now();
        let result = self.transact(work).await;
        let outcome = match &result {
            Ok(_) => "done",
            Err(Error::NotFound) => "not_found",
            Err(Error::Forbidden | Error::SignedOut | Error::Unproven) => "refused",
            Err(Error::Internal(_)) => "failed",
            Err(_) => "declined",
        };
        let labels = [("operation", operation), ("door", door.name()), ("outcome", outcome)];
        metrics::histogram!("cairn_operation_seconds", &labels).record(start.elapsed().as_secs_f64());
        tracing::debug!(operation, door = door.name(), outcome, microseconds = start.elapsed().as_micros() as u64);
        result
    }

    async fn transact<T: 'static>(&self, work: Box<dyn Work>) -> Result<T> {
        let output = self.store.transact(work).await?;
        Ok(*output.downcast().expect("work answers with the type that its caller asked for"))
    }

    fn done(&self, tx: Tx<'_>, output: Box<dyn Any + Send>) -> Result<Done> {
        let now = tx.now();
        let Left { events, mut jobs, touched, queries } = tx.finish()?;
        self.queries.fetch_add(queries.into(), Relaxed);
        for event in &events {
            let wanted = self.parts.iter().flat_map(|part| part.subscribers).filter(|s| s.wants(&event.verb));
            jobs.extend(wanted.map(|subscriber| WantedJob {
                id: crate::Id::new(),
                kind: subscriber.name,
                subject: event.subject.clone(),
                args: crate::json!({ "verb": event.verb, "data": event.data }),
                run_at: now,
                dedupe: None,
            }));
            jobs.extend(self.index(event));
        }
        Ok(Done { jobs, events, touched, output })
    }

    /// The job that brings the search up to date after an event about a record that can be found.
    fn index(&self, event: &Event) -> Option<WantedJob> {
        let mut kinds = self.parts.iter().flat_map(|part| part.records);
        let kind = kinds.find(|kind| kind.kind == event.noun() && kind.documents.is_some())?.kind;
        let kept = self.parts.iter().flat_map(|part| part.jobs).any(|job| job.name == INDEX_JOB);
        kept.then(|| WantedJob {
            id: crate::Id::new(),
            kind: INDEX_JOB,
            subject: event.subject.clone(),
            args: crate::json!({ "kind": kind }),
            run_at: event.at,
            dedupe: Some(format!("{INDEX_JOB} {kind} {}", event.subject)),
        })
    }
}

enum Runner {
    Subscriber(for<'a> fn(&'a mut Tx<'_>, &'a Job) -> Later<'a, ()>),
    Kind(Run),
}

pub(crate) struct Call<O> {
    pub app: App,
    pub actor: Actor,
    pub input: O,
    pub json: bool,
    pub key: Option<Key>,
}

impl<O: Operation> Call<O> {
    async fn steps(&self, tx: &mut Tx<'_>) -> Result<Box<dyn Any + Send>> {
        self.admit(tx).await?;
        if let Some(key) = &self.key
            && let Some(answer) = key.take(tx).await?
        {
            return Ok(Box::new(answer));
        }
        let target = self.input.target(tx).await?;
        if !O::allows(tx.actor(), &target) {
            return Err(Error::Forbidden);
        }
        let output = self.input.run(tx, target).await?;
        if !self.json {
            return Ok(Box::new(output));
        }
        let answer = serde_json::to_string(&output).map_err(Error::internal)?;
        if let Some(key) = &self.key {
            key.keep(tx, &answer).await?;
        }
        Ok(Box::new(answer))
    }

    async fn admit(&self, tx: &mut Tx<'_>) -> Result<()> {
        let actor = tx.actor();
        if actor.is_stranger() && !O::FOR_STRANGERS {
            return Err(Error::SignedOut);
        }
        if !actor.in_scope(O::NAME, O::READS) || (O::SESSION_ONLY && actor.scopes.is_some()) {
            return Err(Error::Forbidden);
        }
        match O::READS || actor.is_system() || actor.is_stranger() {
            true => Ok(()),
            false => (self.app.admit)(tx).await,
        }
    }
}

impl<O: Operation> Work for Call<O> {
    fn mode(&self) -> Mode {
        if O::READS { Mode::Read } else { Mode::Write }
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        let work = async move {
            let mut tx = Tx::new(conn, &self.actor, &self.app);
            let output = self.steps(&mut tx).await?;
            self.app.done(tx, output)
        };
        guard(O::NAME, Box::pin(work))
    }
}

/// The first steps of a call: admitted, found, allowed.
pub(crate) struct Question<O>(pub Call<O>);

impl<O: Operation> Work for Question<O> {
    fn mode(&self) -> Mode {
        Mode::Read
    }

    fn actor(&self) -> &Actor {
        &self.0.actor
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        let Call { app, actor, input, .. } = &self.0;
        let work = async move {
            let mut tx = Tx::new(conn, actor, app);
            self.0.admit(&mut tx).await?;
            let target = input.target(&mut tx).await?;
            match O::allows(actor, &target) {
                true => app.done(tx, Box::new(())),
                false => Err(Error::Forbidden),
            }
        };
        guard(O::NAME, Box::pin(work))
    }
}

struct RunJob {
    app: App,
    actor: Actor,
    job: Job,
    lease: String,
    step: Step,
}

enum Step {
    Inside(for<'a> fn(&'a mut Tx<'_>, &'a Job) -> Later<'a, ()>),
    Prepare(crate::Prepare),
    Record(crate::Record, Option<Json>),
}

impl RunJob {
    /// Ends the job in this transaction, if the claim still holds.
    async fn take(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let mine = sql!("delete from jobs where workspace_id = $1 and id = $2 and lease = $3");
        Ok(tx.run(mine, args![self.job.workspace, self.job.id, self.lease]).await? == 1)
    }

    async fn step(&self, tx: &mut Tx<'_>) -> Result<Box<dyn Any + Send>> {
        match &self.step {
            Step::Prepare(prepare) => return Ok(Box::new(prepare(tx, &self.job).await?)),
            Step::Inside(run) if self.take(tx).await? => run(tx, &self.job).await?,
            Step::Record(record, result) if self.take(tx).await? => {
                if let Some(result) = result {
                    record(tx, &self.job, result.clone()).await?;
                }
            }
            Step::Inside(_) | Step::Record(..) => {}
        }
        Ok(Box::new(()))
    }
}

impl Work for RunJob {
    fn mode(&self) -> Mode {
        if matches!(self.step, Step::Prepare(_)) { Mode::Read } else { Mode::Write }
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn run<'a>(&'a self, conn: &'a mut dyn Conn) -> Later<'a, Done> {
        let work = async move {
            let mut tx = Tx::new(conn, &self.actor, &self.app);
            let output = self.step(&mut tx).await?;
            self.app.done(tx, output)
        };
        guard("job", Box::pin(work))
    }
}
