use super::*;
use crate::leave::Stretch;
use kernel::{Id, calendar::Week};
use std::sync::Arc;

fn clock(number: u128, zone: &str, week: &str) -> Clock {
    Clock {
        id: Id::from_u128(number),
        calendar: Calendar::new(TimeZone::get(zone).unwrap(), week.parse::<Week>().unwrap()),
        away: Vec::new(),
        holidays: Arc::new([]),
        starts_on: None,
        left_on: None,
    }
}

fn monday() -> Date {
    jiff::civil::date(2026, 3, 16)
}

fn strip(clocks: &[(String, Clock)]) -> String {
    let rows: Vec<Row<'_>> = clocks.iter().map(|(name, clock)| Row { name, place: "Ouagadougou", clock }).collect();
    let zone = TimeZone::get("Europe/Lisbon").unwrap();
    let noon = local(monday(), 12, &zone).unwrap();
    day_strip(&rows, monday(), &zone, "Europe/Lisbon", noon).into_string()
}

/// People across zones; each fifth has no hours.
fn company(size: u128) -> Vec<(String, Clock)> {
    let zones = ["Asia/Tokyo", "Europe/Berlin", "Africa/Lagos", "America/New_York", "America/Los_Angeles"];
    let one = |number: u128| {
        let week = if number % 5 == 4 { "" } else { "Mon-Fri 09:00-17:00" };
        (format!("Person {number:02}"), clock(number, zones[number as usize % 5], week))
    };
    (0..size).map(one).collect()
}

/// Where the text begins in the drawing, before the table.
fn drawn<'a>(html: &'a str, text: &str) -> &'a str {
    let svg = html.split("</svg>").next().unwrap();
    &svg[svg.find(text).unwrap_or_else(|| panic!("{text} is drawn"))..]
}

#[test]
fn everyone_has_a_row_and_who_has_no_hours_stands_last() {
    for size in [1, 7, 40] {
        let html = strip(&company(size));
        assert!(html.contains(&format!("Working hours of {size} people")), "{size}");
        assert_eq!(html.matches("class=\"who\"").count(), size as usize);
        assert!(html.contains(&format!("viewBox=\"0 0 770 {}\"", 30 + 24 * size)), "{size}: {}", &html[..300]);
        let free = size / 5;
        let bars = html.matches("<rect").count() as u128;
        assert!(bars >= size - free, "{size}: {bars}");
        if size == 7 {
            let after_free = drawn(&html, "Person 04");
            assert!(!after_free.contains("<rect") && !after_free.contains("class=\"who\""), "no row follows");
        }
    }
}

#[test]
fn a_strip_of_nobody_is_a_table_without_rows() {
    assert!(!strip(&[]).contains("<rect"));
}

#[test]
fn long_names_and_places_are_cut_and_stand_whole_in_the_table() {
    let name = "Maximiliana Konstantinopolitanska";
    let html = strip(&[(name.to_owned(), clock(1, "Europe/Berlin", "Mon-Fri 09:00-17:00"))]);
    assert!(drawn(&html, "Maximiliana").starts_with("Maximiliana …<"));
    assert!(drawn(&html, "Ouagadoug").starts_with("Ouagadoug…<"));
    assert!(html.contains(&format!("<td>{name}</td>")));
}

#[test]
fn wide_letters_count_twice() {
    assert_eq!(cut("Ines", 13), "Ines");
    assert_eq!(cut("abcdefghijklm", 13), "abcdefghijklm");
    assert_eq!(cut("abcdefghijklmn", 13), "abcdefghijkl…");
    assert_eq!(cut("田中さくら", 13), "田中さくら");
    assert_eq!(cut("田中さくら田中さくら", 13), "田中さくら田…");
}

#[test]
fn a_day_of_leave_says_so() {
    let mut ines = clock(1, "Europe/Lisbon", "Mon-Fri 09:00-17:00");
    let time = Stretch::read(monday(), None, "").unwrap();
    ines.calendar = ines.calendar.with_leave([time.as_leave()]);
    ines.away.push(Away { leave: Id::from_u128(2), time, note: String::new(), handed_to: None });
    let html = strip(&[("Ines".to_owned(), ines)]);
    assert!(drawn(&html, "Away").starts_with("Away</text>") && html.contains("<td>away</td>"));
}

#[test]
fn on_a_free_day_the_strip_looks_at_the_next_day_of_work() {
    let zone = TimeZone::get("Europe/Lisbon").unwrap();
    let (berlin, cairo, nobody) = (
        clock(1, "Europe/Berlin", "Mon-Fri 09:00-17:00"),
        clock(2, "Africa/Cairo", "Sun-Thu 09:00-17:00"),
        clock(3, "UTC", ""),
    );
    let saturday = jiff::civil::date(2026, 3, 14);
    assert_eq!(next_day(&[&berlin], saturday, &zone), monday());
    assert_eq!(next_day(&[&berlin, &cairo], saturday, &zone), jiff::civil::date(2026, 3, 15));
    assert_eq!(next_day(&[&berlin], monday(), &zone), monday());
    assert_eq!(next_day(&[&nobody], saturday, &zone), saturday, "nobody has hours");
}
