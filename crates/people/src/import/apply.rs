//! Writes a plan, with few statements for many people.
use super::{
    plan::{Plan, Planned},
    report::{Outcome, Report, differences},
    state::Membership,
};
use crate::{
    account::{access_topic, noted},
    person::{Record, folded},
};
use kernel::{Bind, Id, Json, Person, Result, Sql, Time, Tx, Value, Workspace, args, json, list, sql};

/// One import, as its event names it.
enum Import {}

/// Each person who changes has one event, and the import has one with the counts; an import without a change has none.
pub async fn apply(tx: &mut Tx<'_>, plan: &Plan<'_>, report: &Report) -> Result<()> {
    add_teams(tx, plan).await?;
    save_people(tx, plan).await?;
    change_teams(tx, plan).await?;
    change_managers(tx, plan).await?;
    end_access(tx, plan).await?;
    let mut changed = !plan.teams.is_empty();
    for row in &plan.rows {
        if let Some((verb, data)) = event(row) {
            tx.record(verb, row.new.id, data);
            changed = true;
        }
    }
    if changed {
        let id: Id<Import> = tx.id();
        tx.record("people.imported", id, serde_json::to_value(report.counts).map_err(kernel::Error::internal)?);
    }
    Ok(())
}

async fn add_teams(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<()> {
    let insert = sql!("insert into teams (workspace_id, id, parent_id, name, created_at) values ($1, $2, $3, $4, $5)");
    let (workspace, now) = (tx.workspace(), tx.now());
    let mut rows = Vec::with_capacity(plan.teams.len());
    for team in &plan.teams {
        rows.push(vec![workspace.bind(), team.id.bind(), team.parent_id.bind(), team.name.bind(), now.bind()]);
        tx.record("team.added", team.id, json!({ "name": team.name }));
    }
    tx.run_many(insert, &rows).await?;
    Ok(())
}

async fn save_people(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<()> {
    let update = sql!(
        "update people set name = $3, sort_name = $4, pronouns = $5, email = $6, employee_id = $7, title = $8, level = $9,
                location = $10, holidays = $11, zone = $12, hours = $13, employment = $14, starts_on = $15, ends_on = $16,
                deactivated_at = $17, updated_at = $18
          where workspace_id = $1 and id = $2"
    );
    let insert = sql!(
        "insert into people (workspace_id, id, name, sort_name, pronouns, email, employee_id, title, level, location,
           holidays, zone, hours, employment, starts_on, ends_on, deactivated_at, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18)"
    );
    let changed =
        plan.rows.iter().filter(|row| row.old.is_some_and(|old| !differences(Some(old), &row.new).is_empty()));
    save(tx, update, changed).await?;
    save(tx, insert, plan.rows.iter().filter(|row| row.old.is_none())).await
}

async fn save<'p>(tx: &mut Tx<'_>, sql: Sql, rows: impl Iterator<Item = &'p Planned<'p>>) -> Result<()> {
    let (workspace, now) = (tx.workspace(), tx.now());
    let people: Vec<(&Record, String)> = rows.map(|row| (&row.new, folded(&row.new.name))).collect();
    let rows: Vec<_> = people.iter().map(|(person, sort_name)| values(&workspace, person, sort_name, &now)).collect();
    tx.run_many(sql, &rows).await?;
    Ok(())
}

fn values<'v>(workspace: &'v Id<Workspace>, person: &'v Record, sort_name: &'v str, now: &'v Time) -> Vec<Value<'v>> {
    vec![
        workspace.bind(),
        person.id.bind(),
        person.name.bind(),
        sort_name.bind(),
        person.pronouns.bind(),
        person.email.bind(),
        person.employee_id.bind(),
        person.title.bind(),
        person.level.bind(),
        person.location.bind(),
        person.holidays.bind(),
        person.zone.bind(),
        person.hours.bind(),
        person.employment.bind(),
        person.starts_on.bind(),
        person.ends_on.bind(),
        person.deactivated_at.bind(),
        now.bind(),
    ]
}

async fn change_teams(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<()> {
    let workspace = tx.workspace();
    let (mut not_begun, mut ended, mut begun) = (Vec::new(), Vec::new(), Vec::new());
    let changes: Vec<_> = plan.rows.iter().filter_map(|row| Some((&row.new.id, row.team.as_ref()?))).collect();
    let ids: Vec<Id<Membership>> = changes.iter().map(|_| tx.id()).collect();
    for ((person, change), id) in changes.iter().zip(&ids) {
        let from = change.from_on.bind();
        match &change.leaves {
            Some(old) if old.from_on >= change.from_on => not_begun.push(vec![workspace.bind(), old.id.bind()]),
            Some(old) => ended.push(vec![workspace.bind(), old.id.bind(), from]),
            None => {}
        }
        begun.push(vec![workspace.bind(), id.bind(), change.to.bind(), person.bind(), from]);
    }
    let delete = sql!("delete from memberships where workspace_id = $1 and id = $2");
    tx.run_many(delete, &not_begun).await?;
    let end = sql!("update memberships set until_on = $3 where workspace_id = $1 and id = $2");
    tx.run_many(end, &ended).await?;
    let insert =
        sql!("insert into memberships (workspace_id, id, team_id, person_id, from_on) values ($1, $2, $3, $4, $5)");
    tx.run_many(insert, &begun).await?;
    Ok(())
}

/// Ends the line that holds and begins the new one; later lines, planned before, are replaced.
async fn change_managers(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<()> {
    let workspace = tx.workspace();
    let (mut replaced, mut begun) = (Vec::new(), Vec::new());
    for row in &plan.rows {
        let Some(change) = &row.manager else { continue };
        let (person, from) = (row.new.id.bind(), change.from_on.bind());
        if row.old.is_some() {
            replaced.push(vec![workspace.bind(), person, from]);
        }
        begun.push(vec![workspace.bind(), person, change.to.bind(), from]);
    }
    let delete = sql!("delete from manager_lines where workspace_id = $1 and person_id = $2 and from_on >= $3");
    tx.run_many(delete, &replaced).await?;
    let end = sql!(
        "update manager_lines set until_on = $3
          where workspace_id = $1 and person_id = $2 and (until_on is null or until_on > $3)"
    );
    tx.run_many(end, &replaced).await?;
    let insert =
        sql!("insert into manager_lines (workspace_id, person_id, manager_id, from_on) values ($1, $2, $3, $4)");
    tx.run_many(insert, &begun).await?;
    Ok(())
}

/// Access ends with a new address, a new line above or below, and with the end of work. Whoever imports keeps theirs, which
/// they have by a role and not by a line, so that they can read what came of it.
async fn end_access(tx: &mut Tx<'_>, plan: &Plan<'_>) -> Result<()> {
    let (workspace, me) = (tx.workspace(), tx.me());
    let mut ended: Vec<Id<Person>> = Vec::new();
    for row in &plan.rows {
        let moved = row.old.is_some_and(|old| {
            old.email != row.new.email || old.deactivated_at != row.new.deactivated_at || row.manager.is_some()
        });
        ended.extend(moved.then_some(row.new.id));
        ended.extend(row.manager.as_ref().map(|change| change.to));
    }
    ended.retain(|person| *person != me);
    ended.sort_unstable();
    ended.dedup();
    if ended.is_empty() {
        return Ok(());
    }
    let raise = sql!(
        "update accounts set auth_epoch = auth_epoch + 1
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))"
    );
    tx.run(raise, args![workspace, list(&ended)]).await?;
    for person in ended {
        tx.touch(access_topic(person));
        noted(tx, person);
    }
    Ok(())
}

/// The terms of employment are not for everyone, so an event says only that they changed.
fn event(row: &Planned<'_>) -> Option<(&'static str, Json)> {
    const EVERYONES: [&str; 7] = ["name", "pronouns", "title", "level", "location", "zone", "hours"];
    match row.outcome() {
        Outcome::Unchanged => return None,
        Outcome::Added => return Some(("person.added", json!({ "name": row.new.name }))),
        Outcome::Ended => return Some(("person.deactivated", json!({}))),
        Outcome::Changed => {}
    }
    let own = differences(row.old, &row.new).into_iter().filter(|one| EVERYONES.contains(&one.field.as_str()));
    let mut changes: serde_json::Map<String, Json> = own.map(|one| (one.field, json!([one.from, one.to]))).collect();
    let team = row.team.as_ref().map(|change| ("team", &change.words));
    let manager = row.manager.as_ref().map(|change| ("manager", &change.words));
    changes.extend(team.into_iter().chain(manager).map(|(field, [from, to])| (field.to_owned(), json!([from, to]))));
    Some(match changes.is_empty() {
        true => ("person.employment_changed", json!({})),
        false => ("person.profile_changed", json!({ "changes": changes })),
    })
}
