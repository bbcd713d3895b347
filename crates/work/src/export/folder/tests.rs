use super::*;
use proptest::prelude::*;
use serde_json::json;

fn some_issue(title: &str, body: &str, said: &str) -> Incoming {
    serde_json::from_value(json!({
        "source_id": "PAY-7", "key": "PAY-7", "title": title, "state": { "name": "Ready", "category": "unstarted" },
        "created_at": "2024-01-01T09:00:00Z", "updated_at": "2024-01-01T09:00:00.000001Z", "body": body,
        "notes": [{ "source_id": "000001", "at": "2024-01-01T09:00:00Z", "body": said }], "labels": ["a: b", "---"],
    }))
    .unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(title in "[ -~]{1,40}", body in "(---|\n|:|  - |#|\\{|[ -~]){0,30}", said in "(\n|---|\\PC){0,20}") {
        prop_assume!(!title.trim().is_empty());
        let said: String = said.chars().filter(|c| !kernel::text::deceives(*c) || *c == '\n').collect();
        let before = some_issue(&title, &body, &said);
        let text = issue(&before).unwrap();
        let after = read_issue(&text).unwrap();
        prop_assert_eq!(&after, &before);
        prop_assert_eq!(issue(&after).unwrap(), text);
    }
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let good = issue(&some_issue("Title", "Body", "Said")).unwrap();
    let cases = [
        ("no front matter".to_owned(), 1, "begins with"),
        (good.replacen("---\n\nBody\n", "", 1), 14, "that ends the fields"),
        (good.replacen("key: ", "key: \"A-1\"\nkey: ", 1), 3, "twice"),
        (good.replacen("priority", "colour", 1), 1, "unknown field `colour`"),
        (good.replacen("  - {", "  - {{", 1), 10, "key must be a string"),
    ];
    for (text, line, sentence) in cases {
        let (at, told) = read_issue(&text).unwrap_err();
        assert!(told.contains(sentence), "{told}\n{text}");
        assert!((1..=line).contains(&at), "{at} {line}\n{text}");
    }
}

#[test]
fn people_may_write_plain_words() {
    let text = "---\nkey: PAY-7\ntitle: Refund twice\nstate: {\"name\": \"Ready\", \"category\": \"unstarted\"}\n\
        created_at: 2024-01-01T09:00:00Z\nupdated_at: 2024-01-01T09:00:00Z\ndue_on: 2024-03-01\n---\n\nWhy.\n";
    let read = read_issue(text).unwrap();
    assert_eq!(
        (&*read.title, &*read.body, read.due_on.unwrap().to_string()),
        ("Refund twice", "Why.", "2024-03-01".into())
    );
}
