//! Issues as tables in CSV, in which no cell is a formula.
use crate::import::{Incoming, IncomingRelation, Somebody};
use std::io::Write;

/// The tables of an export: their names and their columns.
pub const TABLES: [(&str, &[&str]); 5] = [
    (
        "issues",
        &[
            "key",
            "team",
            "title",
            "state",
            "category",
            "assignee",
            "assignee_mail",
            "creator",
            "creator_mail",
            "priority",
            "estimate",
            "due_on",
            "labels",
            "parent",
            "relations",
            "former_keys",
            "created_at",
            "updated_at",
            "started_at",
            "finished_at",
            "description",
        ],
    ),
    ("comments", &["key", "at", "edited_at", "author", "author_mail", "body"]),
    ("changes", &["key", "at", "author", "author_mail", "field", "from", "to"]),
    ("states", &["key", "state", "category", "from", "until"]),
    ("fields", &["key", "field", "holds", "value", "mail"]),
];

/// Writes the rows of an issue, one table each, in the order of [`TABLES`].
///
/// # Errors
/// Where they cannot be written.
pub fn write<W: Write>(tables: &mut [csv::Writer<W>; 5], team: &str, issue: &Incoming) -> csv::Result<()> {
    let [issues, comments, changes, states, fields] = tables;
    let key = &*issue.key;
    row(issues, &main_row(team, issue))?;
    for note in &issue.notes {
        let [author, mail] = person(note.by.as_ref());
        row(comments, &[key.into(), note.at.to_string(), shown(note.edited_at), author, mail, note.body.to_string()])?;
    }
    for change in &issue.changes {
        let [author, mail] = person(change.by.as_ref());
        let field = change.named.as_ref().map_or_else(|| change.field.word().to_owned(), ToString::to_string);
        let (from, to) = (change.from.to_string(), change.to.to_string());
        row(changes, &[key.into(), change.at.to_string(), author, mail, field, from, to])?;
    }
    for visit in &issue.visits {
        let (name, category) = (visit.state.name.to_string(), visit.state.category.word().to_owned());
        row(states, &[key.into(), name, category, visit.from_at.to_string(), shown(visit.until_at)])?;
    }
    for one in &issue.custom {
        let [name, mail] = person(one.person.as_ref());
        let value = if one.person.is_some() { name } else { one.value.to_string() };
        row(fields, &[key.into(), one.field.to_string(), one.kind.word().to_owned(), value, mail])?;
    }
    Ok(())
}

fn main_row(team: &str, issue: &Incoming) -> Vec<String> {
    let ([assignee, assignee_mail], [creator, creator_mail]) =
        (person(issue.assignee.as_ref()), person(issue.creator.as_ref()));
    let relation = |one: &IncomingRelation| format!("{} {}", one.direction.word(), &*one.other.key);
    let joined = |all: Vec<String>| all.join("; ");
    vec![
        issue.key.to_string(),
        team.to_owned(),
        issue.title.to_string(),
        issue.state.name.to_string(),
        issue.state.category.word().to_owned(),
        assignee,
        assignee_mail,
        creator,
        creator_mail,
        issue.priority.word().to_owned(),
        shown(issue.estimate),
        shown(issue.due_on),
        joined(issue.labels.iter().chain(&issue.shared_labels).map(ToString::to_string).collect()),
        issue.parent.as_ref().map(|parent| parent.key.to_string()).unwrap_or_default(),
        joined(issue.relations.iter().map(relation).collect()),
        joined(issue.former_keys.iter().map(ToString::to_string).collect()),
        issue.created_at.to_string(),
        issue.updated_at.to_string(),
        shown(issue.started_at),
        shown(issue.finished_at),
        issue.body.to_string(),
    ]
}

fn person(who: Option<&Somebody>) -> [String; 2] {
    let mail = who.and_then(|one| one.mail.as_ref()).map(ToString::to_string);
    [who.map(|one| one.name.to_string()).unwrap_or_default(), mail.unwrap_or_default()]
}

fn shown(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn row<W: Write>(table: &mut csv::Writer<W>, cells: &[String]) -> csv::Result<()> {
    table.write_record(cells.iter().map(|cell| safe(cell)))
}

/// Programs for tables take what begins like a formula for one; behind an apostrophe they show it as text.
fn safe(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}
