//! Texts of other systems as Markdown: what they mean is compared as HTML where the way of writing does not matter.
use super::*;
use proptest::prelude::*;
use pulldown_cmark::{Options, Parser, html};
use serde_json::{Value, json};

fn body_of(description: Value) -> String {
    let issue = json!({"id": "1", "key": "A-1", "fields": {"summary": "x", "description": description}});
    let (records, _) = read_texts(System::Jira, &[("a.json", issue.to_string())]).unwrap();
    issues(&records)[0].body.clone()
}

fn rendered(markdown: &str) -> String {
    let mut out = String::new();
    html::push_html(
        &mut out,
        Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS),
    );
    out
}

#[test]
fn wiki_markup() {
    let cases = [
        ("h2. Title\r\nText", "## Title\n\nText"),
        (
            "*bold* and _leaning_, -gone- +under+ ^up^ ~down~ ??cite??",
            "**bold** and *leaning*, ~~gone~~ under up down *cite*",
        ),
        ("a*b*c, 2 * 3 * 4, snake_case_name, co-op-ed", "a\\*b\\*c, 2 \\* 3 \\* 4, snake_case_name, co-op-ed"),
        ("{{code_here}} and {{a`b}}", "`code_here` and ``a`b``"),
        ("{code:java}\nint a = b * c;\n{code}", "```java\nint a = b * c;\n```"),
        ("{code:title=A.java|borderStyle=solid}\nx\n{code}after", "```\nx\n```\n\nafter"),
        ("{noformat}\n```\n*x*\n{noformat}", "````\n```\n*x*\n````"),
        ("* one\n** two\n# first\n## second", "- one\n   - two\n1. first\n   1. second"),
        ("- one\n- two", "- one\n- two"),
        ("||Name||Size||\n|a|[b|https://x.org]|", "| Name | Size |\n| --- | --- |\n| a | [b](https://x.org) |"),
        ("|a|b|", "|  |  |\n| --- | --- |\n| a | b |"),
        ("{quote}\nsaid\n{quote}\nanswer", "> said\n\nanswer"),
        ("bq. said", "> said"),
        ("----", "---"),
        (
            "[text|https://x.org/a(b)] [https://y.org] [~ada] [^log.txt]",
            "[text](<https://x.org/a(b)>) [https://y.org](https://y.org) @ada log.txt",
        ),
        ("see https://x.org/a_b_c, now", "see <https://x.org/a_b_c>, now"),
        ("!shot.png|width=300! and wow! no!", "![shot.png](shot.png) and wow! no!"),
        ("{color:red}stop{color} {*}bold{*}", "stop **bold**"),
        ("{panel:title=Note|bgColor=#fff}inside{panel}", "**Note** inside"),
        ("one\ntwo\n\nthree", "one\\\ntwo\n\nthree"),
        ("one\\\\two", "one\\\ntwo"),
        ("\\*not bold\\* [not a link]", "\\*not bold\\* \\[not a link\\]"),
        ("<script>alert(1)</script> & &amp;", "\\<script>alert(1)\\</script> & \\&amp;"),
        ("1. no list\n+ nor this", "1\\. no list\\\n\\+ nor this"),
        ("{unknown} {code never closed", "{unknown} {code never closed"),
        ("[javascript:alert(1)] [x|javascript:alert(1)]", "\\[javascript:alert(1)\\] \\[x|javascript:alert(1)\\]"),
    ];
    for (wiki, markdown) in cases {
        assert_eq!(body_of(json!(wiki)), markdown, "{wiki}");
    }
}

#[test]
fn atlassian_documents() {
    let text = |text: &str, marks: Value| json!({"type": "text", "text": text, "marks": marks});
    let paragraph = |content: Value| json!({"type": "paragraph", "content": content});
    let item = |kind: &str, content: Value| json!({"type": kind, "content": content});
    let plain = |words: &str| paragraph(json!([text(words, json!([]))]));
    let cases = [
        (
            paragraph(json!([
                text("a ", json!([])),
                text("bold ", json!([{"type": "strong"}])),
                text("x*y", json!([{"type": "code"}]))
            ])),
            "a **bold** `x*y`",
        ),
        (
            paragraph(json!([text(
                "there",
                json!([{"type": "link", "attrs": {"href": "https://x.org"}}, {"type": "em"}])
            )])),
            "[*there*](https://x.org)",
        ),
        (json!({"type": "heading", "attrs": {"level": 3}, "content": [text("Title", json!([]))]}), "### Title"),
        (
            item(
                "bulletList",
                json!([item(
                    "listItem",
                    json!([plain("one"), item("bulletList", json!([item("listItem", json!([plain("two")]))]))])
                )]),
            ),
            "- one\n  - two",
        ),
        (paragraph(json!([{"type": "text", "text": "    no code"}])), "no code"),
        (
            json!({"type": "orderedList", "attrs": {"order": 4}, "content": [item("listItem", json!([plain("four")])), item("listItem", json!([plain("five")]))]}),
            "4. four\n5. five",
        ),
        (
            item(
                "taskList",
                json!([{"type": "taskItem", "attrs": {"state": "DONE"}, "content": [text("did", json!([]))]}, {"type": "taskItem", "attrs": {"state": "TODO"}, "content": [text("will", json!([]))]}]),
            ),
            "- [x] did\n- [ ] will",
        ),
        (
            json!({"type": "codeBlock", "attrs": {"language": "rust"}, "content": [text("let a = `b`;", json!([]))]}),
            "```rust\nlet a = `b`;\n```",
        ),
        (item("panel", json!([plain("mind")])), "> mind"),
        (json!({"type": "expand", "attrs": {"title": "More"}, "content": [plain("inside")]}), "**More**\n\ninside"),
        (
            item(
                "table",
                json!([
                    item(
                        "tableRow",
                        json!([item("tableHeader", json!([plain("A")])), item("tableHeader", json!([plain("B")]))])
                    ),
                    item("tableRow", json!([item("tableCell", json!([plain("1|2")])), item("tableCell", json!([]))])),
                ]),
            ),
            "| A | B |\n| --- | --- |\n| 1\\|2 |  |",
        ),
        (
            paragraph(
                json!([{"type": "mention", "attrs": {"id": "5", "text": "@Ada"}}, {"type": "hardBreak"}, {"type": "emoji", "attrs": {"shortName": ":tada:", "text": "🎉"}}, {"type": "date", "attrs": {"timestamp": "1709251200000"}}]),
            ),
            "@Ada\\\n🎉2024-03-01",
        ),
        (
            paragraph(
                json!([{"type": "inlineCard", "attrs": {"url": "https://x.org"}}, {"type": "status", "attrs": {"text": "DONE"}}]),
            ),
            "[https://x.org](https://x.org)**DONE**",
        ),
        (item("notYetInvented", json!([plain("kept")])), "kept"),
    ];
    for (node, markdown) in cases {
        assert_eq!(body_of(json!({"type": "doc", "version": 1, "content": [node]})), markdown, "{node}");
    }
}

#[test]
fn nesting_without_end_is_refused_and_nothing_breaks() {
    let deep = format!("{}{}", "{\"type\":\"panel\",\"content\":[".repeat(10_000), "]}".repeat(10_000));
    let text = format!("{{\"id\":\"1\",\"key\":\"A-1\",\"fields\":{{\"description\":{deep}}}}}");
    let error = read_texts(System::Jira, &[("a.json", text)]).unwrap_err().to_string();
    assert!(error.contains("recursion limit exceeded"), "{error}");
    let marks = body_of(json!("*_".repeat(5000)));
    assert!(marks.len() >= 10_000);
}

proptest! {
    /// Text without any markup comes out as the same letters when it is shown.
    #[test]
    fn plain_words_are_shown_as_they_were(text in "[a-z0-9 .,:;<>&*_`~#+=()-]{1,60}") {
        let node = json!({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}]});
        let html = rendered(&body_of(node));
        let shown = html.trim().trim_start_matches("<p>").trim_end_matches("</p>");
        let shown = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
        prop_assert_eq!(shown.trim(), text.trim());
    }

    #[test]
    fn no_markup_makes_it_panic(text in "[*_\\-+^~{}\\[\\]|!?h1-2. a\\n\\\\]{0,80}") {
        body_of(json!(text));
    }
}
