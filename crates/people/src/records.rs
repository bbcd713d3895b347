//! What others see of the records of this part when they point at them.
use crate::{
    access::{TEAM_VISIBLE, VISIBLE, today},
    leave::Leave,
    onboarding::plan::Plan,
};
use kernel::{Card, Error, Later, RecordKind, Result, Tx, args, sql};

pub const RECORDS: &[RecordKind] = &[
    RecordKind { kind: "person", find: |tx, id| Box::pin(person(tx, id)) },
    RecordKind { kind: "team", find: |tx, id| Box::pin(team(tx, id)) },
    RecordKind { kind: "leave", find: leave },
    RecordKind { kind: "onboarding", find: plan },
];

async fn person(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let select = sql!("select p.name from people p where", VISIBLE, "and p.id = $4");
    let name = tx.find(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), id]).await?;
    Ok(name.map(|title| Card { title, href: format!("/people/{id}") }))
}

async fn team(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let select = sql!("select t.name from teams t where", TEAM_VISIBLE, "and t.id = $3");
    let name = tx.find(select, args![tx.workspace(), tx.actor().belongs(), id]).await?;
    Ok(name.map(|title| Card { title, href: format!("/teams/{id}") }))
}

fn leave<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(parsed) = id.parse() else { return Ok(None) };
        let today = today(tx);
        let title = found(Leave::visible(tx, parsed).await)?.map(|leave| leave.in_words(today));
        Ok(title.map(|title| Card { title, href: format!("/leaves/{id}") }))
    })
}

fn plan<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let Ok(parsed) = id.parse() else { return Ok(None) };
        let plan = found(Plan::visible(tx, parsed).await)?;
        Ok(plan.map(|plan| Card {
            title: format!("Onboarding of {}", plan.person_name),
            href: format!("/onboarding/{id}"),
        }))
    })
}

fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}
