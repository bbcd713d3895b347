//! HTML that the author wrote: a few plain elements, all else as the text that it is.

use crate::escape::{push_attribute, push_escaped};
use crate::nesting::Nesting;

const PHRASES: [&str; 17] = [
    "abbr", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "s", "samp", "small", "strong", "sub", "sup", "u",
];
const BLOCKS: [&str; 2] = ["details", "summary"];
const VOID: [&str; 2] = ["br", "wbr"];

/// Appends one tag or comment from within a line.
pub fn write_tag(out: &mut String, html: &str, nesting: &mut Nesting) {
    match Tag::read(html, false) {
        Some(tag) => tag.write(out, nesting),
        None if html.starts_with("<!--") => {}
        None => push_escaped(out, html),
    }
}

/// Appends lines of HTML, in which `details` and `summary` may have their place too.
pub fn write_lines(out: &mut String, html: &str, with_blocks: bool, nesting: &mut Nesting) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        push_text(out, &rest[..start]);
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            match rest.find("-->") {
                Some(end) => rest = &rest[end + 3..],
                None => return push_escaped(out, rest),
            }
        } else if let Some(tag) = Tag::read(rest, with_blocks) {
            tag.write(out, nesting);
            rest = &rest[tag.length..];
        } else {
            out.push_str("&lt;");
            rest = &rest[1..];
        }
    }
    push_text(out, rest);
}

/// Whether a block has elements that cannot stand in a paragraph.
pub fn has_blocks(html: &str) -> bool {
    html.match_indices('<').any(|(at, _)| Tag::read(&html[at..], true).is_some_and(|tag| BLOCKS.contains(&tag.name)))
}

/// Text between tags, whose character references stay what they are.
fn push_text(out: &mut String, text: &str) {
    out.push_str(&text.replace('>', "&gt;"));
}

/// A tag of one of the elements that authors may write.
struct Tag<'a> {
    name: &'static str,
    is_end: bool,
    /// The one attribute that has a meaning here: `open` of `details`, `title` of `abbr`.
    attribute: Option<(&'static str, &'a str)>,
    length: usize,
}

impl<'a> Tag<'a> {
    fn read(html: &'a str, with_blocks: bool) -> Option<Tag<'a>> {
        let after_bracket = html.strip_prefix('<')?;
        let after_slash = after_bracket.strip_prefix('/');
        let named = after_slash.unwrap_or(after_bracket);
        let name_length = named.bytes().take(8).take_while(u8::is_ascii_alphabetic).count();
        let blocks: &[&str] = if with_blocks { &BLOCKS } else { &[] };
        let mut names = PHRASES.iter().chain(blocks).chain(&VOID);
        let name = names.find(|name| named[..name_length].eq_ignore_ascii_case(name))?;
        let (attribute, rest) = Self::attribute(name, &named[name_length..]);
        let rest = rest.trim_start_matches(' ');
        let rest = rest.strip_prefix('/').unwrap_or(rest).strip_prefix('>')?;
        Some(Tag { name, is_end: after_slash.is_some(), attribute, length: html.len() - rest.len() })
    }

    fn attribute(name: &str, rest: &'a str) -> (Option<(&'static str, &'a str)>, &'a str) {
        let title = || rest.strip_prefix(" title=\"")?.split_once('"');
        match name {
            "details" => rest.strip_prefix(" open").map_or((None, rest), |rest| (Some(("open", "")), rest)),
            "abbr" => title().map_or((None, rest), |(title, rest)| (Some(("title", title)), rest)),
            _ => (None, rest),
        }
    }

    fn write(&self, out: &mut String, nesting: &mut Nesting) {
        let is_void = VOID.contains(&self.name);
        if self.is_end {
            nesting.close_raw(self.name).into_iter().for_each(|name| push_end(out, name));
        } else if is_void || nesting.open_raw(self.name) {
            out.push('<');
            out.push_str(self.name);
            if let Some((name, value)) = self.attribute {
                push_attribute(out, name, value);
            }
            out.push('>');
        }
    }
}

/// Appends `</name>`.
pub fn push_end(out: &mut String, name: &str) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}
