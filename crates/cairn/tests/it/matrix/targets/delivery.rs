use super::{Declared, Ground, alone, also, id, of};
use kernel::json;

pub fn histories(g: &Ground) -> Declared {
    let mut all = told(g);
    all.extend(kept(g));
    all
}

/// What systems tell, and the numbers that follow.
fn told(g: &Ground) -> Declared {
    let hook = json!({ "system": "github", "name": "Northwind" });
    let connection = json!({ "system": "github", "scope": "group", "path": "southwind", "token": "none" });
    let builds = json!({ "system": "circleci", "scope": "repository", "path": "southwind/pay", "token": "none" });
    let records = json!({ "system": "github" });
    let deployment = json!({ "id": "1", "environment": "production", "outcome": "succeeded" });
    let incident = json!({ "id": "1", "title": "Down", "opened_at": "2026-03-18T09:00:00Z" });
    vec![
        ("pipeline.import", alone(records.clone())),
        ("pipeline.import", also(&g.repositories, "repository", records.clone())),
        ("pipeline.import", also(&g.teams, "team", records)),
        ("deployment.add", of(&g.repositories, "repository", deployment)),
        ("deployment.list", of(&g.teams, "team", json!({}))),
        ("deployment_rule.list", of(&g.teams, "team", json!({}))),
        ("deployment_rule.set", of(&g.teams, "team", json!({ "rules": [] }))),
        ("incident.add", of(&g.teams, "team", incident)),
        ("delivery.keys", of(&g.teams, "team", json!({}))),
        ("delivery.lens", of(&g.teams, "team", json!({}))),
        ("incident.list", of(&g.teams, "team", json!({}))),
        ("delivery.code", of(&g.teams, "team", json!({}))),
        ("delivery.code", of(&g.repositories, "repository", json!({}))),
        ("pull.imports", alone(json!({}))),
        ("hook.add", alone(hook.clone())),
        ("hook.add", also(&g.repositories, "repository", hook.clone())),
        ("hook.add", also(&g.teams, "team", hook)),
        ("hook.list", alone(json!({}))),
        ("hook.rotate", of(&g.hooks, "hook", json!({}))),
        ("hook.retry", of(&g.hooks, "hook", json!({}))),
        ("hook.remove", of(&g.hooks, "hook", json!({}))),
        ("connection.add", alone(connection.clone())),
        ("connection.add", also(&g.teams, "team", connection)),
        ("connection.add", also(&g.repositories, "repository", builds)),
        ("connection.list", alone(json!({}))),
        ("connection.stop", of(&g.connections, "connection", json!({}))),
        ("connection.start", of(&g.connections, "connection", json!({}))),
        ("connection.set_token", of(&g.connections, "connection", json!({ "token": "other" }))),
        ("connection.remove", of(&g.connections, "connection", json!({}))),
        ("delivery.builds", of(&g.teams, "team", json!({}))),
        ("delivery.reviews", of(&g.teams, "team", json!({}))),
        ("delivery.review_lens", of(&g.teams, "team", json!({}))),
        ("annotation.list", of(&g.teams, "team", json!({}))),
        ("annotation.add", of(&g.teams, "team", json!({ "date": "2026-03-06", "text": "New machines" }))),
        ("annotation.remove", of(&g.annotations, "annotation", json!({}))),
        ("agreement.list", of(&g.teams, "team", json!({}))),
        ("agreement.set", of(&g.teams, "team", json!({ "kind": "size", "most": 300 }))),
        ("agreement.set_nudges", of(&g.teams, "team", json!({ "on": true }))),
        ("agreement.end", of(&g.teams, "team", json!({ "kind": "size" }))),
        ("investment.show", of(&g.teams, "team", json!({}))),
        ("investment_rule.list", of(&g.teams, "team", json!({}))),
        ("investment_rule.set", of(&g.teams, "team", json!({ "rules": [] }))),
        ("delivery.signals", of(&g.teams, "team", json!({}))),
        ("delivery.review_load", of(&g.teams, "team", json!({}))),
    ]
}

/// Repositories and whoever commits to them.
fn kept(g: &Ground) -> Declared {
    let new = json!({ "name": "New", "location": "/srv/git/new" });
    let one = json!({ "identity": id(&g.identities) });
    vec![
        ("repository.add", alone(new.clone())),
        ("repository.add", also(&g.teams, "team", new)),
        ("repository.list", alone(json!({}))),
        ("repository.list", also(&g.teams, "team", json!({}))),
        ("repository.show", of(&g.repositories, "repository", json!({}))),
        ("repository.edit", of(&g.repositories, "repository", json!({ "name": "New" }))),
        ("repository.edit", also(&g.teams, "team", json!({ "repository": id(&g.repositories) }))),
        ("repository.import", of(&g.repositories, "repository", json!({ "commits": [] }))),
        ("repository.finish_import", of(&g.repositories, "repository", json!({ "refs": [], "contents": "lines" }))),
        ("identity.list", alone(json!({}))),
        ("identity.claim", of(&g.identities, "identity", json!({}))),
        ("identity.claim", also(&g.people, "person", one)),
        ("identity.release", of(&g.identities, "identity", json!({}))),
    ]
}
