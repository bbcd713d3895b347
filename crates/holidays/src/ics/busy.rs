//! When somebody is busy, by a calendar of any program: times and nothing else.
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::event::Component;
use super::lines::{self, Property};
use super::repeat::Repeat;
use super::value::Moment;
use super::{Error, Limits};

/// So many steps the repetitions of one calendar take together.
const STEPS: usize = 500_000;

/// The times within `span` at which the owner of a calendar is busy, in order and apart from each other. Dates and times
/// without a zone are those of `own`. Events that are cancelled or marked as free are passed over, and so are those that
/// cannot be understood.
///
/// # Errors
/// A file that is no calendar, or is beyond a limit.
pub fn busy(
    text: &str,
    limits: &Limits,
    span: Range<Timestamp>,
    own: &TimeZone,
) -> Result<Vec<Range<Timestamp>>, Error> {
    if text.len() > limits.bytes {
        return Err(Error::new(1, format!("The file has more than {} bytes, the most that is read.", limits.bytes)));
    }
    let events: Vec<Busy> = components(text, limits)?.iter().filter_map(|one| Busy::of(one, own)).collect();
    let mut replaced: HashMap<&str, HashSet<Date>> = HashMap::new();
    for event in &events {
        if let Some(date) = event.replaces {
            replaced.entry(&event.uid).or_default().insert(date);
        }
    }
    let (mut steps, mut times) = (STEPS, Vec::new());
    for event in &events {
        let without = replaced.get(event.uid.as_str()).filter(|_| event.replaces.is_none());
        event.times(&span, without, &mut steps, &mut times);
        if steps == 0 || times.len() > limits.events {
            return Err(Error::new(1, "The calendar repeats more events than are read."));
        }
    }
    Ok(joined(times))
}

/// The events of a calendar.
fn components<'a>(text: &'a str, limits: &Limits) -> Result<Vec<Component<'a>>, Error> {
    let (mut open, mut found): (Vec<String>, Vec<Component>) = (Vec::new(), Vec::new());
    for line in lines::unfold(text, limits.line_bytes) {
        let property = Property::parse(line?)?;
        let name = property.value.trim().to_ascii_uppercase();
        match property.name.as_str() {
            "BEGIN" if open.is_empty() && name != "VCALENDAR" => return Err(super::not_a_calendar(property.line)),
            "BEGIN" => {
                if name == "VEVENT" {
                    found.push(Component::new(property.line));
                }
                open.push(name);
            }
            "END" => drop(open.pop()),
            _ if open.is_empty() => return Err(super::not_a_calendar(property.line)),
            _ => {
                if let (Some("VEVENT"), Some(component)) = (open.last().map(String::as_str), found.last_mut()) {
                    component.properties.push(property);
                }
            }
        }
        if found.len() > limits.events {
            return Err(Error::new(
                1,
                format!("The calendar holds more than {} events, the most that is read.", limits.events),
            ));
        }
    }
    Ok(found)
}

/// One event, with its repetitions.
struct Busy {
    uid: String,
    start: DateTime,
    end: DateTime,
    zone: TimeZone,
    repeat: Option<Repeat>,
    left_out: HashSet<Date>,
    /// The repetition for which it stands.
    replaces: Option<Date>,
    /// It takes no time: it was called off, or its owner is free meanwhile.
    free: bool,
}

impl Busy {
    fn of(component: &Component, own: &TimeZone) -> Option<Busy> {
        let says = |name: &str, what: &str| component.text(name).is_some_and(|text| text.eq_ignore_ascii_case(what));
        let start = component.moment("DTSTART").ok()??;
        let event = component.event(&start).ok()?;
        let (begins, ends) = match &event.times {
            Some(times) => (times.start, times.end),
            None => (event.first.to_datetime(jiff::civil::Time::midnight()), event.last.tomorrow().ok()?.into()),
        };
        let zone = start.zone.as_deref();
        let local = |moment: &Moment| moment.in_zone(zone).date();
        let left_out = component.properties.iter().filter(|property| property.name == "EXDATE");
        let left_out = left_out.filter_map(Moment::parse_all).flatten().map(|moment| local(&moment)).collect();
        let repeat = match component.find("RRULE") {
            Some(rule) => Some(Repeat::parse(&rule.value, start.at.date())?),
            None => None,
        };
        Some(Busy {
            uid: component.text("UID").unwrap_or_default(),
            start: begins,
            end: ends,
            zone: zone.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| own.clone()),
            repeat,
            left_out,
            replaces: component.moment("RECURRENCE-ID").ok()?.map(|moment| local(&moment)),
            free: says("STATUS", "CANCELLED") || says("TRANSP", "TRANSPARENT"),
        })
    }

    fn times(
        &self,
        span: &Range<Timestamp>,
        without: Option<&HashSet<Date>>,
        steps: &mut usize,
        into: &mut Vec<Range<Timestamp>>,
    ) {
        if self.free {
            return;
        }
        let last = span.end.to_zoned(self.zone.clone()).date();
        let dates = match &self.repeat {
            Some(repeat) => repeat.dates(self.start.date(), last, steps),
            None => vec![self.start.date()],
        };
        let stands = |date: &Date| !self.left_out.contains(date) && !without.is_some_and(|dates| dates.contains(date));
        for date in dates.into_iter().filter(stands) {
            if let Some(time) = self.on(date).filter(|time| time.start < span.end && time.end > span.start) {
                into.push(time.start.max(span.start)..time.end.min(span.end));
            }
        }
    }

    fn on(&self, date: Date) -> Option<Range<Timestamp>> {
        let shift = self.start.date().until(date).ok()?;
        let at = |local: DateTime| Some(local.checked_add(shift).ok()?.to_zoned(self.zone.clone()).ok()?.timestamp());
        let (start, end) = (at(self.start)?, at(self.end)?);
        (start < end).then_some(start..end)
    }
}

fn joined(mut times: Vec<Range<Timestamp>>) -> Vec<Range<Timestamp>> {
    times.sort_by_key(|time| time.start);
    let mut all: Vec<Range<Timestamp>> = Vec::with_capacity(times.len());
    for time in times {
        match all.last_mut() {
            Some(last) if time.start <= last.end => last.end = last.end.max(time.end),
            _ => all.push(time),
        }
    }
    all
}
