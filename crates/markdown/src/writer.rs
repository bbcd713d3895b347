//! From events to HTML: the first layer, which escapes everything but what the dialect means.

mod footnotes;
mod headings;
mod links;
mod table;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use crate::escape::{disguises, push_attribute, push_escaped};
use crate::mark::marks;
use crate::nesting::Nesting;
use crate::parse::events;
use crate::{Context, MAX_REFERENCES, highlight, raw};

/// What the HTML is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Medium {
    Page,
    Mail,
}

pub fn write(text: &str, context: &Context, medium: Medium) -> String {
    let mut writer = Writer::new(context, medium, text.len());
    for (event, _) in events(text) {
        writer.event(event);
    }
    writer.close_raw();
    writer.write_footnotes();
    writer.out
}

struct Writer<'a, 't> {
    context: &'a Context<'a>,
    medium: Medium,
    out: String,
    /// Text without markup so far, for the ids of headings, the text of links and what stands for a picture.
    words: String,
    held: Vec<Held<'t>>,
    nesting: Nesting,
    /// Links and pictures around this place: there, nothing else becomes a link.
    links: usize,
    pictures: usize,
    references_left: usize,
    colors_left: usize,
    tasks: usize,
    code: Option<(CodeBlockKind<'t>, String)>,
    html: String,
    table: table::Table,
    headings: headings::Headings,
    footnotes: footnotes::Footnotes,
}

/// An element that is written at its end, when its text is known: what was written before it, and where its words begin.
struct Held<'t> {
    tag: Tag<'t>,
    out: String,
    words: usize,
}

impl<'a, 't> Writer<'a, 't> {
    fn new(context: &'a Context<'a>, medium: Medium, size: usize) -> Self {
        Writer {
            context,
            medium,
            out: String::with_capacity(size + size / 2),
            words: String::new(),
            held: Vec::new(),
            nesting: Nesting::new(),
            links: 0,
            pictures: 0,
            references_left: MAX_REFERENCES,
            colors_left: highlight::MAX_BYTES,
            tasks: 0,
            code: None,
            html: String::new(),
            table: table::Table::default(),
            headings: headings::Headings::default(),
            footnotes: footnotes::Footnotes::default(),
        }
    }

    fn event(&mut self, event: Event<'t>) {
        match event {
            Event::Start(Tag::HtmlBlock) => self.html.clear(),
            Event::End(TagEnd::HtmlBlock) => self.html_block(),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(code) => {
                self.words.push_str(&code);
                self.out.push_str("<code>");
                highlight::push_plain(&mut self.out, &code, self.medium);
                self.out.push_str("</code>");
            }
            Event::Html(html) => self.html.push_str(&html),
            Event::InlineHtml(html) => raw::write_tag(&mut self.out, &html, &mut self.nesting),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => self.out.push_str("<hr>\n"),
            Event::TaskListMarker(done) => self.task(done),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
        }
    }

    fn start(&mut self, tag: Tag<'t>) {
        let shown = self.nesting.enter();
        match tag {
            Tag::CodeBlock(kind) => self.code = Some((kind, String::new())),
            Tag::Heading { .. } | Tag::FootnoteDefinition(_) => self.hold(tag),
            Tag::Link { .. } => {
                self.links += 1;
                self.hold(tag);
            }
            Tag::Image { .. } => {
                self.pictures += 1;
                self.hold(tag);
            }
            Tag::Table(alignments) => self.start_table(alignments, shown),
            Tag::TableHead | Tag::TableRow => self.start_row(matches!(tag, Tag::TableHead), shown),
            Tag::TableCell => self.start_cell(shown),
            _ if shown => self.start_plain(&tag),
            _ => {}
        }
    }

    /// Elements that need nothing but their tags.
    fn start_plain(&mut self, tag: &Tag) {
        match tag {
            Tag::List(Some(first)) if *first != 1 => {
                self.out.push_str("<ol");
                push_attribute(&mut self.out, "start", &first.to_string());
                self.out.push_str(">\n");
            }
            _ => {
                self.out.push('<');
                self.out.push_str(element(tag.to_end()));
                self.out.push('>');
                if matches!(tag, Tag::List(_) | Tag::BlockQuote(_)) {
                    self.out.push('\n');
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let shown = self.close_frame();
        match tag {
            TagEnd::CodeBlock => self.code_block(shown),
            TagEnd::Heading(_) | TagEnd::FootnoteDefinition | TagEnd::Link | TagEnd::Image => self.release(shown),
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => self.end_table_part(tag, shown),
            _ => self.end_plain(tag, shown),
        }
    }

    fn end_plain(&mut self, tag: TagEnd, shown: bool) {
        if shown {
            raw::push_end(&mut self.out, element(tag));
        }
        if !matches!(tag, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) {
            self.line_break("\n");
        }
    }

    fn hold(&mut self, tag: Tag<'t>) {
        self.held.push(Held { tag, out: std::mem::take(&mut self.out), words: self.words.len() });
    }

    /// Writes what was held, now that everything within it is.
    fn release(&mut self, shown: bool) {
        let Some(held) = self.held.pop() else { return };
        let inner = std::mem::replace(&mut self.out, held.out);
        match held.tag {
            Tag::Heading { level, .. } => self.heading(level, &inner, held.words, shown),
            Tag::FootnoteDefinition(label) => self.footnotes.define(&label, inner),
            Tag::Link { link_type, dest_url, title, .. } => {
                self.links -= 1;
                let link = links::Link { link_type, destination: &dest_url, title: &title, inner: &inner };
                self.link(&link, held.words, shown);
            }
            Tag::Image { dest_url, title, .. } => {
                self.pictures -= 1;
                self.picture(&dest_url, &title, held.words);
            }
            _ => self.out.push_str(&inner),
        }
    }

    /// Leaves an element, ends the author's HTML within it, and says whether the element itself is written.
    fn close_frame(&mut self) -> bool {
        let (shown, raw) = self.nesting.leave();
        raw.into_iter().for_each(|name| raw::push_end(&mut self.out, name));
        shown
    }

    /// Ends the author's HTML that is open at the end of the text.
    fn close_raw(&mut self) {
        self.close_frame();
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code)) = &mut self.code {
            return code.push_str(text);
        }
        self.words.push_str(text);
        if self.links + self.pictures > 0 {
            push_escaped(&mut self.out, &undisguised(text));
        } else {
            marks(text).into_iter().for_each(|mark| self.mark(mark));
        }
    }

    fn line_break(&mut self, html: &str) {
        self.words.push(' ');
        self.out.push_str(html);
    }

    fn task(&mut self, done: bool) {
        match self.medium {
            Medium::Page => {
                self.out.push_str("<input type=\"checkbox\" disabled aria-label=\"Done\"");
                push_attribute(&mut self.out, "data-task", &self.tasks.to_string());
                self.out.push_str(if done { " checked> " } else { "> " });
            }
            Medium::Mail => self.out.push_str(if done { "☑ " } else { "☐ " }),
        }
        self.tasks += 1;
    }

    fn code_block(&mut self, shown: bool) {
        let Some((kind, code)) = self.code.take() else { return };
        self.words.push_str(&code);
        let info = if let CodeBlockKind::Fenced(info) = kind { info } else { CowStr::Borrowed("") };
        self.out.push_str(if shown { "<pre><code>" } else { "" });
        if self.medium == Medium::Page && code.len() <= self.colors_left {
            let has_colors = highlight::push(&mut self.out, &code, &info);
            self.colors_left -= if has_colors { code.len() } else { 0 };
        } else {
            highlight::push_plain(&mut self.out, &code, self.medium);
        }
        self.out.push_str(if shown { "</code></pre>\n" } else { "\n" });
    }

    /// A block with `details` may end in a later one, so its elements belong to what is around it. Any other block is
    /// text, and so a paragraph.
    fn html_block(&mut self) {
        let html = std::mem::take(&mut self.html);
        if raw::has_blocks(&html) {
            return raw::write_lines(&mut self.out, &html, true, &mut self.nesting);
        }
        let shown = self.nesting.enter();
        let start = self.out.len();
        raw::write_lines(&mut self.out, html.trim_end(), false, &mut self.nesting);
        self.close_frame();
        if shown && !self.out[start..].trim().is_empty() {
            self.out.insert_str(start, "<p>");
            self.out.push_str("</p>\n");
        }
    }
}

fn element(tag: TagEnd) -> &'static str {
    match tag {
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::List(true) => "ol",
        TagEnd::List(false) => "ul",
        TagEnd::Item => "li",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "del",
        _ => "p",
    }
}

/// Without the characters that could make a link's text read other than it is.
fn undisguised(text: &str) -> String {
    text.chars().filter(|c| !disguises(*c)).collect()
}
