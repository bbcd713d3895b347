//! The register of technical debt.
use super::refused;
use crate::issues::{asked, issue};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn debt(world: &World, name: &str, mut more: Json) -> Json {
    more["team"] = json!(world.team("payments"));
    more["name"] = json!(name);
    asked(world, "priya", "debt.add", more).await
}

async fn edit(world: &World, debt: &Json, mut change: Json) -> Json {
    change["debt"] = debt["id"].clone();
    asked(world, "mara", "debt.edit", change).await
}

async fn shown(world: &World, debt: &Json) -> Json {
    asked(world, "dele", "debt.show", json!({ "debt": debt["id"] })).await
}

#[tokio::test]
async fn a_debt_says_what_it_costs_and_after_what_time_repaying_has_paid() {
    for world in worlds().await {
        let slow = debt(&world, "Slow tests", json!({ "hours_a_week": 4, "hours_to_repay": 40 })).await;
        debt(&world, "Nobody knows", json!({})).await;
        debt(&world, "Costs nothing", json!({ "hours_a_week": 0, "hours_to_repay": 8 })).await;
        debt(&world, "Quick", json!({ "hours_a_week": 8, "hours_to_repay": 8 })).await;
        assert_eq!(slow["payback_weeks"], 10.0);
        let list = async |more: Json| asked(&world, "dele", "debt.list", more).await;
        let found = list(json!({ "team": world.team("payments") })).await;
        let names = |found: &Json| -> Vec<String> {
            let all = found["debts"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned());
            all.filter(|name| ["Slow tests", "Nobody knows", "Costs nothing", "Quick"].contains(&name.as_str()))
                .collect()
        };
        assert_eq!(names(&found), ["Quick", "Slow tests", "Costs nothing", "Nobody knows"]);
        edit(&world, &slow, json!({ "standing": "repaid" })).await;
        assert_eq!(names(&list(json!({ "standing": "repaid" })).await), ["Slow tests"]);
        assert!(!names(&list(json!({})).await).contains(&"Slow tests".to_owned()));
        let wrong = json!({ "debt": slow["id"], "hours_a_week": -1 });
        assert!(matches!(refused(&world, "mara", "debt.edit", wrong).await, Error::Invalid(_)));
        let stranger = json!({ "debt": slow["id"], "hours_a_week": 1 });
        assert!(matches!(refused(&world, "arjun", "debt.edit", stranger).await, Error::Forbidden));
    }
}

#[tokio::test]
async fn a_change_is_taken_back_with_its_links_and_a_removed_debt_comes_back() {
    for world in worlds().await {
        let first = issue(&world, json!({})).await;
        let key = first["key"].as_str().unwrap().to_lowercase();
        let slow = debt(&world, "Slow tests", json!({ "hours_a_week": 4, "issues": [key] })).await;
        edit(&world, &slow, json!({ "hours_a_week": 6 })).await;
        let view = shown(&world, &slow).await;
        assert_eq!((&view["hours_a_week"], &view["issues"][0]["key"]), (&json!(6.0), &first["key"]));
        edit(&world, &slow, json!({ "issues": [], "hours_a_week": "" })).await;
        let view = shown(&world, &slow).await;
        assert_eq!((&view["issues"], &view["hours_a_week"]), (&json!([]), &Json::Null));
        let (last, middle, first_version) = (&view["versions"][0], &view["versions"][1], &view["versions"][2]);
        let not_last = refused(&world, "mara", "debt.undo", json!({ "version": middle["id"] })).await;
        assert!(matches!(not_last, Error::Conflict(_)), "{not_last:?}");
        asked(&world, "mara", "debt.undo", json!({ "version": last["id"] })).await;
        asked(&world, "mara", "debt.undo", json!({ "version": middle["id"] })).await;
        let view = shown(&world, &slow).await;
        assert_eq!((&view["hours_a_week"], &view["issues"][0]["key"]), (&json!(4.0), &first["key"]));
        let only = refused(&world, "mara", "debt.undo", json!({ "version": first_version["id"] })).await;
        assert!(matches!(only, Error::Conflict(_)), "{only:?}");

        asked(&world, "mara", "debt.remove", json!({ "debt": slow["id"] })).await;
        assert!(matches!(refused(&world, "dele", "debt.show", json!({ "debt": slow["id"] })).await, Error::NotFound));
        asked(&world, "mara", "debt.restore", json!({ "debt": slow["id"] })).await;
        assert_eq!(shown(&world, &slow).await["name"], "Slow tests");
        for (field, value) in [("issues", "PAY-99999"), ("places", "nowhere: src"), ("places", "src")] {
            let error = refused(&world, "mara", "debt.edit", json!({ "debt": slow["id"], field: [value] })).await;
            assert!(matches!(&error, Error::Invalid(flaws) if flaws[0].field == field), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_debt_is_noted_and_changed_on_its_pages() {
    for world in worlds().await {
        let mut mara = world.browser("mara").await;
        let team = world.team("payments").to_string();
        let first = issue(&world, json!({})).await;
        let key = first["key"].as_str().unwrap();
        let fields = [
            ("team", team.as_str()),
            ("name", "<b>Slow"),
            ("standing", "open"),
            ("hours_a_week", "2.5"),
            ("issues", key),
        ];
        let made = mara.post_from("/debts/new", "/debts", &fields).await;
        assert_eq!(made.status.as_u16(), 303, "{}", made.text());
        let place = made.header("location").unwrap().to_owned();
        let text = mara.get(&place).await.text();
        assert!(text.contains("2.5 h a week") && text.contains(key) && !text.contains("<b>Slow"), "{text}");
        let edit = format!("{place}/edit");
        let wrong = mara.post_from(&edit, &edit, &[("name", "Slow"), ("hours_to_repay", "much")]).await;
        assert!(wrong.status.as_u16() == 422 && wrong.text().contains("much"), "{}", wrong.text());
        let known = [("name", "Slow"), ("hours_a_week", "2"), ("hours_to_repay", "10"), ("issues", "")];
        assert_eq!(mara.post_from(&edit, &edit, &known).await.status.as_u16(), 303);
        let text = mara.get(&place).await.text();
        assert!(
            text.contains("5 weeks") && text.contains("Take it back") && !text.contains("Issues about it"),
            "{text}"
        );
        assert!(mara.get("/debts").await.text().contains("5 weeks"));
        assert_eq!(world.browser("grace").await.get("/debts").await.status.as_u16(), 404);
    }
}

/// Two commits on `src/journal` and one beside it, each of three lines, by as many people.
async fn committed(world: &World, people: &[&str]) {
    let (system, team) = (world.system(), world.team("payments"));
    let new = json!({ "name": "Books", "location": "https://git.example/octo-org/books.git", "team": team });
    let repository = world.ask(&system, "repository.add", new).await.unwrap()["id"].clone();
    let hash = |number: usize| format!("{number:040x}");
    let paths = ["src/journal/close.rs", "src/journal/open.rs", "src/journals.rs"];
    let commits: Vec<Json> = (1..=3)
        .map(|number: usize| {
            let who = people[number % people.len()];
            let parents: Vec<String> = (number > 1).then(|| hash(number - 1)).into_iter().collect();
            let at = format!("2026-03-0{number}T09:00:00Z");
            json!({
                "hash": hash(number), "parents": parents, "author": { "name": who, "mail": format!("{who}@northwind.example") },
                "authored_at": at, "committed_at": at, "committed_offset": 0, "subject": "Work",
                "changes": [{ "path": paths[number - 1], "lines": [2, 1] }],
            })
        })
        .collect();
    world.ask(&system, "repository.import", json!({ "repository": repository, "commits": commits })).await.unwrap();
    let refs = json!([{ "name": "refs/heads/main", "hash": hash(3) }]);
    let finish = json!({ "repository": repository, "refs": refs, "main": "refs/heads/main", "contents": "lines" });
    world.ask(&system, "repository.finish_import", finish).await.unwrap();
}

#[tokio::test]
async fn beside_a_debt_stands_how_often_its_places_change_where_three_people_are_behind_it() {
    for world in worlds().await {
        committed(&world, &["mara", "priya", "dele"]).await;
        let slow = debt(&world, "Slow close", json!({ "places": ["books: src/journal/"] })).await;
        let view = shown(&world, &slow).await;
        assert_eq!(view["places"], json!([{ "repository_name": "Books", "path": "src/journal" }]));
        let says = view["asides"][0]["says"].to_string();
        assert!(says.contains("2 commits touched src/journal, with 6 lines."), "{view}");
    }
    for world in worlds().await {
        committed(&world, &["mara", "priya"]).await;
        let slow = debt(&world, "Slow close", json!({ "places": ["books: src/journal"] })).await;
        assert_eq!(shown(&world, &slow).await["asides"], json!([]));
    }
}
