//! Each construct with the HTML that it means. Those of CommonMark are our own words for the rules of its specification;
//! that the specification's own examples pass is tested beside this where they may be read.

use super::dom::{Node, parse};
use super::html;

/// The same elements, attributes and text, whatever the spaces between blocks.
fn is(text: &str, expected: &str) {
    let (actual, wanted) = (tree(&html(text)), tree(expected));
    assert_eq!(actual, wanted, "\n{text}\n{}", html(text));
}

fn tree(html: &str) -> Vec<Node> {
    fn tidy(nodes: Vec<Node>) -> Vec<Node> {
        let kept = nodes.into_iter().filter(|node| !matches!(node, Node::Text(text) if text.trim().is_empty()));
        kept.map(|node| match node {
            Node::Element { name, mut attributes, children } => {
                attributes.retain(|(name, _)| name != "rel");
                attributes.sort();
                Node::Element { children: if name == "pre" { children } else { tidy(children) }, name, attributes }
            }
            Node::Text(text) => Node::Text(text.split_whitespace().collect::<Vec<_>>().join(" ")),
            Node::Comment => Node::Comment,
        })
        .collect()
    }
    tidy(parse(html, "div"))
}

#[test]
fn paragraphs_and_breaks() {
    is("one\ntwo", "<p>one\ntwo</p>");
    is("one\n\ntwo", "<p>one</p><p>two</p>");
    is("one  \ntwo", "<p>one<br>two</p>");
    is("one\\\ntwo", "<p>one<br>two</p>");
    is("   one\n     two", "<p>one two</p>");
    is("\n\n\none\n\n\n", "<p>one</p>");
    is("", "");
    is("one \\\\ two", "<p>one \\ two</p>");
}

#[test]
fn headings() {
    is("# One", "<h1 id=h-one>One</h1>");
    is("## One two", "<h2 id=h-one-two>One two</h2>");
    is("### Über *uns* `x`", "<h3 id=h-über-uns-x>Über <em>uns</em> <code>x</code></h3>");
    is("#### a ####", "<h4 id=h-a>a</h4>");
    is("##### a #", "<h5 id=h-a>a</h5>");
    is("###### a", "<h6 id=h-a>a</h6>");
    is("####### a", "<p>####### a</p>");
    is("#a", "<p>#a</p>");
    is("\\# a", "<p># a</p>");
    is("One\n===", "<h1 id=h-one>One</h1>");
    is("One\ntwo\n---", "<h2 id=h-one-two>One two</h2>");
    is("#", "<h1 id=h-></h1>");
    is("# a\n# a\n# a", "<h1 id=h-a>a</h1><h1 id=h-a-1>a</h1><h1 id=h-a-2>a</h1>");
    is("# a\n# a-1\n# a", "<h1 id=h-a>a</h1><h1 id=h-a-1>a-1</h1><h1 id=h-a-1-1>a</h1>");
    is("# a\n[to](#a) [b](#A%20B)", "<h1 id=h-a>a</h1><p><a href=#h-a>to</a> <a href=#h-a-20b>b</a></p>");
}

#[test]
fn rules_and_quotes() {
    is("---", "<hr>");
    is("* * *", "<hr>");
    is("___", "<hr>");
    is("--", "<p>--</p>");
    is("> a\n> b", "<blockquote><p>a b</p></blockquote>");
    is("> a\nb", "<blockquote><p>a b</p></blockquote>");
    is("> > a", "<blockquote><blockquote><p>a</p></blockquote></blockquote>");
    is("> # a\n> - b", "<blockquote><h1 id=h-a>a</h1><ul><li>b</li></ul></blockquote>");
    is("> a\n\n> b", "<blockquote><p>a</p></blockquote><blockquote><p>b</p></blockquote>");
}

#[test]
fn lists() {
    is("- a\n- b", "<ul><li>a</li><li>b</li></ul>");
    is("* a\n+ b", "<ul><li>a</li></ul><ul><li>b</li></ul>");
    is("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>");
    is("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>");
    is("7) a\n8) b", "<ol start=7><li>a</li><li>b</li></ol>");
    is("0. a", "<ol start=0><li>a</li></ol>");
    is("- a\n  - b\n    - c", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li></ul>");
    is("- a\n\n  b", "<ul><li><p>a</p><p>b</p></li></ul>");
    is("- \n- a", "<ul><li></li><li>a</li></ul>");
    is("a\n- b", "<p>a</p><ul><li>b</li></ul>");
    is("a\n2. b", "<p>a 2. b</p>");
    is("-a", "<p>-a</p>");
    is("1. a\n   ```\n   b\n   ```", "<ol><li>a<pre><code>b\n</code></pre></li></ol>");
}

#[test]
fn code() {
    is("`a`", "<p><code>a</code></p>");
    is("`` a`b ``", "<p><code>a`b</code></p>");
    is("`*a* <b> &amp;`", "<p><code>*a* &lt;b> &amp;amp;</code></p>");
    is("`a", "<p>`a</p>");
    is("    a\n     b\n", "<pre><code>a\n b\n</code></pre>");
    is("```\na\n\nb\n```", "<pre><code>a\n\nb\n</code></pre>");
    is("~~~\n```\n~~~", "<pre><code>```\n</code></pre>");
    is("```\na\n", "<pre><code>a\n</code></pre>");
    is("```nothing-known\na < b\n```", "<pre><code>a &lt; b\n</code></pre>");
    is("```\n</code></pre><script>\n```", "<pre><code>&lt;/code>&lt;/pre>&lt;script>\n</code></pre>");
    is("````\n```\na\n```\n````", "<pre><code>```\na\n```\n</code></pre>");
}

#[test]
fn emphasis() {
    is("*a*", "<p><em>a</em></p>");
    is("_a_", "<p><em>a</em></p>");
    is("**a**", "<p><strong>a</strong></p>");
    is("__a__", "<p><strong>a</strong></p>");
    is("***a***", "<p><em><strong>a</strong></em></p>");
    is("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>");
    is("a_b_c", "<p>a_b_c</p>");
    is("a*b*c", "<p>a<em>b</em>c</p>");
    is("* a *", "<ul><li>a *</li></ul>");
    is("\\*a\\*", "<p>*a*</p>");
    is("**a", "<p>**a</p>");
    is("~~a~~", "<p><del>a</del></p>");
    is("~a~", "<p><del>a</del></p>");
    is("*a `*` b*", "<p><em>a <code>*</code> b</em></p>");
}

#[test]
fn links() {
    is("[a](/b)", "<p><a href=/b>a</a></p>");
    is("[a](/b \"c\")", "<p><a href=/b title=c>a</a></p>");
    is("[a](</b c> 'd')", "<p><a href=/b%20c title=d>a</a></p>");
    is("[*a*](/b)", "<p><a href=/b><em>a</em></a></p>");
    is("[a]\n\n[a]: /b 'c'", "<p><a href=/b title=c>a</a></p>");
    is("[a][B]\n\n[b]: /c", "<p><a href=/c>a</a></p>");
    is("[a][]\n\n[A]: /c", "<p><a href=/c>a</a></p>");
    is("[a]", "<p>[a]</p>");
    is("[a](b", "<p>[a](b</p>");
    is("<https://a.example/?b=c&d>", "<p><a href='https://a.example/?b=c&amp;d'>https://a.example/?b=c&amp;d</a></p>");
    is("<a@b.example>", "<p><a href=mailto:a@b.example>a@b.example</a></p>");
    is("[a](https://ü.example/ä)", "<p><a href=https://%C3%BC.example/%C3%A4>a</a></p>");
    is("[a](relative/b)", "<p><a href=relative/b>a</a></p>");
    is("[a](//b.example)", "<p><a href=https://b.example>a</a></p>");
    is("[a](/\\\\b.example)", "<p><a href=/%5Cb.example>a</a></p>");
    is("[a](HTTPS://b.example)", "<p><a href=HTTPS://b.example>a</a></p>");
    is("[[a](/b)](/c)", "<p>[<a href=/b>a</a>](/c)</p>");
}

#[test]
fn links_with_other_schemes_are_text() {
    for address in
        ["javascript:x", "JaVaScRiPt:x", "data:text/html,x", "vbscript:x", "file:///x", "ftp://x", "irc:x", ":x"]
    {
        is(&format!("[a]({address})"), "<p>a</p>");
    }
    is("[a](java&#10;script:x)", "<p>a</p>");
    is("[a](&#1;javascript:x)", "<p>a</p>");
    is("<javascript:x>", "<p>javascript:x</p>");
}

#[test]
fn bare_addresses() {
    is("see https://a.example/b.", "<p>see <a href=https://a.example/b>https://a.example/b</a>.</p>");
    is("(https://a.example/b_(c))", "<p>(<a href='https://a.example/b_(c)'>https://a.example/b_(c)</a>)</p>");
    is("http://a.example, b", "<p><a href=http://a.example>http://a.example</a>, b</p>");
    is("xhttps://a.example", "<p>xhttps://a.example</p>");
    is("https:// a", "<p>https:// a</p>");
    is("`https://a.example`", "<p><code>https://a.example</code></p>");
    is("[https://a.example](/b)", "<p><a href=/b>https://a.example</a></p>");
}

#[test]
fn pictures() {
    is("![a](/files/1/b.png)", "<p><img src=/files/1/b.png alt=a loading=lazy></p>");
    is("![*a* b](/files/1 \"c\")", "<p><img src=/files/1 alt='a b' title=c loading=lazy></p>");
    is("![a](https://cairn.example.org/files/1)", "<p><img src=/files/1 alt=a loading=lazy></p>");
    is("[![a](/files/1)](/b)", "<p><a href=/b><img src=/files/1 alt=a loading=lazy></a></p>");
    is("![a](https://b.example/c.png)", "<p><a href=https://b.example/c.png>a</a></p>");
    is("![](https://b.example/c.png)", "<p><a href=https://b.example/c.png>https://b.example/c.png</a></p>");
    is("[![a](https://b.example)](/c)", "<p><a href=/c>a</a></p>");
    is("![a](/files/../people)", "<p><a href=/files/../people>a</a></p>");
    is("![a](/files/%2e%2E/people)", "<p><a href=/files/%2e%2E/people>a</a></p>");
    is("![a](//b.example/files/1)", "<p><a href=https://b.example/files/1>a</a></p>");
    is("![a](data:image/png;base64,xx)", "<p>a</p>");
    is("![a](/other/1)", "<p><a href=/other/1>a</a></p>");
    is("![a ![b](/files/1) c](/files/2)", "<p><img src=/files/2 alt='a b c' loading=lazy></p>");
}

#[test]
fn characters() {
    is("&amp; &lt; &copy; &#228; &#x41;", "<p>&amp; &lt; © ä A</p>");
    is("&nothing; & <", "<p>&amp;nothing; &amp; &lt;</p>");
    is("a\u{0}b", "<p>a\u{fffd}b</p>");
    is("\\<b>", "<p>&lt;b></p>");
    is("\"a\" 'b'", "<p>\"a\" 'b'</p>");
}

#[test]
fn tables() {
    let scroll =
        |table: &str| format!("<div class=scroll tabindex=0 role=region aria-label=Table><table>{table}</table></div>");
    is(
        "| a | b | c |\n|:--|:-:|--:|\n| 1 | *2* | 3 |",
        &scroll(
            "<thead><tr><th scope=col align=left>a</th><th scope=col align=center>b</th><th scope=col align=right>c</th></tr>\
             </thead><tbody><tr><td align=left>1</td><td align=center><em>2</em></td><td align=right>3</td></tr></tbody>",
        ),
    );
    is("a|b\n-|-", &scroll("<thead><tr><th scope=col>a</th><th scope=col>b</th></tr></thead>"));
    is(
        "a|b\n-|-\n1\n2|3|4",
        &scroll(
            "<thead><tr><th scope=col>a</th><th scope=col>b</th></tr></thead>\
             <tbody><tr><td>1</td><td></td></tr><tr><td>2</td><td>3</td></tr></tbody>",
        ),
    );
    is("a|`b\\|c`\n-|-", &scroll("<thead><tr><th scope=col>a</th><th scope=col><code>b|c</code></th></tr></thead>"));
    is("a|b\n-", "<h2 id=h-a-b>a|b</h2>");
}

#[test]
fn task_lists() {
    let task = |index: usize, checked: &str| {
        format!("<input type=checkbox disabled aria-label=Done data-task={index} {checked}>")
    };
    is(
        "- [ ] a\n- [x] b\n  - [X] c",
        &format!(
            "<ul><li>{} a</li><li>{} b<ul><li>{} c</li></ul></li></ul>",
            task(0, ""),
            task(1, "checked"),
            task(2, "checked")
        ),
    );
    is("1. [ ] a", &format!("<ol><li>{} a</li></ol>", task(0, "")));
    is("- [ ]a", "<ul><li>[ ]a</li></ul>");
    is("[ ] a", "<p>[ ] a</p>");
}

#[test]
fn footnotes() {
    let back =
        |number: usize| format!("<a class=footnote-back href=#fnref-{number} aria-label='Back to the text'>↩</a>");
    let first =
        |number: usize| format!("<sup class=footnote><a href=#fn-{number} id=fnref-{number}>{number}</a></sup>");
    let section = |items: &str| format!("<section class=footnotes aria-label=Footnotes><ol>{items}</ol></section>");
    is(
        "a[^x] b[^y] c[^x]\n\n[^y]: two\n[^x]: one",
        &format!(
            "<p>a{} b{} c<sup class=footnote><a href=#fn-1>1</a></sup></p>{}",
            first(1),
            first(2),
            section(&format!("<li id=fn-1><p>one {}</p></li><li id=fn-2><p>two {}</p></li>", back(1), back(2)))
        ),
    );
    is("a[^x]", "<p>a[^x]</p>");
    is("a\n\n[^x]: one", &format!("<p>a</p>{}", section("<li id=fn-1><p>one</p></li>")));
    is(
        "a[^x]\n\n[^x]: one[^x]",
        &format!(
            "<p>a{}</p>{}",
            first(1),
            section(&format!("<li id=fn-1><p>one<sup class=footnote><a href=#fn-1>1</a></sup> {}</p></li>", back(1)))
        ),
    );
}

#[test]
fn plain_elements_of_html() {
    is("press <kbd>G</kbd>", "<p>press <kbd>G</kbd></p>");
    is("H<sub>2</sub>O<br>x<sup>2</sup>", "<p>H<sub>2</sub>O<br>x<sup>2</sup></p>");
    is("<del>a</del> <ins>b</ins> <mark>c</mark>", "<p><del>a</del> <ins>b</ins> <mark>c</mark></p>");
    is("<abbr title=\"Request for comments\">RFC</abbr>", "<p><abbr title='Request for comments'>RFC</abbr></p>");
    is("<b>**a**</b>", "<p><b><strong>a</strong></b></p>");
    is("<kbd>a", "<p><kbd>a</kbd></p>");
    is("a</kbd>", "<p>a</p>");
    is("<b><i>a</b></i>", "<p><b><i>a</i></b></p>");
    is("*<b>a*</b>", "<p><em><b>a</b></em></p>");
    is(
        "<details open>\n<summary>More</summary>\n\n**a**\n\n</details>\n\nb",
        "<details open><summary>More</summary><p><strong>a</strong></p></details><p>b</p>",
    );
    is("> <details>\n\na", "<blockquote><details></details></blockquote><p>a</p>");
    is("a <details> b", "<p>a &lt;details> b</p>");
}

#[test]
fn other_html_is_text() {
    is("a Vec<String> b", "<p>a Vec&lt;String> b</p>");
    is("<script>alert(1)</script>", "<p>&lt;script>alert(1)&lt;/script></p>");
    is("a <img src=x onerror=y> b", "<p>a &lt;img src=x onerror=y> b</p>");
    is("<div>\n*a*\n</div>", "<p>&lt;div>\n*a*\n&lt;/div></p>");
    is("<kbd onclick=x>a</kbd>", "<p>&lt;kbd onclick=x>a</p>");
    is("a <!-- b --> c", "<p>a c</p>");
    is("<!-- a\n\nb -->\n\nc", "<p>c</p>");
    is("<?php x ?>", "<p>&lt;?php x ?></p>");
}
