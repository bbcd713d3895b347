use super::*;
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use serde_json::json;
use std::{fs, io::Write, path::Path};

fn options() -> Options {
    Options { lists: &["issues"], limits: Limits { document: 4096, parts: 1000, expanded: 1 << 20, files: 20 } }
}

/// What is read from a folder with these files, each with the place that the report would name.
fn read_files(files: &[(&str, &[u8])]) -> Result<Vec<(String, Document)>, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    read_folder(folder.path())
}

fn read_folder(folder: &Path) -> Result<Vec<(String, Document)>, String> {
    let mut all = Vec::new();
    let named = |text: String| text.replace(&format!("{}/", folder.display()), "");
    let outcome = read(&[folder.to_path_buf()], &options(), &mut |document| {
        all.push((named(format!("{} {:?}", document.file, document.place)), document));
        Ok(())
    });
    outcome.map_err(|error| named(error.to_string()))?;
    Ok(all)
}

fn values(files: &[(&str, &[u8])]) -> Vec<Value> {
    let json = |(_, document): (String, Document)| match document.content {
        Content::Json(value) => value,
        other => panic!("{other:?} is no JSON"),
    };
    read_files(files).unwrap().into_iter().map(json).collect()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn the_same_records_are_read_from_every_container() {
    let wanted = [json!({"id": 1}), json!({"id": 2})];
    let table =
        b"id,params,data,url\n1,{},\"{\"\"id\"\": 1}\",https://host/1\n2,{},\"{\"\"id\"\": 2}\",https://host/2\n";
    let containers: [(&str, Vec<u8>); 9] = [
        ("list.json", b"[{\"id\": 1}, {\"id\": 2}]".to_vec()),
        ("lines.jsonl", b"{\"id\": 1}\n{\"id\": 2}\n".to_vec()),
        ("marked.json", b"\xef\xbb\xbf [{\"id\":1},{\"id\":2}]".to_vec()),
        ("one_after_the_other", b"{\"id\": 1} {\"id\": 2}".to_vec()),
        ("page.json", b"{\"issues\": [{\"id\": 1}, {\"id\": 2}]}".to_vec()),
        ("raw.csv", table.to_vec()),
        ("packed.jsonl.gz", packed(b"{\"id\": 1}\n{\"id\": 2}\n")),
        ("packed.csv.gz", packed(table)),
        ("archive.zip", zipped(&[("a/1.json", b"{\"id\": 1}"), ("b.json.gz", &packed(b"{\"id\": 2}"))])),
    ];
    for (name, bytes) in containers {
        assert_eq!(values(&[(name, &bytes)]), wanted, "{name}");
    }
}

#[test]
fn a_page_follows_its_list_and_other_kinds_of_values_stay_in_it() {
    let page = br#"{"total": 2, "issues": [{"id": 1}], "isLast": true}"#;
    assert_eq!(values(&[("page.json", page)]), [json!({"id": 1}), json!({"total": 2, "isLast": true})]);
    for value in [json!(3), json!(-3), json!(0.5), json!(true), json!("text"), json!({"nodes": [1]})] {
        let page = json!({ "issues": value });
        assert_eq!(values(&[("page.json", page.to_string().as_bytes())]), [page]);
    }
}

#[test]
fn of_recorded_exchanges_the_answers_that_succeeded_are_read() {
    let exchange = |status: u64, response: Value| json!({"response": response, "status": status, "headers": {}});
    let exchanges = json!({"get": {
        "/stories": exchange(200, json!([{"id": 1}, {"id": 2}])),
        "/gone": exchange(404, json!({"message": "no"})),
        "/twice": [exchange(200, json!({"id": 3})), exchange(201, json!({"id": 4}))],
    }});
    let wrapped = json!({"input": {}, "output": {}, "api": exchanges});
    for recording in [exchanges, wrapped] {
        let read = read_files(&[("a.json", recording.to_string().as_bytes())]).unwrap();
        let all: Vec<_> =
            read.iter().map(|(_, one)| (one.address.clone().unwrap(), format!("{:?}", one.content))).collect();
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|(address, _)| address == "/stories" || address == "/twice"), "{all:?}");
    }
    let not_recorded = json!({"api": {"version": 3}, "id": 1});
    assert_eq!(values(&[("a.json", not_recorded.to_string().as_bytes())]), [not_recorded]);
}

#[test]
fn rows_of_raw_tables_keep_what_was_asked() {
    let table = b"id,data,url,input\n7,{},https://host/x,\"{\"\"issue_id\"\": 5}\"\n";
    let (place, document) = read_files(&[("raw.csv", table)]).unwrap().remove(0);
    assert_eq!((place.as_str(), document.address.as_deref()), ("raw.csv Some(Row(2))", Some("https://host/x")));
    assert_eq!(document.around["issue_id"], 5);
}

#[test]
fn tables_and_other_files_are_handed_over_as_they_are() {
    let read = read_files(&[
        ("a.csv", b"Key,Sprint,Sprint\nA-1,One,\"Two, or\nthree\"\n"),
        ("b.xml", b"<testsuite/>"),
        (".hidden/c.json", b"{broken"),
        ("empty.json", b" \n"),
    ]);
    let read = read.unwrap();
    let Content::Row(row) = &read[0].1.content else { panic!("{:?}", read[0]) };
    assert_eq!(
        (row.header.join("|"), row.cells.join("|")),
        ("Key|Sprint|Sprint".into(), "A-1|One|Two, or\nthree".into())
    );
    let Content::Bytes(bytes) = &read[1].1.content else { panic!("{:?}", read[1]) };
    assert_eq!((bytes.as_slice(), read.len()), (b"<testsuite/>".as_slice(), 2));
}

#[test]
fn what_cannot_be_read_ends_the_reading_with_its_place() {
    let long = format!("[{{\"id\": 1}},\n{{\"text\": \"{}\"}}]", "a".repeat(300_000));
    let deep = format!("[{{\"id\": 1}},\n{}", "[".repeat(10_000));
    let bomb = packed(&vec![b' '; 4 << 20]);
    let many: Vec<(String, &[u8])> = (0..30).map(|at| (format!("{at}.json"), b"{}".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let parts = format!("[{{\"list\": [{}0]}}]", "0,".repeat(100_000));
    let cases: [(&str, &[u8], &str); 8] = [
        ("a.json", parts.as_bytes(), "holds a document of more than 1000 parts."),
        ("a.json", b"[{\"id\": 1},\n{\"id\": ]", "a.json, line 2, column 8: this is no JSON (expected value)."),
        (
            "a.json",
            b"{\"id\": 1}\n{\"id\": 2",
            "a.json, line 2, column 8: this is no JSON (EOF while parsing an object).",
        ),
        ("a.json", long.as_bytes(), "holds a document longer than 4096 bytes."),
        ("a.json", deep.as_bytes(), "a.json, line 2, column 127: this is no JSON (recursion limit exceeded)."),
        ("a.csv", b"data\n{\"id\": 1}\n{\"id\"\n", "a.csv, row 3: `data` is no JSON"),
        ("a.json.gz", &bomb, "holds a document longer than 4096 bytes."),
        ("a.zip", &zipped(&many), "a.zip: is an archive of more than 20 files."),
    ];
    for (name, bytes, wanted) in cases {
        let problem = read_files(&[(name, bytes)]).expect_err(wanted);
        assert!(problem.contains(wanted), "{problem}, but wanted: {wanted}");
    }
}

#[test]
fn a_table_is_known_by_its_column_data_and_bytes_are_read_like_files() {
    let table = b"id,data,url\n1,\"{\"\"id\"\": 1}\",https://host/1\n2,,\n";
    let mut read = Vec::new();
    let outcome = read_bytes("rows", packed(table).as_slice(), &options(), &mut |document| {
        read.push((document.address, matches!(document.content, Content::Json(_))));
        Ok(())
    });
    outcome.unwrap();
    assert_eq!(read, [(Some("https://host/1".to_owned()), true)]);
}

#[test]
fn many_small_documents_together_have_a_limit_too() {
    let line = format!("{{\"text\": \"{}\"}}\n", "a".repeat(1000));
    let problem = read_files(&[("a.jsonl", line.repeat(2000).as_bytes())]).unwrap_err();
    assert!(problem.contains("is, unpacked, longer than 1 MiB."), "{problem}");
}

#[test]
fn a_reader_can_stop_with_a_problem_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), "[{}, {}]").unwrap();
    let outcome = read(&[folder.path().to_path_buf()], &options(), &mut |one| Err(Error::new(&one.file, "is enough")));
    assert!(outcome.unwrap_err().to_string().ends_with("a.json: is enough."));
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), name in "[a-c]\\.(json|csv|gz|zip|tsv)") {
        let _ = read_files(&[(&name, &bytes)]);
    }
}
