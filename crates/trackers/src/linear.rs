//! Linear: what its GraphQL API answers, dumps of it, and CSV.
mod change;
mod issue;
mod table;

use crate::{Category, Comment, IssueName, Named, Person, Phase, Project, Record, Sprint, State, Take};
use intake::{
    Fields, Report, Result,
    stream::{self, Content, Document, Limits, Options},
};
use serde_json::Value;
use std::path::PathBuf;

const LEFT_OUT: &[&str] =
    &["url", "*.url", "*.color", "*.avatarUrl", "__typename", "*.__typename", "branchName", "*pageInfo*"];

pub fn read(paths: &[PathBuf], limits: &Limits, take: &mut Take<'_>) -> Result<Report> {
    let options = Options { lists: &["nodes", "issues"], limits: limits.clone() };
    let mut reading = Reading { report: Report::default(), table: table::Table::default(), take };
    stream::read(paths, &options, &mut |document| reading.document(&document))?;
    Ok(reading.report)
}

struct Reading<'a, 't> {
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

    /// An answer wraps its records: `{"data": {"issues": {"nodes": […]}}}`, with any names in between.
    fn json(&mut self, value: &Value, document: &Document) -> Result<()> {
        if let Some(errors) = value.get("errors").and_then(Value::as_array).filter(|_| value.get("data").is_none()) {
            self.report.unrecognised(&format!("an answer of {} errors", errors.len()), &document.file);
            return Ok(());
        }
        match self.record(value)? {
            true => Ok(()),
            false => self.inside(value, document),
        }
    }

    fn inside(&mut self, value: &Value, document: &Document) -> Result<()> {
        let Value::Object(fields) = value else { return Ok(()) };
        let inner: Vec<&Value> = fields.values().filter(|value| value.is_object() || value.is_array()).collect();
        if inner.is_empty() && !fields.is_empty() && !fields.contains_key("hasNextPage") {
            self.report.unrecognised("a document that is nothing known of Linear", &document.file);
        }
        for value in inner {
            match value {
                Value::Array(list) => list.iter().try_for_each(|one| self.json(one, document))?,
                other => self.json(other, document)?,
            }
        }
        Ok(())
    }

    /// What an issue has more of than its page held.
    fn rest(&mut self, fields: &Fields<'_>) -> Result<()> {
        let issue = named(fields).unwrap_or_default();
        let changes = change::changes(&issue::nodes(fields, "history"), &mut self.report);
        let comments: Vec<Comment> =
            issue::nodes(fields, "comments").iter().map(|one| comment(one, &mut self.report)).collect();
        if !changes.is_empty() {
            (self.take)(Record::Changes { issue: issue.clone(), changes })?;
        }
        if !comments.is_empty() {
            (self.take)(Record::Comments { issue, comments })?;
        }
        Ok(())
    }

    /// Hands over what a value is, by its fields; false if it is no record.
    fn record(&mut self, value: &Value) -> Result<bool> {
        let fields = Fields::of(value);
        let has = |name: &str| fields.has(name);
        if !has("id") {
            return Ok(false);
        }
        if has("identifier") && has("title") {
            let issue = issue::issue(value, &mut self.report);
            (self.take)(Record::Issue(Box::new(issue)))?;
        } else if has("identifier") && (has("history") || has("comments")) {
            self.rest(&fields)?;
        } else if has("body") && (has("issue") || has("user")) {
            let issue = named(&fields.at("issue")).unwrap_or_default();
            let comments = vec![comment(&fields, &mut self.report)];
            match issue == IssueName::default() {
                true => self.report.incomplete("a comment that does not say on which issue", "comments"),
                false => (self.take)(Record::Comments { issue, comments })?,
            }
        } else if has("startsAt") && has("endsAt") {
            let found = sprint(&fields);
            self.report.add("cycle", &fields, &[LEFT_OUT, &["team", "*History", "progress"]].concat());
            (self.take)(Record::Sprint(found))?;
        } else if has("type") && has("name") && category(fields.see("type")).is_some() {
            let found = state(&fields);
            self.report.add("state", &fields, &[LEFT_OUT, &["team", "position", "color"]].concat());
            (self.take)(Record::State(found))?;
        } else if has("key") && has("name") {
            let found = project(&fields);
            self.report.add("team", &fields, LEFT_OUT);
            (self.take)(Record::Project(found))?;
        } else if has("email") || has("displayName") {
            let found = person(&fields);
            self.report.add("person", &fields, LEFT_OUT);
            (self.take)(Record::Person(found))?;
        } else if has("name") || has("title") || has("url") {
            self.report.count("definition", 1);
        } else {
            return Ok(false);
        }
        Ok(true)
    }
}

fn named(fields: &Fields<'_>) -> Option<IssueName> {
    let name = IssueName { id: fields.id("id"), key: fields.text("identifier").map(str::to_owned) };
    (name != IssueName::default()).then_some(name)
}

fn person(fields: &Fields<'_>) -> Person {
    let shown = fields.text("name").or_else(|| fields.text("displayName"));
    fields.flag("active");
    fields.text("displayName");
    Person {
        id: fields.id("id"),
        name: shown.or_else(|| fields.text("email")).unwrap_or_default().to_owned(),
        mail: fields.text("email").filter(|mail| mail.contains('@')).map(str::to_owned),
        zone: fields.text("timezone").map(str::to_owned),
        bot: fields.flag("app").unwrap_or(false),
    }
}

fn person_at(fields: &Fields<'_>, name: &str) -> Option<Person> {
    let field = fields.at(name);
    field.is_there().then(|| person(&field)).filter(|person| person.id.is_some() || !person.name.is_empty())
}

fn project(fields: &Fields<'_>) -> Project {
    let name = fields.text("name").unwrap_or_default().to_owned();
    Project { id: fields.id("id"), key: fields.text("key").map(str::to_owned), name }
}

fn state(fields: &Fields<'_>) -> State {
    let category = category(fields.at("type").whole().as_str());
    State { id: fields.id("id"), name: fields.text("name").unwrap_or_default().to_owned(), category }
}

/// A state's `type`, the same in every workspace.
fn category(kind: Option<&str>) -> Option<Category> {
    match kind? {
        "triage" => Some(Category::Triage),
        "backlog" => Some(Category::Backlog),
        "unstarted" => Some(Category::Unstarted),
        "started" => Some(Category::Started),
        "completed" => Some(Category::Done),
        "canceled" | "duplicate" => Some(Category::Cancelled),
        _ => None,
    }
}

/// A cycle has a number, and a name only if somebody gave it one.
fn sprint(fields: &Fields<'_>) -> Sprint {
    let number = fields.integer("number");
    let name = fields.text("name").map(str::to_owned);
    let closed_at = fields.instant("completedAt");
    let team = fields.at("team");
    Sprint {
        id: fields.id("id").unwrap_or_default(),
        name: name.or_else(|| number.map(|number| format!("Cycle {number}"))).unwrap_or_default(),
        phase: closed_at.map(|_| Phase::Closed),
        goal: fields.text("description").map(str::to_owned),
        starts_at: fields.instant("startsAt"),
        ends_at: fields.instant("endsAt"),
        closed_at,
        of: team.id("id").into_iter().collect(),
    }
}

fn comment(fields: &Fields<'_>, report: &mut Report) -> Comment {
    let comment = Comment {
        id: fields.id("id"),
        answers: fields.at("parent").id("id"),
        author: person_at(fields, "user").or_else(|| person_at(fields, "botActor")),
        body: fields.text("body").unwrap_or_default().to_owned(),
        created_at: fields.instant("createdAt"),
        updated_at: fields.instant("editedAt").or_else(|| fields.instant("updatedAt")),
        only_for: None,
    };
    report.add(
        "comment",
        fields,
        &[LEFT_OUT, &["issue", "user", "parent", "bodyData", "editedAt", "updatedAt"]].concat(),
    );
    comment
}

/// A field's object as a value with a name.
fn value_at(fields: &Fields<'_>, name: &str) -> Vec<Named> {
    let field = fields.at(name);
    let name = field.text("name").or_else(|| field.text("title")).map(str::to_owned);
    let (id, key) = (field.id("id"), field.text("identifier").map(str::to_owned));
    let shown = name.or(key).or_else(|| field.integer("number").map(|number| format!("Cycle {number}")));
    match (id, shown) {
        (None, None) => Vec::new(),
        (id, shown) => vec![Named { name: shown.or_else(|| id.clone()).unwrap_or_default(), id }],
    }
}
