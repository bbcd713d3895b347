use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn person(id: &str) -> Value {
    json!({"accountId": id, "displayName": format!("Person {id}"), "emailAddress": format!("{id}@example.org")})
}

fn change(id: u32, at: &str, field: (&str, &str), from: (Value, Value), to: (Value, Value)) -> Value {
    json!({"id": id.to_string(), "author": person("a"), "created": at, "items": [{
        "field": field.0, "fieldtype": "jira", "fieldId": field.1,
        "from": from.0, "fromString": from.1, "to": to.0, "toString": to.1,
    }]})
}

fn some_issue() -> Value {
    json!({"id": "10001", "key": "PAY-7", "fields": {
        "summary": "Refund twice", "issuetype": {"name": "Fehler"}, "project": {"id": "1", "key": "PAY", "name": "Payments"},
        "status": {"id": "5", "name": "Erledigt", "statusCategory": {"id": 3, "key": "done", "name": "Fertig"}},
        "resolution": {"name": "Fertig"}, "priority": {"id": "2", "name": "Hoch"}, "labels": ["money", "urgent"],
        "assignee": person("b"), "reporter": person("a"), "creator": person("a"),
        "created": "2024-03-01T09:00:00.000+0100", "updated": "2024-03-20T09:00:00.000+0100",
        "resolutiondate": "2024-03-15T16:00:00.000+0100", "duedate": "2024-03-18",
        "parent": {"id": "10000", "key": "PAY-1", "fields": {"summary": "Refunds"}},
        "issuelinks": [
            {"id": "1", "type": {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}, "inwardIssue": {"id": "9", "key": "PAY-3"}},
            {"id": "2", "type": {"name": "Cloners", "inward": "is cloned by", "outward": "clones"}, "outwardIssue": {"id": "8", "key": "PAY-4"}},
        ],
        "customfield_10020": [{"id": 12, "name": "Sprint 12, the last", "state": "active", "boardId": 4,
            "startDate": "2024-03-11T08:00:00.000Z", "endDate": "2024-03-22T17:00:00.000Z"}],
        "customfield_10026": 5.0, "customfield_10099": {"value": "Silver"},
        "comment": {"total": 1, "comments": [{"id": "77", "author": person("b"), "body": "*Done*", "created": "2024-03-15T16:01:00.000+0100",
            "visibility": {"type": "role", "value": "Developers"}}]},
    }, "changelog": {"startAt": 0, "maxResults": 100, "total": 4, "histories": [
        change(4, "2024-03-15T16:00:00.000+0100", ("status", "status"), (json!("3"), json!("In Arbeit")), (json!("5"), json!("Erledigt"))),
        change(1, "2024-03-04T10:00:00.000+0100", ("status", "status"), (json!("1"), json!("Offen")), (json!("3"), json!("In Arbeit"))),
        change(2, "2024-03-05T10:00:00.000+0100", ("Sprint", "customfield_10020"), (json!(""), json!("")), (json!("11"), json!("Sprint 11"))),
        change(3, "2024-03-11T10:00:00.000+0100", ("Sprint", "customfield_10020"), (json!("11"), json!("Sprint 11")), (json!("11, 12"), json!("Sprint 11, Sprint 12, the last"))),
    ]}})
}

fn definitions() -> Value {
    let custom = |name: &str| json!({"type": "array", "custom": format!("com.pyxis.greenhopper.jira:{name}")});
    json!([
        {"id": "customfield_10020", "name": "Sprint", "schema": custom("gh-sprint")},
        {"id": "customfield_10026", "name": "Punkte", "schema": custom("jsw-story-points")},
        {"id": "customfield_10099", "name": "Plan", "schema": {"type": "option", "custom": "x:select"}},
        {"id": "summary", "name": "Zusammenfassung", "schema": {"type": "string", "system": "summary"}},
    ])
}

fn read_one(files: &[(&str, Value)]) -> (Issue, Report) {
    let files: Vec<(&str, String)> = files.iter().map(|(name, value)| (*name, value.to_string())).collect();
    let (records, report) = read_texts(System::Jira, &files).unwrap();
    let all = issues(&records);
    assert_eq!(all.len(), 1);
    (all[0].clone(), report)
}

#[test]
fn an_issue_with_its_history() {
    // The names of the fields may come after the issue that needs them.
    let (issue, report) =
        read_one(&[("a.json", json!({"issues": [some_issue()], "total": 1})), ("z.json", definitions())]);
    assert_eq!((issue.key.as_str(), issue.title.as_str(), issue.estimate), ("PAY-7", "Refund twice", Some(5.0)));
    assert_eq!((issue.state.name.as_str(), issue.state.category), ("Erledigt", Some(Category::Done)));
    assert_eq!(issue.finished_at.unwrap().to_string(), "2024-03-15T15:00:00Z");
    assert_eq!(issue.sprints[0].name, "Sprint 12, the last");
    assert_eq!(issue.links[0].kind, LinkKind::BlockedBy);
    assert_eq!(issue.links[1].kind, LinkKind::Other("clones".to_owned()));
    assert_eq!(
        (issue.comments[0].body.as_str(), issue.comments[0].only_for.as_deref()),
        ("**Done**", Some("Developers"))
    );
    assert_eq!(issue.assignees[0].mail.as_deref(), Some("b@example.org"));
    assert_eq!(Value::Object(issue.beside.clone()), json!({"Plan (customfield_10099)": {"value": "Silver"}}));
    assert_eq!((issue.history, issue.changes.len()), (History::Whole, 4));
    assert!(issue.changes.is_sorted_by_key(|change| change.at));
    assert_eq!((report.records("issue"), report.records("field"), report.incomplete.len()), (1, 4, 0));
}

#[test]
fn what_it_was_like_when_it_was_created() {
    let (issue, _) = read_one(&[("a.json", some_issue()), ("b.json", definitions())]);
    let before = before(&issue);
    assert_eq!(before[&Field::State], [Named::new(Some("1".into()), "Offen")]);
    assert!(before[&Field::Sprint].is_empty());
    assert_eq!(before[&Field::Estimate], [Named::new(None, "5")]);
    let sprints: Vec<&Change> = issue.changes.iter().filter(|change| change.field == Field::Sprint).collect();
    let ids = |values: &Vec<Named>| values.iter().filter_map(|value| value.id.clone()).collect::<Vec<_>>().join(" ");
    let steps = replayed(&before[&Field::Sprint], sprints.into_iter());
    assert_eq!(steps.iter().map(ids).collect::<Vec<_>>(), ["", "11", "11 12"]);
}

#[test]
fn a_sprint_has_three_shapes() {
    let as_text = "com.atlassian.greenhopper.service.sprint.Sprint@1f2e[id=12,rapidViewId=4,state=ACTIVE,name=Sprint 12, [the] last,startDate=2024-03-11T08:00:00.000Z,endDate=2024-03-22T17:00:00.000Z,completeDate=<null>,activatedDate=2024-03-11T08:00:00.000Z,sequence=12,goal=Ship, at last]";
    let object = json!({"id": 12, "name": "Sprint 12, [the] last", "state": "active", "boardId": 4, "goal": "Ship, at last",
        "startDate": "2024-03-11T08:00:00.000Z", "endDate": "2024-03-22T17:00:00.000Z"});
    let agile = json!({"id": 12, "name": "Sprint 12, [the] last", "state": "active", "originBoardId": 4, "goal": "Ship, at last",
        "startDate": "2024-03-11T08:00:00.000Z", "endDate": "2024-03-22T17:00:00.000Z"});
    let older = json!({"id": 11, "name": "Sprint 11", "state": "closed", "originBoardId": 4, "completeDate": "2024-03-08T17:00:00.000Z"});
    let mut found = Vec::new();
    for (field, value) in [("customfield_1", json!([as_text])), ("customfield_2", json!([object])), ("sprint", agile)] {
        let mut issue = some_issue();
        let fields = issue["fields"].as_object_mut().unwrap();
        fields.remove("customfield_10020");
        fields.insert(field.to_owned(), value);
        fields.insert("closedSprints".to_owned(), json!([older]));
        let (issue, _) = read_one(&[("a.json", issue)]);
        let of_field = |sprint: &&Sprint| sprint.id == "12";
        found.push(issue.sprints.iter().find(of_field).unwrap().clone());
        assert_eq!(issue.sprints.iter().find(|sprint| sprint.id == "11").unwrap().phase, Some(Phase::Closed));
    }
    assert_eq!(found[0].name, "Sprint 12, [the] last");
    assert_eq!((found[0].phase, found[0].goal.as_deref()), (Some(Phase::Running), Some("Ship, at last")));
    assert_eq!(found[0].of, ["4"]);
    assert!(found.iter().all(|sprint| *sprint == found[0]), "{found:#?}");
}

#[test]
fn sprints_as_text_of_any_version_and_with_hostile_names() {
    let cases = [
        (
            "Sprint@1[rapidViewId=1,state=CLOSED,name=One,startDate=,endDate=<null>,completeDate=2020-01-02T03:04:05.000Z,id=5]",
            "5",
            "One",
        ),
        (
            "Sprint@1[id=5,rapidViewId=<null>,state=FUTURE,name=A, B],C=d,startDate=<null>,endDate=<null>,completeDate=<null>,sequence=5]",
            "5",
            "A, B],C=d",
        ),
        ("Sprint@1[id=5,state=FUTURE,name=startDate=soon,startDate=<null>]", "5", "startDate=soon"),
        (
            "Sprint@1[completeDate=<null>,endDate=<null>,goal=,id=5,name=One,rapidViewId=1,sequence=5,startDate=<null>,state=ACTIVE,synced=false,autoStartStop=false]",
            "5",
            "One",
        ),
    ];
    for (text, id, name) in cases {
        let mut issue = some_issue();
        issue["fields"]["customfield_10020"] = json!([format!("com.atlassian.greenhopper.service.sprint.{text}")]);
        let (issue, _) = read_one(&[("a.json", issue)]);
        assert_eq!((issue.sprints[0].id.as_str(), issue.sprints[0].name.as_str()), (id, name), "{text}");
    }
}

#[test]
fn histories_and_comments_apart_from_their_issue() {
    let history = change(
        4,
        "2024-03-15T16:00:00.000+0100",
        ("status", "status"),
        (json!("3"), json!("A")),
        (json!("5"), json!("B")),
    );
    let table =
        format!("id,data,input\n1,\"{}\",\"{{\"\"issue_id\"\": 10001}}\"\n", history.to_string().replace('"', "\"\""));
    let page =
        json!({"self": "https://host/rest/api/3/issue/PAY-7/changelog?startAt=0", "total": 1, "values": [history]});
    let bulk = json!({"issueChangeLogs": [{"issueId": "10001", "changeHistories": [history]}], "nextPageToken": "x"});
    for (name, text, by_key) in
        [("a.csv", table, false), ("a.json", page.to_string(), true), ("a.json", bulk.to_string(), false)]
    {
        let (records, report) = read_texts(System::Jira, &[(name, text)]).unwrap();
        let Record::Changes { issue, changes } = &records[0] else { panic!("{records:?}") };
        let wanted = if by_key { (None, Some("PAY-7")) } else { (Some("10001"), None) };
        assert_eq!((issue.id.as_deref(), issue.key.as_deref(), changes.len()), (wanted.0, wanted.1, 1));
        assert_eq!(report.records("change"), 1);
    }
    let comments = json!({"comments": [{"self": "https://host/rest/api/2/issue/10001/comment/5", "id": "5", "body": "Yes", "created": "2024-03-15T16:00:00.000+0100"}], "total": 1});
    let (records, _) = read_texts(System::Jira, &[("a.json", comments.to_string())]).unwrap();
    assert!(
        matches!(&records[0], Record::Comments { issue, .. } if issue.id.as_deref() == Some("10001")),
        "{records:?}"
    );
}

#[test]
fn what_a_document_lacks_is_said() {
    let mut cut = some_issue();
    cut["changelog"]["total"] = json!(300);
    cut["fields"]["comment"]["total"] = json!(90);
    let (issue, report) = read_one(&[("a.json", cut)]);
    assert_eq!(issue.history, History::Partial);
    assert_eq!(report.incomplete.len(), 2);
    let unread = &report.kinds["issue"].fields["fields.customfield_10099.value"];
    assert_eq!((unread.fate, unread.example.as_str()), (intake::Fate::Unknown, "\"Silver\""));
    let (records, report) = read_texts(System::Jira, &[("a.json", "{\"hello\": [1]}".to_owned())]).unwrap();
    assert_eq!((records.len(), report.unrecognised.len()), (0, 1));
}

#[test]
fn a_table_of_issues() {
    let table = "Summary,Issue key,Issue id,Issue Type,Status,Sprint,Sprint,Labels,Labels,Created,Resolved,Comment,Comment,Attachment,Custom field (Story Points),Custom field (Plan),Inward issue link (Blocks),Parent id\n\
        Refund twice,PAY-7,10001,Bug,Done,Sprint 11,Sprint 12,money,,04/Mar/24 9:05 AM,15/Mar/24 4:00 PM,05/Mar/24 10:00 AM;ada;*Yes*; really,,05/Mar/24 10:00 AM;ada;log.txt;https://host/log.txt,5.0,Silver,PAY-3,10000\n";
    let (records, report) = read_texts(System::Jira, &[("a.csv", table.to_owned())]).unwrap();
    let issue = issues(&records)[0];
    assert_eq!(
        (issue.key.as_str(), issue.estimate, issue.labels.len(), issue.sprints.len()),
        ("PAY-7", Some(5.0), 1, 2)
    );
    assert_eq!(issue.created_at.unwrap().to_string(), "2024-03-04T09:05:00Z");
    assert_eq!(issue.finished_at.unwrap().to_string(), "2024-03-15T16:00:00Z");
    assert_eq!((issue.comments.len(), issue.comments[0].body.as_str()), (1, "**Yes**; really"));
    assert_eq!(issue.attachments[0].name, "log.txt");
    assert_eq!(issue.links[0].kind, LinkKind::BlockedBy);
    assert_eq!(Value::Object(issue.beside.clone()), json!({"Custom field (Plan)": "Silver"}));
    assert!(report.incomplete.keys().any(|why| why.contains("no history")), "{report}");
}

#[test]
fn recorded_payloads_are_read_and_nothing_is_lost_silently() {
    let Some(path) = shared("jira") else { return };
    let (records, report) = read_all(System::Jira, &[path]).unwrap();
    let all = issues(&records);
    assert!(all.len() >= 1514, "{}", all.len());
    let archive: Vec<_> = all.iter().filter(|issue| issue.key.starts_with("ALOY-")).collect();
    assert_eq!(archive.len(), 1499);
    assert_eq!(archive.iter().filter(|issue| issue.finished_at.is_some()).count(), 1283);
    assert_eq!(archive.iter().filter(|issue| !issue.sprints.is_empty()).count(), 386);
    assert!(archive.iter().all(|issue| !issue.title.is_empty() && !issue.id.is_empty() && issue.created_at.is_some()));
    assert!(all.iter().flat_map(|issue| &issue.changes).count() >= 18);
    for (kind, name) in [("issue", "fields.environment"), ("issue", "fields.versions[].name")] {
        assert_eq!(report.kinds[kind].fields[name].fate, intake::Fate::Unknown, "{name} is kept beside the issue");
    }
    let kept = archive.iter().filter(|issue| issue.beside.contains_key("environment")).count();
    assert_eq!(kept, 498);
}

proptest! {
    /// Whatever changed, undoing all changes and doing them again ends where the issue is.
    #[test]
    fn the_past_leads_to_the_present(steps in proptest::collection::vec((0..3_u8, 0..4_u8, 0..4_u8), 0..20)) {
        let named = |id: u8| Named::new(Some(id.to_string()), format!("Value {id}"));
        let mut issue = Issue::default();
        let mut state = named(0);
        let mut sprints: Vec<Named> = Vec::new();
        for (at, (what, first, second)) in steps.into_iter().enumerate() {
            let at = jiff::Timestamp::from_second(at as i64).unwrap();
            let (field, from, to) = if what == 0 {
                let from = std::mem::replace(&mut state, named(first));
                (Field::State, vec![from], vec![named(first)])
            } else {
                let mut to: Vec<Named> = sprints.clone();
                to.retain(|one| !one.same(&named(second)));
                if !to.iter().any(|one| one.same(&named(first))) {
                    to.push(named(first));
                }
                (Field::Sprint, std::mem::replace(&mut sprints, to.clone()), to)
            };
            issue.changes.push(Change { id: None, at, author: None, field, from, to });
        }
        issue.state = State { id: state.id.clone(), name: state.name.clone(), category: None };
        issue.sprints = sprints.iter().map(|one| Sprint { id: one.id.clone().unwrap(), name: one.name.clone(), ..Sprint::default() }).collect();
        let start = before(&issue);
        for (field, mut wanted) in [(Field::State, vec![state]), (Field::Sprint, sprints)] {
            let changes = issue.changes.iter().filter(|change| change.field == field);
            let mut last = replayed(&start[&field], changes).pop().unwrap();
            last.sort_by(|a, b| a.id.cmp(&b.id));
            wanted.sort_by(|a, b| a.id.cmp(&b.id));
            prop_assert_eq!(last, wanted);
        }
        prop_assert_eq!(&start[&Field::Sprint], &vec![]);
    }
}
