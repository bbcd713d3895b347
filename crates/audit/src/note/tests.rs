//! The first note and key are the example of Go's package `golang.org/x/mod/sumdb/note`; the second key is made of the
//! first test seed of RFC 8032, and its note was signed by another implementation.
use super::*;
use proptest::prelude::*;

const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const CRYPTOGRAPHY: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

const SEED: &str = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const CAIRN: &str = "cairn.example.com+058e0bc1+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";
const SIGNED: &str = "cairn/01jq8z5k3w7y9t2m4n6p8r0v1x\n2\no5jfsnbuRL622mBsjsQ45WLCN7EVaqqRDdFeFL4saK0=\n\n\
    — cairn.example.com BY4LwWZA55XH6QW/sOHIpKznWUGB5lGuKSECice92RBvJgMdpdFXjFoKNfhO8BxP+6cqbyeafuuooQUJovWqqkpykgQ=\n";

fn key() -> SigningKey {
    let seed = BASE64.decode(SEED).unwrap().try_into().unwrap();
    SigningKey::from_bytes("cairn.example.com", &seed).unwrap()
}

fn keys(texts: &[&str]) -> Vec<VerifierKey> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn notes_of_other_programs_open() {
    let text = open(CRYPTOGRAPHY, &keys(&[PETER])).unwrap();
    assert!(text.starts_with("If you think") && text.ends_with("problem is.\n"));
}

#[test]
fn a_note_is_signed_as_other_programs_sign_it() {
    assert_eq!(key().verifier().to_string(), CAIRN);
    let text = open(SIGNED, &keys(&[CAIRN])).unwrap();
    assert_eq!(key().sign(text).unwrap(), SIGNED);
}

#[test]
fn new_keys_differ_and_open_what_they_signed() {
    let (one, other) = (SigningKey::generate("a/b").unwrap(), SigningKey::generate("a/b").unwrap());
    assert_ne!(one.to_bytes(), other.to_bytes());
    let note = one.sign("text\n").unwrap();
    assert_eq!(open(&note, &[one.verifier()]), Ok("text\n"));
    assert_eq!(open(&note, &[other.verifier()]), Err(Refused::UnknownKey));
    let again = SigningKey::from_bytes(one.name(), &one.to_bytes()).unwrap();
    assert_eq!(again.verifier(), one.verifier());
}

#[test]
fn names_with_spaces_or_pluses_are_no_names() {
    for name in ["", "a b", "a+b", "a\u{a0}b", "a\nb", "a\u{1}b"] {
        assert!(SigningKey::generate(name).is_err(), "{name:?}");
    }
}

#[test]
fn only_whole_lines_are_signed() {
    for text in ["", "no newline", "tab\tinside\n", "carriage\r\n"] {
        assert!(key().sign(text).is_err(), "{text:?}");
    }
    assert!(key().sign("\n").is_ok() && key().sign("a\n\n\nb\n").is_ok());
}

#[test]
fn a_text_may_have_blank_lines() {
    let note = key().sign("a\n\n— b\n\n").unwrap();
    assert_eq!(open(&note, &[key().verifier()]), Ok("a\n\n— b\n\n"));
}

#[test]
fn a_second_signature_by_a_stranger_changes_nothing() {
    let stranger = SigningKey::from_bytes("stranger", &[7; 32]).unwrap().sign(SIGNED.split_once("\n\n").unwrap().0);
    assert!(stranger.is_err(), "the text of a note ends with a newline");
    let text = open(SIGNED, &keys(&[CAIRN])).unwrap();
    let by_stranger = SigningKey::from_bytes("stranger", &[7; 32]).unwrap().sign(text).unwrap();
    let line = by_stranger.lines().last().unwrap();
    let both = format!("{SIGNED}{line}\n");
    assert_eq!(open(&both, &keys(&[CAIRN])), Ok(text));
    assert_eq!(open(&both, &keys(&[PETER])), Err(Refused::UnknownKey));
}

/// Someone else may sign under the same name: C2SP ignores that line, as its key id is another.
#[test]
fn a_known_name_with_another_key_is_ignored() {
    let other = SigningKey::from_bytes("cairn.example.com", &[7; 32]).unwrap();
    let text = open(SIGNED, &keys(&[CAIRN])).unwrap();
    let note = other.sign(text).unwrap();
    assert_eq!(open(&note, &keys(&[CAIRN])), Err(Refused::UnknownKey));
}

#[test]
fn malformed_notes_are_refused() {
    let line = SIGNED.lines().last().unwrap();
    let text = open(SIGNED, &keys(&[CAIRN])).unwrap();
    let many = format!("{text}\n{}", format!("{line}\n").repeat(MOST_SIGNATURES + 1));
    let cases = [
        ("nothing", String::new()),
        ("no signature", format!("{text}\n")),
        ("no blank line", format!("{text}{line}\n")),
        ("no final newline", format!("{text}\n{line}")),
        ("a blank line at the end", format!("{text}\n{line}\n\n")),
        ("a hyphen for the dash", SIGNED.replace('—', "-")),
        ("no space behind the dash", SIGNED.replace("— ", "—")),
        ("two spaces", SIGNED.replace("com BY", "com  BY")),
        ("no name", SIGNED.replace("cairn.example.com ", "")),
        ("a plus in the name", SIGNED.replace("cairn.example.com ", "cairn+example ")),
        ("windows line ends", SIGNED.replace('\n', "\r\n")),
        ("a control character", SIGNED.replace("\n2\n", "\n2\u{7}\n")),
        ("no base64", SIGNED.replace("BY4L", "BY4*")),
        ("no padding", SIGNED.replace("kgQ=", "kgQ")),
        ("bits in the padding", SIGNED.replace("kgQ=", "kgR=")),
        ("only a key id", format!("{text}\n— cairn.example.com BY4LwQ==\n")),
        ("too many signatures", many),
    ];
    for (what, note) in cases {
        assert!(matches!(open(&note, &keys(&[CAIRN])), Err(Refused::Malformed(_))), "{what}");
    }
}

#[test]
fn a_short_or_wrong_signature_of_a_known_key_refuses_the_note() {
    let text = open(SIGNED, &keys(&[CAIRN])).unwrap();
    let short = format!("{text}\n— cairn.example.com BY4LwWZA\n");
    assert_eq!(open(&short, &keys(&[CAIRN])), Err(Refused::WrongSignature));
    let changed = SIGNED.replace("\n2\n", "\n3\n");
    assert_eq!(open(&changed, &keys(&[CAIRN])), Err(Refused::WrongSignature));
    let line = changed.lines().last().unwrap();
    let good_and_bad = format!("{SIGNED}{}\n", line.replace("ZA55", "ZA56"));
    assert_eq!(open(&good_and_bad, &keys(&[CAIRN])), Err(Refused::WrongSignature));
}

#[test]
fn malformed_keys_are_refused() {
    assert_eq!(CAIRN.parse::<VerifierKey>().unwrap().to_string(), CAIRN);
    let zero = BASE64.encode([&[1][..], &[0; 32]].concat());
    let cases = [
        ("nothing", String::new()),
        ("no key", "cairn.example.com+058e0bc1".into()),
        ("no name", CAIRN.replace("cairn.example.com", "")),
        ("another id", CAIRN.replace("058e", "058f")),
        ("a short id", CAIRN.replace("058e", "58e")),
        ("a capital in the id", CAIRN.replace("058e", "058E")),
        ("another algorithm", CAIRN.replace("+Add", "+Bdd")),
        ("a key too short", CAIRN.replace("B1Ea", "")),
        ("a space", CAIRN.replace("cairn.", "cairn .")),
        ("a plus too many", CAIRN.replace("cairn.", "cairn+")),
        ("a weak key", format!("cairn.example.com+00000000+{zero}")),
    ];
    for (what, text) in cases {
        assert!(text.parse::<VerifierKey>().is_err(), "{what}");
    }
}

proptest! {
    #[test]
    fn no_letter_of_a_note_can_change(at in 0..SIGNED.chars().count(), letter in any::<char>()) {
        let changed: String = SIGNED.chars().enumerate().map(|(i, c)| if i == at { letter } else { c }).collect();
        prop_assert_eq!(open(&changed, &keys(&[CAIRN])).is_ok(), changed == SIGNED);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in ".{0,80}") {
        let _ = open(&text, &keys(&[CAIRN]));
        let _ = text.parse::<VerifierKey>();
    }
}
