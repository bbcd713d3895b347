use super::{
    Ask, State,
    close::{back, ids, undoable},
    end,
    tell::now,
};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Submitted};

/// Take back what one has asked for. The receivers do not owe it any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawAsks {
    pub asks: Vec<Id<Ask>>,
}

impl Operation for WithdrawAsks {
    const NAME: &str = "ask.withdraw";
    const ROUTE: Route = Route(Post, "/asks/withdrawn");
    type Target = Vec<Ask>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        Ask::all_visible(tx, &self.asks).await
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| ask.asker_id == Some(actor.person))
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        let ended = end(tx, asks, State::Withdrawn, "").await?;
        now(tx, &ended).await
    }
}

/// `POST /asks/withdrawn`
pub async fn withdraw(form: Submitted) -> Answer {
    match form.submit::<WithdrawAsks>().await {
        Ok(ended) => Ok(form.go(&back(&form), undoable(&ids(&ended), "Withdrawn. Nobody owes it any more.".into()))),
        Err(error) => crate::inbox::again(form, error).await,
    }
}
