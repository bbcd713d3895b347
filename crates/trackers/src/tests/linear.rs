use super::*;
use serde_json::{Value, json};

fn state(name: &str, kind: &str) -> Value {
    json!({"id": format!("state-{kind}"), "name": name, "type": kind, "color": "#fff"})
}

fn cycle(number: u32, completed: Option<&str>) -> Value {
    json!({"id": format!("cycle-{number}"), "number": number, "name": null, "startsAt": "2024-03-04T00:00:00.000Z",
        "endsAt": "2024-03-18T00:00:00.000Z", "completedAt": completed})
}

fn some_issue() -> Value {
    let ada = json!({"id": "u1", "name": "Ada", "email": "ada@example.org"});
    let entry = |id: &str, at: &str, fields: Value| {
        let mut entry = json!({"id": id, "createdAt": at, "actor": ada});
        entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        entry
    };
    json!({
        "id": "i7", "identifier": "PAY-7", "title": "Refund twice", "description": "*as written*", "priority": 2, "estimate": 3,
        "state": state("Fertig", "completed"), "team": {"id": "t1", "key": "PAY", "name": "Payments"}, "assignee": ada, "creator": ada,
        "labels": {"nodes": [{"id": "l1", "name": "money"}]}, "cycle": cycle(12, None), "parent": {"id": "i1", "identifier": "PAY-1"},
        "relations": {"nodes": [{"id": "r1", "type": "blocks", "relatedIssue": {"id": "i9", "identifier": "PAY-9"}}]},
        "inverseRelations": {"nodes": [{"id": "r2", "type": "blocks", "issue": {"id": "i8", "identifier": "PAY-8"}}]},
        "comments": {"nodes": [{"id": "c1", "body": "Yes", "createdAt": "2024-03-05T10:00:00.000Z", "user": ada}]},
        "createdAt": "2024-03-01T09:00:00.000Z", "updatedAt": "2024-03-15T15:00:00.000Z", "startedAt": "2024-03-05T09:00:00.000Z",
        "completedAt": "2024-03-15T15:00:00.000Z", "dueDate": "2024-03-18", "slaBreachesAt": "2024-03-19T00:00:00.000Z",
        "history": {"nodes": [
            entry("h3", "2024-03-15T15:00:00.000Z", json!({"fromState": state("Doing", "started"), "toState": state("Fertig", "completed")})),
            entry("h1", "2024-03-05T09:00:00.000Z", json!({"fromState": state("Todo", "unstarted"), "toState": state("Doing", "started"), "toAssignee": ada})),
            entry("h2", "2024-03-06T09:00:00.000Z", json!({"fromCycle": cycle(11, None), "toCycle": cycle(12, None), "fromEstimate": 5, "toEstimate": 3,
                "addedLabels": [{"id": "l1", "name": "money"}], "removedLabels": [], "fromPriority": 0, "toPriority": 2})),
        ], "pageInfo": {"hasNextPage": false}},
    })
}

fn answer(issue: Value) -> String {
    json!({"data": {"team": {"issues": {"nodes": [issue], "pageInfo": {"hasNextPage": false}}}}}).to_string()
}

#[test]
fn an_issue_with_its_history() {
    let wrapped = answer(some_issue());
    let plain = json!([some_issue()]).to_string();
    for text in [wrapped, plain] {
        let (records, report) = read_texts(System::Linear, &[("a.json", text)]).unwrap();
        let issue = issues(&records)[0];
        assert_eq!((issue.key.as_str(), issue.estimate, issue.body.as_str()), ("PAY-7", Some(3.0), "*as written*"));
        assert_eq!(issue.state.category, Some(Category::Done));
        assert_eq!(issue.priority.as_ref().unwrap().name, "High");
        assert_eq!(
            (issue.sprints[0].name.as_str(), issue.labels.as_slice()),
            ("Cycle 12", ["money".to_owned()].as_slice())
        );
        assert_eq!(
            issue.links.iter().map(|link| &link.kind).collect::<Vec<_>>(),
            [&LinkKind::Blocks, &LinkKind::BlockedBy]
        );
        assert_eq!((issue.comments.len(), issue.history), (1, History::Whole));
        assert_eq!(Value::Object(issue.beside.clone()), json!({"slaBreachesAt": "2024-03-19T00:00:00.000Z"}));
        assert_eq!((report.records("issue"), report.records("change"), report.unrecognised.len()), (1, 3, 0));
        let before = before(issue);
        assert_eq!(before[&Field::State][0].name, "Todo");
        assert_eq!(before[&Field::Estimate][0].name, "5");
        assert_eq!(before[&Field::Sprint][0].name, "Cycle 11");
        assert!(
            before[&Field::Label].is_empty()
                && before[&Field::Priority].is_empty()
                && before[&Field::Assignee].is_empty()
        );
    }
}

#[test]
fn what_an_answer_lacks_is_said() {
    let mut cut = some_issue();
    cut["history"]["pageInfo"]["hasNextPage"] = json!(true);
    let (records, report) = read_texts(System::Linear, &[("a.json", answer(cut))]).unwrap();
    assert_eq!(issues(&records)[0].history, History::Partial);
    assert_eq!(report.incomplete.len(), 1);
    let failed = json!({"errors": [{"message": "Rate limited"}]}).to_string();
    let (records, report) = read_texts(System::Linear, &[("a.json", failed)]).unwrap();
    assert_eq!((records.len(), report.unrecognised.len()), (0, 1));
}

#[test]
fn tables_in_their_variants() {
    let cases = [
        "ID,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,Cycle Number,Cycle Name,Created,Completed,Canceled,Parent issue,UUID\n\
         PAY-7,Payments,'=Refund twice,text,Fertig,3,High,Refunds,ada@example.org,ada@example.org,\"money, urgent\",12,,Fri Mar 01 2024 10:00:00 GMT+0100 (Central European Standard Time),Fri Mar 15 2024 15:00:00 GMT+0000 (Coordinated Universal Time),,PAY-1,i7\n",
        "ID,Title,Status,Estimate,Priority,Labels,Cycle Number,Created,Completed,Blocked by,Time in status (minutes)\n\
         PAY-7,=Refund twice,Fertig,3,High,\"money, urgent\",12,2024-03-01T09:00:00.000Z,2024-03-15T15:00:00.000Z,PAY-3,\"{\"\"Doing\"\": 5}\"\n",
    ];
    for table in cases {
        let (records, report) = read_texts(System::Linear, &[("a.csv", table.to_owned())]).unwrap();
        let issue = issues(&records)[0];
        assert_eq!((issue.key.as_str(), issue.title.as_str(), issue.estimate), ("PAY-7", "=Refund twice", Some(3.0)));
        assert_eq!(issue.created_at.unwrap().to_string(), "2024-03-01T09:00:00Z");
        assert_eq!(issue.finished_at.unwrap().to_string(), "2024-03-15T15:00:00Z");
        assert_eq!((issue.labels.len(), issue.sprints[0].name.as_str()), (2, "Cycle 12"));
        assert_eq!(issue.state.category, Some(Category::Done));
        assert!(report.incomplete.keys().any(|why| why.contains("no history")), "{report}");
    }
}

#[test]
fn recorded_payloads_are_read() {
    let Some(path) = shared("linear") else { return };
    let (records, report) = read_all(System::Linear, &[path]).unwrap();
    println!("{report}");
    let all = issues(&records);
    assert!(all.len() >= 12 && all.iter().all(|issue| issue.key.starts_with("NAN-")), "{}", all.len());
    assert_eq!(records.iter().filter(|record| matches!(record, Record::Sprint(_))).count(), 14);
    assert!(
        records
            .iter()
            .any(|record| matches!(record, Record::Comments { issue, .. } if issue.key.as_deref() == Some("NAN-5")))
    );
    assert!(
        records
            .iter()
            .any(|record| matches!(record, Record::State(state) if state.category == Some(Category::Cancelled)))
    );
}
