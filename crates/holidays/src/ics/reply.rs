//! Reads what a calendar program answers to an invitation (RFC 5546, 3.2.3).
use super::{
    lines::{self, Property},
    value::{self, Moment},
};
use jiff::{Timestamp, tz::TimeZone};

/// The answer of one attendee to one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    pub uid: String,
    /// The version of the event that is answered; programs leave out the first, which is 0.
    pub sequence: i64,
    /// The mail address of the attendee, in lower case.
    pub attendee: String,
    pub answer: Answer,
    /// When it was written, by the clock of the program.
    pub written_at: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    Tentative,
    Declined,
}

/// A longer text is no answer.
const MOST_BYTES: usize = 64 * 1024;

/// Reads the calendar of a letter; nothing unless it is the answer of one attendee to one event.
pub fn read_reply(text: &str) -> Option<Reply> {
    let event = only_event(text)?;
    let find = |name: &str| event.iter().find(|property| property.name == name);
    let mut attendees = event.iter().filter(|property| property.name == "ATTENDEE");
    let (Some(attendee), None) = (attendees.next(), attendees.next()) else { return None };
    let answer = match attendee.parameter("PARTSTAT")?.to_ascii_uppercase().as_str() {
        "ACCEPTED" => Answer::Accepted,
        "TENTATIVE" => Answer::Tentative,
        "DECLINED" => Answer::Declined,
        _ => return None,
    };
    Some(Reply {
        uid: value::text(&find("UID")?.value).trim().to_owned(),
        sequence: find("SEQUENCE").map_or(Some(0), |property| property.value.trim().parse().ok())?,
        attendee: mail(attendee)?,
        answer,
        written_at: find("DTSTAMP").and_then(instant),
    })
}

/// The lines of the one event of a calendar with the method REPLY.
fn only_event(text: &str) -> Option<Vec<Property<'_>>> {
    if text.len() > MOST_BYTES {
        return None;
    }
    let (mut open, mut events, mut answers): (Vec<String>, Vec<Vec<Property>>, bool) = (Vec::new(), Vec::new(), false);
    for line in lines::unfold(text, MOST_BYTES) {
        let property = Property::parse(line.ok()?).ok()?;
        let named = property.value.trim().to_ascii_uppercase();
        match (property.name.as_str(), open.len()) {
            ("BEGIN", depth) => {
                if depth == 1 && named == "VEVENT" {
                    events.push(Vec::new());
                }
                open.push(named);
            }
            ("END", _) if open.pop()? == named => {}
            ("END", _) => return None,
            ("METHOD", 1) => answers = named == "REPLY",
            (_, 2) if open[1] == "VEVENT" => events.last_mut()?.push(property),
            _ => {}
        }
    }
    let event = events.pop()?;
    (answers && events.is_empty() && open.is_empty()).then_some(event)
}

/// Some programs write another address than that of the mail, and name the mail beside it.
fn mail(attendee: &Property) -> Option<String> {
    let value = attendee.value.trim().to_lowercase();
    let mail = value.strip_prefix("mailto:").map(str::to_owned);
    mail.or_else(|| attendee.parameter("EMAIL").map(str::to_lowercase)).filter(|mail| mail.contains('@'))
}

fn instant(property: &Property) -> Option<Timestamp> {
    let moment = Moment::parse(&property.value, property.parameter("TZID"))?;
    let zone = TimeZone::get(moment.zone.as_deref()?).ok()?;
    Some(moment.at.to_zoned(zone).ok()?.timestamp())
}

#[cfg(test)]
mod tests;
