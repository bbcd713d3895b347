//! What GitLab's answers look like. <https://docs.gitlab.com/api/merge_requests/>, `…/notes/`, `…/merge_request_approvals/`
use crate::{
    Kind, account,
    context::Context,
    github::open_or_closed,
    reader::Found,
    rules::{How, Object, Rule, Shape, at, rule, text_at},
};

pub(crate) fn recognise(object: &Object, context: &Context) -> Found {
    let has = |name: &str| object.contains_key(name);
    if has("noteable_type") {
        return Found::Shape(&NOTE);
    }
    if has("iid") && is_merge_request(object, context) {
        return Found::Shape(&MERGE_REQUEST);
    }
    if has("iid") && (has("issue_type") || has("confidential") || has("due_date") || context.asked == "issues") {
        return Found::Shape(&ISSUE);
    }
    if has("approved_by") {
        return Found::Approvals;
    }
    if has("state") && text_at(object, "resource_type") == Some("MergeRequest") {
        return Found::Shape(&STATE_EVENT);
    }
    if has("tag_name") && (has("released_at") || has("commit") || has("description")) {
        return Found::Shape(&RELEASE);
    }
    if has("short_id") && (has("committed_date") || has("author_email")) {
        return Found::Shape(&COMMIT);
    }
    if has("path_with_namespace") {
        return Found::Shape(&PROJECT);
    }
    if account::is_account(object) {
        return Found::Shape(&account::SHAPE);
    }
    other(object)
}

fn is_merge_request(object: &Object, context: &Context) -> bool {
    const OWN: [&str; 6] = ["source_branch", "target_branch", "merge_status", "draft", "work_in_progress", "diff_refs"];
    let page = text_at(object, "web_url").is_some_and(|address| address.contains("/merge_requests/"));
    OWN.iter().any(|name| object.contains_key(*name))
        || page
        || context.asked == "merge_requests"
        || (text_at(object, "state") == Some("merged") && object.contains_key("project_id"))
}

fn other(object: &Object) -> Found {
    let has = |names: &[&str]| names.iter().all(|name| object.contains_key(*name));
    let name = match () {
        () if has(&["merge_request_id", "head_commit_sha"]) => "version of a merge request",
        () if has(&["awardable_type"]) => "reaction",
        () if has(&["iid", "project_id", "state"]) => "issue or merge request without what tells which",
        () if has(&["commit", "name", "protected"]) => "branch",
        () if has(&["full_path", "visibility"]) || has(&["full_path", "kind"]) => "group",
        () if has(&["runner"]) || has(&["pipeline", "stage"]) => "job: import it as builds",
        () if has(&["sha", "ref", "status"]) => "pipeline: import it as builds",
        () if has(&["color", "name"]) => "label of a project",
        () if has(&["message"]) && object.len() <= 2 || has(&["error"]) => "answer: an error",
        () if has(&["file_path", "encoding"]) => "file",
        () if has(&["resource_type"]) => "event of another kind",
        () => return Found::Unknown,
    };
    Found::NotTaken(name.to_owned())
}

/// What a note of the system itself tells, as it is written in English.
pub(crate) fn happened(body: &str) -> Option<&'static str> {
    let body = body.to_lowercase().replace('*', "");
    let begins = [
        ("marked this merge request as ready", "ready"),
        ("marked as ready", "ready"),
        ("unmarked as a work in progress", "ready"),
        ("unmarked this merge request as a work in progress", "ready"),
        ("marked this merge request as draft", "drafted"),
        ("marked as draft", "drafted"),
        ("marked as a work in progress", "drafted"),
        ("requested review from", "review_requested"),
        ("removed review request", "review_request_removed"),
        ("approved this merge request", "approved"),
        ("requested changes", "changes_requested"),
        ("added 1 commit", "pushed"),
        ("closed", "closed"),
        ("reopened", "reopened"),
        ("merged", "merged"),
    ];
    let pushed = body.strip_prefix("added ").is_some_and(|rest| {
        rest.split_once(" commit").is_some_and(|(number, _)| number.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let found = begins.iter().find(|(start, _)| body.starts_with(start)).map(|(_, event)| *event);
    found.or_else(|| pushed.then_some("pushed"))
}

/// Of a note: whether it stands below a merge request, and not an issue or a commit.
pub(crate) fn is_of_merge_request(object: &Object) -> bool {
    at(object, "noteable_type").and_then(|kind| kind.as_str()) == Some("MergeRequest")
}

pub(crate) const MERGE_REQUEST: Shape = Shape {
    kind: Kind::Pull,
    id: &["id"],
    rules: &[
        TITLE,
        BODY,
        STATE,
        rule("draft", &["draft", "work_in_progress"], How::Boolean),
        AUTHOR,
        CREATED,
        UPDATED,
        rule("closed_at", &["closed_at"], How::Time),
        rule("closed_by", &["closed_by"], How::Account),
        rule("merged_at", &["merged_at"], How::Time),
        rule("merged_by", &["merge_user", "merged_by"], How::Account),
        rule("merge_commit", &["merge_commit_sha", "squash_commit_sha"], How::Text),
        rule("squash_commit", &["squash_commit_sha"], How::Text),
        rule("head_sha", &["sha", "last_commit.id"], How::Text),
        rule("head_ref", &["source_branch"], How::Text),
        rule("base_sha", &["diff_refs.base_sha"], How::Text),
        rule("base_ref", &["target_branch"], How::Text),
        rule("changed_files", &["changes_count"], How::Integer),
        LABELS,
        ASSIGNEES,
        rule("requested_reviewers", &["reviewers"], How::Accounts),
    ],
    children: &[
        "notes",
        "notes_data",
        "discussions",
        "commits",
        "commits_data",
        "versions_data",
        "resource_state_events",
    ],
};

pub(crate) const ISSUE: Shape = Shape {
    kind: Kind::Issue,
    id: &["id"],
    rules: &[
        TITLE,
        BODY,
        STATE,
        AUTHOR,
        CREATED,
        UPDATED,
        rule("closed_at", &["closed_at"], How::Time),
        rule("closed_by", &["closed_by"], How::Account),
        LABELS,
        ASSIGNEES,
    ],
    children: &["notes", "notes_data"],
};

pub(crate) const NOTE: Shape = Shape {
    kind: Kind::Comment,
    id: &["id"],
    rules: &[
        AUTHOR,
        rule("body", &["body", "note"], How::Text),
        CREATED,
        UPDATED,
        rule("system", &["system"], How::Boolean),
        rule("on", &["noteable_type"], How::Text),
        rule("path", &["position.new_path"], How::Text),
        rule("line", &["position.new_line"], How::Integer),
        rule("commit", &["commit_id", "position.head_sha"], How::Text),
        rule("resolved_at", &["resolved_at"], How::Time),
    ],
    children: &[],
};

pub(crate) const STATE_EVENT: Shape = Shape {
    kind: Kind::Event,
    id: &["id"],
    rules: &[
        rule("event", &["state"], How::Word(state_event)),
        rule("at", &["created_at"], How::Time),
        rule("actor", &["user"], How::Account),
        rule("commit", &["source_commit"], How::Text),
    ],
    children: &[],
};

fn state_event(word: &str) -> Option<&'static str> {
    ["closed", "reopened", "merged"].into_iter().find(|state| *state == word)
}

pub(crate) const COMMIT: Shape = Shape {
    kind: Kind::Commit,
    id: &["id"],
    rules: &[
        rule("message", &["message"], How::Text),
        rule("title", &["title"], How::Text),
        rule("authored_at", &["authored_date"], How::Time),
        rule("committed_at", &["committed_date"], How::Time),
        rule("author_name", &["author_name"], How::Text),
        rule("author_mail", &["author_email"], How::Text),
        rule("committer_name", &["committer_name"], How::Text),
        rule("committer_mail", &["committer_email"], How::Text),
        rule("parents", &["parent_ids"], How::Names),
        rule("additions", &["stats.additions"], How::Integer),
        rule("deletions", &["stats.deletions"], How::Integer),
    ],
    children: &[],
};

pub(crate) const RELEASE: Shape = Shape {
    kind: Kind::Release,
    id: &["tag_name"],
    rules: &[
        rule("tag", &["tag_name"], How::Text),
        rule("name", &["name"], How::Text),
        BODY,
        AUTHOR,
        CREATED,
        rule("published_at", &["released_at"], How::Time),
        rule("target", &["commit.id"], How::Text),
    ],
    children: &[],
};

pub(crate) const PROJECT: Shape = Shape {
    kind: Kind::Repository,
    id: &["id"],
    rules: &[
        rule("name", &["path_with_namespace"], How::Text),
        rule("default_branch", &["default_branch"], How::Text),
        rule("clone_url", &["http_url_to_repo", "git_http_url"], How::Text),
        rule("archived", &["archived"], How::Boolean),
        CREATED,
        rule("updated_at", &["updated_at", "last_activity_at"], How::Time),
    ],
    children: &[],
};

const TITLE: Rule = rule("title", &["title"], How::Text);
const BODY: Rule = rule("body", &["description"], How::Text);
const STATE: Rule = rule("state", &["state"], How::Word(open_or_closed));
const AUTHOR: Rule = rule("author", &["author", "user"], How::Account);
const CREATED: Rule = rule("created_at", &["created_at"], How::Time);
const UPDATED: Rule = rule("updated_at", &["updated_at"], How::Time);
const LABELS: Rule = rule("labels", &["labels"], How::Names);
const ASSIGNEES: Rule = rule("assignees", &["assignees"], How::Accounts);
