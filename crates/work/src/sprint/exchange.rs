//! The report of a closed sprint as it is exchanged: with names in place of ids, and without the ledger, which stands beside
//! it.
use super::{Report, Sprint, ledger};
use crate::{
    import::{Outsider, Somebody},
    issue::Issue,
};
use kernel::{Error, Id, Json, Person, Result, Time, Tx, args, json, sql};
use serde::Deserialize;
use serde_json::Map;

/// A report that was stored. What an issue or a person is called elsewhere is found by the id.
pub(crate) fn write(
    stored: &str,
    issue: impl Fn(&str) -> Option<String>,
    person: impl Fn(&str) -> Option<Somebody>,
) -> Result<Map<String, Json>> {
    let mut report: Map<String, Json> = serde_json::from_str(stored).map_err(Error::internal)?;
    report.remove("changes");
    for one in objects(report.get_mut("issues")) {
        let id = one.remove("id");
        let name = id.as_ref().and_then(Json::as_str).and_then(&issue);
        one.insert("issue".to_owned(), json!(name));
    }
    for one in objects(report.get_mut("before")) {
        one.remove("id");
    }
    for name in ["people", "away"] {
        for one in objects(report.get_mut("capacity").and_then(|capacity| capacity.get_mut(name))) {
            let ids = [one.remove("person_id"), one.remove("outsider_id")];
            let who = ids.iter().flatten().filter_map(Json::as_str).find_map(&person);
            one.insert("who".to_owned(), json!(who));
        }
    }
    Ok(report)
}

/// The ids of everyone of whom a stored report tells how much time they had.
pub(crate) fn counted(stored: &str) -> Result<Vec<String>> {
    #[derive(Deserialize)]
    struct Stored {
        capacity: super::Capacity,
    }
    let Stored { capacity } = serde_json::from_str(stored).map_err(Error::internal)?;
    let people = capacity.people.iter().map(|one| (one.person_id, one.outsider_id));
    let away = capacity.away.iter().map(|one| (one.person_id, one.outsider_id));
    let id = |(person, outsider): (Option<Id<Person>>, Option<Id<Outsider>>)| {
        person.map(|id| id.to_string()).or(outsider.map(|id| id.to_string()))
    };
    Ok(people.chain(away).filter_map(id).collect())
}

/// What a stored report calls those who changed the scope, one for each row of the ledger.
pub(crate) fn names(stored: &str) -> Result<Vec<Option<String>>> {
    #[derive(Deserialize)]
    struct Stored {
        changes: Vec<super::Entry>,
    }
    let Stored { changes } = serde_json::from_str(stored).map_err(Error::internal)?;
    Ok(changes.into_iter().map(|change| change.by_name).collect())
}

/// The report of a sprint whose ledger is here, with what it calls those who changed the scope, where they are called
/// otherwise now. Nothing where it is no report.
pub(crate) async fn read(
    tx: &mut Tx<'_>,
    sprint: Id<Sprint>,
    (report, names): (&Map<String, Json>, Vec<Option<&str>>),
    issue: impl Fn(&str) -> Option<Id<Issue>>,
    person: impl Fn(&Somebody) -> (Option<Id<Person>>, Option<Id<Outsider>>),
) -> Result<Option<Report>> {
    let mut report = report.clone();
    let mut changes = ledger::of(tx, sprint).await?;
    for (change, name) in changes.iter_mut().zip(names) {
        change.by_name = name.map(str::to_owned).or(change.by_name.take());
    }
    report.insert("changes".to_owned(), serde_json::to_value(changes).map_err(Error::internal)?);
    for one in objects(report.get_mut("issues")) {
        let name = one.remove("issue");
        let id = name.as_ref().and_then(Json::as_str).and_then(&issue).unwrap_or_else(|| tx.id());
        one.insert("id".to_owned(), json!(id));
    }
    let closed = closed_of_team(tx, sprint).await?;
    for one in objects(report.get_mut("before")) {
        let is =
            |name: &str, at: Time| one.get("name") == Some(&json!(name)) && one.get("closed_at") == Some(&json!(at));
        let here = closed.iter().find(|(_, name, at)| is(name, *at)).map(|(id, ..)| *id);
        one.insert("id".to_owned(), json!(here.unwrap_or_else(|| tx.id())));
    }
    for name in ["people", "away"] {
        for one in objects(report.get_mut("capacity").and_then(|capacity| capacity.get_mut(name))) {
            let who: Option<Somebody> = one.remove("who").and_then(|who| serde_json::from_value(who).ok());
            let (here, outsider) = who.as_ref().map(&person).unwrap_or_default();
            one.insert("person_id".to_owned(), json!(here));
            one.insert("outsider_id".to_owned(), json!(outsider));
        }
    }
    Ok(serde_json::from_value(Json::Object(report)).ok())
}

fn objects(list: Option<&mut Json>) -> impl Iterator<Item = &mut Map<String, Json>> {
    list.and_then(Json::as_array_mut).into_iter().flatten().filter_map(Json::as_object_mut)
}

/// The closed sprints of the team of this one: what a report compares itself with.
async fn closed_of_team(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<(Id<Sprint>, String, Time)>> {
    let select = sql!(
        "select p.id, p.name, p.closed_at from sprints p
           join sprints own on own.workspace_id = p.workspace_id and own.team_id = p.team_id
          where p.workspace_id = $1 and own.id = $2 and p.closed_at <= own.started_at
          order by p.closed_at desc, p.id desc limit 50"
    );
    tx.all(select, args![tx.workspace(), sprint]).await
}
