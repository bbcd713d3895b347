//! Whose check-ins and retrospectives somebody shares.
use kernel::{Error, Id, Person, Result, Team, Tx, args, list, sql};
use people::{access::today, person::Named};

/// The teams whose rituals the actor shares: those with the actor as a member, and those that the actor leads, with all
/// below them. Roles add none.
pub(crate) async fn teams(tx: &mut Tx<'_>) -> Result<Vec<Id<Team>>> {
    let me = tx.me();
    teams_of(tx, me).await
}

/// Those that somebody shares.
pub(crate) async fn teams_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Id<Team>>> {
    let select = sql!(
        "with recursive led (id, depth) as (
           select t.id, 0 from teams t where t.workspace_id = $1 and t.lead_id = $2
           union
           select t.id, led.depth + 1 from led join teams t on t.workspace_id = $1 and t.parent_id = led.id
            where led.depth < 20
         )
         select id from led
         union
         select m.team_id from memberships m where m.workspace_id = $1 and m.person_id = $2 and",
        people::holds!("m", "$3")
    );
    let today = today(tx);
    tx.all(select, args![tx.workspace(), person, today]).await
}

/// The team, if the actor shares its rituals.
pub(crate) async fn shared_team(tx: &mut Tx<'_>, team: Id<Team>) -> Result<people::team::Record> {
    match teams(tx).await?.contains(&team) {
        true => people::team::Record::visible(tx, team).await,
        false => Err(Error::NotFound),
    }
}

/// These teams by name, without those that are archived.
pub(crate) async fn named(tx: &mut Tx<'_>, teams: &[Id<Team>]) -> Result<Vec<Named<Team>>> {
    let select = sql!(
        "select t.id, t.name from teams t
          where t.workspace_id = $1 and t.archived_at is null
            and t.id in (select value from json_each(cast($2 as text))) order by t.name, t.id"
    );
    let found: Vec<(Id<Team>, String)> = tx.all(select, args![tx.workspace(), list(teams)]).await?;
    Ok(found.into_iter().map(|(id, name)| Named { id, name }).collect())
}
