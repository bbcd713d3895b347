//! Shortcut: what its REST API answers (version 3), dumps of it, and CSV.
mod change;
mod names;
mod story;
mod table;

use crate::{Category, IssueName, Phase, Project, Record, Sprint, State, Take};
use intake::{
    Fields, Report, Result,
    stream::{self, Content, Document, Limits, Options},
};
use names::Names;
use serde_json::Value;
use std::path::PathBuf;

const LEFT_OUT: &[&str] = &[
    "app_url",
    "*.app_url",
    "entity_type",
    "*.entity_type",
    "global_id",
    "*.global_id",
    "*mention_ids",
    "*_mention_ids",
    "mention_ids",
    "*display_icon*",
    "stats",
    "*.color",
];

/// Reads twice: first what the ids of states, people, labels and iterations stand for, then the records.
pub fn read(paths: &[PathBuf], limits: &Limits, take: &mut Take<'_>) -> Result<Report> {
    let options = Options { lists: &["data"], limits: limits.clone() };
    let mut names = Names::default();
    stream::read(paths, &options, &mut |document| {
        if let Content::Json(value) = &document.content {
            names.learn(value);
        }
        Ok(())
    })?;
    let mut reading = Reading { names, report: Report::default(), table: table::Table::default(), take };
    stream::read(paths, &options, &mut |document| reading.document(&document))?;
    Ok(reading.report)
}

struct Reading<'a, 't> {
    names: Names,
    report: Report,
    table: table::Table,
    take: &'a mut Take<'t>,
}

impl Reading<'_, '_> {
    fn document(&mut self, document: &Document) -> Result<()> {
        match &document.content {
            Content::Json(value) => self.json(value, document),
            Content::Row(row) => match self.table.issue(row, &mut self.report, &document.file) {
                Some(issue) => (self.take)(Record::Issue(Box::new(issue))),
                None => Ok(()),
            },
            Content::Bytes(_) => {
                self.report.unrecognised("a file that is neither JSON nor CSV", &document.file);
                Ok(())
            }
        }
    }

    fn json(&mut self, value: &Value, document: &Document) -> Result<()> {
        let fields = Fields::of(value);
        let has = |name: &str| fields.has(name);
        if has("workflow_state_id") && has("story_type") && has("name") {
            let issue = story::story(value, &self.names, &mut self.report);
            return (self.take)(Record::Issue(Box::new(issue)));
        }
        if has("changed_at") && has("actions") {
            let issue = change::about(&fields).or_else(|| asked(document));
            let changes = change::changes(&[Fields::of(value)], &self.names, &mut self.report);
            return match issue {
                Some(issue) => (self.take)(Record::Changes { issue, changes }),
                None => {
                    self.report.incomplete("changes that do not say of which story", &document.file);
                    Ok(())
                }
            };
        }
        if has("story_id") && has("text") {
            let issue = IssueName { id: fields.id("story_id"), key: None };
            let comments = story::comment(&fields, &self.names, &mut self.report).into_iter().collect();
            return (self.take)(Record::Comments { issue, comments });
        }
        self.small(value, &fields, document)
    }

    fn small(&mut self, value: &Value, fields: &Fields<'_>, document: &Document) -> Result<()> {
        let has = |name: &str| fields.has(name);
        let kind = match () {
            () if has("states") && has("default_state_id") => {
                let states: Vec<State> = fields.list("states").iter().map(state).collect();
                self.report.add("workflow", fields, &[LEFT_OUT, &["states"]].concat());
                return states.into_iter().try_for_each(|state| (self.take)(Record::State(state)));
            }
            () if names::is_member(value) => {
                let person = names::person(fields);
                self.report.add("person", fields, &[LEFT_OUT, &["profile", "group_ids"]].concat());
                return person.map_or(Ok(()), |person| (self.take)(Record::Person(person)));
            }
            () if has("start_date") && has("end_date") => {
                let found = sprint(fields);
                self.report.add("iteration", fields, &[LEFT_OUT, &["labels", "label_ids", "follower_ids"]].concat());
                return (self.take)(Record::Sprint(found));
            }
            () if has("member_ids") && has("name") => {
                let name = fields.text("name").unwrap_or_default().to_owned();
                let found = Project { id: fields.id("id"), key: fields.text("mention_name").map(str::to_owned), name };
                self.report.add("team", fields, LEFT_OUT);
                return (self.take)(Record::Project(found));
            }
            () if has("epic_state_id") || fields.see("entity_type") == Some("epic") => "epic",
            () if fields.see("entity_type").is_some() => "definition",
            () if has("id") && has("name") => "definition",
            () => {
                self.report.unrecognised("a document that is nothing known of Shortcut", &document.file);
                return Ok(());
            }
        };
        self.report.count(kind, 1);
        Ok(())
    }
}

/// The story in an address such as `/api/v3/stories/35/history`.
fn asked(document: &Document) -> Option<IssueName> {
    let (_, after) = document.address.as_deref()?.split_once("/stories/")?;
    let id =
        after.split(['/', '?']).next().filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()))?;
    Some(IssueName { id: Some(id.to_owned()), key: None })
}

fn state(fields: &Fields<'_>) -> State {
    let category = category(fields.text("type"));
    State { id: fields.id("id"), name: fields.text("name").unwrap_or_default().to_owned(), category }
}

fn category(kind: Option<&str>) -> Option<Category> {
    match kind? {
        "backlog" => Some(Category::Backlog),
        "unstarted" => Some(Category::Unstarted),
        "started" => Some(Category::Started),
        "done" => Some(Category::Done),
        _ => None,
    }
}

/// An iteration lasts from the beginning of its first day to the end of its last, in no zone that Shortcut tells.
fn sprint(fields: &Fields<'_>) -> Sprint {
    let phase = match fields.text("status") {
        Some("unstarted") => Some(Phase::Planned),
        Some("started") => Some(Phase::Running),
        Some("done") => Some(Phase::Closed),
        _ => None,
    };
    let groups = fields.at("group_ids");
    let groups = groups.whole().as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let day = |name: &str| fields.text(name).and_then(|text| text.get(..10)?.parse::<jiff::civil::Date>().ok());
    let utc = |day: jiff::civil::Date| day.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    Sprint {
        id: fields.id("id").unwrap_or_default(),
        name: fields.text("name").unwrap_or_default().to_owned(),
        phase,
        goal: fields.text("description").map(str::to_owned),
        starts_at: day("start_date").and_then(utc),
        ends_at: day("end_date").and_then(|day| utc(day.tomorrow().ok()?)),
        closed_at: None,
        of: groups.collect(),
    }
}
