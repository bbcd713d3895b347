//! Boards, their topics and what was promised, as records at which others point.
use super::{Action, Retrospective, Topic, topic::ShowTopic};
use kernel::{Card, Error, Later, Operation, RecordKind, Result, Told, Tx};

pub const BOARD: RecordKind =
    RecordKind { kind: "retrospective", path: "/retrospectives/", told: None, find: board, documents: None };
/// With a conversation, in which it is talked about.
pub const TOPIC: RecordKind = RecordKind {
    kind: "retro_topic",
    path: "/retrospective-topics/",
    told: Some(NOTHING_TOLD),
    find: topic,
    documents: None,
};
pub const ACTION: RecordKind =
    RecordKind { kind: "retro_action", path: "/retrospective-actions/", told: None, find: action, documents: None };

const NOTHING_TOLD: Told = &[];

fn or_nothing(found: Result<Card>) -> Result<Option<Card>> {
    match found {
        Ok(card) => Ok(Some(card)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn board<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let card = Retrospective::visible(tx, id).await;
        or_nothing(card.map(|board| Card { href: board.place(), title: board.name }))
    })
}

fn topic<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let target = match Topic::visible(tx, id).await {
            Ok(target) => target,
            Err(error) => return or_nothing(Err(error)),
        };
        let view = ShowTopic { topic: id }.run(tx, target).await?;
        Ok(Some(Card { href: format!("/retrospective-topics/{id}"), title: view.title() }))
    })
}

fn action<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let card = Action::visible(tx, id).await;
        or_nothing(card.map(|action| Card { href: action.place(), title: action.body }))
    })
}
