use super::{Links, Pull, links, subject};
use proptest::prelude::*;

fn pull(text: &str, merge: bool) -> Option<(u64, String, bool)> {
    links(text.as_bytes(), merge).pull.map(|Pull { number, title, squashed }| (number, title, squashed))
}

#[test]
fn pull_requests_are_named_in_the_words_of_five_systems() {
    let cases = [
        (
            "Merge pull request #123 from mara/retry\n\nRetry card payments\n\nMore.",
            true,
            Some((123, "Retry card payments", false)),
        ),
        ("Merge pull request #9 from mara/retry", true, Some((9, "Merge pull request #9 from mara/retry", false))),
        ("Retry card payments (#123)\n\n* one\n* two", false, Some((123, "Retry card payments", true))),
        (
            "Merge branch 'retry' into 'main'\n\nRetry card payments\n\nSee merge request pay/app!45",
            true,
            Some((45, "Retry card payments", false)),
        ),
        ("Retry card payments\n\nSee merge request pay/app!45", false, Some((45, "Retry card payments", true))),
        ("Merged PR 77: Retry card payments", false, Some((77, "Retry card payments", true))),
        ("Merged in retry (pull request #8)\n\nRetry", true, Some((8, "Retry", false))),
        ("Merge branch 'retry'", true, None),
        ("Fix #12", false, None),
        ("Fix (#12) and more", false, None),
        ("Fix (#)", false, None),
        ("Fix (#99999999999999999999999)", false, None),
        ("", false, None),
    ];
    for (text, merge, expected) in cases {
        assert_eq!(pull(text, merge), expected.map(|(n, t, s)| (n, t.to_owned(), s)), "{text}");
    }
}

#[test]
fn trailers_are_read_in_any_case_and_broken_ones_are_left_out() {
    let text = "Revert \"Retry\"\n\nThis reverts commit 1a3e64c6c4a623626ff0687008732a8e007e2a1c.\n(cherry picked from commit \
                3f664917c20733253934d3c4ff8330a7a60f27b7)\nCo-Authored-By: Yuki Tanaka <yuki@northwind.example>\nco-authored-by: \
                broken\nThis reverts commit of yesterday.\nRefs: PAY-482";
    let expected = Links {
        co_authors: vec![("Yuki Tanaka".into(), "yuki@northwind.example".into())],
        reverts: vec!["1a3e64c6c4a623626ff0687008732a8e007e2a1c".into()],
        picked_from: vec!["3f664917c20733253934d3c4ff8330a7a60f27b7".into()],
        pull: None,
        issues: vec!["PAY-482".into()],
    };
    assert_eq!(links(text.as_bytes(), false), expected);
}

#[test]
fn a_subject_is_one_line_that_can_be_shown() {
    assert_eq!(subject(b"\n\n Caf\xe9 \x1b[31m\nmore"), "Caf\\xE9 \\x1B[31m");
    assert_eq!(subject(&b"a".repeat(9000)).len(), 500);
}

proptest! {
    #[test]
    fn no_message_breaks_the_reader(message in proptest::collection::vec(any::<u8>(), 0..400), merge: bool) {
        links(&message, merge);
        subject(&message);
    }

    #[test]
    fn every_number_is_found_again(number in 1u64..1_000_000_000, title in "[A-Za-z][A-Za-z ]{0,20}[a-z]") {
        prop_assert_eq!(pull(&format!("{title} (#{number})"), false), Some((number, title.clone(), true)));
        prop_assert_eq!(pull(&format!("Merge pull request #{number} from a/b\n\n{title}"), true), Some((number, title, false)));
    }
}
