//! Whether a pull request says of which issue it is a part.
use super::heard::Said;

/// Nothing where its text was not told and its title and branch name none.
pub(super) fn of(said: &Said) -> Option<bool> {
    let named = ["title", "body", "head_ref"].into_iter().filter_map(|field| said.text(field)).any(names_issue);
    (named || said.0.contains_key("body")).then_some(named)
}

/// `#12`, `GH-12` and `PAY-7`, also within an address or the name of a branch.
fn names_issue(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let hash = |at: usize| bytes[at] == b'#' && digit(at + 1);
    let address = text.contains("/issues/") || text.contains("/work_items/");
    address || (0..bytes.len()).any(|at| hash(at) || (bytes[at] == b'-' && digit(at + 1) && is_key(bytes, at)))
}

/// Whether a key of two to ten capitals and digits ends before the dash, and nothing else stands before it. Standards
/// such as `UTF-8` are no keys.
fn is_key(bytes: &[u8], dash: usize) -> bool {
    let start = bytes[..dash].iter().rposition(|byte| !byte.is_ascii_alphanumeric()).map_or(0, |at| at + 1);
    let key = &bytes[start..dash];
    let apart = start == 0 || bytes[start - 1] != b'-';
    apart
        && (2..=10).contains(&key.len())
        && key[0].is_ascii_uppercase()
        && key.iter().all(|byte| !byte.is_ascii_lowercase())
        && !matches!(key, b"UTF" | b"SHA" | b"ISO" | b"RFC" | b"CVE" | b"HTTP")
}

#[cfg(test)]
mod tests {
    use super::names_issue;

    #[test]
    fn keys_numbers_and_addresses_name_an_issue() {
        for text in
            ["Closes #9", "PAY-7: round once", "feature/PAY-7-round", "see https://x.example/a/b/issues/4", "(GH-12)"]
        {
            assert!(names_issue(text), "{text}");
        }
        for text in ["", "Round once", "read UTF-8", "A-1", "a # b", "x-1", "well-known-2", "CVE-2026"] {
            assert!(!names_issue(text), "{text}");
        }
    }
}
