use super::{Declared, Ground, alone, also, id, of};
use kernel::json;

pub fn issues(g: &Ground) -> Declared {
    let new = json!({ "team": id(&g.teams), "title": "New" });
    let one = json!({ "issue": id(&g.issues) });
    let related = json!({ "direction": "blocks", "other": id(&g.issues) });
    vec![
        ("issue.create", of(&g.teams, "team", json!({ "title": "New" }))),
        ("issue.create", also(&g.people, "assignee", new.clone())),
        ("issue.create", also(&g.issues, "parent", new)),
        ("issue.create", also(&g.sprints, "sprint", json!({ "team": id(&g.teams), "title": "New" }))),
        ("issue.list", alone(json!({}))),
        ("issue.complete_query", alone(json!({ "q": "sta" }))),
        ("issue.show", of(&g.issues, "issue", json!({}))),
        ("issue.edit", of(&g.issues, "issue", json!({ "priority": "high" }))),
        ("issue.edit", also(&g.people, "assignee", one.clone())),
        ("issue.edit", also(&g.issues, "parent", one.clone())),
        ("issue.edit", also(&g.sprints, "sprint", one.clone())),
        ("issue.undo", of(&g.batches, "batch", json!({}))),
        ("issue.move", of(&g.issues, "issue", json!({ "team": id(&g.teams) }))),
        ("issue.move", also(&g.teams, "team", one.clone())),
        ("issue.split", of(&g.issues, "issue", json!({ "pieces": [{ "title": "Half" }] }))),
        ("issue.tick", of(&g.issues, "issue", json!({ "task": 0, "done": true }))),
        ("issue.relate", of(&g.issues, "issue", related.clone())),
        ("issue.relate", also(&g.issues, "other", json!({ "issue": id(&g.issues), "direction": "blocks" }))),
        ("issue.unrelate", of(&g.issues, "issue", related)),
        ("issue.delete", of(&g.issues, "issue", json!({}))),
        ("issue.restore", of(&g.issues, "issue", json!({}))),
    ]
}

pub fn sprints(g: &Ground) -> Declared {
    let close = json!({ "sprint": id(&g.sprints), "reason": "Late" });
    let rollovers = |issue: &str| json!([{ "issue": issue, "reason": "Late" }]);
    let named = g.issues.iter().map(|(label, issue)| {
        (format!("with issue {label}"), json!({ "sprint": id(&g.sprints), "rollovers": rollovers(issue) }))
    });
    vec![
        ("sprint.list", of(&g.teams, "team", json!({}))),
        ("sprint.show", of(&g.sprints, "sprint", json!({}))),
        ("sprint.plan", of(&g.teams, "team", json!({}))),
        ("sprint.edit", of(&g.sprints, "sprint", json!({ "name": "Other" }))),
        ("sprint.start", of(&g.sprints, "sprint", json!({}))),
        ("sprint.close", of(&g.sprints, "sprint", json!({ "reason": "Late" }))),
        ("sprint.close", also(&g.sprints, "to", close)),
        ("sprint.close", named.collect()),
        ("sprint.drop", of(&g.sprints, "sprint", json!({}))),
        ("sprint.explain", of(&g.scope_changes, "change", json!({ "reason": "Late" }))),
    ]
}

pub fn around_issues(g: &Ground) -> Declared {
    let state = json!({ "state": id(&g.states) });
    vec![
        ("work.show", of(&g.teams, "team", json!({}))),
        ("work.edit", of(&g.teams, "team", json!({ "estimates": "hours" }))),
        ("state.add", of(&g.teams, "team", json!({ "name": "New", "category": "started" }))),
        ("state.edit", of(&g.states, "state", json!({ "name": "New" }))),
        ("state.edit", also(&g.states, "after", state)),
        ("state.archive", of(&g.states, "state", json!({}))),
        ("state.restore", of(&g.states, "state", json!({}))),
        ("label.list", alone(json!({}))),
        ("label.list", also(&g.teams, "team", json!({}))),
        ("label.add", alone(json!({ "name": "New" }))),
        ("label.add", also(&g.teams, "team", json!({ "name": "New" }))),
        ("label.edit", of(&g.labels, "label", json!({ "name": "New" }))),
        ("label.archive", of(&g.labels, "label", json!({}))),
        ("label.restore", of(&g.labels, "label", json!({}))),
    ]
}
