//! A round that comes once a week waits for those who are off on its date, until it comes again.
use super::{answer, done, entry, pass, round};
use kernel::{Json, json};
use testkit::{World, worlds};

async fn on_wednesdays(world: &World) -> Json {
    let start = json!({
        "team": world.team("payments"), "name": "Week", "days": ["wed"], "opens": "09:30", "hours": 4,
        "questions": ["What got done?", "What is next?"],
    });
    done(world, "mara", "checkin.start", start).await["id"].clone()
}

async fn is_off(world: &World, who: &str, first: &str, last: &str) {
    let leave = json!({ "person": world.person(who), "kind": "holiday", "first_on": first, "last_on": last });
    done(world, who, "leave.enter", leave).await;
}

async fn is_asked(world: &World, who: &str) -> bool {
    done(world, who, "ask.list", json!({ "pile": "owe" })).await.to_string().contains("Week: a) What got done?")
}

#[tokio::test]
async fn whoever_is_off_that_day_is_asked_when_they_are_back_and_the_roll_up_waits_for_them() {
    for world in worlds().await {
        let checkin = on_wednesdays(&world).await;
        is_off(&world, "ines", "2026-03-18", "2026-03-24").await;
        pass(&world, "2026-03-18T06:00:00Z").await;
        is_off(&world, "tomasz", "2026-03-18", "2026-03-19").await;
        pass(&world, "2026-03-18T21:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        answer(&world, "mara", &rolled, ["The hiring plan", "Budgets"], "").await;
        assert_eq!(entry(&world, &rolled, "tomasz")["state"], "waiting", "entered late, it is leave all the same");
        assert!(!is_asked(&world, "tomasz").await);
        pass(&world, "2026-03-20T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert!(rolled["round"]["closed_at"].is_null(), "the roll-up did not wait: {}", rolled["round"]);
        assert_eq!(entry(&world, &rolled, "tomasz")["state"], "open");
        assert!(is_asked(&world, "tomasz").await && !is_asked(&world, "ines").await);
        answer(&world, "tomasz", &rolled, ["Refund states", "Their tests"], "").await;
        pass(&world, "2026-03-23T00:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert!(!rolled["round"]["closed_at"].is_null(), "it waits for three days, not for a week");
        let away =
            rolled["entries"].as_array().unwrap().iter().filter(|one| one["person_id"] == json!(world.person("ines")));
        assert!(away.clone().all(|one| one["state"] == "away"), "who is off until it comes again is left out");
        pass(&world, "2026-03-25T16:00:00Z").await;
        assert!(is_asked(&world, "ines").await, "the next one is theirs again");
    }
}
