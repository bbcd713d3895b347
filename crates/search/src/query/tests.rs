use super::{Name, Query, last_piece};
use kernel::Error;
use proptest::prelude::*;

const KINDS: [&str; 2] = ["person", "decision"];

fn read(text: &str) -> Query {
    Query::parse(text, &KINDS).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> String {
    match Query::parse(text, &KINDS) {
        Err(Error::Invalid(flaws)) => flaws[0].sentence.clone(),
        other => panic!("{text}: {other:?}"),
    }
}

fn list(words: &[&[&str]]) -> Vec<Vec<String>> {
    words.iter().map(|words| words.iter().map(|word| (*word).to_owned()).collect()).collect()
}

#[test]
fn words_phrases_and_what_is_left_out() {
    let query = read("Retry-budget \"exactly once\" -draft -\"not yet\" pay");
    assert_eq!(query.wanted, list(&[&["retry"], &["budget"], &["exactly", "once"], &["pay"]]));
    assert_eq!(query.unwanted, list(&[&["draft"], &["not", "yet"]]));
    assert!(query.open && !read("pay ").open && !read("\"pay\"").open && !read("pay is:person").open);
    assert!(read("https://cairn.test/a").wanted.len() == 4);
}

#[test]
fn filters() {
    let query = read("is:decision by:me team:\"Money in\" before:2026-05 after:2025 in:title");
    assert_eq!(query.kinds, ["decision"]);
    assert_eq!((query.authors, query.teams), (vec![Name::Me], vec![Name::Like("Money in".into())]));
    assert_eq!(query.until.unwrap().to_string(), "2026-05-01T00:00:00Z");
    assert_eq!(query.from.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!(read("after:2026-02-28").from.unwrap().to_string(), "2026-03-01T00:00:00Z");
    assert!(query.only_titles && query.wanted.is_empty());
}

#[test]
fn what_means_nothing_is_named() {
    assert_eq!(refused("is:cat"), "`is:cat` means nothing. There are `is:person`, `is:decision`.");
    assert!(refused("from:mara").starts_with("There is no filter `from:`. There are `is:`"));
    assert!(refused("before:2026-13").contains("`before:2026-13` is not a date"));
    assert!(refused("before:2026-02-30").contains("not a date") && refused("after:").contains("not a date"));
    assert!(refused("by:").starts_with("Write a name after `by:`") && refused("in:body").contains("in:title"));
    assert!(refused("-is:person").contains("only words can be left out"));
    assert!(refused(&"a".repeat(401)).contains("400") && refused(&"a ".repeat(25)).contains("24 words"));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_a_sentence(text in any::<String>()) {
        match Query::parse(&text, &KINDS) {
            Ok(query) => prop_assert!(query.wanted.iter().chain(&query.unwanted).all(|words| !words.is_empty())),
            Err(Error::Invalid(flaws)) => prop_assert_eq!(&flaws[0].field, "q"),
            Err(other) => prop_assert!(false, "{}", other),
        }
    }
}

#[test]
fn a_question_names_few_people_and_teams() {
    assert_eq!(read(&"by:a team:b ".repeat(4)).authors.len(), 4);
    assert!(refused(&"by:a team:b ".repeat(5)).contains("name fewer"));
}

#[test]
fn the_piece_that_is_being_typed_is_the_last_one_outside_of_quotes() {
    assert_eq!(last_piece("budget team:pa"), Some(("budget ", "team:pa")));
    assert_eq!(last_piece("by:\"mara li"), Some(("", "by:\"mara li")));
    for text in ["", "team:pay ", "\"by:m", "-is:", "Team:p", "\u{1F600}"] {
        assert_eq!(last_piece(text), None, "{text}");
    }
}
