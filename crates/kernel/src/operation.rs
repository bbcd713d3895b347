use crate::{
    Actor, App, Error, Json, Result, Tx, Work,
    app::{Call, Question},
    idempotency::Key,
};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, de::DeserializeOwned};

/// What someone can do with Cairn, from a page, the API, the command line or an agent.
///
/// The three steps run in this order in one transaction, so what was checked is what is changed. The input is
/// borrowed because PostgreSQL may ask to run them again. They may await `tx` and nothing else.
pub trait Operation: DeserializeOwned + JsonSchema + Send + Sync + 'static {
    const NAME: &'static str;
    const ROUTE: Route;
    /// Reads only: runs beside the writer, on a snapshot, and every attempt to write fails.
    const READS: bool = false;
    /// Open to someone who is not signed in, such as the log-in itself.
    const FOR_STRANGERS: bool = false;
    /// Needs a session: a token, whatever its scopes, cannot call it (creating tokens, changing a password).
    const SESSION_ONLY: bool = false;
    type Target: Send;
    type Output: Serialize + JsonSchema + Send + 'static;

    /// Loads what the actor can see, else `NotFound`.
    fn target(&self, tx: &mut Tx<'_>) -> impl Future<Output = Result<Self::Target>> + Send;
    /// A pure rule, else `Forbidden`.
    fn allows(actor: &Actor, target: &Self::Target) -> bool;
    fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> impl Future<Output = Result<Self::Output>> + Send;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

#[derive(Clone, Copy, Debug)]
pub struct Route(pub Method, pub &'static str);

/// An operation without its types, so that routers, tools, commands and documents can loop over all of them.
pub struct Op {
    pub name: &'static str,
    pub route: Route,
    pub reads: bool,
    pub for_strangers: bool,
    pub session_only: bool,
    pub input: fn(&mut SchemaGenerator) -> Schema,
    pub output: fn(&mut SchemaGenerator) -> Schema,
    pub(crate) work: fn(App, Actor, Request) -> Result<Box<dyn Work>>,
    pub(crate) question: fn(App, Actor, Json) -> Result<Box<dyn Work>>,
}

/// An input that came from outside, and the caller's Idempotency-Key.
#[derive(Clone, Debug)]
pub struct Request {
    pub input: Json,
    pub key: Option<String>,
}

pub const fn op<O: Operation>() -> Op {
    Op {
        name: O::NAME,
        route: O::ROUTE,
        reads: O::READS,
        for_strangers: O::FOR_STRANGERS,
        session_only: O::SESSION_ONLY,
        input: O::json_schema,
        output: |schemas| schemas.subschema_for::<O::Output>(),
        work: |app, actor, request| {
            let key = request.key.filter(|_| !O::READS).map(|key| Key::new(key, O::NAME, &request.input));
            let input: O = parse(request.input)?;
            Ok(Box::new(Call { app, actor, input, json: true, key }))
        },
        question: |app, actor, input| {
            let input: O = parse(input)?;
            Ok(Box::new(Question(Call { app, actor, input, json: false, key: None })))
        },
    }
}

/// Reads an input from JSON; what does not fit is `Invalid` at the field where it stands.
pub fn parse<T: DeserializeOwned>(input: Json) -> Result<T> {
    serde_path_to_error::deserialize(input).map_err(|error| {
        let (path, sentence) = (error.path().to_string(), error.inner().to_string());
        match sentence.strip_prefix("missing field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) => Error::invalid(field, "This is needed."),
            None if path == "." => Error::invalid("input", sentence_of(&sentence)),
            None => Error::invalid(path, sentence_of(&sentence)),
        }
    })
}

/// Serde's messages begin small and end without a stop; our own are sentences already.
fn sentence_of(message: &str) -> String {
    if message.ends_with('.') {
        return message.to_owned();
    }
    let mut letters = message.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
