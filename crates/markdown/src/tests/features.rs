use super::{SITE, html, known, mail};
use crate::{Context, Mentions, mentions, plain, references, render, toggle_task};

const REL: &str = "rel=\"nofollow noopener noreferrer\"";

#[test]
fn a_mention_shows_the_name_of_today() {
    let shown = format!("<a class=\"mention\" data-kind=\"person\" href=\"/people/mara\" {REL}>@Mara Lindqvist</a>");
    assert_eq!(html("[@Mara](/people/mara)"), format!("<p>{shown}</p>\n"));
    assert_eq!(html("[@The boss](/people/mara)"), format!("<p>{shown}</p>\n"));
    assert_eq!(html("[\u{202e}@Mara](/people/mara)"), format!("<p>{shown}</p>\n"));
    assert!(html("[@Payments](/teams/payments)").contains(">@Payments</a>"));
}

#[test]
fn whom_the_reader_may_not_see_stays_text() {
    assert_eq!(html("[@Someone](/people/other)"), "<p>@Someone</p>\n");
    assert_eq!(html("PAY-483 and /issues/PAY-483"), "<p>PAY-483 and /issues/PAY-483</p>\n");
}

#[test]
fn mentions_are_in_order_without_repeats() {
    let text = "[@B](/people/b) [@A](/people/a), [@B](/people/b) [@T](/teams/t)\n\n`[@C](/people/c)`\n\n    [@D](/people/d)\n\n\
                [E](/people/e) [@F](/people/f/hours) [@G](/issues/g) ![@H](/people/h)";
    assert_eq!(mentions(text), Mentions { people: vec!["b".into(), "a".into()], teams: vec!["t".into()] });
}

#[test]
fn references_are_found_outside_of_code_and_links() {
    let text = "PAY-482, (PAY-1) `PAY-2` [PAY-3](/x) PAY-482 xPAY-4 PAY-5x PAY-6-7 P-8 PAYMENTSTEAM-9 PAY-12345678 _A1-10_\n\n\
                ```\nPAY-11\n```\n/issues/PAY-12 https://cairn.example.org/issues/PAY-13#c1 <https://cairn.example.org/docs/x?y> \
                https://cairn.example.org.evil.example/issues/PAY-14 https://other.example/issues/PAY-15 and/or";
    let names = ["PAY-482", "PAY-1", "A1-10", "/issues/PAY-12", "/issues/PAY-13", "/docs/x"];
    assert_eq!(references(text, SITE), names);
}

#[test]
fn a_reference_shows_the_title() {
    let link = |text: &str| {
        format!("<p>see <a class=\"reference\" data-kind=\"issue\" href=\"/issues/PAY-482\" {REL}>{text}</a>.</p>\n")
    };
    assert_eq!(html("see PAY-482."), link("PAY-482 Refunds &lt;twice&gt;"));
    assert_eq!(html("see /issues/PAY-482."), link("Refunds &lt;twice&gt;"));
    assert_eq!(html("see https://cairn.example.org/issues/PAY-482."), link("Refunds &lt;twice&gt;"));
    assert_eq!(html("see <https://cairn.example.org/issues/PAY-482>."), link("Refunds &lt;twice&gt;"));
    assert_eq!(html("`PAY-482`"), "<p><code>PAY-482</code></p>\n");
}

#[test]
fn documents_on_one_page_do_not_share_ids() {
    let context = Context { prefix: "c42-", site: SITE, known: &known() };
    let html = render("# A\n[a](#a)[^1]\n\n[^1]: b", &context).into_string();
    for part in ["id=\"c42-h-a\"", "href=\"#c42-h-a\"", "id=\"c42-fn-1\"", "href=\"#c42-fn-1\"", "id=\"c42-fnref-1\""] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn hidden_characters_do_not_disguise_links_or_code() {
    let link = html("[bank\u{202e}gro\u{2066}\u{200b}](https://a.example/\u{202e}x)");
    assert!(link.contains(">bankgro</a>") && link.contains("https://a.example/%E2%80%AEx"), "{link}");
    assert!(html("`a\u{202e}b`").contains("a<span class=\"hl-hidden\">U+202E</span>b"));
    assert!(html("```\na\u{2066}b\n```").contains("a<span class=\"hl-hidden\">U+2066</span>b"));
    assert_eq!(html("\u{2067}שלום\u{2069}"), "<p>\u{2067}שלום\u{2069}</p>\n");
}

#[test]
fn ticking_a_task_changes_its_byte() {
    let text = "- [ ] a\n- [x] b\n\n```\n- [ ] no task\n```\n\n> 1. [X] c\n";
    assert_eq!(toggle_task(text, 0, true).unwrap(), text.replacen("[ ] a", "[x] a", 1));
    assert_eq!(toggle_task(text, 1, false).unwrap(), text.replacen("[x] b", "[ ] b", 1));
    assert_eq!(toggle_task(text, 2, true).unwrap(), text);
    assert_eq!(toggle_task(text, 2, false).unwrap(), text.replacen("[X]", "[ ]", 1));
    assert_eq!(toggle_task(text, 3, true), None);
}

#[test]
fn plain_text_has_no_markup() {
    let text = "# Refunds\n\nWe *pay* `twice`,\nsee [the log](https://a.example) ![graph](/files/1).[^1]\n\n- [ ] mend\n- test\n\n[^1]: no";
    let whole = "Refunds We pay twice, see the log graph. mend test";
    assert_eq!(plain(text, 200), whole);
    assert_eq!(plain(text, whole.len()), whole);
    assert_eq!(plain(text, 20), "Refunds We pay…");
    assert_eq!(plain(text, 8), "Refunds…");
    assert_eq!(plain("Donaudampfschiff", 6), "Donau…");
    assert_eq!(plain("a\u{202e}b\u{7}c", 9), "ab c");
    assert_eq!(plain("a|b\n-|-\n1|2", 20), "a b 1 2");
    assert_eq!(plain("<kbd>G</kbd> &amp; <b>", 20), "G &");
    assert_eq!(plain("abc", 0), "");
}

#[test]
fn a_mail_has_whole_addresses_and_no_classes() {
    let text = "# A\nPAY-482 [@M](/people/mara) [a](/b) ![p](/files/1) [h](#a)[^1]\n\n- [x] done\n\n```rust\nfn f() {}\n```\n\n\
                a|b\n-|-\n1|2\n\n[^1]: note";
    let html = mail(text);
    for part in ["class=", "id=", "<input", "<img", "<div", "<span", "href=\"/", "href=\"#", "<section"] {
        assert!(!html.contains(part), "{part} in {html}");
    }
    for path in ["issues/PAY-482", "people/mara", "b", "files/1"] {
        assert!(html.contains(&format!("href=\"{SITE}/{path}\"")), "{path} in {html}");
    }
    assert!(html.contains("☑ done") && html.contains("<pre><code>fn f() {}\n</code></pre>"), "{html}");
}

#[test]
fn code_is_coloured_by_classes() {
    let spans = |info: &str, code: &str| {
        let html = html(&format!("```{info}\n{code}\n```"));
        let inner =
            html.trim().strip_prefix("<pre><code>").unwrap().strip_suffix("\n</code></pre>").unwrap().to_owned();
        inner.replace("<span class=\"hl-", "{").replace("\">", ":").replace("</span>", "}")
    };
    assert_eq!(
        spans("rust", "fn a<'x>(b: &'x Str) -> u8 { \"c\\\"\" 'd' 1_0.5 } // e"),
        "{keyword:fn} a&lt;'x&gt;(b: &amp;'x {type:Str}) -&gt; u8 { {string:\"c\\\"\"} {string:'d'} {number:1_0.5} } {comment:// e}"
    );
    assert_eq!(spans("ts", "const a = f(`x\ny`)"), "{keyword:const} a = {function:f}({string:`x\ny`})");
    assert_eq!(spans("python", "'''a\nb''' # c\nx = None"), "{string:'''a\nb'''} {comment:# c}\nx = {keyword:None}");
    assert_eq!(spans("json", "{\"a\": [1, true]}"), "{{property:\"a\"}: [{number:1}, {keyword:true}]}");
    assert_eq!(spans("yaml", "a-b: c # d\ne: 'f'"), "{property:a-b}: c {comment:# d}\n{property:e}: {string:'f'}");
    assert_eq!(spans("sql", "select A -- b"), "{keyword:select} A {comment:-- b}");
    assert_eq!(spans("sh", "echo a#b 'it' # c"), "{keyword:echo} a#b {string:'it'} {comment:# c}");
    assert_eq!(spans("diff", "@@ a\n+b\n-c\n d"), "{section:@@ a\n}{inserted:+b\n}{deleted:-c\n} d");
    assert_eq!(spans("c", "/* a\nb */ x"), "{comment:/* a\nb */} x");
    assert_eq!(spans("unknown", "fn 1"), "fn 1");
    assert_eq!(spans("js startline=3", "if"), "{keyword:if}");
}
