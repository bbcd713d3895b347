//! Parts of commitments that are counted from issues.
use crate::{
    issues::{asked, issue, state},
    roadmap::{milestone, project},
};
use forecasting::log::KeepPast;
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn show(world: &World, commitment: &Json) -> Json {
    asked(world, "dele", "commitment.show", json!({ "commitment": commitment["id"] })).await
}

/// What mara promises for payments by the end of April, counted from something.
async fn promise(world: &World, more: Json) -> Json {
    let mut input = json!({ "name": "All of it", "team": world.team("payments"), "promised_on": "2026-04-30" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, "mara", "commitment.add", input).await
}

fn from(kind: &str, record: &Json) -> String {
    format!("{kind}:{}", record["id"].as_str().unwrap())
}

/// Open and done ones, and what is left.
fn count(shown: &Json) -> (i64, i64, i64) {
    let part = &shown["parts"][0];
    let of = |name: &str| part["counted_from"][name].as_i64().unwrap();
    (of("open"), of("done"), part["left"].as_i64().unwrap())
}

async fn finish(world: &World, issue: &Json) {
    let done = json!({ "issue": issue["id"], "state": state(world, "Done").await });
    asked(world, "priya", "issue.edit", done).await;
}

/// What moved the chance, in tenths of a point.
fn moves(shown: &Json) -> Vec<(String, i64)> {
    let moves = shown["moved"]["moves"].as_array().expect("there is a day to compare with");
    moves.iter().map(|one| (one["what"].as_str().unwrap().to_owned(), one["tenths"].as_i64().unwrap())).collect()
}

fn sums(shown: &Json) {
    let tenths = |chance: f64| (chance * 1000.0).round() as i64;
    let now = shown["past"].as_array().unwrap().last().unwrap()[1].as_f64().unwrap();
    let sum: i64 = moves(shown).iter().map(|one| one.1).sum();
    assert_eq!(sum, tenths(now) - tenths(shown["moved"]["from"].as_f64().unwrap()), "{shown}");
}

/// What stands as promised beside the forecast of a team.
async fn promises_of(world: &World, team: &str) -> Vec<Json> {
    let answer = asked(world, "dele", "forecast.ask", json!({ "team": world.team(team) })).await;
    answer["promises"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

#[tokio::test]
async fn what_is_left_follows_the_issues_and_growth_is_scope() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let within = json!({ "project": euro["id"] });
        let mut issues = Vec::new();
        for _ in 0..12 {
            issues.push(issue(&world, within.clone()).await);
        }
        let made = promise(&world, json!({ "counted_from": from("project", &euro) })).await;
        let before = show(&world, &made).await;
        assert_eq!(count(&before), (12, 0, 12));
        assert_eq!((&before["parts"][0]["items"], &before["parts"][0]["team"]), (&json!(null), &json!(null)));
        assert_eq!(before["parts"][0]["counted_from"]["name"], "Euro");

        world.pass_to("2026-03-19T12:00:00Z").await;
        finish(&world, &issues[0]).await;
        let dropped = json!({ "issue": issues[1]["id"], "state": state(&world, "Cancelled").await });
        asked(&world, "priya", "issue.edit", dropped).await;
        for _ in 0..30 {
            issue(&world, within.clone()).await;
        }
        world.call(&world.system(), KeepPast {}).await.unwrap();
        let after = show(&world, &made).await;
        assert_eq!(count(&after), (40, 1, 40), "one is done, one was dropped, thirty came");
        sums(&after);
        let scope = moves(&after).into_iter().find(|one| one.0 == "scope").expect("the scope grew");
        assert!(scope.1 < 0 && moves(&after)[0].0 == "scope", "{:?}", moves(&after));
        assert!(after["chance"].as_f64() < before["chance"].as_f64());

        for one in &issues[2..] {
            finish(&world, one).await;
        }
        assert_eq!(count(&show(&world, &made).await), (30, 11, 30));
    }
}

#[tokio::test]
async fn a_milestone_brings_its_teams_and_what_waits_for_them() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let beta = milestone(&world, &euro, "Beta", json!("2026-04-30")).await;
        let within = json!({ "milestone": beta["id"] });
        let (one, two) = (issue(&world, within.clone()).await, issue(&world, within.clone()).await);
        let made = promise(&world, json!({ "counted_from": from("milestone", &beta) })).await;
        let alone = show(&world, &made).await;
        let chance = |of: &Json| of["chance"].as_f64().unwrap();
        let same = asked(&world, "dele", "forecast.of_milestone", json!({ "milestone": beta["id"] })).await;
        assert!((chance(&alone) - chance(&same)).abs() < 0.02, "as of the milestone: {alone} {same}");
        assert!(!promises_of(&world, "ledger").await.contains(&made["id"]));

        world.pass_to("2026-03-19T12:00:00Z").await;
        let input = json!({ "team": world.team("ledger"), "title": "The scheme's form" });
        let first = asked(&world, "arjun", "issue.create", input).await;
        let related = json!({ "issue": one["id"], "direction": "blocked_by", "other": first["id"] });
        asked(&world, "priya", "issue.relate", related).await;
        world.call(&world.system(), KeepPast {}).await.unwrap();
        let waits = show(&world, &made).await;
        assert_eq!(count(&waits), (2, 0, 3), "the ledger's has to be done before");
        for team in ["ledger", "payments"] {
            assert!(promises_of(&world, team).await.contains(&made["id"]), "{team} has a part in it");
        }
        sums(&waits);
        assert!(chance(&waits) < chance(&alone), "{waits}");
        assert!(moves(&waits).iter().any(|one| one.0 == "other_teams" && one.1 < 0), "{:?}", moves(&waits));
        let same = asked(&world, "dele", "forecast.of_milestone", json!({ "milestone": beta["id"] })).await;
        assert!((chance(&waits) - chance(&same)).abs() < 0.02, "as of the milestone: {waits} {same}");

        for issue in [&one, &two] {
            asked(&world, "priya", "issue.edit", json!({ "issue": issue["id"], "milestone": null })).await;
        }
        let gone = json!({ "milestone": beta["id"] });
        asked(&world, "mara", "milestone.remove", gone).await;
        let refused = show(&world, &made).await;
        assert!(refused["refused"].as_str().unwrap().contains("is gone") && refused["chance"].is_null(), "{refused}");
    }
}

#[tokio::test]
async fn what_a_part_is_counted_from_is_chosen_and_changed_in_words() {
    for world in worlds().await {
        let grown = issue(&world, json!({})).await;
        issue(&world, json!({ "parent": grown["id"] })).await;
        let made = promise(&world, json!({ "below": grown["key"], "focus": 50 })).await;
        assert_eq!(count(&show(&world, &made).await), (1, 0, 1), "the one below it, and not itself");
        let of_part = json!({ "commitment": made["id"], "rank": 1 });
        let recount = async |more: Json| {
            let mut input = of_part.clone();
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            world.ask(&world.actor("mara").await, "commitment.recount", input).await
        };
        let field = |answer: kernel::Result<Json>| match answer {
            Err(Error::Invalid(flaws)) => flaws[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(recount(json!({})).await), "items");
        assert_eq!(field(recount(json!({ "below": "PAY-99999" })).await), "below");
        assert_eq!(field(recount(json!({ "counted_from": "sprint:nowhere" })).await), "counted_from");
        assert_eq!(field(recount(json!({ "counted_from": "team:x" })).await), "counted_from");
        assert_eq!(field(recount(json!({ "below": grown["key"], "items": 4 })).await), "items");
        recount(json!({ "items": 4 })).await.unwrap();
        assert_eq!(show(&world, &made).await["parts"][0]["items"], 4, "by hand again");

        let empty = project(&world, "Nothing yet", json!({})).await;
        recount(json!({ "counted_from": from("project", &empty) })).await.unwrap();
        let refused = show(&world, &made).await["refused"].clone();
        assert!(refused.as_str().unwrap().contains("no issue is in it yet"), "{refused}");
        let held = issue(&world, json!({ "project": empty["id"] })).await;
        finish(&world, &held).await;
        assert_eq!(show(&world, &made).await["chance"], 1.0, "all of it is done");

        let initiative = asked(&world, "mara", "initiative.add", json!({ "name": "Everywhere" })).await;
        let joins = json!({ "project": empty["id"], "initiative": initiative["id"] });
        asked(&world, "mara", "project.edit", joins).await;
        issue(&world, json!({ "project": empty["id"] })).await;
        recount(json!({ "counted_from": from("initiative", &initiative) })).await.unwrap();
        assert_eq!(count(&show(&world, &made).await), (1, 1, 1));
        let ask = json!({ "initiative": "EVERYWHERE", "by": "2026-04-30" });
        let whole = asked(&world, "dele", "forecast.of_initiative", ask.clone()).await;
        assert_eq!((&whole["below"]["open"], &whole["initiative_name"]), (&json!(1), &json!("Everywhere")));
        let mut dele = world.browser("dele").await;
        let page = format!("/initiatives/{}", initiative["id"].as_str().unwrap());
        assert!(dele.get(&page).await.text().contains(&format!("href=\"{page}/forecast\"")));
        assert!(dele.get(&format!("{page}/forecast")).await.text().contains("When Everywhere is done"));
        let guest = world.ask(&world.actor("grace").await, "forecast.of_initiative", ask).await;
        assert!(matches!(guest, Err(Error::NotFound)), "{guest:?}");

        let found = asked(&world, "dele", "forecast.of_sprint", json!({ "sprint": "Sprint 31" })).await;
        recount(json!({ "counted_from": from("sprint", &found) })).await.unwrap();
        let sprint = show(&world, &made).await;
        assert_eq!(json!(count(&sprint).0), found["open"]);
        let close = json!({ "sprint": found["id"], "reason": "It took longer" });
        world.ask(&world.system(), "sprint.close", close).await.unwrap();
        let refused = show(&world, &made).await["refused"].clone();
        assert!(refused.as_str().unwrap().contains("is closed"), "{refused}");
        assert_eq!(field(recount(json!({ "counted_from": from("sprint", &found) })).await), "counted_from");
    }
}

#[tokio::test]
async fn the_pages_ask_for_it_and_a_guest_finds_nothing() {
    let world = worlds().await.remove(0);
    let euro = project(&world, "Euro", json!({})).await;
    issue(&world, json!({ "project": euro["id"] })).await;
    let mut mara = world.browser("mara").await;
    let new = mara.get(&format!("/commitments/new?counted_from={}", from("project", &euro))).await.text();
    assert!(new.contains("Project: Euro") && new.contains("name=\"below\""), "{new}");
    let made = promise(&world, json!({ "counted_from": from("project", &euro) })).await;
    let page = format!("/commitments/{}", made["id"].as_str().unwrap());
    let text = mara.get(&page).await.text();
    let link = format!("href=\"/projects/{}\"", euro["id"].as_str().unwrap());
    assert!(text.contains(&link) && text.contains("1 open, 0 done") && !text.contains("Count anew"), "{text}");
    assert!(mara.get(&format!("{page}/parts/1/edit")).await.text().contains("How Euro is counted"));
    let forecast = mara.get(&format!("/projects/{}/forecast", euro["id"].as_str().unwrap())).await.text();
    assert!(forecast.contains(&format!("counted_from={}", from("project", &euro))), "{forecast}");

    let mut grace = world.browser("grace").await;
    for path in [page.clone(), format!("{page}/parts/1/edit"), "/commitments/new".into()] {
        assert_eq!(grace.get(&path).await.status.as_u16(), 404, "{path}");
    }
    let grace = world.actor("grace").await;
    let sources = world.ask(&grace, "commitment.sources", json!({})).await;
    assert!(matches!(sources, Err(Error::NotFound)), "{sources:?}");
    let other = json!({ "commitment": made["id"], "rank": 1, "counted_from": from("project", &euro) });
    assert!(matches!(world.ask(&grace, "commitment.recount", other.clone()).await, Err(Error::NotFound)));
    let leo = world.actor("leo").await;
    assert!(matches!(world.ask(&leo, "commitment.recount", other).await, Err(Error::Forbidden)));
}
