//! HTML as plain text. Quoted blocks keep a `>` before each line and numbered lists their numbers.
use html5ever::{
    Attribute,
    tendril::StrTendril,
    tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer},
};
use std::cell::RefCell;

pub fn text(html: &str) -> String {
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let tokenizer = Tokenizer::new(Sink::default(), Default::default());
    // Without scripts there is nothing for which the tokenizer would wait.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().finish()
}

#[derive(Default)]
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => page.tag(&tag),
            Token::CharacterTokens(text) => page.characters(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

#[derive(Default)]
struct Page {
    text: String,
    line: String,
    /// The element whose content is not shown, while it is open.
    hidden: Option<String>,
    quoted: usize,
    verbatim: usize,
    /// The next number of each open list; a list with bullets has none.
    lists: Vec<Option<usize>>,
}

/// A deeper quote looks like this one.
const DEEPEST: usize = 8;

impl Page {
    fn tag(&mut self, tag: &Tag) {
        let name = &*tag.name;
        if let Some(hidden) = &self.hidden {
            if tag.kind == TagKind::EndTag && hidden == name {
                self.hidden = None;
            }
            return;
        }
        let opens = tag.kind == TagKind::StartTag;
        match name {
            "head" | "style" | "script" | "title" | "template" if opens && !tag.self_closing => {
                self.hidden = Some(name.to_owned());
            }
            "br" => self.end_line(true),
            "hr" => {
                self.end_line(false);
                self.line.push_str("________________________________");
                self.end_line(false);
            }
            "blockquote" => {
                self.end_line(false);
                self.quoted = if opens { (self.quoted + 1).min(DEEPEST) } else { self.quoted.saturating_sub(1) };
            }
            "pre" => {
                self.end_line(false);
                self.verbatim = if opens { self.verbatim + 1 } else { self.verbatim.saturating_sub(1) };
            }
            "ol" | "ul" => self.list(opens, name == "ol", &tag.attrs),
            "li" => self.item(opens),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.paragraph(),
            "div" | "tr" | "table" | "section" | "article" | "body" | "center" | "address" => self.end_line(false),
            "td" | "th" if opens && !self.line.is_empty() => self.line.push(' '),
            _ => {}
        }
    }

    fn list(&mut self, opens: bool, numbered: bool, attributes: &[Attribute]) {
        self.end_line(false);
        if !opens {
            self.lists.pop();
            return;
        }
        let start = attributes.iter().find(|one| &*one.name.local == "start").and_then(|one| one.value.parse().ok());
        self.lists.push(numbered.then(|| start.unwrap_or(1)));
    }

    fn item(&mut self, opens: bool) {
        self.end_line(false);
        if !opens {
            return;
        }
        match self.lists.last_mut() {
            Some(Some(number)) => {
                self.line.push_str(&format!("{number}. "));
                *number = number.saturating_add(1);
            }
            _ => self.line.push_str("- "),
        }
    }

    /// An empty line, unless there is one or nothing stands before it.
    fn paragraph(&mut self) {
        self.end_line(false);
        let above = self.text.trim_end_matches("> ").trim_end_matches('>');
        if !above.is_empty() && !above.ends_with("\n\n") {
            self.end_line(true);
        }
    }

    /// Ends the line; one with nothing in it counts only if it is `wanted`.
    fn end_line(&mut self, wanted: bool) {
        let line = std::mem::take(&mut self.line);
        if line.trim().is_empty() && !wanted {
            return;
        }
        let marks = ">".repeat(self.quoted);
        self.text.push_str(&marks);
        if !marks.is_empty() && !line.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn characters(&mut self, text: &str) {
        if self.hidden.is_some() {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' if self.verbatim > 0 => self.end_line(true),
                c if c.is_ascii_whitespace() && self.verbatim == 0 => {
                    if !self.line.is_empty() && !self.line.ends_with(' ') {
                        self.line.push(' ');
                    }
                }
                c => self.line.push(c),
            }
        }
    }

    fn finish(mut self) -> String {
        self.end_line(false);
        self.text
    }
}
