use super::OWN;
use crate::Mail;
use std::{collections::BTreeMap, fs, path::Path};

#[test]
fn what_was_written_is_found_in_the_mails_of_the_usual_programs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/mails");
    let mut wrong: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("the folder of mails can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.extension().is_none_or(|ending| ending != "eml") {
            continue;
        }
        let expected = fs::read_to_string(path.with_extension("txt")).expect("each mail has its text");
        let raw = fs::read(&path).expect("the mail can be read");
        for raw in [raw.clone(), with_crlf(&raw)] {
            let mail = Mail::parse(&raw, OWN).expect("the mail has headers");
            assert_eq!(mail.from.as_deref(), Some("tomasz@northwind.example"), "{}", path.display());
            assert!(!mail.is_automatic, "{}", path.display());
            assert!(mail.recipients[0].starts_with("reply+1f2e3d"), "{:?}", mail.recipients);
            if mail.text != expected.trim_end() {
                wrong.insert(path.display().to_string(), (mail.text, expected.trim_end().to_owned()));
            }
        }
        count += 1;
    }
    assert!(count >= 60, "{count} mails");
    assert!(wrong.is_empty(), "{} of {count}: {wrong:#?}", wrong.len());
}

fn with_crlf(raw: &[u8]) -> Vec<u8> {
    let mut lines = Vec::with_capacity(raw.len() + 200);
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\n") {
            Some(text) => lines.extend([text, b"\r\n"].concat()),
            None => lines.extend(line),
        }
    }
    lines
}
