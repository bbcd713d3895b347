use jiff::civil::Date;
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::*;

const HEADERS: [&str; 8] = ["name", "email", "employee id", "title", "team", "start date", "weekly hours", "location"];

fn text() -> impl Strategy<Value = String> {
    // Letters first, so that no text is a number or empty, and no N, since "Na" and "None" stand for nothing.
    "[A-MO-Zé][a-zß]{1,8}( [\"',;|=+@-]?[a-z]{1,8}){0,3}"
}

fn people() -> impl Strategy<Value = Vec<Parsed>> {
    let day = (1900i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| Date::new(year, month, day).unwrap());
    let person = ("[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8})?", option::of(text()), option::of(text()), option::of(day));
    let more = (vec(text(), 0..3), option::of(1u16..336));
    vec((person, more), 0..12).prop_map(|rows| {
        let numbered = rows.into_iter().enumerate();
        let parsed = |(index, row)| {
            let ((name, title, location, start_date), (team, half_hours)): (_, (_, Option<u16>)) = row;
            Parsed {
                name,
                email: Some(format!("p{index}@x.example")),
                employee_id: Some(format!("E{index}")),
                title,
                location,
                team,
                start_date,
                weekly_hours: half_hours.map(|half| f64::from(half) / 2.0),
                ..Parsed::default()
            }
        };
        numbered.map(parsed).collect()
    })
}

fn cells(person: &Parsed) -> [String; 8] {
    [
        person.name.clone(),
        person.email.clone().unwrap_or_default(),
        person.employee_id.clone().unwrap_or_default(),
        person.title.clone().unwrap_or_default(),
        person.team.join(" > "),
        person.start_date.map(|date| date.to_string()).unwrap_or_default(),
        person.weekly_hours.map(|hours| hours.to_string()).unwrap_or_default(),
        person.location.clone().unwrap_or_default(),
    ]
}

fn write(rows: &[Vec<String>], delimiter: u8, always: bool, terminator: csv::Terminator) -> Vec<u8> {
    let style = if always { csv::QuoteStyle::Always } else { csv::QuoteStyle::Necessary };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .quote_style(style)
        .terminator(terminator)
        .flexible(true)
        .from_writer(Vec::new());
    writer.write_record(HEADERS.iter().chain([&"note"])).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.into_inner().unwrap()
}

fn noted(person: &Parsed, note: &str) -> Vec<String> {
    cells(person).into_iter().chain([note.to_owned()]).collect()
}

fn people_of(reading: &Reading) -> Vec<Parsed> {
    reading.rows.iter().map(|row| row.person.clone()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in vec(any::<u8>(), 0..600)) {
        let _ = read(&bytes, &Mapping::default());
    }

    #[test]
    fn arbitrary_cells_never_panic(
        header in vec(select(HEADERS.to_vec()), 1..6),
        body in "([\"',;\t\r\n/.:0-9A-Za-zéß@<>()%-]|[0-9]{1,5}|\\PC){0,200}",
    ) {
        let text = format!("{}\n{body}", header.join(","));
        let reading = read(text.as_bytes(), &Mapping::default());
        if let Ok(reading) = reading {
            prop_assert!(reading.rows.iter().all(|row| !row.person.name.is_empty()));
        }
    }

    #[test]
    fn what_is_written_is_read(
        people in people(),
        delimiter in select(b",;\t|".to_vec()),
        always in any::<bool>(),
        terminator in select(vec![csv::Terminator::CRLF, csv::Terminator::Any(b'\n'), csv::Terminator::Any(b'\r')]),
    ) {
        let rows: Vec<_> = people.iter().map(|person| noted(person, "one\ntwo \"three\"")).collect();
        let reading = read(&write(&rows, delimiter, always, terminator), &Mapping::default()).unwrap();
        prop_assert_eq!(&reading.errors, &[]);
        prop_assert_eq!(people_of(&reading), people);
    }

    #[test]
    fn a_bad_row_changes_no_other(people in people(), at in any::<prop::sample::Index>(), kind in 0..4) {
        let bad = match kind {
            0 => "Ada,only two cells",
            1 => "Ada,not an address,,,,,,,",
            2 => "Ada,,,,,2024-02-30,,,",
            _ => "\"Ada,,,,,,,,",
        };
        let rows: Vec<_> = people.iter().map(|person| noted(person, "")).collect();
        let good = String::from_utf8(write(&rows, b',', true, csv::Terminator::Any(b'\n'))).unwrap();
        let mut lines: Vec<_> = good.lines().collect();
        let at = 1 + at.index(lines.len());
        lines.insert(at, bad);
        let reading = read(lines.join("\n").as_bytes(), &Mapping::default()).unwrap();
        prop_assert_eq!(people_of(&reading), people);
        prop_assert_eq!(reading.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [at as u64 + 1]);
    }

    #[test]
    fn lines_are_right(notes in vec("[a-z]{0,3}(\n|\r\n|\r)?[a-z]{0,3}", 0..12), blank in vec(0usize..3, 12)) {
        let (mut text, mut line, mut expected) = ("name,note\n".to_owned(), 2, Vec::new());
        for (index, note) in notes.iter().enumerate() {
            text.push_str(&"\r\n".repeat(blank[index]));
            line += blank[index] as u64;
            expected.push(line);
            text.push_str(&format!("P{index},\"{note}\"\n"));
            line += 1 + u64::from(note.contains(['\n', '\r']));
        }
        let reading = read(text.as_bytes(), &Mapping::default()).unwrap();
        prop_assert_eq!(reading.rows.iter().map(|row| row.line).collect::<Vec<_>>(), expected);
    }
}
