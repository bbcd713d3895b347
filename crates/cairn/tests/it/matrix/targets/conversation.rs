//! What is asked of the operations of conversations.
use super::{Declared, Ground, Record, Target, alone, of, with, with_list};
use kernel::{Json, json};

/// One question for each record about which one can talk.
fn about(g: &Ground, rest: Json) -> Vec<Target> {
    let on = |kind: &'static str, records: &[Record]| -> Vec<Target> {
        let input = |(label, id): &Record| (format!("{kind} {label}"), with(&with(&rest, "kind", kind), "record", id));
        records.iter().map(input).collect()
    };
    let person: Vec<Target> = on("person", &g.people[1..2]);
    [on("team", &g.teams), on("leave", &g.leaves), on("onboarding", &g.plans), on("ask", &g.asks), person].concat()
}

pub fn conversations(g: &Ground) -> Declared {
    let on_team = json!({ "kind": "team", "record": g.teams[0].1 });
    let person = |(label, id): &Record| (format!("with people {label}"), with_list(&on_team, "people", id));
    let team = |(label, id): &Record| (format!("with teams {label}"), with_list(&on_team, "teams", id));
    let to = |(label, id): &Record| (format!("with to {label}"), with_list(&with(&on_team, "body", "New."), "to", id));
    let named: Vec<Record> = g.people.iter().filter(|(label, _)| *label != "oneself").cloned().collect();
    let of_comment = |rest: Json| of(&g.comments, "comment", rest);
    vec![
        ("comment.add", about(g, json!({ "body": "New." }))),
        ("comment.add", named.iter().map(to).collect()),
        ("comment.list", about(g, json!({}))),
        ("comment.edit", of_comment(json!({ "body": "New." }))),
        ("comment.delete", of_comment(json!({}))),
        ("comment.restore", of_comment(json!({}))),
        ("comment.history", of_comment(json!({}))),
        ("comment.react", of_comment(json!({ "word": "agree", "on": true }))),
        ("comment.outlook", about(g, json!({}))),
        ("comment.outlook", named.iter().map(person).collect()),
        ("comment.outlook", g.teams.iter().map(team).collect()),
        ("thread.resolve", about(g, json!({ "outcome": "Done." }))),
        ("thread.reopen", about(g, json!({}))),
        ("watch.set", about(g, json!({ "on": true }))),
        ("watch.list", alone(json!({}))),
        ("draft.save", about(g, json!({ "body": "New." }))),
        ("draft.show", about(g, json!({}))),
        ("file.add", about(g, json!({ "name": "a.txt", "content": "YQ==" }))),
    ]
}
