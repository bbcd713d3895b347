//! Conversation on any record: who reads it, what is kept, who is asked, and what files become.
use asks::{Ask, FinishAsks, ListAsks, ReopenAsks};
use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Id, Json, Result, json, parse};
use proptest::prelude::*;
use std::time::Duration;
use testkit::{Answer, Client, World, worlds};

async fn ask(world: &World, who: &str, operation: &str, input: Json) -> Result<Json> {
    world.ask(&world.actor(who).await, operation, input).await
}

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    ask(world, who, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

fn on_team(world: &World) -> Json {
    json!({ "kind": "team", "record": world.team("payments") })
}

fn with(base: &Json, more: Json) -> Json {
    let mut all = base.clone();
    all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    all
}

fn tick(world: &World) {
    world.clock.set(world.clock.now() + Duration::from_secs(1));
}

/// A second after what was said before, so that comments have an order.
async fn says(world: &World, who: &str, about: &Json, more: Json) -> Json {
    tick(world);
    done(world, who, "comment.add", with(about, more)).await
}

async fn said(world: &World, who: &str, about: &Json) -> Vec<Json> {
    done(world, who, "comment.list", about.clone()).await["comments"].as_array().unwrap().clone()
}

fn id(added: &Json) -> String {
    added["comment"]["id"].as_str().unwrap().to_owned()
}

async fn owed(world: &World, who: &str) -> Vec<Ask> {
    let input = parse::<ListAsks>(json!({ "pile": "owe", "limit": 1000 })).unwrap();
    world.call(&world.actor(who).await, input).await.unwrap().asks
}

fn mention(world: &World, key: &str) -> String {
    format!("[@{key}](/people/{})", world.person(key))
}

/// A plan that only its participants see: of dele, by mara, with priya.
async fn plan(world: &World) -> Json {
    let templates = world.ask(&world.system(), "onboarding_template.list", json!({})).await.unwrap();
    let begin = json!({
        "person": world.person("dele"), "template": templates[0]["id"], "buddy": world.person("priya"),
        "starts_on": "2026-03-23",
    });
    let plan = done(world, "mara", "onboarding.start", begin).await["id"].clone();
    json!({ "kind": "onboarding", "record": plan })
}

#[tokio::test]
async fn a_comment_is_kept_as_it_was_typed_and_so_is_what_it_said_before() {
    for world in worlds().await {
        let about = on_team(&world);
        let text = "  # Über *alles*\r\n\r\n\ttab & <b>tag</b> \u{1F600}  \n";
        let comment = id(&says(&world, "mara", &about, json!({ "body": text })).await);
        assert_eq!(said(&world, "priya", &about).await[0]["body"], text);
        let edit = json!({ "comment": comment, "body": "Second." });
        assert!(matches!(ask(&world, "priya", "comment.edit", edit.clone()).await, Err(Error::Forbidden)));
        done(&world, "mara", "comment.edit", edit.clone()).await;
        done(&world, "mara", "comment.edit", edit).await;
        done(&world, "mara", "comment.edit", json!({ "comment": comment, "body": "Third." })).await;
        let versions = done(&world, "priya", "comment.history", json!({ "comment": comment })).await;
        let bodies: Vec<&str> =
            versions.as_array().unwrap().iter().map(|version| version["body"].as_str().unwrap()).collect();
        assert_eq!(bodies, ["Third.", "Second.", text], "an edit that changes nothing is no version");
        let mut browser = world.browser("priya").await;
        let page = browser.get(&format!("/comments/{comment}/versions")).await.text();
        assert!(page.contains("&lt;b&gt;tag&lt;/b&gt;") && page.contains("Version 1"), "{page}");
        for empty in ["", " \n\t"] {
            assert!(ask(&world, "mara", "comment.add", with(&about, json!({ "body": empty }))).await.is_err());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_text_comes_back_byte_for_byte(texts in prop::collection::vec("[^\\p{C}]{1,80}(\n[^\\p{C}]{0,40}){0,4}", 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let world = worlds().await.remove(0);
            let about = on_team(&world);
            let texts: Vec<&String> = texts.iter().filter(|text| !text.trim().is_empty()).collect();
            for text in &texts {
                says(&world, "mara", &about, json!({ "body": text })).await;
            }
            let kept = said(&world, "priya", &about).await;
            let bodies: Vec<&str> = kept.iter().map(|comment| comment["body"].as_str().unwrap()).collect();
            assert_eq!(bodies, texts);
        });
    }
}

#[tokio::test]
async fn who_sees_the_record_reads_what_is_said_and_nobody_else() {
    for world in worlds().await {
        let about = plan(&world).await;
        let comment = id(&says(&world, "mara", &about, json!({ "body": "Between us: the first weeks." })).await);
        for reader in ["dele", "priya", "mara"] {
            assert_eq!(said(&world, reader, &about).await[0]["body"], "Between us: the first weeks.", "{reader}");
        }
        let of = |more: Json| with(&json!({ "comment": comment }), more);
        for (operation, input) in [
            ("comment.list", about.clone()),
            ("comment.add", with(&about, json!({ "body": "Hello" }))),
            ("comment.history", of(json!({}))),
            ("comment.edit", of(json!({ "body": "Mine" }))),
            ("comment.delete", of(json!({}))),
            ("comment.react", of(json!({ "word": "agree", "on": true }))),
            ("comment.outlook", about.clone()),
            ("thread.resolve", with(&about, json!({ "outcome": "Done" }))),
            ("thread.reopen", about.clone()),
            ("watch.set", with(&about, json!({ "on": true }))),
            ("draft.save", with(&about, json!({ "body": "Hm" }))),
            ("draft.show", about.clone()),
            ("file.add", with(&about, json!({ "name": "a.txt", "content": STANDARD.encode("a") }))),
        ] {
            let answer = ask(&world, "yuki", operation, input).await;
            assert!(matches!(answer, Err(Error::NotFound)), "{operation}: {answer:?}");
        }
        let mut stranger = world.browser("yuki").await;
        assert_eq!(stranger.get(&format!("/comments/{comment}")).await.status, 404);
        assert_eq!(stranger.get(&format!("/comments/{comment}/versions")).await.status, 404);
        for missing in
            [json!({ "kind": "person", "record": world.person("mara") }), json!({ "kind": "x", "record": "y" })]
        {
            assert!(matches!(ask(&world, "hanneke", "comment.list", missing).await, Err(Error::NotFound)));
        }
        let team = on_team(&world);
        assert!(matches!(ask(&world, "grace", "comment.list", team).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn a_deleted_comment_leaves_its_place_and_comes_back() {
    for world in worlds().await {
        let about = on_team(&world);
        let comment = id(&says(&world, "mara", &about, json!({ "body": "Too early." })).await);
        let of = json!({ "comment": comment });
        assert!(matches!(ask(&world, "priya", "comment.delete", of.clone()).await, Err(Error::Forbidden)));
        done(&world, "mara", "comment.delete", of.clone()).await;
        let seen = said(&world, "priya", &about).await.remove(0);
        assert!(seen["body"] == "" && !seen["deleted_at"].is_null(), "{seen}");
        assert!(matches!(ask(&world, "priya", "comment.history", of.clone()).await, Err(Error::NotFound)));
        let edit = json!({ "comment": comment, "body": "Now." });
        assert!(matches!(ask(&world, "mara", "comment.edit", edit).await, Err(Error::Conflict(_))));
        assert!(matches!(ask(&world, "priya", "comment.restore", of.clone()).await, Err(Error::NotFound)));
        let page = world.browser("priya").await.get(&format!("/teams/{}", world.team("payments"))).await.text();
        assert!(page.contains("deleted a comment") && !page.contains("Too early"));
        done(&world, "mara", "comment.restore", of).await;
        assert_eq!(said(&world, "priya", &about).await[0]["body"], "Too early.");
    }
}

#[tokio::test]
async fn a_question_waits_in_the_inbox_of_those_who_are_named_and_its_answer_comes_back() {
    for world in worlds().await {
        let about = on_team(&world);
        let text = format!("{} does the **ledger** retry twice?\n\nMore words.", mention(&world, "tomasz"));
        let question = json!({ "body": text, "intent": "question", "due": "8 working hours" });
        let added = says(&world, "mara", &about, question).await;
        assert_eq!(added["asked"].as_array().unwrap().len(), 1);
        world.drain().await;
        let waits = owed(&world, "tomasz").await;
        let one = waits.iter().find(|one| one.subject.contains("does the ledger retry twice?")).unwrap();
        assert_eq!(one.verb, kernel::Verb::Answer);
        let href = one.href.clone().unwrap();
        let led = world.browser("tomasz").await.get(&href).await;
        let place = format!("/teams/{}#comment-{}", world.team("payments"), id(&added));
        assert_eq!(led.header("location"), Some(place.as_str()));
        let waiting = done(&world, "tomasz", "comment.list", about.clone()).await["waiting"].clone();
        assert_eq!(waiting[0]["comment"], added["comment"]["id"]);
        tick(&world);
        let finish = FinishAsks { asks: vec![one.id], outcome: "Twice, then it *stops*.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        let answer = said(&world, "priya", &about).await.pop().unwrap();
        assert_eq!(
            (answer["body"].as_str(), answer["mark"].as_str()),
            (Some("Twice, then it *stops*."), Some("answer"))
        );
        assert_eq!(answer["author_id"], json!(world.person("tomasz")));
        let again = ReopenAsks { asks: vec![one.id] };
        world.call(&world.actor("tomasz").await, again).await.unwrap();
        world.drain().await;
        assert!(!said(&world, "priya", &about).await.pop().unwrap()["deleted_at"].is_null(), "it was taken back");
        let finish = FinishAsks { asks: vec![one.id], outcome: "Three times.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        let all = said(&world, "priya", &about).await;
        assert_eq!((all.len(), all[1]["body"].as_str()), (2, Some("Three times.")), "one answer, said anew");
    }
}

#[tokio::test]
async fn what_two_people_ask_each_other_elsewhere_about_a_record_stays_between_them() {
    for world in worlds().await {
        let about = json!({ "kind": "team", "id": world.team("payments") });
        let raise =
            json!({ "to": [world.person("tomasz")], "verb": "answer", "subject": "How is the team?", "about": about });
        let raised = done(&world, "mara", "ask.raise", raise).await;
        let asks = vec![raised[0]["id"].as_str().unwrap().parse::<Id<Ask>>().unwrap()];
        let finish = FinishAsks { asks, outcome: "Tired, to be honest.".parse().unwrap() };
        world.call(&world.actor("tomasz").await, finish).await.unwrap();
        world.drain().await;
        assert_eq!(said(&world, "priya", &on_team(&world)).await.len(), 0);
    }
}

#[tokio::test]
async fn who_cannot_see_the_record_is_not_asked_and_the_author_learns_it() {
    for world in worlds().await {
        let about = plan(&world).await;
        let text = format!("{} {} what do you think?", mention(&world, "priya"), mention(&world, "yuki"));
        let outlook = with(&about, json!({ "people": [world.person("priya"), world.person("yuki")] }));
        let outlook = done(&world, "mara", "comment.outlook", outlook).await;
        let sees: Vec<bool> = outlook.as_array().unwrap().iter().map(|one| one["sees"].as_bool().unwrap()).collect();
        assert_eq!(sees.iter().filter(|sees| **sees).count(), 1);
        let added = says(&world, "mara", &about, json!({ "body": text, "intent": "decision" })).await;
        assert!(added["blind"][0].as_str().unwrap().starts_with("Yuki"), "{added}");
        assert_eq!(added["asked"].as_array().unwrap().len(), 1);
        world.drain().await;
        let asked = |all: Vec<Ask>| all.iter().any(|one| one.subject.contains("what do you think?"));
        assert!(asked(owed(&world, "priya").await) && !asked(owed(&world, "yuki").await));
        let watchers = done(&world, "mara", "comment.list", about.clone()).await["watchers"].to_string();
        assert!(!watchers.contains("Yuki"), "{watchers}");
        let mut browser = world.browser("mara").await;
        let page = format!("/onboarding/{}", about["record"].as_str().unwrap());
        let fields = [
            ("kind", "onboarding"),
            ("record", about["record"].as_str().unwrap()),
            ("body", &text),
            ("intent", "question"),
        ];
        let sent = browser.post_from(&page, "/comments", &fields).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let flash = browser.get(&page).await.text();
        assert!(flash.contains("cannot see this record and is not asked."), "{flash}");
    }
}

#[tokio::test]
async fn a_team_stands_for_its_members_and_nothing_is_asked_without_an_intent() {
    for world in worlds().await {
        let about = on_team(&world);
        let before = owed(&world, "tomasz").await.len();
        let team = format!("[@Payments](/teams/{}) look at this", world.team("payments"));
        let told = says(&world, "mara", &about, json!({ "body": team })).await;
        assert_eq!(told["asked"], json!([]));
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before, "for your information asks for nothing");
        let watchers = done(&world, "mara", "comment.list", about.clone()).await["watchers"].to_string();
        assert!(watchers.contains("Tomasz") && watchers.contains("Mara"), "{watchers}");
        let asked = says(&world, "mara", &about, json!({ "body": team, "intent": "decision" })).await;
        assert!(asked["asked"].as_array().unwrap().len() > 3, "{asked}");
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before + 1);
        assert!(
            ask(&world, "mara", "comment.add", with(&about, json!({ "body": "Well?", "intent": "question" })))
                .await
                .is_err()
        );
        done(&world, "tomasz", "comment.add", with(&about, json!({ "body": "Fine by me.", "answers": true }))).await;
        world.drain().await;
        assert_eq!(owed(&world, "tomasz").await.len(), before, "an answer in place ends what waited");
    }
}

#[tokio::test]
async fn a_thread_is_resolved_with_a_sentence_and_opened_again() {
    for world in worlds().await {
        let about = on_team(&world);
        says(&world, "mara", &about, json!({ "body": "Which day is quiet?" })).await;
        let resolve = with(&about, json!({ "outcome": "Wednesday." }));
        done(&world, "priya", "thread.resolve", resolve.clone()).await;
        assert!(matches!(ask(&world, "mara", "thread.resolve", resolve).await, Err(Error::Conflict(_))));
        let page = format!("/teams/{}", world.team("payments"));
        let mut browser = world.browser("tomasz").await;
        assert!(browser.get(&page).await.text().contains("Resolved: Wednesday."));
        done(&world, "mara", "thread.reopen", about.clone()).await;
        let text = browser.get(&page).await.text();
        assert!(
            !text.contains("Resolved: Wednesday.")
                && text.contains("opened this again")
                && text.contains("resolved this: Wednesday.")
        );
    }
}

#[tokio::test]
async fn words_below_a_comment_are_given_once_and_taken_back() {
    for world in worlds().await {
        let about = on_team(&world);
        let comment = id(&says(&world, "mara", &about, json!({ "body": "Shipped." })).await);
        let react = |on: bool| json!({ "comment": comment, "word": "thanks", "on": on });
        for who in ["priya", "priya", "tomasz"] {
            done(&world, who, "comment.react", react(true)).await;
        }
        let seen = said(&world, "priya", &about).await[0]["reactions"][0].clone();
        assert!(seen["names"].as_array().unwrap().len() == 2 && seen["mine"] == true, "{seen}");
        done(&world, "priya", "comment.react", react(false)).await;
        assert_eq!(said(&world, "priya", &about).await[0]["reactions"][0]["mine"], false);
        assert!(
            ask(&world, "priya", "comment.react", json!({ "comment": comment, "word": "boo", "on": true }))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn a_draft_is_ones_own_and_gone_once_it_is_said() {
    for world in worlds().await {
        let about = on_team(&world);
        done(&world, "mara", "draft.save", with(&about, json!({ "body": "I was going to" }))).await;
        done(&world, "mara", "draft.save", with(&about, json!({ "body": "I was going to say" }))).await;
        assert_eq!(done(&world, "mara", "draft.show", about.clone()).await, "I was going to say");
        assert_eq!(done(&world, "priya", "draft.show", about.clone()).await, "");
        let page = format!("/teams/{}", world.team("payments"));
        assert!(world.browser("mara").await.get(&page).await.text().contains("I was going to say</textarea>"));
        assert!(!world.browser("priya").await.get(&page).await.text().contains("I was going to say"));
        says(&world, "mara", &about, json!({ "body": "I was going to say hello." })).await;
        assert_eq!(done(&world, "mara", "draft.show", about).await, "");
    }
}

#[tokio::test]
async fn watching_is_ended_by_the_watcher_and_not_begun_again_by_a_mention() {
    for world in worlds().await {
        let about = on_team(&world);
        let names = async || done(&world, "mara", "comment.list", about.clone()).await["watchers"].to_string();
        let named = json!({ "body": mention(&world, "tomasz") });
        says(&world, "mara", &about, named.clone()).await;
        assert!(names().await.contains("Tomasz"));
        done(&world, "tomasz", "watch.set", with(&about, json!({ "on": false }))).await;
        says(&world, "mara", &about, named).await;
        assert!(!names().await.contains("Tomasz"));
        done(&world, "tomasz", "watch.set", with(&about, json!({ "on": true }))).await;
        assert!(names().await.contains("Tomasz"));
        let listed = done(&world, "tomasz", "watch.list", json!({})).await;
        assert!(listed.to_string().contains("\"comments\":2"), "{listed}");
        let page = world.browser("tomasz").await.get("/watching").await.text();
        assert!(page.contains("2 comments"), "{page}");
    }
}

#[tokio::test]
async fn a_hostile_text_is_only_text() {
    let world = worlds().await.remove(0);
    let about = on_team(&world);
    for text in [
        "<script>alert('canary')</script>",
        "<img src=x onerror=alert('canary')>",
        "[x](javascript:alert('canary'))",
        "![x](https://evil.example/canary.png)",
        "<a href='#' onclick='alert(1)'>x</a><style>*{display:none}</style>",
        "</textarea></li></ol><form action='https://evil.example'><button>Go",
        "> <iframe srcdoc='<script>1</script>'>",
    ] {
        let comment = id(&says(&world, "mara", &about, json!({ "body": text })).await);
        done(&world, "mara", "draft.save", with(&about, json!({ "body": text }))).await;
        let mut browser = world.browser("mara").await;
        let base = format!("/teams/{}", world.team("payments"));
        for path in [
            base.clone(),
            format!("{base}?quote={comment}"),
            format!("/comments/{comment}/edit"),
            format!("/comments/{comment}/versions"),
        ] {
            let page = browser.get(&path).await.text();
            for bad in [
                "<script>alert",
                "onerror=alert('canary')>",
                "<img src=x",
                "href=\"javascript:",
                "src=\"https://evil",
                "<style>",
                "<iframe",
                "<form action='https",
                "<a href='#'",
            ] {
                assert!(!page.contains(bad), "{path} holds {bad} of {text}");
            }
        }
    }
}

#[tokio::test]
async fn a_quotation_stands_in_the_box_and_an_error_keeps_what_was_typed() {
    for world in worlds().await {
        let about = on_team(&world);
        let comment = id(&says(&world, "mara", &about, json!({ "body": "One line.\nAnother." })).await);
        let page = format!("/teams/{}", world.team("payments"));
        let mut browser = world.browser("priya").await;
        let text = browser.get(&format!("{page}?quote={comment}")).await.text();
        assert!(text.contains("&gt; One line.\n&gt; Another."), "{text}");
        let payments = world.team("payments").to_string();
        let fields = [("kind", "team"), ("record", payments.as_str()), ("body", "Typed long."), ("due", "soon")];
        let refused = browser.post_from(&page, "/comments", &fields).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Typed long.") && refused.text().contains("is no due time"));
    }
}

#[tokio::test]
async fn earlier_comments_are_one_page_away_and_an_old_link_still_leads_to_its_comment() {
    let world = worlds().await.remove(0);
    let about = on_team(&world);
    let mut ids = Vec::new();
    for i in 0..60 {
        ids.push(id(&says(&world, "mara", &about, json!({ "body": format!("number-{i}-.") })).await));
    }
    let mut browser = world.browser("priya").await;
    let page = format!("/teams/{}", world.team("payments"));
    let newest = browser.get(&page).await.text();
    assert!(newest.contains("number-59-") && newest.contains("number-10-") && !newest.contains("number-9-"));
    assert!(newest.contains("Show earlier"));
    let earlier = browser.get(&format!("{page}?comments={}", ids[9])).await.text();
    assert!(earlier.contains("number-9-") && earlier.contains("number-0-") && !earlier.contains("number-10-"));
    let led = browser.get(&format!("/comments/{}", ids[3])).await;
    assert_eq!(led.header("location"), Some(format!("{page}?comments={}#comment-{}", ids[3], ids[3]).as_str()));
    let led = browser.get(&format!("/comments/{}", ids[40])).await;
    assert_eq!(led.header("location"), Some(format!("{page}#comment-{}", ids[40]).as_str()));
}

#[tokio::test]
async fn after_three_exchanges_a_call_is_offered_to_the_two_and_its_outcome_is_marked() {
    for world in worlds().await {
        let about = on_team(&world);
        for who in ["mara", "priya", "mara", "priya", "mara", "priya"] {
            says(&world, who, &about, json!({ "body": "But then…" })).await;
        }
        let page = format!("/teams/{}", world.team("payments"));
        let offered =
            async |who: &str| world.browser(who).await.get(&page).await.text().contains("A call may be quicker");
        assert!(offered("mara").await && offered("priya").await && !offered("tomasz").await);
        let mut browser = world.browser("mara").await;
        let payments = world.team("payments").to_string();
        let fields = [("kind", "team"), ("record", payments.as_str()), ("body", "We retry twice."), ("call", "true")];
        assert_eq!(browser.post_from(&page, "/comments", &fields).await.status, 303);
        assert!(browser.get(&page).await.text().contains("Outcome of a call"));
        assert!(!offered("priya").await);
    }
}

#[tokio::test]
async fn the_stream_tells_what_happened_to_the_record() {
    for world in worlds().await {
        let about = on_team(&world);
        says(&world, "mara", &about, json!({ "body": "Before." })).await;
        done(&world, "joana", "team.edit", json!({ "team": world.team("payments"), "mission": "New." })).await;
        let view = done(&world, "priya", "comment.list", about).await;
        let words = view["events"].to_string();
        assert!(words.contains("changed what is said of the team"), "{words}");
        let page = world.browser("priya").await.get(&format!("/teams/{}", world.team("payments"))).await.text();
        assert!(page.contains("Joana") && page.contains("changed what is said of the team"));
    }
}

const PIXEL: &str = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

async fn bring(world: &World, who: &str, about: &Json, name: &str, content: &[u8]) -> Result<Json> {
    ask(world, who, "file.add", with(about, json!({ "name": name, "content": STANDARD.encode(content) }))).await
}

#[tokio::test]
async fn a_file_is_read_by_those_who_see_the_comment_in_which_it_stands() {
    for world in worlds().await {
        let about = plan(&world).await;
        let picture = STANDARD.decode(PIXEL).unwrap();
        let file = bring(&world, "mara", &about, "desk.gif", &picture).await.unwrap();
        assert_eq!((file["name"].as_str(), file["content_type"].as_str()), (Some("desk.png"), Some("image/png")));
        let path = format!("/files/{}/desk.png", file["id"].as_str().unwrap());
        let fetch = async |who: &str| world.browser(who).await.get(&path).await;
        assert_eq!(fetch("mara").await.status, 200);
        assert_eq!(fetch("dele").await.status, 404, "it stands nowhere yet");
        let stolen = with(&about, json!({ "body": "Mine now", "files": [file["id"]] }));
        assert!(matches!(ask(&world, "priya", "comment.add", stolen).await, Err(Error::NotFound)));
        let body = format!("![desk]({path})");
        let comment = id(&says(&world, "mara", &about, json!({ "body": body })).await);
        let answer = fetch("dele").await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, Some("image/png")));
        assert!(answer.header("content-disposition").unwrap().starts_with("inline"));
        assert!(answer.header("content-security-policy").unwrap().starts_with("sandbox"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(fetch("yuki").await.status, 404);
        let page = world.browser("dele").await.get(&format!("/onboarding/{}", about["record"].as_str().unwrap())).await;
        assert!(page.text().contains(&format!("<img src=\"{path}\"")), "{}", page.text());
        done(&world, "mara", "comment.delete", json!({ "comment": comment })).await;
        assert_eq!(fetch("dele").await.status, 404, "what is deleted is not read");
    }
}

#[tokio::test]
async fn what_a_file_is_its_bytes_say_and_what_may_run_is_only_saved() {
    for world in worlds().await {
        let about = on_team(&world);
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>";
        for lie in ["logo.png", "logo.jpg", "logo.gif"] {
            let refused = bring(&world, "mara", &about, lie, svg).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{lie}: {refused:?}");
        }
        for name in ["logo.svg", "page.html"] {
            let file = bring(&world, "mara", &about, name, svg).await.unwrap();
            says(&world, "mara", &about, json!({ "body": "See the file", "files": [file["id"]] })).await;
            let path = format!("/files/{}/{name}", file["id"].as_str().unwrap());
            let answer = world.browser("priya").await.get(&path).await;
            assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
            let place = answer.header("content-disposition").unwrap();
            assert!(place.starts_with("attachment") && place.ends_with(name), "{place}");
            assert_eq!(answer.body.as_ref(), svg);
        }
        for refused in [&b"\x7fELF\x02\x01\x01"[..], b"MZ\x90\x00\x03", b"", b"\x89PNG\r\n\x1a\nno picture"] {
            assert!(
                matches!(bring(&world, "mara", &about, "a.bin", refused).await, Err(Error::Invalid(_))),
                "{refused:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_comment_takes_ten_files_and_a_person_brings_so_much_a_day() {
    let world = worlds().await.remove(0);
    let about = on_team(&world);
    let mut files = Vec::new();
    for i in 0..11 {
        files.push(bring(&world, "mara", &about, &format!("{i}.txt"), b"text").await.unwrap()["id"].clone());
    }
    let all = ask(&world, "mara", "comment.add", with(&about, json!({ "body": "All", "files": files }))).await;
    assert!(matches!(all, Err(Error::Invalid(_))), "{all:?}");
    says(&world, "mara", &about, json!({ "body": "Ten", "files": files[..10] })).await;
    let large = [b"%PDF-".to_vec(), vec![b'x'; 20 * 1024 * 1024 - 5]].concat();
    for _ in 0..9 {
        bring(&world, "mara", &about, "large.pdf", &large).await.unwrap();
    }
    bring(&world, "mara", &about, "large.pdf", &large[..20 * 1024 * 1024 - 100]).await.unwrap();
    assert!(matches!(bring(&world, "mara", &about, "large.pdf", &large).await, Err(Error::Conflict(_))));
    bring(&world, "priya", &about, "small.pdf", b"%PDF-1").await.unwrap();
}

#[tokio::test]
async fn a_form_with_a_file_needs_no_script() {
    for world in worlds().await {
        let mut browser = world.browser("mara").await;
        let page = format!("/teams/{}", world.team("payments"));
        let csrf = browser.get(&page).await.field("csrf");
        let sent = send(&mut browser, &world, &csrf, "notes.txt").await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let text = world.browser("priya").await.get(&page).await.text();
        assert!(text.contains("notes.txt</a>") && text.contains("/notes.txt\""), "{text}");
        let refused = send(&mut browser, &world, &csrf, "picture.png").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("is not a picture"), "{}", refused.text());
    }
}

async fn send(browser: &mut Client, world: &World, csrf: &str, name: &str) -> Answer {
    let part = |head: &str, text: &str| format!("--part\r\ncontent-disposition: form-data; {head}\r\n\r\n{text}\r\n");
    let body = [
        part("name=\"csrf\"", csrf),
        part("name=\"kind\"", "team"),
        part("name=\"record\"", world.team("payments").as_str()),
        part("name=\"body\"", "With a file."),
        part("name=\"intent\"", "inform"),
        part("name=\"to\"", ""),
        part("name=\"due\"", ""),
        part("name=\"file\"; filename=\"\"", ""),
        part(&format!("name=\"file\"; filename=\"{name}\""), "what was noted"),
        "--part--\r\n".to_owned(),
    ];
    let headers = [("content-type", "multipart/form-data; boundary=part"), ("origin", "http://cairn.test")];
    browser.send("POST", "/comments", &headers, Body::from(body.concat())).await
}

#[tokio::test]
async fn a_comment_on_a_team_is_found_by_colleagues_and_one_on_a_plan_by_nobody() {
    for world in worlds().await {
        says(&world, "mara", &on_team(&world), json!({ "body": "The **quokka** budget." })).await;
        says(&world, "mara", &plan(&world).await, json!({ "body": "The wombat plan." })).await;
        world.drain().await;
        let found =
            async |who: &str, q: &str| done(&world, who, "search.find", json!({ "q": q })).await["hits"].clone();
        assert_eq!(found("priya", "quokka").await.as_array().unwrap().len(), 1);
        assert_eq!(found("grace", "quokka").await, json!([]));
        for who in ["priya", "mara", "yuki"] {
            assert_eq!(found(who, "wombat").await, json!([]), "{who}");
        }
    }
}

/// The statements of a page do not grow with what is said on it.
#[tokio::test]
async fn a_page_with_fifty_comments_costs_few_statements() {
    let world = worlds().await.remove(0);
    let page = format!("/teams/{}", world.team("payments"));
    let mut browser = world.browser("priya").await;
    let cost = async |browser: &mut Client| {
        let before = world.opened.app.queries();
        browser.get(&page).await;
        world.opened.app.queries() - before
    };
    let empty = cost(&mut browser).await;
    for i in 0..50 {
        let body = format!("Number {i} for {} and /leaves/0190c2", mention(&world, "tomasz"));
        says(&world, "mara", &on_team(&world), json!({ "body": body })).await;
    }
    let full = cost(&mut browser).await;
    assert!(full <= empty + 6, "{empty} statements became {full}");
}
