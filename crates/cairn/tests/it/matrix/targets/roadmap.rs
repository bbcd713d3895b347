use super::{Declared, Ground, Target, alone, also, id, of, with_list};
use kernel::json;

pub fn projects(g: &Ground) -> Declared {
    let with_teams = |rest: kernel::Json| -> Vec<Target> {
        g.teams.iter().map(|(label, id)| (format!("with team {label}"), with_list(&rest, "teams", id))).collect()
    };
    let one = json!({ "project": id(&g.projects) });
    vec![
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
        ("forecast.of_milestone", of(&g.milestones, "milestone", json!({}))),
        ("forecast.of_milestone", also(&g.projects, "project", json!({ "milestone": "Halfway" }))),
        ("milestone.show", of(&g.milestones, "milestone", json!({}))),
        ("milestone.add", of(&g.projects, "project", json!({ "name": "New" }))),
        ("milestone.edit", of(&g.milestones, "milestone", json!({ "name": "Other" }))),
        ("milestone.remove", of(&g.milestones, "milestone", json!({}))),
        ("milestone.restore", of(&g.milestones, "milestone", json!({}))),
    ]
}
