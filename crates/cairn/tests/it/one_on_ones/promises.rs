//! Promises are in the owner's inbox, and come back until they are kept or released.
use super::{ask, done, shown, started};
use asks::{Ask, ListAsks};
use kernel::{Error, Json, json, parse};
use testkit::{World, worlds};

async fn promised(world: &World, pair: &Json, body: &str) -> Json {
    let input = json!({ "one_on_one": pair, "owner": world.person("tomasz"), "body": body });
    let promise = done(world, "mara", "promise.make", input).await["id"].clone();
    world.drain().await;
    promise
}

/// The asks about promises in somebody's pile.
async fn about(world: &World, who: &str, pile: &str, body: &str) -> Vec<Ask> {
    let input = parse::<ListAsks>(json!({ "pile": pile, "limit": 1000 })).unwrap();
    let asks = world.call(&world.actor(who).await, input).await.unwrap().asks;
    asks.into_iter().filter(|ask| ask.subject.ends_with(body)).collect()
}

async fn state(world: &World, pair: &Json, promise: &Json) -> Json {
    let view = shown(world, "mara", pair).await;
    view["promises"].as_array().unwrap().iter().find(|one| one["id"] == *promise).unwrap()["state"].clone()
}

#[tokio::test]
async fn a_promise_is_owed_and_an_answer_keeps_it() {
    for world in worlds().await {
        let pair = started(&world).await;
        let promise = promised(&world, &pair, "Share the notes").await;
        let owed = about(&world, "tomasz", "owe", "Share the notes").await.remove(0);
        assert_eq!(owed.asker_id, Some(world.person("mara")), "it is on her pile of what she is owed");
        assert_eq!(
            owed.href.as_deref().unwrap().split('#').next(),
            Some(&*format!("/one-on-ones/{}", pair.as_str().unwrap()))
        );
        done(&world, "tomasz", "ask.finish", json!({ "asks": [owed.id] })).await;
        world.drain().await;
        assert_eq!(state(&world, &pair, &promise).await, "kept");
        done(&world, "tomasz", "ask.reopen", json!({ "asks": [owed.id] })).await;
        world.drain().await;
        assert_eq!(state(&world, &pair, &promise).await, "open");
        done(&world, "mara", "promise.keep", json!({ "promise": promise })).await;
        world.drain().await;
        assert!(about(&world, "tomasz", "owe", "Share the notes").await.is_empty(), "the ask ends with the promise");
        assert_eq!(state(&world, &pair, &promise).await, "kept");
    }
}

#[tokio::test]
async fn what_was_declined_comes_back_with_the_next_one_and_nothing_is_lost() {
    for world in worlds().await {
        let pair = started(&world).await;
        let promise = promised(&world, &pair, "Write the runbook").await;
        let owed = about(&world, "tomasz", "owe", "Write the runbook").await.remove(0);
        let decline = json!({ "asks": [owed.id], "reason": "Not this week." });
        done(&world, "tomasz", "ask.decline", decline).await;
        world.drain().await;
        assert_eq!(state(&world, &pair, &promise).await, "open", "only the two of them end it");
        assert!(about(&world, "tomasz", "owe", "Write the runbook").await.is_empty());
        for _ in 0..2 {
            done(&world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": "written" })).await;
            world.drain().await;
            assert_eq!(about(&world, "tomasz", "owe", "Write the runbook").await.len(), 1, "it is back, and once");
        }
        let release = json!({ "promise": promise, "reason": "The rota made it needless" });
        done(&world, "tomasz", "promise.release", release).await;
        world.drain().await;
        assert_eq!(state(&world, &pair, &promise).await, "released");
        assert!(about(&world, "tomasz", "owe", "Write the runbook").await.is_empty());
    }
}

#[tokio::test]
async fn whoever_is_owed_can_let_go_and_nobody_else_takes_over() {
    for world in worlds().await {
        let pair = started(&world).await;
        let promise = promised(&world, &pair, "Clean the board").await;
        let owed = about(&world, "tomasz", "owe", "Clean the board").await.remove(0);
        let pass = json!({ "asks": [owed.id], "to": world.person("priya") });
        let refused = ask(&world, "tomasz", "ask.hand_on", pass).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "a third person cannot see what it is about");
        done(&world, "mara", "ask.withdraw", json!({ "asks": [owed.id] })).await;
        world.drain().await;
        assert_eq!(state(&world, &pair, &promise).await, "released");
        let foreign = json!({ "one_on_one": pair, "owner": world.person("priya"), "body": "Everything" });
        assert!(matches!(ask(&world, "mara", "promise.make", foreign).await, Err(Error::NotFound)));
    }
}

/// The day is one of the owner's calendar, and the ask is due when the owner stops working on it.
#[tokio::test]
async fn a_promise_for_a_day_is_due_at_its_end_where_the_owner_is() {
    for world in worlds().await {
        let pair = started(&world).await;
        let input = json!({
            "one_on_one": pair, "owner": world.person("tomasz"), "body": "Ask Ana", "due_on": "2026-03-20",
        });
        done(&world, "tomasz", "promise.make", input).await;
        world.drain().await;
        let owed = about(&world, "tomasz", "owe", "Ask Ana").await.remove(0);
        assert_eq!(owed.due_at.to_string(), "2026-03-20T15:00:00Z", "16:00 in Warsaw, the end of his day");
        let past = json!({ "one_on_one": pair, "owner": world.person("mara"), "body": "Old", "due_on": "2026-03-16" });
        assert!(matches!(ask(&world, "mara", "promise.make", past).await, Err(Error::Invalid(_))));
    }
}
