//! Issues and sprints as tables in CSV, in which no cell is a formula.
use crate::import::{Incoming, IncomingPlace, IncomingRelation, IncomingSprint, Somebody};
use std::io::Write;

/// The tables of an export: their names and their columns.
pub const TABLES: [(&str, &[&str]); 8] = [
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
    (
        "sprints",
        &[
            "team",
            "number",
            "name",
            "goal",
            "first_on",
            "last_on",
            "zone",
            "started_at",
            "closed_at",
            "committed_issues",
            "done_issues",
        ],
    ),
    ("sprint_commitments", &["team", "number", "key", "title_then", "estimate"]),
    ("sprint_changes", &["team", "number", "at", "author", "author_mail", "key", "kind", "before", "after", "reason"]),
];

/// A row of one of the tables.
pub type TableRow = (&'static str, Vec<String>);

/// What the tables say of an issue. One that was deleted is in none of them.
pub fn of_issue(team: &str, issue: &Incoming) -> Vec<TableRow> {
    if issue.deleted_at.is_some() {
        return Vec::new();
    }
    let key = &*issue.key;
    let mut rows: Vec<TableRow> = vec![("issues", main_row(team, issue))];
    for note in &issue.notes {
        let [author, mail] = person(note.by.as_ref());
        let cells = vec![key.into(), note.at.to_string(), shown(note.edited_at), author, mail, note.body.to_string()];
        rows.push(("comments", cells));
    }
    for change in &issue.changes {
        let [author, mail] = person(change.by.as_ref());
        let field = change.named.as_ref().map_or_else(|| change.field.word().to_owned(), ToString::to_string);
        let (from, to) = (change.from.to_string(), change.to.to_string());
        rows.push(("changes", vec![key.into(), change.at.to_string(), author, mail, field, from, to]));
    }
    for visit in &issue.visits {
        let (name, category) = (visit.state.name.to_string(), visit.state.category.word().to_owned());
        rows.push(("states", vec![key.into(), name, category, visit.from_at.to_string(), shown(visit.until_at)]));
    }
    for one in &issue.custom {
        let [name, mail] = person(one.person.as_ref());
        let value = if one.person.is_some() { name } else { one.value.to_string() };
        rows.push(("fields", vec![key.into(), one.field.to_string(), one.kind.word().to_owned(), value, mail]));
    }
    rows
}

/// What the tables say of a sprint of the team with this name.
pub fn of_sprint(team: &str, sprint: &IncomingSprint) -> Vec<TableRow> {
    let of = || vec![team.to_owned(), shown(sprint.number)];
    let days = sprint.days.as_ref();
    let done = sprint.report.as_ref().and_then(|report| report.get("done")?.get("issues")?.as_i64());
    let main = [
        sprint.name.to_string(),
        sprint.goal.to_string(),
        shown(days.map(|days| days.first_on)),
        shown(days.map(|days| days.last_on)),
        shown(days.map(|days| days.zone.to_string())),
        shown(sprint.started_at),
        shown(sprint.closed_at),
        sprint.commitment.len().to_string(),
        shown(done),
    ];
    let mut rows: Vec<TableRow> = vec![("sprints", [of().as_slice(), &main].concat())];
    for one in &sprint.commitment {
        let title = one.called.as_ref().map(|called| called.title.to_string()).unwrap_or_default();
        let cells = [one.issue.to_string(), title, shown(one.estimate)];
        rows.push(("sprint_commitments", [of().as_slice(), &cells].concat()));
    }
    for change in &sprint.changes {
        let [author, mail] = person(change.by.as_ref());
        let place = |place: Option<IncomingPlace>| shown(place.and_then(|place| place.estimate));
        let kind = change.kind.map(|kind| kind.word().to_owned()).unwrap_or_default();
        let (before, after) = (place(change.before), place(change.after));
        let (at, key) = (change.at.to_string(), change.issue.to_string());
        let cells = [at, author, mail, key, kind, before, after, change.reason.to_string()];
        rows.push(("sprint_changes", [of().as_slice(), &cells].concat()));
    }
    rows
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

/// Writes a row.
///
/// # Errors
/// Where it cannot be written.
pub fn write<W: Write>(table: &mut csv::Writer<W>, cells: &[String]) -> csv::Result<()> {
    table.write_record(cells.iter().map(|cell| safe(cell)))
}

/// Programs for tables take what begins like a formula for one; behind an apostrophe they show it as text.
fn safe(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}
