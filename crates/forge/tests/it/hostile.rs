//! Files that are broken, or made to break the reader: one sentence, and where.
use crate::read;
use forge::System;
use proptest::prelude::*;
use std::io::Read;

fn refused(bytes: &[u8]) -> String {
    read(System::GitHub, bytes).2.unwrap_err().to_string()
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (bytes, wanted) in [
        ("{\"a\":1}\n{\"b\":}\n", "a file, line 2, column 6: this is no JSON (expected value)."),
        ("[{\"a\":1},\n{\"b\":", "a file, line 2, column 5: this is no JSON (EOF while parsing a value)."),
        ("{\"a\":1}\n]", "a file, line 2, column 1: this is no JSON (expected value)."),
        ("id,data\n1,\"{\"\"a\"\":\"\n", "a file, row 2: `data` is no JSON (EOF while parsing a value)."),
    ] {
        assert_eq!(refused(bytes.as_bytes()), wanted);
    }
    assert!(refused(b"{\"a\":\"\xff\"}").contains("line 1, column 7: this is no JSON"));
    assert!(refused(&[0x1f, 0x8b, 8, 0, 1, 2, 3]).contains("cannot be read"));
}

#[test]
fn what_is_no_json_is_passed_over() {
    for bytes in [&b"\x89PNG\r\n"[..], b"<html></html>", b"name,mail\na,b\n"] {
        let (records, report, result) = read(System::GitHub, bytes);
        result.unwrap();
        assert_eq!((records.len(), report.passed_over.len()), (0, 1));
    }
    assert!(read(System::GitHub, b" \n ").1.passed_over.is_empty());
}

#[test]
fn deep_nesting_is_refused() {
    let deep = |open: &str, close: &str| format!("{{\"a\":{}1{}}}", open.repeat(10_000), close.repeat(10_000));
    for text in [deep("[", "]"), deep("{\"b\":", "}"), "[".repeat(10_000)] {
        assert!(refused(text.as_bytes()).contains("recursion limit"));
    }
}

#[test]
fn a_value_of_200_mb_is_refused_and_not_kept() {
    let long = |start: &'static [u8]| start.chain(std::io::repeat(b'a').take(200 << 20));
    for (start, wanted) in
        [(&b"{\"a\":\""[..], "a document longer than 32 MiB"), (b"id,data\n1,\"", "a document longer than 32 MiB")]
    {
        let mut reader = forge::Reader::new(System::GitHub, forge::Place::default());
        let error = reader.read("long", long(start), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
    let many = format!("{{\"a\":[{}0]}}", "0,".repeat(2_100_000));
    assert!(refused(many.as_bytes()).contains("parts"));
}

#[test]
fn ten_thousand_records_in_one_list_pass() {
    let one = serde_json::from_str::<serde_json::Value>(include_str!("../../fixtures/pull.json")).unwrap().to_string();
    let (records, _, result) = read(System::GitHub, format!("[{}]", vec![one; 2_000].join(",")).as_bytes());
    result.unwrap();
    assert_eq!(records.iter().filter(|record| record.kind == forge::Kind::Pull).count(), 2_000);
}

proptest! {
    #[test]
    fn no_bytes_make_it_stop(bytes in prop::collection::vec(any::<u8>(), 0..300), github in any::<bool>()) {
        let _ = read(if github { System::GitHub } else { System::GitLab }, &bytes);
    }

    #[test]
    fn no_json_makes_it_stop(text in "(\\{|\\[|\\}|\\]|,|:|\"(number|state|head|base|sender|action|id|user|login|iid)\"|1|null){0,40}") {
        let _ = read(System::GitHub, text.as_bytes());
        let _ = read(System::GitLab, text.as_bytes());
    }
}
