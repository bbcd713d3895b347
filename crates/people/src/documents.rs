//! People and teams as the search knows them.
use crate::{
    access::{TEAM_VISIBLE, VISIBLE, teams_of},
    person::folded,
};
use kernel::{Document, Documents, Id, Person, Reader, Result, Team, Time, Tx, args, columns, sql};

pub const PEOPLE: Documents = Documents {
    title: "People",
    read: |tx, id| Box::pin(person(tx, id)),
    list: |tx, after| Box::pin(people_after(tx, after)),
};

pub const TEAMS: Documents = Documents {
    title: "Teams",
    read: |tx, id| Box::pin(team(tx, id)),
    list: |tx, after| Box::pin(teams_after(tx, after)),
};

struct Someone {
    id: Id<Person>,
    name: String,
    title: String,
    location: String,
    about: String,
    created_at: Time,
    deactivated_at: Option<Time>,
}
columns!(Someone { id, name, title, location, about, created_at, deactivated_at });

async fn person(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select = sql!(
        "select id, name, title, location, about, created_at, deactivated_at
           from people where workspace_id = $1 and id = $2"
    );
    let Some(found) = tx.find::<Someone>(select, args![tx.workspace(), id]).await? else { return Ok(None) };
    let team = teams_of(tx, found.id).await?.first().copied();
    Ok(Some(Document {
        title: found.name,
        body: joined(&[&found.title, &found.location, &found.about]),
        mark: if found.deactivated_at.is_some() { "Left" } else { "" },
        author: None,
        team,
        at: found.created_at,
        readers: vec![Reader::Colleagues, Reader::Person(found.id)],
    }))
}

struct Group {
    id: Id<Team>,
    name: String,
    mission: String,
    about: String,
    created_at: Time,
    archived_at: Option<Time>,
}
columns!(Group { id, name, mission, about, created_at, archived_at });

async fn team(tx: &mut Tx<'_>, id: &str) -> Result<Option<Document>> {
    let select =
        sql!("select id, name, mission, about, created_at, archived_at from teams where workspace_id = $1 and id = $2");
    let found: Option<Group> = tx.find(select, args![tx.workspace(), id]).await?;
    Ok(found.map(|team| Document {
        title: team.name,
        body: joined(&[&team.mission, &team.about]),
        mark: if team.archived_at.is_some() { "Archived" } else { "" },
        author: None,
        team: Some(team.id),
        at: team.created_at,
        readers: vec![Reader::Colleagues],
    }))
}

fn joined(texts: &[&str]) -> String {
    let there: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    there.join(" · ")
}

async fn people_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from people where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}

async fn teams_after(tx: &mut Tx<'_>, after: &str) -> Result<Vec<String>> {
    let select = sql!("select id from teams where workspace_id = $1 and id > $2 order by id limit 100");
    tx.all(select, args![tx.workspace(), after]).await
}

/// The people whom the actor can see and one of whose names begins like this, 20 at the most, whether or not they are
/// still here.
pub async fn people_named(tx: &mut Tx<'_>, text: &str) -> Result<Vec<Id<Person>>> {
    let select = sql!(
        "select p.id from people p
          where",
        VISIBLE,
        "and (p.sort_name like $4 or p.sort_name like $5) order by p.sort_name, p.id limit 20"
    );
    let plain = folded(text.trim()).replace(['%', '_', '\\'], "");
    let (begins, word) = (format!("{plain}%"), format!("% {plain}%"));
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), begins, word]).await
}

/// The teams that the actor can see and one of whose names begins like this, 20 at the most.
pub async fn teams_named(tx: &mut Tx<'_>, text: &str) -> Result<Vec<Id<Team>>> {
    let wanted = folded(text.trim());
    let fits = |name: &str| {
        let name = folded(name);
        name.starts_with(&wanted) || name.contains(&format!(" {wanted}"))
    };
    let select = sql!("select t.id, t.name from teams t where", TEAM_VISIBLE, "order by t.name, t.id");
    let teams: Vec<(Id<Team>, String)> = tx.all(select, args![tx.workspace(), tx.actor().belongs()]).await?;
    Ok(teams.into_iter().filter(|(_, name)| fits(name)).map(|(id, _)| id).take(20).collect())
}
