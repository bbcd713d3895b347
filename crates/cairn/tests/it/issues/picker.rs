//! The picker: what a field can be set to, and one field changed at once.
use super::{asked, flaw, issue, shown, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn choices(world: &World, issues: &[&Json], field: &str, q: &str) -> Vec<(String, u64)> {
    let input = json!({ "issues": issues, "field": field, "q": q });
    let found = asked(world, "priya", "issue.choices", input).await;
    let all = found["choices"].as_array().unwrap().iter();
    all.map(|one| (one["name"].as_str().unwrap().to_owned(), one["held"].as_u64().unwrap())).collect()
}

fn has(all: &[(String, u64)], name: &str, held: u64) -> bool {
    all.contains(&(name.to_owned(), held))
}

#[tokio::test]
async fn a_field_offers_what_the_team_has_and_says_what_is_set() {
    for world in worlds().await {
        let one = issue(&world, json!({ "estimate": 3, "assignee": world.person("dele") })).await;
        let two = issue(&world, json!({ "state": state(&world, "Ready").await })).await;
        let both = [&one["id"], &two["key"]];
        let states = choices(&world, &both, "state", "").await;
        assert!(has(&states, "Backlog", 1) && has(&states, "Ready", 1) && has(&states, "Done", 0), "{states:?}");
        let people = choices(&world, &both, "assignee", "").await;
        assert!(has(&people, "Dele Adéyẹmí", 1) && has(&people, "Nobody", 1), "{people:?}");
        assert_eq!(people[1].0, "Priya Kulkarni", "whoever asks comes first");
        assert!(has(&choices(&world, &both, "priority", "").await, "No priority", 2));
        assert!(has(&choices(&world, &both, "estimate", "").await, "3", 1));
        assert_eq!(choices(&world, &both, "estimate", "4").await, [("4".to_owned(), 0)]);
        let label = asked(&world, "priya", "label.add", json!({ "name": "quokka" })).await;
        asked(&world, "priya", "issue.edit", json!({ "issue": two["id"], "labels": [label["id"]] })).await;
        assert!(has(&choices(&world, &both, "label", "").await, "quokka", 1));
        let input = json!({ "issues": [one["id"]], "field": "title" });
        let refused = world.ask(&world.actor("priya").await, "issue.choices", input.clone()).await;
        assert_eq!(flaw(refused.unwrap_err()), "field");
        let guest = world.ask(&world.actor("grace").await, "issue.choices", input).await;
        assert!(matches!(guest, Err(Error::NotFound)), "{guest:?}");
    }
}

#[tokio::test]
async fn issues_of_two_teams_have_no_state_in_common() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let other = json!({ "team": world.team("ledger"), "title": "Elsewhere" });
        let other = asked(&world, "priya", "issue.create", other).await;
        let both = json!({ "issues": [one["id"], other["id"]], "field": "state" });
        let refused = world.ask(&world.actor("priya").await, "issue.choices", both).await.unwrap_err();
        assert_eq!(flaw(refused), "issues");
        assert!(has(&choices(&world, &[&one["id"], &other["id"]], "priority", "").await, "No priority", 2));
    }
}

#[tokio::test]
async fn one_field_is_changed_at_once_and_a_refusal_says_why() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let label = asked(&world, "priya", "label.add", json!({ "name": "quokka" })).await;
        let (id, label) = (one["id"].as_str().unwrap(), label["id"].as_str().unwrap());
        let page = format!("/issues/{}", one["key"].as_str().unwrap());
        let mut browser = world.browser("priya").await;
        let offered = browser.get(&format!("/issue-edits/choices.json?issues={id}&field=state")).await.text();
        assert!(offered.contains("\"class\":\"chip info\"") && offered.contains("In review"), "{offered}");
        let nothing = browser.get("/issue-edits/choices.json?field=state").await;
        assert!(nothing.status == 200 && nothing.text().contains("\"sentence\""), "{}", nothing.text());
        let save = "/issue-edits/field";
        let changed = browser.post_from(&page, save, &[("issues", id), ("labels", label)]).await;
        assert_eq!(changed.status, 303);
        assert_eq!(shown(&world, &one["id"]).await["labels"][0]["name"], "quokka");
        let again = browser.get(&page).await.text();
        assert!(again.contains("is changed.") && again.contains("/undo"), "{again}");
        browser.post_from(&page, save, &[("issues", id), ("remove_labels", label)]).await;
        assert_eq!(shown(&world, &one["id"]).await["labels"], json!([]));
        browser.post_from(&page, save, &[("issues", id), ("assignee", &world.person("dele").to_string())]).await;
        browser.post_from(&page, save, &[("issues", id), ("assignee", "none")]).await;
        assert_eq!(shown(&world, &one["id"]).await["assignee_id"], Json::Null);
        let refused = browser.post_from(&page, save, &[("issues", id), ("estimate", "many")]).await;
        assert!(refused.status == 422 && refused.text().contains("`many` is no estimate"), "{}", refused.text());
    }
}

#[tokio::test]
async fn a_board_refuses_a_number_or_a_word_that_it_does_not_know() {
    for world in worlds().await {
        let board = format!("/teams/{}/board", world.team("payments"));
        let mut browser = world.browser("priya").await;
        let wrong = browser.get(&format!("{board}?limit=many")).await;
        assert!(wrong.status == 422 && wrong.text().contains("Write a number"), "{}", wrong.text());
        assert_eq!(browser.get(&format!("{board}?group=colour")).await.status, 422);
        assert_eq!(browser.get(&format!("{board}?limit=5&group=priority")).await.status, 200);
    }
}
