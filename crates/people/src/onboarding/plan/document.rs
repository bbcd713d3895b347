//! Plans as the search knows them: found by the newcomer, the buddy, the reporting line above, and those who keep the
//! records of people.
use crate::access::today;
use kernel::{Document, Documents, Id, Person, Reader, Result, Role, Time, Tx, args, columns, sql};

pub const PLANS: Documents = Documents {
    title: "Onboarding",
    read: |tx, id| Box::pin(read(tx, id)),
    list: |tx, after| Box::pin(list(tx, after)),
};

struct Found {
    person_id: Id<Person>,
    person_name: String,
    buddy_id: Option<Id<Person>>,
    created_at: Time,
    ended_at: Option<Time>,
}
columns!(Found { person_id, person_name, buddy_id, created_at, ended_at });

async fn read(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select n.person_id, p.name as person_name, n.buddy_id, n.created_at, n.ended_at
           from onboarding_plans n join people p on p.workspace_id = n.workspace_id and p.id = n.person_id
          where n.workspace_id = $1 and n.id = $2"
    );
    let Some(plan) = tx.find::<Found>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
    let steps = sql!(
        "select title from onboarding_steps where workspace_id = $1 and plan_id = $2 and removed_at is null
          order by phase, rank limit 200"
    );
    let steps: Vec<String> = tx.all(steps, args![tx.workspace(), id]).await?;
    let people = [Some(plan.person_id), plan.buddy_id].into_iter().flatten().chain(above(tx, plan.person_id).await?);
    let roles = [Role::Owner, Role::Admin, Role::PeoplePartner].map(Reader::Role);
    Ok(Some(Document {
        title: "Onboarding".into(),
        body: format!("{}\n{}", plan.person_name, steps.join("\n")),
        mark: if plan.ended_at.is_some() { "Ended" } else { "" },
        author: None,
        team: None,
        at: plan.created_at,
        readers: people.map(Reader::Person).chain(roles).collect(),
    }))
}

/// Those who lead the person, now or as soon as they begin, and those above them.
async fn above(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Id<Person>>> {
    let select = sql!(
        "with recursive line (person_id, depth) as (
           select l.manager_id, 0 from manager_lines l
            where l.workspace_id = $1 and l.person_id = $2 and (l.until_on is null or l.until_on > $3)
           union all
           select l.manager_id, line.depth + 1 from line join manager_lines l on l.person_id = line.person_id
            where l.workspace_id = $1 and line.depth < 50 and",
        holds!("l", "$3"),
        ")
         select distinct person_id from line"
    );
    tx.all(select, args![tx.workspace(), person, today(tx)]).await
}

async fn list(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from onboarding_plans where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}
