//! Markdown of records as HTML. Mentions and references in it are shown as they were typed.
use crate::{Markup, PreEscaped};
use markdown::{Context, Known};
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// What is kept in memory at the most, in texts; then it begins anew.
const MOST: usize = 1000;
/// Longer texts are rendered each time.
const LONGEST: usize = 20_000;

static RENDERED: LazyLock<Mutex<HashMap<String, Arc<str>>>> = LazyLock::new(Mutex::default);

/// A text that is not to be kept in memory: what somebody has sealed.
pub fn private_prose(text: &str) -> Markup {
    PreEscaped(rendered(text))
}

fn rendered(text: &str) -> String {
    let prefix = format!("t{:x}-", kernel::fingerprint(text));
    let context = Context { prefix: &prefix, site: "", known: &Known::new() };
    markdown::render(text, &context).into_string()
}

/// A text in Markdown. Cleaning HTML takes a millisecond, so what was rendered once is kept.
pub fn prose(text: &str) -> Markup {
    let lock = || RENDERED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(html) = lock().get(text).cloned() {
        return PreEscaped(html.to_string());
    }
    let html = rendered(text);
    if text.len() <= LONGEST {
        let mut kept = lock();
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(text.to_owned(), html.as_str().into());
    }
    PreEscaped(html)
}
