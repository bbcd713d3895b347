//! What somebody leaves at the end of their day: begun from what they did, brought to those who work meanwhile, never owed.
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let actor = world.actor(who).await;
    world.ask(&actor, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

async fn draft(world: &World, who: &str) -> Json {
    done(world, who, "hand_over.draft", json!({ "team": world.team("payments") })).await
}

async fn write(world: &World, who: &str, body: &str) -> Json {
    done(world, who, "hand_over.write", json!({ "team": world.team("payments"), "body": body })).await
}

fn names(readers: &Json) -> Vec<&str> {
    readers.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect()
}

async fn to_read(world: &World, who: &str) -> Vec<String> {
    let asks = done(world, who, "ask.list", json!({ "pile": "read" })).await;
    asks["asks"].as_array().unwrap().iter().map(|ask| ask["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn it_begins_with_the_day_and_names_no_ask_of_two() {
    for world in worlds().await {
        world.pass_to("2026-03-17T16:30:00Z").await;
        let make =
            json!({ "team": world.team("payments"), "title": "Close the books", "assignee": world.person("tomasz") });
        let issue = done(&world, "tomasz", "issue.create", make).await;
        let state = crate::issues::state(&world, "Done").await;
        done(&world, "tomasz", "issue.edit", json!({ "issue": issue["id"], "state": state })).await;
        let ask = json!({ "to": [world.person("ines")], "verb": "answer", "subject": "zwiebelkuchen", "due": "2 working days" });
        done(&world, "tomasz", "ask.raise", ask).await;
        world.drain().await;
        world.clock.set(world.clock.now() + std::time::Duration::from_secs(60));
        let view = draft(&world, "tomasz").await;
        let body = view["body"].as_str().unwrap();
        assert!(body.contains("**Done today**") && body.contains(" Close the books"), "{body}");
        assert!(!body.contains("zwiebelkuchen"), "an ask is read by its two");
        assert!(view["waiting"].to_string().contains("zwiebelkuchen"), "and shown to the one who asked");
        assert!(view["back_at"].as_str().unwrap().starts_with("2026-03-18T"), "{view}");
    }
}

#[tokio::test]
async fn who_works_meanwhile_is_asked_to_read_it_when_they_begin() {
    for world in worlds().await {
        world.pass_to("2026-03-17T16:30:00Z").await;
        let view = draft(&world, "tomasz").await;
        let readers = names(&view["readers"]);
        assert!(readers.iter().any(|name| name.contains("Leo")), "he works in the evening of Europe: {readers:?}");
        assert!(!readers.iter().any(|name| name.contains("Tomasz")));
        let written = write(&world, "tomasz", "The bank's file waits for a look.").await;
        world.drain().await;
        let subject = |asks: Vec<String>| {
            asks.into_iter().filter(|one| one.contains("Tomasz Zieliński hands over to Payments")).count()
        };
        assert_eq!(subject(to_read(&world, "leo").await), 1);
        let again = write(&world, "tomasz", "The bank's file waits for a look, and for a signature.").await;
        assert_eq!(again["id"], written["id"], "one a day, which is replaced");
        world.drain().await;
        assert_eq!(subject(to_read(&world, "leo").await), 1, "nobody is asked twice");
        let page = world.browser("leo").await.get(&format!("/teams/{}/hand-over", world.team("payments"))).await.text();
        assert!(page.contains("and for a signature."), "{page}");
        let take = json!({ "hand_over": written["id"] });
        let other = world.ask(&world.actor("leo").await, "hand_over.take_back", take.clone()).await;
        assert!(matches!(other, Err(Error::Forbidden)), "{other:?}");
        done(&world, "tomasz", "hand_over.take_back", take).await;
        world.drain().await;
        assert_eq!(subject(to_read(&world, "leo").await), 0);
    }
}

#[tokio::test]
async fn it_stays_with_the_team_and_those_above() {
    for world in worlds().await {
        let written = write(&world, "tomasz", "zwiebelkuchen").await;
        let team = json!({ "team": world.team("payments") });
        for who in ["joana", "wanjiru", "camila", "farah", "grace"] {
            let actor = world.actor(who).await;
            for (operation, input) in [
                ("hand_over.list", team.clone()),
                ("hand_over.draft", team.clone()),
                ("hand_over.take_back", json!({ "hand_over": written["id"] })),
            ] {
                let answer = world.ask(&actor, operation, input).await;
                assert!(matches!(answer, Err(Error::NotFound)), "{operation} by {who}: {answer:?}");
            }
            let path = format!("/hand-overs/{}", written["id"].as_str().unwrap());
            assert_eq!(world.browser(who).await.get(&path).await.status, 404);
        }
        let blank = world
            .ask(
                &world.actor("tomasz").await,
                "hand_over.write",
                json!({ "team": world.team("payments"), "body": " " }),
            )
            .await;
        assert!(matches!(blank, Err(Error::Invalid(_))));
    }
}
