//! What an import does, or would do, for people to read.
use super::{
    plan::{Plan, Planned},
    reader::{Column, DateQuestion, Reading, RowError},
};
use crate::person::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// The most rows that one report lists.
const MOST_ROWS: usize = 500;

/// What an import does, or would do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    #[serde(flatten)]
    pub counts: Counts,
    /// What becomes of people, without those who stay as they are: the first 500 after `after_line`.
    pub rows: Vec<ReportRow>,
    /// The `after_line` with which to ask for the rows that follow; nothing at the end.
    pub next: Option<u64>,
    /// Teams that are made.
    pub teams: Vec<String>,
    /// Rows that are not imported, and why; sorted by line.
    pub errors: Vec<RowError>,
    /// What is not used of rows that are imported; sorted by line.
    pub notes: Vec<RowError>,
    /// Columns that hold what Cairn does not take, such as pay or birth dates.
    pub left_out: Vec<String>,
    /// Columns that are not used.
    pub ignored: Vec<String>,
    pub columns: Vec<Column>,
    /// Dates that can be read in two ways; nothing is imported before `date_order` says how.
    pub date_question: Option<DateQuestion>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    pub added: u64,
    pub changed: u64,
    /// People whose access ends, as the file says that they left.
    pub ended: u64,
    pub unchanged: u64,
    /// Rows that are not imported.
    pub refused: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportRow {
    /// The line on which the row begins, from 1.
    pub line: u64,
    pub outcome: Outcome,
    pub name: String,
    pub changes: Vec<Difference>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Added,
    Changed,
    Ended,
    Unchanged,
}

/// One field before and after; an empty text where there is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Difference {
    pub field: String,
    pub from: String,
    pub to: String,
}

impl Planned<'_> {
    pub fn outcome(&self) -> Outcome {
        match self.old {
            None => Outcome::Added,
            Some(old) if old.deactivated_at != self.new.deactivated_at => Outcome::Ended,
            Some(old) if self.team.is_some() || self.manager.is_some() || differs(old, &self.new) => Outcome::Changed,
            Some(_) => Outcome::Unchanged,
        }
    }
}

pub fn of(reading: &Reading, plan: &Plan<'_>, after_line: u64) -> Report {
    let mut errors: Vec<RowError> = reading.errors.iter().chain(&plan.errors).cloned().collect();
    let mut notes: Vec<RowError> = reading.notes.iter().chain(&plan.notes).cloned().collect();
    errors.sort_by_key(|error| error.line);
    notes.sort_by_key(|note| note.line);
    let mut later = plan.rows.iter().filter(|row| row.line > after_line && row.outcome() != Outcome::Unchanged);
    let rows: Vec<ReportRow> = later.by_ref().take(MOST_ROWS).map(row).collect();
    let next = later.next().and(rows.last()).map(|row| row.line);
    Report {
        counts: counts(plan, &errors),
        rows,
        next,
        teams: plan.team_names.clone(),
        errors,
        notes,
        left_out: reading.left_out.clone(),
        ignored: reading.ignored.clone(),
        columns: reading.columns.clone(),
        date_question: reading.date_question().map(|(_, question)| question.clone()),
    }
}

fn counts(plan: &Plan<'_>, errors: &[RowError]) -> Counts {
    let mut refused: Vec<u64> = errors.iter().map(|error| error.line).collect();
    refused.dedup();
    let mut counts = Counts { refused: refused.len() as u64, ..Counts::default() };
    for row in &plan.rows {
        *match row.outcome() {
            Outcome::Added => &mut counts.added,
            Outcome::Changed => &mut counts.changed,
            Outcome::Ended => &mut counts.ended,
            Outcome::Unchanged => &mut counts.unchanged,
        } += 1;
    }
    counts
}

fn row(row: &Planned<'_>) -> ReportRow {
    let mut changes = differences(row.old, &row.new);
    let team = row.team.as_ref().map(|change| ("team", &change.words));
    let manager = row.manager.as_ref().map(|change| ("manager", &change.words));
    let named = team.into_iter().chain(manager);
    changes.extend(named.map(|(field, [from, to])| Difference::new(field, from.clone(), to.clone())));
    ReportRow { line: row.line, outcome: row.outcome(), name: row.new.name.clone(), changes }
}

type Read = fn(&Record) -> String;

const FIELDS: [(&str, Read); 14] = [
    ("name", |one| one.name.clone()),
    ("pronouns", |one| one.pronouns.clone()),
    ("email", |one| one.email.clone().unwrap_or_default()),
    ("employee_id", |one| one.employee_id.clone().unwrap_or_default()),
    ("title", |one| one.title.clone()),
    ("level", |one| one.level.clone()),
    ("location", |one| one.location.clone()),
    ("zone", |one| one.zone.clone()),
    ("hours", |one| one.hours.clone()),
    ("holidays", |one| one.holidays.clone()),
    ("employment", |one| one.employment.word().to_owned()),
    ("starts_on", |one| one.starts_on.map(|date| date.to_string()).unwrap_or_default()),
    ("ends_on", |one| one.ends_on.map(|date| date.to_string()).unwrap_or_default()),
    ("standing", |one| if one.deactivated_at.is_some() { "left".to_owned() } else { "here".to_owned() }),
];

/// The fields of a record that differ; all that hold something for a new one.
pub fn differences(old: Option<&Record>, new: &Record) -> Vec<Difference> {
    let differing = FIELDS.iter().filter_map(|(field, read)| {
        let (from, to) = (old.map(read).unwrap_or_default(), read(new));
        (from != to).then(|| Difference::new(field, from, to))
    });
    differing.collect()
}

pub fn differs(old: &Record, new: &Record) -> bool {
    FIELDS.iter().any(|(_, read)| read(old) != read(new))
}

impl Difference {
    fn new(field: &str, from: String, to: String) -> Difference {
        Difference { field: field.to_owned(), from, to }
    }

    /// The field as a page says it.
    pub fn label(&self) -> &str {
        match self.field.as_str() {
            "name" => "Name",
            "pronouns" => "Pronouns",
            "email" => "Mail address",
            "employee_id" => "Employee id",
            "title" => "Title",
            "level" => "Level",
            "location" => "Place",
            "zone" => "Time zone",
            "hours" => "Working hours",
            "holidays" => "Holidays",
            "employment" => "Employment",
            "starts_on" => "First day",
            "ends_on" => "Last day",
            "standing" => "Standing",
            "team" => "Team",
            "manager" => "Manager",
            other => other,
        }
    }
}

impl Counts {
    /// `12 people added, 3 changed, 40 unchanged, 2 rows not imported`.
    pub fn in_words(&self) -> String {
        let people = |count: u64| if count == 1 { "1 person".to_owned() } else { format!("{count} people") };
        let rows = |count: u64| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
        let counts = [
            (self.added, people(self.added), "added"),
            (self.changed, people(self.changed), "changed"),
            (self.ended, people(self.ended), "ended"),
            (self.unchanged, people(self.unchanged), "unchanged"),
            (self.refused, rows(self.refused), "not imported"),
        ];
        let some = counts.iter().filter(|(count, ..)| *count > 0);
        let words: Vec<String> = some.map(|(_, subject, verb)| format!("{subject} {verb}")).collect();
        if words.is_empty() { "The file holds nobody".to_owned() } else { words.join(", ") }
    }

    /// Whether the import does anything.
    pub fn is_change(&self) -> bool {
        self.added + self.changed + self.ended > 0
    }
}

/// The report as a terminal shows it.
pub fn report_as_text(report: &Report) -> String {
    let mut text = format!("{}.\n", report.counts.in_words());
    for row in &report.rows {
        let word = match row.outcome {
            Outcome::Added => "add",
            Outcome::Changed => "change",
            Outcome::Ended => "end",
            Outcome::Unchanged => "keep",
        };
        let _ = write!(text, "  line {:<6} {word:<7} {}", row.line, row.name);
        if row.outcome != Outcome::Added {
            let change = |one: &Difference| format!("{} “{}” to “{}”", one.label().to_lowercase(), one.from, one.to);
            let _ = write!(text, ": {}", row.changes.iter().map(change).collect::<Vec<_>>().join(", "));
        }
        text.push('\n');
    }
    if report.next.is_some() {
        text.push_str("  and more\n");
    }
    let lists = [("Teams that are made", &report.teams), ("Left out on purpose", &report.left_out)];
    for (title, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        let _ = writeln!(text, "{title}: {}", names.join(", "));
    }
    if let Some(question) = &report.date_question {
        let (value, day_first, month_first) = (&question.value, question.day_first, question.month_first);
        let _ =
            writeln!(text, "Dates are unclear: {value} may be {day_first} or {month_first}. Say which stands first.");
    }
    for (title, remarks) in [("Not imported", &report.errors), ("Notes", &report.notes)] {
        if !remarks.is_empty() {
            let _ = writeln!(text, "{title}");
        }
        for remark in remarks {
            let column = remark.column.as_ref().map(|column| format!(", column {column}")).unwrap_or_default();
            let _ = writeln!(text, "  line {}{column}: {}", remark.line, remark.sentence);
        }
    }
    text
}

/// The rows that were not imported as CSV (RFC 4180), for the person who mends them.
pub fn errors_as_csv(report: &Report) -> String {
    let line = |error: &RowError| {
        let cells = [error.line.to_string(), error.column.clone().unwrap_or_default(), error.sentence.clone()];
        cells.map(|cell| safe(&cell)).join(",") + "\r\n"
    };
    let lines: String = report.errors.iter().map(line).collect();
    format!("line,column,problem\r\n{lines}")
}

/// A cell that no spreadsheet takes for a formula.
fn safe(cell: &str) -> String {
    let formulas = ['=', '+', '-', '@', '\t', '\r', '\0', '＝', '＋', '－', '＠'];
    let cell = if cell.starts_with(formulas) { format!("'{cell}") } else { cell.to_owned() };
    match cell.contains([',', '"', '\r', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    }
}
