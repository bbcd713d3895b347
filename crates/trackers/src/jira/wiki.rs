//! Jira's wiki markup as Markdown. Source of the notation: the page "Text formatting notation help" that Jira shows.
use crate::markdown::{escaped, fence};

/// Converts a text; what is no markup stays as it is, so that nothing of a text is ever lost.
pub fn markdown(markup: &str) -> String {
    let markup = markup.replace("\r\n", "\n");
    let mut out = Blocks::default();
    let mut rest = markup.as_str();
    while let Some((before, language, inside, after)) = verbatim(rest) {
        out.text(before);
        out.block(fence(inside.trim_matches('\n'), language));
        rest = after;
    }
    out.text(rest);
    out.finished()
}

/// The first part that is shown as it was typed: what stands before it, its language, itself, what follows.
fn verbatim(text: &str) -> Option<(&str, &str, &str, &str)> {
    let opens = |name: &str| text.find(&format!("{{{name}")).map(|at| (at, name.len()));
    let (at, name, length) = ["code", "noformat"]
        .iter()
        .filter_map(|name| opens(name).map(|(at, length)| (at, *name, length)))
        .min_by_key(|(at, ..)| *at)?;
    let (parameters, body) = text[at + 1 + length..].split_once('}')?;
    let plain = parameters.is_empty() || parameters.starts_with(':');
    let (inside, after) = body.split_once(&format!("{{{name}}}"))?;
    let first = parameters.trim_start_matches(':').split('|').next().unwrap_or_default();
    let language = first.strip_prefix("lang=").or_else(|| first.strip_prefix("language=")).unwrap_or(first);
    let language = if language.contains('=') { "" } else { language };
    plain.then_some((&text[..at], language, inside, after))
}

/// Blocks of Markdown with an empty line between them, quoted where a quotation is open.
#[derive(Default)]
struct Blocks {
    blocks: Vec<String>,
    lines: Vec<String>,
    quoted: bool,
}

impl Blocks {
    fn text(&mut self, text: &str) {
        for line in text.split('\n') {
            let mut parts = line.split("{quote}");
            self.line(parts.next().unwrap_or_default());
            for part in parts {
                self.end();
                self.quoted = !self.quoted;
                self.line(part);
            }
        }
        self.end();
    }

    fn line(&mut self, line: &str) {
        let line = without_panel(line);
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.end();
        } else if let Some((level, text)) = heading(trimmed) {
            self.block(format!("{} {}", "#".repeat(level), inline(text)));
        } else if let Some(text) = trimmed.strip_prefix("bq. ") {
            self.block(format!("> {}", inline(text)));
        } else if trimmed.len() >= 4 && trimmed.bytes().all(|byte| byte == b'-') {
            self.block("---".to_owned());
        } else if let Some(item) = item(trimmed) {
            self.continue_with("list", item);
        } else if trimmed.starts_with('|') {
            self.row(trimmed);
        } else {
            self.continue_with("text", inline(trimmed));
        }
    }

    /// Adds a line to a block of the same kind, or begins one.
    fn continue_with(&mut self, kind: &str, line: String) {
        let kind_of = |line: &str| match line.trim_start() {
            line if line.starts_with("- ") || line.starts_with("1. ") => "list",
            line if line.starts_with('|') => "table",
            _ => "text",
        };
        match self.lines.last_mut() {
            Some(last) if kind_of(last) == "text" && kind == "text" => last.push('\\'),
            Some(last) if kind_of(last) != kind && !(kind == "text" && kind_of(last) == "list") => self.end(),
            _ => {}
        }
        let inside_item = kind == "text" && self.lines.last().is_some_and(|last| kind_of(last) == "list");
        self.lines.push(if inside_item { format!("  {line}") } else { line });
    }

    /// Markdown's tables begin with a row of heads; where there are none they are empty.
    fn row(&mut self, row: &str) {
        let cells = cells(row);
        let width = cells.len();
        let written = format!("| {} |", cells.join(" | "));
        let first = !self.lines.last().is_some_and(|last| last.starts_with('|'));
        if first {
            let heads = if row.starts_with("||") { written.clone() } else { format!("|{}", "  |".repeat(width)) };
            self.continue_with("table", heads);
            self.continue_with("table", format!("|{}", " --- |".repeat(width)));
        }
        if !first || !row.starts_with("||") {
            self.continue_with("table", written);
        }
    }

    fn end(&mut self) {
        if !self.lines.is_empty() {
            let block = self.lines.join("\n");
            self.lines.clear();
            self.push(block);
        }
    }

    fn block(&mut self, block: String) {
        self.end();
        self.push(block);
    }

    fn push(&mut self, block: String) {
        self.blocks.push(if self.quoted { crate::markdown::quoted(&block) } else { block });
    }

    fn finished(mut self) -> String {
        self.end();
        self.blocks.join("\n\n")
    }
}

/// A panel's frame goes, its title and what it holds stay.
fn without_panel(line: &str) -> String {
    let Some(at) = line.find("{panel") else { return line.to_owned() };
    let Some((parameters, after)) = line[at + 6..].split_once('}') else { return line.to_owned() };
    let title = parameters.trim_start_matches(':').split('|').find_map(|one| one.strip_prefix("title="));
    let title = title.map(|title| format!("*{title}* ")).unwrap_or_default();
    without_panel(&format!("{}{title}{after}", &line[..at]))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let (level, text) = line.strip_prefix('h')?.split_once(". ")?;
    let level = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    Some((level, text))
}

/// An item of a list: as many marks as it is deep, the last one saying of which kind it is.
fn item(line: &str) -> Option<String> {
    let (marks, text) = line.split_once(' ')?;
    let of_marks =
        !marks.is_empty() && marks.len() <= 20 && marks.bytes().all(|mark| matches!(mark, b'*' | b'#' | b'-'));
    (of_marks && !(marks.len() > 1 && marks.contains('-') && marks.bytes().all(|mark| mark == b'-'))).then(|| {
        let mark = if marks.ends_with('#') { "1." } else { "-" };
        format!("{}{mark} {}", "   ".repeat(marks.len() - 1), inline(text.trim()))
    })
}

/// The cells of a row; a bar in a link or in a code span ends none.
fn cells(row: &str) -> Vec<String> {
    let inner = row.trim().trim_start_matches('|').trim_end_matches('|').replace("||", "|");
    let (mut cells, mut cell, mut depth) = (Vec::new(), String::new(), 0_i32);
    for letter in inner.chars() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' => depth -= 1,
            _ => {}
        }
        match letter {
            '|' if depth <= 0 => cells.push(std::mem::take(&mut cell)),
            other => cell.push(other),
        }
    }
    cells.push(cell);
    cells.iter().map(|cell| inline(cell.trim()).replace('|', "\\|")).collect()
}

/// Marks within a line: bold, italic, links and the like.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut plain = String::new();
    let mut rest = text;
    let mut previous = None;
    while let Some(letter) = rest.chars().next() {
        if let Some((markdown, length)) = mark(rest, previous) {
            out.push_str(&escaped(&plain));
            plain.clear();
            out.push_str(&markdown);
            previous = rest[..length].chars().last();
            rest = &rest[length..];
        } else {
            plain.push(letter);
            previous = Some(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out + &escaped(&plain)
}

/// A mark that begins here, as Markdown, and how many bytes of the text it is.
fn mark(rest: &str, previous: Option<char>) -> Option<(String, usize)> {
    let begins_word = !previous.is_some_and(char::is_alphanumeric);
    match rest.as_bytes()[0] {
        b'\\' if rest.starts_with("\\\\") => Some(("\\\n".to_owned(), 2)),
        b'\\' => {
            let next = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
            Some((format!("\\{next}"), 2))
        }
        b'{' => braces(rest),
        b'[' => link(rest),
        b'!' => image(rest),
        b'h' | b'f' if begins_word => address(rest),
        b'*' if begins_word => around(rest, "*", "**"),
        b'_' if begins_word => around(rest, "_", "*"),
        b'-' if begins_word => around(rest, "-", "~~"),
        b'+' if begins_word => around(rest, "+", ""),
        b'^' => around(rest, "^", ""),
        b'~' => around(rest, "~", ""),
        b'?' => around(rest, "??", "*"),
        _ => None,
    }
}

/// `*bold*`: the mark closes before a letter that is no part of a word, and touches what it encloses.
fn around(rest: &str, mark: &str, markdown: &str) -> Option<(String, usize)> {
    let inside = rest.strip_prefix(mark)?;
    let closes = |at: usize| {
        let after = inside[at + mark.len()..].chars().next();
        at > 0 && !inside[..at].ends_with(char::is_whitespace) && !after.is_some_and(char::is_alphanumeric)
    };
    let end = inside.match_indices(mark).map(|(at, _)| at).find(|at| closes(*at))?;
    let content = &inside[..end];
    let right = !content.starts_with(char::is_whitespace) && !content.starts_with(mark);
    right.then(|| (format!("{markdown}{}{markdown}", inline(content)), end + 2 * mark.len()))
}

/// `{{code}}`; colours and anchors go, and `{*}` is a bold mark within a word.
fn braces(rest: &str) -> Option<(String, usize)> {
    if let Some(inside) = rest.strip_prefix("{{") {
        let end = inside.find("}}").filter(|end| *end > 0)?;
        return Some((crate::markdown::code(&inside[..end]), end + 4));
    }
    for (mark, markdown) in [("{*}", "**"), ("{_}", "*"), ("{-}", "~~"), ("{+}", "")] {
        if let Some(inside) = rest.strip_prefix(mark) {
            let end = inside.find(mark).filter(|end| *end > 0)?;
            return Some((format!("{markdown}{}{markdown}", inline(inside[..end].trim())), end + 2 * mark.len()));
        }
    }
    let end = rest.find('}')?;
    let name = &rest[1..end];
    let gone = name == "color" || name.starts_with("color:") || name.starts_with("anchor:");
    gone.then(|| (String::new(), end + 1))
}

/// `[text|address]`, `[address]`, `[~person]`, `[^attachment]`.
fn link(rest: &str) -> Option<(String, usize)> {
    let end = rest.find(']').filter(|end| *end > 1 && !rest[..*end].contains('\n'))?;
    let inside = &rest[1..end];
    let person = inside.strip_prefix('~').map(|name| name.strip_prefix("accountid:").unwrap_or(name));
    if let Some(name) = person {
        return Some((format!("@{}", escaped(name)), end + 1));
    }
    if let Some(file) = inside.strip_prefix('^') {
        return Some((escaped(file), end + 1));
    }
    let parts: Vec<&str> = inside.split('|').collect();
    let (text, address) = if parts.len() == 1 { (parts[0], parts[0]) } else { (parts[0], parts[1]) };
    let known = ["http://", "https://", "mailto:", "ftp://"].iter().any(|scheme| address.starts_with(scheme));
    known.then(|| (crate::markdown::link(&inline_label(text, address), address), end + 1))
}

fn inline_label(text: &str, address: &str) -> String {
    if text == address { escaped(text) } else { inline(text) }
}

/// `!picture.png|width=300!`, also with an address.
fn image(rest: &str) -> Option<(String, usize)> {
    let end = rest[1..].find('!').map(|at| at + 1).filter(|end| *end > 1)?;
    let inside = &rest[1..end];
    let name = inside.split('|').next().unwrap_or_default();
    let is_file = !name.contains(char::is_whitespace)
        && name.rsplit('.').next().is_some_and(|ending| (2..=5).contains(&ending.len()) && name.len() > ending.len());
    is_file.then(|| (format!("!{}", crate::markdown::link(&escaped(name), name)), end + 1))
}

/// An address in running text stays as it is.
fn address(rest: &str) -> Option<(String, usize)> {
    let known = ["http://", "https://", "ftp://"].iter().any(|scheme| rest.starts_with(scheme));
    let end = rest.find(|letter: char| letter.is_whitespace() || "|<>\"{}[]".contains(letter)).unwrap_or(rest.len());
    let end = rest[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '*', '_']).len();
    known.then(|| (format!("<{}>", &rest[..end]), end))
}
