//! Writes calendars as RFC 5545 has them: times in UTC, texts escaped, lines folded at 75 bytes; and invitations, which are
//! such calendars with a method of RFC 5546.
#[cfg(test)]
mod tests;

use jiff::Timestamp;

/// A calendar that is to be written.
#[derive(Clone, Debug)]
pub struct Draft {
    /// What programs call it.
    pub name: String,
    pub method: Option<Method>,
    pub entries: Vec<Entry>,
}

/// What a calendar that comes by mail wants of the program that reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Enter or change its event.
    Request,
    Cancel,
}

/// One event.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The same for ever, whatever changes; unlike that of any other event of the world.
    pub uid: String,
    /// Raised whenever the time or the state changes.
    pub sequence: i64,
    pub changed_at: Timestamp,
    pub start: Timestamp,
    pub end: Timestamp,
    pub summary: String,
    pub description: String,
    pub url: String,
    pub cancelled: bool,
    /// Whether the time is taken by it.
    pub busy: bool,
    /// In an invitation alone.
    pub organizer: Option<Party>,
    pub attendees: Vec<Party>,
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct Party {
    pub name: String,
    /// A mail address.
    pub mail: String,
}

/// So many bytes has a line at the most, without its end.
const WIDTH: usize = 75;

/// The text of a calendar, whose media type is `text/calendar; charset=utf-8`.
pub fn write(draft: &Draft) -> String {
    let mut out = Lines::default();
    out.put("BEGIN", "VCALENDAR");
    out.put("VERSION", "2.0");
    out.put("PRODID", "-//Cairn//Cairn//EN");
    out.put("CALSCALE", "GREGORIAN");
    match draft.method {
        Some(method) => out.put("METHOD", method.word()),
        None => {
            out.text("X-WR-CALNAME", &draft.name);
            out.put("REFRESH-INTERVAL;VALUE=DURATION", "PT1H");
            out.put("X-PUBLISHED-TTL", "PT1H");
        }
    }
    for entry in &draft.entries {
        entry.write(&mut out);
    }
    out.put("END", "VCALENDAR");
    out.0
}

impl Method {
    /// As the calendar and the media type of the letter name it.
    pub fn word(self) -> &'static str {
        match self {
            Method::Request => "REQUEST",
            Method::Cancel => "CANCEL",
        }
    }
}

impl Entry {
    fn write(&self, out: &mut Lines) {
        out.put("BEGIN", "VEVENT");
        out.text("UID", &self.uid);
        out.put("DTSTAMP", &utc(self.changed_at));
        out.put("LAST-MODIFIED", &utc(self.changed_at));
        out.put("SEQUENCE", &self.sequence.to_string());
        out.put("DTSTART", &utc(self.start));
        out.put("DTEND", &utc(self.end));
        out.text("SUMMARY", &self.summary);
        out.text("DESCRIPTION", &self.description);
        if !self.url.is_empty() {
            out.put("URL", &plain(&self.url));
        }
        out.put("STATUS", if self.cancelled { "CANCELLED" } else { "CONFIRMED" });
        out.put("TRANSP", if self.busy { "OPAQUE" } else { "TRANSPARENT" });
        if let Some(organizer) = &self.organizer {
            out.put(&format!("ORGANIZER;CN={}", organizer.parameter()), &organizer.address());
        }
        for one in &self.attendees {
            let head = format!("ATTENDEE;CN={};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION", one.parameter());
            out.put(&head, &one.address());
        }
        out.put("END", "VEVENT");
    }
}

impl Party {
    /// The name as the value of a parameter, in which RFC 6868 writes what may not stand within quotes.
    fn parameter(&self) -> String {
        let name = self.name.replace('^', "^^").replace('"', "^'").replace(['\r', '\n'], " ");
        format!("\"{}\"", plain(&name))
    }

    fn address(&self) -> String {
        format!("mailto:{}", plain(&self.mail))
    }
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// Without the characters that no content line may hold.
fn plain(text: &str) -> String {
    text.chars().filter(|one| *one == '\t' || !one.is_control()).collect()
}

/// A value of the type TEXT (RFC 5545, 3.3.11). The ends of lines become `\n`.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for one in text.replace("\r\n", "\n").chars() {
        match one {
            '\n' | '\r' => out.push_str("\\n"),
            '\\' | ';' | ',' => out.extend(['\\', one]),
            one => out.push(one),
        }
    }
    plain(&out)
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn text(&mut self, name: &str, value: &str) {
        self.put(name, &escape(value));
    }

    /// One content line, folded between characters (RFC 5545, 3.1).
    fn put(&mut self, name: &str, value: &str) {
        let mut width = 0;
        for one in name.chars().chain([':']).chain(value.chars()) {
            if width + one.len_utf8() > WIDTH {
                self.0.push_str("\r\n ");
                width = 1;
            }
            self.0.push(one);
            width += one.len_utf8();
        }
        self.0.push_str("\r\n");
    }
}
