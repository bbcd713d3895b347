//! Who reaches whom. Colleagues see everyone; a guest stakeholder sees themselves. What is between a person, their
//! manager line and the people partners (employment, kinds of leave) has a rule of its own.
use kernel::{Actor, Id, Person, Result, Role, Tx, args, sql};

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

/// Everyone above a person in the reporting line, nearest first, as of today.
pub async fn managers_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<Id<Person>>> {
    let line = sql!(
        "with recursive line (person_id, depth) as (
           select l.manager_id, 1 from manager_lines l
            where l.workspace_id = $1 and l.person_id = $2 and l.manager_id is not null and",
        holds!("l", "$3"),
        "
           union all
           select l.manager_id, line.depth + 1 from line join manager_lines l on l.person_id = line.person_id
            where l.workspace_id = $1 and l.manager_id is not null and line.depth < 50 and",
        holds!("l", "$3"),
        "
         )
         select person_id from line order by depth"
    );
    let today = today(tx);
    tx.all(line, args![tx.workspace(), person, today]).await
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
