//! What rendered HTML may have, told by allow-lists of its own, so that a mistake in the sanitiser's settings shows.

use super::dom::{Node, flatten, parse, serialize};

const PLAIN: &[&str] = &[
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "details",
    "div",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
    "wbr",
    "a",
    "img",
    "input",
];

/// Panics when the HTML could run script, style the page, send a request elsewhere, or be read otherwise than written,
/// wherever a page puts it.
pub fn check(html: &str) {
    let nodes = parse(html, "div");
    check_nodes(&nodes, html);
    assert_eq!(nodes, parse(&serialize(&nodes), "div"), "the HTML changes when it is read a second time: {html}");
    check_nodes(&parse(html, "template"), html);
    for (before, after) in [("<svg>", "</svg>"), ("<math><mtext>", "</mtext></math>"), ("<select>", "</select>")] {
        check_nodes_within(&parse(&format!("{before}{html}{after}"), "div"), html);
    }
}

/// Checks HTML within foreign content, where the same elements may belong to another namespace.
fn check_nodes_within(nodes: &[Node], html: &str) {
    for node in flatten(nodes) {
        if let Node::Element { name, attributes, .. } = node {
            let local = name.rsplit(':').next().unwrap_or(name);
            assert!(["svg", "math", "mtext", "select"].contains(&local) || PLAIN.contains(&local), "{name} in {html}");
            attributes.iter().for_each(|(attribute, value)| check_attribute(local, attribute, value, html));
        }
    }
}

fn check_nodes(nodes: &[Node], html: &str) {
    for node in flatten(nodes) {
        match node {
            Node::Text(_) => {}
            Node::Comment => panic!("a comment in {html}"),
            Node::Element { name, attributes, .. } => {
                assert!(PLAIN.contains(&name.as_str()), "the element {name} in {html}");
                attributes.iter().for_each(|(attribute, value)| check_attribute(name, attribute, value, html));
            }
        }
    }
}

fn check_attribute(element: &str, attribute: &str, value: &str, html: &str) {
    let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == ' ');
    let fits = match (element, attribute) {
        ("a", "href") => is_safe_link(value),
        ("a", "rel") => value == "nofollow noopener noreferrer",
        ("img", "src") => is_own_file(value),
        ("img", "alt") | ("a" | "img" | "abbr", "title") => true,
        ("img", "loading") => value == "lazy",
        ("input", "type") => value == "checkbox",
        ("input", "data-task") => value.parse::<usize>().is_ok(),
        ("input", "checked" | "disabled") | ("details", "open") => value.is_empty(),
        ("ol", "start") => value.parse::<u32>().is_ok(),
        ("td" | "th", "align") => ["left", "center", "right"].contains(&value),
        ("th", "scope") => value == "col",
        ("div", "tabindex" | "role") | ("a", "data-kind") => is_word(value),
        ("a" | "div" | "input" | "section", "aria-label") => is_word(value),
        ("a" | "div" | "section" | "span" | "sup", "class") => is_word(value),
        ("a" | "li" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", "id") => is_own_id(value),
        _ => false,
    };
    assert!(fits, "{attribute}={value:?} of {element} in {html}");
}

/// A link is relative to this site, or has one of three schemes even to a browser, which ignores spaces at the start and
/// tabs and line breaks anywhere (WHATWG URL, section 4.4).
fn is_safe_link(value: &str) -> bool {
    let seen: String = value.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let seen = seen.trim_start_matches(|c: char| c <= ' ').to_ascii_lowercase();
    let first = seen.split(['/', '?', '#']).next().unwrap_or_default();
    match first.split_once(':') {
        Some((scheme, _)) => ["http", "https", "mailto"].contains(&scheme),
        None => !seen.starts_with("//") && !seen.starts_with("/\\") && !seen.starts_with('\\'),
    }
}

fn is_own_file(value: &str) -> bool {
    let path = value.to_ascii_lowercase().replace("%2e", ".");
    path.starts_with("/files/") && !path.contains('\\') && !path.split(['?', '#']).next().unwrap_or("").contains("/..")
}

fn is_own_id(value: &str) -> bool {
    value.starts_with("h-") || value.starts_with("fn-") || value.starts_with("fnref-")
}

#[test]
fn the_checker_refuses_what_is_dangerous() {
    for html in [
        "<script>x</script>",
        "<style>x</style>",
        "<p onclick=x>",
        "<p style=x>",
        "<a href=javascript:x>",
        "<a href='java\nscript:x'>",
        "<a href='//evil.example'>",
        "<a href='/\\evil.example'>",
        "<img src=https://evil.example>",
        "<img src=/files/../x>",
        "<img src=/files/%2E%2e/x>",
        "<img srcset=/files/x>",
        "<video poster=/files/x>",
        "<table background=/x>",
        "<svg></svg>",
        "<iframe>",
        "<form action=/x>",
        "<p id=main>",
        "<li id=main>",
        "<!-- x -->",
        "<base href=/x>",
        "<meta http-equiv=refresh>",
    ] {
        assert!(std::panic::catch_unwind(|| check(html)).is_err(), "{html} passed");
    }
    check("<p>a <a href=\"/x\">b</a> <img src=\"/files/a.png\" alt=\"\"></p>");
}
