use super::{OneOnOne, invitation, place, tell};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// End a one-on-one. Both keep reading what is in it; nothing is added any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndOneOnOne {
    pub one_on_one: Id<OneOnOne>,
}

impl Operation for EndOneOnOne {
    const NAME: &str = "one_on_one.end";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/end");
    type Target = OneOnOne;
    type Output = OneOnOne;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<OneOnOne> {
        if one_on_one.ended_at.is_some() {
            return Ok(one_on_one);
        }
        let update = sql!("update one_on_ones set ended_at = $3, ended_by = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.one_on_one, tx.now(), tx.me()]).await?;
        invitation::changed_next(tx, &one_on_one).await?;
        tell(tx, "one_on_one.ended", &one_on_one);
        OneOnOne::visible(tx, self.one_on_one).await
    }
}

/// Take up a one-on-one that was ended.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeOneOnOne {
    pub one_on_one: Id<OneOnOne>,
}

impl Operation for ResumeOneOnOne {
    const NAME: &str = "one_on_one.resume";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/resume");
    type Target = OneOnOne;
    type Output = OneOnOne;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        OneOnOne::visible(tx, self.one_on_one).await
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<OneOnOne> {
        if one_on_one.ended_at.is_none() {
            return Ok(one_on_one);
        }
        let update =
            sql!("update one_on_ones set ended_at = null, ended_by = null where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.one_on_one]).await?;
        invitation::changed_next(tx, &one_on_one).await?;
        tell(tx, "one_on_one.resumed", &one_on_one);
        OneOnOne::visible(tx, self.one_on_one).await
    }
}

/// `POST /one-on-ones/{one_on_one}/end`
pub async fn end(form: Submitted) -> Answer {
    let ended = form.submit::<EndOneOnOne>().await?;
    let undo = format!("{}/resume", place(ended.id));
    Ok(form.go(&place(ended.id), Flash::says("Ended. You both can still read it.").undo(undo)))
}

/// `POST /one-on-ones/{one_on_one}/resume`
pub async fn resume(form: Submitted) -> Answer {
    let resumed = form.submit::<ResumeOneOnOne>().await?;
    Ok(form.go(&place(resumed.id), Flash::says("Taken up again.")))
}
