//! One pull request in every form in which it may come.
use crate::{of, read};
use forge::{Kind, Role, System};
use serde_json::{Value, json};
use std::io::Write;

const PULL: &str = include_str!("../../fixtures/pull.json");
const AT: i64 = 1_772_551_800_000_000; // 2026-03-03 15:30 UTC

fn compact() -> String {
    serde_json::from_str::<Value>(PULL).unwrap().to_string()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn the_container_makes_no_difference() {
    let one = read(System::GitHub, PULL.as_bytes()).0;
    assert_eq!(of(Kind::Pull, &one).len(), 1);
    let doubled = compact().replace('"', "\"\"");
    for (name, bytes) in [
        ("a list", format!("[\n{PULL}\n]").into_bytes()),
        ("lines", format!("{}\n\n", compact()).into_bytes()),
        ("a byte order mark", format!("\u{feff}{PULL}").into_bytes()),
        ("gzip", gzip(PULL.as_bytes())),
        ("a table", format!("id,data\n1,\"{doubled}\"\n").into_bytes()),
        ("an exchange", format!(r#"[{{"method":"get","path":"/repos/northwind/pay/pulls/12","response":{PULL}}}]"#).into_bytes()),
        ("a recording", format!(r#"{{"output":{{"number":3}},"api":{{"get":{{"/repos/northwind/pay/pulls/12":{{"response":{PULL}}}}}}}}}"#).into_bytes()),
        ("a search", format!(r#"{{"total_count":1,"items":[{PULL}]}}"#).into_bytes()),
    ] {
        let (records, _, result) = read(System::GitHub, &bytes);
        result.unwrap();
        assert_eq!(records, one, "{name}");
    }
}

#[test]
fn a_pull_request_is_read_whole() {
    let (records, report, _) = read(System::GitHub, PULL.as_bytes());
    let pull = of(Kind::Pull, &records)[0];
    assert_eq!(
        (pull.place.name.as_deref(), pull.number, pull.id.as_str(), pull.stamp),
        (Some("northwind/pay"), Some(12), "7001", AT)
    );
    let wanted = json!({
        "title": "Round amounts before they are shown", "body": "Closes #9", "state": "closed", "draft": false,
        "author": { "login": "mara-lindqvist", "id": "11" }, "merged_by": { "login": "tomas", "id": "12" },
        "created_at": 1_772_438_400_000_000i64, "updated_at": AT, "closed_at": AT, "merged_at": AT,
        "merge_commit": "4d1c0de4d1c0de4d1c0de4d1c0de4d1c0de4d1c0", "head_ref": "rounding", "base_ref": "main",
        "head_sha": "aaaabbbbccccddddeeeeffff0000111122223333", "base_sha": "0000111122223333444455556666777788889999",
        "head_repository": "northwind/pay", "additions": 10, "deletions": 3, "changed_files": 2, "commits": 1,
        "labels": ["money"], "requested_reviewers": [{ "login": "tomas", "id": "12" }],
    });
    assert_eq!(Value::Object(pull.fields.clone()), wanted);
    let fields = &report.taken["pull request"].fields;
    let role = |path: &str| fields[path].role;
    assert_eq!((role("title"), role("mergeable_state")), (Role::Read, Role::Aside));
    assert_eq!((role("shininess.level"), role("html_url")), (Role::Unknown, Role::Address));
    assert_eq!(pull.aside["shininess"], json!({ "level": 3 }));
}

#[test]
fn graphql_and_rest_tell_the_same() {
    let rest = read(System::GitHub, PULL.as_bytes()).0;
    let (graph, report, _) = read(System::GitHub, include_bytes!("../../fixtures/graphql.json"));
    let (rest, pull) = (of(Kind::Pull, &rest)[0], of(Kind::Pull, &graph)[0]);
    assert_eq!(
        (&pull.place.name, pull.number, &pull.id, pull.stamp),
        (&rest.place.name, rest.number, &rest.id, rest.stamp)
    );
    for name in ["title", "state", "merged_at", "head_sha", "additions", "labels", "draft"] {
        assert_eq!(pull.fields[name], rest.fields[name], "{name}");
    }
    let review = of(Kind::Review, &graph)[0];
    assert_eq!((review.number, review.id.as_str(), &review.fields["state"]), (Some(12), "31", &json!("approved")));
    let events: Vec<_> =
        of(Kind::Event, &graph).iter().map(|event| (event.number, event.fields["event"].clone())).collect();
    assert_eq!(events, [(Some(12), json!("ready")), (Some(12), json!("force_pushed"))]);
    let commit = of(Kind::Commit, &graph)[0];
    assert_eq!((commit.number, &commit.fields["author_mail"]), (Some(12), &json!("mara@northwind.example")));
    assert!(report.problems.is_empty());
}

#[test]
fn rows_say_beside_the_data_where_it_belongs() {
    let (records, _, result) =
        read(System::GitHub, include_bytes!("../../fixtures/_raw_github_api_pull_request_commits.csv"));
    result.unwrap();
    for record in records.iter().filter(|record| record.kind != Kind::Account) {
        assert_eq!((record.place.name.as_deref(), record.number), (Some("northwind/pay"), Some(12)), "{record:?}");
    }
    assert_eq!((of(Kind::Commit, &records).len(), of(Kind::Review, &records).len()), (1, 1));
}

#[test]
fn notes_of_gitlab_are_comments_reviews_and_events() {
    let (records, _, result) = read(System::GitLab, include_bytes!("../../fixtures/merge_request.jsonl"));
    result.unwrap();
    let pull = of(Kind::Pull, &records)[0];
    assert_eq!((pull.place.name.as_deref(), pull.place.id.as_deref()), (Some("pay/app"), Some("825")));
    assert_eq!((pull.place.host.as_deref(), pull.number), (Some("gitlab.example"), Some(2)));
    assert_eq!(of(Kind::Event, &records)[0].fields["event"], json!("ready"));
    assert_eq!(of(Kind::Review, &records)[0].fields["state"], json!("approved"));
    let comments: Vec<_> = of(Kind::Comment, &records).iter().map(|one| (one.id.clone(), one.number)).collect();
    assert_eq!(comments, [("3".to_owned(), Some(2)), ("4".to_owned(), None)]);
}
