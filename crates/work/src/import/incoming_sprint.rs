//! A sprint as it is exchanged: with what it held at the start, the ledger of what changed since, and its report.
use super::{Somebody, Tracker};
use crate::{estimate::Estimate, sprint::Kind};
use jiff::civil::Date;
use kernel::{
    Error, Json, Result, Time,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A sprint as the history of its issues tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingSprint {
    /// The source's own name for it, which never changes.
    pub source_id: Name<200>,
    pub name: Name<120>,
    #[serde(default)]
    pub goal: Line<300>,
    /// Instants on its first and on its last day; a sprint that did not begin may have none.
    #[serde(default)]
    pub first_at: Option<Time>,
    #[serde(default)]
    pub last_at: Option<Time>,
    #[serde(default)]
    pub started_at: Option<Time>,
    #[serde(default)]
    pub closed_at: Option<Time>,
    /// What it held at the start.
    #[serde(default)]
    pub commitment: Vec<IncomingCommitted>,
    /// What changed since, the first change first.
    #[serde(default)]
    pub changes: Vec<IncomingScope>,
    /// The issues that belong to it now: those it finished, and those that are in it while it is not closed.
    #[serde(default)]
    pub holds: Vec<Name<200>>,
    /// Its number in the team; the next one if left out, or where another sprint has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Time>,
    /// Its days, where they are known as such.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<SprintDays>,
    #[serde(default, skip_serializing_if = "no_text")]
    pub risks: Markdown,
    #[serde(default, skip_serializing_if = "no_text")]
    pub away: Markdown,
    #[serde(default, skip_serializing_if = "no_text")]
    pub left_out: Markdown,
    /// The report as it was at the closing, but for the ledger; it is made from the history if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<serde_json::Map<String, Json>>,
    /// Where it was brought over from before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origins: Vec<SprintOrigin>,
    /// What the team commits to, in words.
    #[serde(default, skip_serializing_if = "no_text")]
    pub body: Markdown,
}

/// The first and the last day, both included, in a zone with an IANA name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SprintDays {
    pub first_on: Date,
    pub last_on: Date,
    pub zone: Name<60>,
}

/// Where a sprint was before it came to the Cairn that exported it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SprintOrigin {
    pub source: Tracker,
    pub source_id: Name<200>,
}

/// How an issue was called when something was written down about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Called {
    pub key: Name<100>,
    pub title: Name<300>,
}

/// An issue by the source's id, with what it counted for at the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingCommitted {
    pub issue: Name<200>,
    #[serde(default)]
    pub estimate: Option<Estimate>,
    /// As it is called now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
}

/// A change of what a sprint holds; nothing stands for an issue that is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingScope {
    pub issue: Name<200>,
    pub at: Time,
    #[serde(default)]
    pub by: Option<Somebody>,
    /// Added, removed or estimated if left out, as the two places tell.
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub before: Option<IncomingPlace>,
    #[serde(default)]
    pub after: Option<IncomingPlace>,
    /// As the issue is called now, if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub called: Option<Called>,
    #[serde(default, skip_serializing_if = "no_line")]
    pub reason: Line<300>,
    /// How the report calls whoever it was, where they are called otherwise now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_name: Option<Name<200>>,
}

fn no_line(line: &Line<300>) -> bool {
    line.is_empty()
}

fn no_text(text: &Markdown) -> bool {
    text.is_empty()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingPlace {
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

impl IncomingSprint {
    /// A sprint of which nothing else is known.
    pub fn named(source_id: Name<200>, name: Name<120>) -> IncomingSprint {
        IncomingSprint {
            source_id,
            name,
            goal: Line::default(),
            first_at: None,
            last_at: None,
            started_at: None,
            closed_at: None,
            commitment: Vec::new(),
            changes: Vec::new(),
            holds: Vec::new(),
            number: None,
            created_at: None,
            days: None,
            risks: Markdown::default(),
            away: Markdown::default(),
            left_out: Markdown::default(),
            report: None,
            origins: Vec::new(),
            body: Markdown::default(),
        }
    }

    pub fn lines(&self) -> usize {
        self.commitment.len() + self.changes.len() + self.holds.len()
    }

    pub(super) fn wrong(&self, why: &str) -> Error {
        Error::invalid("sprints", format!("{}: {why}", self.name))
    }

    /// Its days and times follow each other, and every change begins where the one before has ended.
    pub(super) fn check(&self) -> Result<()> {
        if self.first_at.zip(self.last_at).is_some_and(|(first, last)| last < first) {
            return Err(self.wrong("it ends before it begins."));
        }
        if let Some(days) = &self.days {
            if days.last_on < days.first_on {
                return Err(self.wrong("it ends before it begins."));
            }
            kernel::calendar::zone(&days.zone).map_err(|_| self.wrong("its zone is no name such as Europe/Berlin."))?;
        }
        let Some(started) = self.started_at else {
            let empty = self.closed_at.is_none() && self.commitment.is_empty() && self.changes.is_empty();
            return if empty { Ok(()) } else { Err(self.wrong("it did not begin, and so it has no ledger.")) };
        };
        if self.closed_at.is_some_and(|closed| closed < started) {
            return Err(self.wrong("it is closed before it begins."));
        }
        let mut places: BTreeMap<&str, IncomingPlace> = BTreeMap::new();
        for one in &self.commitment {
            if places.insert(&one.issue, IncomingPlace { estimate: one.estimate }).is_some() {
                return Err(self.wrong(&format!("{} is in the commitment twice.", &*one.issue)));
            }
        }
        let mut last = started;
        for change in &self.changes {
            let in_time = last <= change.at && self.closed_at.is_none_or(|closed| change.at <= closed);
            if !in_time || places.get(&*change.issue) != change.before.as_ref() {
                return Err(self.wrong(&format!("the changes of {} do not follow each other.", &*change.issue)));
            }
            last = change.at;
            match change.after {
                Some(after) => drop(places.insert(&change.issue, after)),
                None => drop(places.remove(&*change.issue)),
            }
        }
        Ok(())
    }
}

/// Everyone of whom reports tell how much time they had.
pub(super) fn somebodies_in(sprints: &[IncomingSprint]) -> Result<Vec<Somebody>> {
    let mut all = Vec::new();
    for sprint in sprints {
        let capacity = sprint.report.as_ref().and_then(|report| report.get("capacity"));
        let lists = ["people", "away"].into_iter().filter_map(|list| capacity?.get(list)?.as_array());
        for who in lists.flatten().filter_map(|one| one.get("who")) {
            let one = serde_json::from_value(who.clone());
            all.push(one.map_err(|_| sprint.wrong("its report names somebody who cannot be read."))?);
        }
    }
    Ok(all)
}
