//! Sprints: the commitment is frozen, every change of the scope is in the ledger, and a closed sprint stays as it is.
mod property;

use crate::issues::{asked, issue, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

/// A sprint of payments with these issues, which has begun.
pub async fn begun(world: &World, issues: &[&Json]) -> Json {
    close_running(world).await;
    let sprint = planned(world, issues).await;
    asked(world, "tomasz", "sprint.start", json!({ "sprint": sprint["id"] })).await
}

/// The sprint of the sample company that runs, out of the way.
async fn close_running(world: &World) {
    let list = asked(world, "tomasz", "sprint.list", json!({ "team": world.team("payments") })).await;
    for running in list["open"].as_array().unwrap().iter().filter(|one| one["stage"] == "running") {
        asked(world, "tomasz", "sprint.close", json!({ "sprint": running["id"], "reason": "Over" })).await;
    }
}

pub async fn planned(world: &World, issues: &[&Json]) -> Json {
    let plan = json!({ "team": world.team("payments"), "first_on": "2026-03-16", "last_on": "2026-03-27" });
    let sprint = asked(world, "tomasz", "sprint.plan", plan).await;
    for issue in issues {
        put(world, issue, &sprint).await;
    }
    sprint
}

async fn put(world: &World, issue: &Json, sprint: &Json) -> Json {
    let input = json!({ "issue": issue["id"], "sprint": sprint["id"] });
    asked(world, "priya", "issue.edit", input).await
}

pub async fn report(world: &World, sprint: &Json) -> Json {
    asked(world, "mara", "sprint.show", json!({ "sprint": sprint["id"] })).await["report"].clone()
}

fn kinds(report: &Json) -> Vec<&str> {
    report["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap()).collect()
}

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

async fn edit(world: &World, issue: &Json, mut change: Json) -> Json {
    change["issue"] = issue["id"].clone();
    asked(world, "dele", "issue.edit", change).await
}

#[tokio::test]
async fn the_ledger_hears_of_every_change_through_every_door() {
    for world in worlds().await {
        let one = issue(&world, json!({ "estimate": 5 })).await;
        let two = issue(&world, json!({ "estimate": 3 })).await;
        let three = issue(&world, json!({ "estimate": 2 })).await;
        let sprint = begun(&world, &[&one, &two, &three]).await;
        assert_eq!((&sprint["committed"], &sprint["committed_issues"]), (&json!(10.0), &json!(3)));

        let more = edit(&world, &one, json!({ "estimate": 8, "reason": "The ledger keeps keys for 90 days" })).await;
        let undo = json!({ "batch": more["batch"] });
        asked(&world, "dele", "issue.undo", undo).await;
        asked(&world, "dele", "issue.delete", json!({ "issue": two["id"] })).await;
        asked(&world, "dele", "issue.restore", json!({ "issue": two["id"] })).await;
        edit(&world, &two, json!({ "state": state(&world, "Cancelled").await })).await;
        edit(&world, &two, json!({ "state": state(&world, "Ready").await })).await;
        let pieces = json!([{ "title": "First half", "estimate": 1 }, { "title": "Second half", "estimate": 2 }]);
        let split = json!({ "issue": two["id"], "pieces": pieces, "estimate": 1, "reason": "Two people" });
        asked(&world, "dele", "issue.split", split).await;
        let team = json!({ "issue": three["id"], "team": world.team("ledger") });
        asked(&world, "dele", "issue.move", team).await;
        let created = json!({ "estimate": 13, "sprint": sprint["id"] });
        let created = issue(&world, created).await;
        edit(&world, &created, json!({ "sprint": "" })).await;

        let found = report(&world, &sprint).await;
        let all = [
            "estimated",
            "estimated",
            "deleted",
            "restored",
            "cancelled",
            "reopened",
            "split",
            "split",
            "split",
            "moved",
            "added",
            "removed",
        ];
        assert_eq!(kinds(&found), all);
        let first = &found["changes"][0];
        assert_eq!(
            (&first["before"], &first["after"], &first["by_name"]),
            (&json!(5.0), &json!(8.0), &json!("Dele Adéyẹmí"))
        );
        assert_eq!(first["reason"], "The ledger keeps keys for 90 days");
        assert_eq!(found["scope"], json!({ "issues": 4, "estimate": 9.0 }), "5 + 1 + 1 + 2");
        assert_eq!(found["committed"], json!({ "issues": 3, "estimate": 10.0 }));
    }
}

#[tokio::test]
async fn a_sprint_is_closed_with_reasons_and_its_report_never_changes() {
    for world in worlds().await {
        let (done, open) =
            (issue(&world, json!({ "estimate": 5 })).await, issue(&world, json!({ "estimate": 3 })).await);
        let sprint = begun(&world, &[&done, &open]).await;
        world.clock.set("2026-03-19T10:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        edit(&world, &done, json!({ "state": state(&world, "Done").await })).await;
        let next = planned(&world, &[]).await;
        world.clock.set("2026-03-27T16:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        let close = json!({ "sprint": sprint["id"], "to": next["id"] });
        let Error::Invalid(flaws) = refused(&world, "tomasz", "sprint.close", close.clone()).await else {
            panic!("a rollover needs a reason")
        };
        assert_eq!(flaws[0].field, "reason");
        let mut close = close;
        close["reason"] = json!("The ledger was not ready");
        let closed = asked(&world, "tomasz", "sprint.close", close).await;
        assert_eq!((&closed["done"], &closed["kept"], &closed["stage"]), (&json!(5.0), &json!(5.0), &json!("closed")));

        let before = report(&world, &sprint).await;
        assert_eq!(kinds(&before), ["rolled_over"]);
        let day = before["days"].as_array().unwrap().iter().find(|day| day["on"] == "2026-03-19").unwrap().clone();
        assert_eq!((&day["scope"]["estimate"], &day["done"]["estimate"]), (&json!(8.0), &json!(5.0)));
        let carried = asked(&world, "mara", "sprint.show", json!({ "sprint": next["id"] })).await;
        assert_eq!(carried["carried"][0]["reason"], "The ledger was not ready");
        assert_eq!(carried["issues"][0]["id"], open["id"]);

        edit(&world, &done, json!({ "estimate": 1, "state": state(&world, "Ready").await })).await;
        asked(&world, "dele", "issue.delete", json!({ "issue": open["id"] })).await;
        world.clock.set("2027-03-27T16:00:00Z".parse::<jiff::Timestamp>().unwrap().into());
        assert_eq!(report(&world, &sprint).await, before);
        for (operation, mut input) in [
            ("sprint.edit", json!({ "name": "Other" })),
            ("sprint.start", json!({})),
            ("sprint.drop", json!({})),
            ("sprint.close", json!({ "reason": "Again" })),
        ] {
            input["sprint"] = sprint["id"].clone();
            assert!(matches!(refused(&world, "tomasz", operation, input).await, Error::Conflict(_)), "{operation}");
        }
        let explain = json!({ "change": before["changes"][0]["id"], "reason": "Other" });
        assert!(matches!(refused(&world, "tomasz", "sprint.explain", explain).await, Error::Conflict(_)));
        let into = json!({ "issue": done["id"], "sprint": sprint["id"] });
        assert!(matches!(refused(&world, "dele", "issue.edit", into).await, Error::Invalid(_)));
        assert_eq!(asked(&world, "dele", "issue.show", json!({ "issue": done["id"] })).await["sprint_id"], Json::Null);
    }
}

#[tokio::test]
async fn a_plan_is_fixed_at_the_start_and_one_sprint_runs_at_a_time() {
    for world in worlds().await {
        let one = issue(&world, json!({})).await;
        let finished = issue(&world, json!({ "state": state(&world, "Done").await })).await;
        close_running(&world).await;
        let empty = planned(&world, &[&finished]).await;
        let start = json!({ "sprint": empty["id"] });
        assert!(matches!(refused(&world, "tomasz", "sprint.start", start.clone()).await, Error::Conflict(_)));
        put(&world, &one, &empty).await;
        let plan = json!({ "sprint": empty["id"], "goal": "Refunds once", "risks": "The ledger is late" });
        asked(&world, "tomasz", "sprint.edit", plan.clone()).await;
        let sprint = asked(&world, "tomasz", "sprint.start", start).await;
        assert_eq!(sprint["committed_issues"], 1, "what is finished is no commitment");
        assert!(matches!(refused(&world, "tomasz", "sprint.edit", plan).await, Error::Conflict(_)));
        let name = json!({ "sprint": sprint["id"], "name": "Sprint of refunds" });
        asked(&world, "tomasz", "sprint.edit", name).await;
        let other = planned(&world, &[&issue(&world, json!({})).await]).await;
        assert_eq!(other["first_on"], "2026-03-16");
        assert!(matches!(
            refused(&world, "tomasz", "sprint.start", json!({ "sprint": other["id"] })).await,
            Error::Conflict(_)
        ));
        let elsewhere = json!({ "team": world.team("ledger"), "title": "Theirs", "sprint": sprint["id"] });
        assert!(matches!(refused(&world, "dele", "issue.create", elsewhere).await, Error::Invalid(_)));
        asked(&world, "tomasz", "sprint.drop", json!({ "sprint": other["id"] })).await;
        let plan = json!({ "team": world.team("payments"), "first_on": "2026-03-16", "last_on": "2026-03-15" });
        assert!(matches!(refused(&world, "tomasz", "sprint.plan", plan).await, Error::Invalid(_)));
    }
}

#[tokio::test]
async fn a_new_sprint_follows_the_cadence_in_the_zone_of_the_team() {
    for world in worlds().await {
        let team = world.team("ledger");
        let cadence = json!({ "team": team, "sprint_weeks": 1, "sprint_zone": "Asia/Tokyo" });
        asked(&world, "joana", "work.edit", cadence).await;
        let wrong = json!({ "team": team, "sprint_zone": "Mars/Base" });
        assert!(matches!(refused(&world, "joana", "work.edit", wrong).await, Error::Invalid(_)));
        for days in [("2026-03-23", "2026-03-27"), ("2026-03-30", "2026-04-03")] {
            let made = asked(&world, "joana", "sprint.plan", json!({ "team": team })).await;
            assert_eq!((made["first_on"].as_str(), made["last_on"].as_str()), (Some(days.0), Some(days.1)));
            assert_eq!(made["zone"], "Asia/Tokyo");
        }
    }
}

#[tokio::test]
async fn leave_and_time_on_call_are_taken_from_the_time_for_a_sprint() {
    for world in worlds().await {
        let sprint = planned(&world, &[]).await;
        let shown =
            async || asked(&world, "mara", "sprint.show", json!({ "sprint": sprint["id"] })).await["capacity"].clone();
        let of = |capacity: &Json, who: &str| {
            let id = json!(world.person(who));
            capacity["people"].as_array().unwrap().iter().find(|one| one["person_id"] == id).unwrap().clone()
        };
        let before = of(&shown().await, "dele");
        let shift =
            json!({ "person": world.person("dele"), "from": "2026-03-18T00:00:00Z", "until": "2026-03-19T00:00:00Z" });
        asked(&world, "mara", "on_call.enter", shift).await;
        let on_call = of(&shown().await, "dele");
        let (half, whole) = (on_call["on_call_minutes"].as_i64().unwrap() / 2, before["minutes"].as_i64().unwrap());
        assert!(half > 0 && on_call["minutes"].as_i64() == Some(whole - half), "{on_call}");
        let leave = json!({ "person": world.person("dele"), "kind": "holiday", "first_on": "2026-03-23", "last_on": "2026-03-24" });
        asked(&world, "dele", "leave.enter", leave).await;
        let away = shown().await;
        assert!(of(&away, "dele")["minutes"].as_i64() < Some(whole - half));
        assert_eq!(of(&away, "dele")["usual_minutes"], before["usual_minutes"]);
        let entered = json!({ "person_id": world.person("dele"), "name": "Dele Adéyẹmí", "first_on": "2026-03-23", "last_on": "2026-03-24" });
        assert!(away["away"].as_array().unwrap().contains(&entered), "{away}");
    }
}

#[tokio::test]
async fn a_sprint_is_planned_run_and_closed_by_forms_alone() {
    for world in worlds().await {
        close_running(&world).await;
        let mut browser = world.browser("tomasz").await;
        let list = format!("/teams/{}/sprints", world.team("payments"));
        let new = format!("{list}/new");
        let fields =
            [("name", "Refunds"), ("goal", "Refunds once"), ("first_on", "2026-03-16"), ("last_on", "2026-03-27")];
        let made = browser.post_from(&new, &list, &fields).await;
        let place = made.header("location").unwrap().to_owned();
        let sprint = json!({ "id": place.trim_start_matches("/sprints/") });
        let one = issue(&world, json!({ "estimate": 3, "title": "Pay once" })).await;
        let key = one["key"].as_str().unwrap().to_owned();
        let into = [("priority", "high"), ("sprint", sprint["id"].as_str().unwrap())];
        browser.post_from(&format!("/issues/{key}"), &format!("/issues/{key}/fields"), &into).await;
        let page = browser.get(&place).await.text();
        assert!(page.contains("Pay once") && page.contains("3 points"), "{page}");
        browser.post_from(&place, &format!("{place}/start"), &[]).await;
        edit(&world, &one, json!({ "estimate": 5 })).await;
        let page = browser.get(&place).await.text();
        assert!(page.contains("0 points of 5 points done. The commitment was 3 points."), "{page}");
        assert!(page.contains("Estimated anew, from 3 to 5.") && page.contains("Say why"), "{page}");
        let change = report(&world, &sprint).await["changes"][0]["id"].as_str().unwrap().to_owned();
        browser.post_from(&place, &format!("/sprint-changes/{change}/reason"), &[("reason", "More than meant")]).await;
        assert!(browser.get(&place).await.text().contains("“More than meant”"));
        let (close, reason) = (format!("{place}/close"), format!("reason-{}", one["id"].as_str().unwrap()));
        let again = browser.post_from(&close, &close, &[]).await;
        assert!(again.status == 422 && again.text().contains("was not finished"), "{}", again.text());
        assert_eq!(browser.post_from(&close, &close, &[(&reason, "Not begun")]).await.status, 303);
        let page = browser.get(&place).await.text();
        assert!(
            page.contains("Carried over: Not begun") && page.contains("</strong> of the commitment was done."),
            "{page}"
        );
        assert!(browser.get(&list).await.text().contains("Refunds once"));
    }
}

#[tokio::test]
async fn a_scope_that_grew_more_than_in_nine_sprints_before_is_told() {
    for world in worlds().await {
        let one = issue(&world, json!({ "estimate": 5 })).await;
        let more = || json!({ "estimate": 2 });
        let told = async |who: &str| {
            let today = asked(&world, who, "today.show", json!({})).await;
            let signals = today["signals"].as_array().unwrap().iter();
            signals
                .map(|one| one["sentence"].as_str().unwrap().to_owned())
                .filter(|one| one.contains("the scope of"))
                .collect::<Vec<_>>()
        };
        let team = json!({ "team": world.team("payments") });
        let mut sprint = begun(&world, &[&one]).await;
        loop {
            let past = asked(&world, "mara", "sprint.list", team.clone()).await["closed"].as_array().unwrap().len();
            if past >= 9 {
                break;
            }
            assert!(told("mara").await.is_empty(), "{past} sprints before tell nothing");
            sprint = begun(&world, &[&one]).await;
            if past == 7 {
                put(&world, &issue(&world, more()).await, &sprint).await;
                assert!(told("mara").await.is_empty(), "eight sprints before tell nothing");
                sprint = begun(&world, &[&one]).await;
            }
        }
        let shown = async || asked(&world, "mara", "sprint.show", json!({ "sprint": sprint["id"] })).await;
        assert_eq!(shown().await["growth"], Json::Null, "nothing came in");
        for _ in 0..2 {
            put(&world, &issue(&world, more()).await, &sprint).await;
        }
        let growth = &shown().await["growth"];
        assert!(growth["percent"] == 80 && growth["beyond"] == growth["of"], "{growth}");
        let sentences = told("mara").await;
        assert!(sentences.len() == 1 && sentences[0].ends_with("grew by 80 %"), "{sentences:?}");
        assert!(told("dele").await.is_empty(), "only whoever leads the team is told");
        let page = world.browser("dele").await.get(&format!("/sprints/{}", sprint["id"].as_str().unwrap())).await;
        assert!(page.text().contains("The scope grew by 80 %"), "{}", page.text());
        asked(&world, "tomasz", "sprint.close", json!({ "sprint": sprint["id"], "reason": "Over" })).await;
        assert!(told("mara").await.is_empty(), "a closed sprint is the past");
    }
}
