//! What changed in how a team delivers is found, said and shown to the one who leads it.
use crate::pulls::import;
use delivery::signal::FindSignals;
use jiff::{SignedDuration, Timestamp};
use kernel::{Json, json};
use testkit::{World, worlds};

/// Four merged pull requests in each of 26 weeks, answered after so many minutes, which `pickup` says of a week, the oldest first, by
/// whom `reviewer` says of each.
fn merged(now: Timestamp, pickup: fn(i64) -> i64, reviewer: fn(i64) -> &'static str) -> Vec<Json> {
    let who =
        |login: &str| json!({ "login": login, "id": login.bytes().map(usize::from).sum::<usize>(), "type": "User" });
    let one = |number: i64| {
        let (week, place) = ((number - 1) / 4, (number - 1) % 4);
        let opened = now - SignedDuration::from_hours(24 * 7 * (26 - week) - 30 * place - 10);
        let at = |minutes: i64| (opened + SignedDuration::from_mins(minutes)).to_string();
        let wait = pickup(week) + number * 7 % 11;
        json!({
            "id": number, "number": number, "title": format!("Change {number}"), "state": "closed",
            "user": who(["ann", "ben", "cat"][number as usize % 3]), "html_url": format!("https://github.com/northwind/shop/pull/{number}"),
            "created_at": at(0), "updated_at": at(wait + 30), "closed_at": at(wait + 30), "merged_at": at(wait + 30), "draft": false,
            "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" }, "additions": 10, "deletions": number * 5 % 13,
            "reviews": [{ "id": 300 + number, "state": "APPROVED", "user": who(reviewer(number)), "submitted_at": at(wait) }],
        })
    };
    (1..=104).map(one).collect()
}

/// One of five, in turn.
fn anyone(number: i64) -> &'static str {
    ["rob", "sue", "tim", "una", "vic"][number as usize % 5]
}

async fn found(world: &World, name: &str, pickup: fn(i64) -> i64, reviewer: fn(i64) -> &'static str) -> Json {
    let path = std::env::temp_dir().join(format!("cairn-signals-{name}-{}.json", std::process::id()));
    std::fs::write(&path, json!(merged(world.clock.now().timestamp(), pickup, reviewer)).to_string()).unwrap();
    import(world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
    std::fs::remove_file(&path).unwrap_or_default();
    let team = world.team("payments");
    world.call(&world.system(), FindSignals { team }).await.unwrap();
    world.ask(&world.actor("dele").await, "delivery.signals", json!({ "team": team })).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_is_a_sentence_with_its_evidence() {
    for (world, steady) in worlds().await.into_iter().zip(worlds().await) {
        assert_eq!(found(&steady, "steady", |_| 60, anyone).await, json!([]), "a steady team hears nothing");
        let signals = found(&world, "slower", |week| if week < 18 { 60 } else { 400 }, anyone).await;
        let one = &signals[0];
        assert_eq!(
            (signals.as_array().unwrap().len(), &one["series"], &one["tone"]),
            (1, &json!("pickup"), &json!("warn"))
        );
        let sentence = one["sentence"].as_str().unwrap();
        assert!(sentence.starts_with("Pull requests wait longer for an answer since "), "{sentence}");
        let basis = one["basis"].as_str().unwrap();
        assert!(
            basis.contains("in the median of 8 weeks") && basis.contains("in the median of the 18 before"),
            "{basis}"
        );
        assert!(one["chance"].as_i64().unwrap() <= 10, "{one}");

        // The page of the stages says the same of thirteen weeks and the thirteen before: eight of these were slow.
        let input = json!({ "team": world.team("payments") });
        let reviews = world.ask(&world.actor("dele").await, "delivery.reviews", input).await.unwrap();
        let pickup = reviews["changes"].as_array().unwrap().iter().find(|one| one["stage"] == "pickup").unwrap();
        let value = |when: &str| pickup[when]["value"].as_f64().unwrap();
        assert!(value("now") > 4.0 * value("before") && pickup["before"]["interval"].is_array(), "{pickup}");

        let mut client = world.browser("mara").await;
        let page = client.get(&format!("/teams/{}/reviews", world.team("payments"))).await;
        assert!(page.text().contains("Up from 65 minutes"), "{}", page.text());
        let today = client.get("/today").await;
        assert!(today.text().contains("Payments: pull requests wait longer for an answer since"));
        let mut other = world.browser("dele").await;
        assert!(
            !other.get("/today").await.text().contains("wait longer for an answer"),
            "only whoever leads the team is told"
        );
        // Looking again keeps one of each.
        let team = world.team("payments");
        world.call(&world.system(), FindSignals { team }).await.unwrap();
        let again = world.ask(&world.actor("dele").await, "delivery.signals", json!({ "team": team })).await.unwrap();
        assert_eq!(again.as_array().unwrap().len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reviews_that_rest_on_two_people_are_told_without_saying_who_they_are() {
    for world in worlds().await {
        // Of ten pull requests rob answers five, sue four, and somebody else one.
        let two = |number: i64| match number % 10 {
            0 => anyone(number / 10),
            other if other % 2 == 1 => "rob",
            _ => "sue",
        };
        let signals = found(&world, "two", |_| 60, two).await;
        assert_eq!(signals.as_array().unwrap().len(), 1, "{signals}");
        let one = &signals[0];
        assert_eq!((&one["series"], &one["tone"]), (&json!("pair"), &json!("warn")));
        assert_eq!(one["sentence"], "Reviews rest on two people");
        // The share in steps of ten: neither of the two learns from it what the other did.
        let basis = one["basis"].as_str().unwrap();
        assert!(
            basis.starts_with("52 pull requests") && basis.contains("90 % of them and more by nobody but two of the "),
            "{basis}"
        );
        assert!(!basis.contains("rob") && !basis.contains("sue"), "{basis}");

        let team = world.team("payments");
        let page = world.browser("dele").await.get(&format!("/teams/{team}/delivery")).await;
        assert!(page.text().contains("Reviews rest on two people"), "{}", page.text());
        assert!(page.text().contains(&format!("/teams/{team}/reviews/load")), "it leads to how reviews are spread");
        let today = world.browser("mara").await.get("/today").await;
        assert!(today.text().contains("Payments: reviews rest on two people"));
    }
}
