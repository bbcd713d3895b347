use proptest::prelude::*;

use super::checker::check;
use super::{SITE, html, mail};
use crate::{mentions, plain, references, toggle_task};

/// Texts in which markup is likely: pieces of it, put together by chance.
fn texts() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES.as_slice()).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![4 => pieces, 1 => ".{0,12}"], 0..40).prop_map(|pieces| pieces.concat())
}

const PIECES: [&str; 64] = [
    "*",
    "**",
    "_",
    "~~",
    "`",
    "```",
    "```rust\n",
    "~~~",
    "[",
    "]",
    "(",
    ")",
    "](",
    "![",
    "<",
    ">",
    "</",
    "&lt;",
    "&#106;",
    "\"",
    "'",
    "\\",
    "\n",
    "\n\n",
    "    ",
    "> ",
    "- ",
    "1. ",
    "- [ ] ",
    "- [x] ",
    "# ",
    "---",
    "|",
    "|-|-|\n",
    "[^a]",
    "[^a]: ",
    "[a]: ",
    "javascript:",
    "data:",
    "https://x.example/",
    "/files/a.png",
    "/people/mara",
    "@",
    "PAY-482",
    "<script>",
    "<style>",
    "<details>",
    "</details>",
    "<summary>",
    "<kbd>",
    "</kbd>",
    "<svg>",
    "<math>",
    "<b>",
    "<i>",
    "</b>",
    "<!--",
    "-->",
    " onload=x ",
    "\u{202e}",
    "\u{0}",
    "word ",
    "<abbr title=\"",
    "https://cairn.example.org/issues/PAY-482",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_the_text_the_html_is_safe(text in texts()) {
        check(&html(&text));
        check(&mail(&text));
    }

    #[test]
    fn no_text_makes_it_fail(text in any::<String>()) {
        check(&html(&text));
        mentions(&text);
        references(&text, SITE);
    }

    #[test]
    fn plain_text_is_one_line_within_the_limit(text in texts(), limit in 0_usize..60) {
        let line = plain(&text, limit);
        prop_assert!(line.chars().count() <= limit);
        prop_assert!(line.chars().all(|c| !c.is_control() && !crate::escape::turns_direction(c)));
        prop_assert_eq!(line.trim(), &line);
    }

    #[test]
    fn ticking_changes_one_byte(text in texts(), index in 0_usize..4, done: bool) {
        if let Some(changed) = toggle_task(&text, index, done) {
            prop_assert_eq!(changed.len(), text.len());
            let different: Vec<_> = (0..text.len()).filter(|at| changed.as_bytes()[*at] != text.as_bytes()[*at]).collect();
            prop_assert!(different.len() <= 1);
            prop_assert!(html(&changed).matches("data-task").count() == html(&text).matches("data-task").count());
            prop_assert_eq!(toggle_task(&changed, index, done), Some(changed));
        } else {
            let mark = format!("data-task=\"{index}\"");
            prop_assert!(!html(&text).contains(&mark));
        }
    }
}
