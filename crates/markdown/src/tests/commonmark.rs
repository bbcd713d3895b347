//! The examples of the CommonMark specification 0.31.2, read where they stand beside the repository. Each has to mean the
//! same; what sanitising changes by intent is undone on both sides, and listed here.

use std::fs;

use super::dom::{Node, parse, text};
use super::{html, shared};

/// Examples with raw HTML that is shown as text. Their words have to be the same once tags are taken away.
const RAW_HTML: &[u32] = &[
    21, 31, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 169,
    170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186, 187, 188, 189, 190, 191, 201,
    344, 475, 476, 477, 491, 524, 536, 613, 614, 615, 616, 617, 623, 626, 627, 628, 629, 630, 631, 642, 643,
];

/// Examples that say that an address without brackets is no link; GitHub's dialect makes it one.
const BARE_ADDRESSES: &[u32] = &[602, 608, 611];

#[test]
fn the_examples_of_the_specification_mean_the_same() {
    let Some(folder) = shared("commonmark/npm-commonmark-spec") else { return };
    let specification = fs::read_to_string(folder.join("spec.txt")).unwrap();
    let examples = examples(&specification);
    assert_eq!(examples.len(), 652);
    let wrong: Vec<u32> =
        (1..).zip(&examples).filter(|(number, example)| !is_same(*number, example)).map(|(n, _)| n).collect();
    assert!(wrong.is_empty(), "examples {wrong:?} mean something else");
    eprintln!("{} examples, {} of them with raw HTML", examples.len(), RAW_HTML.len());
}

struct Example {
    markdown: String,
    html: String,
}

fn examples(specification: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let opening = format!("{fence} example\n");
    specification
        .split(&opening)
        .skip(1)
        .map(|block| {
            let (example, _) = block.split_once(&format!("\n{fence}")).unwrap();
            let example = example.replace('→', "\t");
            let (markdown, html) =
                example.split_once("\n.").or(example.strip_prefix('.').map(|html| ("", html))).unwrap();
            Example { markdown: format!("{markdown}\n"), html: html.to_owned() }
        })
        .collect()
}

fn is_same(number: u32, example: &Example) -> bool {
    let html = html(&example.markdown);
    if RAW_HTML.contains(&number) {
        let (actual, expected) = (words(&html), words(&example.html));
        if actual != expected {
            eprintln!("{number}: {:?}\n  {actual}\n  {expected}", example.markdown);
        }
        return actual == expected;
    }
    let bare = BARE_ADDRESSES.contains(&number);
    let (actual, expected) = (tidy(parse(&html, "div"), bare, false), tidy(parse(&example.html, "div"), bare, false));
    if actual != expected {
        eprintln!("{number}: {:?}\n  {html}\n  {}", example.markdown, example.html);
    }
    actual == expected
}

/// Text without tags and comments, whether they are in the HTML or shown as text, and without spaces.
fn words(html: &str) -> String {
    let shown = text(&parse(&without_tags(html).replace('<', "&lt;"), "div"));
    without_tags(&shown).split_whitespace().collect()
}

fn without_tags(html: &str) -> String {
    let mut kept = String::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        kept.push_str(&rest[..start]);
        let close = if rest[start..].starts_with("<!--") { "-->" } else { ">" };
        rest = rest[start..].find(close).map_or("", |end| &rest[start + end + close.len()..]);
    }
    kept.push_str(rest);
    kept
}

/// A tree without what differs by intent: attributes that Cairn adds or spends, pictures from elsewhere, which are links,
/// and links with other schemes, which are text.
fn tidy(nodes: Vec<Node>, without_addresses: bool, in_link: bool) -> Vec<Node> {
    let mut tidied: Vec<Node> = Vec::new();
    for node in nodes {
        for node in tidied_node(node, without_addresses, in_link) {
            match (tidied.last_mut(), node) {
                (_, Node::Comment) => {}
                (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
                (_, node) => tidied.push(node),
            }
        }
    }
    for at in 0..tidied.len() {
        let at_block = |node: Option<&Node>| node.is_none_or(is_block);
        let starts = at_block(at.checked_sub(1).and_then(|before| tidied.get(before)));
        let ends = at_block(tidied.get(at + 1));
        if let Node::Text(text) = &mut tidied[at] {
            let from_start = if starts { text.trim_start() } else { text.as_str() };
            *text = if ends { from_start.trim_end() } else { from_start }.to_owned();
        }
    }
    tidied.retain(|node| !matches!(node, Node::Text(text) if text.is_empty()));
    tidied
}

/// Whether spaces beside an element have no meaning.
fn is_block(node: &Node) -> bool {
    let blocks = ["p", "ul", "ol", "li", "blockquote", "pre", "hr", "br", "h1", "h2", "h3", "h4", "h5", "h6"];
    matches!(node, Node::Element { name, .. } if blocks.contains(&name.as_str()))
}

fn tidied_node(node: Node, without_addresses: bool, in_link: bool) -> Vec<Node> {
    let Node::Element { name, attributes, children } = node else {
        return vec![if let Node::Text(text) = node { Node::Text(collapsed(&text)) } else { node }];
    };
    let value = |wanted: &str| attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    let link = |address: String, title: Option<String>, children| Node::Element {
        name: "a".into(),
        attributes: [("href".into(), decoded(&address))]
            .into_iter()
            .chain(title.map(|title| ("title".into(), title)))
            .collect(),
        children,
    };
    match name.as_str() {
        "img" => {
            let (address, alt) = (value("src").unwrap_or_default(), collapsed(&value("alt").unwrap_or_default()));
            let shown = vec![Node::Text(if alt.trim().is_empty() { decoded(&address) } else { alt })];
            if in_link { shown } else { vec![link(address, value("title"), shown)] }
        }
        "a" => {
            let address = value("href").unwrap_or_default();
            let scheme = address.split(['/', '?', '#']).next().and_then(|first| first.split_once(':'));
            let is_allowed =
                scheme.is_none_or(|(scheme, _)| ["http", "https", "mailto"].contains(&&*scheme.to_lowercase()));
            let is_bare = without_addresses && text(&children) == address;
            let children = tidy(children, without_addresses, true);
            if is_allowed && !is_bare { vec![link(address, value("title"), children)] } else { children }
        }
        "pre" => vec![Node::Element { name, attributes: Vec::new(), children: vec![Node::Text(text(&children))] }],
        _ => {
            let kept = attributes.into_iter().filter(|(name, _)| name == "start").collect();
            vec![Node::Element { name, attributes: kept, children: tidy(children, without_addresses, in_link) }]
        }
    }
}

/// With one space for any number.
fn collapsed(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (before, after) = (text.starts_with([' ', '\n']), text.ends_with([' ', '\n']));
    format!("{}{words}{}", if before { " " } else { "" }, if after && !words.is_empty() { " " } else { "" })
}

/// An address with its percent-encoding undone, and without the name of a place within the document.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.strip_prefix('#').map_or(address, |_| "#").as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
