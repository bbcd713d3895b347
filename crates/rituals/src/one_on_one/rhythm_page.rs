//! The rhythm of a one-on-one in words, the same for both.
use super::{Kind, OneOnOne, Rhythm, rhythm::Shared};
use jiff::civil::Date;
use kernel::Time;
use ui::{Cx, Markup, date, html};

/// As a card beside what was talked about.
pub(super) fn card(cx: &Cx, one: &OneOnOne, rhythm: &Rhythm) -> Markup {
    html! {
        section.card #rhythm {
            header { h2 { "Your rhythm" } span.right.small.muted { "The last half year, the same for you both" } }
            ul.list.plain {
                @for sentence in sentences(cx, one, rhythm) { li { div.what.wrap { p { (sentence) } } } }
            }
        }
    }
}

fn sentences(cx: &Cx, one: &OneOnOne, rhythm: &Rhythm) -> Vec<String> {
    let skipped = match rhythm.skipped {
        0 => None,
        n => Some(format!("Skipped {}.", times(n))),
    };
    let all = [Some(gaps(one, rhythm)), skipped, Some(moves(one, rhythm)), calls(one, rhythm), growth(cx, one, rhythm)];
    all.into_iter().flatten().collect()
}

/// What differs from what was agreed, for a line of a list; nothing where nothing does.
pub(super) fn summary(one: &OneOnOne, rhythm: &Rhythm, now: Time) -> String {
    let late = one.cadence.weeks().and_then(|weeks| rhythm.gaps.first().filter(|gap| **gap > weeks * 7 + 3));
    let late = late.map(|gap| format!("last time {gap} days apart"));
    let moved: i64 = rhythm.moves.iter().map(|one| one.times).sum();
    let moved = (moved > 0).then(|| format!("moved {} by {}", times(moved), names(one, &rhythm.moves)));
    let outside = rhythm.outside.iter().map(|shared| {
        let name = one.party(shared.person_id).first_name();
        format!("{} of {} calls outside {name}'s hours", shared.times, rhythm.calls)
    });
    let weeks = weeks_between(rhythm.growth_at.unwrap_or(one.started_at), now);
    let grown = (grows(one) && weeks >= LONG).then(|| format!("no growth topic for {weeks} weeks"));
    late.into_iter().chain(moved).chain(outside).chain(grown).collect::<Vec<_>>().join(", ")
}

/// After so many weeks without a growth topic the list says so.
const LONG: i64 = 8;

/// Whether the two are there for somebody's growth.
fn grows(one: &OneOnOne) -> bool {
    matches!(one.kind, Kind::Report | Kind::Mentor)
}

/// `Agreed: every two weeks. Lately 14, 21 and 15 days apart.`
fn gaps(one: &OneOnOne, rhythm: &Rhythm) -> String {
    let agreed = one.cadence.title().to_lowercase();
    let days: Vec<String> = rhythm.gaps.iter().map(ToString::to_string).collect();
    match days.as_slice() {
        [] => format!("Agreed: {agreed}."),
        [one] if one == "1" => format!("Agreed: {agreed}. The last two were a day apart."),
        [one] => format!("Agreed: {agreed}. The last two were {one} days apart."),
        [rest @ .., last] => {
            format!("Agreed: {agreed}. Lately {} and {last} days apart, the latest first.", rest.join(", "))
        }
    }
}

fn moves(one: &OneOnOne, rhythm: &Rhythm) -> String {
    match rhythm.moves.as_slice() {
        [] => "No date was moved.".to_owned(),
        [only] => format!("Dates were moved {}, by {}.", times(only.times), one.party(only.person_id).first_name()),
        several => {
            let each = several
                .iter()
                .map(|shared| format!("{} by {}", times(shared.times), one.party(shared.person_id).first_name()));
            format!("Dates were moved {}.", each.collect::<Vec<_>>().join(", "))
        }
    }
}

fn calls(one: &OneOnOne, rhythm: &Rhythm) -> Option<String> {
    let calls = match rhythm.calls {
        0 => return None,
        1 => "The one call".to_owned(),
        n => format!("Of {n} calls"),
    };
    let each = rhythm.outside.iter().map(|shared| {
        let name = one.party(shared.person_id).first_name();
        format!("{} outside the working hours of {name}", shared.times)
    });
    let each: Vec<String> = each.collect();
    Some(match (each.as_slice(), rhythm.calls) {
        ([], 1) => format!("{calls} was within the working hours of you both."),
        ([], n) => format!("All {n} calls were within the working hours of you both."),
        (_, 1) => format!("{calls} was outside the working hours of {}.", names(one, &rhythm.outside)),
        (each, _) => format!("{calls}, {}.", each.join(" and ")),
    })
}

fn growth(cx: &Cx, one: &OneOnOne, rhythm: &Rhythm) -> Option<String> {
    let waits = if rhythm.growth_waits { " One is on your list." } else { "" };
    match rhythm.growth_at {
        Some(at) => Some(format!("You last talked about growth {}.{waits}", on(at.date(&cx.viewer.zone), cx.today()))),
        None if rhythm.growth_waits => Some("A growth topic is on your list.".to_owned()),
        None if grows(one) => {
            Some("No growth topic yet. The question bank has some, and there is a template.".to_owned())
        }
        None => None,
    }
}

/// `on 12 March`, `yesterday`
pub(super) fn on(day: Date, today: Date) -> String {
    let words = date(day, today);
    if words.starts_with(|first: char| first.is_ascii_digit()) { format!("on {words}") } else { words }
}

/// `Ines and Mara`
fn names(one: &OneOnOne, shared: &[Shared]) -> String {
    shared.iter().map(|shared| one.party(shared.person_id).first_name()).collect::<Vec<_>>().join(" and ")
}

fn times(n: i64) -> String {
    match n {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        n => format!("{n} times"),
    }
}

fn weeks_between(from: Time, to: Time) -> i64 {
    const WEEK: i64 = 7 * 24 * 3600;
    (to.timestamp().as_second() - from.timestamp().as_second()) / WEEK
}
