use super::{
    LEFT_OUT,
    names::{Names, Role},
    person_at,
};
use crate::{Change, Field, Named};
use intake::{Fields, Report};

/// The changes in histories, each with one or more fields, from the first to the last.
pub fn changes(histories: &[Fields<'_>], names: &Names, report: &mut Report) -> Vec<Change> {
    let mut all: Vec<Change> = histories.iter().flat_map(|history| of_history(history, names, report)).collect();
    all.sort_by_key(|change| change.at);
    all
}

fn of_history(history: &Fields<'_>, names: &Names, report: &mut Report) -> Vec<Change> {
    let (id, author) = (history.id("id"), person_at(history, "author"));
    let items = history.list("items");
    let changes = match history.instant("created") {
        None => Vec::new(),
        Some(at) => items
            .iter()
            .map(|item| {
                let (field, from, to) = of_item(item, names);
                Change { id: id.clone(), at, author: author.clone(), field, from, to }
            })
            .collect(),
    };
    report.add("change", history, &[LEFT_OUT, &["historyMetadata", "author"]].concat());
    changes
}

fn of_item(item: &Fields<'_>, names: &Names) -> (Field, Vec<Named>, Vec<Named>) {
    let name = item.text("field").unwrap_or_default();
    item.text("fieldtype");
    let id = item.text("fieldId");
    let field = field(id, name, names);
    let (from, to) = (side(item, "from", "fromString"), side(item, "to", "toString"));
    let apart = |(id, text): (Option<String>, Option<String>)| values(&field, id, text);
    let (from, to) = (apart(from), apart(to));
    (field, from, to)
}

fn side(item: &Fields<'_>, id: &str, text: &str) -> (Option<String>, Option<String>) {
    (item.id(id), item.text(text).map(str::to_owned))
}

fn field(id: Option<&str>, name: &str, names: &Names) -> Field {
    let known = match names.role_of(id, name) {
        Some(Role::Sprint) => Some(Field::Sprint),
        Some(Role::Estimate) => Some(Field::Estimate),
        Some(Role::Epic) => Some(Field::Epic),
        Some(Role::Rank) => Some(Field::Rank),
        Some(Role::Parent) => Some(Field::Parent),
        Some(Role::EpicName) | None => None,
    };
    known.unwrap_or_else(|| match id.unwrap_or(name).to_lowercase().as_str() {
        "status" => Field::State,
        "assignee" => Field::Assignee,
        "priority" => Field::Priority,
        "labels" => Field::Label,
        "component" | "components" => Field::Component,
        "fix version" | "fixversions" => Field::Version,
        "parent" | "issueparentassociation" => Field::Parent,
        "summary" => Field::Title,
        "description" => Field::Body,
        "issuetype" => Field::Kind,
        "duedate" => Field::Due,
        "key" => Field::Key,
        "project" => Field::Project,
        "resolution" => Field::Resolution,
        "link" | "issuelinks" => Field::Link,
        "attachment" => Field::Attachment,
        _ => Field::Other(id.and_then(|id| names.name(id)).unwrap_or(name).to_owned()),
    })
}

/// One side of a change. Sprints are a list of ids with a list of names, which cannot be told apart where a name holds a
/// comma, so that ids count; labels have a space between them.
fn values(field: &Field, id: Option<String>, text: Option<String>) -> Vec<Named> {
    match field {
        Field::Sprint => {
            let ids: Vec<String> = split(id.as_deref().unwrap_or_default(), ',');
            let names = split(text.as_deref().unwrap_or_default(), ',');
            let name = |at: usize| if names.len() == ids.len() { names[at].clone() } else { String::new() };
            ids.iter().enumerate().map(|(at, id)| Named::new(Some(id.clone()), name(at))).collect()
        }
        Field::Label => {
            let labels = split(text.as_deref().unwrap_or_default(), ' ');
            labels.into_iter().map(|label| Named::new(None, label)).collect()
        }
        Field::Estimate | Field::Title | Field::Kind | Field::Component => {
            text.into_iter().map(|text| Named::new(None, text)).collect()
        }
        Field::Due => id.or(text).into_iter().map(|day| Named::new(None, day)).collect(),
        _ if id.is_none() && text.is_none() => Vec::new(),
        _ => vec![Named { name: text.or_else(|| id.clone()).unwrap_or_default(), id }],
    }
}

fn split(text: &str, between: char) -> Vec<String> {
    text.split(between).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}
