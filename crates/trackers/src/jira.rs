//! Jira Cloud and Data Center: what their REST APIs answer (versions 2 and 3, agile 1.0), dumps of it, and CSV.
mod adf;
mod change;
mod issue;
mod names;
mod sprint;
mod table;
mod wiki;

use crate::{Category, Comment, IssueName, Person, Project, Record, State, Take};
use intake::{
    Fields, Report, Result,
    stream::{self, Content, Document, Limits, Options},
};
use names::Names;
use serde_json::Value;
use std::path::PathBuf;

const LISTS: &[&str] = &["issues", "issueChangeLogs", "worklogs"];

/// Fields that say where something is, how it looks, or what else can be asked for.
const LEFT_OUT: &[&str] =
    &["self", "*.self", "expand", "*.expand", "*avatarUrls*", "*.iconUrl", "*.colorName", "*avatarId", "*.entityId"];

/// Reads twice: first the names of the custom fields, which may stand in any of the files, then the records.
pub fn read(paths: &[PathBuf], limits: &Limits, take: &mut Take<'_>) -> Result<Report> {
    let options = Options { lists: LISTS, limits: limits.clone() };
    let mut names = Names::default();
    stream::read(paths, &options, &mut |document| {
        if let Content::Json(value) = &document.content {
            names.learn(value);
        }
        Ok(())
    })?;
    let mut reading = Reading { names, report: Report::default(), table: table::Table::default(), take };
    stream::read(paths, &options, &mut |document| reading.document(document))?;
    Ok(reading.report)
}

struct Reading<'a, 't> {
    names: Names,
    report: Report,
    table: table::Table,
    take: &'a mut Take<'t>,
}

impl Reading<'_, '_> {
    fn document(&mut self, document: Document) -> Result<()> {
        let at = document.file.clone();
        match &document.content {
            Content::Json(value) => self.json(value, &document),
            Content::Row(row) => {
                let issue = self.table.issue(row, &mut self.report, &at);
                issue.map_or(Ok(()), |issue| (self.take)(Record::Issue(Box::new(issue))))
            }
            Content::Bytes(_) => {
                self.report.unrecognised("a file that is neither JSON nor CSV", at);
                Ok(())
            }
        }
    }

    fn json(&mut self, value: &Value, document: &Document) -> Result<()> {
        let fields = Fields::of(value);
        let has = |name: &str| fields.has(name);
        if has("fields") && has("key") {
            let issue = issue::issue(value, &self.names, &mut self.report);
            return (self.take)(Record::Issue(Box::new(issue)));
        }
        if has("changeHistories") || has("histories") || is_history(value.get("values").and_then(|all| all.get(0))) {
            return self.changes(value, document);
        }
        if is_history(Some(value)) {
            let changes = change::changes(&[Fields::of(value)], &self.names, &mut self.report);
            return (self.take)(Record::Changes { issue: about(document), changes });
        }
        if value.get("comments").is_some_and(Value::is_array) {
            return self.comments(&fields, document);
        }
        self.small(value, document)
    }

    /// Changes apart from their issue: a page about one issue, or one entry of a bulk answer.
    fn changes(&mut self, value: &Value, document: &Document) -> Result<()> {
        let fields = Fields::of(value);
        let histories: Vec<Fields<'_>> =
            ["changeHistories", "histories", "values"].iter().flat_map(|name| fields.list(name)).collect();
        let mut issue = about(document);
        issue.id = fields.id("issueId").or(issue.id);
        if let Some(named) = fields.text("self").and_then(named_in) {
            issue = named;
        }
        let changes = change::changes(&histories, &self.names, &mut self.report);
        if issue == IssueName::default() {
            self.report.incomplete("changes that do not say of which issue", &document.file);
            return Ok(());
        }
        (self.take)(Record::Changes { issue, changes })
    }

    fn comments(&mut self, fields: &Fields<'_>, document: &Document) -> Result<()> {
        for comment in fields.list("comments") {
            let named = comment.text("self").and_then(named_in).unwrap_or_else(|| about(document));
            let comments = vec![self::comment(&comment, &mut self.report)];
            if named == IssueName::default() {
                self.report.incomplete("a comment that does not say on which issue", &document.file);
            } else {
                (self.take)(Record::Comments { issue: named, comments })?;
            }
        }
        Ok(())
    }

    /// Definitions and everything else that is small; lists of them too.
    fn small(&mut self, value: &Value, document: &Document) -> Result<()> {
        if let Some(list) = ["values", "sprints", "comments"].iter().find_map(|name| value.get(*name)?.as_array()) {
            return list.iter().try_for_each(|one| self.json(one, document));
        }
        let fields = Fields::of(value);
        let has = |name: &str| fields.has(name);
        let kind = match () {
            () if has("displayName") && (has("accountId") || has("name") || has("key")) => {
                let person = person(&fields);
                self.count("person", &fields);
                return (self.take)(Record::Person(person));
            }
            () if has("statusCategory") => {
                let state = state(&fields);
                self.count("state", &fields);
                return (self.take)(Record::State(state));
            }
            () if sprint::is_sprint(value) => {
                let found = sprint::sprint(value);
                fields.whole();
                self.count("sprint", &fields);
                return found.map_or(Ok(()), |sprint| (self.take)(Record::Sprint(sprint)));
            }
            () if has("projectTypeKey") || (has("key") && has("name") && has("avatarUrls")) => {
                let project = project(&fields);
                self.count("project", &fields);
                return (self.take)(Record::Project(project));
            }
            () if has("schema") || has("clauseNames") || has("customfield") => "field",
            () if has("timeSpentSeconds") => "work log",
            () if has("subtask") => "type of issue",
            () if has("inward") && has("outward") => "type of link",
            () if has("projectId") || has("released") => "version or component",
            () if has("type") && (has("location") || has("name")) => "board",
            () if has("total") || has("startAt") || has("isLast") || has("nextPageToken") => "page",
            () if has("name") && has("id") => "definition",
            () => {
                self.report.unrecognised("a document that is nothing known of Jira", &document.file);
                return Ok(());
            }
        };
        fields.whole();
        self.report.count(kind, 1);
        Ok(())
    }

    fn count(&mut self, kind: &str, fields: &Fields<'_>) {
        self.report.add(kind, fields, LEFT_OUT);
    }
}

fn is_history(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.get("items").is_some_and(Value::is_array) && value.get("created").is_some())
}

/// The issue that was asked about, as the address or the recording names it.
fn about(document: &Document) -> IssueName {
    let said =
        |name: &str| document.around.get(name).map(|value| value.as_str().map_or(value.to_string(), str::to_owned));
    let id = said("issue_id").or_else(|| said("issueId"));
    let key = said("issue_key").or_else(|| said("issueKey"));
    let named = document.address.as_deref().and_then(named_in).unwrap_or_default();
    IssueName { id: id.or(named.id), key: key.or(named.key) }
}

/// The issue in an address such as `…/rest/api/2/issue/KEY-1/changelog`.
fn named_in(address: &str) -> Option<IssueName> {
    let (_, after) = address.split_once("/issue/")?;
    let name = after.split(['/', '?']).next().filter(|name| !name.is_empty())?.to_owned();
    Some(match name.bytes().all(|byte| byte.is_ascii_digit()) {
        true => IssueName { id: Some(name), key: None },
        false => IssueName { id: None, key: Some(name) },
    })
}

/// A person of Cloud (`accountId`) or Data Center (`key`, `name`).
fn person(fields: &Fields<'_>) -> Person {
    let account = fields.text("accountId").map(str::to_owned);
    let (key, name) = (fields.text("key").map(str::to_owned), fields.text("name").map(str::to_owned));
    fields.flag("active");
    let bot = fields.text("accountType").is_some_and(|kind| kind == "app");
    let id = account.or(key).or(name);
    Person {
        name: fields.text("displayName").map(str::to_owned).or_else(|| id.clone()).unwrap_or_default(),
        id,
        mail: fields.text("emailAddress").filter(|mail| mail.contains('@')).map(str::to_owned),
        zone: fields.text("timeZone").map(str::to_owned),
        bot,
    }
}

/// The person in a field, if there is one.
fn person_at(fields: &Fields<'_>, name: &str) -> Option<Person> {
    let field = fields.at(name);
    field.is_there().then(|| person(&field)).filter(|person| !person.name.is_empty())
}

/// Names of states are in the language of whoever asked; the category's key is not.
fn state(fields: &Fields<'_>) -> State {
    let name = fields.text("name").unwrap_or_default().to_owned();
    let category = fields.at("statusCategory");
    category.id("id");
    category.text("name");
    let category = match category.text("key").or_else(|| fields.text("statusCategory")) {
        Some("new" | "TODO") if name.eq_ignore_ascii_case("backlog") => Some(Category::Backlog),
        Some("new" | "TODO") => Some(Category::Unstarted),
        Some("indeterminate" | "IN_PROGRESS") => Some(Category::Started),
        Some("done" | "DONE") => Some(Category::Done),
        _ => None,
    };
    fields.text("description");
    State { id: fields.id("id"), name, category }
}

fn project(fields: &Fields<'_>) -> Project {
    let name = fields.text("name").unwrap_or_default().to_owned();
    Project { id: fields.id("id"), key: fields.text("key").map(str::to_owned), name }
}

fn comment(fields: &Fields<'_>, report: &mut Report) -> Comment {
    let visible = fields.at("visibility");
    visible.text("type");
    let comment = Comment {
        id: fields.id("id"),
        answers: fields.id("parentId"),
        author: person_at(fields, "author"),
        body: text(fields, "body"),
        created_at: fields.instant("created"),
        updated_at: fields.instant("updated"),
        only_for: visible.text("value").map(str::to_owned),
    };
    report.add(
        "comment",
        fields,
        &[LEFT_OUT, &["updateAuthor", "jsdPublic", "renderedBody", "author", "visibility"]].concat(),
    );
    comment
}

/// Wiki markup of version 2 and the documents of version 3, both as Markdown.
fn text(fields: &Fields<'_>, name: &str) -> String {
    match fields.at(name).whole() {
        Value::String(markup) => wiki::markdown(markup),
        document @ Value::Object(_) => adf::markdown(document),
        _ => String::new(),
    }
}
