//! What former trackers held in fields of their own becomes what a field here holds.
use super::{asked, dump, file, import, shown};
use kernel::{Json, json};
use testkit::{World, worlds};

async fn found(world: &World) -> Option<Json> {
    let all = asked(world, "custom_field.found", json!({})).await;
    all.as_array().unwrap().iter().find(|one| one["name"] == "customfield_10042").cloned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_of_a_former_tracker_is_moved_and_moved_back() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump("nobody@nowhere.example", "Refund twice")).await;
        import(&world, &["jira", &path, "--team", "OLD=payments"]).await.unwrap();
        let one = found(&world).await.unwrap();
        assert_eq!((&one["issues"], &one["example"], &one["source"]), (&json!(1), &json!("Gold"), &json!("jira")));
        let mut browser = world.browser("tomasz").await;
        let form = [
            ("source", "jira"),
            ("name", "customfield_10042"),
            ("example", "Gold"),
            ("into", "choice"),
            ("called", "Plan"),
        ];
        let moved = browser.post_from("/found-fields", "/found-fields", &form).await;
        assert_eq!(moved.status, 303, "{}", moved.text());
        let issue = shown(&world, "OLD-12").await;
        assert_eq!((&issue["fields"][0]["field_name"], &issue["fields"][0]["words"]), (&json!("Plan"), &json!("Gold")));
        assert!(found(&world).await.is_none(), "it is counted no more");
        let page = browser.get("/found-fields").await.text();
        assert!(page.contains("One issue holds it now."), "{page}");
        let tomasz = world.actor("tomasz").await;
        let number = json!({ "name": "Rank there", "kind": "number" });
        let number = world.ask(&tomasz, "custom_field.add", number).await.unwrap()["id"].clone();
        let undone = page.split("/issue-changes/").nth(1).and_then(|rest| rest.split('/').next()).unwrap();
        world.ask(&tomasz, "issue.undo", json!({ "batch": undone })).await.unwrap();
        assert_eq!(shown(&world, "OLD-12").await["fields"], json!([]));
        assert_eq!(found(&world).await.unwrap()["issues"], json!(1), "it stands beside the issue again");
        let into = json!({ "field": number, "source": "jira", "name": "customfield_10042" });
        let taken = world.ask(&tomasz, "custom_field.take", into).await.unwrap();
        assert_eq!((&taken["taken"], &taken["unfit"]), (&json!(0), &json!(1)));
        let former = asked(&world, "issue.former", json!({ "issue": "OLD-12" })).await;
        assert!(former["fields"].to_string().contains("Gold"), "it stays as it was");
    }
}
