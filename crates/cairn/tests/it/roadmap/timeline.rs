//! The timeline: what waits for what across projects, by how many days, and the page.
use super::{milestone, project};
use crate::issues::{asked, issue, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn shown(world: &World, input: Json) -> Json {
    asked(world, "dele", "roadmap.show", input).await
}

/// The dependencies of a project that waits.
fn of<'a>(found: &'a Json, waits: &str) -> Vec<&'a Json> {
    found["dependencies"].as_array().unwrap().iter().filter(|one| one["waits"]["name"] == waits).collect()
}

async fn block(world: &World, first: &Json, waits: &Json) {
    let related = json!({ "issue": waits["id"], "direction": "blocked_by", "other": first["id"] });
    asked(world, "priya", "issue.relate", related).await;
}

#[tokio::test]
async fn what_ends_before_it_is_needed_has_slack_and_what_ends_after_is_broken() {
    for world in worlds().await {
        let euro = project(&world, "Euro", json!({ "target": "2026-Q3", "state": "started" })).await;
        let beta = milestone(&world, &euro, "Beta", json!("2026-06-20")).await;
        let form = project(&world, "Form", json!({ "target": "2026-06" })).await;
        let first = issue(&world, json!({ "project": form["id"], "title": "The scheme's form" })).await;
        let waits = issue(&world, json!({ "project": euro["id"] })).await;
        block(&world, &first, &waits).await;
        let found = shown(&world, json!({})).await;
        let one = of(&found, "Euro")[0];
        assert_eq!(
            (&one["slack"], &one["ends_on"], &one["needed_on"]),
            (&json!(92), &json!("2026-06-30"), &json!("2026-09-30"))
        );
        assert_eq!(one["issues"], json!([{ "first": first["key"], "waits": waits["key"] }]));
        assert_eq!(one["says"], "Euro waits for Form, which ends on 30 June 2026: 92 days to spare.");

        // The same between a milestone and the project, which is no longer in time.
        let early = issue(&world, json!({ "milestone": beta["id"] })).await;
        block(&world, &first, &early).await;
        let found = shown(&world, json!({})).await;
        let all = of(&found, "Euro");
        assert_eq!((all.len(), &all[0]["slack"]), (2, &json!(-10)), "the broken one comes first");
        let says = "Form ends on 30 June 2026, 10 days too late for “Beta” of Euro, which needs it by 20 June 2026.";
        assert_eq!(all[0]["says"], says);
        let mut dele = world.browser("dele").await;
        let page = dele.get("/roadmap").await.text();
        assert!(page.contains(says) && page.contains("Broken"), "{page}");

        let done = json!({ "issue": first["id"], "state": state(&world, "Done").await });
        asked(&world, "priya", "issue.edit", done).await;
        assert!(of(&shown(&world, json!({})).await, "Euro").is_empty(), "nothing waits any more");
    }
}

#[tokio::test]
async fn a_project_that_is_planned_needs_it_before_its_start_and_a_team_may_have_no_project() {
    for world in worlds().await {
        let dates = json!({ "start": "2026-07", "target": "2026-Q4" });
        let euro = project(&world, "Euro", dates).await;
        let due = json!({ "team": world.team("ledger"), "title": "The form", "due_on": "2026-06-25" });
        let first = asked(&world, "arjun", "issue.create", due).await;
        let whole = issue(&world, json!({ "project": euro["id"] })).await;
        let below = issue(&world, json!({ "parent": whole["key"] })).await;
        block(&world, &first, &below).await;
        let found = shown(&world, json!({})).await;
        let one = of(&found, "Euro")[0];
        assert_eq!((&one["first"]["kind"], &one["first"]["name"]), (&json!("team"), &json!("Ledger")));
        assert_eq!((&one["slack"], &one["needed_on"]), (&json!(5), &json!("2026-07-01")), "26 to 30 June");
        let undated = json!({ "issue": first["id"], "due_on": "" });
        asked(&world, "arjun", "issue.edit", undated).await;
        let found = shown(&world, json!({})).await;
        let says = of(&found, "Euro")[0]["says"].clone();
        assert_eq!(says, "Euro waits for Ledger, outside of any project, which has no date.");
    }
}

#[tokio::test]
async fn teams_of_one_project_wait_for_each_other() {
    for world in worlds().await {
        let (payments, ledger) = (world.team("payments"), world.team("ledger"));
        let euro = project(&world, "Euro", json!({ "target": "2026-06", "teams": [payments, ledger] })).await;
        let beta = milestone(&world, &euro, "Beta", json!("2026-06-20")).await;
        let due = json!({ "team": ledger, "title": "The form", "due_on": "2026-06-25", "project": euro["id"] });
        let first = asked(&world, "arjun", "issue.create", due).await;
        let own = issue(&world, json!({ "project": euro["id"] })).await;
        let waits = issue(&world, json!({ "milestone": beta["id"] })).await;
        block(&world, &own, &waits).await;
        assert!(of(&shown(&world, json!({})).await, "Euro").is_empty(), "a team does not wait for itself");
        block(&world, &first, &waits).await;
        let found = shown(&world, json!({ "team": ledger })).await;
        let one = of(&found, "Euro")[0];
        assert_eq!((&one["first"]["team_id"], &one["slack"]), (&json!(ledger), &json!(-5)));
        let says = "Ledger, within the project, ends on 25 June 2026, 5 days too late for “Beta” of Euro, which needs it by 20 June 2026.";
        assert_eq!(one["says"], says);
        let undated = json!({ "issue": first["id"], "due_on": "", "milestone": beta["id"] });
        asked(&world, "arjun", "issue.edit", undated).await;
        let found = shown(&world, json!({})).await;
        let says = of(&found, "Euro")[0]["says"].clone();
        assert_eq!(says, "“Beta” of Euro waits for Ledger, within the project, which has no date.");
    }
}

#[tokio::test]
async fn the_timeline_is_filtered_and_no_name_breaks_its_page() {
    for world in worlds().await {
        let hostile = format!("<svg onload=alert(1)>{}", "é".repeat(99));
        let owned = json!({ "owner": world.person("priya"), "start": "1999-Q1", "target": "2150-01" });
        let long = project(&world, &hostile, owned).await;
        milestone(&world, &long, "\"><b>", json!("2026-05")).await;
        project(&world, "Cards", json!({ "teams": [world.team("ledger")] })).await;
        let count = async |input: Json| shown(&world, input).await["projects"].as_array().unwrap().len();
        let all = count(json!({})).await;
        assert_eq!(count(json!({ "owner": world.person("priya") })).await, 1);
        let (ledger, payments) = (world.team("ledger"), world.team("payments"));
        let of_ledger = count(json!({ "team": ledger })).await;
        assert!(of_ledger >= 1 && of_ledger < all && count(json!({ "team": payments })).await >= 1);
        let mut dele = world.browser("dele").await;
        let page = dele.get("/roadmap").await;
        let text = page.text();
        assert!(page.status.as_u16() == 200 && !text.contains("<svg onload") && !text.contains("\"><b>"), "{text}");
        assert!(text.contains("No dates") && text.contains("Q1 2026"), "{text}");
        let none = dele.get(&format!("/roadmap?owner={}", world.person("leila"))).await.text();
        assert!(none.contains("No project that goes on fits."), "{none}");
        let guest = world.ask(&world.actor("grace").await, "roadmap.show", json!({})).await;
        assert!(matches!(guest, Err(Error::NotFound)), "{guest:?}");
    }
}
