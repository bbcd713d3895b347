//! Markdown as people write it in Cairn: CommonMark with GitHub's tables, task lists, footnotes and strikethrough.
//!
//! Nothing here reads or writes anything. A page first asks [`mentions`] and [`references`] what a text names, looks that
//! up as far as its reader may see it, and then calls [`render`] with what it found.
//!
//! The HTML is safe by two layers that do not know each other: the writer escapes everything but a handful of plain
//! elements, and the sanitiser afterwards lets only known elements, attributes and schemes through.

mod address;
mod escape;
mod highlight;
mod mark;
mod nesting;
mod parse;
mod plain;
mod raw;
mod sanitize;
mod task;
#[cfg(test)]
mod tests;
mod writer;

use std::collections::HashMap;

pub use mark::{Mentions, mentions, references};
pub use plain::plain;
pub use task::{Task, tasks, toggle_task};

/// HTML that is safe within any element of a page's body that takes blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Html(String);

/// What a document is rendered for.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Leads every `id`, so that several documents fit on one page: empty for the only one, else such as `c42-`.
    pub prefix: &'a str,
    /// The site's own address without a slash at its end, such as `https://cairn.example.org`.
    pub site: &'a str,
    /// What the reader may see of what the text names. Anything else stays the text that it was.
    pub known: &'a Known,
}

/// Records by what names them: a key such as `PAY-482`, or a path such as `/issues/PAY-482` or `/people/0190c2`.
pub type Known = HashMap<String, Record>;

/// A record that a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// A person's, team's or record's name, as plain text.
    pub title: String,
    /// Path on this site, such as `/issues/PAY-482`.
    pub address: String,
    /// The kind of record in lower case, such as `issue`, for its style.
    pub kind: &'static str,
}

impl Html {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl maud::Render for Html {
    fn render_to(&self, buffer: &mut String) {
        buffer.push_str(&self.0);
    }
}

/// The text as HTML for a page, to be put into an element of the class `prose`.
///
/// Elements nested deeper than [`MAX_DEPTH`] are left out, their text is kept;
/// after [`MAX_REFERENCES`] mentions and references the further ones stay text.
pub fn render(text: &str, context: &Context) -> Html {
    Html(sanitize::clean(&writer::write(text, context, writer::Medium::Page)))
}

/// The text as HTML for a mail: every link is absolute, and there are no classes, ids, forms or pictures.
pub fn mail(text: &str, context: &Context) -> Html {
    Html(sanitize::clean(&writer::write(text, context, writer::Medium::Mail)))
}

/// How deep elements may be nested.
pub const MAX_DEPTH: usize = 40;

/// How many mentions and references of one text are looked up and shown.
pub const MAX_REFERENCES: usize = 500;
