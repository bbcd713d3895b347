//! The picker: what a key on a row, a card or the page of an issue opens, and by which one field is changed at once.
use super::{
    Choice, EditMany, Edits, Field, FieldChoices, Issue, ListChoices, Priority,
    bulk::{change_of, changed_issues},
    project,
};
use crate::label::Label;
use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use kernel::{Error, Json, json};
use ui::{Answer, Cx, Flash, Markup, Submitted, avatar, avatar_small, chip, html, hue, initials};

/// The fields that have a key, with what pressing it does.
const KEYS: [(Field, &str, &str); 6] = [
    (Field::State, "S", "Change the state"),
    (Field::Assignee, "A", "Assign to somebody"),
    (Field::Priority, "P", "Change the priority"),
    (Field::Estimate, "E", "Estimate"),
    (Field::Label, "L", "Add or take away labels"),
    (Field::Project, "O", "Change the project and its milestone"),
];

/// The buttons of the picker, which act on the issues that are chosen, else on the one where the keyboard is.
pub(super) fn bar() -> Markup {
    buttons(|field| html! { (field.title()) })
}

/// The same on the page of one issue: each button shows what the field holds.
pub(super) fn bar_of(issue: &Issue, labels: &[Label]) -> Markup {
    let holds = |field| match field {
        Field::State => state(issue),
        Field::Assignee => html! { span data-shows="assignee" { @match &issue.assignee_name {
            Some(name) => { (name) }, None => { "Nobody" }
        } } },
        Field::Priority => {
            html! { span data-shows="priority" { (chip(look_of(issue.priority), issue.priority.title())) } }
        }
        Field::Estimate => {
            html! { span data-shows="estimate" { (issue.size().unwrap_or_else(|| "No estimate".into())) } }
        }
        Field::Project => html! { span data-shows="project" { @match project::words_of(issue) {
            Some(words) => (words), None => "No project",
        } } },
        _ => html! { span.row.gap-1 data-shows="label" {
            @if labels.is_empty() { "No label" }
            @for label in labels { (chip("line", &label.name)) }
        } },
    };
    buttons(|field| html! { span.vh { (field.title()) ": " } (holds(field)) })
}

fn buttons(shows: impl Fn(Field) -> Markup) -> Markup {
    html! {
        issue-picker.row.wrap.gap-1.script-only data-src="/issue-edits/choices.json" data-action="/issue-edits/field" {
            @for (field, key, words) in KEYS {
                button.button.quiet.small type="button" title=(words) data-field=(field.word()) data-key=(key.to_lowercase()) data-key-label=(words) data-title=(field.title()) {
                    (shows(field)) kbd { (key) }
                }
            }
        }
    }
}

/// The state as rows show it. The picker writes a new value where `data-shows` stands, before the server has answered.
pub(super) fn state(issue: &Issue) -> Markup {
    html! { span data-shows="state" { (chip(issue.category.look(), &issue.state_name)) } }
}

pub(super) fn assignee(issue: &Issue, small: bool) -> Markup {
    html! {
        span data-shows="assignee" { @if let (Some(id), Some(name)) = (&issue.assignee_id, &issue.assignee_name) {
            span title=(name) { @if small { (avatar_small(id, name)) } @else { (avatar(id, name)) } span.vh { (name) } }
        } }
    }
}

/// Only what is urgent or high is worth a word in a row.
pub(super) fn priority(issue: &Issue) -> Markup {
    let worth = matches!(issue.priority, Priority::Urgent | Priority::High);
    html! { span data-shows="priority" { @if worth { (chip(look_of(issue.priority), issue.priority.title())) } } }
}

fn look_of(priority: Priority) -> &'static str {
    match priority {
        Priority::Urgent => "bad",
        Priority::High => "warn",
        _ => "line",
    }
}

pub(super) fn labels(labels: &[Label]) -> Markup {
    html! { span data-shows="label" { @for label in labels { (chip("line", &label.name)) " " } } }
}

/// `GET /issue-edits/choices.json`: what there is to choose, or a sentence that says why there is nothing.
pub async fn choices(cx: Cx) -> Answer {
    if !cx.actor().belongs() {
        return Err(Error::Forbidden.into());
    }
    let field: Option<Field> = cx.text("field").parse().ok();
    match cx.read_here::<ListChoices>().await {
        Ok(FieldChoices { choices, more, issues }) => {
            let choices: Vec<Json> = choices.iter().map(|choice| shown(field, choice)).collect();
            let answer =
                json!({ "choices": choices, "more": more, "issues": issues, "several": field == Some(Field::Label) });
            Ok(said(StatusCode::OK, answer))
        }
        Err(error) => refused(StatusCode::OK, error),
    }
}

/// A choice with the class and the text by which a row shows it.
fn shown(field: Option<Field>, choice: &Choice) -> Json {
    let Choice { value, name, category, held } = choice;
    let empty = value == "none";
    let (class, text) = match (field, category) {
        (_, Some(category)) => (format!("chip {}", category.look()), name.clone()),
        (_, None) if empty => (String::new(), String::new()),
        (Some(Field::Assignee), _) => match value.parse() {
            Ok(id) => (format!("avatar hue-{}", hue(&id)), initials(name)),
            Err(_) => (String::new(), name.clone()),
        },
        (Some(Field::Priority), _) => {
            let found = Priority::ALL.into_iter().find(|one| one.word() == value).unwrap_or_default();
            (format!("chip {}", look_of(found)), name.clone())
        }
        (Some(Field::Label), _) => ("chip line".to_owned(), name.clone()),
        _ => (String::new(), name.clone()),
    };
    json!({ "value": value, "name": name, "held": held, "class": class, "text": text })
}

/// `POST /issue-edits/field`: one field of the chosen issues, changed at once. It answers with a redirect, which the
/// script does not follow, and with a sentence in JSON if it is refused.
pub async fn save(form: Submitted) -> Answer {
    let done = async { change_of(&form).await?.submit::<EditMany>().await }.await;
    match done {
        Ok(edits) => Ok(form.go("/issues", says(&edits))),
        Err(error) => refused(StatusCode::UNPROCESSABLE_ENTITY, error),
    }
}

fn says(edits: &Edits) -> Flash {
    match (edits.batch, changed_issues(edits).as_slice()) {
        (Some(batch), [one]) => Flash::says(format!("{one} is changed.")).undo(format!("/issue-changes/{batch}/undo")),
        (Some(batch), many) => {
            Flash::says(format!("{} issues are changed.", many.len())).undo(format!("/issue-changes/{batch}/undo"))
        }
        (None, _) => Flash::says("Nothing was different."),
    }
}

fn refused(status: StatusCode, error: Error) -> Answer {
    match error {
        Error::Invalid(_) | Error::Conflict(_) => Ok(said(status, json!({ "sentence": error.to_string() }))),
        other => Err(other.into()),
    }
}

fn said(status: StatusCode, answer: Json) -> axum::response::Response {
    (status, [(CONTENT_TYPE, "application/json")], answer.to_string()).into_response()
}
