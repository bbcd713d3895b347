//! What GitHub's answers look like: REST, GraphQL (its names are turned to small letters before) and the archive of issues
//! and pull requests. <https://docs.github.com/en/rest>, <https://docs.github.com/en/graphql/reference/objects>
use crate::{
    Kind, account,
    context::Context,
    reader::Found,
    rules::{How, Object, Rule, Shape, at, rule, text_at},
};

pub(crate) fn recognise(object: &Object, context: &Context) -> Found {
    let has = |name: &str| object.contains_key(name);
    let is = |name: &str| object.get(name).is_some_and(|value| value.is_object());
    let kind = text_at(object, "__typename").or_else(|| text_at(object, "event_type")).unwrap_or_default();
    if has("number")
        && (is("head") && is("base") || has("head_ref_oid") || has("head_ref_name") || kind == "PullRequest")
    {
        return Found::Shape(&PULL);
    }
    if is_review(object, kind) {
        return Found::Shape(&REVIEW);
    }
    if has("diff_hunk") || has("pull_request_review_id") || has("original_position") {
        return Found::Shape(&CODE_COMMENT);
    }
    if has("workflow_id") || has("run_id") && has("steps") {
        return Found::NotTaken("workflow run or job: import it as builds".to_owned());
    }
    if let Some(event) = event(object, kind) {
        return match happened(event) {
            Some(_) => Found::Shape(&EVENT),
            None if matches!(event, "reviewed" | "commented" | "committed") => Found::Unknown,
            None => Found::NotTaken(format!("timeline event {event}")),
        };
    }
    if has("number")
        && has("title")
        && has("state")
        && (has("comments") || has("labels") || has("user") || has("author"))
    {
        return Found::Shape(if is_pull(object) { &PULL_AS_ISSUE } else { &ISSUE });
    }
    if has("tag_name") && (has("target_commitish") || has("published_at") || has("assets") || has("is_draft")) {
        return Found::Shape(&RELEASE);
    }
    if is_commit(object) {
        return Found::Shape(&COMMIT);
    }
    if has("body") && has("created_at") && (has("user") || has("author")) {
        return Found::Shape(if has("commit_id") { &COMMIT_COMMENT } else { &COMMENT });
    }
    if has("full_name") && has("owner") || has("name_with_owner") {
        return Found::Shape(&REPOSITORY);
    }
    if account::is_account(object) {
        return Found::Shape(&account::SHAPE);
    }
    other(object, context)
}

fn is_review(object: &Object, kind: &str) -> bool {
    let state = text_at(object, "state").and_then(|state| review_state(&state.to_lowercase()));
    let whose = object.contains_key("user") || object.contains_key("author");
    kind == "PullRequestReview" || (state.is_some() && whose && !object.contains_key("number"))
}

fn is_pull(object: &Object) -> bool {
    let page = text_at(object, "html_url").is_some_and(|address| address.contains("/pull/"));
    page || object.get("pull_request").is_some_and(|pull| pull.is_object())
}

fn is_commit(object: &Object) -> bool {
    let nested = at(object, "commit.message").is_some() || at(object, "commit.author").is_some();
    (object.contains_key("sha") && nested) || (object.contains_key("oid") && object.contains_key("message"))
}

/// The word of a timeline event, of REST or GraphQL.
fn event<'v>(object: &'v Object, kind: &'v str) -> Option<&'v str> {
    let timed = object.contains_key("created_at") && (object.contains_key("actor") || object.contains_key("event"));
    let rest = text_at(object, "event");
    let graph = kind.strip_suffix("Event").filter(|name| !name.is_empty());
    rest.or(graph)
        .filter(|_| timed || rest.is_some_and(|event| matches!(event, "reviewed" | "committed" | "commented")))
}

/// The events that move a pull request, by the names of REST and, in small letters, of GraphQL.
pub(crate) fn happened(event: &str) -> Option<&'static str> {
    Some(match event.to_lowercase().as_str() {
        "ready_for_review" | "readyforreview" => "ready",
        "convert_to_draft" | "converted_to_draft" | "converttodraft" => "drafted",
        "review_requested" | "reviewrequested" => "review_requested",
        "review_request_removed" | "reviewrequestremoved" => "review_request_removed",
        "head_ref_force_pushed" | "headrefforcepushed" => "force_pushed",
        "synchronize" => "pushed",
        "closed" => "closed",
        "reopened" => "reopened",
        "merged" => "merged",
        _ => return None,
    })
}

pub(crate) fn review_state(word: &str) -> Option<&'static str> {
    ["approved", "changes_requested", "commented", "dismissed", "pending"].into_iter().find(|state| *state == word)
}

pub(crate) fn open_or_closed(word: &str) -> Option<&'static str> {
    match word {
        "open" | "opened" | "reopened" => Some("open"),
        "closed" | "merged" | "locked" => Some("closed"),
        _ => None,
    }
}

/// What is known by sight and is nothing of a pull request's history.
fn other(object: &Object, context: &Context) -> Found {
    let has = |names: &[&str]| names.iter().all(|name| object.contains_key(*name));
    let name = match () {
        () if has(&["message", "documentation_url"]) || has(&["errors"]) => "answer: an error",
        () if has(&["rate", "resources"]) => "answer: limits",
        () if has(&["filename", "status"]) || has(&["filename", "sha"]) => "changed file",
        () if has(&["color", "name"]) => "label of a repository",
        () if has(&["content", "user", "created_at"]) || has(&["content", "node_id", "id"]) => "reaction",
        () if has(&["commit", "name"]) || has(&["object", "ref"]) => "branch or tag",
        () if has(&["context", "state", "target_url"]) => "commit status",
        () if has(&["state", "path", "badge_url"]) => "workflow",
        () if has(&["content_type", "browser_download_url"]) => "file of a release",
        () if has(&["content", "encoding", "path"]) => "file",
        () if has(&["users", "teams"]) => return Found::Unknown,
        () if has(&["column_url"]) || has(&["columns_url"]) => "project board",
        () if context.asked == "orgs" || has(&["login", "repos_url", "members_url"]) => "organisation",
        () => return Found::Unknown,
    };
    Found::NotTaken(name.to_owned())
}

pub(crate) const PULL: Shape = Shape {
    kind: Kind::Pull,
    id: &["database_id", "full_database_id", "id"],
    rules: &[
        TITLE,
        BODY,
        STATE,
        rule("draft", &["draft", "is_draft"], How::Boolean),
        AUTHOR,
        CREATED,
        UPDATED,
        rule("closed_at", &["closed_at"], How::Time),
        rule("merged_at", &["merged_at"], How::Time),
        rule("merged_by", &["merged_by"], How::Account),
        rule("merge_commit", &["merge_commit_sha", "merge_commit.oid"], How::Text),
        rule("head_sha", &["head.sha", "head_ref_oid"], How::Text),
        rule("head_ref", &["head.ref", "head_ref_name"], How::Text),
        rule(
            "head_repository",
            &["head.repo.full_name", "head_repository.name_with_owner", "head_repository"],
            How::Text,
        ),
        rule("base_sha", &["base.sha", "base_ref_oid"], How::Text),
        rule("base_ref", &["base.ref", "base_ref_name"], How::Text),
        rule("additions", &["additions"], How::Integer),
        rule("deletions", &["deletions"], How::Integer),
        rule("changed_files", &["changed_files"], How::Integer),
        rule("commits", &["commits", "commits.total_count"], How::Integer),
        LABELS,
        ASSIGNEES,
        rule("requested_reviewers", &["requested_reviewers", "review_requests"], How::Accounts),
        rule("requested_teams", &["requested_teams"], How::Names),
    ],
    children: &[
        "reviews",
        "review_comments",
        "comments",
        "review_threads",
        "timeline_items",
        "timeline",
        "commits",
        "reviews_data",
        "review_comments_data",
        "comments_data",
        "commits_data",
        "events",
    ],
};

/// A pull request where issues were asked for. Its id there is another one.
pub(crate) const PULL_AS_ISSUE: Shape = Shape {
    kind: Kind::Pull,
    id: &[],
    rules: &[
        TITLE,
        BODY,
        STATE,
        rule("draft", &["draft"], How::Boolean),
        AUTHOR,
        CREATED,
        UPDATED,
        rule("closed_at", &["closed_at"], How::Time),
        rule("merged_at", &["pull_request.merged_at"], How::Time),
        LABELS,
        ASSIGNEES,
    ],
    children: &["comments_data", "comments"],
};

pub(crate) const ISSUE: Shape = Shape {
    kind: Kind::Issue,
    id: &["database_id", "full_database_id", "id"],
    rules: &[
        TITLE,
        BODY,
        STATE,
        AUTHOR,
        CREATED,
        UPDATED,
        rule("closed_at", &["closed_at"], How::Time),
        rule("closed_by", &["closed_by"], How::Account),
        rule("state_reason", &["state_reason"], How::Text),
        LABELS,
        ASSIGNEES,
    ],
    children: &["comments_data", "comments", "timeline_items"],
};

pub(crate) const REVIEW: Shape = Shape {
    kind: Kind::Review,
    id: &["database_id", "full_database_id", "id", "url"],
    rules: &[
        AUTHOR,
        BODY,
        rule("state", &["state"], How::Word(review_state)),
        rule("submitted_at", &["submitted_at", "published_at", "created_at"], How::Time),
        UPDATED,
        rule("commit", &["commit_id", "commit.oid", "commit.abbreviated_oid"], How::Text),
    ],
    children: &["comments"],
};

pub(crate) const CODE_COMMENT: Shape = Shape { rules: &CODE_RULES, ..COMMENT };
pub(crate) const COMMIT_COMMENT: Shape = Shape { rules: &CODE_RULES, ..COMMENT };

const CODE_RULES: [Rule; 9] = [
    AUTHOR,
    BODY,
    CREATED,
    UPDATED,
    rule("path", &["path"], How::Text),
    rule("line", &["line", "original_line"], How::Integer),
    rule("commit", &["commit_id", "commit.oid"], How::Text),
    rule("review", &["pull_request_review_id"], How::Integer),
    rule("answers", &["in_reply_to_id"], How::Integer),
];

pub(crate) const COMMENT: Shape = Shape {
    kind: Kind::Comment,
    id: &["database_id", "full_database_id", "id", "url"],
    rules: &[AUTHOR, BODY, CREATED, UPDATED],
    children: &[],
};

pub(crate) const EVENT: Shape = Shape {
    kind: Kind::Event,
    id: &["database_id", "id"],
    rules: &[
        rule("event", &["event", "__typename", "event_type"], How::Word(any_event)),
        rule("at", &["created_at"], How::Time),
        rule("actor", &["actor"], How::Account),
        rule("of", &["requested_reviewer"], How::Account),
        rule("commit", &["commit_id", "after_commit.oid", "commit.oid"], How::Text),
    ],
    children: &[],
};

fn any_event(word: &str) -> Option<&'static str> {
    happened(word.strip_suffix("event").unwrap_or(word))
}

pub(crate) const COMMIT: Shape = Shape {
    kind: Kind::Commit,
    id: &["sha", "oid"],
    rules: &[
        rule("message", &["commit.message", "message"], How::Text),
        rule("authored_at", &["commit.author.date", "authored_date"], How::Time),
        rule("committed_at", &["commit.committer.date", "committed_date"], How::Time),
        rule("author_name", &["commit.author.name", "author.name"], How::Text),
        rule("author_mail", &["commit.author.email", "author.email"], How::Text),
        rule("committer_name", &["commit.committer.name", "committer.name"], How::Text),
        rule("committer_mail", &["commit.committer.email", "committer.email"], How::Text),
        rule("author", &["author.user", "author"], How::Account),
        rule("committer", &["committer.user", "committer"], How::Account),
        rule("parents", &["parents"], How::Names),
        rule("additions", &["stats.additions", "additions"], How::Integer),
        rule("deletions", &["stats.deletions", "deletions"], How::Integer),
    ],
    children: &[],
};

pub(crate) const RELEASE: Shape = Shape {
    kind: Kind::Release,
    id: &["database_id", "id"],
    rules: &[
        rule("tag", &["tag_name"], How::Text),
        rule("name", &["name"], How::Text),
        BODY,
        rule("draft", &["draft", "is_draft"], How::Boolean),
        rule("prerelease", &["prerelease", "is_prerelease"], How::Boolean),
        rule("target", &["target_commitish"], How::Text),
        AUTHOR,
        CREATED,
        UPDATED,
        rule("published_at", &["published_at"], How::Time),
    ],
    children: &[],
};

pub(crate) const REPOSITORY: Shape = Shape {
    kind: Kind::Repository,
    id: &["database_id", "id"],
    rules: &[
        rule("name", &["full_name", "name_with_owner"], How::Text),
        rule("default_branch", &["default_branch", "default_branch_ref.name"], How::Text),
        rule("clone_url", &["clone_url"], How::Text),
        rule("archived", &["archived", "is_archived"], How::Boolean),
        CREATED,
        UPDATED,
    ],
    children: &["pull_requests", "pull_request", "issues", "issue", "releases"],
};

const TITLE: Rule = rule("title", &["title"], How::Text);
const BODY: Rule = rule("body", &["body"], How::Text);
const STATE: Rule = rule("state", &["state"], How::Word(open_or_closed));
const AUTHOR: Rule = rule("author", &["user", "author"], How::Account);
const CREATED: Rule = rule("created_at", &["created_at"], How::Time);
const UPDATED: Rule = rule("updated_at", &["updated_at"], How::Time);
const LABELS: Rule = rule("labels", &["labels"], How::Names);
const ASSIGNEES: Rule = rule("assignees", &["assignees"], How::Accounts);
