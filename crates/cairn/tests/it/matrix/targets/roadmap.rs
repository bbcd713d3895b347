use super::{Declared, Ground, Record, Target, alone, also, id, of, with_list};
use kernel::{Json, json};

pub fn projects(g: &Ground) -> Declared {
    let with_teams = |rest: kernel::Json| -> Vec<Target> {
        g.teams.iter().map(|(label, id)| (format!("with team {label}"), with_list(&rest, "teams", id))).collect()
    };
    let one = json!({ "project": id(&g.projects) });
    vec![
        ("roadmap.show", alone(json!({}))),
        ("roadmap.show", also(&g.teams, "team", json!({}))),
        ("roadmap.show", also(&g.people, "owner", json!({}))),
        ("roadmap.show", also(&g.initiatives, "initiative", json!({}))),
        ("priority.list", alone(json!({}))),
        ("priority.list", also(&g.teams, "team", json!({}))),
        ("priority.list", also(&g.initiatives, "initiative", json!({}))),
        ("project.judgements", of(&g.projects, "project", json!({}))),
        (
            "project.judge",
            of(&g.projects, "project", json!({ "values": [{ "factor": "reach", "value": 5 }], "why": "A guess" })),
        ),
        ("judgement.undo", of(&g.judgements, "judgement", json!({}))),
        ("weighting.list", alone(json!({}))),
        ("weighting.set", alone(json!({ "criteria": [{ "name": "Pain", "weight": 1 }] }))),
        ("weighting.set", also(&g.teams, "team", json!({ "criteria": [{ "name": "Pain", "weight": 1 }] }))),
        ("debt.list", alone(json!({}))),
        ("debt.list", also(&g.teams, "team", json!({}))),
        ("debt.show", of(&g.debts, "debt", json!({}))),
        ("debt.add", of(&g.teams, "team", json!({ "name": "New" }))),
        ("debt.add", also(&g.people, "owner", json!({ "name": "New", "team": id(&g.teams) }))),
        ("debt.edit", of(&g.debts, "debt", json!({ "standing": "repaid" }))),
        ("debt.edit", also(&g.people, "owner", json!({ "debt": id(&g.debts) }))),
        ("debt.undo", of(&g.debt_versions, "version", json!({}))),
        ("debt.remove", of(&g.debts, "debt", json!({}))),
        ("debt.restore", of(&g.debts, "debt", json!({}))),
        ("shares.show", of(&g.teams, "team", json!({}))),
        ("shares.set", of(&g.teams, "team", shares(json!({})))),
        ("shares.set", of_shares(&g.labels, "labels", g)),
        ("shares.set", of_shares(&g.projects, "projects", g)),
        ("shares.undo", of(&g.share_plans, "plan", json!({}))),
        ("weighting.undo", of(&g.weightings, "weighting", json!({}))),
        ("project.list", alone(json!({}))),
        ("project.list", also(&g.teams, "team", json!({}))),
        ("project.list", also(&g.people, "owner", json!({}))),
        ("project.show", of(&g.projects, "project", json!({}))),
        ("project.add", alone(json!({ "name": "New" }))),
        ("project.add", also(&g.people, "owner", json!({ "name": "New" }))),
        ("project.add", with_teams(json!({ "name": "New" }))),
        ("project.add", also(&g.initiatives, "initiative", json!({ "name": "New" }))),
        ("project.edit", of(&g.projects, "project", json!({ "state": "started" }))),
        ("project.edit", also(&g.people, "owner", one.clone())),
        ("project.edit", also(&g.initiatives, "initiative", one.clone())),
        ("project.edit", with_teams(one)),
        ("project.post_health", of(&g.projects, "project", json!({ "health": "at_risk", "why": "Late" }))),
        ("initiative.list", alone(json!({}))),
        ("initiative.show", of(&g.initiatives, "initiative", json!({}))),
        ("initiative.add", alone(json!({ "name": "New" }))),
        ("initiative.add", also(&g.people, "owner", json!({ "name": "New" }))),
        ("initiative.edit", of(&g.initiatives, "initiative", json!({ "state": "started" }))),
        ("initiative.edit", also(&g.people, "owner", json!({ "initiative": id(&g.initiatives) }))),
        ("forecast.of_project", of(&g.projects, "project", json!({}))),
        ("forecast.of_initiative", of(&g.initiatives, "initiative", json!({}))),
        ("forecast.of_milestone", of(&g.milestones, "milestone", json!({}))),
        ("forecast.of_milestone", also(&g.projects, "project", json!({ "milestone": "Halfway" }))),
        ("milestone.show", of(&g.milestones, "milestone", json!({}))),
        ("milestone.add", of(&g.projects, "project", json!({ "name": "New" }))),
        ("milestone.edit", of(&g.milestones, "milestone", json!({ "name": "Other" }))),
        ("milestone.remove", of(&g.milestones, "milestone", json!({}))),
        ("milestone.restore", of(&g.milestones, "milestone", json!({}))),
    ]
}

/// All capacity in one share, with this in its rules.
fn shares(rules: Json) -> Json {
    let mut share = json!({ "name": "All", "percent": 100 });
    share.as_object_mut().expect("it is an object").extend(rules.as_object().cloned().unwrap_or_default());
    json!({ "quarter": "2026-Q2", "shares": [share] })
}

fn of_shares(records: &[Record], field: &str, g: &Ground) -> Vec<Target> {
    let one = |(label, record): &Record| {
        let mut input = shares(json!({ field: [record] }));
        input["team"] = json!(id(&g.teams));
        (format!("with {field} {label}"), input)
    };
    records.iter().map(one).collect()
}
