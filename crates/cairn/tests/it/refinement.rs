//! Rounds of refinement: estimates are blind until all are in or the time is over, and what came of it is kept.
use crate::issues::{asked, issue};
use kernel::{Error, Json, Time, json};
use std::time::Duration;
use testkit::{World, worlds};

/// Everyone on payments who has an account.
const TEAM: [&str; 7] = ["dele", "ines", "leo", "mara", "priya", "tomasz", "yuki"];

async fn round(world: &World, issues: &[&Json]) -> Json {
    let keys: Vec<&Json> = issues.iter().map(|issue| &issue["key"]).collect();
    let start = json!({ "team": world.team("payments"), "name": "Before sprint 40", "issues": keys, "hours": 4 });
    asked(world, "mara", "refinement.start", start).await
}

async fn seen(world: &World, who: &str, round: &Json) -> Json {
    asked(world, who, "refinement.show", json!({ "refinement": round["id"] })).await
}

async fn give(world: &World, who: &str, item: &Json, estimate: Json) -> Json {
    asked(world, who, "refinement.estimate", json!({ "item": item["id"], "estimate": estimate })).await
}

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

/// What stands open about a round in somebody's inbox.
async fn waiting(world: &World, who: &str, round: &Json) -> Vec<String> {
    world.drain().await;
    let inbox = asked(world, who, "ask.list", json!({})).await;
    let about = inbox["asks"].as_array().unwrap().iter().filter(|ask| ask["about_id"] == round["id"]);
    about.map(|ask| ask["subject"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_an_estimate_of_another_until_everyone_has_said_theirs() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let round = round(&world, &[&one]).await;
        assert_eq!(waiting(&world, "priya", &round).await.len(), 1);
        let view = seen(&world, "priya", &round).await;
        assert_eq!((&view["people"], &view["takes_part"]), (&json!(TEAM.len()), &json!(true)));
        let item = &view["items"][0];
        give(&world, "priya", item, json!(13.37)).await;
        give(&world, "priya", item, json!(21.37)).await;
        assert!(waiting(&world, "priya", &round).await.is_empty(), "she has said all that was asked");
        for who in ["mara", "tomasz", "joana"] {
            let view = seen(&world, who, &round).await;
            assert!(!view.to_string().contains("21.37"), "{who}: {view}");
            assert_eq!((&view["items"][0]["count"], &view["items"][0]["given"]), (&json!(1), &json!([])));
            let page = world.browser(who).await.get(&format!("/refinements/{}", round["id"].as_str().unwrap())).await;
            assert!(page.status == 200 && !page.text().contains("21.37"), "{who}");
        }
        assert_eq!(seen(&world, "priya", &round).await["items"][0]["own"], 21.37);
        let early = json!({ "item": item["id"], "outcome": "ready", "estimate": 3 });
        assert!(matches!(refused(&world, "mara", "refinement.settle", early).await, Error::Conflict(_)));
        for (who, size) in TEAM.iter().filter(|who| **who != "priya").zip([
            json!(2),
            json!(3),
            Json::Null,
            json!(3),
            json!(5),
            json!(8),
        ]) {
            give(&world, who, item, size).await;
        }
        let given = seen(&world, "joana", &round).await["items"][0]["given"].clone();
        let sizes: Vec<&Json> = given.as_array().unwrap().iter().map(|one| &one["estimate"]).collect();
        assert_eq!(
            sizes,
            [&json!(2.0), &json!(3.0), &json!(3.0), &json!(5.0), &json!(8.0), &json!(21.37), &Json::Null]
        );
        assert!(waiting(&world, "mara", &round).await.iter().any(|subject| subject.contains("what is ready")));
        let late = json!({ "item": item["id"], "estimate": 1 });
        assert!(matches!(refused(&world, "priya", "refinement.estimate", late).await, Error::Conflict(_)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_what_is_there_shows_and_is_settled_with_reasons() {
    for world in worlds().await {
        let (one, two) = (issue(&world, json!({})).await, issue(&world, json!({ "title": "Refund thrice" })).await);
        let round = round(&world, &[&one, &two, &one]).await;
        let items = seen(&world, "mara", &round).await["items"].clone();
        assert_eq!(items.as_array().unwrap().len(), 2, "an issue is in a round once");
        give(&world, "leo", &items[0], json!(5)).await;
        let question = json!({ "item": items[1]["id"], "body": "Which currency?" });
        let question = asked(&world, "joana", "refinement.ask", question).await;
        let ends: Time = serde_json::from_value(round["ends_at"].clone()).unwrap();
        world.pass_to_time(ends + Duration::from_secs(120)).await;
        world.drain().await;
        assert!(waiting(&world, "yuki", &round).await.is_empty());
        let view = seen(&world, "yuki", &round).await;
        assert_eq!(view["items"][0]["given"][0]["estimate"], 5.0);
        let settle = |item: &Json, outcome: &str, more: Json| {
            let mut input = json!({ "item": item["id"], "outcome": outcome });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        asked(&world, "tomasz", "refinement.settle", settle(&items[0], "ready", json!({ "estimate": 5 }))).await;
        let shown = asked(&world, "priya", "issue.show", json!({ "issue": one["key"] })).await;
        assert_eq!(shown["estimate"], 5.0);
        let silent = refused(&world, "tomasz", "refinement.settle", settle(&items[1], "not_ready", json!({}))).await;
        assert!(matches!(&silent, Error::Invalid(flaws) if flaws[0].field == "reason"), "{silent:?}");
        asked(&world, "priya", "refinement.answer", json!({ "question": question["id"], "answer": "Euros" })).await;
        let why = json!({ "reason": "Nobody knows the bank's limit" });
        asked(&world, "tomasz", "refinement.settle", settle(&items[1], "not_ready", why)).await;
        let ended = asked(&world, "mara", "refinement.end", json!({ "refinement": round["id"] })).await;
        let summary = ended["summary"].as_str().unwrap();
        for told in ["## Ready", "Refund twice: 5", "## Not ready", "the bank's limit", "Which currency? — Euros"] {
            assert!(summary.contains(told), "{told}: {summary}");
        }
        let again = json!({ "item": items[0]["id"] });
        assert!(matches!(refused(&world, "mara", "refinement.again", again).await, Error::Conflict(_)));
        world.drain().await;
        let found = asked(&world, "joana", "search.find", json!({ "q": "bank's limit" })).await;
        assert!(found.to_string().contains("Before sprint 40"), "{found}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_is_estimated_again_blind_and_its_pieces_take_its_place() {
    for world in worlds().await {
        let (one, two) = (issue(&world, json!({})).await, issue(&world, json!({ "title": "Too large" })).await);
        let round = round(&world, &[&one, &two]).await;
        let items = seen(&world, "mara", &round).await["items"].clone();
        for who in TEAM {
            give(&world, who, &items[0], json!(3)).await;
            give(&world, who, &items[1], json!(13)).await;
        }
        asked(&world, "mara", "refinement.again", json!({ "item": items[0]["id"] })).await;
        let hidden = seen(&world, "leo", &round).await["items"][0].clone();
        assert_eq!((&hidden["round"], &hidden["count"], &hidden["given"]), (&json!(2), &json!(0), &json!([])));
        assert_eq!(waiting(&world, "leo", &round).await.len(), 1);
        let pieces = json!({ "item": items[1]["id"], "pieces": ["First half", "Second half"] });
        asked(&world, "mara", "refinement.split", pieces).await;
        let view = seen(&world, "leo", &round).await;
        let titles: Vec<&str> =
            view["items"].as_array().unwrap().iter().map(|item| item["issue"]["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Refund twice", "Too large", "First half", "Second half"]);
        assert_eq!(view["items"][1]["outcome"], "split");
        asked(&world, "mara", "issue.delete", json!({ "issue": one["key"] })).await;
        assert_eq!(seen(&world, "leo", &round).await["items"].as_array().unwrap().len(), 4, "the record stays whole");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_were_asked_estimate_and_only_the_team_settles() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let start = json!({ "team": world.team("payments"), "name": "No", "issues": [one["key"]] });
        assert!(matches!(refused(&world, "camila", "refinement.start", start).await, Error::Forbidden));
        let round = round(&world, &[&one]).await;
        let item = seen(&world, "camila", &round).await["items"][0].clone();
        let estimate = json!({ "item": item["id"], "estimate": 3 });
        assert!(matches!(refused(&world, "camila", "refinement.estimate", estimate).await, Error::Forbidden));
        for who in TEAM {
            give(&world, who, &item, json!(3)).await;
        }
        let settle = json!({ "item": item["id"], "outcome": "ready" });
        assert!(matches!(refused(&world, "camila", "refinement.settle", settle).await, Error::Forbidden));
        let mut mara = world.browser("mara").await;
        let page = format!("/refinements/{}", round["id"].as_str().unwrap());
        let fields = [
            ("refinement", round["id"].as_str().unwrap()),
            ("on", item["id"].as_str().unwrap()),
            ("outcome", "not_ready"),
        ];
        let place = format!("/refinement-items/{}/outcome", item["id"].as_str().unwrap());
        let answer = mara.post_from(&page, &place, &fields).await;
        assert!(answer.status == 422 && answer.text().contains("Say what is missing"), "{}", answer.text());
    }
}
