use super::Fields;
use kernel::json;
use schemars::JsonSchema;

#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is looked at")]
struct Sample {
    count: Option<i64>,
    on: bool,
    tags: Vec<String>,
    id: kernel::Id<kernel::Person>,
    words: Option<String>,
    email: Option<kernel::text::Email>,
    line: Option<kernel::text::Line>,
    lead: kernel::Change<kernel::Id<kernel::Person>>,
    weeks: kernel::Change<i64>,
}

fn pairs(texts: &[(&str, &str)]) -> std::vec::IntoIter<(String, String)> {
    texts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect::<Vec<_>>().into_iter()
}

#[test]
fn texts_become_what_the_schema_says_and_empty_choices_are_none() {
    let fields = Fields::of(Sample::json_schema);
    let typed = [("count", "8"), ("on", "on"), ("tags", "a"), ("tags", "b"), ("id", ""), ("words", ""), ("csrf", "x")];
    let read = fields.from_form(pairs(&typed)).unwrap();
    assert_eq!(read, json!({ "count": 8, "on": true, "tags": ["a", "b"], "words": "" }));
}

#[test]
fn an_empty_text_is_no_mail_address_but_an_empty_line_and_clears_what_can_be_changed() {
    let fields = Fields::of(Sample::json_schema);
    let read = fields.from_form(pairs(&[("email", ""), ("line", ""), ("lead", "")])).unwrap();
    assert_eq!(read, json!({ "line": "", "lead": "" }));
    assert_eq!(fields.from_form(pairs(&[("weeks", "")])).unwrap(), json!({ "weeks": "" }));
    assert_eq!(fields.from_form(pairs(&[("weeks", "4")])).unwrap(), json!({ "weeks": 4 }));
}

#[test]
fn what_is_given_twice_or_is_no_number_is_refused_at_its_field() {
    let fields = Fields::of(Sample::json_schema);
    let twice = fields.merge(pairs(&[("count", "8"), ("count", "9")]), b"").unwrap_err();
    assert!(matches!(&twice, kernel::Error::Malformed(flaw) if flaw.field == "count"), "{twice:?}");
    for (texts, field) in [(&[("count", "many")], "count"), (&[("on", "perhaps")], "on")] {
        let error = fields.merge(pairs(texts), b"").unwrap_err();
        assert!(matches!(&error, kernel::Error::Invalid(flaws) if flaws[0].field == field), "{error:?}");
    }
    assert!(fields.merge(pairs(&[("count", "8")]), br#"{"count": 9}"#).is_err(), "path and body");
    assert!(fields.merge(pairs(&[]), br#"{"count": 9, "count": 8}"#).is_err(), "a key twice");
    assert!(fields.merge(pairs(&[]), b"[1]").is_err());
}
