//! Automations: what a rule does, once for each occasion, when it stops, and how it is undone.
use crate::issues::{asked, issue, shown, state};
use kernel::{Error, Json, json};
use std::time::Duration;
use testkit::{World, noon, worlds};

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn rule(world: &World, when: &str, more: Json) -> Json {
    let mut input = json!({ "team": world.team("payments"), "name": "A rule", "when": when });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, "tomasz", "automation.add", input).await
}

async fn runs(world: &World, rule: &Json) -> Vec<Json> {
    let list = asked(world, "priya", "automation.list", json!({ "team": world.team("payments") })).await;
    let runs = list["runs"].as_array().unwrap().iter().filter(|run| run["automation_id"] == rule["id"]);
    runs.cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_does_what_it_says_about_what_fits_and_that_is_undone() {
    for world in worlds().await {
        let then = json!({ "priority": "high", "assignee": world.person("ines"), "due_in_days": 3, "say": "Look soon",
                           "ask": world.person("priya") });
        let rule = rule(&world, "created", json!({ "q": "refund", "then": then })).await;
        let other = issue(&world, json!({ "title": "Unrelated" })).await;
        let made = issue(&world, json!({ "title": "Refund thrice" })).await;
        assert_eq!(made["priority"], "none", "it runs after the commit");
        world.drain().await;
        let after = shown(&world, &made["key"]).await;
        assert_eq!((&after["priority"], &after["assignee_id"]), (&json!("high"), &json!(world.person("ines"))));
        assert_eq!(after["due_on"], "2026-03-20");
        assert_eq!(shown(&world, &other["key"]).await["priority"], "none");
        let inbox = asked(&world, "priya", "ask.list", json!({})).await;
        assert!(inbox["asks"].as_array().unwrap().iter().any(|ask| ask["about_id"] == made["id"]), "{inbox}");
        let page = world.browser("leo").await.get(&format!("/issues/{}", made["key"].as_str().unwrap())).await.text();
        assert!(page.contains("Look soon") && page.contains("ran the automation"), "{page}");
        let runs = runs(&world, &rule).await;
        assert_eq!(runs.len(), 1);
        asked(&world, "priya", "automation.undo_run", json!({ "run": runs[0]["id"] })).await;
        world.drain().await;
        let back = shown(&world, &made["key"]).await;
        assert_eq!((&back["priority"], &back["due_on"]), (&json!("none"), &Json::Null));
        let again =
            world.ask(&world.actor("priya").await, "automation.undo_run", json!({ "run": runs[0]["id"] })).await;
        assert!(matches!(again, Err(Error::Conflict(_))), "{again:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_that_set_each_other_off_stop_with_a_sentence() {
    for world in worlds().await {
        let (ready, backlog) = (state(&world, "Ready").await, state(&world, "Backlog").await);
        let forth = rule(&world, "state_changed", json!({ "q": "state:backlog", "then": { "state": ready } })).await;
        rule(&world, "state_changed", json!({ "q": "state:ready", "then": { "state": backlog } })).await;
        let one = issue(&world, json!({})).await;
        asked(&world, "tomasz", "issue.edit", json!({ "issue": one["key"], "state": ready })).await;
        world.drain().await;
        let list = asked(&world, "priya", "automation.list", json!({ "team": world.team("payments") })).await;
        let about = list["runs"].as_array().unwrap().iter().filter(|run| run["key"] == one["key"]);
        let did: Vec<&str> = about.map(|run| run["did"].as_str().unwrap()).collect();
        assert_eq!(did.len(), 5, "{did:?}");
        assert!(did.iter().any(|did| did.contains("in a row")), "{did:?}");
        let paused = json!({ "automation": forth["id"], "paused": true });
        asked(&world, "tomasz", "automation.edit", paused).await;
        let before = runs(&world, &forth).await.len();
        asked(&world, "tomasz", "issue.edit", json!({ "issue": one["key"], "state": ready })).await;
        world.drain().await;
        assert_eq!(runs(&world, &forth).await.len(), before, "what rests does nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_time_brings_about_happens_once() {
    for world in worlds().await {
        let due = rule(&world, "due_passed", json!({ "then": { "priority": "urgent" } })).await;
        let blocked = rule(&world, "blocked", json!({ "hours": 4, "then": { "say": "Still blocked" } })).await;
        let (one, other) = (issue(&world, json!({ "due_on": "2026-03-18" })).await, issue(&world, json!({})).await);
        let relate = json!({ "issue": other["key"], "direction": "blocks", "other": one["key"] });
        asked(&world, "tomasz", "issue.relate", relate).await;
        world.pass_to_time(noon() + Duration::from_secs(1800)).await;
        assert!(
            runs(&world, &due).await.iter().chain(&runs(&world, &blocked).await).all(|run| run["key"] != one["key"])
        );
        for days in [3, 4] {
            world.pass_to_time(noon() + DAY * days).await;
            for rule in [&due, &blocked] {
                let runs = runs(&world, rule).await;
                assert_eq!(runs.iter().filter(|run| run["key"] == one["key"]).count(), 1, "{runs:?}");
            }
        }
        assert_eq!(shown(&world, &one["key"]).await["priority"], "urgent");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_says_what_would_have_happened_and_does_nothing() {
    for world in worlds().await {
        let one = issue(&world, json!({ "title": "Refund on trial" })).await;
        let input =
            json!({ "team": world.team("payments"), "when": "created", "q": "trial", "then": { "priority": "low" } });
        let trial = asked(&world, "tomasz", "automation.try", input).await;
        assert_eq!(trial["occasions"].as_array().unwrap().len(), 1);
        assert_eq!(trial["occasions"][0]["key"], one["key"]);
        world.drain().await;
        assert_eq!(shown(&world, &one["key"]).await["priority"], "none");
        for when in ["state_changed", "labelled", "prioritised", "due_passed", "sprint_closed"] {
            let input = json!({ "team": world.team("payments"), "when": when, "then": { "priority": "low" } });
            asked(&world, "tomasz", "automation.try", input).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_could_never_run_is_refused() {
    let world = worlds().await.remove(0);
    let actor = world.actor("tomasz").await;
    let team = world.team("payments");
    for (more, field) in [
        (json!({ "q": "assignee:me", "then": { "priority": "low" } }), "q"),
        (json!({ "q": "state:", "then": { "priority": "low" } }), "q"),
        (json!({ "then": {} }), "then"),
        (json!({ "when": "blocked", "then": { "priority": "low" } }), "hours"),
    ] {
        let mut input = json!({ "team": team, "name": "Never", "when": "created" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        match world.ask(&actor, "automation.add", input).await {
            Err(Error::Invalid(flaws)) => assert_eq!(flaws[0].field, field, "{more}"),
            other => panic!("{more}: {other:?}"),
        }
    }
    let (mut tomasz, here) = (world.browser("tomasz").await, format!("/teams/{team}/automations"));
    let new = format!("{here}/new");
    let fields = [("name", "Page"), ("when", "created"), ("q", "is:open"), ("priority", "low"), ("say", "Hello")];
    let tried = tomasz.post_from(&new, &format!("{here}/trial"), &fields).await;
    assert!(tried.text().contains("It would have run"), "{} {}", tried.status, tried.text());
    let saved = tomasz.post_from(&new, &here, &fields).await;
    assert_eq!(saved.status, 303, "{}", saved.text());
    assert!(tomasz.get(&here).await.text().contains("Has not run yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_condition_that_names_what_is_gone_stops_its_own_rule_alone_and_says_so() {
    for world in worlds().await {
        let label = asked(&world, "tomasz", "label.add", json!({ "name": "quokka" })).await;
        let then = json!({ "q": "label:quokka", "then": { "priority": "low" } });
        let (broken, late) = (rule(&world, "created", then.clone()).await, rule(&world, "due_passed", then).await);
        let whole = rule(&world, "created", json!({ "then": { "say": "Hello" } })).await;
        let due = rule(&world, "due_passed", json!({ "then": { "priority": "urgent" } })).await;
        asked(&world, "tomasz", "label.edit", json!({ "label": label["id"], "name": "wombat" })).await;
        let made = issue(&world, json!({ "due_on": "2026-03-18" })).await;
        world.pass_to_time(noon() + DAY * 3).await;
        for (rule, ran) in [(&broken, 0), (&late, 0), (&whole, 1), (&due, 1)] {
            let runs = runs(&world, rule).await;
            assert_eq!(runs.iter().filter(|run| run["key"] == made["key"]).count(), ran, "{rule} {runs:?}");
        }
        let list = asked(&world, "priya", "automation.list", json!({ "team": world.team("payments") })).await;
        let listed = |rule: &Json| list["automations"].as_array().unwrap().iter().find(|one| one["id"] == rule["id"]);
        assert!(listed(&broken).unwrap()["flaw"].as_str().unwrap().contains("quokka"), "{list}");
        assert_eq!(listed(&whole).unwrap()["flaw"], Json::Null);
        let here = format!("/teams/{}/automations", world.team("payments"));
        assert!(world.browser("priya").await.get(&here).await.text().contains("does nothing until its condition"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_issues_that_a_rule_is_not_about_do_not_hold_up_the_one_that_it_is_about() {
    let world = worlds().await.remove(0);
    let due = rule(&world, "due_passed", json!({ "q": "capybara", "then": { "priority": "urgent" } })).await;
    for _ in 0..120 {
        issue(&world, json!({ "due_on": "2026-03-17" })).await;
    }
    let wanted = issue(&world, json!({ "title": "Capybara", "due_on": "2026-03-18" })).await;
    world.pass_to_time(noon() + DAY * 3).await;
    assert_eq!(runs(&world, &due).await.len(), 1);
    assert_eq!(shown(&world, &wanted["key"]).await["priority"], "urgent");
}
