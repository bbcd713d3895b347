//! Webhooks, and what follows from them and from notes: an event, a review.
//! <https://docs.github.com/en/webhooks/webhook-events-and-payloads>, <https://docs.gitlab.com/user/project/integrations/webhook_events/>
use crate::{
    Kind, Record, account,
    context::Context,
    github::{self, happened},
    gitlab,
    reader::{Reader, belongs},
    rules::{How, Object, Shape, at, rule, text_at},
};
use serde_json::{Value, json};

pub(crate) fn is_webhook(object: &Object) -> bool {
    let has = |name: &str| object.contains_key(name);
    let github = has("sender") || (has("action") && (has("pull_request") || has("issue") || has("repository")));
    let public = has("payload") && text_at(object, "type").is_some_and(|kind| kind.ends_with("Event"));
    github || public || has("object_kind") || has("zen")
}

/// GitHub's, and the entries of its public lists of events, which hold the same as `payload`.
pub(crate) fn github(reader: &mut Reader, object: &Object, context: &Context) {
    if let Some(payload) = object.get("payload").and_then(Value::as_object) {
        let name = text_at(object, "repo.name").map(str::to_owned);
        let mut context = context.deeper();
        context.place = crate::Place { name, ..Default::default() }.or(&context.place);
        let mut payload = payload.clone();
        for (from, to) in [("actor", "sender"), ("created_at", "created_at")] {
            object.get(from).into_iter().for_each(|value| {
                payload.insert(to.into(), value.clone());
            });
        }
        return github_payload(reader, &payload, &context);
    }
    github_payload(reader, object, context);
}

fn github_payload(reader: &mut Reader, object: &Object, context: &Context) {
    let part = |name: &str| object.get(name).and_then(Value::as_object);
    let mut context = context.deeper();
    if let Some(repository) = part("repository") {
        let name = text_at(repository, "full_name").map(str::to_owned);
        context.place = crate::Place { name, ..belongs(repository, &Context::default()).0 }.or(&context.place);
        reader.visit(&Value::Object(repository.clone()), &context);
    }
    part("sender").into_iter().for_each(|sender| {
        reader.take(&account::SHAPE, sender, &context);
    });
    let number = part("pull_request").or(part("issue")).and_then(|one| one.get("number")).and_then(Value::as_i64);
    context.number = number;
    let deleted = text_at(object, "action") == Some("deleted");
    let mut main = None;
    for (name, shape) in shapes(object) {
        let Some(value) = part(name) else { continue };
        main = reader.take(shape, value, &context);
        if name == "pull_request" {
            github_event(reader, object, main);
        }
    }
    if deleted {
        reader.say(main, "deleted", json!(true));
    }
    let commits = object.get("commits").and_then(Value::as_array);
    for commit in commits.into_iter().flatten().filter_map(Value::as_object) {
        reader.take(&PUSHED_COMMIT, commit, &context);
    }
    name_the_rest(reader, object, main.is_some() || commits.is_some());
}

/// The records of a webhook, that which it is about last.
fn shapes(object: &Object) -> Vec<(&'static str, &'static Shape)> {
    let issue = object.get("issue").and_then(Value::as_object);
    let as_pull = issue.is_some_and(|issue| issue.get("pull_request").is_some_and(Value::is_object));
    let on_code = object.get("comment").is_some_and(|comment| comment.get("diff_hunk").is_some());
    vec![
        ("pull_request", &github::PULL),
        ("issue", if as_pull { &github::PULL_AS_ISSUE } else { &github::ISSUE }),
        ("release", &github::RELEASE),
        ("review", &github::REVIEW),
        ("comment", if on_code { &github::CODE_COMMENT } else { &github::COMMENT }),
    ]
}

fn name_the_rest(reader: &mut Reader, object: &Object, taken: bool) {
    const TAKEN: [&str; 14] = [
        "action",
        "repository",
        "sender",
        "pull_request",
        "issue",
        "release",
        "review",
        "comment",
        "number",
        "commits",
        "before",
        "after",
        "requested_reviewer",
        "created_at",
    ];
    let elsewhere = |name: &&str| object.get(*name).is_some_and(|value| reader.is_elsewhere(value));
    let (elsewhere, rest): (Vec<&str>, Vec<&str>) =
        object.keys().map(String::as_str).filter(|name| !TAKEN.contains(name)).partition(elsewhere);
    let taken = taken || !elsewhere.is_empty();
    match taken {
        true => rest.iter().for_each(|name| reader.left(&format!("webhook, field {name}"))),
        false => {
            let context = ["installation", "organization", "enterprise"];
            let about: Vec<&str> = rest.into_iter().filter(|name| !context.contains(name)).take(3).collect();
            reader.left(&format!(
                "webhook about {}",
                if about.is_empty() { "the repository".into() } else { about.join(", ") }
            ));
        }
    }
}

/// What an action says happened, at the time that the pull request itself gives for it.
fn github_event(reader: &mut Reader, object: &Object, pull: Option<usize>) {
    let Some(event) = text_at(object, "action").and_then(happened) else { return };
    if object.contains_key("review") || object.contains_key("comment") {
        return;
    }
    let Some(pull) = reader.record(pull).cloned() else { return };
    let actor = object.get("sender").and_then(account::read);
    let of = object.get("requested_reviewer").or(object.get("requested_team")).and_then(account::read);
    let merged = pull.fields.get("merged_at").filter(|at| !at.is_null());
    let events = match event {
        "closed" if merged.is_some() => vec![("merged", "merged_at"), ("closed", "closed_at")],
        "closed" => vec![("closed", "closed_at")],
        other => vec![(other, "updated_at")],
    };
    for (event, time) in events {
        let at = pull.fields.get(time).and_then(Value::as_i64);
        let commit = text_at(object, "after");
        reader.add(moved(&pull, event, at, json!({ "actor": actor, "of": of, "commit": commit })));
    }
}

/// An event of a pull request.
fn moved(pull: &Record, event: &str, at: Option<i64>, more: Value) -> Record {
    let mut fields = Object::new();
    fields.insert("event".into(), json!(event));
    fields.insert("at".into(), json!(at));
    fields.extend(
        more.as_object().into_iter().flatten().filter(|(_, v)| !v.is_null()).map(|(k, v)| (k.clone(), v.clone())),
    );
    let stamp = at.unwrap_or(pull.stamp);
    Record { kind: Kind::Event, id: String::new(), stamp, fields, aside: Object::new(), ..pull.clone() }
}

pub(crate) fn gitlab(reader: &mut Reader, value: &Value, object: &Object, context: &Context) {
    let part = |name: &str| object.get(name).and_then(Value::as_object);
    let mut context = context.deeper();
    if let Some(project) = part("project") {
        let name = text_at(project, "path_with_namespace").map(str::to_owned);
        let id = project.get("id").and_then(crate::rules::id);
        context.place = crate::Place { name, id, ..belongs(project, &Context::default()).0 }.or(&context.place);
        reader.take(&gitlab::PROJECT, project, &context);
    }
    part("user").into_iter().for_each(|user| {
        reader.take(&account::SHAPE, user, &context);
    });
    match (text_at(object, "object_kind"), part("object_attributes")) {
        (Some("merge_request"), Some(attributes)) => merge_request(reader, object, attributes, &context),
        (Some("note"), Some(attributes)) => {
            let mut note = attributes.clone();
            object.get("user").into_iter().for_each(|user| {
                note.insert("author".into(), user.clone());
            });
            context.number = part("merge_request").and_then(|one| one.get("iid")).and_then(Value::as_i64);
            reader.take(&gitlab::NOTE, &note, &context);
        }
        (Some("push" | "tag_push"), _) => {
            let commits = object.get("commits").and_then(Value::as_array);
            for commit in commits.into_iter().flatten().filter_map(Value::as_object) {
                reader.take(&PUSHED_COMMIT, commit, &context);
            }
        }
        _ if reader.is_elsewhere(value) => {}
        (kind, _) => reader.left(&format!("webhook about {}", kind.unwrap_or("nothing"))),
    }
}

fn merge_request(reader: &mut Reader, object: &Object, attributes: &Object, context: &Context) {
    let action = text_at(attributes, "action").unwrap_or_default();
    let mut whole = attributes.clone();
    for name in ["labels", "reviewers", "assignees"] {
        object.get(name).into_iter().for_each(|value| {
            whole.insert(name.into(), value.clone());
        });
    }
    if let (Some(user), "open") = (object.get("user"), action) {
        whole.insert("author".into(), user.clone());
    }
    let at = reader.take(&gitlab::MERGE_REQUEST, &whole, context);
    let Some(pull) = reader.record(at).cloned() else { return };
    let time = pull.fields.get("updated_at").and_then(Value::as_i64);
    let ended = [("merge", "merged_at"), ("close", "closed_at")].into_iter().find(|(name, _)| *name == action);
    if let Some((_, field)) = ended.filter(|(_, field)| !pull.fields.contains_key(*field)) {
        reader.say(at, field, json!(time));
    }
    let actor = object.get("user").and_then(account::read);
    for event in gitlab_events(object, attributes, action) {
        let more =
            json!({ "actor": actor, "commit": text_at(attributes, "last_commit.id").filter(|_| event == "pushed") });
        reader.add(moved(&pull, event, time, more));
    }
    if matches!(action, "approved" | "approval") {
        let login = actor.as_ref().map(|actor| actor.login.as_str()).unwrap_or_default();
        reader.add(approved(&pull, format!("approval {login} {}", time.unwrap_or(0)), json!(actor), time));
    }
}

fn gitlab_events(object: &Object, attributes: &Object, action: &str) -> Vec<&'static str> {
    let now = |path: &str| at(object, path).and_then(Value::as_bool);
    let mut events = Vec::new();
    match action {
        "merge" => events.push("merged"),
        "close" => events.push("closed"),
        "reopen" => events.push("reopened"),
        "update" if attributes.contains_key("oldrev") => events.push("pushed"),
        _ => {}
    }
    match now("changes.draft.current").or(now("changes.work_in_progress.current")) {
        Some(true) => events.push("drafted"),
        Some(false) => events.push("ready"),
        None => {}
    }
    if object.get("changes").is_some_and(|changes| changes.get("reviewers").is_some()) {
        events.push("review_requested");
    }
    events
}

fn approved(pull: &Record, id: String, author: Value, time: Option<i64>) -> Record {
    let fields = json!({ "state": "approved", "author": author, "submitted_at": time });
    let fields = fields.as_object().cloned().unwrap_or_default();
    Record { kind: Kind::Review, id, stamp: time.unwrap_or(0), fields, aside: Object::new(), ..pull.clone() }
}

/// GitLab's list of who approved a merge request, each a review.
pub(crate) fn approvals(reader: &mut Reader, object: &Object, context: &Context) {
    let (place, number) = belongs(object, context);
    let pull = Record {
        kind: Kind::Pull,
        place,
        number,
        id: String::new(),
        stamp: 0,
        fields: Object::new(),
        aside: Object::new(),
    };
    for one in object.get("approved_by").and_then(Value::as_array).into_iter().flatten() {
        let Some(who) = one.get("user").and_then(account::read) else { continue };
        let time = one.get("approved_at").and_then(crate::rules::instant);
        reader.add(approved(&pull, format!("approval {} {}", who.login, number.unwrap_or(0)), json!(who), time));
    }
    for name in object.keys().filter(|name| !matches!(name.as_str(), "approved_by" | "id" | "iid" | "project_id")) {
        reader.left(&format!("approvals, field {name}"));
    }
}

/// A note of GitLab is a comment, or what the system wrote of something that happened; below an issue it is none of a
/// merge request, whose numbers are others.
pub(crate) fn note(mut record: Record, object: &Object) -> Record {
    if !gitlab::is_of_merge_request(object) {
        record.number = None;
        return record;
    }
    let text = |name: &str| record.fields.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let system = record.fields.get("system").and_then(Value::as_bool).unwrap_or(false);
    let Some(event) = Some(text("body")).filter(|_| system).as_deref().and_then(gitlab::happened) else {
        return record;
    };
    let at = record.fields.get("created_at").and_then(Value::as_i64);
    let author = record.fields.get("author").cloned().unwrap_or(Value::Null);
    let id = record.id.clone();
    match event {
        "approved" => approved(&record, id, author, at),
        "changes_requested" => {
            let mut review = approved(&record, id, author, at);
            review.fields.insert("state".into(), json!("changes_requested"));
            review
        }
        event => Record { id, ..moved(&record, event, at, json!({ "actor": author })) },
    }
}

/// A commit as both systems write it in a push.
const PUSHED_COMMIT: Shape = Shape {
    kind: Kind::Commit,
    id: &["id", "sha"],
    rules: &[
        rule("message", &["message"], How::Text),
        rule("committed_at", &["timestamp"], How::Time),
        rule("author_name", &["author.name"], How::Text),
        rule("author_mail", &["author.email"], How::Text),
        rule("committer_name", &["committer.name"], How::Text),
        rule("committer_mail", &["committer.email"], How::Text),
    ],
    children: &[],
};
