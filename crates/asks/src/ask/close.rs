use super::{Ask, State, end, tell::now};
use kernel::{
    Actor, Id,
    Method::Post,
    Operation, Result, Route, Tx,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Say that asks are done, with an answer where one is wanted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishAsks {
    /// At most 200, of which those that have ended already stay as they are.
    pub asks: Vec<Id<Ask>>,
    /// Read by whoever asked.
    #[serde(default)]
    pub outcome: Markdown,
}

impl Operation for FinishAsks {
    const NAME: &str = "ask.finish";
    const ROUTE: Route = Route(Post, "/asks/done");
    type Target = Vec<Ask>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        Ask::all_visible(tx, &self.asks).await
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| ask.receiver_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        let ended = end(tx, asks, State::Done, &self.outcome).await?;
        now(tx, &ended).await
    }
}

/// Say that one will not do what was asked, and why.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineAsks {
    pub asks: Vec<Id<Ask>>,
    /// Read by whoever asked.
    pub reason: Name<1000>,
}

impl Operation for DeclineAsks {
    const NAME: &str = "ask.decline";
    const ROUTE: Route = Route(Post, "/asks/declined");
    type Target = Vec<Ask>;
    type Output = Vec<Ask>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Ask>> {
        Ask::all_visible(tx, &self.asks).await
    }

    fn allows(actor: &Actor, asks: &Vec<Ask>) -> bool {
        asks.iter().all(|ask| ask.receiver_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, asks: Vec<Ask>) -> Result<Vec<Ask>> {
        let ended = end(tx, asks, State::Declined, &self.reason).await?;
        now(tx, &ended).await
    }
}

/// `POST /asks/done`
pub async fn finish(form: Submitted) -> Answer {
    match form.submit::<FinishAsks>().await {
        Ok(ended) => Ok(form.go(&back(&form), undoable(&ids(&ended), said(&ended)))),
        Err(error) => crate::inbox::again(form, error).await,
    }
}

/// `POST /asks/declined`
pub async fn decline(form: Submitted) -> Answer {
    match form.submit::<DeclineAsks>().await {
        Ok(ended) => Ok(form.go(&back(&form), undoable(&ids(&ended), "Declined. Whoever asked sees why.".into()))),
        Err(error) => crate::inbox::again(form, error).await,
    }
}

fn said(ended: &[Ask]) -> String {
    match ended {
        [] => "These were answered already.".into(),
        [one] => format!("{}: {}.", one.verb.done(), one.subject),
        several => format!("{} asks are done.", several.len()),
    }
}

/// The page from which the form was sent.
pub(super) fn back(form: &Submitted) -> String {
    match form.text("back") {
        path if path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') => path.to_owned(),
        _ => "/inbox".into(),
    }
}

/// A flash that takes it back: the address carries what was changed.
pub(super) fn undoable(asks: &[Id<Ask>], sentence: String) -> Flash {
    const MOST: usize = 60; // the address stands in a cookie
    let ids: Vec<String> = asks.iter().map(|ask| format!("asks={ask}")).collect();
    match ids.len() {
        1..=MOST => Flash::says(sentence).undo(format!("/asks/reopened?{}", ids.join("&"))),
        _ => Flash::says(sentence),
    }
}

pub(super) fn ids(asks: &[Ask]) -> Vec<Id<Ask>> {
    asks.iter().map(|ask| ask.id).collect()
}
