//! The day strip: who works when, on one day of the reader.
use super::{Away, Clock, Now};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Time,
    calendar::{Calendar, Span, best_windows},
};
use ui::{Markup, html, time_of_day};

/// One row of the strip.
pub struct Row<'a> {
    pub name: &'a str,
    pub place: &'a str,
    pub clock: &'a Clock,
}

const LEFT: f64 = 150.0;
const RIGHT: f64 = 760.0;
const TOP: f64 = 24.0;
const STEP: f64 = 24.0;

/// The rows, earliest worker first, with a line at `now`; nothing when nobody has hours.
pub fn day_strip(rows: &[Row<'_>], day: Date, zone: &TimeZone, zone_name: &str, now: Time) -> Markup {
    let Some(window) = day_span(day, zone) else { return html! {} };
    let mut rows: Vec<(&Row<'_>, Vec<Span>)> =
        rows.iter().map(|row| (row, row.clock.calendar.working(window.start, window.end).collect())).collect();
    rows.sort_by_key(|(row, spans)| (spans.first().map_or(Time(i64::MAX), |span| span.start), row.name.to_owned()));
    let height = TOP + STEP * rows.len() as f64 + 6.0;
    let x = |at: Time| {
        let share = (at.0 - window.start.0) as f64 / (window.end.0 - window.start.0) as f64;
        LEFT + share.clamp(0.0, 1.0) * (RIGHT - LEFT)
    };
    let label = format!("Working hours of {} people on this day, in the time of {zone_name}", rows.len());
    html! {
        day-strip data-start=(window.start) data-end=(window.end) {
            svg.chart.day viewBox=(format!("0 0 770 {height}")) role="img" aria-label=(label) {
                @for hour in (0..24).step_by(4) {
                    @if let Some(at) = local(day, hour, zone) {
                        line.axis x1=(place(x(at))) x2=(place(x(at))) y1="16" y2=(height - 4.0) {}
                        text x=(place(x(at) + 3.0)) y="11" { (time_of_day(at, zone)) }
                    }
                }
                @for (i, (row, spans)) in rows.iter().enumerate() {
                    @let y = TOP + STEP * i as f64;
                    @let here = matches!(Now::of(row.clock, now), Now::Working { .. });
                    text.who x="0" y=(y + 10.0) { (cut(row.name, 13)) title { (row.name) } }
                    text x="84" y=(y + 10.0) { (cut(row.place, 10)) }
                    @if spans.is_empty() && away_on(row.clock, day) { text x=(LEFT + 4.0) y=(y + 10.0) { "Away" } }
                    @for span in spans {
                        rect class=(if here { "hours now" } else { "hours" }) x=(place(x(span.start))) y=(y)
                            width=(place(x(span.end) - x(span.start))) height="14" rx="4" {
                            title { (row.name) ", " (time_of_day(span.start, zone)) " to " (time_of_day(span.end, zone)) }
                        }
                    }
                }
                @if window.contains(now) {
                    line.now data-left=(LEFT) data-right=(RIGHT) x1=(place(x(now))) x2=(place(x(now))) y1="14" y2=(height) {}
                }
            }
        }
        div.vh { table {
            caption { (label) }
            thead { tr { th scope="col" { "Person" } th scope="col" { "Works" } } }
            tbody { @for (row, spans) in &rows { tr { td { (row.name) } td { (in_words(row.clock, day, spans, zone)) } } } }
        } }
    }
}

/// "Best shared window 13:00 to 15:00", or who many can be together at most.
pub fn best_window(clocks: &[&Clock], day: Date, zone: &TimeZone) -> String {
    let calendars: Vec<Calendar> = clocks.iter().map(|clock| clock.calendar.clone()).collect();
    let Some(best) = best_windows(&calendars, day, zone).into_iter().next() else {
        return "Nobody works on this day".into();
    };
    let (start, end) = (time_of_day(best.span.start, zone), time_of_day(best.span.end, zone));
    match (best.present.len(), clocks.len()) {
        (1, _) => "No two people work at the same time".into(),
        (present, all) if present == all => format!("best shared window {start} to {end}"),
        (present, all) => format!("best window {start} to {end}, {present} of {all}"),
    }
}

/// The first day from today on, within a week, on which one of them works: on a Sunday most teams look at Monday.
pub fn next_day(clocks: &[&Clock], today: Date, zone: &TimeZone) -> Date {
    let works = |day: &Date| {
        let window = day_span(*day, zone);
        window.is_some_and(|window| {
            clocks.iter().any(|clock| clock.calendar.working(window.start, window.end).next().is_some())
        })
    };
    let week = (0..7_i64).map(|days| today.saturating_add(days.days()));
    week.into_iter().find(works).unwrap_or(today)
}

fn in_words(clock: &Clock, day: Date, spans: &[Span], zone: &TimeZone) -> String {
    let one = |span: &Span| format!("{} to {}", time_of_day(span.start, zone), time_of_day(span.end, zone));
    match spans {
        [] if away_on(clock, day) => "away".into(),
        [] => "not on this day".into(),
        spans => spans.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}

fn away_on(clock: &Clock, day: Date) -> bool {
    let whole = |away: &&Away| away.time.hours.is_none();
    clock.away.iter().filter(whole).any(|away| away.time.first_on <= day && day <= away.time.last_on)
}

fn day_span(day: Date, zone: &TimeZone) -> Option<Span> {
    Some(Span { start: local(day, 0, zone)?, end: local(day.checked_add(1.day()).ok()?, 0, zone)? })
}

fn local(day: Date, hour: i8, zone: &TimeZone) -> Option<Time> {
    Some(day.at(hour, 0, 0, 0).to_zoned(zone.clone()).ok()?.timestamp().into())
}

fn place(x: f64) -> String {
    format!("{x:.1}")
}

/// At most this many letters of Latin width; Chinese, Japanese and Korean ones count twice.
pub(crate) fn cut(text: &str, most: usize) -> String {
    let width = |c: char| if c >= '\u{1100}' { 2 } else { 1 };
    if text.chars().map(width).sum::<usize>() <= most {
        return text.to_owned();
    }
    let ends = text.chars().scan(0, |used, c| {
        *used += width(c);
        Some((*used, c))
    });
    ends.take_while(|(end, _)| *end < most).map(|(_, c)| c).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
