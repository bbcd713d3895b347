use super::documents;
use crate::{File, Limits, Place};
use proptest::prelude::*;
use serde_json::json;

fn read(text: &str) -> Result<Vec<(Place, serde_json::Value)>, String> {
    let found = documents(&File::new("x", text), &Limits::default()).map_err(|error| error.to_string())?;
    Ok(found.into_iter().map(|one| (one.place, one.value)).collect())
}

#[test]
fn one_document_several_and_lines() {
    let line = |line| Place::Line { line, column: 1 };
    assert_eq!(read("{\"a\":1}").unwrap(), [(line(1), json!({"a": 1}))]);
    assert_eq!(read("{}\n\n{}\r\n[1]\n").unwrap(), [(line(1), json!({})), (line(3), json!({})), (line(4), json!([1]))]);
    assert_eq!(read(" \n").unwrap(), []);
}

#[test]
fn raw_rows_of_devlake_keep_the_address_and_what_they_were_fetched_for() {
    let text = "id,params,data,url,input\n1,{},\"{\"\"id\"\": 5}\",https://x/job,\"{\"\"id\"\": \"\"w\"\"}\"\n";
    let found = documents(&File::new("x", text), &Limits::default()).unwrap();
    assert_eq!(found[0].value, json!({"id": 5}));
    assert_eq!(found[0].url.as_deref(), Some("https://x/job"));
    assert_eq!(found[0].input, Some(json!({"id": "w"})));
    assert_eq!(read("id,name\n1,b\n").unwrap(), [(Place::Row(2), json!({"id": "1", "name": "b"}))]);
}

#[test]
fn what_cannot_be_read_says_where() {
    assert!(read("{\"a\":\n [1,").unwrap_err().starts_with("x, line 2, column 4: the JSON ends too early"));
    assert!(read("{}\n{oops}").unwrap_err().starts_with("x, line 2, column 2: this is no JSON"));
    assert!(read("id,data\n1,{}\n2,{\n").unwrap_err().starts_with("x, row 3: `data` is no JSON"));
    assert!(read(&"[".repeat(200)).unwrap_err().contains("recursion limit"));
    let few = Limits { documents: 2, ..Limits::default() };
    assert!(documents(&File::new("x", "{}{}{}"), &few).unwrap_err().to_string().contains("more than 2 records"));
}

proptest! {
    #[test]
    fn any_bytes_end_in_documents_or_one_sentence(bytes: Vec<u8>) {
        if let Err(error) = documents(&File::new("x", bytes), &Limits::default()) {
            prop_assert!(error.to_string().starts_with("x"));
        }
    }
}
