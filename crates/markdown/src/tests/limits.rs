//! Texts made to be slow: each has a second of the processor in a build without optimisation.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use super::{SITE, html};
use crate::{plain, references};

const SIZE: usize = 100_000;
const LIMIT: Duration = Duration::from_secs(1);

fn is_quick(name: &str, text: &str) {
    let text = &text[..text.floor_char_boundary(SIZE)];
    for (work, run) in [
        ("render", (|text| drop(html(text))) as fn(&str)),
        ("plain", |text| drop(plain(text, SIZE))),
        ("references", |text| drop(references(text, SITE))),
    ] {
        let before = processor_time();
        run(text);
        let taken = processor_time() - before;
        assert!(taken < LIMIT, "{name}, {work} takes {taken:?}");
    }
}

/// What this thread has had of a processor, so that a busy machine does not count; where the system does not say it
/// (Linux does, see `proc_pid_schedstat`), the time of the clock.
fn processor_time() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = statistics.and_then(|line| line.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| START.elapsed(), Duration::from_nanos)
}

#[test]
fn one_piece_over_and_over_is_quick() {
    for piece in [
        "[",
        "]",
        "(",
        "*",
        "**a ",
        "_",
        "_a",
        "`",
        "` ``",
        "~",
        "<",
        "<a ",
        "<!--",
        "<?",
        "<![CDATA[",
        "&",
        "&#",
        "\\",
        "!",
        "![",
        "[a](",
        "[a](<b",
        "[](",
        "a_b*c",
        "*a_ ",
        "> ",
        ">",
        "- ",
        "1. ",
        "* a\n",
        "  - a\n",
        "# a\n",
        "-\n",
        "=\n",
        "|",
        "|-",
        "a|b\n",
        "[^a]",
        "[^a]\n\n[^a]: x\n",
        "[a]: b\n",
        "[a]\n",
        "```\n",
        "~~~\n",
        "\"",
        "'",
        "@",
        "/",
        "/a/b",
        "https://",
        "https://a)",
        "A",
        "PAY-482 ",
        "AA-1",
        "<b>",
        "<details>",
        "</b>",
        "<kbd>x",
        "<abbr title=\"",
        "<svg>",
        "a\n\n",
        "a  \n",
        "\t",
        "\n",
        "é",
        "\u{202e}",
        "[@a](/people/mara) ",
        "[PAY-482](/x) ",
        "**x** ",
        "~~x~~ ",
        "x`y`",
    ] {
        is_quick(&format!("{piece:?}"), &piece.repeat(SIZE / piece.len()));
    }
}

#[test]
fn deep_nesting_is_quick() {
    let stair = |piece: &str, count: usize| {
        (0..count).map(|depth| format!("{}{piece}\n", "  ".repeat(depth))).collect::<String>()
    };
    is_quick("lists in lists", &stair("- a", 440));
    is_quick("lists and quotes", &"> - ".repeat(SIZE / 4));
    is_quick("links in links", &format!("{}{}", "[".repeat(50_000), "](/a)".repeat(30_000)));
    is_quick("pictures in pictures", &format!("{}{}", "![a".repeat(25_000), "](/files/a)".repeat(11_000)));
    is_quick("emphasis in emphasis", &format!("{}a{}", "*a **a ".repeat(14_000), "** *".repeat(25_000)));
    is_quick("quotes, then lines", &format!("{}a\n{}", ">".repeat(5_000), ">a\n".repeat(60_000)));
}

#[test]
fn large_constructs_are_quick() {
    let columns = 5_000;
    let row = format!("|{}\n", "a|".repeat(columns));
    is_quick("a wide table", &format!("{row}|{}\n{}", "-|".repeat(columns), row.repeat(15)));
    is_quick("a table of short rows", &format!("{row}|{}\n{}", "-|".repeat(columns), "a\n".repeat(80_000)));
    let notes: String = (0..6_000).map(|n| format!("[^{n}]: x [^{}]\n\n", (n + 1) % 6_000)).collect();
    is_quick("footnotes in a ring", &format!("[^0]\n\n{notes}"));
    let labels: String = (0..8_000).map(|n| format!("[l{n}]: /a\n[l{n}]\n\n")).collect();
    is_quick("many labels", &labels);
    is_quick("headings alike", &"# a\n\n".repeat(SIZE / 5));
    for code in ["1 ", "'", "\"", "/* ", "a ", "#", "a(", "`", "\"\"\"", "é"] {
        is_quick("code", &format!("```rust\n{}", code.repeat(SIZE / code.len() - 10)));
        is_quick("code in pieces", &format!("```js\n{}\n```\n", code.repeat(1_000)).repeat(60));
    }
}

#[test]
fn elements_are_nested_to_a_limit_and_their_text_is_kept() {
    let html = html(&format!("{}word", "> ".repeat(500)));
    assert_eq!(html.matches("<blockquote>").count(), crate::MAX_DEPTH);
    assert!(html.contains("word"));
}

#[test]
fn references_end_after_a_limit() {
    assert_eq!(html(&"PAY-482 ".repeat(600)).matches("class=\"reference\"").count(), crate::MAX_REFERENCES);
    let keys: String = (0..600).map(|n| format!("AA-{n} ")).collect();
    assert_eq!(references(&keys, SITE).len(), crate::MAX_REFERENCES);
}
