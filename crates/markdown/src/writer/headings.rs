use std::collections::HashMap;

use pulldown_cmark::HeadingLevel;

use super::{Medium, Writer};
use crate::escape::push_attribute;
use crate::raw::push_end;

/// How many headings have had the same words.
#[derive(Default)]
pub struct Headings(HashMap<String, u32>);

impl Headings {
    /// What no heading had before: the words, then the words with `-1`, `-2` and so on.
    fn unique(&mut self, slug: String) -> String {
        let Some(seen) = self.0.get_mut(&slug) else {
            self.0.insert(slug.clone(), 0);
            return slug;
        };
        *seen += 1;
        let numbered = format!("{slug}-{seen}");
        self.unique(numbered)
    }
}

impl Writer<'_, '_> {
    pub fn heading(&mut self, level: HeadingLevel, inner: &str, words: usize, shown: bool) {
        let id = self.headings.unique(slug(&self.words[words..]));
        if shown {
            self.out.push('<');
            self.out.push_str(&level.to_string());
            if self.medium == Medium::Page {
                push_attribute(&mut self.out, "id", &format!("{}h-{id}", self.context.prefix));
            }
            self.out.push('>');
        }
        self.out.push_str(inner);
        if shown {
            push_end(&mut self.out, &level.to_string());
        }
        self.line_break("\n");
    }
}

/// Letters and digits in lower case, with one hyphen for all that is between them; at most 60 characters.
pub fn slug(words: &str) -> String {
    let mut slug = String::new();
    for c in words.chars().flat_map(char::to_lowercase).take(60) {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}
