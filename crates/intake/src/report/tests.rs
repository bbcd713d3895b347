use super::{Fate, Report};
use crate::Fields;
use serde_json::json;

#[test]
fn each_field_is_read_left_out_or_unknown() {
    let value = json!({"id": 7, "html_url": "u", "user": {"login": "a"}, "new": "n".repeat(90), "gone": null});
    let mut report = Report::default();
    for _ in 0..2 {
        let fields = Fields::of(&value);
        fields.id("id");
        report.add("build", &fields, &["*_url", "user"]);
    }
    let fates: Vec<_> =
        report.kinds["build"].fields.iter().map(|(path, field)| (&**path, field.fate, field.count)).collect();
    let expected =
        [("html_url", Fate::LeftOut, 2), ("id", Fate::Read, 2), ("new", Fate::Unknown, 2), ("user", Fate::LeftOut, 2)];
    assert_eq!(fates, expected);
    let said = report.to_string();
    assert!(said.starts_with("build: 2 read. Fields: 1 read, 2 left out, 1 unknown."), "{said}");
    assert!(said.contains("unknown   new (2 times), such as \"nnn"), "{said}");
}

#[test]
fn what_is_left_out_whole_is_read_where_a_part_of_it_is() {
    let value = json!({"user": {"login": "a", "site": "s"}, "users": [{"login": "b"}], "userless": {"login": "c"}});
    let mut report = Report::default();
    let fields = Fields::of(&value);
    fields.at("user").text("login");
    report.add("build", &fields, &["user", "users", "userless"]);
    let fates: Vec<_> = report.kinds["build"].fields.iter().map(|(path, field)| (&**path, field.fate)).collect();
    assert_eq!(fates, [("user", Fate::Read), ("userless", Fate::LeftOut), ("users", Fate::LeftOut)]);
}

#[test]
fn two_reports_add_up() {
    let value = json!({"id": 7});
    let mut one = Report::default();
    one.add("build", &Fields::of(&value), &[]);
    let mut other = Report::default();
    let fields = Fields::of(&value);
    fields.id("id");
    other.add("build", &fields, &[]);
    other.unrecognised("a list of texts", "x.json");
    one.merge(other);
    assert_eq!((one.records("build"), one.kinds["build"].fields["id"].fate), (2, Fate::Read));
    assert_eq!(one.unrecognised["a list of texts"], (1, "x.json".to_owned()));
}
