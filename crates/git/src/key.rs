//! The keys of issues, such as `PAY-482`, in what is written about a change.

/// An issue that a change names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedKey {
    /// In capitals.
    pub key: String,
    /// The change is the work on the issue; else it only mentions it.
    pub works: bool,
}

/// Where a text stands, which says how a key in it is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextOf {
    /// A title, or the first line of a message: a key in it is of the issue that is worked on, unless a word such as `refs`
    /// or `part of` comes before it, or the change takes another one back.
    Title,
    /// The name of a branch, where a key may be in small letters.
    Branch,
    /// A longer text mentions issues, and works on those behind a word such as `fixes`.
    Body,
}

/// So many keys of one text at the most: it is written by anyone.
const MOST: usize = 20;

const WORKS: [&str; 20] = [
    "close",
    "closes",
    "closed",
    "closing",
    "fix",
    "fixes",
    "fixed",
    "fixing",
    "resolve",
    "resolves",
    "resolved",
    "resolving",
    "complete",
    "completes",
    "completed",
    "completing",
    "implement",
    "implements",
    "implemented",
    "implementing",
];
const MENTIONS: [&str; 14] = [
    "ref",
    "refs",
    "reference",
    "references",
    "see",
    "part of",
    "related to",
    "relates to",
    "contributes to",
    "toward",
    "towards",
    "follows",
    "follow up to",
    "not",
];
/// They stand between such a word and a key.
const FILLERS: [&str; 5] = ["issue", "issues", "ticket", "tickets", "the"];
const STANDARDS: [&str; 8] = ["UTF", "SHA", "ISO", "RFC", "CVE", "HTTP", "MD", "GPT"];

/// The keys in a text, each once, in their order.
pub fn named_keys(text: &str, of: TextOf) -> Vec<NamedKey> {
    let taken_back = of == TextOf::Title && text.trim_start().to_lowercase().starts_with("revert");
    let mut found: Vec<NamedKey> = Vec::new();
    let (mut from, mut works) = (0, of != TextOf::Body);
    while let Some((start, end)) = next_key(text, from, of).filter(|_| found.len() < MOST) {
        let before = &text[from..start];
        if found.is_empty() || before.split(|c: char| !c.is_alphabetic()).any(|word| !word.is_empty() && word != "and")
        {
            works = meant(before, of);
        }
        from = end;
        let key = text[start..end].to_ascii_uppercase();
        match found.iter_mut().find(|one| one.key == key) {
            Some(one) => one.works |= works && !taken_back,
            None => found.push(NamedKey { key, works: works && !taken_back }),
        }
    }
    found
}

/// Whether the words before a key say that it is worked on.
fn meant(before: &str, of: TextOf) -> bool {
    let lower = before.to_lowercase();
    let mut words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    while words.last().is_some_and(|word| FILLERS.contains(word)) {
        words.pop();
    }
    let ends = |phrase: &&str| {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        words.ends_with(&phrase)
    };
    match of {
        TextOf::Branch => true,
        TextOf::Title => !MENTIONS.iter().any(ends),
        TextOf::Body => WORKS.iter().any(ends),
    }
}

/// Where the next key begins and ends: two to ten letters and digits, a letter first, a dash, and up to seven digits, with no
/// more of a word around it.
fn next_key(text: &str, from: usize, of: TextOf) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let letter = |byte: u8| byte.is_ascii_uppercase() || (of == TextOf::Branch && byte.is_ascii_lowercase());
    let mut dashes = (from..bytes.len()).filter(|at| bytes[*at] == b'-');
    dashes.find_map(|dash| {
        let word = bytes[from..dash].iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).take(11).count();
        let start = dash - word;
        let digits = bytes[dash + 1..].iter().take_while(|byte| byte.is_ascii_digit()).take(8).count();
        let end = dash + 1 + digits;
        let fits = (2..=10).contains(&word)
            && letter(bytes[start])
            && bytes[start..dash].iter().all(|byte| letter(*byte) || byte.is_ascii_digit())
            && (1..=7).contains(&digits)
            && !STANDARDS.iter().any(|one| text[start..dash].eq_ignore_ascii_case(one));
        (fits && starts(text, start) && ends(text, end, of)).then_some((start, end))
    })
}

fn starts(text: &str, at: usize) -> bool {
    text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"-_.@".contains(c))
}

fn ends(text: &str, at: usize, of: TextOf) -> bool {
    let mut rest = text[at..].chars();
    match rest.next() {
        None => true,
        Some('-' | '_') => of == TextOf::Branch,
        Some('.') => !rest.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => !c.is_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::{TextOf, named_keys};
    use proptest::prelude::*;

    fn said(text: &str, of: TextOf) -> String {
        let say = |one: &super::NamedKey| format!("{}{}", one.key, if one.works { "!" } else { "" });
        named_keys(text, of).iter().map(say).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_title_works_on_what_it_names_unless_it_says_otherwise() {
        for (text, expected) in [
            ("PAY-482: round once", "PAY-482!"),
            ("[PAY-482] [OPS-7] Round once", "PAY-482! OPS-7!"),
            ("feat(pay): round once (PAY-482)", "PAY-482!"),
            ("Round once, part of PAY-482", "PAY-482"),
            ("Refs PAY-482: round once", "PAY-482"),
            ("Revert \"PAY-482: round once\"", "PAY-482"),
            ("Read UTF-8 and ISO-8601 as GPT-4.5 does", ""),
            ("A-1 x-1 well-known-2 PAY-12345678 PAY-4a 2PAY-1 my-PAY-3 v1.PAY-2", ""),
            ("", ""),
        ] {
            assert_eq!(said(text, TextOf::Title), expected, "{text}");
        }
    }

    #[test]
    fn a_branch_has_keys_in_small_letters() {
        for (text, expected) in [
            ("mara/pay-482-round-once", "PAY-482!"),
            ("feature/PAY-482_round", "PAY-482!"),
            ("pay-482/ops-7", "PAY-482! OPS-7!"),
            ("round-once", ""),
        ] {
            assert_eq!(said(text, TextOf::Branch), expected, "{text}");
        }
    }

    #[test]
    fn a_text_works_on_what_a_word_says() {
        for (text, expected) in [
            ("Fixes PAY-482.", "PAY-482!"),
            ("This closes issue PAY-482, PAY-483 and OPS-7; see also PAY-9", "PAY-482! PAY-483! OPS-7! PAY-9"),
            ("Fixes:\n- PAY-1\n- PAY-2\n\nIt came with PAY-3.", "PAY-1! PAY-2! PAY-3"),
            ("Like PAY-482. Fixes PAY-482", "PAY-482!"),
            ("https://cairn.example/issues/PAY-482", "PAY-482"),
            ("does not fix pay-482", ""),
        ] {
            assert_eq!(said(text, TextOf::Body), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_it(text in "(\\PC|PAY-[0-9]{1,8}| fixes |[-_.]){0,40}") {
            for of in [TextOf::Title, TextOf::Branch, TextOf::Body] {
                for one in named_keys(&text, of) {
                    prop_assert!(text.to_ascii_uppercase().contains(&one.key));
                }
            }
        }
    }
}
