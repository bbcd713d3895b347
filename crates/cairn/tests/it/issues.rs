//! Issues: keys, fields with their history, relations, what is below what, and the pages around them.
mod board;
mod code;
mod fields;
mod pages;
mod picker;
mod queries;
mod views;

use kernel::{Actor, Error, Json, json};
use testkit::{World, worlds};

/// An issue of payments, made by tomasz.
pub async fn issue(world: &World, more: Json) -> Json {
    let mut input = json!({ "team": world.team("payments"), "title": "Refund twice" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, "tomasz", "issue.create", input).await
}

pub async fn asked(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let actor = world.actor(who).await;
    world.ask(&actor, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

pub async fn shown(world: &World, issue: &Json) -> Json {
    asked(world, "tomasz", "issue.show", json!({ "issue": issue })).await
}

/// The state of payments that is called so.
pub async fn state(world: &World, name: &str) -> Json {
    let work = asked(world, "tomasz", "work.show", json!({ "team": world.team("payments") })).await;
    let found = work["states"].as_array().unwrap().iter().find(|state| state["name"] == name);
    found.unwrap_or_else(|| panic!("no state {name}"))["id"].clone()
}

fn flaw(error: Error) -> String {
    match error {
        Error::Invalid(flaws) => flaws[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

fn number(issue: &Json) -> u32 {
    issue["key"].as_str().unwrap().rsplit_once('-').unwrap().1.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_have_no_gaps_even_when_many_create_at_once() {
    for world in worlds().await {
        let first = number(&issue(&world, json!({})).await);
        let actor = world.actor("priya").await;
        let input = json!({ "team": world.team("payments"), "title": "At once" });
        let all = (0..12).map(|_| world.ask(&actor, "issue.create", input.clone()));
        let mut numbers: Vec<u32> =
            futures_util::future::join_all(all).await.into_iter().map(|made| number(&made.unwrap())).collect();
        let refused = json!({ "team": world.team("payments"), "title": "No", "state": state_elsewhere(&world).await });
        assert_eq!(flaw(world.ask(&actor, "issue.create", refused).await.unwrap_err()), "state");
        numbers.push(number(&issue(&world, json!({})).await));
        numbers.sort_unstable();
        assert_eq!(numbers, (first + 1..first + 14).collect::<Vec<_>>());
    }
}

async fn state_elsewhere(world: &World) -> Json {
    let work = asked(world, "tomasz", "work.show", json!({ "team": world.team("ledger") })).await;
    work["states"][0]["id"].clone()
}

#[tokio::test]
async fn a_former_key_leads_to_the_issue_for_ever() {
    for world in worlds().await {
        let old = issue(&world, json!({})).await;
        let moved = json!({ "issue": old["key"], "team": world.team("ledger") });
        let moved = asked(&world, "tomasz", "issue.move", moved).await;
        assert_ne!(moved["key"], old["key"]);
        assert_eq!(shown(&world, &old["key"]).await["id"], old["id"]);
        assert_eq!(shown(&world, &moved["key"]).await["former_keys"], json!([old["key"]]));
        let renamed = json!({ "team": world.team("ledger"), "key": "gl" });
        let ledger = asked(&world, "joana", "work.edit", renamed).await;
        assert_eq!(ledger["key"], "GL");
        for key in [&old["key"], &moved["key"]] {
            assert_eq!(shown(&world, key).await["id"], old["id"]);
        }
        let taken = json!({ "team": world.team("payments"), "key": "led" });
        assert_eq!(flaw(world.ask(&world.actor("tomasz").await, "work.edit", taken).await.unwrap_err()), "key");
        let page = world.browser("priya").await.get(&format!("/issues/{}", old["key"].as_str().unwrap())).await;
        assert_eq!(page.status, 308);
    }
}

#[tokio::test]
async fn time_in_each_state_is_kept_and_a_finish_is_taken_back() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await;
        let id = made["id"].clone();
        for (at, name) in [("2026-03-18T12:00:00Z", "In progress"), ("2026-03-20T12:00:00Z", "Done")] {
            world.clock.set(at.parse::<jiff::Timestamp>().unwrap().into());
            let input = json!({ "issue": id, "state": state(&world, name).await });
            asked(&world, "tomasz", "issue.edit", input).await;
        }
        let done = shown(&world, &id).await;
        assert_eq!(
            (&done["started_at"], &done["finished_at"]),
            (&json!("2026-03-18T12:00:00Z"), &json!("2026-03-20T12:00:00Z"))
        );
        let again = json!({ "issue": id, "state": state(&world, "In progress").await });
        asked(&world, "tomasz", "issue.edit", again).await;
        world.clock.set("2026-03-20T18:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let open = shown(&world, &id).await;
        assert_eq!((&open["finished_at"], &open["started_at"]), (&Json::Null, &done["started_at"]));
        let stays: Vec<(&str, i64)> = open["stays"]
            .as_array()
            .unwrap()
            .iter()
            .map(|stay| (stay["state_name"].as_str().unwrap(), stay["seconds"].as_i64().unwrap() / 3600))
            .collect();
        assert_eq!(stays, [("Backlog", 24), ("In progress", 54), ("Done", 0)]);
    }
}

#[tokio::test]
async fn an_issue_is_blocked_while_another_open_one_blocks_it() {
    for world in worlds().await {
        let (one, other) = (issue(&world, json!({})).await, issue(&world, json!({ "title": "First this" })).await);
        let relate = json!({ "issue": one["id"], "direction": "blocked_by", "other": other["key"] });
        asked(&world, "tomasz", "issue.relate", relate).await;
        assert_eq!(shown(&world, &one["id"]).await["blocked_since"], json!("2026-03-17T12:00:00Z"));
        assert_eq!(shown(&world, &other["id"]).await["relations"][0]["direction"], "blocks");
        let done = json!({ "issue": other["id"], "state": state(&world, "Done").await });
        asked(&world, "tomasz", "issue.edit", done).await;
        assert_eq!(shown(&world, &one["id"]).await["blocked_since"], Json::Null);
        let itself = json!({ "issue": one["id"], "direction": "relates", "other": one["key"] });
        assert_eq!(flaw(world.ask(&world.actor("tomasz").await, "issue.relate", itself).await.unwrap_err()), "other");
    }
}

#[tokio::test]
async fn what_is_below_has_no_circles_and_rolls_up() {
    for world in worlds().await {
        let top = issue(&world, json!({ "estimate": 13 })).await;
        let middle = issue(&world, json!({ "parent": top["key"], "estimate": 8 })).await;
        let leaf = issue(&world, json!({ "parent": middle["id"], "estimate": "2.5" })).await;
        let other = issue(&world, json!({ "parent": top["id"], "estimate": "S" })).await;
        let gone = issue(&world, json!({ "parent": top["id"] })).await;
        for (below, name) in [(&leaf, "Done"), (&gone, "Cancelled")] {
            let input = json!({ "issue": below["id"], "state": state(&world, name).await });
            asked(&world, "tomasz", "issue.edit", input).await;
        }
        let view = shown(&world, &top["id"]).await;
        assert_eq!(view["progress"], json!({ "done": 1, "all": 2, "done_estimate": 2.5, "all_estimate": 4.5 }));
        assert_eq!(view["below"].as_array().unwrap().len(), 3);
        let actor = world.actor("tomasz").await;
        for above in [&top, &leaf] {
            let circle = json!({ "issue": top["id"], "parent": above["id"] });
            assert_eq!(flaw(world.ask(&actor, "issue.edit", circle).await.unwrap_err()), "parent");
        }
        assert_eq!(shown(&world, &other["id"]).await["parent"]["key"], top["key"]);
    }
}

#[tokio::test]
async fn a_change_is_undone_but_for_what_somebody_changed_since() {
    for world in worlds().await {
        let label = asked(&world, "tomasz", "label.add", json!({ "name": "Later" })).await;
        let made = issue(&world, json!({ "labels": [label["id"]], "priority": "low", "body": "Before" })).await;
        let input = json!({
            "issue": made["id"], "priority": "urgent", "assignee": world.person("priya"), "labels": [], "body": "After",
            "due_on": "2026-04-01", "estimate": 5, "title": "Another",
        });
        let edited = asked(&world, "tomasz", "issue.edit", input).await;
        asked(&world, "priya", "issue.edit", json!({ "issue": made["id"], "estimate": 8 })).await;
        let undo = json!({ "batch": edited["batch"] });
        let refused = world.ask(&world.actor("priya").await, "issue.undo", undo.clone()).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "each undoes what they did themselves");
        assert_eq!(asked(&world, "tomasz", "issue.undo", undo).await["kept"], 1);
        let now = shown(&world, &made["id"]).await;
        assert_eq!((&now["priority"], &now["body"], &now["title"]), (&json!("low"), &json!("Before"), &made["title"]));
        assert_eq!((&now["assignee_id"], &now["due_on"], &now["estimate"]), (&Json::Null, &Json::Null, &json!(8.0)));
        assert_eq!(now["labels"][0]["name"], "Later");
        let nothing = asked(&world, "tomasz", "issue.edit", json!({ "issue": made["id"], "priority": "low" })).await;
        assert_eq!(nothing["batch"], Json::Null, "what is so already is no change");
    }
}

#[tokio::test]
async fn a_deleted_issue_comes_back_with_its_key() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await;
        asked(&world, "tomasz", "issue.delete", json!({ "issue": made["key"] })).await;
        let edit = json!({ "issue": made["key"], "priority": "low" });
        assert!(matches!(world.ask(&world.actor("tomasz").await, "issue.edit", edit).await, Err(Error::NotFound)));
        assert_eq!(asked(&world, "tomasz", "issue.restore", json!({ "issue": made["key"] })).await["key"], made["key"]);
    }
}

#[tokio::test]
async fn a_state_with_issues_and_the_last_of_its_meaning_stay() {
    for world in worlds().await {
        let made = issue(&world, json!({})).await;
        let actor: Actor = world.actor("tomasz").await;
        let archive =
            async |name: &str| world.ask(&actor, "state.archive", json!({ "state": state(&world, name).await })).await;
        let add = json!({ "team": world.team("payments"), "name": "Parked", "category": "backlog" });
        let parked = asked(&world, "tomasz", "state.add", add.clone()).await;
        asked(&world, "tomasz", "issue.edit", json!({ "issue": made["id"], "state": parked["id"] })).await;
        assert!(matches!(archive("Parked").await, Err(Error::Conflict(_))));
        asked(&world, "tomasz", "issue.edit", json!({ "issue": made["id"], "state": state(&world, "Ready").await }))
            .await;
        archive("Parked").await.unwrap();
        assert!(matches!(archive("Done").await, Err(Error::Conflict(_))), "the last state that means done");
        assert_eq!(flaw(world.ask(&actor, "state.add", add).await.unwrap_err()), "name");
        asked(&world, "tomasz", "state.restore", json!({ "state": parked["id"] })).await;
    }
}
