//! `cairn forecast`, which needs no server and no data folder.
use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

/// A folder of the test's own with a history of two items a day in the first quarter of 2024, and the file's path.
fn files(name: &str) -> (PathBuf, String) {
    let folder = std::env::temp_dir().join(format!("cairn-forecast-{name}-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let days = jiff::civil::date(2024, 1, 1).series(jiff::Span::new().days(1)).take(90);
    let lines: String = days.map(|day| format!("{day}\r\n\"{day}T23:30:00Z\"\r\n")).collect();
    let path = folder.join("dates.csv");
    fs::write(&path, format!("finished\r\n{lines}")).unwrap();
    (folder, path.display().to_string())
}

fn cairn(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cairn")).arg("forecast").args(arguments).output().unwrap()
}

fn said(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn counts_and_dates_are_answered_in_json_and_in_words() {
    let (folder, file) = files("answers");
    let ask = |question: &[&str]| said(&cairn(&[&["--finishes", &file, "--as-of", "2024-03-31"], question].concat()));
    assert_eq!(ask(&["--days", "28", "--json"]), "{\"at_least\":{\"50\":56,\"70\":56,\"85\":56,\"95\":56}}\n");
    let dates =
        "{\"done_by\":{\"50\":\"2024-04-19\",\"70\":\"2024-04-19\",\"85\":\"2024-04-19\",\"95\":\"2024-04-19\"}}\n";
    assert_eq!(ask(&["--items", "40", "--json"]), dates);
    let words = ask(&["--by", "2024-04-27"]);
    assert!(
        words.starts_with("From 2024-03-31 to 2024-04-27 the team is likely (85 %) to finish at least 56 items."),
        "{words}"
    );
    assert!(words.contains("This rests on 180 items finished in the 90 days before."), "{words}");
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn many_questions_are_answered_in_their_order() {
    let (folder, file) = files("origins");
    let pairs = folder.join("pairs.csv");
    fs::write(&pairs, "as_of,days\n2024-03-31,84\n2024-02-15,14\n2023-05-01,14\n").unwrap();
    let lines = said(&cairn(&["--finishes", &file, "--origins", &pairs.display().to_string()]));
    assert_eq!(
        lines,
        "{\"at_least\":{\"50\":168,\"70\":168,\"85\":168,\"95\":168}}\n\
         {\"at_least\":{\"50\":28,\"70\":28,\"85\":28,\"95\":28}}\n\
         {\"refused\":\"Nothing was finished before 2023-05-01, so there is nothing to forecast from.\"}\n"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn what_cannot_be_read_is_refused_with_the_line_and_the_mend() {
    let (folder, _) = files("wrong");
    let wrong = folder.join("wrong.csv");
    fs::write(&wrong, "2024-01-01\nsoon\n").unwrap();
    let output = cairn(&["--finishes", &wrong.display().to_string(), "--as-of", "2024-02-01", "--days", "7"]);
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(error.contains("Line 2 says “soon”. Write a date such as 2024-05-01"), "{error}");
    fs::remove_dir_all(folder).unwrap();
}
