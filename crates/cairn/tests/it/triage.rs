//! Triage: who looks at what is new, by when, and what is decided about it.
use crate::issues::{asked, shown, state};
use kernel::{Error, Json, Time, json};
use std::time::Duration;
use testkit::{World, noon, worlds};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn filed(world: &World, who: &str, more: Json) -> Json {
    let mut input = json!({ "team": world.team("ledger"), "title": "Totals differ by a cent" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, who, "issue.create", input).await
}

async fn triage(world: &World) -> Json {
    asked(world, "arjun", "triage.show", json!({ "team": world.team("ledger") })).await
}

fn keys(list: &Json) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap()).collect()
}

/// Ledger looks first at what others file; arjun and then another one take turns.
async fn settle(world: &World, second: &str) {
    let people = [world.person("arjun"), world.person(second)];
    let promises = json!([
        { "priority": "urgent", "look_hours": 1, "done_hours": 8 },
        { "priority": "none", "look_hours": 8 },
    ]);
    let set = json!({
        "team": world.team("ledger"), "zone": "Europe/Lisbon", "from_others": true, "people": people,
        "promises": promises,
    });
    asked(world, "arjun", "triage.set", set).await;
}

/// What stands open about the triage of ledger in somebody's inbox.
async fn waiting(world: &World, who: &str) -> Vec<Json> {
    let inbox = asked(world, who, "ask.list", json!({})).await;
    let about = inbox["asks"].as_array().unwrap().iter().filter(|ask| ask["about_id"] == json!(world.team("ledger")));
    about.cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_turn_is_asked_once_until_nothing_waits() {
    for world in worlds().await {
        settle(&world, "priya").await;
        let first = filed(&world, "tomasz", json!({})).await;
        assert_eq!(first["category"], "triage", "what others file begins in triage");
        assert_eq!(filed(&world, "arjun", json!({})).await["category"], "backlog", "the team's own does not");
        filed(&world, "tomasz", json!({ "title": "Another one" })).await;
        world.pass_to_time(noon() + Duration::from_secs(600)).await;
        let asks = waiting(&world, "arjun").await;
        assert_eq!(asks.len(), 1, "{asks:?}");
        assert!(asks[0]["subject"].as_str().unwrap().contains("2 issues"));
        assert!(waiting(&world, "priya").await.is_empty());
        let urgent = filed(&world, "tomasz", json!({ "priority": "urgent" })).await;
        let late = asks[0]["due_at"].clone();
        world.pass_to_time(noon() + Duration::from_secs(1200)).await;
        world.pass_to_time(noon() + Duration::from_secs(1210)).await;
        let asks = waiting(&world, "arjun").await;
        assert_eq!(asks.len(), 1, "an earlier time replaces the ask: {asks:?}");
        assert!(asks[0]["due_at"].as_str().unwrap() < late.as_str().unwrap());
        let view = triage(&world).await;
        assert_eq!(view["waiting"][0]["key"], urgent["key"], "what is due first stands at the top");
        let all = keys(&view["waiting"]);
        asked(&world, "arjun", "triage.accept", json!({ "issues": all })).await;
        assert_eq!(triage(&world).await["waiting"], json!([]));
        world.pass_to_time(noon() + Duration::from_secs(1800)).await;
        assert!(waiting(&world, "arjun").await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_turn_goes_on_each_monday_and_can_be_given() {
    for world in worlds().await {
        settle(&world, "priya").await;
        let view = triage(&world).await;
        let who = |at: usize, view: &Json| view["turns"][at]["person_id"].clone();
        assert_eq!(who(0, &view), json!(world.person("arjun")));
        assert_eq!(who(1, &view), json!(world.person("priya")));
        let give = json!({ "team": world.team("ledger"), "week_on": view["turns"][1]["week_on"], "person": world.person("leo") });
        asked(&world, "arjun", "triage.give_turn", give).await;
        let view = triage(&world).await;
        assert_eq!((&view["turns"][1]["given"], who(1, &view)), (&json!(true), json!(world.person("leo"))));
        filed(&world, "tomasz", json!({})).await;
        world.pass_to_time(noon() + Duration::from_secs(600)).await;
        assert_eq!(waiting(&world, "arjun").await.len(), 1);
        world.pass_to_time(noon() + DAY * 7).await;
        world.pass_to_time(noon() + DAY * 7 + Duration::from_secs(10)).await;
        assert!(waiting(&world, "arjun").await.is_empty(), "the turn is over");
        assert_eq!(waiting(&world, "leo").await.len(), 1);
        let view = triage(&world).await;
        let due: Time = serde_json::from_value(view["waiting"][0]["due_at"].clone()).unwrap();
        assert!(due < noon() + DAY * 7, "it is overdue: {due}");
        assert!(view["waiting"][0]["waited_minutes"].as_i64().unwrap() > 8 * 60);
        let past = json!({ "team": world.team("ledger"), "week_on": "2026-03-02" });
        let refused = world.ask(&world.actor("arjun").await, "triage.give_turn", past).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_decided_can_be_undone() {
    for world in worlds().await {
        settle(&world, "priya").await;
        let (one, two) = (filed(&world, "tomasz", json!({})).await, filed(&world, "tomasz", json!({})).await);
        let target = filed(&world, "arjun", json!({ "title": "Rounding" })).await;
        let merge = json!({ "issues": [one["key"]], "into": target["key"] });
        let acted = asked(&world, "arjun", "triage.merge", merge).await;
        let merged = shown(&world, &one["key"]).await;
        assert_eq!(merged["category"], "cancelled");
        assert_eq!(merged["relations"][0]["other"]["key"], target["key"]);
        let stranger = world.ask(&world.actor("tomasz").await, "triage.undo", json!({ "batch": acted["batch"] })).await;
        assert!(matches!(stranger, Err(Error::Forbidden)), "{stranger:?}");
        asked(&world, "arjun", "triage.undo", json!({ "batch": acted["batch"] })).await;
        let back = shown(&world, &one["key"]).await;
        assert_eq!((&back["category"], &back["relations"]), (&json!("triage"), &json!([])));
        assert_eq!(back["state_since"], one["state_since"], "it waits as long as before");
        let silent = json!({ "issues": [two["key"]], "reason": " " });
        assert!(world.ask(&world.actor("arjun").await, "triage.decline", silent).await.is_err());
        let declined = json!({ "issues": [two["key"]], "reason": "The bank rounds so" });
        asked(&world, "arjun", "triage.decline", declined.clone()).await;
        assert_eq!(shown(&world, &two["key"]).await["category"], "cancelled");
        let again = world.ask(&world.actor("arjun").await, "triage.decline", declined).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
        let page = world.browser("tomasz").await.get(&format!("/issues/{}", two["key"].as_str().unwrap())).await;
        assert!(page.text().contains("The bank rounds so"), "whoever filed it reads why");
        let off = json!({ "issues": [one["key"]], "until": "2026-03-23" });
        let off = asked(&world, "arjun", "triage.put_off", off).await;
        let view = triage(&world).await;
        assert_eq!((keys(&view["waiting"]), keys(&view["put_off"])), (vec![], vec![one["key"].as_str().unwrap()]));
        world.pass_to_time(noon() + DAY * 7).await;
        assert_eq!(keys(&triage(&world).await["waiting"]).len(), 1, "it is back on the day");
        asked(&world, "arjun", "triage.undo", json!({ "batch": off["batch"] })).await;
        assert_eq!(triage(&world).await["put_off"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_decides_about_what_is_chosen() {
    let world = worlds().await.remove(0);
    let team = world.team("payments");
    let new = json!({ "team": team, "title": "A fee is charged twice", "state": state(&world, "Triage").await });
    let issue = asked(&world, "priya", "issue.create", new).await;
    let (mut priya, here) = (world.browser("priya").await, format!("/teams/{team}/triage"));
    let id = issue["id"].as_str().unwrap();
    let empty = priya.post_from(&here, &format!("{here}/declined"), &[("issues", id), ("reason", "")]).await;
    assert_eq!(empty.status, 422);
    let sent = priya.post_from(&here, &format!("{here}/accepted"), &[("issues", id), ("state", "")]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert_eq!(shown(&world, &issue["key"]).await["category"], "backlog");
    let fields =
        [("people", world.person("leo").to_string()), ("zone", "Asia/Tokyo".to_owned()), ("look_high", "4".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let settings = format!("{here}/settings");
    let saved = priya.post_from(&settings, &settings, &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    let view = asked(&world, "priya", "triage.show", json!({ "team": team })).await;
    assert_eq!((&view["zone"], &view["from_others"]), (&json!("Asia/Tokyo"), &json!(false)));
    assert_eq!(view["promises"], json!([{ "priority": "high", "look_hours": 4, "done_hours": null }]));
    let page = priya.get(&here).await.text();
    assert!(page.contains("looks at it this week"), "{page}");
}
