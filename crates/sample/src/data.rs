//! The files of the sample company, as they are written: rows that name each other by key.
mod asks;
mod finishes;
mod onboarding;
mod one_on_ones;
mod people;
pub mod roadmap;
pub mod talk;
pub mod together;
mod work;

pub use asks::{Ask, How, Norms, Turn};
pub use finishes::{Commitment, Finishes, Recount};
pub use onboarding::{Done, Met, Phase, Plan, Template};
pub use one_on_ones::{Exchange, OneOnOne, What};
pub use people::{Change, Exception, Field, Invitation, Leave, Membership, Person, Team};
pub use work::{
    Habit, InRound, Issue, IssueMove, Planning, PlanningStep, Review, ReviewStep, Round, RoundStep, ScopeChange,
    Sprint, Triage, TriagePromise, View,
};

use kernel::{Error, Result};
use people::Line;
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::{BTreeMap, BTreeSet};

/// A file and the number of a row in it, for whoever has to mend it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub file: &'static str,
    pub row: usize,
}

impl Place {
    pub fn says(self, sentence: impl std::fmt::Display) -> Error {
        Error::invalid(self.file, format!("Row {} of {}: {sentence}", self.row, self.file))
    }
}

/// The rows of a file, each with its place.
#[derive(Debug)]
pub struct Rows<T> {
    file: &'static str,
    rows: Vec<T>,
}

impl<T> Rows<T> {
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Place, &T)> {
        self.rows.iter().enumerate().map(|(index, row)| (Place { file: self.file, row: index + 1 }, row))
    }
}

#[derive(Debug, Deserialize)]
pub struct About {
    pub name: String,
    /// Enters what is nobody's own business.
    pub clerk: String,
}

#[derive(Debug)]
pub struct Data {
    pub about: About,
    /// As they were before the first of `changes`.
    pub people: Rows<Person>,
    pub teams: Rows<Team>,
    pub memberships: Rows<Membership>,
    pub lines: Rows<Line>,
    pub changes: Rows<Change>,
    pub leave: Rows<Leave>,
    pub exceptions: Rows<Exception>,
    pub invitations: Rows<Invitation>,
    pub templates: Rows<Template>,
    pub plans: Rows<Plan>,
    pub norms: Rows<Norms>,
    pub asks: Rows<Ask>,
    pub talk: Rows<talk::Thread>,
    pub issues: Rows<Issue>,
    pub sprints: Rows<Sprint>,
    pub rounds: Rows<Round>,
    pub plannings: Rows<Planning>,
    pub reviews: Rows<Review>,
    pub views: Rows<View>,
    pub triages: Rows<Triage>,
    pub habits: Rows<Habit>,
    pub one_on_ones: Rows<OneOnOne>,
    pub checkins: Rows<together::Checkin>,
    pub boards: Rows<together::Board>,
    pub hand_overs: Rows<together::HandOver>,
    pub finishes: Rows<Finishes>,
    pub commitments: Rows<Commitment>,
    pub initiatives: Rows<roadmap::Initiative>,
    pub projects: Rows<roadmap::Project>,
    pub weightings: Rows<roadmap::Weighting>,
    pub shares: Rows<roadmap::Shares>,
    pub debts: Rows<roadmap::Debt>,
}

impl Data {
    pub fn read() -> Result<Data> {
        let mut data = Data {
            about: parse("company.toml", include_str!("../data/company.toml"))?,
            people: rows("people.toml", "person", include_str!("../data/people.toml"))?,
            teams: rows("teams.toml", "team", include_str!("../data/teams.toml"))?,
            memberships: rows("memberships.toml", "membership", include_str!("../data/memberships.toml"))?,
            lines: rows("manager_lines.toml", "line", include_str!("../data/manager_lines.toml"))?,
            changes: rows("changes.toml", "change", include_str!("../data/changes.toml"))?,
            leave: rows("leave.toml", "leave", include_str!("../data/leave.toml"))?,
            exceptions: rows("exceptions.toml", "exception", include_str!("../data/exceptions.toml"))?,
            invitations: rows("invitations.toml", "invitation", include_str!("../data/invitations.toml"))?,
            templates: rows("onboarding.toml", "template", include_str!("../data/onboarding.toml"))?,
            plans: rows("onboarding.toml", "plan", include_str!("../data/onboarding.toml"))?,
            norms: rows("norms.toml", "norms", include_str!("../data/norms.toml"))?,
            asks: rows("asks.toml", "ask", include_str!("../data/asks.toml"))?,
            talk: rows("comments.toml", "thread", include_str!("../data/comments.toml"))?,
            sprints: rows("sprints.toml", "sprint", include_str!("../data/sprints.toml"))?,
            rounds: rows("refinements.toml", "round", include_str!("../data/refinements.toml"))?,
            plannings: rows("plannings.toml", "planning", include_str!("../data/plannings.toml"))?,
            reviews: rows("reviews.toml", "review", include_str!("../data/reviews.toml"))?,
            views: rows("views.toml", "view", include_str!("../data/views.toml"))?,
            triages: rows("triage.toml", "triage", include_str!("../data/triage.toml"))?,
            habits: rows("triage.toml", "habit", include_str!("../data/triage.toml"))?,
            issues: rows("issues.toml", "issue", include_str!("../data/issues.toml"))?,
            one_on_ones: rows("one_on_ones.toml", "one_on_one", include_str!("../data/one_on_ones.toml"))?,
            checkins: rows("together.toml", "checkin", include_str!("../data/together.toml"))?,
            boards: rows("together.toml", "board", include_str!("../data/together.toml"))?,
            hand_overs: rows("together.toml", "hand_over", include_str!("../data/together.toml"))?,
            finishes: rows("finishes.toml", "finishes", include_str!("../data/finishes.toml"))?,
            commitments: rows("finishes.toml", "commitment", include_str!("../data/finishes.toml"))?,
            initiatives: rows("roadmap.toml", "initiative", include_str!("../data/roadmap.toml"))?,
            projects: rows("roadmap.toml", "project", include_str!("../data/roadmap.toml"))?,
            weightings: rows("roadmap.toml", "weighting", include_str!("../data/roadmap.toml"))?,
            debts: rows("roadmap.toml", "debt", include_str!("../data/roadmap.toml"))?,
            shares: rows("roadmap.toml", "shares", include_str!("../data/roadmap.toml"))?,
        };
        once(data.people.iter().map(|(place, person)| (place, &person.key)))?;
        once(data.teams.iter().map(|(place, team)| (place, &team.key)))?;
        data.check_leads()?;
        data.undo_changes()?;
        Ok(data)
    }

    pub fn person(&self, key: &str) -> Option<&Person> {
        self.people.rows.iter().find(|person| person.key == key)
    }

    pub fn team(&self, key: &str) -> Option<&Team> {
        self.teams.rows.iter().find(|team| team.key == key)
    }

    /// The weekly hours of a person on a day.
    pub fn hours_on(&self, key: &str, day: i64) -> &str {
        let until = |change: &&Change| change.person == key && change.field == Field::Hours && change.at <= day;
        let latest = self.changes.rows.iter().filter(until).max_by_key(|change| change.at);
        latest.map_or(self.person(key).map_or("", |person| &person.hours), |change| &change.after)
    }

    pub fn template(&self, key: &str) -> Option<&Template> {
        self.templates.rows.iter().find(|template| template.key == key)
    }

    /// Who enters what is nobody's own business on this day: the clerk, or the one who takes over from them.
    pub fn clerk(&self, day: i64) -> &str {
        let clerk = &self.about.clerk;
        let away = |leave: &&Leave| leave.person == *clerk && (leave.first..=leave.last).contains(&day);
        self.leave.rows.iter().find(away).and_then(|leave| leave.handover_to.as_ref()).unwrap_or(clerk)
    }

    /// The file of teams says who leads them today, and the file of memberships since when.
    fn check_leads(&self) -> Result<()> {
        for (place, team) in self.teams.iter() {
            let leads = |one: &&Membership| one.team == team.key && one.role == "lead" && one.until.is_none();
            let leads: Vec<&str> = self.memberships.rows.iter().filter(leads).map(|one| one.person.as_str()).collect();
            if leads != [team.lead.as_str()] {
                return Err(place.says(format!("`{}` leads it, but memberships.toml says {leads:?}.", team.lead)));
            }
        }
        Ok(())
    }

    /// The file of people says how things are today; this turns them back to the beginning.
    fn undo_changes(&mut self) -> Result<()> {
        let mut changes: Vec<_> = self.changes.iter().collect();
        changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.at));
        for (place, change) in changes {
            let person = self.people.rows.iter_mut().find(|person| person.key == change.person);
            let person = person.ok_or_else(|| place.says(format!("nobody has the key `{}`.", change.person)))?;
            let field = person.field(change.field);
            if *field != change.after {
                return Err(place.says(format!("it ends with `{}`, but what follows is `{field}`.", change.after)));
            }
            change.before.clone_into(field);
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(file: &'static str, text: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| Error::invalid(file, format!("{file} cannot be read: {error}")))
}

/// The tables `[[name]]` of a file.
fn rows<T: DeserializeOwned>(file: &'static str, name: &str, text: &str) -> Result<Rows<T>> {
    let mut tables: BTreeMap<String, Vec<toml::Table>> = parse(file, text)?;
    let tables = tables.remove(name).ok_or_else(|| Error::invalid(file, format!("{file} has no `[[{name}]]`.")))?;
    let read = |(index, table): (usize, toml::Table)| {
        table.try_into().map_err(|error| Place { file, row: index + 1 }.says(error))
    };
    Ok(Rows { file, rows: tables.into_iter().enumerate().map(read).collect::<Result<_>>()? })
}

fn once<'a>(keys: impl Iterator<Item = (Place, &'a String)>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for (place, key) in keys {
        if !seen.insert(key) {
            return Err(place.says(format!("another row has the key `{key}` already.")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
