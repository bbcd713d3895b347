//! Of which issues a pull request says that it is a part.
use super::heard::Said;
use git::{NamedKey, TextOf, named_keys};

const TEXTS: [(&str, TextOf); 3] = [("title", TextOf::Title), ("head_ref", TextOf::Branch), ("body", TextOf::Body)];

/// Whether it names one; nothing where its text was not told and its title and branch name none.
pub(super) fn of(said: &Said) -> Option<bool> {
    let named =
        TEXTS.iter().filter_map(|(field, of)| Some((said.text(field)?, *of))).any(|(text, of)| names_issue(text, of));
    (named || said.0.contains_key("body")).then_some(named)
}

/// The keys that it names, each once.
pub(super) fn keys(said: &Said) -> Vec<NamedKey> {
    let mut all: Vec<NamedKey> = Vec::new();
    for (field, of) in TEXTS {
        for named in said.text(field).map(|text| named_keys(text, of)).unwrap_or_default() {
            match all.iter_mut().find(|one| one.key == named.key) {
                Some(one) => one.works |= named.works,
                None => all.push(named),
            }
        }
    }
    all
}

/// `#12`, `GH-12` and `PAY-7`, also within an address or the name of a branch.
fn names_issue(text: &str, of: TextOf) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let address = text.contains("/issues/") || text.contains("/work_items/");
    address || (0..bytes.len()).any(|at| bytes[at] == b'#' && digit(at + 1)) || !named_keys(text, of).is_empty()
}

#[cfg(test)]
mod tests {
    use super::{TextOf, names_issue};

    #[test]
    fn keys_numbers_and_addresses_name_an_issue() {
        let titles = ["Closes #9", "PAY-7: round once", "see https://x.example/a/b/issues/4", "(GH-12)"];
        let named =
            titles.map(|text| (text, TextOf::Title)).into_iter().chain([("feature/PAY-7-round", TextOf::Branch)]);
        for (text, of) in named {
            assert!(names_issue(text, of), "{text}");
        }
        for text in ["", "Round once", "read UTF-8", "A-1", "a # b", "x-1", "well-known-2", "CVE-2026"] {
            assert!(!names_issue(text, TextOf::Title), "{text}");
        }
    }
}
