//! The sample company: forty-two people with a year and a half behind them, made by calling the operations that its
//! people would have called.
mod builder;
mod data;
mod deliver;
mod history;
mod picture;
pub mod scale;

use builder::Builder;
use data::Data;
pub use deliver::deliver;
use jiff::civil::Date;
use kernel::{Actor, App, Error, Id, Person, Result, Team, Workspace, json, parse};
use people::{
    person::{ListPeople, PeoplePage},
    team::ListTeams,
};
use std::collections::BTreeMap;

/// The sample company in a workspace, by the keys that its files use.
#[derive(Clone, Debug)]
pub struct Company {
    pub workspace: Id<Workspace>,
    /// The day from which the files count.
    pub reference: Date,
    pub people: BTreeMap<String, Id<Person>>,
    pub teams: BTreeMap<String, Id<Team>>,
}

/// Builds the company in an empty workspace, so that its past lies before `reference`, which should be a Tuesday.
///
/// The clock of `app` must be a fixed one and say what the present is: it is moved through the history, of which nothing
/// is done that lies after the present, and stands there again in the end.
/// A row that cannot be used is `Invalid` at its file, with a sentence that names the row.
pub async fn build(app: &App, workspace: Id<Workspace>, reference: Date) -> Result<Company> {
    let present = app.clock.now();
    let data = Data::read()?;
    let history = history::of(&data, reference)?;
    let mut builder = Builder::begin(app, Company::empty(workspace, reference), &data, &history).await?;
    for step in history.iter().filter(|step| step.at <= present) {
        builder.take(step).await.map_err(|error| step.place.says(error))?;
    }
    builder.end(present).await?;
    Ok(builder.company)
}

impl Company {
    fn empty(workspace: Id<Workspace>, reference: Date) -> Company {
        Company { workspace, reference, people: BTreeMap::new(), teams: BTreeMap::new() }
    }

    /// Finds the company again in a workspace in which it was built.
    pub async fn find(app: &App, workspace: Id<Workspace>, reference: Date) -> Result<Company> {
        let data = Data::read()?;
        let system = Actor::system(workspace);
        let everyone: ListPeople = parse(json!({ "standing": "all", "limit": 200 }))?;
        let PeoplePage { people, .. } = app.call(&system, everyone).await?;
        let teams = app.call(&system, ListTeams {}).await?;
        let mut company = Company::empty(workspace, reference);
        for (place, row) in data.people.iter() {
            let found = people.iter().find(|person| person.name == row.name);
            let found = found.ok_or_else(|| place.says(format!("{} is not in this workspace.", row.name)))?;
            company.people.insert(row.key.clone(), found.id);
        }
        for (place, row) in data.teams.iter() {
            let found = teams.iter().find(|team| team.name == row.name);
            let found = found.ok_or_else(|| place.says(format!("{} is not in this workspace.", row.name)))?;
            company.teams.insert(row.key.clone(), found.id);
        }
        Ok(company)
    }

    /// The person with this key, as in `person("mara")`.
    ///
    /// # Panics
    /// If the files have no such person.
    pub fn person(&self, key: &str) -> Id<Person> {
        self.find_person(key).unwrap_or_else(|error| panic!("{error}"))
    }

    /// The team with this key, as in `team("payments")`.
    ///
    /// # Panics
    /// If the files have no such team.
    pub fn team(&self, key: &str) -> Id<Team> {
        self.find_team(key).unwrap_or_else(|error| panic!("{error}"))
    }

    fn find_person(&self, key: &str) -> Result<Id<Person>> {
        let missing = || Error::conflict(format!("Nobody in the sample company has the key `{key}`."));
        self.people.get(key).copied().ok_or_else(missing)
    }

    fn find_team(&self, key: &str) -> Result<Id<Team>> {
        let missing = || Error::conflict(format!("No team of the sample company has the key `{key}`."));
        self.teams.get(key).copied().ok_or_else(missing)
    }
}
