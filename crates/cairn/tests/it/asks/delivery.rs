//! Letters: when they leave, what is in them, and how they end.
use super::{call, pile, raised, review};
use asks::{
    FinishAsks, RaiseAsk,
    delivery::{Rhythm, SetDelivery, ShowDelivery},
    norms::SetNorms,
    on_call::EnterShift,
};
use conversation::{AddComment, SetWatch};
use kernel::{Error, Json, Letter, json};
use testkit::{World, worlds};

fn letters_to(world: &World, who: &str) -> Vec<Letter> {
    let address = format!("{who}@");
    world.outside.letters().into_iter().filter(|letter| letter.to.starts_with(&address)).collect()
}

#[tokio::test]
async fn a_digest_comes_once_at_the_start_of_the_day_and_names_all_that_waits() {
    for world in worlds().await {
        world.drain().await;
        raised(&world, "mara", review(&world, &["tomasz"])).await;
        world.drain().await;
        let before = letters_to(&world, "tomasz").len();
        world.pass_to("2026-03-18T03:00:00Z").await;
        assert_eq!(letters_to(&world, "tomasz").len(), before, "nothing comes at night");
        for at in ["2026-03-18T09:00:00Z", "2026-03-18T09:05:00Z", "2026-03-18T12:00:00Z"] {
            world.pass_to(at).await;
        }
        let letters = letters_to(&world, "tomasz");
        assert_eq!(letters.len(), before + 1, "one digest, whatever runs how often");
        let letter = letters.last().unwrap();
        assert!(letter.text.contains("Review: Retry budget of the ledger client"), "{}", letter.text);
        assert!(letter.html.contains("Retry budget of the ledger client"));
        assert!(
            letter.html.contains("?answer=done") && letter.text.contains("?answer=done"),
            "each item has its answer"
        );
        let header = |name: &str| letter.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(header("List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
        assert!(header("References").unwrap().starts_with("<digest-"));
        let link = header("List-Unsubscribe").unwrap().trim_matches(['<', '>']).replace("http://cairn.test", "");
        let mut program = world.client();
        let looked = program.get(&link).await;
        assert!(looked.text().contains("No more letters for Tomasz"), "{}", looked.text());
        assert_eq!(call::<ShowDelivery>(&world, "tomasz", json!({})).await.unwrap().rhythm, Rhythm::Morning);
        let body = axum::body::Body::from("List-Unsubscribe=One-Click");
        let ended = program.send("POST", &link, &[("content-type", "application/x-www-form-urlencoded")], body).await;
        assert_eq!(ended.status, 200, "a mail program has no session and no origin");
        assert_eq!(call::<ShowDelivery>(&world, "tomasz", json!({})).await.unwrap().rhythm, Rhythm::Never);
        let wrong = program.send("POST", "/unsubscribe/wrong", &[], axum::body::Body::empty()).await;
        assert!(wrong.text().contains("not good any more"));
    }
}

#[tokio::test]
async fn who_asked_learns_of_the_answer_in_their_own_digest() {
    for world in worlds().await {
        let ask = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        call::<SetDelivery>(&world, "mara", json!({ "rhythm": "morning" })).await.unwrap();
        call::<FinishAsks>(&world, "tomasz", json!({ "asks": [ask.id], "outcome": "Two remarks." })).await.unwrap();
        for at in ["2026-03-18T11:00:00Z", "2026-03-19T11:00:00Z"] {
            world.pass_to(at).await;
        }
        let told: Vec<Letter> =
            letters_to(&world, "mara").into_iter().filter(|letter| letter.text.contains("Two remarks.")).collect();
        assert_eq!(told.len(), 1, "an answer is told once");
    }
}

#[tokio::test]
async fn urgent_comes_at_once_but_only_within_working_hours() {
    for world in worlds().await {
        let mut urgent = review(&world, &["tomasz"]);
        urgent["urgent"] = json!(true);
        raised(&world, "mara", urgent.clone()).await;
        world.drain().await;
        let letters = letters_to(&world, "tomasz");
        let subjects: Vec<&str> = letters.iter().map(|letter| letter.subject.as_str()).collect();
        assert!(subjects.iter().any(|subject| subject.starts_with("Urgent")), "noon is working time: {subjects:?}");
        let letter = letters.iter().find(|letter| letter.subject.starts_with("Urgent")).unwrap();
        let ends = letter.headers.iter().any(|(name, _)| name.starts_with("List-Unsubscribe"));
        assert!(!ends && !letter.text.contains("/unsubscribe/"), "it does not promise an end that does not come");
        world.pass_to("2026-03-17T22:00:00Z").await;
        raised(&world, "mara", urgent).await;
        world.drain().await;
        assert_eq!(letters_to(&world, "tomasz").len(), letters.len(), "the night is not");
        world.pass_to("2026-03-18T09:30:00Z").await;
        let morning = letters_to(&world, "tomasz");
        let urgent = morning[letters.len()..].iter().filter(|letter| letter.subject.starts_with("Urgent")).count();
        assert_eq!(urgent, 1, "it comes in the morning");
    }
}

#[tokio::test]
async fn the_norms_of_the_team_are_what_an_ask_defaults_to_and_quiet_hours_hold_letters_back() {
    for world in worlds().await {
        let norms = json!({ "team": world.team("payments"), "review": "2 working hours", "quiet": "00:00-13:30" });
        assert!(matches!(call::<SetNorms>(&world, "dele", norms.clone()).await, Err(Error::Forbidden)));
        call::<SetNorms>(&world, "mara", norms).await.unwrap();
        let input = json!({ "to": [world.person("tomasz")], "verb": "review", "subject": "Short", "urgent": true });
        let ask = call::<RaiseAsk>(&world, "mara", input).await.unwrap().remove(0);
        assert_eq!(ask.due.to_string(), "2 working hours");
        // Noon in UTC is 13:00 for Tomasz.
        world.drain().await;
        let urgent = |world: &World| letters_to(world, "tomasz").iter().filter(|l| l.subject.contains("Short")).count();
        assert_eq!(urgent(&world), 0, "quiet hours");
        world.pass_to("2026-03-17T12:45:00Z").await;
        assert_eq!(urgent(&world), 1);
        let wrong = json!({ "team": world.team("payments"), "answer": "Friday noon" });
        assert!(matches!(call::<SetNorms>(&world, "mara", wrong).await, Err(Error::Invalid(_))));
        assert!(pile(&world, "tomasz", "owe").await.iter().any(|one| one.id == ask.id));
    }
}

#[tokio::test]
async fn urgent_reaches_whoever_is_on_call_at_night_and_nothing_else_does() {
    for world in worlds().await {
        let shift = json!({ "person": world.person("tomasz"), "from": "2026-03-17T18:00:00Z", "until": "2026-03-18T06:00:00Z" });
        assert!(matches!(call::<EnterShift>(&world, "dele", shift.clone()).await, Err(Error::Forbidden)));
        call::<EnterShift>(&world, "mara", shift).await.unwrap();
        world.pass_to("2026-03-17T23:00:00Z").await;
        let before = letters_to(&world, "tomasz").len();
        raised(&world, "mara", review(&world, &["tomasz"])).await;
        world.drain().await;
        assert_eq!(letters_to(&world, "tomasz").len(), before, "what is not urgent waits for the morning");
        let mut urgent = review(&world, &["tomasz", "priya"]);
        urgent["urgent"] = json!(true);
        raised(&world, "mara", urgent).await;
        world.drain().await;
        assert_eq!(letters_to(&world, "tomasz").len(), before + 1);
        assert!(letters_to(&world, "priya").iter().all(|letter| !letter.subject.starts_with("Urgent")), "she sleeps");
    }
}

async fn say(world: &World, who: &str, about: &Json, body: &str) {
    let mut input = about.clone();
    input["body"] = json!(body);
    call::<AddComment>(world, who, input).await.unwrap();
}

/// Those that tell of this record.
fn news_to(world: &World, who: &str, title: &str) -> Vec<Letter> {
    let tells =
        |letter: &Letter| letter.text.split_once("What you watch").is_some_and(|(_, rest)| rest.contains(title));
    letters_to(world, who).into_iter().filter(tells).collect()
}

#[tokio::test]
async fn the_digest_tells_once_and_in_working_hours_what_others_did_on_what_one_watches() {
    for world in worlds().await {
        let money = json!({ "kind": "team", "record": world.team("money") });
        let watch = json!({ "kind": "team", "record": world.team("money"), "on": true });
        for who in ["priya", "dele"] {
            call::<SetWatch>(&world, who, watch.clone()).await.unwrap();
        }
        call::<SetDelivery>(&world, "dele", json!({ "rhythm": "morning", "watched": false })).await.unwrap();
        say(&world, "ana", &money, "A word that stays out of letters.").await;
        say(&world, "priya", &money, "My own.").await;
        world.pass_to("2026-03-17T20:00:00Z").await;
        assert!(news_to(&world, "priya", "Money in and out").is_empty(), "it is night in Pune");
        for at in ["2026-03-18T04:00:00Z", "2026-03-18T04:10:00Z", "2026-03-18T08:00:00Z", "2026-03-19T04:00:00Z"] {
            world.pass_to(at).await;
        }
        let news = news_to(&world, "priya", "Money in and out");
        assert_eq!(news.len(), 1, "told once");
        assert!(news[0].text.contains("1 comment"), "{}", news[0].text);
        assert!(news[0].html.contains("<h3>What you watch</h3>"));
        assert!(!news[0].text.contains("stays out of letters") && !news[0].html.contains("stays out of letters"));
        assert!(news_to(&world, "dele", "Money in and out").is_empty(), "dele has turned it off");
        say(&world, "ana", &money, "Another.").await;
        world.pass_to("2026-03-20T04:00:00Z").await;
        assert_eq!(news_to(&world, "priya", "Money in and out").len(), 2, "and again when there is more");
    }
}

#[tokio::test]
async fn who_has_left_hears_nothing_of_what_they_watched_and_who_sees_it_is_told_once() {
    for world in worlds().await {
        let plans = json!({ "which": "all", "person": world.person("ipek") });
        let plan = world.ask(&world.system(), "onboarding.list", plans).await.unwrap()[0]["id"].clone();
        let about = json!({ "kind": "onboarding", "record": plan });
        say(&world, "zainab", &about, "I watch this.").await;
        say(&world, "ipek", &about, "And I write.").await;
        let away = json!({ "person": world.person("zainab") });
        let joana = world.actor("joana").await;
        world.ask(&joana, "person.deactivate", away).await.unwrap();
        let told = letters_to(&world, "zainab").len();
        for at in ["2026-03-18T09:00:00Z", "2026-03-19T09:00:00Z"] {
            world.pass_to(at).await;
        }
        assert_eq!(letters_to(&world, "zainab").len(), told, "whoever has left hears nothing");
        assert_eq!(news_to(&world, "nadia", "2 comments by 2 people").len(), 1, "whoever sees it is told");
    }
}

#[tokio::test]
async fn who_loses_sight_of_a_record_before_the_digest_hears_nothing_of_it() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let templates = world.ask(&world.system(), "onboarding_template.list", json!({})).await.unwrap();
        let begin = json!({
            "person": world.person("dele"), "template": templates[0]["id"], "buddy": world.person("priya"),
            "starts_on": "2026-03-23",
        });
        let plan = world.ask(&mara, "onboarding.start", begin).await.unwrap()["id"].clone();
        let about = json!({ "kind": "onboarding", "record": plan });
        say(&world, "priya", &about, "I watch this.").await;
        say(&world, "dele", &about, "A secret between us.").await;
        let other = json!({ "plan": plan, "buddy": world.person("ines") });
        world.ask(&mara, "onboarding.change", other).await.unwrap();
        for at in ["2026-03-18T04:00:00Z", "2026-03-18T09:00:00Z"] {
            world.pass_to(at).await;
        }
        assert!(news_to(&world, "priya", "Onboarding of").is_empty(), "{:?}", letters_to(&world, "priya"));
        say(&world, "mara", &about, "Mara writes to dele.").await;
        world.pass_to("2026-03-19T09:00:00Z").await;
        assert_eq!(news_to(&world, "dele", "Onboarding of").len(), 1, "whoever still sees it is told");
        assert!(news_to(&world, "priya", "Onboarding of").is_empty());
    }
}

#[tokio::test]
async fn the_digest_fills_in_what_an_event_tells() {
    for world in worlds().await {
        let tomasz = world.actor("tomasz").await;
        let issue = json!({ "team": world.team("payments"), "title": "Count the retries" });
        let issue = world.ask(&tomasz, "issue.create", issue).await.unwrap()["id"].clone();
        call::<SetWatch>(&world, "priya", json!({ "kind": "issue", "record": issue, "on": true })).await.unwrap();
        let edit = json!({ "issue": issue, "title": "Count all retries" });
        world.ask(&tomasz, "issue.edit", edit).await.unwrap();
        world.pass_to("2026-03-18T04:00:00Z").await;
        let news = news_to(&world, "priya", "Count all retries");
        assert!(
            news.iter().any(|one| one.text.contains("from “Count the retries” to")),
            "{:?}",
            letters_to(&world, "priya")
        );
        assert!(news.iter().all(|one| !one.text.contains("{from}")));
    }
}
