use super::{Promise, ask, refuse_past};
use crate::one_on_one::{self, OneOnOne, place, tell};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Write down what one of the two promises. It is put into the owner's inbox, and comes back until it is kept or released.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakePromise {
    pub one_on_one: Id<OneOnOne>,
    pub body: Name<200>,
    /// One of the two.
    pub owner: Id<Person>,
    /// A day of the owner's calendar; if left out, by the next one.
    #[serde(default)]
    pub due_on: Option<Date>,
}

impl Operation for MakePromise {
    const NAME: &str = "promise.make";
    const ROUTE: Route = Route(Post, "/one-on-ones/{one_on_one}/promises");
    type Target = OneOnOne;
    type Output = Promise;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<OneOnOne> {
        let one_on_one = OneOnOne::visible(tx, self.one_on_one).await?;
        match one_on_one.has(self.owner) {
            true => Ok(one_on_one),
            false => Err(Error::NotFound),
        }
    }

    fn allows(actor: &Actor, one_on_one: &OneOnOne) -> bool {
        one_on_one.has(actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, one_on_one: OneOnOne) -> Result<Promise> {
        one_on_one.refuse_ended()?;
        refuse_past(tx, self.due_on, one_on_one.party(self.owner).zone)?;
        let (id, me, now): (Id<Promise>, _, _) = (tx.id(), tx.me(), tx.now());
        let other = one_on_one.facing(self.owner).id;
        let insert = sql!(
            "insert into promises (workspace_id, id, one_on_one_id, owner_id, other_id, body, due_on, made_by, made_at,
                                   state, asked)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open', $10)"
        );
        let (owner, due_on) = (self.owner, self.due_on);
        tx.run(insert, args![tx.workspace(), id, one_on_one.id, owner, other, self.body, due_on, me, now, false])
            .await?;
        let (_, promise) = Promise::visible(tx, id).await?;
        let next_at = one_on_one::next_at(tx, one_on_one.id).await?;
        ask(tx, &one_on_one, &promise, next_at).await?;
        tell(tx, "one_on_one.promised", &one_on_one);
        Ok(Promise { asked: true, ..promise })
    }
}

/// `POST /one-on-ones/{one_on_one}/promises`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<MakePromise>().await {
        Ok(promise) => {
            let to = format!("{}#promise-{}", place(promise.one_on_one_id), promise.id);
            Ok(form.go(&to, Flash::says("Promised. It comes back until it is kept or released.")))
        }
        Err(error) => one_on_one::again(&form, error).await,
    }
}
