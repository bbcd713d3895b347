//! Working time of several people together.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Calendar, Span, instant};
use crate::Time;

/// A span in which the same people are at work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    pub span: Span,
    /// Positions in the slice of people, in order.
    pub present: Vec<usize>,
}

/// When all people are at work at once on a date of the reader's zone, in order. Intervals count wherever they overlap
/// the reader's day, whatever date it is for the people. Nobody has no overlap.
pub fn overlap(people: &[Calendar], day: Date, zone: &TimeZone) -> Vec<Span> {
    let everyone = windows(people, day, zone).into_iter().filter(|window| window.present.len() == people.len());
    everyone.map(|window| window.span).collect()
}

/// The spans of a date of the reader's zone in which the most people are at work, the longest first, then the earliest.
/// Empty if nobody works on that day.
pub fn best_windows(people: &[Calendar], day: Date, zone: &TimeZone) -> Vec<Window> {
    let mut windows = windows(people, day, zone);
    let most = windows.iter().map(|window| window.present.len()).max();
    windows.retain(|window| Some(window.present.len()) == most);
    windows.sort_by_key(|window| Reverse(window.span.duration()));
    windows
}

/// The earliest instant by which everybody has had `duration` of working time since `start`. `None` if somebody has
/// not within three years; `start` if there is nobody.
pub fn earliest_fair(people: &[Calendar], start: Time, duration: SignedDuration) -> Option<Time> {
    people.iter().try_fold(start, |latest, person| Some(latest.max(person.add(start, duration)?)))
}

/// Who has less than `duration` of working time from `start` to `due`: their position in the slice and what is missing.
pub fn short(people: &[Calendar], start: Time, due: Time, duration: SignedDuration) -> Vec<(usize, SignedDuration)> {
    let missing = people.iter().map(|person| duration.saturating_sub(person.between(start, due))).enumerate();
    missing.filter(|(_, missing)| missing.is_positive()).collect()
}

/// The reader's day cut wherever somebody comes or goes, without the spans in which nobody works.
fn windows(people: &[Calendar], day: Date, zone: &TimeZone) -> Vec<Window> {
    let midnight = |date: Date| instant(zone, date.at(0, 0, 0, 0));
    let ends = midnight(day).zip(day.tomorrow().ok().and_then(midnight));
    let Some((from, to)) = ends else { return Vec::new() };
    let working: Vec<Vec<Span>> = people.iter().map(|person| person.working(from, to).collect()).collect();
    let edges: BTreeSet<Time> = working.iter().flatten().flat_map(|span| [span.start, span.end]).collect();
    let present = |at: Time| (0..people.len()).filter(|&i| working[i].iter().any(|span| span.contains(at))).collect();
    let spans = edges.iter().zip(edges.iter().skip(1)).map(|(&start, &end)| Span { start, end });
    let windows = spans.map(|span| Window { present: present(span.start), span });
    windows.filter(|window| !window.present.is_empty()).collect()
}
