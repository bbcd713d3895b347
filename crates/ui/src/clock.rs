//! Times and dates as a reader sees them: in the reader's own zone, in words.
use crate::{Markup, html};
use jiff::{
    Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use kernel::Time;

/// `09:12`
pub fn time_of_day(at: Time, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%H:%M").to_string()
}

/// `Thu 14 Oct, 09:12`
pub fn day_and_time(at: Time, zone: &TimeZone) -> String {
    at.in_zone(zone).strftime("%a %-d %b, %H:%M").to_string()
}

/// `14 October 2026`
pub fn date_long(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// `today`, `tomorrow`, `Thursday`, `14 October` or `14 October 2027`, whichever is short and cannot be misread today.
pub fn date(date: Date, today: Date) -> String {
    match (date - today).get_days() {
        0 => "today".into(),
        1 => "tomorrow".into(),
        -1 => "yesterday".into(),
        2..=6 => weekday(date.weekday()).into(),
        _ if date.year() == today.year() => date.strftime("%-d %B").to_string(),
        _ => date_long(date),
    }
}

/// `14 to 18 October`, `30 October to 3 November`, `14 October`
pub fn date_range(first: Date, last: Date, today: Date) -> String {
    let year = if last.year() == today.year() { "" } else { " %Y" };
    let end = last.strftime(&format!("%-d %B{year}")).to_string();
    match () {
        () if first == last => end,
        () if (first.year(), first.month()) == (last.year(), last.month()) => format!("{} to {end}", first.day()),
        () if first.year() == last.year() => format!("{} to {end}", first.strftime("%-d %B")),
        () => format!("{} to {end}", date_long(first)),
    }
}

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `3 hours ago`, kept fresh in the browser.
pub fn ago(at: Time, now: Time, zone: &TimeZone) -> Markup {
    let local: Zoned = at.in_zone(zone);
    html! {
        local-time datetime=(at) data-format="relative" title=(local.strftime("%-d %B %Y, %H:%M")) { (in_words(at, now)) }
    }
}

fn in_words(at: Time, now: Time) -> String {
    let seconds = (now.0 - at.0) / 1_000_000;
    let count = |n: i64, unit: &str| if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") };
    let words = match seconds.abs() {
        0..60 => return "just now".into(),
        s @ 60..3_600 => count(s / 60, "minute"),
        s @ 3_600..86_400 => count(s / 3_600, "hour"),
        s @ 86_400..2_592_000 => count(s / 86_400, "day"),
        s @ 2_592_000..31_536_000 => count(s / 2_592_000, "month"),
        s => count(s / 31_536_000, "year"),
    };
    if seconds < 0 { format!("in {words}") } else { format!("{words} ago") }
}

/// `2 h 30 min`, `45 min`, `8 h`
pub fn minutes(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, rest) => format!("{rest} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, rest) => format!("{hours} h {rest} min"),
    }
}
