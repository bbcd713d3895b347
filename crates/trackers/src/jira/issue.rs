use super::{
    LEFT_OUT, change,
    names::{Names, Role},
    person_at, project, sprint, state, text,
};
use crate::{Attachment, History, Issue, IssueName, Link, LinkKind, Named, Sprint, Task};
use intake::{Fields, Report};
use serde_json::{Map, Value};

/// Fields that follow from others, or are the reader's own.
const DERIVED: &[&str] = &[
    "fields.watches",
    "fields.votes",
    "fields.progress",
    "fields.aggregate*",
    "fields.workratio",
    "fields.lastViewed",
    "fields.statuscategorychangedate",
    "fields.statusCategory",
    "fields.issuerestriction",
    "fields.subtasks",
    "fields.timetracking",
    "fields.worklog",
    "fields.thumbnail",
    "renderedFields",
    "operations",
    "editmeta",
    "transitions",
    "versionedRepresentations",
    "schema",
    "names",
    "properties",
];

/// Parts of an issue in which what matters is read, and the rest says more about something else.
const OF_OTHERS: &[&str] = &[
    "fields.issuetype",
    "fields.project",
    "fields.status",
    "fields.priority",
    "fields.resolution",
    "fields.components",
    "fields.fixVersions",
    "fields.parent",
    "fields.epic",
    "fields.issuelinks",
    "fields.creator",
    "fields.reporter",
    "fields.assignee",
    "fields.attachment",
    "fields.comment",
    "changelog",
];

pub fn issue(value: &Value, names: &Names, report: &mut Report) -> Issue {
    let root = Fields::of(value);
    let fields = root.at("fields");
    let mut issue = plain(&root, &fields);
    people(&fields, &mut issue);
    lists(&fields, &mut issue);
    custom(value, &fields, names, &mut issue);
    let comments = fields.at("comment");
    issue.comments = comments.list("comments").iter().map(|one| super::comment(one, report)).collect();
    if comments.integer("total").is_some_and(|total| total > issue.comments.len() as i64) {
        report.incomplete("an issue with more comments than the document holds", &issue.key);
    }
    history(&root, names, report, &mut issue);
    issue.beside = beside(value, &root, names);
    report.add("issue", &root, &[LEFT_OUT, DERIVED, OF_OTHERS].concat());
    issue
}

fn plain(root: &Fields<'_>, fields: &Fields<'_>) -> Issue {
    let resolution = fields.at("resolution");
    let priority = fields.at("priority");
    Issue {
        id: root.id("id").unwrap_or_default(),
        key: root.text("key").unwrap_or_default().to_owned(),
        project: Some(fields.at("project")).filter(Fields::is_there).map(|field| project(&field)),
        title: fields.text("summary").unwrap_or_default().to_owned(),
        body: text(fields, "description"),
        kind: fields.at("issuetype").text("name").map(str::to_owned),
        state: state(&fields.at("status")),
        resolution: resolution.text("name").map(str::to_owned),
        priority: priority.text("name").map(|name| Named::new(priority.id("id"), name)),
        due_on: fields.text("duedate").and_then(|day| day.parse().ok()),
        created_at: fields.instant("created"),
        updated_at: fields.instant("updated"),
        finished_at: fields.instant("resolutiondate"),
        parent: named(&fields.at("parent")),
        epic: named(&fields.at("epic")),
        ..Issue::default()
    }
}

fn people(fields: &Fields<'_>, issue: &mut Issue) {
    issue.creator = person_at(fields, "creator");
    issue.reporter = person_at(fields, "reporter");
    issue.assignees = person_at(fields, "assignee").into_iter().collect();
}

fn lists(fields: &Fields<'_>, issue: &mut Issue) {
    let name_of = |one: &Fields<'_>| one.text("name").map(str::to_owned);
    let labels = fields.at("labels");
    let labels = labels.whole().as_array().map(Vec::as_slice).unwrap_or_default();
    issue.labels = labels.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    issue.components = fields.list("components").iter().filter_map(name_of).collect();
    let version = |one: &Fields<'_>| Some(Named::new(one.id("id"), name_of(one)?));
    issue.versions = fields.list("fixVersions").iter().filter_map(version).collect();
    issue.links = fields.list("issuelinks").iter().filter_map(link).collect();
    issue.attachments = fields.list("attachment").iter().filter_map(attachment).collect();
    for name in ["sprint", "closedSprints"] {
        add_sprints(sprint::sprints(fields.at(name).whole()), &mut issue.sprints);
    }
}

fn add_sprints(found: Vec<Sprint>, into: &mut Vec<Sprint>) {
    for sprint in found {
        if !into.iter().any(|known| known.id == sprint.id) {
            into.push(sprint);
        }
    }
}

fn named(fields: &Fields<'_>) -> Option<IssueName> {
    let name = IssueName { id: fields.id("id"), key: fields.text("key").map(str::to_owned) };
    (name != IssueName::default()).then_some(name)
}

fn link(fields: &Fields<'_>) -> Option<Link> {
    let kind = fields.at("type");
    let name = kind.text("name").unwrap_or_default().to_ascii_lowercase();
    let (inward, outward) = (fields.at("inwardIssue"), fields.at("outwardIssue"));
    let outwards = outward.is_there();
    let words = kind.text(if outwards { "outward" } else { "inward" }).unwrap_or(&name).to_owned();
    let kind = match (name.as_str(), outwards) {
        ("blocks" | "blocker", true) => LinkKind::Blocks,
        ("blocks" | "blocker", false) => LinkKind::BlockedBy,
        ("duplicate", true) => LinkKind::Duplicates,
        ("duplicate", false) => LinkKind::DuplicatedBy,
        ("relates", _) => LinkKind::Relates,
        _ => LinkKind::Other(words),
    };
    let other = named(if outwards { &outward } else { &inward })?;
    Some(Link { kind, other })
}

fn attachment(fields: &Fields<'_>) -> Option<Attachment> {
    fields.text("mimeType");
    Some(Attachment {
        name: fields.text("filename")?.to_owned(),
        address: fields.text("content").map(str::to_owned),
        bytes: fields.integer("size"),
        author: person_at(fields, "author"),
        at: fields.instant("created"),
    })
}

/// Custom fields by their role; sprints are also known by their look.
fn custom(value: &Value, fields: &Fields<'_>, names: &Names, issue: &mut Issue) {
    let all = value.get("fields").and_then(Value::as_object).into_iter().flatten();
    for (id, value) in all.filter(|(id, value)| id.starts_with("customfield_") && !value.is_null()) {
        let first = value.get(0).unwrap_or(value);
        let text = || value.as_str().map(str::to_owned);
        match names.role(id).or_else(|| sprint::is_sprint(first).then_some(Role::Sprint)) {
            Some(Role::Sprint) => add_sprints(sprint::sprints(fields.at(id).whole()), &mut issue.sprints),
            Some(Role::Estimate) => issue.estimate = fields.number(id).or(issue.estimate),
            Some(Role::Rank) => issue.rank = fields.text(id).map(str::to_owned),
            Some(Role::Epic) => issue.epic = key(fields, id).or(issue.epic.take()),
            Some(Role::Parent) => issue.parent = key(fields, id).or(issue.parent.take()),
            Some(Role::EpicName) | None => checklist(names.name(id), text(), fields, id, issue),
        }
    }
}

fn key(fields: &Fields<'_>, id: &str) -> Option<IssueName> {
    let key = fields.text(id)?.to_owned();
    Some(IssueName { id: None, key: Some(key) })
}

/// The plain-text copy that the checklist programs keep in a field of that name: `[x] done`, `[ ] open`.
fn checklist(name: Option<&str>, text: Option<String>, fields: &Fields<'_>, id: &str, issue: &mut Issue) {
    let named = name.is_some_and(|name| name.to_ascii_lowercase().contains("checklist"));
    let Some(text) = text.filter(|_| named) else { return };
    let tasks: Vec<Task> = text.lines().filter_map(task).collect();
    if !tasks.is_empty() {
        fields.text(id);
        issue.checklist.extend(tasks);
    }
}

fn task(line: &str) -> Option<Task> {
    let line = line.trim_start_matches(['*', '-', '#', ' ']);
    let (mark, text) = line.strip_prefix('[')?.split_once(']')?;
    let done = matches!(mark.trim(), "x" | "X");
    (done || mark.trim().is_empty()).then(|| Task { text: text.trim().to_owned(), done })
}

fn history(root: &Fields<'_>, names: &Names, report: &mut Report, issue: &mut Issue) {
    let log = root.at("changelog");
    if !log.is_there() {
        return;
    }
    let histories = [log.list("histories"), log.list("values")].concat();
    let total = log.integer("total").unwrap_or_default();
    issue.changes = change::changes(&histories, names, report);
    issue.history = match total > histories.len() as i64 {
        true => History::Partial,
        false => History::Whole,
    };
    if issue.history == History::Partial {
        report.incomplete("an issue with more changes than the document holds", &issue.key);
    }
}

/// What no field of the issue holds, under the names that people know, with the value as it was.
fn beside(value: &Value, root: &Fields<'_>, names: &Names) -> Map<String, Value> {
    let known = [LEFT_OUT, DERIVED, OF_OTHERS].concat();
    let known: Vec<&str> = known.iter().map(|name| name.strip_prefix("fields.").unwrap_or(name)).collect();
    let unread = root.at("fields").unread(&known);
    let kept = value.get("fields").and_then(Value::as_object).into_iter().flatten();
    let kept = kept.filter(|(id, _)| unread.contains(id.as_str()));
    kept.map(|(id, value)| (names.name(id).map_or(id.clone(), |name| format!("{name} ({id})")), value.clone()))
        .collect()
}
