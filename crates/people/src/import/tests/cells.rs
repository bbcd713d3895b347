use jiff::civil::date;

use super::*;

#[test]
fn dates_are_read_as_systems_write_them() {
    let cases = [
        "2024-01-05",
        "2024/1/5",
        "05.01.2024",
        "5.1.24",
        "Jan 5, 2024",
        "January 5th, 2024",
        "5 Jan 2024",
        "05-Jan-2024",
        "05-Jan-24",
        "Fri, 5 January 2024",
        "5. Januar 2024",
        "5 de enero de 2024",
        "5 janvier 2024",
        "45296",
        "45296.5",
        "20240105",
        "2024-01-05T10:11:12Z",
        "2024-01-05T10:11:12+02:00",
        "2024-01-05 00:00:00",
        "2024-01-05 00:00:00 UTC",
        "Jan 5, 2024 10:00 AM",
    ];
    for value in cases {
        assert_eq!(
            person_with("start date", value).map(|person| person.start_date),
            Ok(Some(date(2024, 1, 5))),
            "{value}"
        );
    }
    for value in ["", "-", "N/A", "0000-00-00", "9999-12-31"] {
        assert_eq!(person_with("end date", value).map(|person| person.end_date), Ok(None), "{value}");
    }
}

#[test]
fn a_wrong_date_is_an_error_with_a_mend() {
    let reading = reading("name,start date\nAda,soon\nBen,2023-02-29\nCleo,31.06.2024\nDan,2024\nEve,2024-01-05\n");
    assert_eq!(names(&reading), [(6, "Eve")]);
    assert_eq!(errors(&reading)[1], (3, "“2023-02-29” is not a date. Write it like 2024-01-31."));
    assert!(reading.errors.iter().all(|error| error.column.as_deref() == Some("start date")));
    let long = person_with("start date", &"x".repeat(60)).unwrap_err();
    assert_eq!(long, format!("“{}…” is not a date. Write it like 2024-01-31.", "x".repeat(40)));
}

#[test]
fn one_date_decides_the_order_of_its_column_and_of_those_that_tell_nothing() {
    let reading = reading("name,start date,end date\nAda,05/01/2024,06/02/2024\nBen,13/01/2024,\n");
    assert_eq!(starts(&reading), [Some(date(2024, 1, 5)), Some(date(2024, 1, 13))]);
    assert_eq!(reading.rows[0].person.end_date, Some(date(2024, 2, 6)));
}

#[test]
fn an_order_that_nothing_tells_is_asked() {
    let text = "name,start date\nAda,05/05/2024\nBen,05/01/2024\n";
    let open = reading(text);
    assert_eq!(starts(&open), [Some(date(2024, 5, 5)), None]);
    let (header, question) = open.date_question().unwrap();
    assert_eq!(header, "start date");
    assert_eq!(
        *question,
        DateQuestion {
            line: 3,
            value: "05/01/2024".into(),
            day_first: date(2024, 1, 5),
            month_first: date(2024, 5, 1),
        }
    );
    let answer = Mapping { date_order: Some(Order::MonthFirst), ..Mapping::default() };
    let answered = read(text.as_bytes(), &answer).unwrap();
    assert_eq!((starts(&answered)[1], answered.date_question()), (Some(date(2024, 5, 1)), None));
}

#[test]
fn in_a_column_with_both_orders_only_clear_dates_are_read() {
    let reading = reading("name,start date\nAda,13/01/2024\nBen,01/13/2024\nCleo,05/01/2024\n");
    assert_eq!(starts(&reading), [Some(date(2024, 1, 13)); 2]);
    assert_eq!(errors(&reading), [(4, "“05/01/2024” can be read in two ways. Write it like 2024-01-31.")]);
}

#[test]
fn emails_are_checked_and_lowered() {
    for value in
        ["Ada@Example.org", "Ada Lovelace <ada@example.org>", "mailto:ada@example.org", "ada@example.org\u{a0}"]
    {
        assert_eq!(person_with("email", value).unwrap().email.as_deref(), Some("ada@example.org"), "{value}");
    }
    for value in [
        "ada",
        "ada@",
        "@example.org",
        "a da@example.org",
        "ada@example",
        "ada@@example.org",
        "a@b.1",
        "ada@exa_mple.org",
    ] {
        assert!(person_with("email", value).unwrap_err().contains("is not an e-mail address"), "{value}");
    }
}

#[test]
fn texts_are_one_clean_line() {
    let name = "  \u{202e}A\u{200b}da\u{7}\u{a0} Jose\u{301}\t";
    let reading = reading(&format!("name,title\n\"{name}\",\"=HYPERLINK(\"\"x\"\")\"\n"));
    assert_eq!(names(&reading), [(2, "Ada José")]);
    assert_eq!(reading.rows[0].person.title.as_deref(), Some("=HYPERLINK(\"x\")"));
    assert!(
        person_with("title", &"x".repeat(201)).unwrap_err().ends_with("is longer than 200 characters. Shorten it.")
    );
}

#[test]
fn names_are_put_together() {
    let cases = [
        ("first name,last name", "Ada,Lovelace", "Ada Lovelace"),
        ("first name,middle name,last name", "Ada,King,Lovelace", "Ada Lovelace"),
        ("first name,last name,preferred name", "Augusta,Lovelace,Ada", "Ada Lovelace"),
        ("first name,last name,preferred name", "Augusta,Lovelace,Ada Lovelace", "Ada Lovelace"),
        ("Vorname,Name", "Ada,Lovelace", "Ada Lovelace"),
        ("Nombre", "Ada Lovelace", "Ada Lovelace"),
        ("name,team", "\"Lovelace, Ada\",x", "Ada Lovelace"),
        ("name,team", "\"Ada Lovelace, Jr.\",x", "Ada Lovelace, Jr."),
        ("name,preferred name", "Augusta Lovelace,Ada", "Augusta Lovelace"),
        ("last name,team", "Null,x", "Null"),
    ];
    for (header, row, name) in cases {
        assert_eq!(names(&reading(&format!("{header}\n{row}\n"))), [(2, name)], "{header}: {row}");
    }
    assert_eq!(errors(&reading("name,team\n ,x\n")), [(2, "This row has no name. Add one.")]);
}

#[test]
fn hours_are_numbers_or_words() {
    for (value, hours) in [("40", 40.0), ("38,5", 38.5), ("37:30", 37.5), ("40.00 hours", 40.0), ("32h", 32.0)] {
        assert_eq!(person_with("Hours per week", value).unwrap().weekly_hours, Some(hours), "{value}");
    }
    assert_eq!(person_with("weekly hours", "Mon-Thu 9-17").unwrap().working_hours.as_deref(), Some("Mon-Thu 9-17"));
    assert_eq!(person_with("weekly hours", "0").unwrap().weekly_hours, None);
    assert!(person_with("weekly hours", "1720").unwrap_err().contains("more hours than a week has"));
    for (value, share) in [("0.8", 0.8), ("80%", 0.8), ("80", 0.8), ("1", 1.0), ("100.0", 1.0)] {
        assert_eq!(person_with("FTE", value).unwrap().full_time_share, Some(share), "{value}");
    }
    assert!(person_with("FTE", "most").unwrap_err().contains("is not a share of full time"));
}

#[test]
fn time_zones_are_known_by_many_names() {
    let cases = [
        ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("(UTC-08:00) Pacific Time - Los Angeles", "America/Los_Angeles"),
        ("(GMT+01:00) Central European Time - Berlin", "Europe/Berlin"),
        ("(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi", "Asia/Kolkata"),
        ("(GMT 5 : 30) India Standard Time(Asia/Kolkata)", "Asia/Kolkata"),
        ("UTC", "Etc/UTC"),
    ];
    for (value, zone) in cases {
        assert_eq!(person_with("time zone", value).unwrap().zone.as_deref(), Some(zone), "{value}");
    }
    let unknown = reading("name,time zone\nAda,PST\n");
    assert_eq!((unknown.rows[0].person.zone.clone(), unknown.notes.len()), (None, 1));
}

#[test]
fn every_windows_zone_exists() {
    for (windows, zone) in zones::WINDOWS {
        assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{windows}: {zone}");
    }
}

#[test]
fn teams_are_paths() {
    let team =
        |header: &str, row: &str| reading(&format!("name\t{header}\nAda\t{row}\n")).rows[0].person.team.join("/");
    assert_eq!(team("team", "Engineering > Payments"), "Engineering/Payments");
    assert_eq!(team("team", "/Engineering/Payments"), "Engineering/Payments");
    assert_eq!(team("department\tteam", "Engineering\tPayments"), "Engineering/Payments");
    assert_eq!(team("department\tteam", "Engineering\tEngineering"), "Engineering");
    assert_eq!(team("department\tteam", "Engineering\tTechnology > Payments"), "Technology/Payments");
    assert_eq!(team("team", "Research/Design"), "Research/Design");
    assert_eq!(team("team", "-"), "");
}

#[test]
fn statuses_and_types_are_told_apart() {
    let cases = [
        ("status", "Active", Some(Status::Active), None),
        ("status", "On leave", Some(Status::OnLeave), None),
        ("status", "Terminated", Some(Status::Ended), None),
        ("employment status", "Part-Time", None, Some(EmploymentType::PartTime)),
        ("account enabled", "false", Some(Status::Ended), None),
        ("Block credential", "True", Some(Status::Ended), None),
        ("Block credential", "False", Some(Status::Active), None),
        ("employment type", "Befristet", None, Some(EmploymentType::FixedTerm)),
        ("employment type", "Zivildienst", None, Some(EmploymentType::Other("Zivildienst".into()))),
    ];
    for (header, value, status, kind) in cases {
        let person = person_with(header, value).unwrap();
        assert_eq!((person.status, person.employment_type), (status, kind), "{header}: {value}");
    }
}

#[test]
fn an_end_before_the_start_is_an_error() {
    let reading = reading("name,start date,end date\nAda,2024-02-01,2024-01-31\n");
    assert_eq!(
        errors(&reading),
        [(2, "The end date 2024-01-31 is before the start date 2024-02-01. Correct one of them.")]
    );
}

fn starts(reading: &Reading) -> Vec<Option<jiff::civil::Date>> {
    reading.rows.iter().map(|row| row.person.start_date).collect()
}

/// A person with one more column, or why the row is not read.
fn person_with(header: &str, value: &str) -> Result<Parsed, String> {
    let mut reading = reading(&format!("name\t{header}\nAda\t{value}\n"));
    reading.rows.pop().map(|row| row.person).ok_or_else(|| reading.errors.remove(0).sentence)
}
