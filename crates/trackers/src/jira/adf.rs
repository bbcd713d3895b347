//! The Atlassian Document Format as Markdown. Source of the nodes: Atlassian's published JSON schema of the format.
use crate::markdown::{code, escaped, fence, indented, link, quoted};
use jiff::Timestamp;
use serde_json::Value;

/// Converts a document; nodes that are not known give what they contain.
pub fn markdown(document: &Value) -> String {
    blocks(document)
}

fn children(node: &Value) -> &[Value] {
    node.get("content").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn kind(node: &Value) -> &str {
    node.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn attribute<'v>(node: &'v Value, name: &str) -> Option<&'v str> {
    node.get("attrs")?.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn number(node: &Value, name: &str) -> Option<i64> {
    node.get("attrs")?.get(name)?.as_i64()
}

/// The blocks in a node, with an empty line between them; inline nodes that stand among blocks make a paragraph.
fn blocks(node: &Value) -> String {
    let mut found: Vec<String> = Vec::new();
    let mut line = String::new();
    for child in children(node) {
        match block(child) {
            Some(block) => found.extend([unindented(&std::mem::take(&mut line)), block]),
            None => line.push_str(&inline(child)),
        }
    }
    found.push(unindented(&line));
    found.retain(|block| !block.is_empty());
    found.join("\n\n")
}

/// Without the spaces at its beginning, which show nowhere; four of them would make it code.
fn unindented(line: &str) -> String {
    line.trim_start_matches([' ', '\t']).to_owned()
}

fn block(node: &Value) -> Option<String> {
    let block = match kind(node) {
        "paragraph" => line(node),
        "heading" => {
            let level = number(node, "level").unwrap_or(1).clamp(1, 6) as usize;
            format!("{} {}", "#".repeat(level), line(node).replace("\\\n", " "))
        }
        "bulletList" => list(node, |_| "- ".to_owned()),
        "orderedList" => {
            let first = number(node, "order").unwrap_or(1).max(0);
            list(node, move |at| format!("{}. ", first + at as i64))
        }
        "taskList" => tasks(node),
        "decisionList" => list(node, |_| "- ".to_owned()),
        "codeBlock" => fence(&plain(node), attribute(node, "language").unwrap_or_default()),
        "blockquote" | "panel" => quoted(&blocks(node)),
        "expand" | "nestedExpand" => {
            let title = attribute(node, "title").map(|title| format!("**{}**\n\n", escaped(title)));
            title.unwrap_or_default() + &blocks(node)
        }
        "rule" => "---".to_owned(),
        "table" => table(node),
        "mediaSingle" | "mediaGroup" => children(node).iter().map(inline).collect::<Vec<_>>().join("\n"),
        "blockCard" | "embedCard" => card(node),
        "doc" | "layoutSection" | "layoutColumn" | "bodiedExtension" | "listItem" | "tableCell" | "tableHeader" => {
            blocks(node)
        }
        _ => return None,
    };
    Some(block)
}

fn list(node: &Value, mark: impl Fn(usize) -> String) -> String {
    let items = children(node).iter().enumerate().map(|(at, item)| {
        let mark = mark(at);
        let inside = blocks(item).replace("\n\n", "\n");
        format!("{mark}{}", indented(&inside, mark.len()))
    });
    items.collect::<Vec<_>>().join("\n")
}

fn tasks(node: &Value) -> String {
    let items = children(node).iter().map(|item| match kind(item) {
        "taskList" => format!("  {}", indented(&tasks(item), 2)),
        _ => {
            let done = attribute(item, "state") == Some("DONE");
            format!("- [{}] {}", if done { "x" } else { " " }, indented(&blocks(item), 2))
        }
    });
    items.collect::<Vec<_>>().join("\n")
}

fn table(node: &Value) -> String {
    let cell = |cell: &Value| blocks(cell).replace("\\\n", " ").replace('\n', " ").replace('|', "\\|");
    let rows: Vec<Vec<String>> = children(node).iter().map(|row| children(row).iter().map(cell).collect()).collect();
    let width = rows.iter().map(Vec::len).max().unwrap_or(0);
    let heads = children(node).first().is_some_and(|row| children(row).iter().all(|cell| kind(cell) == "tableHeader"));
    let written = |row: &[String]| {
        let cells = (0..width).map(|at| format!(" {} |", row.get(at).map_or("", String::as_str)));
        format!("|{}", cells.collect::<String>())
    };
    let (head, body) = if heads { rows.split_at(1) } else { rows.split_at(0) };
    let head = head.first().map_or_else(|| written(&[]), |head| written(head));
    let lines = [head, format!("|{}", " --- |".repeat(width))].into_iter().chain(body.iter().map(|row| written(row)));
    lines.collect::<Vec<_>>().join("\n")
}

fn line(node: &Value) -> String {
    unindented(&children(node).iter().map(inline).collect::<String>())
}

fn inline(node: &Value) -> String {
    match kind(node) {
        "text" => marked(node),
        "hardBreak" => "\\\n".to_owned(),
        "mention" => {
            let name = attribute(node, "text").or_else(|| attribute(node, "id")).unwrap_or_default();
            format!("@{}", escaped(name.trim_start_matches('@')))
        }
        "emoji" => attribute(node, "text").or_else(|| attribute(node, "shortName")).unwrap_or_default().to_owned(),
        "inlineCard" => card(node),
        "date" => day(node),
        "status" => format!("**{}**", escaped(attribute(node, "text").unwrap_or_default())),
        "media" | "mediaInline" => media(node),
        _ => blocks(node),
    }
}

fn marked(node: &Value) -> String {
    let text = node.get("text").and_then(Value::as_str).unwrap_or_default();
    let marks = node.get("marks").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let has = |name: &str| marks.iter().any(|mark| kind(mark) == name);
    let inner = text.trim();
    if inner.is_empty() {
        return text.to_owned();
    }
    let mut out = if has("code") { code(inner) } else { escaped(inner) };
    for (name, around) in [("strike", "~~"), ("em", "*"), ("strong", "**")] {
        if has(name) {
            out = format!("{around}{out}{around}");
        }
    }
    if let Some(address) = marks.iter().find(|mark| kind(mark) == "link").and_then(|mark| attribute(mark, "href")) {
        out = link(&out, address);
    }
    let start = text.len() - text.trim_start().len();
    format!("{}{out}{}", &text[..start], &text[start + inner.len()..])
}

fn card(node: &Value) -> String {
    attribute(node, "url").map(|address| link(&escaped(address), address)).unwrap_or_default()
}

/// A day, which the format keeps as milliseconds at midnight in UTC.
fn day(node: &Value) -> String {
    let milliseconds = attribute(node, "timestamp").and_then(|text| text.parse().ok());
    let at = milliseconds.and_then(|number| Timestamp::from_millisecond(number).ok());
    at.map(|at| at.strftime("%Y-%m-%d").to_string()).unwrap_or_default()
}

fn media(node: &Value) -> String {
    let name = attribute(node, "alt").or_else(|| attribute(node, "id")).unwrap_or("picture");
    match attribute(node, "url") {
        Some(address) => format!("!{}", link(&escaped(name), address)),
        None => format!("*{}*", escaped(name)),
    }
}

/// The text in a node without any mark.
fn plain(node: &Value) -> String {
    let own = node.get("text").and_then(Value::as_str).unwrap_or_default().to_owned();
    children(node).iter().fold(own, |text, child| text + &plain(child))
}
