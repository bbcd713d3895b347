//! Templates of issues, and issues that recur.
use crate::issues::{asked, shown};
use kernel::{Error, Json, Time, json};
use std::time::Duration;
use testkit::{World, worlds};

async fn template(world: &World, more: Json) -> Json {
    let mut content = json!({ "title": "Release", "body": "- [ ] Tag it", "priority": "high", "due_in_days": 2,
                              "pieces": ["Write the notes", "Tell support"] });
    content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let input = json!({ "team": world.team("payments"), "name": "Release", "content": content });
    asked(world, "tomasz", "issue_template.add", input).await
}

/// What recurs now, and what became of its days.
async fn recurring(world: &World, one: &Json) -> (Json, Vec<Json>) {
    let list = asked(world, "priya", "recurrence.list", json!({ "team": world.team("payments") })).await;
    let now = list["recurrences"].as_array().unwrap().iter().find(|other| other["id"] == one["id"]).unwrap().clone();
    let past = list["occurrences"].as_array().unwrap().iter().filter(|past| past["recurrence_id"] == one["id"]);
    (now, past.cloned().collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_issue_takes_from_its_template_what_is_left_out() {
    for world in worlds().await {
        let template = template(&world, json!({})).await;
        let input = json!({ "team": world.team("payments"), "title": "Release 4", "priority": "low", "template": template["id"] });
        let made = asked(&world, "leo", "issue.create", input).await;
        let full = shown(&world, &made["key"]).await;
        assert_eq!(
            (&full["title"], &full["priority"], &full["body"]),
            (&json!("Release 4"), &json!("low"), &json!("- [ ] Tag it"))
        );
        assert_eq!(full["due_on"], "2026-03-19");
        let below: Vec<&Json> = full["below"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
        assert_eq!(below, [&json!("Write the notes"), &json!("Tell support")]);
        let elsewhere = json!({ "team": world.team("ledger"), "title": "No", "template": template["id"] });
        assert!(matches!(
            world.ask(&world.actor("leo").await, "issue.create", elsewhere).await,
            Err(Error::Invalid(_))
        ));
        let again = json!({ "team": world.team("payments"), "name": "RELEASE" });
        let taken = world.ask(&world.actor("tomasz").await, "issue_template.add", again).await;
        assert!(matches!(&taken, Err(Error::Invalid(flaws)) if flaws[0].field == "name"), "{taken:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_begins_with_the_template_and_can_be_changed() {
    let world = worlds().await.remove(0);
    let made = template(&world, json!({})).await;
    let mut leo = world.browser("leo").await;
    let new = format!("/issues/new?template={}", made["id"].as_str().unwrap());
    let page = leo.get(&new).await.text();
    assert!(page.contains("Tag it") && page.contains("Tell support"), "{page}");
    let team = world.team("payments").to_string();
    let fields =
        [("team", team.as_str()), ("title", "Release 5"), ("body", ""), ("priority", "none"), ("below", "Only this\n")];
    let sent = leo.post_from(&new, "/issues", &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let key = sent.header("location").unwrap().rsplit_once('/').unwrap().1.to_owned();
    let full = shown(&world, &json!(key)).await;
    assert_eq!((&full["body"], full["below"].as_array().unwrap().len()), (&json!(""), 1));
    let here = format!("/teams/{team}/issue-templates");
    let id = made["id"].as_str().unwrap();
    let mut tomasz = world.browser("tomasz").await;
    let fields = [("template", id), ("days", "mon"), ("days", "fri"), ("at", "08:30"), ("working_days", "yes")];
    let sent = tomasz.post_from(&here, &format!("/teams/{team}/recurrences"), &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(tomasz.get(&here).await.text().contains("each Monday, Friday"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_recurs_is_made_once_for_each_day_or_skipped_for_a_reason() {
    for world in worlds().await {
        asked(&world, "tomasz", "triage.set", json!({ "team": world.team("payments"), "zone": "Europe/Lisbon" })).await;
        let template = template(&world, json!({ "pieces": [] })).await;
        let rhythm = json!({ "days": ["fri", "mon"] });
        let add = json!({ "template": template["id"], "rhythm": rhythm, "at": "09:00" });
        let one = asked(&world, "tomasz", "recurrence.add", add).await;
        assert_eq!((&one["next_on"], &one["next_at"]), (&json!("2026-03-20"), &json!("2026-03-20T09:00:00Z")));
        world.pass_to("2026-03-20T09:10:00Z").await;
        world.pass_to("2026-03-20T09:20:00Z").await;
        let (_, past) = recurring(&world, &one).await;
        assert_eq!(past.len(), 1, "{past:?}");
        let made = shown(&world, &past[0]["key"]).await;
        assert_eq!((&made["title"], &made["due_on"]), (&json!("Release"), &json!("2026-03-22")));
        let skip = json!({ "recurrence": one["id"], "reason": "Nobody releases before the audit" });
        let next = asked(&world, "tomasz", "recurrence.skip", skip).await;
        assert_eq!(next["next_on"], "2026-03-27");
        world.pass_to("2026-03-24T12:00:00Z").await;
        let (_, past) = recurring(&world, &one).await;
        assert!(past[0]["skipped"].as_str().unwrap().contains("audit"), "{past:?}");
        world.pass_to("2026-03-27T12:00:00Z").await;
        let (next, _) = recurring(&world, &one).await;
        assert_eq!(next["next_at"], "2026-03-30T08:00:00Z", "nine o'clock is earlier after the clocks have changed");
        let at: Time = serde_json::from_value(next["next_at"].clone()).unwrap();
        asked(&world, "tomasz", "recurrence.edit", json!({ "recurrence": one["id"], "paused": true })).await;
        world.pass_to_time(at + Duration::from_secs(3 * 24 * 3600)).await;
        assert_eq!(recurring(&world, &one).await.1.len(), 3, "what rests is not made");
        asked(&world, "tomasz", "recurrence.edit", json!({ "recurrence": one["id"], "paused": false })).await;
        world.pass_to_time(at + Duration::from_secs(3 * 24 * 3600 + 600)).await;
        let (next, past) = recurring(&world, &one).await;
        assert_eq!((past.len(), &next["next_on"]), (3, &json!("2026-04-03")), "what was missed is not made up for");
    }
}
