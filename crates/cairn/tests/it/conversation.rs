//! Conversation on any record: who reads it, what is kept, who is asked, and what files become.
mod files;
mod mentions;

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
    json!({ "kind": "team", "record": world.team("money") })
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
    fn any_text_comes_back_byte_for_byte(texts in prop::collection::vec("[^\\p{C}\\p{Zl}\\p{Zp}]{1,80}(\n[^\\p{C}\\p{Zl}\\p{Zp}]{0,40}){0,4}", 1..6)) {
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
        let page = world.browser("priya").await.get(&format!("/teams/{}", world.team("money"))).await.text();
        assert!(page.contains("deleted a comment") && !page.contains("Too early"));
        done(&world, "mara", "comment.restore", of).await;
        assert_eq!(said(&world, "priya", &about).await[0]["body"], "Too early.");
    }
}

/// The words of a comment are also in what it asked: on two piles, in the search, and in the next digest.
#[tokio::test]
async fn what_a_deleted_comment_asked_is_not_owed_and_not_read_any_more() {
    for world in worlds().await {
        let body = format!("{}, is the zebrafish budget gone?", mention(&world, "tomasz"));
        let comment = says(&world, "mara", &on_team(&world), json!({ "body": body, "intent": "question" })).await;
        world.drain().await;
        let told = async |who: &str| {
            let mut all = Vec::new();
            for pile in ["owe", "ended", "owed", "answers"] {
                all.push(done(&world, who, "ask.list", json!({ "pile": pile })).await.to_string());
            }
            all.push(done(&world, who, "search.find", json!({ "q": "zebrafish" })).await["hits"].to_string());
            all.concat().contains("zebrafish")
        };
        assert!(told("tomasz").await && told("mara").await);
        tick(&world);
        done(&world, "mara", "comment.delete", json!({ "comment": id(&comment) })).await;
        world.drain().await;
        let waits = async || owed(&world, "tomasz").await.iter().any(|ask| ask.subject.contains("zebrafish"));
        assert!(!told("tomasz").await && !told("mara").await && !waits().await);
        tick(&world);
        done(&world, "mara", "comment.restore", json!({ "comment": id(&comment) })).await;
        world.drain().await;
        assert!(waits().await && told("tomasz").await && told("mara").await, "what is back is asked again");
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
        let page = format!("/teams/{}", world.team("money"));
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
        let page = format!("/teams/{}", world.team("money"));
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
        let base = format!("/teams/{}", world.team("money"));
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
        let page = format!("/teams/{}", world.team("money"));
        let mut browser = world.browser("priya").await;
        let text = browser.get(&format!("{page}?quote={comment}")).await.text();
        assert!(text.contains("&gt; One line.\n&gt; Another."), "{text}");
        let payments = world.team("money").to_string();
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
    let page = format!("/teams/{}", world.team("money"));
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
        let page = format!("/teams/{}", world.team("money"));
        let offered =
            async |who: &str| world.browser(who).await.get(&page).await.text().contains("A call may be quicker");
        assert!(offered("mara").await && offered("priya").await && !offered("tomasz").await);
        let mut browser = world.browser("mara").await;
        let payments = world.team("money").to_string();
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
        done(&world, "joana", "team.edit", json!({ "team": world.team("money"), "mission": "New." })).await;
        let view = done(&world, "priya", "comment.list", about).await;
        let words = view["events"].to_string();
        assert!(words.contains("changed what is said of the team"), "{words}");
        let page = world.browser("priya").await.get(&format!("/teams/{}", world.team("money"))).await.text();
        assert!(page.contains("Joana") && page.contains("changed what is said of the team"));
    }
}

const PIXEL: &str = "R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==";

#[tokio::test]
async fn a_comment_is_found_by_those_who_read_its_record_and_by_nobody_else() {
    for world in worlds().await {
        says(&world, "mara", &on_team(&world), json!({ "body": "The **quokka** budget." })).await;
        says(&world, "mara", &plan(&world).await, json!({ "body": "The wombat plan." })).await;
        world.drain().await;
        let found =
            async |who: &str, q: &str| done(&world, who, "search.find", json!({ "q": q })).await["hits"].clone();
        assert_eq!(found("priya", "quokka").await.as_array().unwrap().len(), 1);
        assert_eq!(found("grace", "quokka").await, json!([]));
        let leave = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-06-01" });
        let leave = done(&world, "tomasz", "leave.enter", leave).await["id"].clone();
        says(&world, "mara", &json!({ "kind": "leave", "record": leave }), json!({ "body": "The numbat trip." })).await;
        world.drain().await;
        for who in ["priya", "mara", "dele", "joana"] {
            assert_eq!(found(who, "wombat").await.as_array().unwrap().len(), 1, "{who}");
        }
        for who in ["yuki", "tomasz", "grace"] {
            assert_eq!(found(who, "wombat").await, json!([]), "{who}");
            assert_eq!(found(who, "is:onboarding dele").await, json!([]), "{who}");
        }
        assert_eq!(found("yuki", "numbat").await.as_array().unwrap().len(), 1);
        assert_eq!(found("grace", "numbat").await, json!([]));
    }
}

/// The statements of a page do not grow with what is said on it.
#[tokio::test]
async fn a_page_with_fifty_comments_costs_few_statements() {
    let world = worlds().await.remove(0);
    let page = format!("/teams/{}", world.team("money"));
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

#[tokio::test]
async fn a_draft_to_which_nobody_comes_back_is_forgotten_after_ninety_days() {
    for world in worlds().await {
        let about = on_team(&world);
        let mut draft = about.clone();
        draft["body"] = json!("Not yet.");
        done(&world, "mara", "draft.save", draft).await;
        for (at, kept) in [("2026-06-14T00:00:00Z", "Not yet."), ("2026-06-16T00:00:00Z", "")] {
            world.clock.set(at.parse::<jiff::Timestamp>().unwrap().into());
            world.pass_to(at).await;
            assert_eq!(done(&world, "mara", "draft.show", about.clone()).await, json!(kept), "{at}");
        }
    }
}
