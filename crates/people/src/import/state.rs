//! What is stored already, read once for the whole file.
use crate::{access::today, account, person};
use jiff::civil::Date;
use kernel::{Id, Person, Result, Team, Tx, args, columns, sql};
use std::collections::HashMap;

pub struct State {
    pub today: Date,
    /// Everyone, also those who left, without what they say of themselves.
    pub people: Vec<person::Record>,
    pub owners: Vec<Id<Person>>,
    /// Those who may do more than whoever imports.
    pub out_of_reach: Vec<Id<Person>>,
    /// Those whose mail address is the way into an account.
    pub accounts: Vec<Id<Person>>,
    /// Those that are not archived.
    pub teams: Vec<TeamRow>,
    /// Memberships that have not ended, by their beginning.
    pub memberships: HashMap<Id<Person>, Vec<Membership>>,
    /// Reporting lines that have not ended, by their beginning.
    pub lines: HashMap<Id<Person>, Vec<Line>>,
}

pub struct TeamRow {
    pub id: Id<Team>,
    pub parent_id: Option<Id<Team>>,
    pub name: String,
}
columns!(TeamRow { id, parent_id, name });

#[derive(Clone)]
pub struct Membership {
    pub id: Id<Membership>,
    pub person_id: Id<Person>,
    pub team_id: Id<Team>,
    pub from_on: Date,
}
columns!(Membership { id, person_id, team_id, from_on });

pub struct Line {
    pub person_id: Id<Person>,
    pub manager_id: Option<Id<Person>>,
}
columns!(Line { person_id, manager_id });

impl State {
    pub async fn load(tx: &mut Tx<'_>) -> Result<State> {
        let (workspace, today) = (tx.workspace(), today(tx));
        let people = sql!(
            "select id, name, pronouns, email, employee_id, title, level, location, holidays, zone, hours, employment,
                    starts_on, ends_on, '' as about, photo, deactivated_at
               from people where workspace_id = $1 order by id"
        );
        let teams =
            sql!("select id, parent_id, name from teams where workspace_id = $1 and archived_at is null order by id");
        let memberships = sql!(
            "select id, person_id, team_id, from_on from memberships
              where workspace_id = $1 and (until_on is null or until_on > $2) order by from_on, id"
        );
        let lines = sql!(
            "select person_id, manager_id from manager_lines
              where workspace_id = $1 and (until_on is null or until_on > $2) order by from_on"
        );
        Ok(State {
            today,
            people: tx.all(people, args![workspace]).await?,
            owners: account::owners(tx).await?,
            out_of_reach: account::out_of_reach(tx).await?,
            accounts: account::holders(tx).await?,
            teams: tx.all(teams, args![workspace]).await?,
            memberships: by_person(tx.all(memberships, args![workspace, today]).await?, |one: &Membership| {
                one.person_id
            }),
            lines: by_person(tx.all(lines, args![workspace, today]).await?, |line: &Line| line.person_id),
        })
    }

    /// The manager on the line that holds, or else on the first that was planned.
    pub fn manager(&self, person: Id<Person>) -> Option<Id<Person>> {
        self.lines.get(&person)?.first()?.manager_id
    }
}

fn by_person<T>(rows: Vec<T>, person: impl Fn(&T) -> Id<Person>) -> HashMap<Id<Person>, Vec<T>> {
    let mut groups: HashMap<Id<Person>, Vec<T>> = HashMap::new();
    for row in rows {
        groups.entry(person(&row)).or_default().push(row);
    }
    groups
}
