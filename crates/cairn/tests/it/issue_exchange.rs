//! Issues come over from other trackers with their past, are taken back whole, and go out so that they come back the same.
mod found;
mod live;
mod round_trip;
mod sprints;
mod uploads;

use crate::command::config;
use cairn::command::cli;
use kernel::{Error, Json, Result, Time, json};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;
use testkit::{World, worlds};

/// `cairn import …` on the database of a world.
async fn import(world: &World, args: &[&str]) -> Result<()> {
    let matches = cli().try_get_matches_from([&["cairn", "import"], args, &["--quiet"]].concat()).unwrap();
    cairn::command::import(&config(world), matches.subcommand().unwrap().1).await.map(drop)
}

async fn asked(world: &World, operation: &str, input: Json) -> Json {
    world.ask(&world.system(), operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"))
}

fn status(id: &str, name: &str, category: &str) -> Json {
    json!({ "id": id, "name": name, "statusCategory": { "key": category } })
}

fn somebody(id: &str, name: &str, mail: &str) -> Json {
    json!({ "accountId": id, "displayName": name, "emailAddress": mail })
}

/// A dump of Jira in the reader's language: an epic, an issue below it with a past, one that it blocks, a circle of parents.
fn dump(mara: &str, title: &str) -> Json {
    let ada = somebody("ada", "Ada Elsewhere", "ada@elsewhere.example");
    let moved = |at: &str, from: (&str, &str), to: (&str, &str)| {
        json!({ "id": at, "created": format!("2024-01-{at}T09:00:00.000+0000"), "author": ada, "items": [{
            "field": "status", "fieldId": "status", "from": from.0, "fromString": from.1, "to": to.0, "toString": to.1 }] })
    };
    let issue = |id: &str, more: Json| {
        let mut fields = json!({ "summary": format!("Number {id}"), "status": status("1", "Offen", "new"), "creator": ada,
            "created": "2024-01-01T09:00:00.000+0000", "updated": "2024-01-20T09:00:00.000+0000" });
        fields.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "id": format!("100{id}"), "key": format!("OLD-{id}"), "fields": fields })
    };
    let blocks = |id: &str| {
        json!({ "type": { "name": "Blocks", "inward": "is blocked by", "outward": "blocks" },
        "outwardIssue": { "id": format!("100{id}"), "key": format!("OLD-{id}") } })
    };
    let mut main = issue(
        "12",
        json!({
            "summary": title, "status": status("3", "Erledigt", "done"), "parent": { "id": "10010", "key": "OLD-10" },
            "assignee": somebody("m", "Someone Else", mara), "issuelinks": [blocks("13"), blocks("99")],
            "customfield_10042": { "value": "Gold" }, "resolutiondate": "2024-01-09T09:00:00.000+0000",
            "comment": { "comments": [
                { "id": "5", "author": ada, "body": "Seen at *noon*", "created": "2024-01-02T10:00:00.000+0000" },
                { "id": "6", "author": ada, "body": "secret", "created": "2024-01-02T11:00:00.000+0000", "visibility": { "type": "role", "value": "Admins" } }] },
        }),
    );
    main["changelog"] = json!({ "total": 2, "histories": [
        moved("03", ("1", "Offen"), ("2", "In Arbeit")), moved("09", ("2", "In Arbeit"), ("3", "Erledigt"))] });
    let circle = |id: &str, above: &str| {
        issue(id, json!({ "parent": { "id": format!("100{above}"), "key": format!("OLD-{above}") } }))
    };
    json!({ "issues": [main, issue("10", json!({ "issuetype": { "name": "Epic" } })), issue("13", json!({})),
        circle("20", "21"), circle("21", "20")], "total": 5 })
}

async fn file(folder: &TempDir, dump: &Json) -> String {
    let path = folder.path().join("dump.json");
    fs::write(&path, dump.to_string()).unwrap();
    path.display().to_string()
}

async fn shown(world: &World, key: &str) -> Json {
    asked(world, "issue.show", json!({ "issue": key })).await
}

async fn mail_of(world: &World, key: &str) -> String {
    let person = asked(world, "person.show", json!({ "person": world.person(key) })).await;
    person["email"].as_str().unwrap().to_owned()
}

async fn latest(world: &World) -> Json {
    asked(world, "issue_import.list", json!({})).await[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_comes_over_with_its_past_and_is_found_by_its_former_keys() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump(&mail_of(&world, "mara").await, "Refund the zebra twice")).await;
        import(&world, &["jira", &path, "--team", "payments", "--dry-run"]).await.unwrap();
        import(&world, &["jira", &path, "--new-teams", "--dry-run"]).await.unwrap();
        assert!(import(&world, &["jira", &path]).await.is_err(), "no team is called like the project");
        assert!(world.ask(&world.system(), "issue.show", json!({ "issue": "OLD-12" })).await.is_err());
        import(&world, &["jira", &path, "--team", "OLD=payments"]).await.unwrap();
        let issue = shown(&world, "OLD-12").await;
        assert_eq!(
            (&issue["assignee_id"], &issue["creator_name"]),
            (&json!(world.person("mara")), &json!("Ada Elsewhere"))
        );
        let stays: Vec<(&str, i64)> = issue["stays"]
            .as_array()
            .unwrap()
            .iter()
            .map(|stay| (stay["state_name"].as_str().unwrap(), stay["seconds"].as_i64().unwrap() / 86_400))
            .take(2)
            .collect();
        assert_eq!(stays, [("Offen", 2), ("In Arbeit", 6)]);
        assert_eq!(issue["finished_at"], "2024-01-09T09:00:00Z");
        assert_eq!(issue["parent"]["title"], "Number 10");
        let relations = issue["relations"].as_array().unwrap();
        assert_eq!(
            (relations.len(), &relations[0]["other"]["title"], &relations[0]["since"]),
            (1, &json!("Number 13"), &json!("2024-01-01T09:00:00Z"))
        );
        let former = asked(&world, "issue.former", json!({ "issue": "OLD-12" })).await;
        assert_eq!(former["notes"][0]["body"].as_str().unwrap().trim(), "Seen at **noon**");
        assert_eq!((former["notes"].as_array().unwrap().len(), &former["waiting"][0]["other"]), (1, &json!("OLD-99")));
        assert!(former["fields"].to_string().contains("Gold"), "{}", former["fields"]);
        let report = latest(&world).await["report"].to_string();
        for told in ["only some may read", "in a circle", "not here", "customfield_10042"] {
            assert!(report.contains(told), "{told}: {report}");
        }
        world.clock.set(Time::now() + Duration::from_secs(3_600));
        world.drain().await;
        let found = world.ask(&world.actor("tomasz").await, "search.find", json!({ "q": "zebra" })).await.unwrap();
        assert_eq!(found["hits"][0]["id"], issue["id"], "{found}");
        let mut browser = world.browser("joana").await;
        for page in [
            "/issue-imports",
            "/outsiders",
            &format!("{}/former", issue["key"].as_str().map(|key| format!("/issues/{key}")).unwrap()),
        ] {
            assert_eq!(browser.get(page).await.status, 200, "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_here_stays_when_it_is_brought_over_again() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let mail = mail_of(&world, "mara").await;
        for _ in 0..2 {
            let path = file(&folder, &dump(&mail, "Refund twice")).await;
            import(&world, &["jira", &path, "--team", "payments"]).await.unwrap();
        }
        let again = latest(&world).await;
        assert_eq!((&again["created"], &again["renewed"], &again["unchanged"]), (&json!(0), &json!(0), &json!(5)));
        let issue = shown(&world, "OLD-12").await;
        let edit = json!({ "issue": "OLD-12", "title": "Refund thrice" });
        world.ask(&world.actor("tomasz").await, "issue.edit", edit).await.unwrap();
        let mut other = dump(&mail, "Refund never");
        other["issues"][0]["fields"]["priority"] = json!({ "id": "1", "name": "Highest" });
        let path = file(&folder, &other).await;
        import(&world, &["jira", &path, "--team", "payments"]).await.unwrap();
        let third = latest(&world).await;
        assert_eq!((&third["renewed"], &third["unchanged"]), (&json!(1), &json!(4)));
        assert_eq!(third["report"]["differences"], json!({ "title": [1, "OLD-12"] }));
        let now = shown(&world, "OLD-12").await;
        assert_eq!(
            (&now["title"], &now["priority"], &now["id"]),
            (&json!("Refund thrice"), &json!("urgent"), &issue["id"])
        );
        assert_eq!(now["stays"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_project_gets_a_team_of_its_name_where_that_is_wanted() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump("nobody@nowhere.example", "Refund twice")).await;
        for made in [5, 0] {
            import(&world, &["jira", &path, "--new-teams"]).await.unwrap();
            assert_eq!(latest(&world).await["created"], json!(made));
        }
        let issue = shown(&world, "OLD-12").await;
        let team = world.ask(&world.system(), "team.show", json!({ "team": issue["team_id"] })).await.unwrap();
        assert!(team.to_string().contains("\"name\":\"OLD\""), "{team}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_is_taken_back_whole_unless_somebody_has_worked_on_it() {
    for world in worlds().await {
        let before = counts(&world).await;
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump("nobody@nowhere.example", "Refund twice")).await;
        import(&world, &["jira", &path, "--team", "payments"]).await.unwrap();
        let id = latest(&world).await["id"].clone();
        let edit = json!({ "issue": "OLD-12", "title": "Refund thrice" });
        world.ask(&world.actor("tomasz").await, "issue.edit", edit).await.unwrap();
        let refused = world.ask(&world.system(), "issue_import.undo", json!({ "import": id })).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(flaws) if flaws[0].field == "also_changed"), "{refused:?}");
        asked(&world, "issue_import.undo", json!({ "import": id, "also_changed": true })).await;
        assert!(world.ask(&world.system(), "issue.show", json!({ "issue": "OLD-12" })).await.is_err());
        assert_eq!(counts(&world).await, before);
        import(&world, &["jira", &path, "--team", "payments"]).await.unwrap();
        assert_eq!(latest(&world).await["created"], 5);
    }
}

/// What of the issues' surroundings an import may make.
async fn counts(world: &World) -> [usize; 4] {
    let work = asked(world, "work.show", json!({ "team": world.team("payments") })).await;
    let labels = asked(world, "label.list", json!({ "team": world.team("payments"), "all": true })).await;
    let issues = asked(world, "issue.list", json!({ "q": "team:payments", "limit": 200 })).await;
    let outsiders = asked(world, "outsider.list", json!({})).await;
    let length = |list: &Json| list.as_array().unwrap().len();
    [length(&work["states"]), length(&labels), length(&issues["issues"]), length(&outsiders)]
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_of_a_former_tracker_becomes_somebody_here_and_back() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump("nobody@nowhere.example", "Refund twice")).await;
        import(&world, &["jira", &path, "--team", "payments"]).await.unwrap();
        assert_eq!(shown(&world, "OLD-12").await["assignee_name"], "Someone Else");
        let outsiders = asked(&world, "outsider.list", json!({})).await;
        for one in outsiders.as_array().unwrap() {
            asked(&world, "outsider.claim", json!({ "outsider": one["id"], "person": world.person("priya") })).await;
        }
        let issue = shown(&world, "OLD-12").await;
        assert_eq!(
            (&issue["assignee_id"], &issue["creator_id"]),
            (&json!(world.person("priya")), &json!(world.person("priya")))
        );
        let page =
            world.browser("joana").await.get(&format!("/outsiders/{}", outsiders[0]["id"].as_str().unwrap())).await;
        assert_eq!(page.status, 200);
        asked(&world, "outsider.claim", json!({ "outsider": outsiders[0]["id"], "person": null })).await;
        let issue = shown(&world, "OLD-12").await;
        assert!(issue["assignee_id"].is_null() || issue["creator_id"].is_null());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_files_leave_nothing_behind() {
    let world = worlds().await.remove(0);
    let folder = tempfile::tempdir().unwrap();
    let whole = dump("nobody@nowhere.example", "Refund twice").to_string();
    fs::write(folder.path().join("a.json"), &whole).unwrap();
    let name = "z.json";
    for text in [whole[..whole.len() - 30].to_owned(), "[".repeat(10_000)] {
        fs::write(folder.path().join(name), text).unwrap();
        let error =
            import(&world, &["jira", &folder.path().display().to_string(), "--team", "payments"]).await.unwrap_err();
        assert!(error.to_string().contains("z.json, line 1"), "{error}");
        assert_eq!(asked(&world, "issue_import.list", json!({})).await, json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_recorded_comes_over() {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    for world in worlds().await {
        for source in ["jira", "linear", "shortcut"] {
            let path = shared.join(source);
            if !path.exists() {
                println!("skipped: ../shared/data/{source} is not there");
                continue;
            }
            import(&world, &[source, &path.display().to_string(), "--team", "payments"]).await.unwrap();
            let import = latest(&world).await;
            assert_eq!(import["created"], import["expected"], "{source}");
            println!("{source}: {} issues; {}", import["created"], import["report"]["incomplete"]);
        }
    }
}
