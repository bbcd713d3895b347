//! Who reaches whom. Colleagues see everyone; a guest stakeholder sees themselves. What is between a person, their
//! manager line and the people partners (employment, kinds of leave) has a rule of its own.
use crate::account::factor::policy::{DEMANDED, counting};
use kernel::{Actor, Id, Person, Result, Role, Team, Time, Tx, args, sql};

/// The reach of every query that shows people, as `p`. Its parameters are [`reach!`]'s: the workspace, whether the
/// actor is a colleague, and the actor.
pub const VISIBLE: &str = " p.workspace_id = $1 and ($2 or p.id = $3) ";

/// The reach of every query that shows teams, as `t`.
pub const TEAM_VISIBLE: &str = " t.workspace_id = $1 and $2 ";

/// A dated row, as `$today` stands for a parameter: it has begun and has not ended.
#[macro_export]
macro_rules! holds {
    ($row:literal, $today:literal) => {
        concat!(
            " ",
            $row,
            ".from_on <= ",
            $today,
            " and (",
            $row,
            ".until_on is null or ",
            $row,
            ".until_on > ",
            $today,
            ") "
        )
    };
}

/// Everyone above a person in the reporting line, nearest first, as of today. SQLite keeps the order of a `cross join`:
/// it would else read all lines for each step.
pub async fn managers_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Id<Person>>> {
    let line = sql!(
        "with recursive line (person_id, depth) as (
           select l.manager_id, 1 from manager_lines l
            where l.workspace_id = $1 and l.person_id = $2 and l.manager_id is not null and",
        holds!("l", "$3"),
        "
           union all
           select l.manager_id, line.depth + 1 from line cross join manager_lines l
            where l.workspace_id = $1 and l.person_id = line.person_id and l.manager_id is not null
              and line.depth < 50 and",
        holds!("l", "$3"),
        "
         )
         select person_id from line order by depth"
    );
    let today = today(tx);
    tx.all(line, args![tx.workspace(), person, today]).await
}

/// Somebody as they would act now: for what has to know whether they may see a record. Nothing for those who have no
/// account, or whose access has ended.
pub async fn actor_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Option<Actor>> {
    let select = sql!(
        "select a.roles, a.auth_epoch,",
        " ",
        DEMANDED,
        " from accounts a
           join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
          where a.workspace_id = $1 and a.person_id = $2 and a.disabled_at is null and p.deactivated_at is null"
    );
    let found: Option<(String, i64, String, Option<Time>)> = tx.find(select, args![tx.workspace(), person]).await?;
    let Some((roles, epoch, demanded, since)) = found else { return Ok(None) };
    let roles = counting(&roles, &demanded, since)?;
    let stranger = Actor::stranger(tx.workspace(), kernel::Door::Page);
    Ok(Some(Actor { person, roles, epoch, ..stranger }))
}

/// Who is on a team today and has an account that works.
pub async fn with_account(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Id<Person>>> {
    let select = sql!(
        "select distinct p.id from memberships m
           join people p on p.workspace_id = m.workspace_id and p.id = m.person_id and p.deactivated_at is null
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id and a.disabled_at is null
          where m.workspace_id = $1 and m.team_id = $2 and",
        crate::holds!("m", "$3"),
        "order by p.id"
    );
    let today = today(tx);
    tx.all(select, args![tx.workspace(), team, today]).await
}

/// The teams of which somebody is a member today.
pub async fn teams_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Id<Team>>> {
    let select = sql!(
        "select distinct m.team_id from memberships m where m.workspace_id = $1 and m.person_id = $2 and",
        holds!("m", "$3")
    );
    let today = today(tx);
    tx.all(select, args![tx.workspace(), person, today]).await
}

/// How near the actor is to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nearness {
    pub own: bool,
    /// The actor is somewhere above the person in the reporting line.
    pub leads: bool,
}

impl Nearness {
    pub async fn of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Nearness> {
        let me = tx.me();
        let own = me == person;
        let leads = !own && managers_of(tx, person).await?.contains(&me);
        Ok(Nearness { own, leads })
    }

    /// May read employment and the kinds of leave.
    pub fn is_close(self, actor: &Actor) -> bool {
        self.own || self.leads || cares_for_people(actor)
    }
}

/// Owner, admin or people partner: keeps the records of people.
pub fn cares_for_people(actor: &Actor) -> bool {
    actor.is_system() || actor.runs_workspace() || actor.is(Role::PeoplePartner)
}

/// The date on which dated rows are looked at. It is the date in UTC, so that it is one date for everyone.
pub fn today(tx: &Tx<'_>) -> jiff::civil::Date {
    today_for(tx.now())
}

/// [`today`], for a page.
pub fn today_for(now: kernel::Time) -> jiff::civil::Date {
    now.date(&jiff::tz::TimeZone::UTC)
}
