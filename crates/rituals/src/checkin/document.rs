//! What asks of check-ins are about: one's own part of a round, its roll-up, and what blocks somebody.
use super::{Blocker, Entry, Round};
use kernel::{Card, Error, Later, RecordKind, Result, Tx};

pub const ENTRY: RecordKind =
    RecordKind { kind: "checkin_entry", path: "/check-ins/entries/", told: None, find: entry, documents: None };
pub const ROUND: RecordKind =
    RecordKind { kind: "checkin_round", path: "/check-ins/rounds/", told: None, find: round, documents: None };
pub const BLOCKER: RecordKind =
    RecordKind { kind: "blocker", path: "/blockers/", told: None, find: blocker, documents: None };

fn or_nothing(found: Result<Card>) -> Result<Option<Card>> {
    match found {
        Ok(card) => Ok(Some(card)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

fn entry<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let card = Entry::own(tx, id).await;
        or_nothing(card.map(|(checkin, _, entry)| Card { href: entry.place(), title: checkin.name }))
    })
}

fn round<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let card = Round::visible(tx, id).await;
        or_nothing(card.map(|(checkin, round)| Card {
            href: round.place(),
            title: format!("{}, {}", checkin.name, round.on_date.strftime("%-d %B")),
        }))
    })
}

fn blocker<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(id) = id.parse() else { return Ok(None) };
        let card = Blocker::visible(tx, id).await;
        or_nothing(card.map(|(blocker, _)| Card { href: format!("/blockers/{}", blocker.id), title: blocker.body }))
    })
}
