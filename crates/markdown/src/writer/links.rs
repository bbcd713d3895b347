use pulldown_cmark::LinkType;

use super::headings::slug;
use super::{Medium, Writer, undisguised};
use crate::escape::{push_attribute, push_escaped};
use crate::mark::{Mark, mentioned};
use crate::{Context, Record, address};

/// A link as the author wrote it, with its content as HTML.
pub struct Link<'a> {
    pub link_type: LinkType,
    pub destination: &'a str,
    pub title: &'a str,
    pub inner: &'a str,
}

impl<'a> Writer<'a, '_> {
    pub fn link(&mut self, link: &Link, words: usize, shown: bool) {
        let text = undisguised(&self.words[words..]);
        if !shown {
            self.out.push_str(link.inner);
        } else if mentioned(link.destination, &text).is_some() {
            self.mention(link);
        } else if link.link_type == LinkType::Autolink {
            self.mark(Mark::Address(link.destination));
        } else {
            let address = self.address(link.destination, link.link_type);
            self.anchor(address.as_deref(), link.title, link.inner);
        }
    }

    /// A mention has the name that its person or team has now, not the one that the author wrote beside the address.
    fn mention(&mut self, link: &Link) {
        match self.known(link.destination) {
            Some(record) => self.record(record, "mention", &format!("@{}", record.title)),
            None => self.out.push_str(link.inner),
        }
    }

    /// A piece of text, with a link where it names something that the reader may see.
    pub fn mark(&mut self, mark: Mark) {
        let record = mark.name(self.context.site).and_then(|name| self.known(name));
        match (mark, record) {
            (Mark::Key(key), Some(record)) => self.record(record, "reference", &format!("{key} {}", record.title)),
            (_, Some(record)) => self.record(record, "reference", &record.title),
            (Mark::Address(address), None) => {
                let mut text = String::new();
                push_escaped(&mut text, &undisguised(address));
                self.anchor(address::link(address).as_deref(), "", &text);
            }
            (Mark::Text(text) | Mark::Key(text) | Mark::Path(text), None) => push_escaped(&mut self.out, text),
        }
    }

    /// An attachment of this site is shown. Any other picture is a link to it, since a page that fetched it would tell a
    /// stranger who read it and when.
    pub fn picture(&mut self, destination: &str, title: &str, words: usize) {
        if self.pictures > 0 {
            return;
        }
        let text = undisguised(self.words[words..].trim());
        let mut escaped = String::new();
        push_escaped(&mut escaped, if text.is_empty() { destination } else { &text });
        match address::attachment(destination, self.context.site).filter(|_| self.medium == Medium::Page) {
            Some(path) => {
                self.out.push_str("<img");
                push_attribute(&mut self.out, "src", &path);
                push_attribute(&mut self.out, "alt", &text);
                self.push_title(title);
                self.out.push_str(" loading=\"lazy\">");
            }
            None if self.links > 0 => self.out.push_str(&escaped),
            None => {
                let address = self.address(destination, LinkType::Inline);
                self.anchor(address.as_deref(), title, &escaped);
            }
        }
    }

    /// The record that a name is known to be, as long as the text may have more references.
    fn known(&mut self, name: &str) -> Option<&'a Record> {
        let record = self.context.known.get(name).filter(|_| self.references_left > 0)?;
        self.references_left -= 1;
        Some(record)
    }

    fn record(&mut self, record: &Record, class: &str, text: &str) {
        let Some(address) = self.address(&record.address, LinkType::Inline) else { return };
        self.out.push_str("<a");
        if self.medium == Medium::Page {
            push_attribute(&mut self.out, "class", class);
            push_attribute(&mut self.out, "data-kind", record.kind);
        }
        push_attribute(&mut self.out, "href", &address);
        self.out.push('>');
        push_escaped(&mut self.out, &undisguised(text));
        self.out.push_str("</a>");
    }

    /// A link, or only its content where it must not lead to its address.
    fn anchor(&mut self, address: Option<&str>, title: &str, inner: &str) {
        let Some(address) = address else { return self.out.push_str(inner) };
        self.out.push_str("<a");
        push_attribute(&mut self.out, "href", address);
        self.push_title(title);
        self.out.push('>');
        self.out.push_str(inner);
        self.out.push_str("</a>");
    }

    fn push_title(&mut self, title: &str) {
        if !title.is_empty() {
            push_attribute(&mut self.out, "title", &undisguised(title));
        }
    }

    /// Where a link leads: one within the document to the heading of that name, one within the site in a mail to the
    /// whole address.
    fn address(&self, destination: &str, link_type: LinkType) -> Option<String> {
        if link_type == LinkType::Email {
            return address::link(&format!("mailto:{destination}"));
        }
        let heading = destination.strip_prefix('#');
        let Context { prefix, site, .. } = self.context;
        match (self.medium, heading) {
            (Medium::Page, Some(heading)) => Some(format!("#{prefix}h-{}", address::encode(&slug(heading)))),
            (Medium::Page, None) => address::link(destination),
            (Medium::Mail, Some(_)) => None,
            (Medium::Mail, None) => address::link(destination).map(|address| address::absolute(&address, site)),
        }
    }
}
