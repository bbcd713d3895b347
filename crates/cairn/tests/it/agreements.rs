//! Working agreements of a team: replayed before they are made, kept or not afterwards.
use crate::pulls::import;
use jiff::Timestamp;
use kernel::{Json, json};
use std::path::PathBuf;
use testkit::{World, worlds};

/// Merged pull requests of three people, so many days ago: of 100, 200, 300 and so on lines, each answered after an hour, and the
/// last one merged by its author without an answer.
fn merged(now: Timestamp, count: i64) -> Vec<Json> {
    let who = |login: &str| json!({ "login": login, "id": login.len(), "type": "User" });
    let one = |number: i64| {
        let author = ["anneliese", "benedikt", "catalina"][number as usize % 3];
        let at = |hours: i64| (now - jiff::SignedDuration::from_hours(24 * number - hours)).to_string();
        let last = number == count;
        let answers =
            json!([{ "id": 300 + number, "state": "APPROVED", "user": who("reviewer"), "submitted_at": at(1) }]);
        json!({
            "id": number, "number": number, "title": format!("Change {number}"), "state": "closed", "user": who(author),
            "body": if number % 2 == 0 { "Part of PAY-7" } else { "" }, "html_url": format!("https://github.com/northwind/shop/pull/{number}"),
            "created_at": at(0), "updated_at": at(3), "closed_at": at(3), "merged_at": at(3), "draft": false,
            "merged_by": who(if last { author } else { "reviewer" }), "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" },
            "additions": 90 * number, "deletions": 10 * number, "reviews": if last { json!([]) } else { answers },
        })
    };
    (1..=count).map(one).collect()
}

pub async fn imported(world: &World, count: i64) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cairn-agreements-{count}-{}.json", std::process::id()));
    std::fs::write(&path, json!(merged(world.clock.now().timestamp(), count)).to_string()).unwrap();
    import(world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
    path
}

fn one<'j>(all: &'j Json, kind: &str) -> &'j Json {
    all["agreements"].as_array().unwrap().iter().find(|one| one["kind"] == kind).unwrap()
}

async fn list(world: &World, who: &str, more: Json) -> kernel::Result<Json> {
    let mut input = json!({ "team": world.team("payments") });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.ask(&world.actor(who).await, "agreement.list", input).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agreement_is_replayed_on_history_and_then_kept_or_not() {
    for world in worlds().await {
        let none = list(&world, "dele", json!({})).await.unwrap();
        assert_eq!((&none["contributors"], &one(&none, "size")["replay"]), (&json!(0), &Json::Null));
        let path = imported(&world, 10).await;

        let all = list(&world, "dele", json!({})).await.unwrap();
        assert_eq!(all["may_set"], json!(false), "whoever does not lead the team may look");
        let size = one(&all, "size");
        // Of 100 to 1,000 lines four in five have at most 800.
        assert_eq!((&size["most"], &size["agreed_on"]), (&json!(800), &Json::Null));
        assert_eq!((&size["replay"]["kept"], &size["replay"]["of"]), (&json!(8), &json!(10)));
        assert_eq!(size["replay"]["exceptions"][0]["what"], "900 lines");
        let alone = &one(&all, "no_self_merge")["replay"];
        assert_eq!((&alone["kept"], &alone["of"]), (&json!(9), &json!(10)));
        let linked = &one(&all, "linked_issue")["replay"];
        assert_eq!((&linked["kept"], &linked["of"]), (&json!(5), &json!(10)));
        let answered = &one(&all, "review_within")["replay"];
        assert_eq!(
            (&answered["of"], &answered["exceptions"][0]["what"]),
            (&json!(10), &json!("Merged without an answer"))
        );
        let tests = &one(&all, "tests_change")["replay"];
        assert_eq!((&tests["of"], &tests["unknown"]), (&json!(0), &json!(10)), "no commit is known");
        let weeks: u64 =
            size["replay"]["weeks"].as_array().unwrap().iter().map(|week| week["of"].as_u64().unwrap()).sum();
        assert_eq!(weeks, 10);
        for login in ["anneliese", "benedikt", "catalina", "reviewer"] {
            assert!(!all.to_string().contains(login), "nobody is named: {login}");
        }

        let tried = list(&world, "dele", json!({ "kind": "size", "most": 300 })).await.unwrap();
        assert_eq!(one(&tried, "size")["replay"]["kept"], json!(3));
        assert!(list(&world, "dele", json!({ "kind": "size", "most": 0 })).await.is_err());

        let team = world.team("payments");
        let set = |most: Json| json!({ "team": team, "kind": "size", "most": most });
        let mara = world.actor("mara").await;
        assert!(world.ask(&world.actor("dele").await, "agreement.set", set(json!(300))).await.is_err());
        assert!(world.ask(&mara, "agreement.set", set(Json::Null)).await.is_err(), "a limit is needed");
        world.ask(&mara, "agreement.set", set(json!(300))).await.unwrap();
        world.ask(&mara, "agreement.set", set(json!(500))).await.unwrap();
        let all = list(&world, "mara", json!({})).await.unwrap();
        assert_eq!((&one(&all, "size")["most"], &one(&all, "size")["replay"]["kept"]), (&json!(500), &json!(5)));

        let mut client = world.browser("mara").await;
        let path_of = format!("/teams/{team}/agreements");
        let page = client.get(&path_of).await;
        for shown in [
            "The agreement of Payments was kept in 50 % of the cases",
            "To talk about in the next retrospective",
            "would have been kept in 90 % of 10 pull requests",
        ] {
            assert!(page.text().contains(shown), "{shown}");
        }
        assert!(!page.text().contains(">reviewer") && !page.text().contains("anneliese"));
        world.ask(&mara, "agreement.end", json!({ "team": team, "kind": "size" })).await.unwrap();
        assert!(world.ask(&mara, "agreement.end", json!({ "team": team, "kind": "size" })).await.is_err());
        let page = client.get(&path_of).await;
        assert!(page.text().contains("Payments has no working agreement yet"));
        std::fs::remove_file(&path).unwrap_or_default();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_makes_an_agreement_and_says_what_is_wrong() {
    for world in worlds().await {
        let path = imported(&world, 6).await;
        let mut client = world.browser("mara").await;
        let page = format!("/teams/{}/agreements", world.team("payments"));
        let wrong = client.post_from(&page, &format!("{page}/size"), &[("most", "0")]).await;
        assert!(wrong.text().contains("Give a number from 1 to 100000."), "{}", wrong.text());
        client.post_from(&page, &format!("{page}/no_self_merge"), &[]).await;
        client.post_from(&page, &format!("{page}/size"), &[("most", "400")]).await;
        let shown = client.get(&page).await;
        assert!(shown.text().contains("Payments keeps 2 agreements") && shown.text().contains("at most 400 lines"));
        client.post_from(&page, &format!("{page}/size/end"), &[]).await;
        assert!(client.get(&page).await.text().contains("The agreement of Payments was kept"));
        std::fs::remove_file(&path).unwrap_or_default();
    }
}

/// The sample company's repository has commits, pull requests and builds, so each kind of agreement has something to tell.
#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_has_an_answer_for_each_agreement() {
    for world in worlds().await {
        sample::deliver(&world.opened.app, world.company.as_ref().unwrap()).await.unwrap();
        let all = list(&world, "mara", json!({})).await.unwrap();
        for agreement in all["agreements"].as_array().unwrap() {
            let replay = &agreement["replay"];
            let number = |field: &str| replay[field].as_u64().unwrap();
            assert!(number("of") > 60 && number("kept") > 0 && number("unknown") < 10, "{agreement}");
            let weeks = replay["weeks"].as_array().unwrap();
            let sum = |field: &str| weeks.iter().map(|week| week[field].as_u64().unwrap()).sum::<u64>();
            assert_eq!((weeks.len(), sum("of"), sum("kept")), (13, number("of"), number("kept")));
            let broken = number("of") - number("kept");
            assert_eq!(
                replay["exceptions"].as_array().unwrap().len() as u64,
                broken.min(50),
                "each exception is a row"
            );
        }
        // Every fourth change comes without a test.
        let tests = &one(&all, "tests_change")["replay"];
        let share = tests["kept"].as_u64().unwrap() as f64 / tests["of"].as_u64().unwrap() as f64;
        assert!((0.7..0.8).contains(&share), "{share}");
        let team = json!({ "team": world.team("payments") });
        let signals = world.ask(&world.actor("mara").await, "delivery.signals", team.clone()).await.unwrap();
        assert!(signals.as_array().unwrap().iter().any(|one| one["series"] == "pickup"), "{signals}");
        let load = world.ask(&world.actor("mara").await, "delivery.review_load", team).await.unwrap();
        let between = load["numbers"]["between"].as_array().unwrap();
        assert!(between.iter().any(|one| one["by"] == "Ledger" && one["of"] == "Payments"), "{between:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_was_asked_for_a_review_is_reminded_once_and_only_at_work() {
    for world in worlds().await {
        let opened = world.clock.now().timestamp();
        let who = |login: &str| json!({ "login": login, "id": login.len(), "type": "User" });
        let pull = |reviews: Json| {
            json!([{
                "id": 1, "number": 1, "title": "Round fees once", "state": "open", "user": who("anneliese"), "draft": false,
                "html_url": "https://github.com/northwind/shop/pull/1", "created_at": opened.to_string(), "updated_at": opened.to_string(),
                "requested_reviewers": [who("dele-at-work")], "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" },
                "reviews": reviews,
            }])
        };
        let path = std::env::temp_dir().join(format!("cairn-nudges-{}.json", std::process::id()));
        let brought = async |reviews: Json| {
            std::fs::write(&path, pull(reviews).to_string()).unwrap();
            import(&world, &["github", path.to_str().unwrap(), "--team", "payments"]).await;
        };
        brought(json!([])).await;
        let hanneke = world.actor("hanneke").await;
        let known = world.ask(&hanneke, "identity.list", json!({ "q": "dele-at-work" })).await.unwrap();
        let claim = json!({ "identity": known["identities"][0]["id"], "person": world.person("dele") });
        world.ask(&hanneke, "identity.claim", claim).await.unwrap();

        let (team, mara, dele) = (world.team("payments"), world.actor("mara").await, world.actor("dele").await);
        let switch = |on: bool| json!({ "team": team, "on": on });
        assert!(world.ask(&mara, "agreement.set_nudges", switch(true)).await.is_err(), "nothing is agreed yet");
        let agreed = |most: i64| json!({ "team": team, "kind": "review_within", "most": most });
        world.ask(&mara, "agreement.set", agreed(1)).await.unwrap();
        let reminded = async |who: &str| {
            let today = world.ask(&world.actor(who).await, "today.show", json!({})).await.unwrap();
            today["signals"].to_string().contains("shop#1 waits for your review longer than your team agreed")
        };
        world.pass_to("2026-03-17T14:30:00Z").await;
        assert!(!reminded("dele").await, "the team did not want reminders");
        assert!(world.ask(&dele, "agreement.set_nudges", switch(true)).await.is_err(), "whoever does not lead may not");
        world.ask(&mara, "agreement.set_nudges", switch(true)).await.unwrap();
        assert!(reminded("dele").await);
        // Another limit keeps the reminders.
        world.ask(&mara, "agreement.set", agreed(3)).await.unwrap();
        assert!(!reminded("dele").await, "it waits for two and a half hours");
        world.pass_to("2026-03-17T15:30:00Z").await;
        assert!(reminded("dele").await);
        for other in ["mara", "tomasz", "priya"] {
            assert!(!reminded(other).await, "nobody else is told: {other}");
        }
        let page = world.browser("mara").await.get(&format!("/teams/{team}/agreements")).await;
        assert!(page.text().contains("Stop reminding reviewers") && !page.text().contains("dele-at-work"));
        world.pass_to("2026-03-17T20:00:00Z").await;
        assert!(!reminded("dele").await, "it is evening in Lagos");

        let told = || {
            let letters = world.outside.letters().into_iter();
            letters
                .filter(|one| one.text.contains("It waits for your review longer than your team agreed"))
                .map(|one| one.to)
                .collect::<Vec<_>>()
        };
        assert!(told().is_empty(), "no letter comes in the evening");
        for at in ["2026-03-18T08:00:00Z", "2026-03-18T08:30:00Z"] {
            world.pass_to(at).await;
        }
        assert!(told().len() == 1 && told()[0].starts_with("dele@"), "once, in the morning: {:?}", told());
        assert!(reminded("dele").await);
        world.ask(&mara, "agreement.set_nudges", switch(false)).await.unwrap();
        assert!(!reminded("dele").await);
        world.ask(&mara, "agreement.set_nudges", switch(true)).await.unwrap();
        for at in ["2026-03-19T08:30:00Z", "2026-03-24T08:30:00Z"] {
            world.pass_to(at).await;
        }
        assert!(told().len() == 1, "no later morning repeats it: {:?}", told());
        let comment = json!({ "id": 5, "state": "COMMENTED", "user": who("benedikt"), "submitted_at": world.clock.now().timestamp().to_string() });
        brought(json!([comment])).await;
        assert!(!reminded("dele").await, "somebody has answered");
        std::fs::remove_file(&path).unwrap_or_default();
    }
}
