//! Forecasts of sprints in the log, and their track record.
use crate::issues::{asked, issue, state};
use forecasting::log::{KeepPast, ShowRecord, TrackRecord};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn record(world: &World) -> TrackRecord {
    world.call(&world.actor("dele").await, ShowRecord { team: Some(world.team("payments")) }).await.unwrap()
}

async fn running(world: &World) -> Json {
    asked(world, "dele", "forecast.of_sprint", json!({ "sprint": "Sprint 31" })).await
}

async fn keep(world: &World) {
    world.call(&world.system(), KeepPast {}).await.unwrap();
}

#[tokio::test]
async fn a_forecast_of_a_sprint_is_scored_once_by_the_issues_that_were_open_in_it() {
    for world in worlds().await {
        let mut ids = Vec::new();
        let sprint = running(&world).await;
        for _ in 0..4 {
            ids.push(issue(&world, json!({})).await);
            let into = json!({ "issue": ids.last().unwrap()["id"], "sprint": sprint["id"] });
            asked(&world, "priya", "issue.edit", into).await;
        }
        let open = running(&world).await["open"].as_u64().unwrap();
        let issued = asked(&world, "dele", "forecast.issue_sprint", json!({ "sprint": sprint["id"] })).await;
        let levels: Vec<u64> = issued["levels"].as_array().unwrap().iter().map(|one| one.as_u64().unwrap()).collect();
        assert!(levels.len() == 19 && levels.is_sorted_by(|one, next| one >= next) && levels[0] <= open, "{levels:?}");
        let line = async || {
            let all = record(&world).await.logged;
            all.into_iter().find(|one| issued["id"] == one.id.as_str()).expect("it is in the log")
        };
        let logged = line().await;
        assert_eq!((logged.sprint_name.as_deref(), logged.items), (Some("Sprint 31"), Some(open as i64)));
        assert_eq!((logged.issued_by.as_deref(), logged.outcome), (Some("Dele Adéyẹmí"), None));

        let later = issue(&world, json!({})).await;
        let into = json!({ "issue": later["id"], "sprint": sprint["id"] });
        asked(&world, "priya", "issue.edit", into).await;
        let (done, out) = (state(&world, "Done").await, json!({ "issue": ids[2]["id"], "sprint": null }));
        for one in [&ids[0], &ids[1], &later] {
            asked(&world, "priya", "issue.edit", json!({ "issue": one["id"], "state": done })).await;
        }
        asked(&world, "priya", "issue.edit", out).await;
        world.pass_to("2026-03-21T12:00:00Z").await;
        keep(&world).await;
        assert_eq!(line().await.outcome, None, "its last day is over, and it is not closed");
        let before = record(&world).await.sprints.issued.forecasts;
        let close = json!({ "sprint": sprint["id"], "reason": "It took longer" });
        world.ask(&world.system(), "sprint.close", close).await.unwrap();
        keep(&world).await;
        let scored = line().await;
        assert_eq!(scored.outcome, Some(2), "what came later does not count, nor what was taken out and is not done");
        assert_eq!(scored.held, Some(levels.iter().filter(|level| **level <= 2).count() as i64));
        let found = record(&world).await;
        assert!(found.sprints.issued.forecasts > before, "{:?}", found.sprints);
        assert!(found.sprints.backtested.forecasts > 0, "the closed ones are forecast along the past");
        asked(&world, "priya", "issue.edit", json!({ "issue": ids[3]["id"], "state": done })).await;
        keep(&world).await;
        let again = record(&world).await;
        assert_eq!(line().await.outcome, Some(2), "once");
        assert_eq!(
            (again.sprints.issued.forecasts, again.sprints.backtested.forecasts),
            (found.sprints.issued.forecasts, found.sprints.backtested.forecasts)
        );
        let closed =
            world.ask(&world.actor("dele").await, "forecast.issue_sprint", json!({ "sprint": sprint["id"] })).await;
        assert!(matches!(closed, Err(Error::Conflict(_))), "{closed:?}");
    }
}

#[tokio::test]
async fn cairn_issues_for_each_sprint_that_runs_every_week_and_keeps_the_groups_apart() {
    for world in worlds().await {
        let sprint = running(&world).await;
        let by_cairn = async || {
            let all = record(&world).await.logged;
            all.into_iter().filter(|one| sprint["id"] == json!(one.sprint_id) && one.issued_by.is_none()).count()
        };
        keep(&world).await;
        let first = by_cairn().await;
        assert!(first > 0, "at its start");
        keep(&world).await;
        assert_eq!(by_cairn().await, first, "not twice in a week");
        let plain = record(&world).await;
        world.pass_to("2026-03-19T12:00:00Z").await;
        keep(&world).await;
        world.pass_to("2026-04-03T12:00:00Z").await;
        keep(&world).await;
        assert!(by_cairn().await <= first + 1, "none once its last day is over");
        let counts = |record: &TrackRecord| record.issued.forecasts + record.backtested.forecasts;
        assert_eq!(plain.levels[0].forecasts, counts(&plain), "those of sprints are in a group of their own");
        let sprints = &plain.sprints;
        assert_eq!(sprints.levels[0].forecasts, counts_of(sprints));
        assert_eq!(sprints.all.forecasts, counts_of(sprints));
        let [crps, width] = sprints.all.scores().expect("closed ones are compared with the plain bootstrap");
        assert!([crps.0, crps.1, width.0, width.1].iter().all(|score| *score > 0.0), "{crps:?} {width:?}");
        let says = running(&world).await["record"].as_str().unwrap().to_owned();
        assert!(says.contains("sprint") && says.contains("85 %"), "{says}");
    }
}

fn counts_of(sprints: &forecasting::log::SprintRecord) -> i64 {
    sprints.issued.forecasts + sprints.backtested.forecasts
}

#[tokio::test]
async fn the_pages_show_the_record_and_a_guest_sees_none() {
    let world = worlds().await.remove(0);
    let sprint = running(&world).await;
    let page = format!("/sprints/{}/forecast", sprint["id"].as_str().unwrap());
    let mut mara = world.browser("mara").await;
    let text = mara.get(&page).await.text();
    assert!(text.contains(sprint["record"].as_str().unwrap()) && text.contains("Issue this forecast"), "{text}");
    let text = mara.get(&format!("/teams/{}/forecast/record", world.team("payments"))).await.text();
    assert!(text.contains("id=\"sprints\"") && text.contains("Sprint 31"), "{text}");
    let grace = world.actor("grace").await;
    let hidden = world.ask(&grace, "forecast.issue_sprint", json!({ "sprint": sprint["id"] })).await;
    assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
}
