use std::collections::HashMap;

use super::{Medium, Writer};
use crate::escape::push_attribute;

/// Footnotes by label, numbered as they are first referred to.
#[derive(Default)]
pub struct Footnotes {
    numbers: HashMap<String, usize>,
    bodies: Vec<(String, String)>,
}

impl Footnotes {
    pub fn define(&mut self, label: &str, body: String) {
        self.bodies.push((label.to_lowercase(), body));
    }

    /// The number of a label, and whether this is the first time that it is asked for.
    fn number(&mut self, label: &str) -> (usize, bool) {
        let next = self.numbers.len() + 1;
        let number = *self.numbers.entry(label.to_lowercase()).or_insert(next);
        (number, number == next)
    }

    /// All bodies by number, and whether something refers to each. Those that nothing refers to are the last ones.
    fn numbered(&mut self) -> Vec<(usize, bool, String)> {
        let mut numbered: Vec<_> = std::mem::take(&mut self.bodies)
            .into_iter()
            .map(|(label, body)| (self.numbers.get(&label).copied(), body))
            .collect();
        numbered.sort_by_key(|(number, _)| number.unwrap_or(usize::MAX));
        numbered.dedup_by(|later, earlier| later.0.is_some() && later.0 == earlier.0);
        (1..).zip(numbered).map(|(place, (number, body))| (number.unwrap_or(place), number.is_some(), body)).collect()
    }
}

impl Writer<'_, '_> {
    pub fn footnote_reference(&mut self, label: &str) {
        let (number, is_first) = self.footnotes.number(label);
        if self.medium == Medium::Mail || self.links + self.pictures > 0 {
            self.out.push_str(&format!("<sup>{number}</sup>"));
            return;
        }
        let prefix = self.context.prefix;
        self.out.push_str("<sup class=\"footnote\"><a");
        push_attribute(&mut self.out, "href", &format!("#{prefix}fn-{number}"));
        if is_first {
            push_attribute(&mut self.out, "id", &format!("{prefix}fnref-{number}"));
        }
        self.out.push_str(&format!(">{number}</a></sup>"));
    }

    pub fn write_footnotes(&mut self) {
        let numbered = self.footnotes.numbered();
        if numbered.is_empty() {
            return;
        }
        let is_page = self.medium == Medium::Page;
        self.out.push_str(if is_page { "<section class=\"footnotes\" aria-label=\"Footnotes\">\n" } else { "<hr>\n" });
        self.out.push_str("<ol>\n");
        for (number, is_referred_to, body) in numbered {
            self.footnote(number, is_page && is_referred_to, body.trim_end());
        }
        self.out.push_str(if is_page { "</ol>\n</section>\n" } else { "</ol>\n" });
    }

    fn footnote(&mut self, number: usize, has_way_back: bool, body: &str) {
        let prefix = self.context.prefix;
        let is_page = self.medium == Medium::Page;
        let id = if is_page { format!("{prefix}fn-{number}") } else { String::new() };
        self.out.push_str("<li");
        if is_page {
            push_attribute(&mut self.out, "id", &id);
        }
        self.out.push('>');
        let (text, end) = body.strip_suffix("</p>").map_or((body, ""), |text| (text, "</p>"));
        self.out.push_str(text);
        if has_way_back {
            self.out.push_str(" <a class=\"footnote-back\"");
            push_attribute(&mut self.out, "href", &format!("#{prefix}fnref-{number}"));
            self.out.push_str(" aria-label=\"Back to the text\">↩</a>");
        }
        self.out.push_str(end);
        self.out.push_str("</li>\n");
    }
}
