//! Linear's CSV: a row an issue, without history.
use super::{category, issue::priority};
use crate::{
    Category, Issue, IssueName, Link, LinkKind, Named, Person, Project, Sprint, State,
    table::{Cells, parts, time},
};
use intake::{Report, instant, stream::Row};
use jiff::{Timestamp, tz::Offset};
use serde_json::Value;

#[derive(Default)]
pub struct Table {
    warned: bool,
}

impl Table {
    /// An issue, if the table is of issues.
    pub fn issue(&mut self, row: &Row, report: &mut Report, file: &str) -> Option<Issue> {
        let cells = Cells::of(row);
        let (Some(key), Some(title)) = (cells.one("ID"), cells.one("Title")) else {
            report.unrecognised("a table without the columns ID and Title", file);
            return None;
        };
        if !self.warned {
            self.warned = true;
            report.incomplete("a table, which holds no history and no comments", file);
        }
        let mut issue = plain(&cells, key, unquoted(&title));
        cells.all("Team");
        issue.beside = cells.rest();
        report.count("issue", 1);
        Some(issue)
    }
}

fn plain(cells: &Cells<'_>, key: String, title: String) -> Issue {
    let at = |name: &str| cells.one(name).and_then(|text| javascript_time(&text));
    let text = |name: &str| cells.one(name).map(|text| unquoted(&text));
    let person = |name: &str| cells.one(name).map(person);
    let (done, cancelled) = (at("Completed"), at("Canceled"));
    let team = key.rsplit_once('-').map(|(team, _)| team.to_owned());
    let state = text("Status").unwrap_or_default();
    Issue {
        id: cells.one("UUID").unwrap_or_else(|| key.clone()),
        project: text("Team").map(|name| Project { id: None, key: team, name }),
        title,
        body: text("Description").unwrap_or_default(),
        state: State { id: None, category: state_category(&state, done, cancelled, at("Started")), name: state },
        creator: person("Creator"),
        reporter: person("Creator"),
        assignees: person("Assignee").into_iter().collect(),
        priority: text("Priority").and_then(|name| priority_of(&name)),
        estimate: cells.one("Estimate").and_then(|number| number.parse().ok()),
        labels: parts(text("Labels"), ','),
        components: text("Project").into_iter().collect(),
        versions: text("Project Milestone")
            .map(|name| Named::new(cells.one("Project Milestone ID"), name))
            .into_iter()
            .collect(),
        due_on: cells.one("Due Date").and_then(|text| day(&text)),
        parent: cells.one("Parent issue").map(|key| IssueName { id: None, key: Some(key) }),
        links: links(cells),
        sprints: cycle(cells, at("Cycle Start"), at("Cycle End")).into_iter().collect(),
        created_at: at("Created"),
        updated_at: at("Updated"),
        started_at: at("Started"),
        finished_at: done.or(cancelled),
        archived: at("Archived").is_some(),
        key,
        ..Issue::default()
    }
}

fn cycle(cells: &Cells<'_>, starts_at: Option<Timestamp>, ends_at: Option<Timestamp>) -> Option<Sprint> {
    let (number, name) = (cells.one("Cycle Number"), cells.one("Cycle Name"));
    let shown = name.or_else(|| number.as_ref().map(|number| format!("Cycle {number}")))?;
    Some(Sprint { id: number.unwrap_or_else(|| shown.clone()), name: shown, starts_at, ends_at, ..Sprint::default() })
}

fn links(cells: &Cells<'_>) -> Vec<Link> {
    let of = |column: &str, kind: LinkKind| {
        let keys = parts(cells.one(column), ',');
        keys.into_iter().map(move |key| Link { kind: kind.clone(), other: IssueName { id: None, key: Some(key) } })
    };
    let blocked = of("Blocked by", LinkKind::BlockedBy);
    let blocks = of("Blocking", LinkKind::Blocks);
    of("Related to", LinkKind::Relates)
        .chain(blocked)
        .chain(blocks)
        .chain(of("Duplicate of", LinkKind::Duplicates))
        .collect()
}

/// The table holds people by their address or, if they left, by their name.
fn person(cell: String) -> Person {
    let mail = Some(cell.clone()).filter(|cell| cell.contains('@'));
    Person { id: Some(cell.clone()), name: cell, mail, ..Person::default() }
}

fn priority_of(name: &str) -> Option<Named> {
    (1..=4).filter_map(priority).find(|known| known.name.eq_ignore_ascii_case(name))
}

/// The table does not say of which kind a state is; the times do, as far as they go.
fn state_category(
    name: &str,
    done: Option<Timestamp>,
    cancelled: Option<Timestamp>,
    started: Option<Timestamp>,
) -> Option<Category> {
    let lower = name.to_ascii_lowercase();
    match (cancelled, done, started) {
        (Some(_), ..) => Some(Category::Cancelled),
        (_, Some(_), _) => Some(Category::Done),
        (_, _, Some(_)) => Some(Category::Started),
        _ => category(Some(&lower)).or((lower == "todo").then_some(Category::Unstarted)),
    }
}

/// A text that a spreadsheet would take for a formula comes with an apostrophe before it.
fn unquoted(text: &str) -> String {
    text.strip_prefix('\'').unwrap_or(text).to_owned()
}

/// `Tue Apr 20 2021 13:22:11 GMT+0000 (Coordinated Universal Time)`, as JavaScript prints it, or RFC 3339.
fn javascript_time(text: &str) -> Option<Timestamp> {
    let text = unquoted(text);
    let plain = text.split(" (").next().unwrap_or_default();
    let (civil, offset) = plain.split_once(" GMT").unwrap_or((plain, "+0000"));
    let (sign, digits) = offset.split_at_checked(1)?;
    let minutes = digits.parse::<i32>().ok().map(|number| number / 100 * 60 + number % 100);
    let seconds = minutes.map(|minutes| if sign == "-" { -minutes * 60 } else { minutes * 60 });
    let offset = seconds.and_then(|seconds| Offset::from_seconds(seconds).ok()).unwrap_or(Offset::UTC);
    instant(&Value::from(text.as_str())).or_else(|| time(civil, &["%a %b %d %Y %H:%M:%S"], offset))
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    let plain = text.get(..10).and_then(|day| day.parse().ok());
    plain.or_else(|| Some(javascript_time(text)?.to_zoned(jiff::tz::TimeZone::UTC).date()))
}
