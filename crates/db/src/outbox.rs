//! The rows that are saved with every operation's commit.
use kernel::{Actor, Done, Event, Id, Sql, Time, Value, WantedJob, sql};
use std::any::Any;

/// One statement with its own copies of what it binds, so that PostgreSQL can send several before the first answers.
pub struct Insert {
    pub sql: Sql,
    bound: Vec<Bound>,
}

enum Bound {
    Text(String),
    Time(Time),
    Maybe(Option<String>),
}

impl Insert {
    pub fn args(&self) -> Vec<Value<'_>> {
        self.bound.iter().map(Bound::value).collect()
    }
}

impl Bound {
    fn value(&self) -> Value<'_> {
        match self {
            Bound::Time(time) => Value::Int(time.0),
            Bound::Text(text) | Bound::Maybe(Some(text)) => Value::Text(text),
            Bound::Maybe(None) => Value::Null,
        }
    }
}

pub fn inserts(actor: &Actor, done: &Done) -> Vec<Insert> {
    let events = done.events.iter().flat_map(|event| [insert_event(actor, event), insert_unsealed(actor, event)]);
    let jobs = done.jobs.iter().map(|job| insert_job(actor, job));
    events.chain(jobs).collect()
}

fn insert_event(actor: &Actor, event: &Event) -> Insert {
    Insert {
        sql: sql!(
            "insert into events (workspace_id, id, at, actor, door, verb, subject, data, salt)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        bound: vec![
            Bound::Text(actor.workspace.to_string()),
            Bound::Text(event.id.to_string()),
            Bound::Time(event.at),
            Bound::Text(event.actor.to_string()),
            Bound::Text(event.door.name().into()),
            Bound::Text(event.verb.clone()),
            Bound::Text(event.subject.clone()),
            Bound::Text(event.data.to_string()),
            Bound::Text(salt()),
        ],
    }
}

/// Hides the data of an event in the chain: without it nobody can find erased data by trying all likely values.
fn salt() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

fn insert_unsealed(actor: &Actor, event: &Event) -> Insert {
    Insert {
        sql: sql!("insert into unsealed_events (workspace_id, event_id) values ($1, $2)"),
        bound: vec![Bound::Text(actor.workspace.to_string()), Bound::Text(event.id.to_string())],
    }
}

pub fn insert_job(actor: &Actor, job: &WantedJob) -> Insert {
    Insert {
        sql: sql!(
            "insert into jobs (workspace_id, id, kind, subject, args, run_at, dedupe, attempts)
             values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict (workspace_id, dedupe) do nothing"
        ),
        bound: vec![
            Bound::Text(actor.workspace.to_string()),
            Bound::Text(job.id.to_string()),
            Bound::Text(job.kind.into()),
            Bound::Text(job.subject.clone()),
            Bound::Text(job.args.to_string()),
            Bound::Time(job.run_at),
            Bound::Maybe(job.dedupe.clone()),
        ],
    }
}

/// An answer without anything to save beside it.
pub fn nothing(output: Box<dyn Any + Send>) -> Done {
    Done { output, events: Vec::new(), jobs: Vec::new(), touched: Vec::new() }
}

/// What a commit tells the live pages of every server: which records changed, and never how.
pub fn topics(actor: &Actor, done: &Done) -> Vec<Topic> {
    let topic = |text: &str| Topic { workspace: actor.workspace, text: text.to_owned() };
    let of = |event: &Event| [topic(event.noun()), topic(&event.subject)];
    let touched = done.touched.iter().map(|text| topic(text));
    let mut topics: Vec<Topic> = done.events.iter().flat_map(of).chain(touched).collect();
    topics.sort();
    topics.dedup();
    topics
}

/// The noun of an event (`person`), the id of the record it is about, or what an operation touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Topic {
    pub workspace: Id<kernel::Workspace>,
    pub text: String,
}
