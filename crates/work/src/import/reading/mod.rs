//! Files of a tracker as issues that can be sent: all of it is read before the first one is, so that what is malformed
//! leaves nothing behind.
mod convert;
mod mapping;
mod past;
mod spool;
mod sprints;
mod text;

pub(crate) use text::texts;

pub use mapping::{FieldMapping, Mapping, PersonMapping, StateMapping};

use super::{Incoming, IncomingSprint, IncomingState, MOST, Somebody, Tracker};
use convert::Converter;
use intake::{Report, Result, stream::Limits};
use spool::{More, Spool};
use sprints::Sprints;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};
use trackers::{Issue, Person, Record, System};

/// A bunch has at most so many changes and comments, so that it fits into memory.
const HEAVIEST: usize = 20_000;

/// The system whose files these are.
///
/// # Errors
/// `Invalid` for Cairn, whose folders are read by themselves.
pub fn system(source: Tracker) -> kernel::Result<System> {
    match source {
        Tracker::Jira => Ok(System::Jira),
        Tracker::Linear => Ok(System::Linear),
        Tracker::Shortcut => Ok(System::Shortcut),
        Tracker::Cairn => Err(kernel::Error::invalid("source", "A folder of Cairn is read by itself.")),
    }
}

/// What was read, ready to be sent.
pub struct Reading {
    pub source: Tracker,
    /// What became of each field, also while it is sent.
    pub report: Report,
    /// The projects by their keys, each with its name and the number of its issues.
    pub projects: BTreeMap<String, (String, u64)>,
    /// Everyone whom it names.
    pub people: Vec<Somebody>,
    spool: Spool,
    converter: Converter,
    sprints: Sprints,
    next: usize,
}

impl Reading {
    /// Reads files and folders of any container that `intake` knows; `each` hears the number of issues read until now.
    ///
    /// # Errors
    /// The first document that is malformed, too long or too deep, with its file and place.
    pub fn of(source: Tracker, paths: &[PathBuf], mapping: Mapping, each: &mut dyn FnMut(u64)) -> Result<Reading> {
        Reading::within(source, paths, mapping, &Limits::default(), each)
    }

    /// Like [`Reading::of`], with limits of one's own.
    ///
    /// # Errors
    /// Those of [`Reading::of`].
    pub fn within(
        source: Tracker,
        paths: &[PathBuf],
        mapping: Mapping,
        limits: &Limits,
        each: &mut dyn FnMut(u64),
    ) -> Result<Reading> {
        let system = system(source).map_err(|error| intake::Error::new("the command", error.to_string()))?;
        let mut gathering = Gathering {
            spool: Spool::new()?,
            converter: Converter::new(mapping),
            sprints: Sprints::default(),
            projects: BTreeMap::new(),
            people: BTreeMap::new(),
            twice: Vec::new(),
        };
        let mut read = 0;
        let mut report = trackers::read_within(system, paths, limits, &mut |record| {
            read += u64::from(matches!(record, Record::Issue(_)));
            each(read);
            gathering.take(record)
        })?;
        let Gathering { mut spool, converter, sprints, projects, people, twice } = gathering;
        for key in twice {
            report.incomplete("an issue that is in the files twice; the newer one is taken", key);
        }
        for name in spool.settle()? {
            report.incomplete("changes or comments of an issue that is not in the files", name);
        }
        converter.tell(&mut report);
        let people = people.into_values().collect();
        Ok(Reading { source, report, projects, people, spool, converter, sprints, next: 0 })
    }

    /// How many issues there are.
    pub fn issues(&self) -> usize {
        self.spool.entries.len()
    }

    /// The states in which issues of a project are now, as they would be sent.
    pub fn states(&self, project: &str) -> Vec<IncomingState> {
        self.converter.states_of(project)
    }

    /// The next issues of one project, and its key; nothing after the last one.
    ///
    /// # Errors
    /// Where the temporary file cannot be read.
    pub fn bunch(&mut self) -> Result<Option<(String, Vec<Incoming>)>> {
        let Some(entry) = self.spool.entries.get(self.next) else {
            self.sprints.tell_empty(&mut self.report);
            return Ok(None);
        };
        let project = entry.project.clone();
        let (mut issues, mut weight) = (Vec::new(), 0);
        while issues.len() < MOST && weight < HEAVIEST {
            match self.spool.entries.get(self.next) {
                Some(entry) if entry.project == project => {}
                _ => break,
            }
            let mut theirs = self.spool.read(self.next)?;
            self.next += 1;
            let mut issue = self.converter.incoming(&mut theirs, &mut self.report);
            self.sprints.add(&self.converter, &project, &theirs, &mut issue, &mut self.report);
            weight += issue.changes.len() + issue.notes.len();
            issues.push(issue);
        }
        Ok(Some((project, issues)))
    }

    /// The sprints in which issues of these projects were, once the last of these was read: first those that were closed.
    pub fn sprints(&mut self, projects: &BTreeSet<&str>) -> Vec<IncomingSprint> {
        self.sprints.of(projects, &mut self.report)
    }
}

/// What is known while the files are read.
struct Gathering {
    spool: Spool,
    converter: Converter,
    sprints: Sprints,
    projects: BTreeMap<String, (String, u64)>,
    people: BTreeMap<String, Somebody>,
    twice: Vec<String>,
}

impl Gathering {
    fn take(&mut self, record: Record) -> Result<()> {
        match record {
            Record::Person(person) => self.person(&person),
            Record::State(state) => self.converter.learn_listed(&state),
            Record::Project(project) => {
                let key = project.key.clone().unwrap_or_else(|| project.name.clone());
                self.projects.entry(key).or_default().0 = project.name;
            }
            Record::Sprint(sprint) => self.sprints.learn(&sprint),
            Record::Issue(issue) => self.issue(&issue)?,
            Record::Changes { issue, changes } => self.spool.more(issue, &More::Changes(changes))?,
            Record::Comments { issue, comments } => self.spool.more(issue, &More::Comments(comments))?,
        }
        Ok(())
    }

    fn issue(&mut self, issue: &Issue) -> Result<()> {
        let project = project(issue);
        if !self.spool.issue(issue, &project)? {
            self.twice.push(issue.key.clone());
            return Ok(());
        }
        self.sprints.learn_issue(issue);
        self.converter.learn(&issue.state);
        self.converter.used(&project, &issue.state);
        let entry = self.projects.entry(project).or_default();
        entry.1 += 1;
        if let Some(name) = issue.project.as_ref().map(|project| &project.name).filter(|name| !name.is_empty()) {
            entry.0.clone_from(name);
        }
        let changed = issue.changes.iter().filter_map(|change| change.author.as_ref());
        let said = issue.comments.iter().filter_map(|comment| comment.author.as_ref());
        let all = issue.assignees.iter().chain(&issue.creator).chain(changed).chain(said);
        all.for_each(|person| self.person(person));
        Ok(())
    }

    fn person(&mut self, person: &Person) {
        let Some(somebody) = self.converter.somebody(person) else { return };
        let known = self.people.entry(somebody.id.to_string()).or_insert_with(|| somebody.clone());
        if known.mail.is_none() {
            *known = somebody;
        }
    }
}

/// What stands before the number of its key, else the name of its project.
fn project(issue: &Issue) -> String {
    let project = issue.project.as_ref();
    let key = project.and_then(|project| project.key.clone());
    let before = issue.key.rsplit_once('-').map(|(before, _)| before.to_owned());
    key.or(before).or_else(|| project.map(|project| project.name.clone())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
