//! The files of the sample company, as they are written: rows that name each other by key.
pub mod talk;
pub mod together;

use kernel::{Error, Result, Role};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
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

#[derive(Clone, Debug, Deserialize)]
pub struct Person {
    pub key: String,
    pub name: String,
    #[serde(default)]
    pub pronouns: String,
    pub email: String,
    pub employee_id: String,
    pub title: String,
    #[serde(default)]
    pub level: String,
    pub location: String,
    pub country: String,
    pub zone: String,
    pub hours: String,
    pub employment: String,
    pub starts: i64,
    pub ends: Option<i64>,
    pub manager: Option<String>,
    #[serde(deserialize_with = "roles")]
    pub roles: Vec<Role>,
    pub account: bool,
    /// Whether they have brought a photo.
    #[serde(default)]
    pub photo: bool,
    pub about: String,
}

impl Person {
    fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::Title => &mut self.title,
            Field::Level => &mut self.level,
            Field::Employment => &mut self.employment,
            Field::Location => &mut self.location,
            Field::Country => &mut self.country,
            Field::Zone => &mut self.zone,
            Field::Hours => &mut self.hours,
        }
    }
}

#[derive(Debug, Deserialize)]
pub struct Team {
    pub key: String,
    pub name: String,
    pub parent: Option<String>,
    pub lead: String,
    pub formed: i64,
    pub mission: String,
    pub about: String,
}

#[derive(Debug, Deserialize)]
pub struct Membership {
    pub team: String,
    pub person: String,
    pub role: String,
    pub from: i64,
    pub until: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Line {
    pub person: String,
    pub manager: String,
    pub from: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Title,
    Level,
    Employment,
    Location,
    Country,
    Zone,
    Hours,
}

impl Field {
    /// Whether it is of the terms on which a person works here, and not of what they say of themselves.
    pub fn is_terms(self) -> bool {
        matches!(self, Field::Title | Field::Level | Field::Employment)
    }
}

#[derive(Debug, Deserialize)]
pub struct Change {
    pub person: String,
    pub field: Field,
    pub before: String,
    pub after: String,
    pub at: i64,
    pub by: String,
    pub entered_by: Option<String>,
}

impl Change {
    pub fn actor(&self) -> &str {
        self.entered_by.as_deref().unwrap_or(&self.by)
    }
}

#[derive(Debug, Deserialize)]
pub struct Leave {
    pub person: String,
    pub kind: String,
    pub first: i64,
    pub last: i64,
    pub part: Option<String>,
    pub note: String,
    pub handover_to: Option<String>,
    #[serde(default)]
    pub handover: String,
}

#[derive(Debug, Deserialize)]
pub struct Exception {
    pub person: String,
    pub first: i64,
    pub last: i64,
    pub hours: String,
    pub note: String,
}

#[derive(Debug, Deserialize)]
pub struct Invitation {
    pub person: String,
    pub by: String,
    #[serde(deserialize_with = "roles")]
    pub roles: Vec<Role>,
    pub sent: i64,
}

#[derive(Debug, Deserialize)]
pub struct Template {
    pub key: String,
    pub name: String,
    pub about: String,
    pub written: i64,
    pub by: String,
    #[serde(rename = "phase")]
    pub phases: Vec<Phase>,
}

#[derive(Debug, Deserialize)]
pub struct Phase {
    pub key: String,
    pub name: String,
    /// The working day of the newcomer with which it ends.
    pub until: i64,
    /// What the newcomer is expected to know or to be able to do at its end.
    pub checks: Vec<String>,
    #[serde(rename = "step")]
    pub steps: Vec<TemplateStep>,
}

#[derive(Debug, Deserialize)]
pub struct TemplateStep {
    pub key: String,
    pub title: String,
    pub body: String,
    pub owner: String,
    pub due: i64,
}

#[derive(Debug, Deserialize)]
pub struct Plan {
    pub person: String,
    pub buddy: String,
    pub template: String,
    pub started: i64,
    pub done: Vec<Done>,
    #[serde(default)]
    pub met: Vec<Met>,
}

#[derive(Debug, Deserialize)]
pub struct Done {
    pub step: String,
    pub by: String,
    pub at: i64,
    pub note: String,
}

/// All that a phase expects is met.
#[derive(Debug, Deserialize)]
pub struct Met {
    pub phase: String,
    pub by: String,
    pub at: i64,
}

/// What a team agreed on, on one day.
#[derive(Debug, Deserialize)]
pub struct Norms {
    pub team: String,
    pub by: String,
    pub at: i64,
    /// How long asks may take, by the word for what is asked.
    pub due: BTreeMap<String, String>,
    #[serde(default)]
    pub quiet: String,
    pub body: String,
}

/// Something that one person asked of others. Times are local ones of whoever acts.
#[derive(Debug, Deserialize)]
pub struct Ask {
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub by: String,
    pub to: Vec<String>,
    pub verb: String,
    pub subject: String,
    #[serde(default)]
    pub note: String,
    /// The record: `team payments`, `plan amara`, or `leave yuki 0` with the first day.
    pub about: Option<String>,
    pub due: Option<String>,
    #[serde(default = "nothing")]
    pub silence: String,
    pub escalate_to: Option<String>,
    #[serde(default)]
    pub urgent: bool,
    /// What came of it.
    #[serde(default, rename = "then")]
    pub turns: Vec<Turn>,
}

fn nothing() -> String {
    "nothing".into()
}

/// One thing that somebody did with an ask that they owe or, to withdraw it, are owed.
#[derive(Debug, Deserialize)]
pub struct Turn {
    pub by: String,
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub how: How,
    /// The answer, the reason, or what the next one needs to know.
    #[serde(default)]
    pub text: String,
    /// The next one.
    pub to: Option<String>,
    /// The day on whose morning in UTC it is back in sight.
    pub until: Option<i64>,
}

/// Something that a team is to do.
#[derive(Debug, Deserialize)]
pub struct Issue {
    /// By which others of the file name it.
    pub slug: String,
    pub team: String,
    pub at: i64,
    pub by: String,
    pub title: String,
    #[serde(default)]
    pub body: String,
    pub assignee: Option<String>,
    pub estimate: Option<String>,
    pub priority: Option<String>,
    #[serde(default)]
    pub labels: Vec<String>,
    pub below: Option<String>,
    #[serde(default)]
    pub blocked_by: Vec<String>,
    #[serde(default, rename = "then")]
    pub moves: Vec<IssueMove>,
}

/// An issue came to another state.
#[derive(Debug, Deserialize)]
pub struct IssueMove {
    pub at: i64,
    pub by: String,
    pub state: String,
}

/// A sprint of a team, with what it is to hold.
#[derive(Debug, Deserialize)]
pub struct Sprint {
    pub team: String,
    pub by: String,
    pub name: String,
    pub goal: String,
    pub planned: i64,
    pub first: i64,
    pub last: i64,
    #[serde(default)]
    pub commitment: String,
    #[serde(default)]
    pub risks: String,
    #[serde(default)]
    pub away: String,
    #[serde(default)]
    pub left_out: String,
    pub issues: Vec<String>,
    /// The day on which it was closed, and why some of it was not finished.
    pub closed: Option<i64>,
    #[serde(default)]
    pub reason: String,
    #[serde(default, rename = "then")]
    pub changes: Vec<ScopeChange>,
}

/// What a running sprint holds has changed.
#[derive(Debug, Deserialize)]
pub struct ScopeChange {
    pub at: i64,
    pub by: String,
    pub issue: String,
    /// Whether the issue came into the sprint.
    #[serde(default)]
    pub into: bool,
    pub estimate: Option<String>,
    pub reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    Done,
    Declined,
    HandedOn,
    Snoozed,
    Withdrawn,
}

/// The standing page of two people, and what they did on it.
#[derive(Debug, Deserialize)]
pub struct OneOnOne {
    pub lead: String,
    pub other: String,
    pub kind: String,
    pub cadence: String,
    #[serde(rename = "turn")]
    pub turns: Vec<Exchange>,
}

/// One thing that one of the two did. Times are local ones of whoever did it.
#[derive(Debug, Deserialize)]
pub struct Exchange {
    pub by: String,
    pub at: i64,
    pub time: Option<jiff::civil::Time>,
    pub what: What,
    /// What was written: a point, an answer, a promise, notes, or a reason.
    #[serde(default)]
    pub text: String,
    /// A name by which later turns find the point or promise.
    #[serde(default)]
    pub name: String,
    /// The day of a new date or of a promise, and the hour of a date on the clock of whoever set it.
    pub to: Option<i64>,
    pub hour: Option<jiff::civil::Time>,
    /// How the two talked, whose promise it is, or the question of the bank from which a point came.
    #[serde(default)]
    pub how: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Start,
    Move,
    Point,
    Answer,
    Close,
    Drop,
    Notes,
    Hold,
    Promise,
    Keep,
    Release,
}

/// What a team finished elsewhere.
#[derive(Debug, Deserialize)]
pub struct Finishes {
    pub team: String,
    pub by: String,
    pub name: String,
    pub since: i64,
    /// Items a week, for equal spans from `since` on.
    pub paces: Vec<u32>,
    /// The days on which the file was brought, each time as it was then.
    pub imports: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub struct Commitment {
    pub team: String,
    pub by: String,
    pub at: i64,
    pub name: String,
    pub to: String,
    pub due: i64,
    pub items: u32,
    pub focus: Option<u32>,
    pub note: String,
    #[serde(default, rename = "part")]
    pub parts: Vec<CommitmentPart>,
    #[serde(default, rename = "recount")]
    pub recounts: Vec<Recount>,
}

#[derive(Debug, Deserialize)]
pub struct CommitmentPart {
    pub team: String,
    pub name: String,
    pub items: u32,
    pub focus: u32,
    pub waits_for: Vec<String>,
}

/// How many items of the first part were left on a day.
#[derive(Debug, Deserialize)]
pub struct Recount {
    pub at: i64,
    pub items: u32,
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
    pub one_on_ones: Rows<OneOnOne>,
    pub checkins: Rows<together::Checkin>,
    pub boards: Rows<together::Board>,
    pub finishes: Rows<Finishes>,
    pub commitments: Rows<Commitment>,
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
            issues: rows("issues.toml", "issue", include_str!("../data/issues.toml"))?,
            one_on_ones: rows("one_on_ones.toml", "one_on_one", include_str!("../data/one_on_ones.toml"))?,
            checkins: rows("together.toml", "checkin", include_str!("../data/together.toml"))?,
            boards: rows("together.toml", "board", include_str!("../data/together.toml"))?,
            finishes: rows("finishes.toml", "finishes", include_str!("../data/finishes.toml"))?,
            commitments: rows("finishes.toml", "commitment", include_str!("../data/finishes.toml"))?,
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

/// Everyone who is not a guest stakeholder is a member besides what the file says.
fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Role>, D::Error> {
    let mut roles = Vec::<Role>::deserialize(deserializer)?;
    if !roles.contains(&Role::Guest) {
        roles.push(Role::Member);
    }
    Ok(roles)
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
