//! Text without markup, for digests, extracts of a search and subjects of mails.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::escape::disguises;
use crate::parse::events;

/// At most `limit` characters of the text, without markup, on one line. What is longer ends at a word's end with an
/// ellipsis, which the limit includes.
pub fn plain(text: &str, limit: usize) -> String {
    let mut line = Line { text: String::new(), characters: 0, gap: false, limit };
    let mut footnotes = 0_usize;
    for (event, _) in events(text) {
        match event {
            Event::Start(Tag::FootnoteDefinition(_)) => footnotes += 1,
            Event::End(TagEnd::FootnoteDefinition) => footnotes -= 1,
            Event::Text(words) | Event::Code(words) if footnotes == 0 => line.push(&words),
            Event::SoftBreak | Event::HardBreak | Event::Rule => line.gap = true,
            Event::End(tag) => line.gap |= ends_a_block(tag),
            _ => {}
        }
        if line.characters > limit {
            break;
        }
    }
    line.cut()
}

fn ends_a_block(tag: TagEnd) -> bool {
    !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// Words with one space between them, up to a little more than the limit.
struct Line {
    text: String,
    characters: usize,
    gap: bool,
    limit: usize,
}

impl Line {
    fn push(&mut self, words: &str) {
        for c in words.chars() {
            if c.is_whitespace() || c.is_control() {
                self.gap = true;
            } else if !disguises(c) {
                if std::mem::take(&mut self.gap) && !self.text.is_empty() {
                    self.append(' ');
                }
                self.append(c);
                if self.characters > self.limit {
                    return;
                }
            }
        }
    }

    fn append(&mut self, c: char) {
        self.text.push(c);
        self.characters += 1;
    }

    fn cut(self) -> String {
        if self.characters <= self.limit {
            return self.text;
        }
        if self.limit == 0 {
            return String::new();
        }
        let kept: String = self.text.chars().take(self.limit - 1).collect();
        let follows = self.text[kept.len()..].chars().next();
        let whole = if follows == Some(' ') { kept.len() } else { kept.rfind(' ').unwrap_or(kept.len()) };
        format!("{}…", kept[..whole].trim_end())
    }
}
