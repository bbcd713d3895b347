//! Pull requests and commits that name an issue stand on it, and move it by the rules of its team.
use super::{asked, issue, shown, state};
use crate::{delivery::History, hooks};
use delivery::hook::Opened;
use kernel::{Json, json};
use std::time::Duration;
use testkit::{World, noon, worlds};

/// A pull request of Northwind's shop, as GitHub tells of it; minutes are counted from noon.
struct Pull {
    number: i64,
    title: String,
    branch: String,
    body: String,
    draft: bool,
    created: i64,
    merged: Option<i64>,
    labels: Vec<&'static str>,
}

impl Pull {
    fn new(number: i64) -> Pull {
        let branch = format!("change-{number}");
        Pull {
            number,
            title: format!("Change {number}"),
            branch,
            body: String::new(),
            draft: false,
            created: 10,
            merged: None,
            labels: Vec::new(),
        }
    }

    fn payload(&self) -> Json {
        let at = |minutes: i64| (noon().timestamp() + jiff::SignedDuration::from_mins(minutes)).to_string();
        let state = if self.merged.is_some() { "closed" } else { "open" };
        let updated = self.merged.unwrap_or(self.created) + self.labels.len() as i64 + i64::from(!self.draft);
        let labels: Vec<Json> = self.labels.iter().map(|name| json!({ "name": name })).collect();
        json!({
            "action": "synchronize", "number": self.number,
            "repository": { "id": 7, "full_name": "northwind/shop", "name": "shop", "html_url": "https://github.com/northwind/shop",
                            "owner": { "login": "northwind", "id": 1, "type": "Organization" } },
            "sender": { "login": "ann", "id": 3, "type": "User" },
            "pull_request": {
                "id": 100 + self.number, "number": self.number, "title": self.title, "body": self.body, "state": state,
                "html_url": format!("https://github.com/northwind/shop/pull/{}", self.number), "draft": self.draft,
                "user": { "login": "ann", "id": 3, "type": "User" }, "created_at": at(self.created),
                "updated_at": at(updated), "closed_at": self.merged.map(at), "merged_at": self.merged.map(at),
                "head": { "ref": self.branch, "sha": format!("aa{}", self.number) }, "base": { "ref": "main", "sha": "bb" },
                "labels": labels,
            },
        })
    }
}

async fn tell(world: &World, door: &Opened, pull: &Pull) {
    let payload = pull.payload().to_string();
    let delivery = format!("{:x}", kernel::fingerprint(&payload));
    let status = hooks::send(world, door, &door.secret, &delivery, "pull_request", &payload).await;
    assert_eq!(status, 202);
    world.drain().await;
}

async fn rule(world: &World, when: &str, to: &str) {
    let input = json!({ "team": world.team("payments"), "name": when, "when": when, "q": "-state:done",
                        "then": { "state": state(world, to).await } });
    asked(world, "tomasz", "automation.add", input).await;
}

async fn state_of(world: &World, issue: &Json) -> String {
    shown(world, &issue["key"]).await["state_name"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn pull_requests_move_the_issue_they_are_the_work_on() {
    for world in worlds().await {
        let door = hooks::door(&world).await;
        let one = issue(&world, json!({ "title": "Round \u{201c}once\u{201d} <now>" })).await;
        let key = one["key"].as_str().unwrap();
        let begun = state_of(&world, &one).await;
        for (when, to) in [("pull_opened", "In progress"), ("pull_merged", "Done")] {
            rule(&world, when, to).await;
        }
        tell(&world, &door, &Pull { title: format!("{key} early"), created: -30, merged: Some(-10), ..Pull::new(9) })
            .await;
        assert_eq!(state_of(&world, &one).await, begun, "what happened before there was a rule is past");
        world.pass_to_time(noon() + Duration::from_secs(7200)).await;

        let first = Pull { branch: format!("ann/{}-round-once", key.to_lowercase()), draft: true, ..Pull::new(1) };
        tell(&world, &door, &first).await;
        assert_eq!(state_of(&world, &one).await, begun, "a draft is not ready");
        tell(&world, &door, &Pull { draft: false, ..first }).await;
        assert_eq!(state_of(&world, &one).await, "In progress");
        let second = Pull { body: format!("It rounds.\n\nFixes {key}"), ..Pull::new(2) };
        tell(&world, &door, &second).await;
        tell(&world, &door, &Pull { body: format!("Like {key}."), merged: Some(30), ..Pull::new(3) }).await;
        tell(&world, &door, &Pull { title: format!("{key} once"), merged: Some(40), ..Pull::new(1) }).await;
        assert_eq!(state_of(&world, &one).await, "In progress", "another one is open, and a mention is no work");
        let merged = Pull { body: format!("Fixes {key}"), merged: Some(50), ..Pull::new(2) };
        tell(&world, &door, &merged).await;
        assert_eq!(state_of(&world, &one).await, "Done");

        let reopened = json!({ "issue": key, "state": state(&world, "Ready").await });
        asked(&world, "tomasz", "issue.edit", reopened).await;
        tell(&world, &door, &Pull { labels: vec!["late"], ..merged }).await;
        assert_eq!(state_of(&world, &one).await, "Ready", "the same news twice does nothing");

        let code = shown(&world, &one["key"]).await["code"].clone();
        let told: Vec<(&str, &str, bool)> = code
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (one["name"].as_str().unwrap(), one["state"].as_str().unwrap(), one["mentions"].as_bool().unwrap())
            })
            .collect();
        let expected = [
            ("shop#2", "merged", false),
            ("shop#1", "merged", false),
            ("shop#3", "merged", true),
            ("shop#9", "merged", false),
        ];
        assert_eq!(told, expected);
        assert_eq!(code[0]["href"], "https://github.com/northwind/shop/pull/2");
        let page = world.browser("leo").await.get(&format!("/issues/{key}")).await.text();
        assert!(page.contains("shop#3") && page.contains("mentions it"), "{page}");
        assert!(page.contains(&format!("{}-round-once-now", key.to_lowercase())), "{page}");
        let trial = json!({ "team": world.team("payments"), "when": "pull_merged", "then": { "priority": "low" } });
        let trial = asked(&world, "tomasz", "automation.try", trial).await;
        let tried = trial["occasions"].as_array().unwrap().iter().filter(|one| one["key"] == key).count();
        assert_eq!(tried, 3, "{trial}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commits_stand_on_the_issue_they_name_whatever_its_key_became() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let key = one["key"].as_str().unwrap();
        let mut history = History::new();
        history.commit(("Priya Raman", "priya@northwind.example"), "a.rs", &format!("Round once\n\nRefs: {key}"));
        history.commit(("Ann", "ann@elsewhere.example"), "b.rs", &format!("Round {key}0 twice"));
        let folder = history.folder.to_str().unwrap();
        for _ in 0..2 {
            crate::delivery::import(&world, &[folder, "--team", "payments"]).await.unwrap();
        }
        let moved = json!({ "issue": key, "team": world.team("ledger") });
        let moved = asked(&world, "tomasz", "issue.move", moved).await;
        let code = shown(&world, &moved["key"]).await["code"].clone();
        let told: Vec<(&Json, &Json)> =
            code.as_array().unwrap().iter().map(|one| (&one["title"], &one["by_name"])).collect();
        assert_eq!(told, [(&json!("Round once"), &json!("Priya Kulkarni"))]);
        assert_eq!(code[0]["href"], Json::Null, "a folder has no page");
    }
}
