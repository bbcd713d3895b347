use super::*;
use crate::{import::Visit, team::Category};
use serde_json::{Value, json};
use std::fs;

fn read(source: Tracker, files: &[(&str, String)], mapping: Mapping) -> Result<(Vec<Incoming>, Report)> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let mut reading = Reading::of(source, &[folder.path().to_path_buf()], mapping, &mut |_| {})?;
    let mut all = Vec::new();
    while let Some((_, issues)) = reading.bunch()? {
        all.extend(issues);
    }
    Ok((all, reading.report))
}

fn jira(id: &str, fields: Value) -> Value {
    let mut all = json!({
        "summary": "Refund twice", "status": {"id": "3", "name": "Dran", "statusCategory": {"key": "indeterminate"}},
        "created": "2024-01-01T10:00:00.000+0100", "updated": "2024-01-09T10:00:00.000+0100",
    });
    all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"id": id, "key": format!("PAY-{id}"), "fields": all})
}

fn one(fields: Value) -> (Incoming, Report) {
    let (mut all, report) =
        read(Tracker::Jira, &[("a.json", jira("7", fields).to_string())], Mapping::default()).unwrap();
    (all.remove(0), report)
}

#[test]
fn the_past_is_walked_back_to_the_creation_also_when_it_lies_in_another_file() {
    let history = |at: &str, from: (&str, &str), to: (&str, &str)| {
        json!({"id": at, "created": format!("2024-01-0{at}T09:00:00.000+0000"), "author": {"accountId": "a", "displayName": "Ada"},
            "items": [{"field": "status", "fieldId": "status", "from": from.0, "fromString": from.1, "to": to.0, "toString": to.1}]})
    };
    let changes = json!({"issueChangeLogs": [{"issueId": "7", "changeHistories":
        [history("5", ("4", "Prüfung"), ("3", "Dran")), history("3", ("1", "Offen"), ("4", "Prüfung"))]}]});
    let states = json!([{"id": "1", "name": "Offen", "statusCategory": {"key": "new"}},
        {"id": "4", "name": "Prüfung", "statusCategory": {"key": "indeterminate"}}]);
    let files =
        [("a.json", jira("7", json!({})).to_string()), ("b.json", changes.to_string()), ("c.json", states.to_string())];
    let (all, _) = read(Tracker::Jira, &files, Mapping::default()).unwrap();
    let seen: Vec<(&str, Category, String)> = all[0]
        .visits
        .iter()
        .map(|Visit { state, from_at, .. }| (&*state.name, state.category, from_at.to_string()))
        .collect();
    let at = |text: &str| text.to_owned();
    assert_eq!(
        seen,
        [
            ("Offen", Category::Unstarted, at("2024-01-01T09:00:00Z")),
            ("Prüfung", Category::Started, at("2024-01-03T09:00:00Z")),
            ("Dran", Category::Started, at("2024-01-05T09:00:00Z")),
        ]
    );
    assert_eq!(all[0].changes.len(), 2);
    assert_eq!(&*all[0].changes[0].by.as_ref().unwrap().name, "Ada");
}

/// Some servers tell of one state among two categories.
#[test]
fn of_what_files_say_against_each_other_the_list_counts_and_then_the_most() {
    let in_state = |id: &str, key: &str| {
        jira(id, json!({"status": {"id": "9", "name": "已完成", "statusCategory": {"key": key}}})).to_string()
    };
    let issues =
        [("a.json", in_state("1", "new")), ("b.json", in_state("2", "done")), ("c.json", in_state("3", "done"))];
    let categories = |files: &[(&str, String)]| {
        let (all, report) = read(Tracker::Jira, files, Mapping::default()).unwrap();
        let told = report.incomplete.keys().any(|what| what.starts_with("a state that the files count among"));
        (all.iter().map(|issue| issue.visits.last().unwrap().state.category).collect::<Vec<_>>(), told)
    };
    assert_eq!(categories(&issues), (vec![Category::Done; 3], true));
    let list = json!([{"id": "9", "name": "已完成", "statusCategory": {"key": "indeterminate"}}]).to_string();
    let [a, b, c] = issues;
    assert_eq!(categories(&[a, b, c, ("d.json", list)]), (vec![Category::Started; 3], true));
}

#[test]
fn sprints_without_issues_are_told() {
    let sprint = json!({"id": 5, "name": "Sprint 5", "state": "closed", "originBoardId": 1,
        "startDate": "2024-01-01T09:00:00.000Z", "endDate": "2024-01-14T09:00:00.000Z", "completeDate": "2024-01-14T09:00:00.000Z"});
    let files = [("a.json", jira("7", json!({})).to_string()), ("b.json", json!([sprint]).to_string())];
    let (_, report) = read(Tracker::Jira, &files, Mapping::default()).unwrap();
    let told = report.incomplete.get("a sprint in which none of the issues was: it is not brought over");
    assert_eq!(told, Some(&(1, "Sprint 5".to_owned())));
}

#[test]
fn what_has_no_place_is_kept_beside_and_told() {
    let (issue, report) = one(json!({
        "priority": {"id": "5", "name": "Geringste"}, "resolution": {"id": "1", "name": "Erledigt"},
        "issuetype": {"name": "Bug"}, "components": [{"name": "Billing"}], "customfield_10042": {"value": "Gold"},
    }));
    assert_eq!((issue.priority.word(), &issue.fields["priority"]), ("low", &json!("Geringste")));
    assert_eq!(issue.fields["resolution"], "Erledigt");
    assert_eq!(issue.labels.iter().map(|label| &**label).collect::<Vec<_>>(), ["Bug", "Billing"]);
    assert!(issue.fields.values().any(|value| value == &json!({"value": "Gold"})), "{:?}", issue.fields);
    assert!(report.incomplete.keys().any(|what| what.starts_with("resolution: nothing here holds it")), "{report}");
}

#[test]
fn a_mapping_settles_people_states_priorities_and_fields() {
    let mapping: Mapping = serde_json::from_value(json!({
        "people": {"a": "mara@example.org"}, "states": {"Dran": {"name": "In progress"}},
        "priorities": {"Sofort": "urgent"}, "fields": {"kind": "leave_out", "customfield_10042": "labels"},
    }))
    .unwrap();
    let fields = json!({"priority": {"id": "9", "name": "Sofort"}, "issuetype": {"name": "Bug"},
        "customfield_10042": [{"value": "Gold"}], "assignee": {"accountId": "a", "displayName": "Ada"}});
    let (all, _) = read(Tracker::Jira, &[("a.json", jira("7", fields).to_string())], mapping).unwrap();
    let issue = &all[0];
    assert_eq!((&*issue.state.name, issue.priority.word()), ("In progress", "urgent"));
    assert_eq!(issue.labels.iter().map(|label| &**label).collect::<Vec<_>>(), ["Gold"]);
    assert_eq!(issue.assignee.as_ref().unwrap().mail.as_deref(), Some("mara@example.org"));
}

#[test]
fn hostile_texts_and_times_become_something_that_can_be_kept() {
    let (issue, report) = one(json!({
        "summary": format!("{}\u{202e}evil\u{0}", "x".repeat(400)), "description": "nul \u{0} here",
        "created": "1968-01-01T10:00:00.000+0100", "updated": "1968-01-02T10:00:00.000+0100",
        "assignee": {"accountId": "b", "displayName": "", "emailAddress": "none"},
        "comment": {"comments": [{"id": "1", "body": "for admins", "visibility": {"type": "role", "value": "Admins"},
            "created": "2024-01-01T10:00:00.000+0100"}, {"id": "2", "body": "for all"}]},
    }));
    assert_eq!(issue.title.chars().count(), 300);
    assert!(issue.fields["title"].as_str().unwrap().contains("evil"));
    assert_eq!(&*issue.body, "nul  here");
    assert_eq!(issue.created_at.to_string(), "1968-01-01T09:00:00Z");
    assert!(issue.assignee.as_ref().is_none_or(|person| person.mail.is_none()));
    assert_eq!(issue.notes.iter().map(|note| &*note.body).collect::<Vec<_>>(), ["for all"]);
    assert!(report.incomplete.keys().any(|what| what.contains("only some may read")), "{report}");
}

#[test]
fn of_an_issue_that_comes_twice_the_newer_one_is_taken() {
    let old = jira("7", json!({"summary": "Old", "updated": "2024-01-02T10:00:00.000+0100"}));
    let files = [("a.json", jira("7", json!({"summary": "New"})).to_string()), ("b.json", old.to_string())];
    let (all, report) = read(Tracker::Jira, &files, Mapping::default()).unwrap();
    assert_eq!(all.iter().map(|issue| &*issue.title).collect::<Vec<_>>(), ["New"]);
    assert!(report.incomplete.keys().any(|what| what.contains("in the files twice")), "{report}");
}

#[test]
fn malformed_files_end_in_one_error_with_its_place() {
    let whole = jira("7", json!({})).to_string();
    let cases = [
        ("cut.json", whole[..whole.len() - 20].to_owned(), "line 1"),
        ("deep.json", format!("{}{}", "[".repeat(10_000), "]".repeat(10_000)), "line 1"),
        ("long.json", format!("{{\"key\":\"{}\"}}", "x".repeat(70 << 20)), "long.json"),
    ];
    for (name, text, place) in cases {
        let error = read(Tracker::Jira, &[("a.json", whole.clone()), (name, text)], Mapping::default()).unwrap_err();
        assert!(error.to_string().contains(name) && error.to_string().contains(place), "{error}");
    }
}

#[test]
fn everything_recorded_is_converted() {
    let shared = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    for (folder, source) in [("jira", Tracker::Jira), ("linear", Tracker::Linear), ("shortcut", Tracker::Shortcut)] {
        let path = shared.join(folder);
        if !path.exists() {
            println!("skipped: ../shared/data/{folder} is not there");
            continue;
        }
        let mut reading = Reading::of(source, &[path], Mapping::default(), &mut |_| {}).unwrap();
        let (count, mut all) = (reading.issues(), Vec::new());
        while let Some((_, issues)) = reading.bunch().unwrap() {
            all.extend(issues);
        }
        assert_eq!(all.len(), count);
        assert!(count > 0 && all.iter().all(|issue| !issue.visits.is_empty()));
        println!(
            "{folder}: {count} issues of {} projects, {} people\n{}",
            reading.projects.len(),
            reading.people.len(),
            reading.report
        );
    }
}
