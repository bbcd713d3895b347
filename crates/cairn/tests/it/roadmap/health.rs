//! How projects stand, who is asked for it, and initiatives.
use super::{field, project, refused, view};
use crate::issues::{asked, issue, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn say(world: &World, who: &str, project: &Json, health: &str, why: &str) -> Json {
    asked(world, who, "project.post_health", json!({ "project": project["id"], "health": health, "why": why })).await
}

/// What waits in the inbox of mara about projects.
async fn inbox(world: &World) -> Vec<String> {
    world.drain().await;
    let list = asked(world, "mara", "ask.list", json!({ "pile": "owe" })).await;
    let all = list["asks"].as_array().unwrap().iter().map(|ask| ask["subject"].as_str().unwrap().to_owned());
    all.filter(|subject| subject.starts_with("How does Euro")).collect()
}

#[tokio::test]
async fn what_was_said_stays_and_is_old_after_a_while() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({ "state": "started" })).await;
        say(&world, "priya", &euro, "on_track", "It goes well.").await;
        world.pass_to("2026-03-18T09:00:00Z").await;
        say(&world, "mara", &euro, "off_track", "The bank left.").await;
        let found = view(&world, &euro).await["health"].clone();
        let told: Vec<&str> = found.as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
        assert_eq!((told, &found[0]["is_old"]), (vec!["The bank left.", "It goes well."], &json!(false)));
        let empty = json!({ "project": euro["id"], "health": "on_track", "why": " " });
        assert_eq!(field(refused(&world, "mara", "project.post_health", empty).await), "why");
        let stranger = json!({ "project": euro["id"], "health": "on_track", "why": "Well" });
        assert!(matches!(refused(&world, "leila", "project.post_health", stranger).await, Error::Forbidden));

        world.pass_to("2026-04-06T09:00:00Z").await;
        assert_eq!(view(&world, &euro).await["health"][0]["is_old"], true, "19 days, and no rhythm");
        let mut browser = world.browser("mara").await;
        let page = browser.get(&format!("/projects/{}", euro["id"].as_str().unwrap())).await.text();
        assert!(page.contains("Nobody has said anything since") && page.contains("The bank left."), "{page}");
        asked(&world, "mara", "project.edit", json!({ "project": euro["id"], "state": "done" })).await;
        assert_eq!(view(&world, &euro).await["health"][0]["is_old"], false);
        let over = json!({ "project": euro["id"], "health": "on_track", "why": "Well" });
        assert!(matches!(refused(&world, "mara", "project.post_health", over).await, Error::Conflict(_)));
    }
}

#[tokio::test]
async fn the_owner_is_asked_at_the_rhythm_until_somebody_has_said_it() {
    for world in worlds().await {
        let owned = json!({ "state": "started", "owner": world.person("mara"), "rhythm_weeks": 1 });
        let euro = project(&world, "Euro", owned).await;
        let wrong = json!({ "project": euro["id"], "rhythm_weeks": 30 });
        assert_eq!(field(refused(&world, "mara", "project.edit", wrong).await), "rhythm_weeks");
        let here = ["How does Euro stand?"];
        world.pass_to("2026-03-20T10:00:00Z").await;
        assert_eq!(inbox(&world).await, Vec::<String>::new(), "it has just begun");
        world.pass_to("2026-03-25T10:00:00Z").await;
        world.pass_to("2026-03-25T13:00:00Z").await;
        assert_eq!(inbox(&world).await, here, "asked once");
        say(&world, "priya", &euro, "on_track", "It goes well.").await;
        assert_eq!(inbox(&world).await, Vec::<String>::new());
        world.pass_to("2026-04-02T10:00:00Z").await;
        world.pass_to("2026-04-02T12:00:00Z").await;
        assert_eq!(inbox(&world).await, here);
        asked(&world, "mara", "project.edit", json!({ "project": euro["id"], "state": "paused" })).await;
        assert_eq!(inbox(&world).await, Vec::<String>::new(), "nothing is asked of what is paused");
        asked(&world, "mara", "project.edit", json!({ "project": euro["id"], "state": "started" })).await;
        world.pass_to("2026-04-03T10:00:00Z").await;
        world.pass_to("2026-04-03T12:00:00Z").await;
        assert_eq!(inbox(&world).await, here, "it goes on");
    }
}

#[tokio::test]
async fn an_initiative_sums_up_its_projects() {
    for world in worlds().await {
        let trust = asked(&world, "priya", "initiative.add", json!({ "name": "Trust", "target": "2026-Q4" })).await;
        let within = json!({ "initiative": trust["id"] });
        let (euro, cards) =
            (project(&world, "Euro", within.clone()).await, project(&world, "Cards", within.clone()).await);
        let gone = project(&world, "Gone", within).await;
        let done = state(&world, "Done").await;
        issue(&world, json!({ "project": euro["id"], "state": done })).await;
        issue(&world, json!({ "project": cards["id"] })).await;
        issue(&world, json!({ "project": gone["id"] })).await;
        asked(&world, "mara", "project.edit", json!({ "project": gone["id"], "state": "cancelled" })).await;
        say(&world, "mara", &euro, "off_track", "The bank left.").await;
        let found = asked(&world, "dele", "initiative.show", json!({ "initiative": trust["id"] })).await;
        assert_eq!(found["progress"], json!({ "done": 1, "all": 2 }), "without what is cancelled");
        assert_eq!((found["projects"].as_array().unwrap().len(), &found["may_change"]), (3, &json!(false)));
        let list = asked(&world, "dele", "initiative.list", json!({})).await;
        let listed = list.as_array().unwrap().iter().find(|one| one["id"] == trust["id"]).unwrap();
        assert_eq!((&listed["projects"], &listed["stand"]), (&json!(2), &json!([0, 0, 1])));
        let edit = json!({ "initiative": trust["id"], "name": "Trust in payouts" });
        assert!(matches!(refused(&world, "dele", "initiative.edit", edit.clone()).await, Error::Forbidden));
        asked(&world, "priya", "initiative.edit", edit).await;
        assert_eq!(
            field(refused(&world, "dele", "initiative.add", json!({ "name": "trust in PAYOUTS" })).await),
            "name"
        );
        let mut browser = world.browser("dele").await;
        for page in ["/initiatives".to_owned(), format!("/initiatives/{}", trust["id"].as_str().unwrap())] {
            let text = browser.get(&page).await.text();
            assert!(text.contains("Trust in payouts") && text.contains("Q4 2026"), "{text}");
        }
        let mut priya = world.browser("priya").await;
        let form = format!("/initiatives/{}/edit", trust["id"].as_str().unwrap());
        let saved = priya.post_from(&form, &form, &[("name", "Trust"), ("about", "*Why*"), ("target", "")]).await;
        assert_eq!(saved.status.as_u16(), 303, "{}", saved.text());
    }
}
