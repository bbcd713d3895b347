//! Shortcut's CSV: a row a story, without history; its times are local, with their offset in a column.
use crate::{
    Category, History, Issue, IssueName, Named, Person, Project, Sprint, State, Task,
    table::{Cells, parts, time},
};
use intake::{Report, stream::Row};
use jiff::{Timestamp, tz::Offset};

#[derive(Default)]
pub struct Table {
    warned: bool,
}

impl Table {
    /// A story, if the table is of stories.
    pub fn issue(&mut self, row: &Row, report: &mut Report, file: &str) -> Option<Issue> {
        let cells = Cells::of(row);
        let (Some(id), Some(name), true) = (cells.one("id"), cells.one("name"), cells.has("utc_offset")) else {
            report.unrecognised("a table without the columns id, name and utc_offset", file);
            return None;
        };
        if !self.warned {
            self.warned = true;
            report.incomplete("a table, which holds no history and no comments", file);
        }
        let mut issue = plain(&cells, id, name);
        issue.beside = cells.rest();
        report.count("story", 1);
        Some(issue)
    }
}

fn plain(cells: &Cells<'_>, id: String, title: String) -> Issue {
    const FORMATS: [&str; 4] = ["%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"];
    let offset = offset(&cells.one("utc_offset").unwrap_or_default());
    let at = |name: &str| cells.one(name).and_then(|text| time(&text, &FORMATS, offset));
    let due = cells.one("due_date").and_then(|text| time(&text, &FORMATS, Offset::UTC));
    let requester = cells.one("requester").map(person);
    let epic = cells.one("epic_id").map(|id| IssueName { id: Some(id), key: None });
    let iteration = cells.one("iteration_id").zip(cells.one("iteration"));
    let yes = |name: &str| cells.one(name).is_some_and(|cell| cell.eq_ignore_ascii_case("true"));
    Issue {
        key: format!("sc-{id}"),
        id,
        project: cells.one("team").map(|name| Project { id: cells.one("team_id"), key: None, name }),
        title,
        body: cells.one("description").unwrap_or_default(),
        kind: cells.one("type"),
        state: state(cells.one("state").unwrap_or_default(), yes("is_completed"), at("started_at")),
        creator: requester.clone(),
        reporter: requester,
        assignees: parts(cells.one("owners"), ';')
            .into_iter()
            .flat_map(|one| parts(Some(one), ','))
            .map(person)
            .collect(),
        priority: cells.one("priority").map(|name| Named::new(None, name)),
        estimate: cells.one("estimate").and_then(|number| number.parse().ok()),
        labels: parts(cells.one("labels"), ';').into_iter().flat_map(|one| parts(Some(one), ',')).collect(),
        components: cells.one("project").into_iter().collect(),
        due_on: due.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date()),
        epic,
        sprints: iteration.map(|(id, name)| Sprint { id, name, ..Sprint::default() }).into_iter().collect(),
        created_at: at("created_at"),
        updated_at: at("updated_at"),
        started_at: at("started_at"),
        finished_at: at("completed_at"),
        archived: yes("is_archived"),
        checklist: tasks(cells.one("tasks")),
        history: History::Absent,
        ..Issue::default()
    }
}

/// `[X] done;[ ] open`.
fn tasks(cell: Option<String>) -> Vec<Task> {
    let task = |part: String| {
        let (mark, text) = part.strip_prefix('[')?.split_once(']')?;
        Some(Task { text: text.trim().to_owned(), done: mark.trim().eq_ignore_ascii_case("x") })
    };
    parts(cell, ';').into_iter().filter_map(task).collect()
}

fn person(cell: String) -> Person {
    let mail = Some(cell.clone()).filter(|cell| cell.contains('@'));
    Person { id: Some(cell.clone()), name: cell, mail, ..Person::default() }
}

/// The table does not say of which kind a state is; the times do, as far as they go.
fn state(name: String, completed: bool, started: Option<Timestamp>) -> State {
    let category = match (completed, started) {
        (true, _) => Some(Category::Done),
        (false, Some(_)) => Some(Category::Started),
        (false, None) => None,
    };
    State { id: None, name, category }
}

/// `-0400` or `-04:00`.
fn offset(text: &str) -> Offset {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number: i32 = digits.parse().unwrap_or(0);
    let seconds = (number / 100 * 60 + number % 100) * 60;
    Offset::from_seconds(if text.trim().starts_with('-') { -seconds } else { seconds }).unwrap_or(Offset::UTC)
}
