//! From the lines of one event to the days it covers.

use std::collections::{HashMap, HashSet};

use jiff::Span;
use jiff::civil::{Date, DateTime, Time};

use super::lines::Property;
use super::recurrence::Rule;
use super::value::{self, Moment};
use super::{Event, Times};

/// Longer events are taken for mistakes, and would be a burden on whoever walks their days.
const LONGEST_DAYS: i32 = 3660;

/// The lines of one event.
pub struct Component<'a> {
    pub line: usize,
    pub properties: Vec<Property<'a>>,
}

/// One event to be, and its part in a repetition.
pub struct Occurrence {
    event: Event,
    role: Role,
}

enum Role {
    Single,
    Repetition,
    /// Stands in for the repetition that would have begun on this day.
    Replacement(Date),
}

impl<'a> Component<'a> {
    pub fn new(line: usize) -> Self {
        Self { line, properties: Vec::new() }
    }

    pub fn summary(&self) -> String {
        self.text("SUMMARY").unwrap_or_default()
    }

    /// The events that these lines mean, or a sentence that says why they cannot be read.
    pub fn occurrences(&self) -> Result<Vec<Occurrence>, String> {
        let start = self.moment("DTSTART")?.ok_or("It has no start.")?;
        let event = self.event(&start)?;
        if let Some(replaced) = self.moment("RECURRENCE-ID")? {
            let day = replaced.in_zone(start.zone.as_deref()).date();
            return Ok(vec![Occurrence { event, role: Role::Replacement(day) }]);
        }
        if self.find("RDATE").is_some() {
            return Err("It repeats on a list of dates (RDATE), which is not read.".to_owned());
        }
        let Some(rule) = self.find("RRULE") else { return Ok(vec![Occurrence { event, role: Role::Single }]) };
        let rule = Rule::parse(&rule.value, start.at.date())?;
        self.repetitions(&event, &rule, start.zone.as_deref())
    }

    fn repetitions(&self, event: &Event, rule: &Rule, zone: Option<&str>) -> Result<Vec<Occurrence>, String> {
        let exceptions = self.properties.iter().filter(|property| property.name == "EXDATE").map(Moment::parse_all);
        let exceptions: Option<Vec<_>> = exceptions.collect();
        let exceptions = exceptions.ok_or("A date on which it does not repeat (EXDATE) cannot be read.")?.concat();
        let is_left_out = |date| exceptions.iter().any(|exception| exception.in_zone(zone).date() == date);
        let dates = rule.dates(event.first, zone).into_iter().filter(|date| !is_left_out(*date));
        let shifts = dates.filter_map(|date| event.first.until(date).ok());
        let events = shifts.filter_map(|shift| shifted(event, shift));
        Ok(events.map(|event| Occurrence { event, role: Role::Repetition }).collect())
    }

    /// The event itself, without its repetitions.
    pub fn event(&self, start: &Moment) -> Result<Event, String> {
        let end = self.end(start)?;
        let whole_days = start.is_date || self.is_marked_all_day(start.at, end);
        let first = start.at.date();
        let ends_at_midnight = end.time() == Time::midnight() && end.date() > first;
        let last = if ends_at_midnight { end.date().yesterday().map_err(|_| too_long())? } else { end.date() };
        if first.until(last).map_or(true, |length| length.get_days() > LONGEST_DAYS) {
            return Err(too_long());
        }
        let times = (!whole_days).then(|| Times { start: start.at, end, zone: start.zone.clone() });
        let summary = self.summary();
        let uid = self.text("UID").filter(|uid| !uid.is_empty()).unwrap_or_else(|| format!("{first} {summary}"));
        let cancelled = self.text("STATUS").is_some_and(|status| status.eq_ignore_ascii_case("CANCELLED"));
        Ok(Event { line: self.line, uid, summary, first, last, times, cancelled })
    }

    /// The exclusive end, in the zone of the start.
    fn end(&self, start: &Moment) -> Result<DateTime, String> {
        let end = if let Some(end) = self.moment("DTEND")? {
            if end.is_date != start.is_date {
                return Err("One of its start and end is a date and the other a time.".to_owned());
            }
            end.in_zone(start.zone.as_deref())
        } else if let Some(duration) = self.find("DURATION") {
            let length = value::duration(&duration.value).ok_or("Its duration cannot be read.")?;
            start.at.checked_add(length).map_err(|_| too_long())?
        } else {
            start.at
        };
        if end < start.at {
            return Err("It ends before it starts.".to_owned());
        }
        Ok(end)
    }

    /// Outlook writes events of whole days from midnight to midnight, with a mark of its own.
    fn is_marked_all_day(&self, start: DateTime, end: DateTime) -> bool {
        let is_marked = self.text("X-MICROSOFT-CDO-ALLDAYEVENT").is_some_and(|mark| mark.eq_ignore_ascii_case("TRUE"));
        is_marked && [start, end].iter().all(|edge| edge.time() == Time::midnight())
    }

    pub fn moment(&self, name: &str) -> Result<Option<Moment>, String> {
        let Some(property) = self.find(name) else { return Ok(None) };
        let moment = Moment::parse(&property.value, property.parameter("TZID"));
        moment.map(Some).ok_or_else(|| format!("The date on line {} ({name}) cannot be read.", property.line))
    }

    pub fn text(&self, name: &str) -> Option<String> {
        self.find(name).map(|property| value::text(&property.value))
    }

    pub fn find(&self, name: &str) -> Option<&Property<'a>> {
        self.properties.iter().find(|property| property.name == name)
    }
}

/// All events but the repetitions for which another event of the same file stands in.
pub fn without_replaced(occurrences: Vec<Occurrence>) -> Vec<Event> {
    let mut replaced: HashMap<String, HashSet<Date>> = HashMap::new();
    for Occurrence { event, role } in &occurrences {
        if let Role::Replacement(day) = role {
            replaced.entry(event.uid.clone()).or_default().insert(*day);
        }
    }
    let is_replaced = |event: &Event| replaced.get(&event.uid).is_some_and(|days| days.contains(&event.first));
    let stands =
        |occurrence: &Occurrence| !matches!(occurrence.role, Role::Repetition) || !is_replaced(&occurrence.event);
    occurrences.into_iter().filter(stands).map(|occurrence| occurrence.event).collect()
}

fn shifted(event: &Event, shift: Span) -> Option<Event> {
    let times = match &event.times {
        Some(times) => Some(Times {
            start: times.start.checked_add(shift).ok()?,
            end: times.end.checked_add(shift).ok()?,
            zone: times.zone.clone(),
        }),
        None => None,
    };
    let (first, last) = (event.first.checked_add(shift).ok()?, event.last.checked_add(shift).ok()?);
    Some(Event { first, last, times, ..event.clone() })
}

fn too_long() -> String {
    "It lasts longer than ten years.".to_owned()
}
