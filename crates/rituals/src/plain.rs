//! Words of people within Markdown that the program writes.

/// Text on one line that Markdown shows as it is.
pub(crate) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&' | '@') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
