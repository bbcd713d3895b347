//! Reads holidays and leave from iCalendar files (RFC 5545), such as those that personnel systems, Google Calendar and
//! Outlook export, and writes calendars and invitations.
//!
//! Read are the events, once or repeated yearly; for the times at which somebody is [`busy`], with all repetitions. Tasks,
//! alarms and time zone definitions are passed over.

mod busy;
mod event;
mod lines;
mod recurrence;
mod repeat;
mod reply;
#[cfg(test)]
mod tests;
mod value;
mod write;
mod zones;

pub use busy::busy;
pub use reply::{Answer, Reply, read_reply};
pub use write::{Draft, Entry, Method, Party, write};

use std::fmt;

use jiff::civil::{Date, DateTime};

use event::{Component, Occurrence};
use lines::Property;

/// How much of a file is read. A file beyond a limit is refused whole.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Size of the file in bytes.
    pub bytes: usize,
    /// Number of events in the file, and number of events after repetition.
    pub events: usize,
    /// Length of one line in bytes, after the parts of a folded line are joined.
    pub line_bytes: usize,
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Calendar {
    /// The name of the calendar, where the file gives one (`X-WR-CALNAME`).
    pub name: Option<String>,
    /// The events in the file's order. A repeated event stands once for each year within
    /// [`FIRST_YEAR`](crate::FIRST_YEAR)`..=`[`LAST_YEAR`](crate::LAST_YEAR).
    pub events: Vec<Event>,
    /// The events that were left out, to be shown to the person who brought the file.
    pub skipped: Vec<Skipped>,
}

/// One event, or one of the yearly repetitions of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Line in the file at which the event begins, from 1; all its repetitions have the same.
    pub line: usize,
    /// The file's identifier, shared by all repetitions. Where the file has none, it is made of the date and the summary.
    pub uid: String,
    /// The title; empty when the file gives none.
    pub summary: String,
    pub first: Date,
    /// The last day, inclusive.
    pub last: Date,
    /// The times of day; absent when the event lasts whole days.
    pub times: Option<Times>,
    pub cancelled: bool,
}

/// When an event that does not last whole days starts and ends, in wall time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Times {
    pub start: DateTime,
    pub end: DateTime,
    /// IANA name. Absent when the file means the reader's own zone, or names one that nobody knows.
    pub zone: Option<String>,
}

/// An event that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Line in the file at which the event begins, from 1.
    pub line: usize,
    pub summary: String,
    /// Why, for a person to read.
    pub sentence: String,
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Line in the file, from 1.
    pub line: usize,
    /// For a person to read.
    pub sentence: String,
}

/// Reads one file. Lines may end in CRLF or LF, and a byte order mark may come first. An event that cannot be understood
/// is skipped with a reason; a file that is no calendar, is cut off or exceeds a limit is an error.
pub fn read(text: &str, limits: &Limits) -> Result<Calendar, Error> {
    if text.len() > limits.bytes {
        return Err(Error::new(1, format!("The file has more than {} bytes, the most that is read.", limits.bytes)));
    }
    let mut reader = Reader::new(limits);
    for line in lines::unfold(text, limits.line_bytes) {
        reader.take(Property::parse(line?)?)?;
    }
    reader.finish(text)
}

impl Event {
    pub fn all_day(&self) -> bool {
        self.times.is_none()
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 5 * 1024 * 1024, events: 20_000, line_bytes: 64 * 1024 }
    }
}

impl Error {
    fn new(line: usize, sentence: impl Into<String>) -> Self {
        Self { line, sentence: sentence.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Line {}: {}", self.line, self.sentence)
    }
}

impl std::error::Error for Error {}

/// The state between two lines.
struct Reader<'a> {
    limits: &'a Limits,
    /// Names of the components that are open, outermost first.
    open: Vec<String>,
    began: bool,
    component: Option<Component<'a>>,
    components: usize,
    name: Option<String>,
    occurrences: Vec<Occurrence>,
    skipped: Vec<Skipped>,
}

impl<'a> Reader<'a> {
    fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            open: Vec::new(),
            began: false,
            component: None,
            components: 0,
            name: None,
            occurrences: Vec::new(),
            skipped: Vec::new(),
        }
    }

    fn take(&mut self, property: Property<'a>) -> Result<(), Error> {
        match property.name.as_str() {
            "BEGIN" => self.begin(&property),
            "END" => self.end(&property),
            _ if !self.began => Err(not_a_calendar(property.line)),
            _ => {
                self.keep(property);
                Ok(())
            }
        }
    }

    fn begin(&mut self, property: &Property) -> Result<(), Error> {
        let name = property.value.trim().to_ascii_uppercase();
        if self.open.is_empty() && name != "VCALENDAR" {
            return Err(not_a_calendar(property.line));
        }
        if name == "VEVENT" && self.component.is_none() {
            self.components += 1;
            self.check_count(self.components, property.line)?;
            self.component = Some(Component::new(property.line));
        }
        self.began = true;
        self.open.push(name);
        Ok(())
    }

    fn end(&mut self, property: &Property) -> Result<(), Error> {
        let name = property.value.trim().to_ascii_uppercase();
        if self.open.pop().as_ref() != Some(&name) {
            return Err(Error::new(
                property.line,
                "This line ends a part of the calendar that is not the one open here.",
            ));
        }
        if name != "VEVENT" || self.open.iter().any(|outer| outer == "VEVENT") {
            return Ok(());
        }
        let Some(component) = self.component.take() else { return Ok(()) };
        match component.occurrences() {
            Ok(occurrences) => self.occurrences.extend(occurrences),
            Err(sentence) => {
                self.skipped.push(Skipped { line: component.line, summary: component.summary(), sentence });
            }
        }
        self.check_count(self.occurrences.len(), property.line)
    }

    /// Keeps what belongs to an event itself and not to an alarm within it.
    fn keep(&mut self, property: Property<'a>) {
        let innermost = self.open.last().map(String::as_str);
        match (&mut self.component, innermost) {
            (Some(component), Some("VEVENT")) => component.properties.push(property),
            (None, Some("VCALENDAR")) if property.name == "X-WR-CALNAME" => {
                self.name = Some(value::text(&property.value))
            }
            _ => {}
        }
    }

    fn check_count(&self, count: usize, line: usize) -> Result<(), Error> {
        if count <= self.limits.events {
            return Ok(());
        }
        Err(Error::new(line, format!("The file holds more than {} events, the most that is read.", self.limits.events)))
    }

    fn finish(self, text: &str) -> Result<Calendar, Error> {
        if !self.began {
            return Err(not_a_calendar(1));
        }
        if !self.open.is_empty() {
            let line = text.lines().count();
            return Err(Error::new(line, "The file stops in the middle of the calendar. It may have been cut off."));
        }
        let events = event::without_replaced(self.occurrences);
        Ok(Calendar { name: self.name, events, skipped: self.skipped })
    }
}

fn not_a_calendar(line: usize) -> Error {
    Error::new(line, "This is not a calendar file: it does not begin with BEGIN:VCALENDAR.")
}
