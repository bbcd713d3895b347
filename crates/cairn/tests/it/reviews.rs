//! The stages of pull requests under several definitions.
use crate::pulls::import;
use kernel::{Json, json};
use std::path::PathBuf;
use testkit::{World, worlds};

/// Of three people and a program, merged at 16:00: opened at 8:00 as a draft, ready at 10:00, commented at 11:00 and approved
/// at 14:00.
fn merged() -> Vec<Json> {
    let authors = ["ann", "ben", "cat", "robot[bot]"];
    let one = |(number, author): (i64, &str)| {
        let page = format!("https://github.com/northwind/shop/pull/{number}");
        let who = |login: &str| json!({ "login": login, "id": login.len(), "type": "User" });
        json!({
            "id": number, "number": number, "title": format!("Change {number}"), "state": "closed", "user": who(author), "html_url": page,
            "created_at": "2026-03-02T08:00:00Z", "updated_at": "2026-03-02T16:00:00Z", "closed_at": "2026-03-02T16:00:00Z",
            "merged_at": "2026-03-02T16:00:00Z", "draft": false, "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" },
            "timeline": [{ "id": 100 + number, "event": "ready_for_review", "actor": who(author), "created_at": "2026-03-02T10:00:00Z" }],
            "comments_data": [{ "id": 200 + number, "body": "Why?", "user": who("reviewer"), "created_at": "2026-03-02T11:00:00Z" }],
            "reviews": [{ "id": 300 + number, "state": "APPROVED", "user": who("reviewer"), "submitted_at": "2026-03-02T14:00:00Z" }],
        })
    };
    (1..).zip(authors).map(one).collect()
}

async fn lens(world: &World, input: Json) -> kernel::Result<Json> {
    world.ask(&world.actor("dele").await, "delivery.review_lens", input).await
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_are_laid_side_by_side_with_the_reasons() {
    let path: PathBuf = std::env::temp_dir().join(format!("cairn-lens-{}.json", std::process::id()));
    for world in worlds().await {
        let team = world.team("payments").to_string();
        let all = json!({ "team": team, "span": "all" });
        let none = lens(&world, all.clone()).await.unwrap();
        assert_eq!((&none["contributors"], &none["readings"][0]["numbers"]), (&json!(0), &Json::Null));

        std::fs::write(&path, json!(merged()).to_string()).unwrap();
        import(&world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
        let found = lens(&world, json!({ "team": team, "span": "all", "definitions": "cairn,devlake" })).await.unwrap();
        let hour = 3_600_000_000_i64;
        let value = |at: usize, stage: &str| found["readings"][at]["numbers"][stage]["value"].as_i64();
        assert_eq!(
            ["pickup", "review", "merge"].map(|stage| value(0, stage)),
            [Some(hour), Some(3 * hour), Some(2 * hour)]
        );
        assert_eq!(["pickup", "review", "merge"].map(|stage| value(1, stage)), [Some(3 * hour), Some(5 * hour), None]);
        // The program's counts there and not here.
        assert_eq!((&found["contributors"], &found["differ"]), (&json!(3), &json!(4)));
        let told = |at: usize| found["differing"][at]["told"][1]["because"].to_string();
        let all_of_them: String = (0..4).map(told).collect();
        for reason in [
            "time as a draft is waiting there",
            "review lasts until the merge there",
            "pull requests of programs count there",
        ] {
            assert!(all_of_them.contains(reason), "{reason}: {all_of_them}");
        }
        let every: Json = lens(&world, all).await.unwrap();
        assert_eq!(every["readings"].as_array().unwrap().len(), 5);
        assert!(!every.to_string().contains("reviewer"), "nobody is named");
        for wrong in ["cairn", "cairn,nobody", "cairn,cairn"] {
            assert!(lens(&world, json!({ "team": team, "definitions": wrong })).await.is_err(), "{wrong}");
        }

        let mut client = world.browser("mara").await;
        let page = client.get(&format!("/teams/{team}/reviews/definitions?span=all")).await;
        for shown in [
            "4 pull requests look different by another definition",
            "Because time as a draft is waiting there",
            "Apache DevLake, version 1",
        ] {
            assert!(page.text().contains(shown), "{shown}");
        }
        let page = client.get(&format!("/teams/{team}/reviews?span=all&definition=linearb")).await;
        assert!(page.text().contains("Stages by LinearB"));
        assert!(page.text().contains("wait 60 minutes for an answer, by LinearB"));
    }
    std::fs::remove_file(&path).unwrap_or_default();
}

/// Pull requests of three people of one team and two of none, each with a review.
fn reviewed(pairs: &[(&str, &str)]) -> Vec<Json> {
    let who = |login: &str| json!({ "login": login, "email": format!("{login}@northwind.example"), "id": login.len(), "type": "User" });
    let one = |(number, (author, reviewer)): (i64, &(&str, &str))| {
        json!({
            "id": number, "number": number, "title": format!("Change {number}"), "state": "closed", "user": who(author),
            "html_url": format!("https://github.com/northwind/shop/pull/{number}"), "created_at": "2026-03-02T08:00:00Z",
            "updated_at": "2026-03-02T16:00:00Z", "closed_at": "2026-03-02T16:00:00Z", "merged_at": "2026-03-02T16:00:00Z",
            "draft": false, "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" }, "additions": 30, "deletions": 10,
            "comments_data": [{ "id": 200 + number, "body": "Why?", "user": who(reviewer), "created_at": "2026-03-02T11:00:00Z" }],
            "reviews": [{ "id": 300 + number, "state": "APPROVED", "user": who(reviewer), "submitted_at": "2026-03-02T14:00:00Z" }],
        })
    };
    (1..).zip(pairs).map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn how_reviews_are_spread_names_nobody() {
    let path: PathBuf = std::env::temp_dir().join(format!("cairn-load-{}.json", std::process::id()));
    let few = [("ann", "ben"), ("ben", "ann"), ("cat", "ben")];
    let more = [
        ("ann", "zoe"),
        ("ben", "zoe"),
        ("cat", "zoe"),
        ("dan", "zoe"),
        ("ann", "ben"),
        ("ben", "cat"),
        ("cat", "dan"),
        ("zoe", "ann"),
    ];
    for world in worlds().await {
        let team = world.team("payments").to_string();
        let input = json!({ "team": team, "span": "all" });
        std::fs::write(&path, json!(reviewed(&few)).to_string()).unwrap();
        import(&world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
        let dele = world.actor("dele").await;
        let found = world.ask(&dele, "delivery.review_load", input.clone()).await.unwrap();
        assert_eq!((&found["authors"], &found["reviewers"], &found["numbers"]), (&json!(3), &json!(2), &Json::Null));

        std::fs::write(&path, json!(reviewed(&more)).to_string()).unwrap();
        import(&world, &["github", path.to_str().unwrap()]).await;
        let found = world.ask(&dele, "delivery.review_load", input).await.unwrap();
        let numbers = &found["numbers"];
        assert_eq!(numbers["spread"]["people"].as_u64().unwrap(), 5);
        assert!(numbers["spread"]["half"].as_u64().unwrap() <= 2, "{numbers}");
        assert_eq!(numbers["depth"][0]["pulls"], 8);
        assert_eq!(found["own"], Json::Null);
        let mut client = world.browser("dele").await;
        let page = client.get(&format!("/teams/{team}/reviews/load?span=all")).await;
        assert!(
            page.text().contains("do half of the reviews of Payments")
                || page.text().contains("does half of the reviews of Payments")
        );
        for login in ["ann", "zoe"] {
            assert!(!page.text().contains(&format!(">{login}")) && !found.to_string().contains(login), "{login}");
        }
    }
    std::fs::remove_file(&path).unwrap_or_default();
}

#[tokio::test(flavor = "multi_thread")]
async fn ones_own_reviews_are_shown_to_oneself_alone() {
    let path: PathBuf = std::env::temp_dir().join(format!("cairn-own-{}.json", std::process::id()));
    std::fs::write(&path, json!(reviewed(&[("ann", "dele"), ("dele", "ann")])).to_string()).unwrap();
    for world in worlds().await {
        let input = json!({ "team": world.team("payments"), "span": "all" });
        import(&world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
        let own = async |who: &str| {
            world.ask(&world.actor(who).await, "delivery.review_load", input.clone()).await.unwrap()["own"].clone()
        };
        assert_eq!(own("dele").await, json!({ "reviewed": 1, "merged": 1 }));
        assert_eq!(own("mara").await, Json::Null, "nor to the one who leads them");
    }
    std::fs::remove_file(&path).unwrap_or_default();
}
