//! Reads people from the CSV file of a people system, unchanged as it was exported.
//!
//! Bytes go in and structures come out; nothing is looked up and nothing is stored. A row that cannot be read becomes
//! an error with its line, and never stops the others.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    columns::{self, Layout},
    decode::decode,
    headers::{self, Field, Meaning},
    managers, rows,
    table::{self, MOST_COLUMNS, Opened, Record},
};

/// The most rows that are read from one file.
pub const MOST_ROWS: usize = 50_000;
/// Beyond this many, the file as a whole is damaged rather than a few of its rows.
const MOST_UNCLOSED_QUOTES: usize = 100;

/// Reads a file: at most 20 MiB, 50,000 rows, 200 columns and 20,000 characters a cell.
///
/// # Errors
/// [`Unreadable`] if the file as a whole cannot be read; its sentence says what to do.
pub fn read(bytes: &[u8], mapping: &Mapping) -> Result<Reading, Unreadable> {
    let (text, encoding) = decode(bytes)?;
    let known = |header: &str| mapping.choice(header).is_some() || headers::meaning(header) != Meaning::Unknown;
    let Opened { delimiter, header, rows } = table::open(&text, known)?;
    let layout = Layout::new(&header, mapping);
    let mut reading = Reading {
        encoding,
        delimiter,
        header_line: header.line,
        columns: layout.columns.clone(),
        left_out: layout.headers(|reason| matches!(reason, Reason::Sensitive | Reason::HomeAddress)),
        ignored: layout.headers(|reason| matches!(reason, Reason::Unknown | Reason::Ignored | Reason::Unused)),
        ..Reading::default()
    };
    if !layout.names_people() {
        reading.errors.push(RowError {
            line: header.line,
            column: None,
            sentence: "No column with names was recognised. Choose the column that holds the names.".into(),
        });
        return Ok(reading);
    }
    let picked = pick(rows, &layout, known, &mut reading.errors)?;
    let (drafts, dates) = rows::draft(&picked, &layout, mapping.date_order);
    reading.dates = dates;
    managers::settle(drafts, &mut reading);
    reading.errors.sort_by_key(|error| error.line);
    reading.notes.sort_by_key(|note| note.line);
    Ok(reading)
}

/// What a person chose instead of what was recognised.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mapping {
    /// By column name; case, spaces, punctuation and diacritics do not count.
    pub columns: BTreeMap<String, Choice>,
    /// The answer to [`DateOrder::Unknown`]. It holds for all columns.
    pub date_order: Option<Order>,
}

impl Mapping {
    pub(super) fn choice(&self, header: &str) -> Option<Choice> {
        if self.columns.is_empty() || header.len() > headers::LONGEST_HEADER {
            return None;
        }
        let folded = headers::fold(header);
        self.columns.iter().find(|(name, _)| headers::fold(name) == folded).map(|(_, choice)| *choice)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    Use(Field),
    Ignore,
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub encoding: Encoding,
    pub delimiter: Delimiter,
    /// The line of the column names, counted from 1.
    pub header_line: u64,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Rows that were not read, and why; sorted by line.
    pub errors: Vec<RowError>,
    /// What was not understood in rows that were read; sorted by line.
    pub notes: Vec<RowError>,
    /// The names of columns that hold what Cairn does not take, such as pay or birth dates.
    pub left_out: Vec<String>,
    /// The names of columns that are not used. Their values are never shown.
    pub ignored: Vec<String>,
    pub dates: Vec<DateColumn>,
}

impl Reading {
    /// The question to ask before anything is stored: dates of that column are missing from the rows until
    /// [`Mapping::date_order`] answers it.
    pub fn date_question(&self) -> Option<(&str, &DateQuestion)> {
        self.dates.iter().find_map(|column| match &column.order {
            DateOrder::Unknown(question) => Some((column.header.as_str(), question)),
            _ => None,
        })
    }
}

/// The file as a whole cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub sentence: String,
}

impl Unreadable {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self { sentence: sentence.into() }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    #[default]
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
    Windows1252,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delimiter {
    #[default]
    Comma,
    Semicolon,
    Tab,
    Pipe,
}

impl Delimiter {
    pub fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }
}

/// A column and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Column {
    /// As the file writes it; "Column 3" for a column without a name or with more than 400 bytes of it.
    pub header: String,
    /// `None` for a column that is not used.
    pub field: Option<Field>,
    pub reason: Reason,
}

/// Why a column is used or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its name is known.
    Recognised,
    /// The mapping says so.
    Chosen,
    /// Used where a better column for the same field is empty.
    SecondChoice,
    /// A better column for the same field is there.
    Unused,
    /// The mapping says so.
    Ignored,
    /// It holds pay, birth, health, home or the like.
    Sensitive,
    /// It stands beside a street and so is where someone lives.
    HomeAddress,
    Unknown,
}

impl Reason {
    /// The reason in words.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Recognised => "Recognised by its name.",
            Self::Chosen => "You chose this.",
            Self::SecondChoice => "Used where the first column for this is empty.",
            Self::Unused => "Another column says this better.",
            Self::Ignored => "You chose to leave this out.",
            Self::Sensitive => "Left out on purpose: Cairn does not need this about a person.",
            Self::HomeAddress => "Left out on purpose: it is part of a home address.",
            Self::Unknown => "The name of this column is not known.",
        }
    }
}

/// A row that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The line on which the row begins, as an editor counts, from 1.
    pub line: u64,
    pub person: Parsed,
}

/// What a row says of a person. All texts are plain, trimmed, without control characters and in normal form C.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parsed {
    /// What to call the person in full, with the preferred first name. Never empty.
    pub name: String,
    pub preferred_name: Option<String>,
    pub pronouns: Option<String>,
    /// Valid and in lower case.
    pub email: Option<String>,
    pub employee_id: Option<String>,
    pub title: Option<String>,
    pub level: Option<String>,
    /// From the outermost team to the person's own; empty if the file does not say.
    pub team: Vec<String>,
    pub location: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    /// An IANA time zone name.
    pub zone: Option<String>,
    /// Working hours in the file's words.
    pub working_hours: Option<String>,
    /// Hours, more than 0 and at most 168.
    pub weekly_hours: Option<f64>,
    /// Of full time, more than 0 and at most 2.
    pub full_time_share: Option<f64>,
    pub start_date: Option<Date>,
    /// Never before the start date.
    pub end_date: Option<Date>,
    pub employment_type: Option<EmploymentType>,
    pub status: Option<Status>,
    pub manager: Option<Manager>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentType {
    Permanent,
    FixedTerm,
    Contractor,
    PartTime,
    Intern,
    /// In the file's words.
    Other(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Active,
    /// Hired, but not started.
    Upcoming,
    OnLeave,
    /// No longer with the company, or with a closed account.
    Ended,
}

impl Status {
    pub fn is_active(self) -> bool {
        self != Self::Ended
    }
}

/// Whom a person reports to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manager {
    /// The person in the row that begins on this line, which was read.
    InFile {
        line: u64,
    },
    /// Someone who is not in the file, or whose row was not read.
    Email(String),
    EmployeeId(String),
    Name(String),
}

/// Something about a row for a person to mend, or to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// The line on which the row begins, as an editor counts, from 1.
    pub line: u64,
    /// The name of the column, if one column is to blame.
    pub column: Option<String>,
    pub sentence: String,
}

/// Which part of "05/01/2024" is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    DayFirst,
    MonthFirst,
}

/// How the dates of a column were read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateColumn {
    pub header: String,
    pub order: DateOrder,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// No date of the column can be read in two ways.
    Clear,
    /// Chosen, or shown by other dates of the file.
    Known(Order),
    /// Some dates prove one order and some the other; those that could be either are errors.
    Mixed,
    /// Nothing tells. The dates that could be either are missing from the rows.
    Unknown(DateQuestion),
}

/// A date that can be read in two ways.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DateQuestion {
    pub line: u64,
    /// As the file writes it.
    pub value: String,
    pub day_first: Date,
    pub month_first: Date,
}

/// The cells of one row that are used, in the order of [`Layout::slots`].
pub(super) struct Picked<'t> {
    pub line: u64,
    pub cells: Vec<Cow<'t, str>>,
}

fn pick<'t>(
    records: table::Records<'t>,
    layout: &Layout,
    known: impl Fn(&str) -> bool,
    errors: &mut Vec<RowError>,
) -> Result<Vec<Picked<'t>>, Unreadable> {
    let mut rows = Vec::new();
    let (mut count, mut unclosed) = (0, 0);
    let mut records = records.filter(|record| !record.is_blank()).peekable();
    while let Some(record) = records.next() {
        // Some systems write a second line of column names, for people.
        let is_labels = count == 0 && table::known_names(&record, &known) * 2 >= record.filled().count().max(3);
        let is_footer = records.peek().is_none() && columns::is_footer(&record);
        if is_labels || is_footer {
            continue;
        }
        count += 1;
        unclosed += usize::from(record.unclosed_quote);
        if count > MOST_ROWS {
            return Err(Unreadable::new("The file has more than 50,000 rows. Split it into smaller files."));
        }
        if unclosed > MOST_UNCLOSED_QUOTES {
            return Err(Unreadable::new(
                "More than 100 rows have a quotation mark that is not closed. Export the file again.",
            ));
        }
        match fault(&record, layout) {
            Some((column, sentence)) => errors.push(RowError { line: record.line, column, sentence }),
            None => rows.push(layout.pick(record)),
        }
    }
    Ok(rows)
}

/// What makes a record unreadable as a row: the column to blame, if one is, and a sentence.
fn fault(record: &Record, layout: &Layout) -> Option<(Option<String>, String)> {
    let width = layout.columns.len();
    if record.unclosed_quote {
        return Some((None, "A quotation mark opens in this row and is not closed. Add or remove one.".into()));
    }
    let surplus = record.cells.get(width..).unwrap_or_default().iter().any(|cell| !cell.trim().is_empty());
    if record.cells.len() < width || surplus {
        let cells = match record.cells.len() {
            count if count > MOST_COLUMNS => format!("more than {MOST_COLUMNS} cells"),
            1 => "1 cell".into(),
            count => format!("{count} cells"),
        };
        let mend = "Look for a missing or stray delimiter or quotation mark.";
        return Some((None, format!("This row has {cells}, but the header has {width}. {mend}")));
    }
    let too_long = |cell: &Cow<str>| cell.len() > table::LONGEST_CELL && cell.chars().count() > table::LONGEST_CELL;
    let column = &layout.columns[record.cells[..width].iter().position(too_long)?];
    Some((Some(column.header.clone()), "This cell is longer than 20,000 characters. Shorten it.".into()))
}
