//! The five keys of a team follow from its history, deployments and incidents, by definitions side by side.
use kernel::{Json, json};
use testkit::{World, worlds};

const PEOPLE: [&str; 4] = ["mara", "priya", "dele", "ines"];

fn hash(number: usize) -> String {
    format!("{number:040x}")
}

/// One commit a day from the 2nd of February on, each deployed two hours later; the eighth takes back the seventh.
async fn delivered(world: &World, people: &[&str]) {
    let (system, team) = (world.system(), world.team("payments"));
    let new = json!({ "name": "Pay", "location": "https://git.example/octo-org/pay.git", "team": team });
    let repository = world.ask(&system, "repository.add", new).await.unwrap()["id"].clone();
    let commits: Vec<Json> = (1..=12)
        .map(|day: usize| {
            let who = people[day % people.len()];
            let at = format!("2026-02-{:02}T09:00:00Z", day + 1);
            let parents: Vec<String> = (day > 1).then(|| hash(day - 1)).into_iter().collect();
            json!({
                "hash": hash(day), "parents": parents, "author": { "name": who, "mail": format!("{who}@northwind.example") },
                "authored_at": at, "committed_at": at, "committed_offset": 0, "subject": format!("Work {day}"), "changes": [],
                "reverts": (day == 8).then(|| hash(7)),
            })
        })
        .collect();
    world.ask(&system, "repository.import", json!({ "repository": repository, "commits": commits })).await.unwrap();
    let refs = json!([{ "name": "refs/heads/main", "hash": hash(12) }]);
    let finish = json!({ "repository": repository, "refs": refs, "main": "refs/heads/main", "contents": "lines" });
    world.ask(&system, "repository.finish_import", finish).await.unwrap();
    for day in 1..=12_usize {
        let deployment = json!({ "repository": repository, "id": day.to_string(), "environment": "production", "outcome": "succeeded",
            "commit": hash(day), "finished_at": format!("2026-02-{:02}T11:00:00Z", day + 1) });
        world.ask(&system, "deployment.add", deployment).await.unwrap();
    }
    let incident = json!({ "team": team, "id": "down", "title": "Down", "opened_at": "2026-02-05T12:00:00Z", "resolved_at": "2026-02-05T15:00:00Z" });
    world.ask(&system, "incident.add", incident).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_team_sees_its_keys_and_what_they_rest_on() {
    for world in worlds().await {
        delivered(&world, &PEOPLE).await;
        let (mara, team) = (world.actor("mara").await, world.team("payments"));
        let found = world.ask(&mara, "delivery.keys", json!({ "team": team })).await.unwrap();
        let keys = &found["keys"];
        assert_eq!(found["contributors"], 4);
        assert_eq!((keys["lead_time"]["value"].as_f64(), &keys["lead_time"]["sample"]), (Some(7200.0), &json!(11)));
        assert_eq!((&keys["frequency"]["sample"], &found["trust"]["matched"]), (&json!(12), &json!(12)));
        let failed: Vec<&Json> =
            found["deployments"].as_array().unwrap().iter().filter(|row| row["failed_by"] != json!([])).collect();
        assert_eq!(
            failed.iter().map(|row| row["commit"].as_str().unwrap().to_owned()).collect::<Vec<_>>(),
            [hash(4), hash(7)]
        );
        assert_eq!(failed[1]["failed_by"][0], format!("revert {}", &hash(8)[..10]));
        let devlake =
            world.ask(&mara, "delivery.keys", json!({ "team": team, "definition": "devlake" })).await.unwrap();
        assert_eq!(devlake["keys"]["recovery"]["value"], 10800.0, "from the beginning of the incident to its end");
        let lens = world.ask(&mara, "delivery.lens", json!({ "team": team })).await.unwrap();
        assert_eq!(lens["readings"].as_array().unwrap().len(), 5);
        assert!(lens["differing"].as_array().unwrap().iter().any(|row| row["id"].as_str().unwrap().ends_with("/7")));
        assert!(world.ask(&mara, "delivery.keys", json!({ "team": team, "definition": "nobody" })).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_have_no_team_figures_and_guests_have_no_page() {
    for world in worlds().await {
        delivered(&world, &PEOPLE[..2]).await;
        let (mara, team) = (world.actor("mara").await, world.team("payments"));
        for operation in ["delivery.keys", "delivery.lens"] {
            let found = world.ask(&mara, operation, json!({ "team": team })).await.unwrap();
            assert_eq!(found["contributors"], 2);
            let nothing = |name: &str| found.get(name).is_none_or(|value| value.is_null() || *value == json!([]));
            assert!(nothing("keys") && nothing("deployments") && nothing("readings") && nothing("differing"));
        }
        let mut browser = world.browser("mara").await;
        assert!(browser.get(&format!("/teams/{team}/delivery")).await.text().contains("Not enough data"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_the_keys_and_the_definitions_side_by_side() {
    let world = worlds().await.remove(0);
    delivered(&world, &PEOPLE).await;
    let team = world.team("payments");
    let mut mara = world.browser("mara").await;
    let overview = mara.get(&format!("/teams/{team}/delivery")).await.text();
    for part in [
        "Change lead time",
        "2.0 hours",
        "Change fail rate",
        "id=\"trust\"",
        "id=\"deployments-by-week\"",
        "revert 0000000000",
    ] {
        assert!(overview.contains(part), "the overview has no {part}");
    }
    let main = overview.split("<main").nth(1).unwrap();
    assert!(!main.contains("Priya"), "a person is named beside a number");
    let definitions = mara.get(&format!("/teams/{team}/delivery/definitions")).await.text();
    for part in ["Apache DevLake", "Middleware", "LinearB", "Swarmia", "the author&#39;s date", "id=\"differing\""] {
        assert!(
            definitions.contains(part) || definitions.contains(&part.replace("&#39;", "'")),
            "the definitions have no {part}"
        );
    }
    let mut grace = world.browser("grace").await;
    assert_eq!(grace.get(&format!("/teams/{team}/delivery")).await.status.as_u16(), 404);
}
