use super::{LEFT_OUT, change, names::Names};
use crate::{Attachment, Comment, History, Issue, IssueName, Link, LinkKind, Named, Task};
use intake::{Fields, Report};
use serde_json::Value;

/// What follows from other fields, or says more about something else.
const DERIVED: &[&str] = &[
    "labels",
    "label_ids",
    "comments",
    "comment_ids",
    "tasks",
    "task_ids",
    "files",
    "file_ids",
    "linked_files",
    "linked_file_ids",
    "story_links",
    "history",
    "branches",
    "commits",
    "pull_requests",
    "blocked",
    "blocker",
    "started",
    "completed",
    "position",
    "moved_at",
    "cycle_time",
    "lead_time",
    "num_tasks_completed",
    "workflow_id",
    "formatted_vcs_branch_name",
    "sub_task_story_ids",
    "follower_ids",
];

pub fn story(value: &Value, names: &Names, report: &mut Report) -> Issue {
    let fields = Fields::of(value);
    let mut issue = plain(&fields, names);
    lists(&fields, names, &mut issue);
    issue.comments = fields.list("comments").iter().filter_map(|one| comment(one, names, report)).collect();
    if fields.at("history").is_there() {
        issue.changes = change::changes(&fields.list("history"), names, report);
        issue.history = History::Whole;
    }
    let ids = fields.at("comment_ids").peek().as_array().map_or(0, Vec::len);
    if issue.comments.is_empty() && ids > 0 {
        report.incomplete("a story whose comments are in other documents, by id", &issue.key);
    }
    let known = [LEFT_OUT, DERIVED].concat();
    let unread = fields.unread(&known);
    let kept = value.as_object().into_iter().flatten().filter(|(name, _)| unread.contains(name.as_str()));
    issue.beside = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
    report.add("story", &fields, &known);
    issue
}

fn plain(fields: &Fields<'_>, names: &Names) -> Issue {
    let id = fields.id("id").unwrap_or_default();
    let text = |name: &str| fields.text(name).map(str::to_owned);
    let time = |first: &str, then: &str| fields.instant(first).or_else(|| fields.instant(then));
    let named = |name: &str| fields.id(name).map(|id| names.named(&id));
    let requester = fields.text("requested_by_id").map(|id| names.person(id));
    Issue {
        key: format!("sc-{id}"),
        project: named("group_id").map(|group| crate::Project { id: group.id, key: None, name: group.name }),
        title: text("name").unwrap_or_default(),
        body: text("description").unwrap_or_default(),
        kind: text("story_type"),
        state: fields.id("workflow_state_id").map(|id| names.state(&id)).unwrap_or_default(),
        creator: requester.clone(),
        reporter: requester,
        estimate: fields.number("estimate"),
        components: named("project_id").map(|project| project.name).into_iter().collect(),
        due_on: fields.text("deadline").and_then(|day| day.get(..10)?.parse().ok()),
        parent: fields.id("parent_story_id").map(|id| IssueName { key: Some(format!("sc-{id}")), id: Some(id) }),
        epic: fields.id("epic_id").map(|id| IssueName { id: Some(id), key: None }),
        created_at: fields.instant("created_at"),
        updated_at: fields.instant("updated_at"),
        started_at: time("started_at_override", "started_at"),
        finished_at: time("completed_at_override", "completed_at"),
        archived: fields.flag("archived").unwrap_or(false),
        id,
        ..Issue::default()
    }
}

fn lists(fields: &Fields<'_>, names: &Names, issue: &mut Issue) {
    let ids = |name: &str| {
        let all = fields.at(name).whole().as_array().into_iter().flatten();
        all.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect::<Vec<_>>()
    };
    issue.assignees = ids("owner_ids").iter().map(|id| names.person(id)).collect();
    let labels = fields.list("labels");
    issue.labels = labels.iter().filter_map(|label| label.text("name").map(str::to_owned)).collect();
    if issue.labels.is_empty() {
        issue.labels = ids("label_ids").iter().map(|id| names.named(id).name).collect();
    }
    let former = ids("previous_iteration_ids");
    let now = fields.id("iteration_id");
    issue.sprints = now.iter().chain(&former).map(|id| names.sprint(id)).collect();
    issue.links = fields.list("story_links").iter().filter_map(|one| link(one, &issue.id)).collect();
    let task = |one: &Fields<'_>| {
        Some(Task { text: one.text("description")?.to_owned(), done: one.flag("complete").unwrap_or(false) })
    };
    issue.checklist = fields.list("tasks").iter().filter_map(task).collect();
    let files = [fields.list("files"), fields.list("linked_files")].concat();
    issue.attachments = files.iter().filter_map(|one| attachment(one, names)).collect();
    let custom = fields.list("custom_fields");
    let value =
        |one: &Fields<'_>| one.text("value").map(|value| (one.id("field_id").unwrap_or_default(), value.to_owned()));
    let priority =
        custom.iter().filter_map(value).find(|(field, _)| names.named(field).name.eq_ignore_ascii_case("priority"));
    issue.priority = priority.map(|(_, value)| Named::new(None, value));
}

/// A link reads from its subject: subject *blocks* object.
fn link(fields: &Fields<'_>, own: &str) -> Option<Link> {
    let (subject, object) = (fields.id("subject_id")?, fields.id("object_id")?);
    let forward = subject == own;
    let kind = match (fields.text("verb")?, forward) {
        ("blocks", true) => LinkKind::Blocks,
        ("blocks", false) => LinkKind::BlockedBy,
        ("duplicates", true) => LinkKind::Duplicates,
        ("duplicates", false) => LinkKind::DuplicatedBy,
        ("relates to", _) => LinkKind::Relates,
        (words, _) => LinkKind::Other(words.to_owned()),
    };
    let other = if forward { object } else { subject };
    Some(Link { kind, other: IssueName { key: Some(format!("sc-{other}")), id: Some(other) } })
}

fn attachment(fields: &Fields<'_>, names: &Names) -> Option<Attachment> {
    let author = fields.text("uploader_id").map(|id| names.person(id));
    let name = fields.text("name").or_else(|| fields.text("filename"))?.to_owned();
    let address = fields.text("url").map(str::to_owned);
    Some(Attachment { name, address, bytes: fields.integer("size"), author, at: fields.instant("created_at") })
}

/// A comment, unless it was deleted.
pub fn comment(fields: &Fields<'_>, names: &Names, report: &mut Report) -> Option<Comment> {
    let comment = Comment {
        id: fields.id("id"),
        answers: fields.id("parent_id"),
        author: fields.text("author_id").map(|id| names.person(id)),
        body: fields.text("text").unwrap_or_default().to_owned(),
        created_at: fields.instant("created_at"),
        updated_at: fields.instant("updated_at"),
        only_for: None,
    };
    let deleted = fields.flag("deleted") == Some(true);
    report.add("comment", fields, &[LEFT_OUT, &["story_id", "position", "linked_to_slack"]].concat());
    (!deleted).then_some(comment)
}
