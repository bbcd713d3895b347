use super::{Promise, PromiseState, ask};
use crate::one_on_one::{self, OneOnOne, place, tell};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Say that a promise was kept. Either of the two can.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepPromise {
    pub promise: Id<Promise>,
}

impl Operation for KeepPromise {
    const NAME: &str = "promise.keep";
    const ROUTE: Route = Route(Post, "/promises/{promise}/kept");
    type Target = (OneOnOne, Promise);
    type Output = Promise;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Promise::visible(tx, self.promise).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> Result<Promise> {
        close(tx, target, PromiseState::Kept, "").await
    }
}

/// Release somebody from a promise, or oneself, with the reason that the other one reads.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleasePromise {
    pub promise: Id<Promise>,
    pub reason: Name<200>,
}

impl Operation for ReleasePromise {
    const NAME: &str = "promise.release";
    const ROUTE: Route = Route(Post, "/promises/{promise}/released");
    type Target = (OneOnOne, Promise);
    type Output = Promise;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Promise::visible(tx, self.promise).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Self::Target) -> Result<Promise> {
        close(tx, target, PromiseState::Released, &self.reason).await
    }
}

async fn close(
    tx: &mut Tx<'_>,
    (one_on_one, promise): (OneOnOne, Promise),
    state: PromiseState,
    reason: &str,
) -> Result<Promise> {
    one_on_one.refuse_ended()?;
    if promise.state != PromiseState::Open {
        return Err(Error::conflict("This promise is not open any more."));
    }
    end(tx, &promise, state, reason).await?;
    tx.settle_asks(&promise.record(), None);
    tell(tx, "one_on_one.promise_ended", &one_on_one);
    Ok(Promise { state, reason: reason.to_owned(), ended_at: Some(tx.now()), asked: false, ..promise })
}

pub(super) async fn end(tx: &mut Tx<'_>, promise: &Promise, state: PromiseState, reason: &str) -> Result<()> {
    let update = sql!(
        "update promises set state = $3, reason = $4, ended_at = $5, ended_by = $6, asked = $7
          where workspace_id = $1 and id = $2"
    );
    let (me, now) = (tx.me(), tx.now());
    tx.run(update, args![tx.workspace(), promise.id, state, reason, now, me, false]).await?;
    Ok(())
}

/// Open a promise again. It is put into the owner's inbox once more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenPromise {
    pub promise: Id<Promise>,
}

impl Operation for ReopenPromise {
    const NAME: &str = "promise.reopen";
    const ROUTE: Route = Route(Post, "/promises/{promise}/reopened");
    type Target = (OneOnOne, Promise);
    type Output = Promise;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Promise::visible(tx, self.promise).await
    }

    fn allows(actor: &Actor, (one_on_one, _): &Self::Target) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (one_on_one, promise): Self::Target) -> Result<Promise> {
        one_on_one.refuse_ended()?;
        if promise.state == PromiseState::Open {
            return Ok(promise);
        }
        open(tx, &promise).await?;
        let next_at = one_on_one::next_at(tx, one_on_one.id).await?;
        ask(tx, &one_on_one, &promise, next_at).await?;
        tell(tx, "one_on_one.promise_opened", &one_on_one);
        Ok(Promise { state: PromiseState::Open, reason: String::new(), ended_at: None, asked: true, ..promise })
    }
}

pub(super) async fn open(tx: &mut Tx<'_>, promise: &Promise) -> Result<()> {
    let update = sql!(
        "update promises set state = 'open', reason = '', ended_at = null, ended_by = null, asked = $3
          where workspace_id = $1 and id = $2"
    );
    tx.run(update, args![tx.workspace(), promise.id, true]).await?;
    Ok(())
}

/// `POST /promises/{promise}/kept`
pub async fn keep(form: Submitted) -> Answer {
    let promise = form.submit::<KeepPromise>().await?;
    Ok(form.go(&to(&promise), Flash::says("Kept.").undo(format!("/promises/{}/reopened", promise.id))))
}

/// `POST /promises/{promise}/released`
pub async fn release(form: Submitted) -> Answer {
    let promise = form.submit::<ReleasePromise>().await?;
    Ok(form.go(&to(&promise), Flash::says("Released.").undo(format!("/promises/{}/reopened", promise.id))))
}

/// `POST /promises/{promise}/reopened`
pub async fn reopen(form: Submitted) -> Answer {
    let promise = form.submit::<ReopenPromise>().await?;
    Ok(form.go(&to(&promise), Flash::says("Open again.")))
}

fn to(promise: &Promise) -> String {
    format!("{}#promises", place(promise.one_on_one_id))
}
