use super::{Declared, Ground, ONESELF, Record, Target, alone, also, id, of, of_two};
use kernel::json;

pub fn one_on_ones(g: &Ground) -> Declared {
    let peers = json!({ "kind": "peers" });
    let promise = json!({ "one_on_one": id(&g.one_on_ones), "body": "New" });
    vec![
        ("one_on_one.start", of(&g.people, "person", peers)),
        ("one_on_one.list", alone(json!({}))),
        ("one_on_one.show", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.prepare", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.rhythm", of(&g.one_on_ones, "one_on_one", json!({}))),
        ("one_on_one.slots", of(&g.one_on_ones, "one_on_one", json!({}))),
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

pub fn checkins(g: &Ground) -> Declared {
    let start = json!({ "name": "Daily", "days": ["mon"], "opens": "09:30", "questions": ["What?"] });
    let part = |which: usize| -> Vec<Record> {
        let one = |(label, ids): &Record| (*label, ids.split(',').nth(which).unwrap_or_default().to_owned());
        g.entries.iter().map(one).collect()
    };
    let (entries, questions) = (part(0), part(1));
    let named = |words: &str, records: &[Record], input: &dyn Fn(&str) -> kernel::Json| -> Vec<Target> {
        let others = records.iter().filter(|(_, id)| id != ONESELF);
        others.map(|(label, id)| (format!("with {words} {label}"), input(id))).collect()
    };
    let mine = id(&entries);
    let answer = |question: &str| json!({ "entry": mine, "answers": [{ "question": question, "body": "New." }] });
    let blocked =
        |person: &str| json!({ "entry": mine, "answers": [], "blockers": [{ "body": "New", "ask": person }] });
    vec![
        ("checkin.start", of(&g.teams, "team", start)),
        ("checkin.list", alone(json!({}))),
        ("checkin.show", of(&g.checkins, "checkin", json!({}))),
        ("checkin.edit", of(&g.checkins, "checkin", json!({ "name": "New" }))),
        ("checkin.end", of(&g.checkins, "checkin", json!({}))),
        ("checkin.resume", of(&g.checkins, "checkin", json!({}))),
        ("checkin_round.show", of(&g.rounds, "round", json!({}))),
        ("checkin_entry.list", alone(json!({}))),
        ("checkin_entry.show", of(&entries, "entry", json!({}))),
        ("checkin.answer", of(&entries, "entry", json!({ "answers": [] }))),
        ("checkin.answer", named("question", &questions, &answer)),
        ("checkin.answer", named("ask", &g.people, &blocked)),
        ("blocker.solve", of(&g.blockers, "blocker", json!({}))),
    ]
}

pub fn retrospectives(g: &Ground) -> Declared {
    let start = json!({ "name": "Sprint", "format": "sailboat" });
    let promise = json!({ "retrospective": id(&g.boards), "body": "New" });
    let mut owned = promise.clone();
    owned["owner"] = json!(id(&g.people));
    let columns: Vec<Record> = g
        .board_columns
        .iter()
        .map(|(label, ids)| (*label, ids.split(',').nth(1).unwrap_or_default().to_owned()))
        .collect();
    vec![
        ("retrospective.start", of(&g.teams, "team", start)),
        ("retrospective.list", alone(json!({}))),
        ("retrospective.show", of(&g.boards, "retrospective", json!({}))),
        ("retrospective.facts", of(&g.boards, "retrospective", json!({}))),
        ("retrospective.outcome", of(&g.ended_boards, "retrospective", json!({}))),
        ("retrospective.move_on", of(&g.boards, "retrospective", json!({ "phase": "discuss" }))),
        ("retrospective_card.add", of_two(&g.board_columns, "retrospective", "column", json!({ "body": "New." }))),
        ("retrospective_card.drop", of(&g.cards, "card", json!({}))),
        ("retrospective_card.join", of(&g.cards, "card", json!({}))),
        ("retrospective_card.join", also(&g.topics, "topic", json!({ "card": id(&g.cards) }))),
        ("retrospective_topic.show", of(&g.topics, "topic", json!({}))),
        ("retrospective_topic.vote", of(&g.topics, "topic", json!({ "votes": 1 }))),
        ("retrospective_topic.conclude", of(&g.topics, "topic", json!({ "outcome": "New." }))),
        ("retrospective_column.rate", of(&columns, "column", json!({ "rating": 3 }))),
        ("retrospective_action.add", of(&g.boards, "retrospective", json!({ "owner": id(&g.people), "body": "New" }))),
        ("retrospective_action.add", also(&g.people, "owner", promise)),
        ("retrospective_action.add", also(&g.topics, "topic", owned)),
        ("retrospective_link.make", of(&g.boards, "retrospective", json!({ "days": 7 }))),
        ("retrospective_link.list", of(&g.boards, "retrospective", json!({}))),
        ("retrospective_link.end", of(&g.guest_links, "link", json!({}))),
        ("retrospective_remark.add", of(&g.topics, "topic", json!({ "body": "New." }))),
        ("retrospective_action.end", of(&g.actions, "action", json!({ "state": "kept" }))),
    ]
}

pub fn hand_overs(g: &Ground) -> Declared {
    vec![
        ("hand_over.list", [alone(json!({})), also(&g.teams, "team", json!({}))].concat()),
        ("hand_over.draft", of(&g.teams, "team", json!({}))),
        ("hand_over.write", of(&g.teams, "team", json!({ "body": "New." }))),
        ("hand_over.take_back", of(&g.hand_overs, "hand_over", json!({}))),
    ]
}

pub fn calendars() -> Declared {
    vec![
        ("calendar.show", alone(json!({}))),
        ("calendar.make_address", alone(json!({}))),
        ("calendar.end_address", alone(json!({}))),
        ("calendar.set", alone(json!({ "invited": false }))),
        ("calendar.show_busy", alone(json!({}))),
        ("calendar.subscribe_busy", alone(json!({ "address": "https://example.org/me.ics" }))),
        ("calendar.end_busy", alone(json!({}))),
    ]
}
