use super::{asked, issue, shown};
use kernel::json;
use testkit::worlds;

#[tokio::test]
async fn an_issue_is_created_and_changed_by_forms_alone() {
    for world in worlds().await {
        let mut browser = world.browser("priya").await;
        let team = world.team("payments").to_string();
        let wrong = browser.post_from("/issues/new", "/issues", &[("team", &team), ("title", " ")]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains("Write something here."), "{}", wrong.text());
        let fields = [("team", team.as_str()), ("title", "Payout in yen"), ("priority", "high"), ("estimate", "3")];
        let made = browser.post_from("/issues/new", "/issues", &fields).await;
        let place = made.header("location").unwrap().to_owned();
        assert!(made.status == 303 && place.starts_with("/issues/PAY-"), "{place}");
        let page = browser.get(&place).await.text();
        assert!(page.contains("Payout in yen") && page.contains("Undo"), "{page}");
        let fields = [("priority", "low"), ("estimate", ""), ("due_on", "2026-04-02"), ("assignee", "Priya Kulkarni")];
        let saved = browser.post_from(&place, &format!("{place}/fields"), &fields).await;
        assert_eq!(saved.status, 303);
        let page = browser.get(&place).await.text();
        assert!(page.contains("changed the priority from High to Low"), "{page}");
        let list = browser.get(&format!("/teams/{team}/issues")).await.text();
        assert!(list.contains("Payout in yen"), "{list}");
    }
}

#[tokio::test]
async fn a_task_is_ticked_and_a_relation_named_by_its_key() {
    for world in worlds().await {
        let made = issue(&world, json!({ "body": "- [ ] One\n- [ ] Two\n" })).await;
        let other = issue(&world, json!({ "title": "Another" })).await;
        let mut browser = world.browser("priya").await;
        let place = format!("/issues/{}", made["key"].as_str().unwrap());
        let tick = [("task", "1"), ("done", "true")];
        assert_eq!(browser.post_from(&place, &format!("{place}/tasks"), &tick).await.status, 303);
        assert_eq!(shown(&world, &made["id"]).await["body"], "- [ ] One\n- [x] Two\n");
        let wrong = [("direction", "blocked_by"), ("other", "PAY-99999")];
        let answer = browser.post_from(&place, &format!("{place}/relations"), &wrong).await;
        assert!(answer.status == 422 && answer.text().contains("There is no such issue."));
        let right = [("direction", "blocked_by"), ("other", other["key"].as_str().unwrap())];
        assert_eq!(browser.post_from(&place, &format!("{place}/relations"), &right).await.status, 303);
        let page = browser.get(&place).await.text();
        assert!(page.contains("nobody’s yet") && page.contains("said that it is blocked by"), "{page}");
    }
}

#[tokio::test]
async fn an_issue_is_talked_about_found_and_named_by_its_key() {
    for world in worlds().await {
        let made = issue(&world, json!({ "title": "Zanzibar settles late" })).await;
        let key = made["key"].as_str().unwrap();
        let said = json!({ "kind": "team", "record": world.team("payments"), "body": format!("See {key} first.") });
        let said = asked(&world, "priya", "comment.add", said).await;
        let on = json!({ "kind": "issue", "record": made["id"], "body": "Which day?" });
        asked(&world, "priya", "comment.add", on).await;
        world.drain().await;
        let names =
            asked(&world, "mara", "comment.list", json!({ "kind": "team", "record": world.team("payments") })).await;
        let name = names["names"].as_array().unwrap().iter().find(|name| name["path"] == key);
        assert_eq!(name.unwrap()["href"], format!("/issues/{key}"), "{said}");
        let team = world.browser("mara").await.get(&format!("/teams/{}", world.team("payments"))).await.text();
        assert!(team.contains(&format!("href=\"/issues/{key}\"")), "{team}");
        let found = asked(&world, "mara", "search.find", json!({ "q": "zanzibar" })).await;
        assert_eq!(found["hits"][0]["href"], format!("/issues/{key}"));
        let guest = world.actor("grace").await;
        let hidden = world.ask(&guest, "search.find", json!({ "q": "zanzibar" })).await.unwrap();
        assert_eq!(hidden["hits"], json!([]));
    }
}
