use super::{LEFT_OUT, names::Names};
use crate::{Change, Field, IssueName, Named};
use intake::{Fields, Report};
use serde_json::Value;

/// The story that an entry of a history is about.
pub fn about(entry: &Fields<'_>) -> Option<IssueName> {
    let actions = entry.list("actions");
    let story = actions.iter().find(|action| action.see("entity_type") == Some("story"))?;
    Some(IssueName { id: story.id("id"), key: None })
}

pub fn changes(entries: &[Fields<'_>], names: &Names, report: &mut Report) -> Vec<Change> {
    let mut all: Vec<Change> = entries.iter().flat_map(|entry| of_entry(entry, names, report)).collect();
    all.sort_by_key(|change| change.at);
    all
}

fn of_entry(entry: &Fields<'_>, names: &Names, report: &mut Report) -> Vec<Change> {
    let id = entry.id("id");
    let author = entry.text("member_id").map(|id| names.person(id));
    let stories: Vec<Fields<'_>> =
        entry.list("actions").into_iter().filter(|action| action.see("entity_type") == Some("story")).collect();
    let pairs: Vec<Pair> = stories.iter().flat_map(|action| of_action(action, names)).collect();
    let at = entry.instant("changed_at");
    report.add(
        "change",
        entry,
        &[LEFT_OUT, &["references", "version", "actor_name", "primary_id", "actions"]].concat(),
    );
    let Some(at) = at else { return Vec::new() };
    let change = |(field, from, to)| Change { id: id.clone(), at, author: author.clone(), field, from, to };
    pairs.into_iter().map(change).collect()
}

type Pair = (Field, Vec<Named>, Vec<Named>);

fn of_action(action: &Fields<'_>, names: &Names) -> Vec<Pair> {
    let changes = action.at("changes");
    let fields: Vec<String> = changes.peek().as_object().into_iter().flat_map(|all| all.keys().cloned()).collect();
    let pairs = fields.iter().map(|name| {
        let change = changes.at(name);
        let side = |new: &str, adds: &str| {
            let single = change.at(new).whole();
            let several = change.at(adds).whole().as_array().cloned().unwrap_or_default();
            [single.clone()]
                .into_iter()
                .chain(several)
                .filter_map(|value| named(name, &value, names))
                .collect::<Vec<_>>()
        };
        (field(name), side("old", "removes"), side("new", "adds"))
    });
    pairs.filter(|(_, from, to)| from != to).collect()
}

fn field(name: &str) -> Field {
    match name {
        "workflow_state_id" => Field::State,
        "owner_ids" => Field::Assignee,
        "iteration_id" => Field::Sprint,
        "estimate" => Field::Estimate,
        "label_ids" => Field::Label,
        "epic_id" => Field::Epic,
        "project_id" => Field::Component,
        "group_id" => Field::Project,
        "parent_id" | "parent_story_id" => Field::Parent,
        "name" => Field::Title,
        "description" => Field::Body,
        "story_type" => Field::Kind,
        "deadline" => Field::Due,
        "archived" => Field::Archived,
        "position" => Field::Rank,
        other => Field::Other(other.to_owned()),
    }
}

fn named(field: &str, value: &Value, names: &Names) -> Option<Named> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(match field {
        "workflow_state_id" => {
            let state = names.state(&text);
            Named::new(state.id, state.name)
        }
        "owner_ids" => {
            let person = names.person(&text);
            Named::new(person.id, person.name)
        }
        "iteration_id" => {
            let sprint = names.sprint(&text);
            Named::new(Some(sprint.id), sprint.name)
        }
        "label_ids" => Named::new(None, names.named(&text).name),
        "epic_id" | "project_id" | "group_id" => names.named(&text),
        "deadline" => Named::new(None, text.get(..10).unwrap_or(&text)),
        "archived" if text == "false" => return None,
        _ => Named::new(None, text),
    })
}
