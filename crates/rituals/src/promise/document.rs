//! Promises as records, for the asks that are about them.
use super::Promise;
use crate::one_on_one::place;
use axum::response::{IntoResponse, Redirect};
use kernel::{Actor, Card, Error, Id, Later, Method::Get, Operation, RecordKind, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx};

pub const RECORD: RecordKind =
    RecordKind { kind: "promise", path: "/promises/", told: None, find: card, documents: None };

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        match Promise::visible(tx, id).await {
            Ok((_, promise)) => Ok(Some(Card { href: address(&promise), title: promise.body })),
            Err(Error::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    })
}

fn address(promise: &Promise) -> String {
    format!("{}#promise-{}", place(promise.one_on_one_id), promise.id)
}

/// Finds the promise, for its address.
#[derive(Deserialize, JsonSchema)]
struct ShowPromise {
    promise: Id<Promise>,
}

impl Operation for ShowPromise {
    const NAME: &str = "promise.show";
    const ROUTE: Route = Route(Get, "/promises/{promise}");
    const READS: bool = true;
    type Target = Promise;
    type Output = Promise;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Promise> {
        Ok(Promise::visible(tx, self.promise).await?.1)
    }

    fn allows(actor: &Actor, promise: &Promise) -> bool {
        promise.owner_id == actor.person || promise.other_id == actor.person
    }

    async fn run(&self, _: &mut Tx<'_>, promise: Promise) -> Result<Promise> {
        Ok(promise)
    }
}

/// `GET /promises/{promise}`: where it stands on the page of the two.
pub async fn show(cx: Cx) -> Answer {
    let promise = cx.read_here::<ShowPromise>().await?;
    Ok(Redirect::to(&address(&promise)).into_response())
}
