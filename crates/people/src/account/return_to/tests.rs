use super::local;

/// What has been used elsewhere to lead people away after they signed in.
const TRICKS: &[&str] = &[
    "",
    " ",
    "evil.example",
    "evil.example/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "//evil.example/%2e%2e",
    "//evil.example/..",
    "//evil.example?",
    "//evil.example#",
    "//user@evil.example",
    "//cairn.example@evil.example",
    "//cairn.example%40evil.example",
    "//evil%E3%80%82example",
    "/\\evil.example",
    "/\\/evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "\\evil.example",
    "/\\\\evil.example",
    "/people\\..\\..\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    "\n//evil.example",
    " //evil.example",
    " /people",
    "\u{0}/people",
    "/people\u{0}",
    "/people\r\nSet-Cookie: a=b",
    "/people\nLocation: https://evil.example",
    "/people%0d%0aSet-Cookie:a=b",
    "/%0aevil.example",
    "/%09/evil.example",
    "/%0d/evil.example",
    "/%2f/evil.example",
    "/%2F%2Fevil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "/%5C%5Cevil.example",
    "/%252fevil.example",
    "/%255cevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/./evil.example",
    "/../evil.example",
    "/people/..//evil.example",
    "/people//evil.example",
    "/%2e%2e/evil.example",
    "/%2e/evil.example",
    "https://evil.example",
    "http://evil.example",
    "HTTPS://evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "mailto:mara@evil.example",
    "/\u{ff0f}evil.example",
    "/\u{2215}evil.example",
    "\u{ff0f}/evil.example",
    "/\u{200b}/evil.example",
    "/\u{202e}elpmaxe.live//",
    "/\u{85}/evil.example",
    "/\u{a0}/evil.example",
    "/people\u{2028}",
    "@evil.example",
    "?return_to=//evil.example",
    "#//evil.example",
    ".evil.example",
    "/<script>alert(1)</script>",
    "/\"onmouseover=alert(1)",
];

#[test]
fn no_trick_leads_away() {
    assert!(TRICKS.len() > 60);
    for trick in TRICKS {
        assert_eq!(local(trick), "/", "{trick:?} was followed");
    }
    assert_eq!(local(&format!("/{}", "a".repeat(2000))), "/");
}

#[test]
fn a_page_of_this_site_is_gone_on_to() {
    for page in [
        "/",
        "/people",
        "/people?q=maria%20l%C3%B3pez&after=2",
        "/people/01jq8zv0w3f6k2m4n5p6q7r8s9#history",
        "/search?q=https://elsewhere.example//x",
        "/teams/a-b_c~d",
    ] {
        assert_eq!(local(page), page);
    }
}
