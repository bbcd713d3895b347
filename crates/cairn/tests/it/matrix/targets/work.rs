use super::{Declared, Ground, ONESELF, Record, Target, alone, also, id, of, of_two, with_list};
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
        (
            "view.add",
            g.custom_fields
                .iter()
                .map(|(label, field)| {
                    (format!("with fields {label}"), with_list(&json!({ "name": "New" }), "fields", field))
                })
                .collect(),
        ),
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

pub fn plannings(g: &Ground) -> Declared {
    let answer = json!({ "stance": "consent" });
    let propose = json!({ "planning": id(&g.plannings) });
    vec![
        ("planning.list", of(&g.teams, "team", json!({}))),
        ("planning.start", of(&g.sprints, "sprint", json!({}))),
        ("planning.show", of(&g.plannings, "planning", json!({}))),
        ("planning.propose", of(&g.plannings, "planning", json!({ "issue": id(&g.issues) }))),
        ("planning.propose", also(&g.issues, "issue", propose)),
        ("planning.take_back", of(&g.planning_proposals, "proposal", json!({}))),
        ("planning.write", of(&g.plannings, "planning", json!({ "goal": "Other" }))),
        ("planning.offer", of(&g.plannings, "planning", json!({ "offer": "Four days" }))),
        ("planning.answer", of(&g.plannings, "planning", answer)),
        ("planning.decide", of(&g.planning_objections, "objection", json!({ "answer": "Because" }))),
        ("planning.call_off", of(&g.plannings, "planning", json!({ "reason": "Not now" }))),
    ]
}

pub fn sprint_reviews(g: &Ground) -> Declared {
    let named = json!({ "sprint": id(&g.sprints) });
    let named = g
        .people
        .iter()
        .filter(|(label, _)| *label != "oneself")
        .map(|(label, person)| (format!("with reviewer {label}"), with_list(&named, "reviewers", person)));
    let presenter = json!({ "item": id(&g.sprint_review_items) });
    vec![
        ("sprint_review.list", of(&g.teams, "team", json!({}))),
        ("sprint_review.start", of(&g.sprints, "sprint", json!({}))),
        ("sprint_review.start", named.collect()),
        ("sprint_review.show", of(&g.sprint_reviews, "review", json!({}))),
        ("sprint_review.present", of(&g.sprint_review_items, "item", json!({ "shown": "A page" }))),
        ("sprint_review.present", also(&g.people, "presenter", presenter)),
        ("sprint_review.judge", of(&g.sprint_review_items, "item", json!({ "verdict": "accepted" }))),
        ("sprint_review.follow_up", of(&g.sprint_review_items, "item", json!({ "way": "new_issue" }))),
        ("sprint_review.end", of(&g.sprint_reviews, "review", json!({}))),
    ]
}

pub fn triage(g: &Ground) -> Declared {
    let each = |rest: kernel::Json| -> Vec<Target> {
        g.issues.iter().map(|(label, id)| ((*label).to_owned(), with_list(&rest, "issues", id))).collect()
    };
    let one = json!({ "issues": [id(&g.issues)] });
    let turn = json!({ "week_on": "2026-03-16" });
    let named =
        |(label, person): &Record| (format!("with {label}"), json!({ "team": id(&g.teams), "people": [person] }));
    vec![
        ("triage.show", of(&g.teams, "team", json!({}))),
        ("triage.set", of(&g.teams, "team", json!({ "from_others": true }))),
        ("triage.set", g.people.iter().filter(|(_, id)| id != ONESELF).map(named).collect()),
        ("triage.give_turn", of(&g.teams, "team", turn)),
        ("triage.give_turn", also(&g.people, "person", json!({ "team": id(&g.teams), "week_on": "2026-03-16" }))),
        ("triage.accept", each(json!({}))),
        ("triage.accept", also(&g.people, "assignee", one.clone())),
        ("triage.merge", each(json!({ "into": id(&g.issues) }))),
        ("triage.merge", also(&g.issues, "into", one)),
        ("triage.decline", each(json!({ "reason": "Too vague" }))),
        ("triage.put_off", each(json!({ "until": "2026-06-01" }))),
        ("triage.undo", of(&g.triage_batches, "batch", json!({}))),
    ]
}

pub fn automations(g: &Ground) -> Declared {
    let then = json!({ "priority": "high" });
    let new = json!({ "name": "New", "when": "created", "then": then });
    let tried = json!({ "when": "created", "then": then });
    let to = |(label, person): &Record| {
        let then = json!({ "assignee": person });
        (format!("for {label}"), json!({ "team": id(&g.teams), "name": "New", "when": "created", "then": then }))
    };
    vec![
        ("automation.list", of(&g.teams, "team", json!({}))),
        ("automation.add", of(&g.teams, "team", new)),
        ("automation.add", g.people.iter().filter(|(_, id)| id != ONESELF).map(to).collect()),
        ("automation.try", of(&g.teams, "team", tried)),
        ("automation.show", of(&g.automations, "automation", json!({}))),
        ("automation.edit", of(&g.automations, "automation", json!({ "paused": true }))),
        ("automation.delete", of(&g.automations, "automation", json!({}))),
        ("automation.restore", of(&g.automations, "automation", json!({}))),
        ("automation.undo_run", of(&g.automation_runs, "run", json!({}))),
        ("issue_template.list", of(&g.teams, "team", json!({}))),
        ("issue_template.add", of(&g.teams, "team", json!({ "name": "New" }))),
        ("issue_template.show", of(&g.issue_templates, "template", json!({}))),
        ("issue_template.edit", of(&g.issue_templates, "template", json!({ "name": "Other" }))),
        ("issue_template.delete", of(&g.issue_templates, "template", json!({}))),
        ("issue_template.restore", of(&g.issue_templates, "template", json!({}))),
        ("issue.create", also(&g.issue_templates, "template", json!({ "team": id(&g.teams), "title": "New" }))),
        ("recurrence.list", of(&g.teams, "team", json!({}))),
        ("recurrence.add", of(&g.issue_templates, "template", json!({ "rhythm": { "days": ["mon"] } }))),
        ("recurrence.edit", of(&g.recurrences, "recurrence", json!({ "paused": true }))),
        ("recurrence.skip", of(&g.recurrences, "recurrence", json!({ "reason": "Not now" }))),
    ]
}

pub fn intake_forms(g: &Ground) -> Declared {
    vec![
        ("intake_form.list", of(&g.teams, "team", json!({}))),
        ("intake_form.add", of(&g.teams, "team", json!({ "name": "New" }))),
        ("intake_form.show", of(&g.intake_forms, "form", json!({}))),
        ("intake_form.edit", of(&g.intake_forms, "form", json!({ "name": "Other" }))),
        ("intake_form.close", of(&g.intake_forms, "form", json!({}))),
        ("intake_form.reopen", of(&g.intake_forms, "form", json!({}))),
        ("intake_form.replace_link", of(&g.intake_forms, "form", json!({}))),
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
        ("sprint.export", of(&g.teams, "team", json!({}))),
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

pub fn custom_fields(g: &Ground) -> Declared {
    let new = json!({ "name": "New", "kind": "text" });
    let given = |rest: kernel::Json| -> Vec<Target> {
        let one = |(label, field): &Record| {
            let mut input = rest.clone();
            input["fields"] = json!({ field.as_str(): "Acme" });
            (format!("with fields {label}"), input)
        };
        g.custom_fields.iter().map(one).collect()
    };
    vec![
        ("custom_field.list", alone(json!({}))),
        ("custom_field.list", also(&g.teams, "team", json!({}))),
        ("custom_field.uses", alone(json!({}))),
        ("custom_field.uses", also(&g.teams, "team", json!({}))),
        ("custom_field.add", alone(new.clone())),
        ("custom_field.add", also(&g.teams, "team", new.clone())),
        ("custom_field.add", also(&g.people, "owner", new)),
        ("custom_field.edit", of(&g.custom_fields, "field", json!({ "name": "Other" }))),
        ("custom_field.edit", also(&g.people, "owner", json!({ "field": id(&g.custom_fields) }))),
        ("custom_field.rename_choice", of_two(&g.custom_choices, "field", "choice", json!({ "name": "Other" }))),
        ("custom_field.archive", of(&g.custom_fields, "field", json!({}))),
        ("custom_field.restore", of(&g.custom_fields, "field", json!({}))),
        ("custom_field.found", alone(json!({}))),
        ("custom_field.take", of(&g.custom_fields, "field", json!({ "source": "jira", "name": "Customer" }))),
        ("custom_field.delete", of(&g.custom_fields, "field", json!({}))),
        ("issue.create", given(json!({ "team": id(&g.teams), "title": "New" }))),
        ("issue.edit", given(json!({ "issue": id(&g.issues) }))),
        ("issue.edit_many", given(json!({ "issues": [id(&g.issues)] }))),
    ]
}
