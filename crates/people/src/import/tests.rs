use std::fmt::Write;

use expect_test::expect_file;

use super::*;

mod cells;

/// What is written into `fixtures/import/*.txt`: a person can check it against the file beside it.
fn report(reading: &Reading) -> String {
    let mut text = format!("{:?}, {:?}, header on line {}\n", reading.encoding, reading.delimiter, reading.header_line);
    for column in &reading.columns {
        writeln!(text, "  {} = {:?}, {:?}", column.header, column.field, column.reason).unwrap();
    }
    reading.dates.iter().for_each(|column| writeln!(text, "dates of {}: {:?}", column.header, column.order).unwrap());
    reading.rows.iter().for_each(|row| writeln!(text, "line {}: {}", row.line, person(&row.person)).unwrap());
    for (kind, remarks) in [("error", &reading.errors), ("note", &reading.notes)] {
        for RowError { line, column, sentence } in remarks {
            writeln!(text, "{kind} on line {line}, {column:?}: {sentence}").unwrap();
        }
    }
    text
}

fn person(person: &Parsed) -> String {
    let whole = format!("{person:?}");
    let empty = |field: &str| field.ends_with(": None") || field.ends_with(": []");
    let fields: Vec<_> = whole.split(", ").map(|field| field.trim_start_matches("Parsed { ")).collect();
    fields.into_iter().filter(|field| !empty(field.trim_end_matches(" }"))).collect::<Vec<_>>().join(", ")
}

fn fixture(name: &str) -> Reading {
    let path = format!("{}/fixtures/import/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    read(&std::fs::read(path).unwrap(), &Mapping::default()).unwrap()
}

#[test]
fn exports_are_read_unchanged() {
    let cases = [
        ("adp", expect_file!["../../fixtures/import/adp.txt"]),
        ("bamboohr", expect_file!["../../fixtures/import/bamboohr.txt"]),
        ("cairn", expect_file!["../../fixtures/import/cairn.txt"]),
        ("factorial-es", expect_file!["../../fixtures/import/factorial-es.txt"]),
        ("google-workspace", expect_file!["../../fixtures/import/google-workspace.txt"]),
        ("hibob", expect_file!["../../fixtures/import/hibob.txt"]),
        ("microsoft-365", expect_file!["../../fixtures/import/microsoft-365.txt"]),
        ("okta", expect_file!["../../fixtures/import/okta.txt"]),
        ("personio-de", expect_file!["../../fixtures/import/personio-de.txt"]),
        ("personio-en", expect_file!["../../fixtures/import/personio-en.txt"]),
        ("successfactors", expect_file!["../../fixtures/import/successfactors.txt"]),
        ("workday", expect_file!["../../fixtures/import/workday.txt"]),
        ("zoho-people", expect_file!["../../fixtures/import/zoho-people.txt"]),
    ];
    for (name, expected) in cases {
        expected.assert_eq(&report(&fixture(name)));
    }
}

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), &Mapping::default()).unwrap()
}

fn names(reading: &Reading) -> Vec<(u64, &str)> {
    reading.rows.iter().map(|row| (row.line, row.person.name.as_str())).collect()
}

fn errors(reading: &Reading) -> Vec<(u64, &str)> {
    reading.errors.iter().map(|error| (error.line, error.sentence.as_str())).collect()
}

fn refusal(bytes: &[u8]) -> String {
    read(bytes, &Mapping::default()).unwrap_err().sentence
}

#[test]
fn headers_of_systems_without_a_fixture_are_known() {
    for (header, fields) in HEADERS {
        let reading = reading(header);
        let found: Vec<_> = reading.columns.iter().map(|column| column.field).collect();
        assert_eq!(found, fields.iter().copied().map(Some).collect::<Vec<_>>(), "{header}");
    }
}

#[test]
fn what_belongs_to_someone_else_is_not_the_persons_own() {
    let headers = ["manager.email", "Email (Manager)", "Dept. Name", "emergency.email", "Spouse name", "HR partner"];
    for header in headers {
        let field = reading(&format!("name,{header}\nAda,x\n")).columns[1].field;
        assert!(!matches!(field, Some(Field::Email | Field::Name)), "{header}: {field:?}");
    }
    assert_eq!(reading("name,user.profile.email\n").columns[1].field, Some(Field::Email));
    assert_eq!(reading("name,Hire Date (Current)\n").columns[1].field, Some(Field::StartDate));
}

#[test]
fn sensitive_columns_are_left_out_and_no_value_of_an_unused_column_is_shown() {
    let text = "name,Base Salary,SSN,Date of Birth,Gehalt,Religion,Emergency contact,Shoe size\n\
                Ada,v1,v2,v3,v4,v5,v6,v7\n";
    let reading = reading(text);
    assert_eq!(reading.left_out, ["Base Salary", "SSN", "Date of Birth", "Gehalt", "Religion", "Emergency contact"]);
    assert_eq!(reading.ignored, ["Shoe size"]);
    let shown = format!("{reading:?}");
    assert!((1..=7).all(|value| !shown.contains(&format!("\"v{value}\""))), "{shown}");
}

#[test]
fn personal_email_is_used_only_without_a_column_for_work() {
    let both = reading("name,Personal email,Work email\nAda,ada@home.example,\n");
    assert_eq!(both.rows[0].person.email, None);
    assert_eq!(both.left_out, ["Personal email"]);
    let only = reading("name,Personal email\nAda,ada@home.example\n");
    assert_eq!(only.rows[0].person.email.as_deref(), Some("ada@home.example"));
}

#[test]
fn lines_are_those_of_an_editor() {
    let text = "\r\nReport of people\r\n\r\nname,note\r\n\"Ada\",\"one\r\ntwo\n\nthree\"\r\n\r\nBen\r\nCleo,x\r\n,,\r\n\r\nDan,\r\n";
    let reading = reading(text);
    assert_eq!(reading.header_line, 4);
    assert_eq!(names(&reading), [(5, "Ada"), (11, "Cleo"), (14, "Dan")]);
    assert_eq!(
        errors(&reading),
        [(10, "This row has 1 cell, but the header has 2. Look for a missing or stray delimiter or quotation mark.")]
    );
}

#[test]
fn old_line_ends_and_every_delimiter_are_read() {
    assert_eq!(names(&reading("name,team\rAda,x\rBen,y")), [(2, "Ada"), (3, "Ben")]);
    for (delimiter, found) in
        [(",", Delimiter::Comma), (";", Delimiter::Semicolon), ("\t", Delimiter::Tab), ("|", Delimiter::Pipe)]
    {
        let reading = reading(&"sep=?\nname?team\nAda?\"a, b; c | d\"\n".replace('?', delimiter));
        assert_eq!((reading.delimiter, reading.rows[0].person.team.clone()), (found, vec!["a, b; c | d".to_owned()]));
    }
}

#[test]
fn every_encoding_is_read() {
    let text = "name;team\nJosé Müßig;Zürich\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
    };
    let cases = [
        (text.as_bytes().to_vec(), Encoding::Utf8),
        ([b"\xEF\xBB\xBF", text.as_bytes()].concat(), Encoding::Utf8),
        (utf16(u16::to_le_bytes), Encoding::Utf16LittleEndian),
        (utf16(u16::to_be_bytes), Encoding::Utf16BigEndian),
        (text.chars().map(|letter| letter as u8).collect(), Encoding::Windows1252),
    ];
    for (bytes, encoding) in cases {
        let reading = read(&bytes, &Mapping::default()).unwrap();
        assert_eq!((reading.encoding, names(&reading)), (encoding, vec![(2, "José Müßig")]));
    }
}

#[test]
fn an_unclosed_quotation_mark_costs_only_its_row() {
    let text = "name,team\n\"Ada,x\nBen,y\n\"Cleo, Dr\",z\nDan,\"w\nEve,v\n";
    let reading = reading(text);
    assert_eq!(names(&reading), [(3, "Ben"), (4, "Dr Cleo"), (6, "Eve")]);
    assert_eq!(reading.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 5]);
}

#[test]
fn limits_are_told_in_one_sentence() {
    assert!(refusal(&vec![b'a'; (20 << 20) + 1]).starts_with("The file is larger than 20 MB."));
    assert!(refusal("name,".repeat(201).as_bytes()).starts_with("The file has more than 200 columns."));
    let rows = |count: usize| format!("name\n{}", "Ada\n".repeat(count));
    assert_eq!(reading(&rows(50_000)).rows.len(), 50_000);
    assert!(refusal(rows(50_001).as_bytes()).starts_with("The file has more than 50,000 rows."));
    let long = reading(&format!("name,note\nAda,{}\nBen,{}\n", "é".repeat(20_001), "é".repeat(20_000)));
    assert_eq!(
        (names(&long), errors(&long)),
        (vec![(3, "Ben")], vec![(2, "This cell is longer than 20,000 characters. Shorten it.")])
    );
}

#[test]
fn other_kinds_of_files_are_refused() {
    assert!(refusal(b"PK\x03\x04rest").starts_with("This is an Excel workbook"));
    assert!(refusal(b"name\0,x").starts_with("This is not a text file."));
    assert!(refusal(b"").starts_with("The file is empty."));
    assert!(refusal(b"\n ,,\n").starts_with("The file is empty."));
}

#[test]
fn a_file_without_known_columns_lists_them_for_a_choice() {
    let text = "About people\nwho,what\nAda,x\n";
    let unknown = reading(text);
    assert_eq!(
        (unknown.ignored.clone(), unknown.rows.len(), errors(&unknown).len()),
        (vec!["who".to_owned(), "what".to_owned()], 0, 1)
    );
    let columns = [("Who".to_owned(), Choice::Use(Field::Name))].into();
    let chosen = read(text.as_bytes(), &Mapping { columns, date_order: None }).unwrap();
    assert_eq!(names(&chosen), [(3, "Ada")]);
}

#[test]
fn a_mapping_overrides_what_is_recognised() {
    let text = "name,email,Contact,team\nAda,info@acme.example,ada@acme.example,x\n";
    let columns = [("contact", Choice::Use(Field::Email)), ("team", Choice::Ignore)];
    let columns = columns.map(|(header, choice)| (header.to_owned(), choice)).into();
    let reading = read(text.as_bytes(), &Mapping { columns, date_order: None }).unwrap();
    let person = &reading.rows[0].person;
    assert_eq!((person.email.as_deref(), person.team.len()), (Some("ada@acme.example"), 0));
    let reasons: Vec<_> = reading.columns.iter().map(|column| column.reason).collect();
    assert_eq!(reasons, [Reason::Recognised, Reason::Unused, Reason::Chosen, Reason::Ignored]);
}

#[test]
fn duplicates_name_the_first_line() {
    let reading =
        reading("name,email,employee id\nAda,a@x.example,1\nBen,A@X.example,2\nCleo,c@x.example,1\nDan,,\nEve,,\n");
    assert_eq!(names(&reading), [(2, "Ada"), (5, "Dan"), (6, "Eve")]);
    assert_eq!(
        errors(&reading),
        [
            (3, "The person on line 2 has the same e-mail address. Remove one of the two rows."),
            (4, "The person on line 2 has the same employee id. Remove one of the two rows."),
        ]
    );
}

#[test]
fn managers_are_found_in_the_file_or_left_as_references() {
    let text = "name,email,employee id,manager\nAda King,ada@x.example,A7,\nBen,,,Ada King\nCleo,,,ADA@x.example\n\
                Dan,,,a7\nEve,,,\"King, Ada\"\nFay,,,Ada King (A7)\nGil,,,Sam Lee\nSam Lee,,S1,\nSam Lee,,S2,\n\
                Hal,,,gone@x.example\nIda,,,4711\nJo,,,Max Roe\nKim,,,S2\nLou,,,Lou\n";
    let reading = reading(text);
    assert!(reading.errors.is_empty());
    let managers: Vec<_> = reading.rows.iter().map(|row| row.person.manager.clone()).collect();
    let ada = || Some(Manager::InFile { line: 2 });
    assert_eq!(
        managers,
        [
            None,
            ada(),
            ada(),
            ada(),
            ada(),
            ada(),
            Some(Manager::Name("Sam Lee".into())),
            None,
            None,
            Some(Manager::Email("gone@x.example".into())),
            Some(Manager::EmployeeId("4711".into())),
            Some(Manager::Name("Max Roe".into())),
            Some(Manager::InFile { line: 10 }),
            None,
        ]
    );
    assert_eq!(reading.notes[0].sentence, "Lou is given as their own manager. The row is read without a manager.");
}

#[test]
fn a_circle_of_managers_is_an_error_of_those_in_it() {
    let reading = reading("name,manager\nAda,Cleo\nBen,Ada\nCleo,Ben\nDan,Cleo\nEve,Dan\n");
    let circle = "The reporting line goes in a circle: Ada reports to Cleo reports to Ben reports to Ada. \
                  Correct the manager of one of them.";
    assert_eq!(errors(&reading), [(2, circle), (3, circle), (4, circle)]);
    let managers: Vec<_> = reading.rows.iter().map(|row| row.person.manager.clone().unwrap()).collect();
    assert_eq!(managers, [Manager::Name("Cleo".into()), Manager::InFile { line: 5 }]);
}

#[test]
fn a_last_line_of_totals_is_not_a_person() {
    assert_eq!(names(&reading("name,team\nAda,x\nTotal,1\n")), [(2, "Ada")]);
    assert_eq!(names(&reading("name,team\nAda,x\n\nTotal employees: 1\n")), [(2, "Ada")]);
    assert_eq!(names(&reading("name,team\nAda,x\nSummer,y\n")), [(2, "Ada"), (3, "Summer")]);
}

const HEADERS: [(&str, &[Field]); 11] = {
    use Field::*;
    [
        (
            "Full name|Employee number|Work email|Title|Level|Department|Teams|Manager|Manager email|Start date|Work location",
            &[Name, EmployeeId, Email, Title, Level, Department, Team, Manager, ManagerEmail, StartDate, Location],
        ),
        (
            "First name|Last name|Preferred first name|Work email|Job title|Department|Manager|Start date|Employment type",
            &[FirstName, LastName, PreferredName, Email, Title, Department, Manager, StartDate, EmploymentType],
        ),
        (
            "Employee Number|First Name|Last Name|Email Address|Job Title|Supervisor Name (First Last)|Last Hire Date|Full/Part Time|Scheduled Work Hours",
            &[EmployeeId, FirstName, LastName, Email, Title, Manager, StartDate, EmploymentType, WeeklyHours],
        ),
        (
            "Person Number|Display Name|Work Email|Job Name|Grade Name|Department Name|Location Name|Line Manager|Manager Person Number|Enterprise Hire Date|Assignment Status Type|Normal Hours|FTE",
            &[
                EmployeeId,
                Name,
                Email,
                Title,
                Level,
                Department,
                Location,
                Manager,
                ManagerId,
                StartDate,
                Status,
                WeeklyHours,
                FullTimeShare,
            ],
        ),
        (
            "Worker ID|Full name|Work email|Job title|Seniority|Team|Direct manager|Direct manager email|Hiring type|Hiring status|Start date|Completion date|Country|Timezone",
            &[
                EmployeeId,
                Name,
                Email,
                Title,
                Level,
                Team,
                Manager,
                ManagerEmail,
                EmploymentType,
                Status,
                StartDate,
                EndDate,
                Country,
                Zone,
            ],
        ),
        (
            "Full name|Work email|Job title|Department|Country|Manager email|Provisional start date|Type|Status",
            &[Name, Email, Title, Department, Country, ManagerEmail, StartDate, EmploymentType, Status],
        ),
        (
            "userPrincipalName|displayName|surname|mail|givenName|jobTitle|department|accountEnabled|usageLocation|officeLocation|city",
            &[Login, Name, LastName, Email, FirstName, Title, Department, Active, Country, Location, City],
        ),
        (
            "Employee ref|First name|Last name|Known as|Email|Job title|Line manager|Join date|Leaving date|Contracted hours",
            &[EmployeeId, FirstName, LastName, PreferredName, Email, Title, Manager, StartDate, EndDate, WeeklyHours],
        ),
        (
            "First name|Last name|Preferred name|Work email|Job title|Team|Office|Manager|Start date|Leaving date|Contract type",
            &[
                FirstName,
                LastName,
                PreferredName,
                Email,
                Title,
                Team,
                Location,
                Manager,
                StartDate,
                EndDate,
                EmploymentType,
            ],
        ),
        (
            "Employee number|First name|Last name|Pronouns|Position|Team|Location|Reports to|Employment start date|Termination date|Employment status",
            &[EmployeeId, FirstName, LastName, Pronouns, Title, Team, Location, Manager, StartDate, EndDate, Status],
        ),
        (
            "First name|Last name|Team|Job title|Manager|Workplace|Contract start date|Terminated on|Weekly hours",
            &[FirstName, LastName, Team, Title, Manager, Location, StartDate, EndDate, WeeklyHours],
        ),
    ]
};
