use super::{Declared, Ground, alone, also, id, of};
use kernel::json;

pub fn one_on_ones(g: &Ground) -> Declared {
    let peers = json!({ "kind": "peers" });
    let promise = json!({ "one_on_one": id(&g.one_on_ones), "body": "New" });
    vec![
        ("one_on_one.start", of(&g.people, "person", peers)),
        ("one_on_one.list", alone(json!({}))),
        ("one_on_one.show", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.edit", of(&g.one_on_ones, "one_on_one", json!({ "cadence": "weekly" }))),
        ("one_on_one.end", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.resume", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.move", of(&g.one_on_ones, "one_on_one", json!({ "starts_at": "2026-06-01T10:00:00Z" }))),
        ("one_on_one.hold", of(&g.one_on_ones, "one_on_one", json!({ "how": "called" }))),
        ("one_on_one.write_notes", of(&g.one_on_ones, "one_on_one", json!({ "body": "New.", "version": 0 }))),
        ("one_on_one.questions", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.use_template", of(&g.one_on_ones, "one_on_one", json!({ "template": "growth" }))),
        ("talking_point.add", of(&g.one_on_ones, "one_on_one", json!({ "body": "New." }))),
        ("talking_point.edit", of(&g.points, "point", json!({ "body": "New." }))),
        ("talking_point.close", of(&g.points, "point", json!({}))),
        ("talking_point.drop", of(&g.points, "point", json!({ "reason": "Old." }))),
        ("talking_point.reopen", of(&g.points, "point", json!({}))),
        ("talking_point.reply", of(&g.points, "point", json!({ "body": "New." }))),
        ("promise.make", of(&g.one_on_ones, "one_on_one", json!({ "owner": id(&g.people), "body": "New" }))),
        ("promise.make", also(&g.people, "owner", promise)),
        ("promise.keep", of(&g.promises, "promise", json!({}))),
        ("promise.release", of(&g.promises, "promise", json!({ "reason": "Old." }))),
        ("promise.reopen", of(&g.promises, "promise", json!({}))),
    ]
}
