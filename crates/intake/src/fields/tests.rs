use super::{Fields, instant};
use serde_json::json;

#[test]
fn instants_as_systems_write_them() {
    let same = [
        json!("2022-11-03T06:23:06Z"),
        json!("2022-11-03T06:23:06.000000Z"),
        json!("2022-11-03T07:23:06+01:00"),
        json!("2022-11-03 06:23:06 UTC"),
        json!("2022-11-03 07:23:06 +0100"),
        json!("2022-11-03T06:23:06"),
        json!("Thu, 03 Nov 2022 06:23:06 GMT"),
        json!(1667456586),
        json!(1667456586000_i64),
        json!("1667456586"),
    ];
    for one in same {
        assert_eq!(instant(&one).map(|at| at.as_second()), Some(1_667_456_586), "{one}");
    }
    for none in [json!("0001-01-01T00:00:00Z"), json!(""), json!(null), json!(0), json!("soon"), json!({})] {
        assert_eq!(instant(&none), None, "{none}");
    }
}

#[test]
fn what_was_read_is_remembered() {
    let value = json!({"id": 7, "user": {"login": "a", "site": "b"}, "jobs": [{"name": "x", "rest": {"y": 1}}]});
    let fields = Fields::of(&value);
    assert_eq!(fields.id("id").as_deref(), Some("7"));
    assert_eq!(fields.at("user").text("login"), Some("a"));
    assert_eq!(fields.list("jobs")[0].at("rest").whole(), &json!({"y": 1}));
    let mut unread = Vec::new();
    fields.leaves(&[], &mut |path, _| {
        if !fields.was_read(path) {
            unread.push(path.to_owned());
        }
    });
    assert_eq!(unread, ["jobs[].name", "user.site"]);
}
