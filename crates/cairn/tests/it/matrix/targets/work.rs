use super::{Declared, Ground, Record, Target, alone, also, id, of, with_list};
use kernel::json;

pub fn issues(g: &Ground) -> Declared {
    let new = json!({ "team": id(&g.teams), "title": "New" });
    let one = json!({ "issue": id(&g.issues) });
    let many = json!({ "issues": [id(&g.issues)] });
    let each = |records: &[Record], rest: kernel::Json| -> Vec<Target> {
        records.iter().map(|(label, id)| ((*label).to_owned(), with_list(&rest, "issues", id))).collect()
    };
    let related = json!({ "direction": "blocks", "other": id(&g.issues) });
    vec![
        ("issue.create", of(&g.teams, "team", json!({ "title": "New" }))),
        ("issue.create", also(&g.people, "assignee", new.clone())),
        ("issue.create", also(&g.issues, "parent", new)),
        ("issue.create", also(&g.sprints, "sprint", json!({ "team": id(&g.teams), "title": "New" }))),
        ("issue.create", also(&g.projects, "project", json!({ "team": id(&g.teams), "title": "New" }))),
        ("issue.create", also(&g.milestones, "milestone", json!({ "team": id(&g.teams), "title": "New" }))),
        ("issue.list", alone(json!({}))),
        ("issue.list", also(&g.teams, "team", json!({}))),
        ("issue.complete_query", alone(json!({ "q": "sta" }))),
        ("issue.show", of(&g.issues, "issue", json!({}))),
        ("issue.edit", of(&g.issues, "issue", json!({ "priority": "high" }))),
        ("issue.edit", also(&g.people, "assignee", one.clone())),
        ("issue.edit", also(&g.issues, "parent", one.clone())),
        ("issue.edit", also(&g.sprints, "sprint", one.clone())),
        ("issue.edit", also(&g.projects, "project", one.clone())),
        ("issue.edit", also(&g.milestones, "milestone", one.clone())),
        ("issue.undo", of(&g.batches, "batch", json!({}))),
        ("issue.move", of(&g.issues, "issue", json!({ "team": id(&g.teams) }))),
        ("issue.move", also(&g.teams, "team", one.clone())),
        ("issue.split", of(&g.issues, "issue", json!({ "pieces": [{ "title": "Half" }] }))),
        ("issue.place", of(&g.issues, "issue", json!({ "priority": "high" }))),
        ("issue.place", also(&g.issues, "after", one.clone())),
        ("issue.place", also(&g.issues, "before", one.clone())),
        ("issue.place", also(&g.people, "assignee", one.clone())),
        ("issue.board", of(&g.teams, "team", json!({}))),
        ("issue.edit_many", each(&g.issues, json!({ "priority": "high" }))),
        ("issue.choices", each(&g.issues, json!({ "field": "priority" }))),
        ("issue.edit_many", also(&g.people, "assignee", many.clone())),
        ("issue.edit_many", also(&g.sprints, "sprint", many.clone())),
        ("issue.edit_many", also(&g.projects, "project", many.clone())),
        ("issue.edit_many", also(&g.milestones, "milestone", many)),
        ("issue.tick", of(&g.issues, "issue", json!({ "task": 0, "done": true }))),
        ("issue.relate", of(&g.issues, "issue", related.clone())),
        ("issue.relate", also(&g.issues, "other", json!({ "issue": id(&g.issues), "direction": "blocks" }))),
        ("issue.unrelate", of(&g.issues, "issue", related)),
        ("issue.delete", of(&g.issues, "issue", json!({}))),
        ("issue.restore", of(&g.issues, "issue", json!({}))),
    ]
}

pub fn views(g: &Ground) -> Declared {
    let new = json!({ "name": "New", "q": "is:open" });
    let shared = json!({ "name": "New", "q": "is:open", "shared": true });
    vec![
        ("view.list", alone(json!({}))),
        ("view.list", also(&g.teams, "team", json!({}))),
        ("view.show", of(&g.views, "view", json!({}))),
        ("view.add", alone(new.clone())),
        ("view.add", also(&g.teams, "team", new)),
        ("view.add", also(&g.teams, "team", shared)),
        ("view.edit", of(&g.views, "view", json!({ "name": "Other" }))),
        ("view.edit", also(&g.views, "view", json!({ "shared": true }))),
        ("view.delete", of(&g.views, "view", json!({}))),
        ("view.restore", of(&g.views, "view", json!({}))),
        ("view.set_first", of(&g.teams, "team", json!({}))),
        ("view.set_first", also(&g.views, "view", json!({ "team": id(&g.teams) }))),
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

pub fn refinements(g: &Ground) -> Declared {
    let start = |issue: &str| json!({ "name": "Next", "issues": [issue] });
    let with_team = |issue: &str| json!({ "team": id(&g.teams), "name": "Next", "issues": [issue] });
    let named = g.issues.iter().map(|(label, issue)| (format!("with issue {label}"), with_team(issue)));
    let settle = json!({ "outcome": "not_ready", "reason": "Too vague" });
    vec![
        ("refinement.list", of(&g.teams, "team", json!({}))),
        ("refinement.start", of(&g.teams, "team", start(id(&g.issues)))),
        ("refinement.start", named.collect()),
        ("refinement.show", of(&g.refinements, "refinement", json!({}))),
        ("refinement.end", of(&g.refinements, "refinement", json!({}))),
        ("refinement.estimate", of(&g.refinement_items, "item", json!({ "estimate": 3 }))),
        ("refinement.ask", of(&g.refinement_items, "item", json!({ "body": "Why?" }))),
        ("refinement.answer", of(&g.questions, "question", json!({ "answer": "Because" }))),
        ("refinement.settle", of(&g.refinement_items, "item", settle)),
        ("refinement.again", of(&g.refinement_items, "item", json!({}))),
        ("refinement.split", of(&g.refinement_items, "item", json!({ "pieces": ["Half"] }))),
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

pub fn issue_imports(g: &Ground) -> Declared {
    let begin = json!({ "source": "jira", "label": "dump" });
    let bunch = json!({ "team": id(&g.teams), "issues": [] });
    let states = json!([{ "team": id(&g.teams), "states": [] }]);
    let kept_so = json!({ "name": "New", "key": "NEW", "estimates": "points", "next_number": 1, "states": [] });
    vec![
        ("issue_import.begin", alone(begin)),
        ("issue_import.preview", alone(json!({ "source": "jira", "states": states }))),
        ("issue_import.send", of(&g.issue_imports, "import", bunch)),
        ("issue_import.send", also(&g.teams, "team", json!({ "import": id(&g.issue_imports), "issues": [] }))),
        ("issue_import.sprints", of(&g.issue_imports, "import", json!({ "team": id(&g.teams), "sprints": [] }))),
        ("issue_import.sprints", also(&g.teams, "team", json!({ "import": id(&g.issue_imports), "sprints": [] }))),
        ("issue_import.team", of(&g.issue_imports, "import", json!({ "team": id(&g.teams), "work": kept_so }))),
        ("issue_import.team", also(&g.teams, "team", json!({ "import": id(&g.issue_imports), "work": kept_so }))),
        ("work.list", alone(json!({}))),
        ("work.export", of(&g.teams, "team", json!({}))),
        ("issue.export", of(&g.teams, "team", json!({}))),
        ("issue_import.finish", of(&g.issue_imports, "import", json!({}))),
        ("issue_import.undo", of(&g.issue_imports, "import", json!({}))),
        ("issue_import.list", alone(json!({}))),
        ("issue_import.show", of(&g.issue_imports, "import", json!({}))),
        ("issue.former", alone(json!({ "issue": "OLD-1" }))),
        ("outsider.list", alone(json!({}))),
        ("outsider.claim", of(&g.outsiders, "outsider", json!({}))),
        ("outsider.claim", also(&g.people, "person", json!({ "outsider": id(&g.outsiders) }))),
    ]
}
