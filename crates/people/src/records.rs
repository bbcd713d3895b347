//! What others see of the records of this part when they point at them.
use crate::{
    access::{TEAM_VISIBLE, VISIBLE, today},
    documents,
    leave::{self, Leave},
    onboarding::plan::{PLANS, Plan},
};
use kernel::{Card, Error, Later, RecordKind, Result, Told, Tx, args, sql};

pub const RECORDS: &[RecordKind] = &[
    // What colleagues think of a person has no place where everyone reads it, so a person has no conversation.
    RecordKind {
        kind: "person",
        path: "/people/",
        told: None,
        find: |tx, id| Box::pin(person(tx, id)),
        documents: Some(documents::PEOPLE),
    },
    RecordKind {
        kind: "team",
        path: "/teams/",
        told: Some(TEAM_TOLD),
        find: |tx, id| Box::pin(team(tx, id)),
        documents: Some(documents::TEAMS),
    },
    RecordKind {
        kind: "leave",
        path: "/leaves/",
        told: Some(LEAVE_TOLD),
        find: absence,
        documents: Some(leave::LEAVES),
    },
    RecordKind { kind: "onboarding", path: "/onboarding/", told: Some(PLAN_TOLD), find: plan, documents: Some(PLANS) },
];

const TEAM_TOLD: Told = &[
    ("team.added", "added the team"),
    ("team.changed", "changed what is said of the team"),
    ("team.archived", "archived the team"),
    ("team.restored", "brought the team back"),
    ("team.member_joined", "put somebody on the team"),
    ("team.member_left", "took somebody off the team"),
];

const LEAVE_TOLD: Told = &[("leave.withdrawn", "withdrew the leave"), ("leave.restored", "entered the leave again")];

const PLAN_TOLD: Told = &[
    ("onboarding.started", "started the plan"),
    ("onboarding.changed", "changed the plan"),
    ("onboarding.begun", "began the first day"),
    ("onboarding.step_done", "did a step"),
    ("onboarding.ended", "ended the plan"),
    ("onboarding.resumed", "took the plan up again"),
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

fn absence<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
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
