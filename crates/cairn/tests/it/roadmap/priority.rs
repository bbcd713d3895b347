//! What to do first: inputs with who and why, scores, weights of one's own, and the pages.
use super::{project, refused};
use crate::issues::asked;
use kernel::{Error, Json, Time, json};
use testkit::{World, noon, worlds};

async fn judge(world: &World, project: &Json, values: &[(&str, Option<f64>)], why: &str) -> Json {
    let values: Vec<Json> = values.iter().map(|(factor, value)| json!({ "factor": factor, "value": value })).collect();
    asked(world, "mara", "project.judge", json!({ "project": project["id"], "values": values, "why": why })).await
}

/// What is said later holds before what was said earlier.
async fn later(world: &World, minutes: i64) {
    world.pass_to_time(Time(noon().0 + minutes * 60_000_000)).await;
}

async fn listed(world: &World, input: Json) -> Json {
    asked(world, "dele", "priority.list", input).await
}

fn of<'a>(found: &'a Json, name: &str) -> &'a Json {
    found["projects"].as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()
}

fn score<'a>(found: &'a Json, name: &str, method: &str) -> &'a Json {
    of(found, name)["scores"].as_array().unwrap().iter().find(|one| one["method"] == method).unwrap()
}

const RICE: [(&str, Option<f64>); 4] =
    [("reach", Some(500.0)), ("impact", Some(3.0)), ("confidence", Some(80.0)), ("effort", Some(2.0))];

#[tokio::test]
async fn inputs_give_a_score_and_what_was_said_stays_when_it_is_taken_back() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({ "state": "idea" })).await;
        let cards = project(&world, "Cards", json!({})).await;
        judge(&world, &cards, &RICE[..3], "A guess").await;
        judge(&world, &euro, &RICE, "Counted in May").await;
        let found = listed(&world, json!({})).await;
        assert_eq!(score(&found, "Euro", "rice")["score"], 600.0);
        assert_eq!(score(&found, "Cards", "rice")["missing"], json!(["Effort"]));
        assert_eq!(score(&found, "Cards", "rice")["place"], Json::Null);
        let reach =
            of(&found, "Euro")["inputs"].as_array().unwrap().iter().find(|one| one["factor"] == "reach").unwrap();
        assert_eq!((&reach["why"], &reach["by_id"]), (&json!("Counted in May"), &json!(world.person("mara"))));

        later(&world, 1).await;
        let second = judge(&world, &euro, &[("effort", Some(4.0)), ("reach", Some(500.0))], "Two teams").await;
        assert_eq!(second["values"].as_array().unwrap().len(), 1, "only what is different is kept");
        assert_eq!(score(&listed(&world, json!({})).await, "Euro", "rice")["score"], 300.0);
        later(&world, 2).await;
        judge(&world, &euro, &[("effort", None)], "Nobody knows any more").await;
        assert_eq!(score(&listed(&world, json!({})).await, "Euro", "rice")["missing"], json!(["Effort"]));
        let history = asked(&world, "dele", "project.judgements", json!({ "project": euro["id"] })).await;
        let last = history["history"][0]["id"].clone();
        asked(&world, "mara", "judgement.undo", json!({ "judgement": last })).await;
        asked(&world, "mara", "judgement.undo", json!({ "judgement": second["id"] })).await;
        assert_eq!(score(&listed(&world, json!({})).await, "Euro", "rice")["score"], 600.0);
        let again = refused(&world, "mara", "judgement.undo", json!({ "judgement": last })).await;
        assert!(matches!(again, Error::Conflict(_)), "{again:?}");
        let history = asked(&world, "dele", "project.judgements", json!({ "project": euro["id"] })).await;
        assert_eq!(history["history"].as_array().unwrap().len(), 3);
        assert!(!history["history"][0]["undone_at"].is_null() && history["history"][2]["undone_at"].is_null());
    }
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let wrong = [
            ("effort", json!(0), "Effort: write a number from 0.01 to 10,000."),
            ("confidence", json!(101), "Confidence: write a number from 0 to 100."),
            ("beauty", json!(3), "“beauty” is nothing that goes into the score of this project."),
        ];
        for (factor, value, sentence) in wrong {
            let input = json!({ "project": euro["id"], "values": [{ "factor": factor, "value": value }], "why": "x" });
            let error = refused(&world, "mara", "project.judge", input).await;
            assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].sentence == sentence), "{error:?}");
        }
        let twice = json!([{ "factor": "reach", "value": 1 }, { "factor": "reach", "value": 2 }]);
        let input = json!({ "project": euro["id"], "values": twice, "why": "x" });
        assert!(matches!(refused(&world, "mara", "project.judge", input).await, Error::Invalid(_)));
        let stranger = json!({ "project": euro["id"], "values": [{ "factor": "reach", "value": 1 }], "why": "x" });
        assert!(matches!(refused(&world, "arjun", "project.judge", stranger).await, Error::Forbidden));
    }
}

#[tokio::test]
async fn a_team_may_have_weights_of_its_own_and_they_can_be_taken_back() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let whole = json!({ "criteria": [{ "name": "Merchant pain", "weight": 3 }, { "name": "Risk", "weight": -1 }] });
        let whole = asked(&world, "joana", "weighting.set", whole).await;
        let own = json!({ "team": world.team("payments"), "criteria": [{ "name": "Toil", "weight": 1 }] });
        asked(&world, "mara", "weighting.set", own.clone()).await;
        assert!(matches!(refused(&world, "dele", "weighting.set", own).await, Error::Forbidden));

        let key = |place: usize| whole["criteria"][place]["id"].as_str().unwrap().to_owned();
        judge(&world, &euro, &[(&key(0), Some(10.0)), (&key(1), Some(2.0))], "As merchants say").await;
        let found = listed(&world, json!({ "method": "weights" })).await;
        assert_eq!(score(&found, "Euro", "weights")["score"], 7.0);
        let of_team = listed(&world, json!({ "method": "weights", "team": world.team("payments") })).await;
        assert_eq!(score(&of_team, "Euro", "weights")["missing"], json!(["Toil"]));

        // A criterion that stays keeps what was said of it, under its new name and weight.
        later(&world, 1).await;
        let changed = json!({ "criteria": [{ "criterion": key(0), "name": "Pain", "weight": 5 }] });
        let changed = asked(&world, "joana", "weighting.set", changed).await;
        let found = listed(&world, json!({ "method": "weights" })).await;
        assert_eq!(
            (&found["factors"][0]["name"], &score(&found, "Euro", "weights")["score"]),
            (&json!("Pain"), &json!(10.0))
        );
        asked(&world, "joana", "weighting.undo", json!({ "weighting": changed["id"] })).await;
        assert_eq!(score(&listed(&world, json!({})).await, "Euro", "weights")["score"], 7.0);
        let twice = json!({ "criteria": [{ "name": "A", "weight": 1 }, { "name": "a", "weight": 2 }] });
        assert!(matches!(refused(&world, "joana", "weighting.set", twice).await, Error::Invalid(_)));
        let foreign =
            json!({ "team": world.team("payments"), "criteria": [{ "criterion": key(0), "name": "A", "weight": 1 }] });
        assert!(matches!(refused(&world, "joana", "weighting.set", foreign).await, Error::NotFound));
    }
}

#[tokio::test]
async fn one_fills_in_what_one_knows_on_a_page_and_compares_the_methods() {
    for world in worlds().await {
        let euro = project(&world, "<b>Euro</b>", json!({})).await;
        let (mut mara, mut dele) = (world.browser("mara").await, world.browser("dele").await);
        let place = format!("/projects/{}/judgements", euro["id"].as_str().unwrap());
        assert!(mara.get(&place).await.text().contains("Missing: reach, impact, confidence, effort"));
        let wrong = mara.post_from(&place, &place, &[("reach", "many"), ("effort", "0"), ("why", "")]).await;
        let text = wrong.text();
        assert!(
            wrong.status.as_u16() == 422 && text.contains("many") && text.contains("Write a number from 0.01"),
            "{text}"
        );
        let known =
            [("reach", "500"), ("impact", "3"), ("confidence", "80"), ("effort", "2"), ("size", ""), ("why", "In May")];
        assert_eq!(mara.post_from(&place, &place, &known).await.status.as_u16(), 303);
        let text = mara.get(&place).await.text();
        assert!(text.contains("600") && text.contains("In May") && text.contains("Take it back"), "{text}");
        let reader = dele.get(&place).await.text();
        assert!(reader.contains("600"), "{reader}");

        let weights = [("name_0", "Pain"), ("weight_0", "3"), ("name_2", "Toil"), ("weight_2", "0")];
        let mut joana = world.browser("joana").await;
        let refused = joana.post_from("/weights", "/weights", &weights).await;
        assert!(refused.status.as_u16() == 422 && refused.text().contains("that is not 0"), "{}", refused.text());
        assert_eq!(
            joana.post_from("/weights", "/weights", &[("name_0", "Pain"), ("weight_0", "3")]).await.status.as_u16(),
            303
        );
        let pages = ["/priorities", "/priorities?method=wsjf", "/priorities?method=weights", "/priorities/comparison"];
        for page in pages {
            let found = dele.get(page).await;
            let text = found.text();
            assert!(
                found.status.as_u16() == 200 && text.contains("&lt;b&gt;Euro") && !text.contains("<b>Euro"),
                "{text}"
            );
        }
        assert!(dele.get("/weights").await.text().contains("Pain"));
        let mut grace = world.browser("grace").await;
        assert_eq!(grace.get("/priorities").await.status.as_u16(), 404);
    }
}
