//! Files of trackers that are brought on a page: looked at, settled, brought over by jobs and taken back.
use super::{asked, counts, dump, latest, mail_of, shown};
use kernel::{Json, json};
use std::time::Duration;
use testkit::{Answer, Client, World, worlds};

async fn bring(browser: &mut Client, source: &str, team: &str, name: &str, text: &str) -> Answer {
    let token = browser.get("/issue-imports/new").await.field("csrf");
    let part = |name: &str, rest: &str, body: &str| {
        format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"{rest}\r\n\r\n{body}\r\n")
    };
    let body = part("csrf", "", &token)
        + &part("source", "", source)
        + &part("team", "", team)
        + &part("file", &format!("; filename=\"{name}\""), text)
        + "--edge--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=edge"), ("origin", "http://cairn.test")];
    browser.send("POST", "/issue-imports/files", &headers, body.into()).await
}

/// Brings the dump of the other tests for a team, and returns the address of its page.
async fn brought(world: &World, browser: &mut Client) -> String {
    let text = dump(&mail_of(world, "mara").await, "Refund the zebra twice").to_string();
    let kept = bring(browser, "jira", world.team("payments").as_str(), "dump.json", &text).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    kept.header("location").unwrap().to_owned()
}

async fn imports(world: &World) -> Json {
    asked(world, "issue_import.list", json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_looked_at_settled_brought_over_and_taken_back() {
    for world in worlds().await {
        let before = counts(&world).await;
        let mut wanjiru = world.browser("wanjiru").await;
        let path = brought(&world, &mut wanjiru).await;
        let page = wanjiru.get(&path).await.text();
        for told in
            ["Nothing has changed yet", "Ada Elsewhere", "Someone Else", "The same mail address", "only some may read"]
        {
            assert!(page.contains(told), "{told}: {page}");
        }
        assert!(page.contains("Bring over 5 issues") && page.contains("customfield_10042"), "{page}");
        assert_eq!((counts(&world).await, imports(&world).await), (before, json!([])), "looking changes nothing");

        let tomasz = asked(&world, "person.show", json!({ "person": world.person("tomasz") })).await;
        let name = tomasz["name"].as_str().unwrap().to_owned();
        let wrong = [("person.0", "Nobody At All"), ("state.1", "new:backlog"), ("step", "import")];
        let refused = wanjiru.post_from(&path, &path, &wrong).await;
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("Nobody here has this name") && refused.text().contains("value=\"Nobody At All\"")
        );

        let chosen = [("person.0", name.as_str()), ("person.1", ""), ("state.1", "new:backlog")];
        let kept = wanjiru.post_from(&path, &path, &chosen).await;
        assert_eq!((kept.status.as_u16(), kept.header("location")), (303, Some(path.as_str())));
        let page = wanjiru.get(&path).await.text();
        assert!(page.contains(&format!("value=\"{name}\"")) && page.contains("You chose it"), "{page}");
        assert!(page.contains("value=\"new:backlog\" selected"), "{page}");
        assert_eq!((counts(&world).await, imports(&world).await), (before, json!([])), "choosing changes nothing");

        let begun = wanjiru.post_from(&path, &path, &[&chosen[..], &[("step", "import")]].concat()).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        let of_import = begun.header("location").unwrap().to_owned();
        assert!(wanjiru.get(&of_import).await.text().contains("The file is being read"));
        assert_eq!(wanjiru.get(&path).await.header("location"), Some(of_import.as_str()));
        world.drain().await;
        let import = latest(&world).await;
        assert_eq!((&import["created"], import["finished_at"].is_null()), (&json!(5), false), "{import}");
        assert_eq!(import["report"]["people"], json!({ "settled": 1, "nobody": 1 }));
        assert!(wanjiru.get(&of_import).await.text().contains("5 issues from Jira"));
        assert_eq!(wanjiru.get(&path).await.status, 404, "the file is gone");
        let issue = shown(&world, "OLD-12").await;
        assert_eq!(
            (&issue["creator_id"], &issue["assignee_id"], &issue["assignee_name"]),
            (&json!(world.person("tomasz")), &Json::Null, &json!("Someone Else"))
        );
        let other = shown(&world, "OLD-13").await;
        assert_eq!((&other["state_name"], &other["category"]), (&json!("Offen"), &json!("backlog")), "{other}");

        asked(&world, "issue_import.undo", json!({ "import": import["id"] })).await;
        assert_eq!(counts(&world).await, before);
        assert!(world.ask(&world.system(), "issue.show", json!({ "issue": "OLD-12" })).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_taken_back_on_its_way_stops() {
    for world in worlds().await {
        let before = counts(&world).await;
        let mut wanjiru = world.browser("wanjiru").await;
        let path = brought(&world, &mut wanjiru).await;
        assert_eq!(wanjiru.post_from(&path, &path, &[("step", "import")]).await.status, 303);
        let import = latest(&world).await;
        let again = wanjiru.post_from("/issue-imports/new", &path, &[("step", "import")]).await;
        assert!(again.status == 422 && again.text().contains("being brought over already"), "{}", again.text());
        asked(&world, "issue_import.undo", json!({ "import": import["id"] })).await;
        world.drain().await;
        assert_eq!((counts(&world).await, wanjiru.get(&path).await.status.as_u16()), (before, 404));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_without_a_team_gets_one_on_the_page() {
    for world in worlds().await {
        let mut joana = world.browser("joana").await;
        let text = dump("nobody@nowhere.example", "Refund twice").to_string();
        let kept = bring(&mut joana, "jira", "", "dump.json", &text).await;
        let path = kept.header("location").unwrap().to_owned();
        assert!(joana.get(&path).await.text().contains("A new team called OLD"));
        assert_eq!(joana.post_from(&path, &path, &[("step", "import")]).await.status, 303);
        world.drain().await;
        let issue = shown(&world, "OLD-12").await;
        let team = asked(&world, "team.show", json!({ "team": issue["team_id"] })).await;
        assert!(team.to_string().contains("\"name\":\"OLD\""), "{team}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sprints_come_over_on_the_page_with_their_issues() {
    for world in worlds().await {
        let mut joana = world.browser("joana").await;
        let text = super::sprints::dump(true, "Sprint 2").to_string();
        let kept = bring(&mut joana, "jira", world.team("payments").as_str(), "dump.json", &text).await;
        let path = kept.header("location").unwrap().to_owned();
        assert_eq!(joana.post_from(&path, &path, &[("step", "import")]).await.status, 303);
        world.drain().await;
        let import = latest(&world).await;
        assert_eq!(import["report"]["sprints"]["created"], 2, "{}", import["report"]["sprints"]);
        asked(&world, "issue_import.undo", json!({ "import": import["id"] })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_says_why_and_leaves_nothing() {
    for world in worlds().await {
        let mut wanjiru = world.browser("wanjiru").await;
        let whole = dump("nobody@nowhere.example", "Refund twice").to_string();
        let team = world.team("payments").to_string();
        for (source, name, text, told) in [
            ("jira", "z.json", &whole[..whole.len() - 30], "z.json, line 1"),
            ("jira", "z.json", &"[".repeat(10_000), "z.json, line 1"),
            ("shortcut", "holiday.txt", "Gone fishing", "no issue of Shortcut"),
            ("linear", "people.csv", "name,email\nAda,ada@elsewhere.example\n", "no issue of Linear"),
            ("jira", "z.json", "", "not empty"),
        ] {
            let refused = bring(&mut wanjiru, source, &team, name, text).await;
            let page = refused.text();
            assert_eq!(refused.status, 422, "{page}");
            assert!(page.contains(told) && !page.contains("/tmp"), "{told}: {page}");
            assert!(page.contains(&format!("value=\"{source}\" selected")), "{page}");
            assert!(page.contains(&format!("value=\"{team}\" selected")), "{page}");
        }
        assert_eq!(imports(&world).await, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_its_owners_alone_and_gone_after_a_week() {
    for world in worlds().await {
        let mut wanjiru = world.browser("wanjiru").await;
        let path = brought(&world, &mut wanjiru).await;
        let mut joana = world.browser("joana").await;
        assert_eq!(joana.get(&path).await.status, 404);
        let taken = joana.post_from("/issue-imports/new", &path, &[("step", "import")]).await;
        assert_eq!(taken.status, 404, "{}", taken.text());
        let mut mara = world.browser("mara").await;
        assert_eq!(mara.get("/issue-imports/new").await.status, 403);
        let token = mara.get("/issues/new").await.field("csrf");
        let refused = mara.post(&path, &[("csrf", &token), ("step", "import")]).await;
        assert_eq!(refused.status, 404);
        assert_eq!(imports(&world).await, json!([]));
        assert_eq!(wanjiru.get(&path).await.status, 200);
        let week = world.clock.now() + Duration::from_secs(8 * 24 * 3600);
        world.pass_to_time(week).await;
        world.pass_to_time(week + Duration::from_secs(2 * 3600)).await;
        assert_eq!(world.browser("wanjiru").await.get(&path).await.status, 404);
    }
}
