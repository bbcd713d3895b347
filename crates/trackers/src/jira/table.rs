//! Jira's CSV: a row an issue, a column for each value of a field that has several.
use crate::{
    Attachment, Category, Comment, Issue, IssueName, Link, LinkKind, Named, Person, Project, Sprint, State,
    table::{self, Cells},
};
use intake::{Report, stream::Row};
use jiff::{
    Timestamp,
    civil::Date,
    tz::{Offset, TimeZone},
};

/// Rows are read one by one; the zone of their times is not written anywhere, so they are taken as UTC.
#[derive(Default)]
pub struct Table {
    warned: bool,
}

impl Table {
    /// An issue, if the table is of issues.
    pub fn issue(&mut self, row: &Row, report: &mut Report, file: &str) -> Option<Issue> {
        let cells = Cells::of(row);
        let Some(key) = cells.one("Issue key") else {
            report.unrecognised("a table without a column named Issue key", file);
            return None;
        };
        if !self.warned {
            self.warned = true;
            report.incomplete("a table, which holds no history and no zone: its times are taken as UTC", file);
        }
        let mut issue = plain(&cells, key);
        issue.beside = cells.rest();
        report.count("issue", 1);
        Some(issue)
    }
}

fn plain(cells: &Cells<'_>, key: String) -> Issue {
    let person = |name: &str, id: &str| person(cells.one(name), cells.one(id));
    let at = |name: &str| cells.one(name).and_then(|text| time(&text));
    let named = |name: &str| cells.one(name).map(|name| Named::new(None, name));
    let number = |name: &str| cells.one(name).and_then(|text| text.parse::<f64>().ok());
    let state = State {
        id: None,
        name: cells.one("Status").unwrap_or_default(),
        category: category(cells.one("Status Category")),
    };
    Issue {
        id: cells.one("Issue id").unwrap_or_else(|| key.clone()),
        project: cells.one("Project name").map(|name| Project { id: None, key: cells.one("Project key"), name }),
        key,
        title: cells.one("Summary").unwrap_or_default(),
        body: cells.one("Description").map(|text| super::wiki::markdown(&text)).unwrap_or_default(),
        kind: cells.one("Issue Type"),
        state,
        resolution: cells.one("Resolution"),
        creator: person("Creator", "Creator Id"),
        reporter: person("Reporter", "Reporter Id"),
        assignees: person("Assignee", "Assignee Id").into_iter().collect(),
        priority: named("Priority"),
        estimate: number("Custom field (Story Points)").or_else(|| number("Custom field (Story point estimate)")),
        labels: cells.all("Labels"),
        components: [cells.all("Component/s"), cells.all("Components")].concat(),
        versions: [cells.all("Fix Version/s"), cells.all("Fix versions")]
            .concat()
            .into_iter()
            .map(|name| Named::new(None, name))
            .collect(),
        due_on: at("Due Date").or_else(|| at("Due date")).map(day),
        parent: cells
            .one("Parent id")
            .or_else(|| cells.one("Parent"))
            .map(|id| IssueName { id: Some(id), key: cells.one("Parent key") }),
        epic: cells.one("Custom field (Epic Link)").map(|key| IssueName { id: None, key: Some(key) }),
        links: links(cells),
        sprints: cells
            .all("Sprint")
            .into_iter()
            .map(|name| Sprint { id: name.clone(), name, ..Sprint::default() })
            .collect(),
        rank: cells.one("Custom field (Rank)"),
        created_at: at("Created"),
        updated_at: at("Updated"),
        finished_at: at("Resolved"),
        attachments: cells.all("Attachment").iter().filter_map(|cell| attachment(cell)).collect(),
        comments: [cells.all("Comment"), cells.all("Comments")]
            .concat()
            .iter()
            .filter_map(|cell| comment(cell))
            .collect(),
        ..Issue::default()
    }
}

fn category(text: Option<String>) -> Option<Category> {
    match text?.as_str() {
        "To Do" => Some(Category::Unstarted),
        "In Progress" => Some(Category::Started),
        "Done" => Some(Category::Done),
        _ => None,
    }
}

/// Columns such as `Inward issue link (Blocks)`: another issue blocks this one.
fn links(cells: &Cells<'_>) -> Vec<Link> {
    let mut links = Vec::new();
    for (head, other) in cells.starting("Inward issue link (").into_iter().chain(cells.starting("Outward issue link ("))
    {
        let outward = head.starts_with("Outward");
        let name = head.split_once('(').map_or("", |(_, name)| name.trim_end_matches(')')).to_owned();
        let kind = match (name.to_ascii_lowercase().as_str(), outward) {
            ("blocks", true) => LinkKind::Blocks,
            ("blocks", false) => LinkKind::BlockedBy,
            ("duplicate", true) => LinkKind::Duplicates,
            ("duplicate", false) => LinkKind::DuplicatedBy,
            ("relates", _) => LinkKind::Relates,
            _ => LinkKind::Other(name),
        };
        links.push(Link { kind, other: IssueName { id: None, key: Some(other) } });
    }
    links
}

/// `date;author;text`.
fn comment(cell: &str) -> Option<Comment> {
    let mut parts = cell.splitn(3, ';');
    let (at, author, body) = (time(parts.next()?)?, parts.next()?, parts.next()?);
    let author = person(Some(author.to_owned()), None);
    Some(Comment {
        id: None,
        answers: None,
        author,
        body: super::wiki::markdown(body),
        created_at: Some(at),
        updated_at: None,
        only_for: None,
    })
}

/// `date;author;name;address`.
fn attachment(cell: &str) -> Option<Attachment> {
    let parts: Vec<&str> = cell.splitn(4, ';').collect();
    let [at, author, name, address] = parts[..] else { return None };
    let author = person(Some(author.to_owned()), None);
    Some(Attachment { name: name.to_owned(), address: Some(address.to_owned()), bytes: None, author, at: time(at) })
}

fn person(name: Option<String>, id: Option<String>) -> Option<Person> {
    let name = name.or_else(|| id.clone())?;
    Some(Person { id: id.or_else(|| Some(name.clone())), name, ..Person::default() })
}

/// The formats that Jira offers for dates, the usual one first.
fn time(text: &str) -> Option<Timestamp> {
    const FORMATS: [&str; 10] = [
        "%d/%b/%y %I:%M %p",
        "%d/%b/%Y %I:%M %p",
        "%d/%b/%y %H:%M",
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%d.%m.%Y %H:%M",
        "%b %d, %Y, %I:%M:%S %p",
        "%m/%d/%Y %I:%M %p",
        "%d/%b/%y",
        "%Y-%m-%d",
    ];
    table::time(text, &FORMATS, Offset::UTC)
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}
