//! What is between two people, and what a team says to itself.
use super::{Canary, IN_AN_ASK, canary, done, with};
use kernel::{Json, json};
use rituals::checkin::PassTime;
use testkit::World;

/// What mara and tomasz write on their page, and what they promise.
pub async fn plant_one_on_one(world: &World) -> Vec<Canary> {
    let begin = json!({ "person": world.person("tomasz"), "kind": "report" });
    let pair = done(world, "mara", "one_on_one.start", begin).await["id"].clone();
    let on_pair = |more: Json| with(json!({ "one_on_one": pair }), more);
    let point =
        done(world, "tomasz", "talking_point.add", on_pair(json!({ "body": "canary-13-point" }))).await["id"].clone();
    done(world, "mara", "talking_point.reply", json!({ "point": point, "body": "canary-13-reply" })).await;
    done(world, "mara", "talking_point.drop", json!({ "point": point, "reason": "canary-13-dropped" })).await;
    let date = json!({ "starts_at": "2026-03-24T10:00:00Z", "reason": "canary-13-moved" });
    done(world, "mara", "one_on_one.move", on_pair(date)).await;
    done(world, "mara", "one_on_one.write_notes", on_pair(json!({ "body": "canary-13-notes", "version": 0 }))).await;
    let promise = |body: &str| on_pair(json!({ "owner": world.person("tomasz"), "body": body }));
    done(world, "mara", "promise.make", promise("canary-13-promise")).await;
    let released = done(world, "mara", "promise.make", promise("canary-13-other")).await["id"].clone();
    done(world, "mara", "promise.release", json!({ "promise": released, "reason": "canary-13-released" })).await;
    let words = ["point", "reply", "dropped", "moved", "notes", "released"];
    let promises = ["promise", "other"].map(|word| (IN_AN_ASK, word));
    let all = words.map(|word| ("a text of a one-on-one", word)).into_iter().chain(promises);
    all.map(|(what, word)| Canary { what, word: format!("canary-13-{word}"), readers: &[] }).collect()
}

/// Leo is on payments, and the others of those who look are not.
pub async fn plant_together(world: &World) -> Vec<Canary> {
    let all = ["mon", "tue", "wed", "thu", "fri"];
    let start = json!({
        "team": world.team("payments"), "name": "canary-14-name", "days": all, "opens": "09:30", "hours": 8,
        "questions": ["canary-14-question"], "goals": "canary-14-goal",
    });
    let checkin = done(world, "mara", "checkin.start", start).await["id"].clone();
    world.call(&world.system(), PassTime {}).await.unwrap();
    let own = done(world, "mara", "checkin_entry.list", json!({})).await;
    let own = own.as_array().and_then(|own| own.iter().find(|one| one["checkin_id"] == checkin));
    let entry = own.expect("it has opened for mara")["id"].clone();
    let view = done(world, "mara", "checkin_entry.show", json!({ "entry": entry })).await;
    let said = json!({ "question": view["questions"][0]["id"], "body": "canary-14-answer", "goal": "canary-14-goal" });
    let input = json!({ "entry": entry, "answers": [said], "blockers": [{ "body": "canary-14-blocker" }] });
    done(world, "mara", "checkin.answer", input).await;
    let board = json!({ "team": world.team("payments"), "name": "canary-14-board", "format": "sailboat", "anonymous": true,
        "guests": true });
    let board = done(world, "mara", "retrospective.start", board).await["id"].clone();
    let link = json!({ "retrospective": board, "days": 7 });
    let link = done(world, "mara", "retrospective_link.make", link).await["address"].clone();
    let shown = done(world, "mara", "retrospective.show", json!({ "retrospective": board })).await;
    let card = json!({ "retrospective": board, "column": shown["columns"][0]["id"], "body": "canary-14-card" });
    done(world, "tomasz", "retrospective_card.add", card).await;
    for phase in ["collect", "group", "vote"] {
        done(world, "mara", "retrospective.move_on", json!({ "retrospective": board, "phase": phase })).await;
    }
    let shown = done(world, "mara", "retrospective.show", json!({ "retrospective": board })).await;
    let decided = json!({ "topic": shown["topics"][0]["id"], "outcome": "canary-14-outcome" });
    done(world, "mara", "retrospective_topic.conclude", decided).await;
    let said = json!({ "topic": shown["topics"][0]["id"], "body": "canary-14-remark" });
    done(world, "mara", "retrospective_remark.add", said).await;
    done(world, "mara", "retrospective.move_on", json!({ "retrospective": board, "phase": "discuss" })).await;
    let left = json!({ "team": world.team("payments"), "body": "canary-14-left" });
    done(world, "tomasz", "hand_over.write", left).await;
    let words = ["answer", "blocker", "card", "outcome", "left", "remark"];
    let said = words.map(|word| canary("what a team says to itself", &format!("canary-14-{word}"), &["leo"]));
    let secret = link.as_str().and_then(|address| address.rsplit('/').next()).expect("the link is told once");
    said.into_iter().chain([canary("the secret of a link for guests", secret, &[])]).collect()
}

/// The addresses of that.
pub async fn together_by_id(world: &World) -> Vec<String> {
    let checkins = done(world, "mara", "checkin.list", json!({})).await;
    let boards = done(world, "mara", "retrospective.list", json!({})).await;
    let list = |json: &Json| json.as_array().cloned().unwrap_or_default();
    let ids = |json: &Json| -> Vec<String> {
        list(json).into_iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect()
    };
    let rounds =
        list(&checkins["checkins"]).into_iter().filter_map(|one| one["last"]["id"].as_str().map(str::to_owned));
    let rounds = rounds.map(|id| format!("/check-ins/rounds/{id}"));
    let mut places = Vec::new();
    for board in ids(&boards["retrospectives"]) {
        let shown = done(world, "mara", "retrospective.show", json!({ "retrospective": board })).await;
        places.extend(ids(&shown["topics"]).into_iter().map(|id| format!("/retrospective-topics/{id}")));
        let pages = ["", "/guests", "/result", "/result.md"];
        places.extend(pages.map(|page| format!("/retrospectives/{board}{page}")));
    }
    let left = done(world, "mara", "hand_over.list", json!({})).await;
    let left = ids(&left["hand_overs"]).into_iter().map(|id| format!("/hand-overs/{id}"));
    let team = [format!("/teams/{}/hand-over", world.team("payments")), "/hand-over".into()];
    rounds.chain(places).chain(left).chain(team).collect()
}
