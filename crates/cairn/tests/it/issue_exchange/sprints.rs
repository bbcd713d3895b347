//! Sprints of the past come over with their commitment and their ledger.
use super::{asked, file, import, latest, shown};
use kernel::{Error, Json, json};
use std::fmt::Write;
use testkit::worlds;

/// `05T09:00` of January 2024.
fn at(when: &str) -> String {
    format!("2024-01-{when}:00.000+0000")
}

fn sprints(ids: &[&str], closed: bool, name: &str) -> Json {
    let of = |id: &&str| match *id {
        "1" => json!({ "id": 1, "name": "Sprint 1", "state": "closed", "boardId": 4, "goal": "Refunds",
            "startDate": at("08T08:00"), "endDate": at("19T16:00"), "completeDate": at("19T16:05") }),
        _ => json!({ "id": 2, "name": name, "state": if closed { "closed" } else { "active" }, "boardId": 4,
            "startDate": at("22T08:00"), "endDate": at("31T16:00"), "completeDate": closed.then(|| at("31T17:00")) }),
    };
    ids.iter().map(of).collect()
}

/// One change of a field, with what it was and became.
fn change(when: &str, field: (&str, &str), from: &str, to: &str) -> Json {
    let text = |side: &str| {
        side.split(", ").filter(|id| !id.is_empty()).fold(String::new(), |mut text, id| {
            write!(text, "{}Sprint {id}", if text.is_empty() { "" } else { ", " }).unwrap();
            text
        })
    };
    let (from_text, to_text) = match field.0 {
        "Sprint" => (text(from), text(to)),
        _ => (from.to_owned(), to.to_owned()),
    };
    json!({ "id": format!("{when}{}", field.0), "created": at(when), "author": { "accountId": "ada", "displayName": "Ada" },
        "items": [{ "field": field.0, "fieldId": field.1, "from": from, "fromString": from_text, "to": to, "toString": to_text }] })
}

const SPRINT: (&str, &str) = ("Sprint", "customfield_10020");
const POINTS: (&str, &str) = ("Story Points", "customfield_10016");
const STATUS: (&str, &str) = ("status", "status");

pub(super) fn dump(closed: bool, name: &str) -> Json {
    let issue = |id: &str, state: (&str, &str), points: f64, now: &[&str], changes: Vec<Json>| {
        json!({ "id": format!("20{id}"), "key": format!("OLD-{id}"),
            "fields": { "summary": format!("Number {id}"), "created": at("01T09:00"), "updated": at("25T09:00"),
                "status": { "id": state.0, "name": state.0, "statusCategory": { "key": state.1 } },
                "customfield_10016": points, "customfield_10020": sprints(now, closed, name) },
            "changelog": { "total": changes.len(), "histories": changes } })
    };
    let (open, done) = (("Open", "new"), ("Done", "done"));
    let issues = vec![
        issue(
            "1",
            done,
            3.0,
            &["1"],
            vec![change("05T09:00", SPRINT, "", "1"), change("15T09:00", STATUS, "Open", "Done")],
        ),
        issue(
            "2",
            open,
            8.0,
            &["1", "2"],
            vec![
                change("05T09:00", SPRINT, "", "1"),
                change("10T09:00", POINTS, "5", "8"),
                change("19T16:05", SPRINT, "1", "1, 2"),
            ],
        ),
        issue("3", open, 2.0, &[], vec![change("11T09:00", SPRINT, "", "1"), change("12T09:00", SPRINT, "1", "")]),
    ];
    let fields = json!([{ "id": "customfield_10020", "name": "Sprint", "schema": { "custom": "com.pyxis.greenhopper.jira:gh-sprint" } },
        { "id": "customfield_10016", "name": "Story Points", "schema": { "type": "number", "custom": "com.atlassian.jira.plugin.system.customfieldtypes:float" } }]);
    json!({ "issues": issues, "total": 3, "names": { "customfield_10020": "Sprint", "customfield_10016": "Story Points" }, "fields": fields })
}

async fn of_team(world: &testkit::World) -> Json {
    let team = shown(world, "OLD-1").await["team_id"].clone();
    asked(world, "sprint.list", json!({ "team": team })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sprint_of_the_past_has_its_commitment_its_ledger_and_its_report() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump(false, "Sprint 2")).await;
        for stored in [json!({ "created": 2, "renewed": 0 }), json!({ "created": 0, "renewed": 0 })] {
            import(&world, &["jira", &path, "--new-teams"]).await.unwrap();
            let told = latest(&world).await["report"]["sprints"].clone();
            assert_eq!(json!({ "created": told["created"], "renewed": told["renewed"] }), stored, "{told}");
        }
        let list = of_team(&world).await;
        let (closed, running) = (&list["closed"][0], &list["open"][0]);
        assert_eq!(
            (&closed["name"], &closed["goal"], &closed["last_on"]),
            (&json!("Sprint 1"), &json!("Refunds"), &json!("2024-01-19"))
        );
        assert_eq!(
            (&running["name"], &running["stage"], &running["committed"]),
            (&json!("Sprint 2"), &json!("running"), &json!(8.0))
        );
        let view = asked(&world, "sprint.show", json!({ "sprint": closed["id"] })).await;
        let report = &view["report"];
        assert_eq!(report["committed"], json!({ "issues": 2, "estimate": 8.0 }));
        assert_eq!(report["scope"], json!({ "issues": 2, "estimate": 11.0 }));
        assert_eq!(
            (&report["done"], &report["kept"]),
            (&json!({ "issues": 1, "estimate": 3.0 }), &json!({ "issues": 1, "estimate": 3.0 }))
        );
        let ledger: Vec<(&str, &str, &str)> = report["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["kind"].as_str().unwrap(),
                    one["key"].as_str().unwrap(),
                    one["by_name"].as_str().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            ledger,
            [
                ("estimated", "OLD-2", "Ada"),
                ("added", "OLD-3", "Ada"),
                ("removed", "OLD-3", "Ada"),
                ("rolled_over", "OLD-2", "")
            ]
        );
        for (key, sprint) in [("OLD-1", json!("Sprint 1")), ("OLD-2", json!("Sprint 2")), ("OLD-3", Json::Null)] {
            assert_eq!(shown(&world, key).await["sprint_name"], sprint, "{key}");
        }
        let mut browser = world.browser("joana").await;
        for page in [
            format!("/sprints/{}", closed["id"].as_str().unwrap()),
            format!("/issue-imports/{}", latest(&world).await["id"].as_str().unwrap()),
        ] {
            assert_eq!(browser.get(&page).await.status, 200, "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sprint_is_renewed_until_somebody_has_worked_with_it_here_and_goes_with_its_import() {
    for world in worlds().await {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, &dump(false, "Sprint 2")).await;
        import(&world, &["jira", &path, "--new-teams"]).await.unwrap();
        let first = latest(&world).await["id"].clone();
        file(&folder, &dump(false, "Sprint two")).await;
        import(&world, &["jira", &path]).await.unwrap();
        assert_eq!(latest(&world).await["report"]["sprints"]["renewed"], 1);
        assert_eq!(of_team(&world).await["open"][0]["name"], "Sprint two");
        asked(&world, "issue.edit", json!({ "issue": "OLD-2", "estimate": 13 })).await;
        file(&folder, &dump(true, "Sprint two")).await;
        import(&world, &["jira", &path]).await.unwrap();
        assert_eq!(latest(&world).await["report"]["sprints"]["kept"], json!(["Sprint two"]));
        assert_eq!(of_team(&world).await["open"][0]["stage"], "running");
        let refused = world.ask(&world.system(), "issue_import.undo", json!({ "import": first })).await.unwrap_err();
        assert!(matches!(&refused, Error::Invalid(flaws) if flaws[0].field == "also_changed"), "{refused:?}");
        let team = shown(&world, "OLD-1").await["team_id"].clone();
        asked(&world, "issue_import.undo", json!({ "import": first, "also_changed": true })).await;
        let list = asked(&world, "sprint.list", json!({ "team": team })).await;
        assert_eq!((&list["open"], &list["closed"]), (&json!([]), &json!([])));
        import(&world, &["jira", &path]).await.unwrap();
        assert_eq!(of_team(&world).await["closed"].as_array().unwrap().len(), 2);
    }
}

#[tokio::test]
async fn a_ledger_that_does_not_hang_together_is_refused_and_nothing_is_kept() {
    for world in worlds().await {
        let begun = asked(&world, "issue_import.begin", json!({ "source": "jira", "label": "by hand" })).await;
        let issue = json!({ "source_id": "9", "key": "OLD-9", "title": "Nine", "state": { "name": "Open", "category": "unstarted" },
            "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z" });
        let team = world.team("payments");
        asked(&world, "issue_import.send", json!({ "import": begun["id"], "team": team, "issues": [issue] })).await;
        let sprint = |more: Json| {
            let mut sprint = json!({ "source_id": "1", "name": "One", "first_at": at("08T08:00").replace("+0000", "Z"),
                "last_at": at("19T08:00").replace("+0000", "Z"), "started_at": at("08T08:00").replace("+0000", "Z"),
                "closed_at": at("19T08:00").replace("+0000", "Z") });
            sprint.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({ "import": begun["id"], "team": team, "sprints": [sprint] })
        };
        let change = |before: Json, when: &str| json!([{ "issue": "9", "at": at(when).replace("+0000", "Z"), "before": before, "after": {} }]);
        let before = asked(&world, "sprint.list", json!({ "team": team })).await;
        for wrong in [
            json!({ "changes": change(json!({ "estimate": 3 }), "09T08:00") }),
            json!({ "changes": change(Json::Null, "20T08:00") }),
            json!({ "commitment": [{ "issue": "9" }, { "issue": "9" }] }),
            json!({ "commitment": [{ "issue": "404" }] }),
            json!({ "closed_at": "2024-01-02T00:00:00Z" }),
            json!({ "started_at": Json::Null }),
        ] {
            let refused = world.ask(&world.system(), "issue_import.sprints", sprint(wrong.clone())).await.unwrap_err();
            assert!(matches!(&refused, Error::Invalid(flaws) if flaws[0].field == "sprints"), "{wrong}: {refused:?}");
        }
        assert_eq!(asked(&world, "sprint.list", json!({ "team": team })).await, before);
        let right = sprint(json!({ "changes": change(Json::Null, "09T08:00") }));
        assert_eq!(asked(&world, "issue_import.sprints", right).await["created"], 1);
    }
}
