//! When projects and milestones are done.
use super::{field, milestone, project, refused};
use crate::{
    command::config,
    issues::{asked, issue, state},
};
use cairn::command::cli;
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn of_milestone(world: &World, input: Json) -> Json {
    asked(world, "dele", "forecast.of_milestone", input).await
}

fn open(found: &Json) -> (u64, u64, usize) {
    let below = &found["below"];
    let count = |name: &str| below[name].as_u64().unwrap();
    (count("open"), count("waiting"), below["teams"].as_array().unwrap().len())
}

#[tokio::test]
async fn a_milestone_is_done_when_its_issues_are_and_what_blocks_them() {
    for world in worlds().await {
        let euro = project(&world, "Payouts in euro", json!({})).await;
        let beta = milestone(&world, &euro, "Closed beta", json!("2026-08")).await;
        let within = json!({ "milestone": beta["id"] });
        let (one, _two) = (issue(&world, within.clone()).await, issue(&world, within.clone()).await);
        let done = json!({ "milestone": beta["id"], "state": state(&world, "Done").await });
        issue(&world, done).await;
        issue(&world, json!({ "project": euro["id"] })).await;
        let first = json!({ "team": world.team("ledger"), "title": "The scheme's form" });
        let first = asked(&world, "arjun", "issue.create", first).await;
        let related = json!({ "issue": one["id"], "direction": "blocked_by", "other": first["id"] });
        asked(&world, "priya", "issue.relate", related).await;

        let found = of_milestone(&world, json!({ "milestone": "closed BETA" })).await;
        assert_eq!(open(&found), (3, 1, 2), "two of its own, and one of the ledger: {found}");
        assert_eq!((&found["by"], &found["target_on"]), (&json!("2026-08-31"), &json!("2026-08-31")));
        let likely: Vec<&str> = found["likely"].as_array().unwrap().iter().filter_map(Json::as_str).collect();
        assert!(likely.len() == 4 && likely.is_sorted(), "{found}");
        let chance = found["chance"].as_f64().unwrap();
        let early = json!({ "milestone": beta["id"], "by": "2026-03-20" });
        let early = of_milestone(&world, early).await["chance"].as_f64().unwrap();
        assert!(early < chance && chance > 0.85, "{early} {chance}");
        let whole = json!({ "project": "payouts in EURO" });
        let whole = asked(&world, "dele", "forecast.of_project", whole).await;
        assert_eq!(open(&whole), (4, 1, 2));
        let guest =
            world.ask(&world.actor("grace").await, "forecast.of_project", json!({ "project": euro["id"] })).await;
        assert!(matches!(guest, Err(Error::NotFound)), "{guest:?}");
        let soon = json!({ "milestone": beta["id"], "by": "2020-01-01" });
        assert_eq!(field(refused(&world, "dele", "forecast.of_milestone", soon).await), "by");
    }
}

#[tokio::test]
async fn a_name_of_two_projects_asks_for_the_project_and_the_pages_say_it() {
    for world in worlds().await {
        let (euro, cards) = (project(&world, "Euro", json!({})).await, project(&world, "Cards", json!({})).await);
        let beta = milestone(&world, &euro, "Beta", json!("2026-Q3")).await;
        let other = milestone(&world, &cards, "Beta", json!(null)).await;
        issue(&world, json!({ "milestone": beta["id"] })).await;
        let name = json!({ "milestone": "Beta" });
        assert_eq!(field(refused(&world, "dele", "forecast.of_milestone", name).await), "project");
        let named = of_milestone(&world, json!({ "milestone": "Beta", "project": "cards" })).await;
        assert_eq!((&named["milestone_id"], &named["refused"]), (&other["id"], &json!("No issue of it is open.")));

        let mut dele = world.browser("dele").await;
        let page = format!("/milestones/{}", beta["id"].as_str().unwrap());
        let text = dele.get(&page).await.text();
        assert!(text.contains("by 30 September 2026") && text.contains("Refund twice"), "{text}");
        let text = dele.get(&format!("{page}/forecast")).await.text();
        assert!(text.contains("Its target is 30 September 2026"), "{text}");
        let wrong = dele.get(&format!("{page}/forecast?focus=300")).await;
        assert!(wrong.status.as_u16() == 422 && wrong.text().contains("from 1 to 100"));
        let text = dele.get(&format!("/projects/{}/forecast", euro["id"].as_str().unwrap())).await.text();
        assert!(text.contains("It has no target."), "{text}");
        let empty = dele.get(&format!("/milestones/{}", other["id"].as_str().unwrap())).await.text();
        assert!(empty.contains("No issue is in it yet") && empty.contains("No issue of it is open."), "{empty}");
    }
}

#[tokio::test]
async fn the_command_forecasts_a_milestone_by_its_name() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({})).await;
        let beta = milestone(&world, &euro, "Beta", json!(null)).await;
        issue(&world, json!({ "milestone": beta["id"] })).await;
        let config = config(&world);
        let ask = async |words: &[&str]| {
            let matches = cli().try_get_matches_from([&["cairn", "forecast"], words].concat()).unwrap();
            cairn::command::forecast(&config, matches.subcommand().unwrap().1).await
        };
        // Commands go by the clock of the machine, for which the sample company lies in the past.
        for words in [["--milestone", "beta", "--project", "euro"].as_slice(), &["--project", "Euro", "--json"]] {
            let answered = ask(words).await;
            assert!(matches!(&answered, Ok(_) | Err(Error::Conflict(_))), "{answered:?}");
        }
        assert!(matches!(ask(&["--milestone", "Gamma"]).await, Err(Error::NotFound)));
        assert!(cli().try_get_matches_from(["cairn", "forecast", "--milestone", "Beta", "--items", "3"]).is_err());
    }
}
