use super::*;
use serde_json::{Value, json};

fn workflow() -> Value {
    let state = |id: u32, name: &str, kind: &str| json!({"id": id, "name": name, "type": kind, "entity_type": "workflow-state"});
    json!([{"id": 5, "name": "Standard", "default_state_id": 51, "states": [
        state(51, "Offen", "unstarted"), state(52, "Dran", "started"), state(53, "Fertig", "done")]}])
}

fn members() -> Value {
    json!([{"id": "m1", "role": "member", "profile": {"id": "m1", "name": "Ada", "mention_name": "ada", "email_address": "ada@example.org"}}])
}

fn some_story() -> Value {
    json!({"id": 7, "entity_type": "story", "name": "Refund twice", "description": "text", "story_type": "bug", "workflow_state_id": 53,
        "owner_ids": ["m1"], "requested_by_id": "m1", "estimate": 3, "iteration_id": 12, "previous_iteration_ids": [11],
        "labels": [{"id": 1, "name": "money"}], "deadline": "2024-03-18T00:00:00Z", "parent_story_id": 1, "epic_id": 2,
        "created_at": "2024-03-01T09:00:00Z", "updated_at": "2024-03-15T15:00:00Z", "started_at": "2024-03-05T09:00:00Z",
        "completed_at": "2024-03-15T15:00:00Z", "completed_at_override": "2024-03-14T15:00:00Z", "external_id": "old-7",
        "tasks": [{"id": 1, "description": "one", "complete": true}, {"id": 2, "description": "two", "complete": false}],
        "comments": [{"id": 3, "text": "Yes", "author_id": "m1", "story_id": 7, "created_at": "2024-03-05T10:00:00Z"},
            {"id": 4, "text": "", "deleted": true, "story_id": 7, "created_at": "2024-03-05T10:00:00Z"}],
        "story_links": [{"id": 1, "subject_id": 7, "verb": "blocks", "object_id": 9}, {"id": 2, "subject_id": 8, "verb": "blocks", "object_id": 7}]})
}

fn history() -> Value {
    let entry = |id: &str, at: &str, changes: Value| {
        json!({"id": id, "changed_at": at, "member_id": "m1", "version": "v1", "references": [{"id": 11, "entity_type": "iteration", "name": "Eleven"}],
            "actions": [{"id": 7, "entity_type": "story", "action": "update", "changes": changes}]})
    };
    json!([
        entry(
            "h1",
            "2024-03-05T09:00:00Z",
            json!({"workflow_state_id": {"old": 51, "new": 52}, "owner_ids": {"adds": ["m1"]}, "started": {"old": false, "new": true}})
        ),
        entry("h2", "2024-03-06T09:00:00Z", json!({"iteration_id": {"old": 11, "new": 12}, "estimate": {"new": 3}})),
        entry("h3", "2024-03-15T15:00:00Z", json!({"workflow_state_id": {"old": 52, "new": 53}})),
    ])
}

#[test]
fn a_story_with_what_its_ids_stand_for() {
    let iterations = json!([{"id": 12, "name": "Twelve", "status": "started", "start_date": "2024-03-04", "end_date": "2024-03-17", "group_ids": ["g1"]}]);
    let mut story = some_story();
    story["history"] = history();
    // The story may come before the documents that explain it.
    let files = [("a.json", json!([story])), ("b.json", workflow()), ("c.json", members()), ("d.json", iterations)];
    let files: Vec<(&str, String)> = files.iter().map(|(name, value)| (*name, value.to_string())).collect();
    let (records, report) = read_texts(System::Shortcut, &files).unwrap();
    let issue = issues(&records)[0];
    assert_eq!(
        (issue.key.as_str(), issue.state.name.as_str(), issue.state.category),
        ("sc-7", "Fertig", Some(Category::Done))
    );
    assert_eq!(issue.assignees[0].mail.as_deref(), Some("ada@example.org"));
    assert_eq!(issue.sprints.iter().map(|sprint| sprint.name.as_str()).collect::<Vec<_>>(), ["Twelve", "Eleven"]);
    assert_eq!(issue.sprints[0].ends_at.unwrap().to_string(), "2024-03-18T00:00:00Z");
    assert_eq!(issue.finished_at.unwrap().to_string(), "2024-03-14T15:00:00Z");
    assert_eq!(issue.checklist.iter().map(|task| task.done).collect::<Vec<_>>(), [true, false]);
    assert_eq!(
        issue.links.iter().map(|link| &link.kind).collect::<Vec<_>>(),
        [&LinkKind::Blocks, &LinkKind::BlockedBy]
    );
    assert_eq!((issue.comments.len(), issue.history), (1, History::Whole));
    // The moment that a person overrode is kept as well.
    assert_eq!(
        Value::Object(issue.beside.clone()),
        json!({"external_id": "old-7", "completed_at": "2024-03-15T15:00:00Z"})
    );
    let before = before(issue);
    assert_eq!(before[&Field::State][0].name, "Offen");
    assert!(before[&Field::Assignee].is_empty() && before[&Field::Estimate].is_empty());
    assert_eq!((report.records("story"), report.records("change"), report.records("workflow")), (1, 3, 1));
}

#[test]
fn a_history_apart_from_its_story() {
    let recorded = json!({"get": {"/api/v3/stories/7/history": {"status": 200, "response": history()}}});
    for text in [history().to_string(), recorded.to_string()] {
        let (records, _) = read_texts(System::Shortcut, &[("a.json", text)]).unwrap();
        assert_eq!(records.len(), 3);
        assert!(
            records
                .iter()
                .all(|record| matches!(record, Record::Changes { issue, .. } if issue.id.as_deref() == Some("7")))
        );
    }
}

#[test]
fn a_table_with_times_at_an_offset() {
    let table = "id,name,type,requester,owners,description,is_completed,created_at,started_at,completed_at,estimate,due_date,labels,tasks,state,epic_id,epic,iteration_id,iteration,utc_offset,is_archived,team\n\
        7,Refund twice,bug,ada@example.org,ada@example.org;bo@example.org,text,TRUE,2024/03/01 05:00:00,2024/03/05 05:00:00,2024/03/15 11:00:00,3,2024/03/18,money;urgent,[X] one;[ ] two,Fertig,2,Refunds,12,Twelve,-0400,FALSE,Payments\n";
    let (records, report) = read_texts(System::Shortcut, &[("a.csv", table.to_owned())]).unwrap();
    let issue = issues(&records)[0];
    assert_eq!(issue.created_at.unwrap().to_string(), "2024-03-01T09:00:00Z");
    assert_eq!(issue.finished_at.unwrap().to_string(), "2024-03-15T15:00:00Z");
    assert_eq!((issue.assignees.len(), issue.labels.len(), issue.checklist.len()), (2, 2, 2));
    assert_eq!((issue.state.category, issue.sprints[0].name.as_str()), (Some(Category::Done), "Twelve"));
    assert_eq!(issue.due_on.unwrap().to_string(), "2024-03-18");
    assert_eq!(Value::Object(issue.beside.clone()), json!({"epic": "Refunds"}));
    assert!(report.incomplete.keys().any(|why| why.contains("no history")), "{report}");
}

#[test]
fn recorded_payloads_are_read() {
    let Some(path) = shared("shortcut") else { return };
    let (records, report) = read_all(System::Shortcut, &[path]).unwrap();
    println!("{report}");
    let all = issues(&records);
    assert!(all.len() >= 3 && all.iter().all(|issue| !issue.title.is_empty()), "{}", all.len());
    assert!(all.iter().all(|issue| issue.state.category.is_some()), "the workflow says of which kind each state is");
    assert!(all.iter().any(|issue| issue.links.iter().any(|link| link.kind == LinkKind::BlockedBy)));
    assert!(records.iter().any(|record| matches!(record, Record::Person(_))));
}
