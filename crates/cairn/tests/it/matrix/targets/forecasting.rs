use super::{Declared, Ground, alone, also, id, of, of_two};
use kernel::json;

pub fn forecasts(g: &Ground) -> Declared {
    let file = json!({ "name": "New", "file": "2026-03-01\n", "dry_run": true });
    vec![
        ("forecast.ask", of(&g.teams, "team", json!({ "items": 40 }))),
        ("forecast.ageing", of(&g.teams, "team", json!({}))),
        ("forecast.of_issue", of(&g.issues, "issue", json!({}))),
        ("forecast.of_sprint", of(&g.sprints, "sprint", json!({}))),
        ("forecast.of_sprint", also(&g.teams, "team", json!({ "sprint": id(&g.sprints) }))),
        ("forecast.issue", of(&g.teams, "team", json!({ "items": 40 }))),
        ("forecast.issue_sprint", of(&g.sprints, "sprint", json!({}))),
        ("forecast.record", alone(json!({}))),
        ("forecast.record", also(&g.teams, "team", json!({}))),
        ("forecast.choose_items", of(&g.teams, "team", json!({ "kind": "imported" }))),
        ("history.show", of(&g.teams, "team", json!({}))),
        ("history.import", of(&g.teams, "team", file)),
        ("history.remove", of_two(&g.finish_imports, "team", "import", json!({}))),
        ("history.restore", of_two(&g.finish_imports, "team", "import", json!({}))),
    ]
}

pub fn commitments(g: &Ground) -> Declared {
    let new = json!({ "name": "New", "promised_on": "2026-06-01", "items": 4 });
    let one = json!({ "commitment": id(&g.commitments), "items": 4 });
    let of_part = |rest: kernel::Json| of(&g.commitments, "commitment", rest);
    vec![
        ("commitment.sources", alone(json!({}))),
        ("commitment.list", alone(json!({}))),
        ("commitment.list", also(&g.teams, "team", json!({}))),
        ("commitment.show", of_part(json!({}))),
        ("commitment.add", of(&g.teams, "team", new)),
        ("commitment.edit", of_part(json!({ "name": "New" }))),
        ("commitment.add_part", of_part(json!({ "team": id(&g.teams), "items": 4 }))),
        ("commitment.add_part", also(&g.teams, "team", one)),
        ("commitment.recount", of_part(json!({ "rank": 1, "items": 4 }))),
        ("commitment.remove_part", of_part(json!({ "rank": 1 }))),
        ("commitment.end", of_part(json!({ "ending": "kept" }))),
        ("commitment.reopen", of_part(json!({}))),
    ]
}
