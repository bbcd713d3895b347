//! The roadmap: projects and milestones, the issues in them, and how far they are.
mod debt;
mod forecast;
mod health;
mod pages;
mod priority;
mod quiet;
mod shares;
mod timeline;

use crate::issues::{asked, issue, shown, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

/// A project of payments, made by mara.
pub async fn project(world: &World, name: &str, more: Json) -> Json {
    let mut input = json!({ "name": name, "teams": [world.team("payments")] });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    asked(world, "mara", "project.add", input).await
}

pub async fn milestone(world: &World, project: &Json, name: &str, target: Json) -> Json {
    let input = json!({ "project": project["id"], "name": name, "target": target });
    asked(world, "mara", "milestone.add", input).await
}

async fn view(world: &World, project: &Json) -> Json {
    asked(world, "mara", "project.show", json!({ "project": project["id"] })).await
}

async fn edit(world: &World, who: &str, issue: &Json, mut change: Json) -> Json {
    change["issue"] = issue["id"].clone();
    asked(world, who, "issue.edit", change).await
}

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

fn field(error: Error) -> String {
    match error {
        Error::Invalid(flaws) => flaws[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

fn place(issue: &Json) -> (&Json, &Json) {
    (&issue["project_name"], &issue["milestone_name"])
}

#[tokio::test]
async fn a_milestone_takes_an_issue_into_its_project_and_another_project_out_of_it() {
    for world in worlds().await {
        let (euro, cards) = (project(&world, "Euro", json!({})).await, project(&world, "Cards", json!({})).await);
        let beta = milestone(&world, &euro, "Beta", json!("2026-Q3")).await;
        let one = issue(&world, json!({ "milestone": beta["id"] })).await;
        assert_eq!(place(&one), (&json!("Euro"), &json!("Beta")));
        let both = json!({ "project": cards["id"], "milestone": beta["id"] });
        assert_eq!(field(refused(&world, "priya", "issue.create", with_title(&world, both)).await), "milestone");

        let moved = edit(&world, "dele", &one, json!({ "project": cards["id"] })).await;
        assert_eq!(place(&moved), (&json!("Cards"), &Json::Null));
        let events = asked(&world, "mara", "issue.show", json!({ "issue": one["id"] })).await;
        assert_eq!(events["project_name"], "Cards");
        asked(&world, "dele", "issue.undo", json!({ "batch": moved["batch"] })).await;
        assert_eq!(place(&shown(&world, &one["id"]).await), (&json!("Euro"), &json!("Beta")));

        let out = edit(&world, "dele", &one, json!({ "milestone": "" })).await;
        assert_eq!(place(&out), (&json!("Euro"), &Json::Null));
        edit(&world, "priya", &one, json!({ "project": cards["id"] })).await;
        let undone = asked(&world, "dele", "issue.undo", json!({ "batch": out["batch"] })).await;
        assert_eq!(undone["kept"], 1, "the issue is in another project since");
        assert_eq!(place(&shown(&world, &one["id"]).await), (&json!("Cards"), &Json::Null));
        edit(&world, "priya", &one, json!({ "project": "" })).await;
        assert_eq!(place(&shown(&world, &one["id"]).await), (&Json::Null, &Json::Null));
    }
}

fn with_title(world: &World, mut input: Json) -> Json {
    input["team"] = json!(world.team("payments"));
    input["title"] = json!("Both");
    input
}

#[tokio::test]
async fn many_issues_come_into_a_milestone_at_once_and_are_found_there() {
    for world in worlds().await {
        let euro = project(&world, "Payouts in euro", json!({})).await;
        let beta = milestone(&world, &euro, "Closed beta", json!(null)).await;
        let (one, two) = (issue(&world, json!({})).await, issue(&world, json!({})).await);
        let both = json!({ "issues": [one["id"], two["id"]], "milestone": beta["id"] });
        let preview = json!({ "issues": both["issues"], "milestone": beta["id"], "preview": true });
        assert_eq!(asked(&world, "priya", "issue.edit_many", preview).await["changes"].as_array().unwrap().len(), 4);
        let made = asked(&world, "priya", "issue.edit_many", both).await;

        let found = async |q: &str| {
            let list = asked(&world, "dele", "issue.list", json!({ "q": q })).await;
            list["issues"].as_array().unwrap().len()
        };
        assert_eq!(found("project:\"payouts in euro\"").await, 2);
        assert_eq!(found("project:\"payouts in euro\" milestone:none").await, 0);
        assert_eq!(found("milestone:\"closed beta\" -project:none").await, 2);
        let board = json!({ "team": world.team("payments"), "q": "milestone:\"closed beta\"" });
        let board = asked(&world, "dele", "issue.board", board).await;
        let cards = board["columns"].as_array().unwrap().iter().map(|one| one["count"].as_i64().unwrap());
        assert_eq!(cards.sum::<i64>(), 2);
        let unknown = refused(&world, "dele", "issue.list", json!({ "q": "project:eurro" })).await;
        assert!(unknown.to_string().contains("There is no project"), "{unknown}");

        let choices = json!({ "issues": [one["id"]], "field": "project" });
        let choices = asked(&world, "dele", "issue.choices", choices).await["choices"].clone();
        let held: Vec<&Json> = choices.as_array().unwrap().iter().filter(|one| one["held"] == 1).collect();
        assert_eq!(held[0]["name"], "Payouts in euro: Closed beta");
        let typed = json!({ "q": "milestone:clo" });
        let proposals = asked(&world, "dele", "issue.complete_query", typed).await;
        assert_eq!(proposals["proposals"][0]["text"], "\"Closed beta\"");

        asked(&world, "priya", "issue.undo", json!({ "batch": made["batch"] })).await;
        assert_eq!(found("milestone:\"closed beta\"").await, 0);
    }
}

#[tokio::test]
async fn progress_counts_what_has_nothing_below_it_once_and_nothing_cancelled() {
    for world in worlds().await {
        let (euro, cards) = (project(&world, "Euro", json!({})).await, project(&world, "Cards", json!({})).await);
        let beta = milestone(&world, &euro, "Beta", json!(null)).await;
        let (done, cancelled) = (state(&world, "Done").await, state(&world, "Cancelled").await);
        let whole = issue(&world, json!({ "milestone": beta["id"] })).await;
        let below = |more: Json| {
            let mut input = json!({ "parent": whole["key"] });
            input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            input
        };
        issue(&world, below(json!({ "state": done }))).await;
        issue(&world, below(json!({}))).await;
        issue(&world, below(json!({ "state": cancelled }))).await;
        issue(&world, below(json!({ "project": cards["id"] }))).await;
        issue(&world, below(json!({ "project": euro["id"], "state": done }))).await;
        issue(&world, json!({ "project": euro["id"] })).await;

        let found = view(&world, &euro).await;
        assert_eq!(found["progress"], json!({ "done": 2, "all": 4 }), "two below, one below by itself, one alone");
        assert_eq!(found["milestones"][0]["progress"], json!({ "done": 1, "all": 2 }));
        assert_eq!(found["others"]["progress"], json!({ "done": 1, "all": 2 }));
        assert_eq!(view(&world, &cards).await["progress"], json!({ "done": 0, "all": 1 }));
        let listed = asked(&world, "priya", "project.list", json!({ "team": world.team("payments") })).await;
        let euro = listed.as_array().unwrap().iter().find(|one| one["id"] == euro["id"]).unwrap();
        assert_eq!(euro["progress"], json!({ "done": 2, "all": 4 }));
    }
}

#[tokio::test]
async fn a_project_shows_what_waits_for_others_and_who_takes_part() {
    for world in worlds().await {
        let (euro, cards) = (project(&world, "Euro", json!({})).await, project(&world, "Cards", json!({})).await);
        let waits = issue(&world, json!({ "project": euro["id"], "assignee": world.person("dele") })).await;
        let first = issue(&world, json!({ "project": cards["id"], "title": "The scheme's form" })).await;
        let related = json!({ "issue": waits["id"], "direction": "blocked_by", "other": first["id"] });
        asked(&world, "priya", "issue.relate", related).await;
        let found = view(&world, &euro).await;
        let blocked = &found["blocked"][0];
        assert_eq!((&blocked["key"], &blocked["by_key"]), (&waits["key"], &first["key"]));
        assert_eq!(blocked["by_project"], "Cards");
        assert_eq!(found["others"]["issues"][0]["blocked"], true);
        assert_eq!(found["people"], json!([{ "id": world.person("dele"), "name": "Dele Adéyẹmí" }]));
        edit(&world, "priya", &first, json!({ "state": state(&world, "Done").await })).await;
        assert_eq!(view(&world, &euro).await["blocked"], json!([]));
    }
}

#[tokio::test]
async fn milestones_have_an_order_and_go_only_when_they_are_empty() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let beta = milestone(&world, &euro, "Beta", json!("2026-06-30")).await;
        let all = milestone(&world, &euro, "Everyone", json!("2026-Q4")).await;
        let again = json!({ "project": euro["id"], "name": "BETA" });
        assert_eq!(field(refused(&world, "mara", "milestone.add", again.clone()).await), "name");
        let first = json!({ "milestone": all["id"], "place": 1, "target": "2026-11" });
        asked(&world, "mara", "milestone.edit", first).await;
        let found = view(&world, &euro).await;
        let all = found["milestones"].as_array().unwrap().iter();
        let names: Vec<&str> = all.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!((names, &found["milestones"][0]["target"]), (vec!["Everyone", "Beta"], &json!("2026-11")));

        let one = issue(&world, json!({ "milestone": beta["id"] })).await;
        let remove = json!({ "milestone": beta["id"] });
        let sentence = refused(&world, "mara", "milestone.remove", remove.clone()).await.to_string();
        assert!(sentence.contains("One issue is in this milestone"), "{sentence}");
        edit(&world, "mara", &one, json!({ "milestone": "" })).await;
        asked(&world, "mara", "milestone.remove", remove.clone()).await;
        assert!(matches!(
            refused(&world, "mara", "issue.edit", json!({ "issue": one["id"], "milestone": beta["id"] })).await,
            Error::NotFound
        ));
        asked(&world, "mara", "milestone.add", again).await;
        assert_eq!(field(refused(&world, "mara", "milestone.restore", remove).await), "name");
    }
}

#[tokio::test]
async fn a_project_is_settled_by_those_who_are_near_it() {
    for world in worlds().await {
        let owned = json!({ "name": "Names", "owner": world.person("priya") });
        let owned = asked(&world, "wanjiru", "project.add", owned).await;
        let edit = json!({ "project": owned["id"], "state": "started", "start": "2026-03", "target": "2026-Q2" });
        assert!(matches!(refused(&world, "tomasz", "project.edit", edit.clone()).await, Error::Forbidden));
        let changed = asked(&world, "priya", "project.edit", edit).await;
        assert_eq!((&changed["state"], &changed["target"]), (&json!("started"), &json!("2026-Q2")));
        let wrong = json!({ "project": owned["id"], "target": "2026-02" });
        assert_eq!(field(refused(&world, "priya", "project.edit", wrong).await), "target");
        let unread = json!({ "project": owned["id"], "target": "next spring" });
        assert_eq!(field(refused(&world, "priya", "project.edit", unread).await), "target");
        let team = json!({ "project": owned["id"], "teams": [world.team("payments")] });
        asked(&world, "priya", "project.edit", team).await;
        let by_team = json!({ "project": owned["id"], "about": "As **written**." });
        asked(&world, "tomasz", "project.edit", by_team).await;
        let double = json!({ "name": "names" });
        assert_eq!(field(refused(&world, "dele", "project.add", double).await), "name");
        let guest = world.actor("grace").await;
        let hidden = world.ask(&guest, "project.show", json!({ "project": owned["id"] })).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
    }
}
