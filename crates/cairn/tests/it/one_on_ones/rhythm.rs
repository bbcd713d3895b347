//! How the two keep to what they agreed, which both see alike.
use super::{done, point, started};
use kernel::{Json, json};
use testkit::{World, worlds};

async fn rhythm(world: &World, who: &str, pair: &Json) -> Json {
    done(world, who, "one_on_one.rhythm", json!({ "one_on_one": pair })).await
}

async fn move_to(world: &World, who: &str, pair: &Json, at: &str) {
    done(world, who, "one_on_one.move", json!({ "one_on_one": pair, "starts_at": at })).await;
}

async fn hold(world: &World, pair: &Json, how: &str, at: &str) {
    world.pass_to(at).await;
    done(world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": how })).await;
}

/// Mara is in Lisbon from 09:00 to 17:30, Tomasz in Warsaw, an hour ahead, from 08:00 to 16:00.
#[tokio::test]
async fn it_says_how_far_apart_who_moved_and_who_sat_outside_their_hours() {
    for world in worlds().await {
        let pair = started(&world).await;
        move_to(&world, "mara", &pair, "2026-03-18T10:00:00Z").await;
        move_to(&world, "tomasz", &pair, "2026-03-18T15:45:00Z").await;
        hold(&world, &pair, "called", "2026-03-18T16:30:00Z").await;
        move_to(&world, "tomasz", &pair, "2026-03-26T10:00:00Z").await;
        move_to(&world, "mara", &pair, "2026-03-27T10:00:00Z").await;
        hold(&world, &pair, "called", "2026-03-27T11:00:00Z").await;
        hold(&world, &pair, "skipped", "2026-04-03T11:00:00Z").await;
        let found = rhythm(&world, "mara", &pair).await;
        assert_eq!(found["gaps"], json!([9]), "one that was skipped is none of them");
        assert_eq!((&found["skipped"], &found["calls"]), (&json!(1), &json!(2)));
        let by = |who: &str, times: i64| json!({ "person_id": world.person(who), "times": times });
        let moves = found["moves"].as_array().unwrap();
        assert_eq!(moves.len(), 2, "the first date is no move: {moves:?}");
        assert!(moves.contains(&by("tomasz", 2)) && moves.contains(&by("mara", 1)), "{moves:?}");
        assert_eq!(found["outside"], json!([by("tomasz", 1)]), "the call began at 16:45 in Warsaw");
        assert_eq!(rhythm(&world, "tomasz", &pair).await, found, "both see the same");
        let mut browser = world.browser("tomasz").await;
        let path = format!("/one-on-ones/{}/past", pair.as_str().unwrap());
        let page = browser.get(&path).await.text();
        assert!(page.contains("Dates were moved twice by Tomasz, once by Mara."), "{page}");
        assert!(page.contains("Of 2 calls, 1 outside the working hours of Tomasz."), "{page}");
        let list = browser.get("/one-on-ones").await.text();
        let words = "moved 3 times by Tomasz and Mara, 1 of 2 calls outside Tomasz's hours";
        assert!(list.contains(words), "{list}");
    }
}

#[tokio::test]
async fn growth_is_a_topic_of_the_bank_or_the_template_that_was_talked_about() {
    for world in worlds().await {
        let pair = started(&world).await;
        assert_eq!(rhythm(&world, "mara", &pair).await["growth_at"], Json::Null);
        let add = json!({ "one_on_one": pair, "body": "What could I hand over?", "question": "growth-2" });
        let topic = done(&world, "tomasz", "talking_point.add", add).await["id"].clone();
        let other = point(&world, "mara", &pair, "The pager").await;
        done(&world, "mara", "talking_point.close", json!({ "point": other })).await;
        let waits = rhythm(&world, "mara", &pair).await;
        assert_eq!((&waits["growth_at"], &waits["growth_waits"]), (&Json::Null, &json!(true)));
        world.pass_to("2026-03-20T10:00:00Z").await;
        done(&world, "mara", "talking_point.close", json!({ "point": topic })).await;
        let talked = rhythm(&world, "tomasz", &pair).await;
        assert_eq!((&talked["growth_at"], &talked["growth_waits"]), (&json!("2026-03-20T10:00:00Z"), &json!(false)));
        world.pass_to("2026-05-29T10:00:00Z").await;
        let list = world.browser("mara").await.get("/one-on-ones").await.text();
        assert!(list.contains("no growth topic for 10 weeks"), "{list}");
    }
}

/// What a manager has before them: those that are due first, then by their dates.
#[tokio::test]
async fn the_list_begins_with_those_that_are_due() {
    for world in worlds().await {
        let pair = started(&world).await;
        move_to(&world, "mara", &pair, "2026-03-18T10:00:00Z").await;
        let mine = format!("id=\"one-on-one-{}", pair.as_str().unwrap());
        let is_first = |page: &str| page.find("id=\"one-on-one-") == page.find(&mine);
        let list = async || world.browser("mara").await.get("/one-on-ones").await.text();
        assert!(!is_first(&list().await));
        world.pass_to("2026-03-18T11:00:00Z").await;
        let page = list().await;
        assert!(page.contains("did you talk?") && is_first(&page), "{page}");
    }
}
