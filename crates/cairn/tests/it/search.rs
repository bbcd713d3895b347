//! What is found, by whom, and what leaves no trace.
use kernel::{Actor, Error, Json, Reference, Role, json};
use proptest::{prelude::*, test_runner::TestRunner};
use search::find::{FindRecords, Found, Hit};
use testkit::{World, worlds};

async fn find(world: &World, actor: &Actor, q: &str) -> Found {
    world.call(actor, FindRecords { q: q.into(), limit: None }).await.unwrap_or_else(|error| panic!("{q:?}: {error}"))
}

fn title(hit: &Hit) -> String {
    hit.title.iter().map(|piece| piece.text.as_str()).collect()
}

async fn titles(world: &World, who: &str, q: &str) -> Vec<String> {
    find(world, &world.actor(who).await, q).await.hits.iter().map(title).collect()
}

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    let actor = Actor { session, ..world.actor(who).await };
    let answer = world.ask(&actor, operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"));
    world.drain().await;
    answer
}

#[tokio::test]
async fn a_record_is_found_by_its_words_their_beginnings_and_with_a_slip() {
    for world in worlds().await {
        for q in ["Tomasz Zieliński", "zielinski tomasz", "ziel", "TOMASZ Z", "zielnski", "tmoasz"] {
            assert_eq!(titles(&world, "mara", q).await.first().map(String::as_str), Some("Tomasz Zieliński"), "{q}");
        }
        assert_eq!(titles(&world, "mara", "Payments").await[0], "Payments");
        assert!(titles(&world, "mara", "tomasz quetzal").await.is_empty());
        assert!(titles(&world, "mara", "tomas ").await.iter().all(|title| title != "Tom"), "the word has ended");
    }
}

#[tokio::test]
async fn titles_come_before_texts_and_whole_words_before_beginnings() {
    for world in worlds().await {
        let about = |about: &str| json!({ "person": world.person("tomasz"), "about": about });
        done(&world, "tomasz", "person.edit_profile", about("Knows all of quetzal and its birds.")).await;
        for name in ["Quetzalcoatl", "Big quetzal", "Quetzal", "Quetzal nest"] {
            done(&world, "joana", "team.add", json!({ "name": name })).await;
        }
        let found = titles(&world, "mara", "quetzal").await;
        let begin: std::collections::BTreeSet<&str> = found[1..3].iter().map(String::as_str).collect();
        assert_eq!((found[0].as_str(), begin), ("Quetzal", ["Quetzal nest", "Quetzalcoatl"].into()));
        assert_eq!(found[3..], ["Big quetzal", "Tomasz Zieliński"]);
        assert_eq!(titles(&world, "mara", "in:title quetzal ").await, ["Quetzal", "Quetzal nest", "Big quetzal"]);
        assert_eq!(titles(&world, "mara", "quetzal is:person").await, ["Tomasz Zieliński"]);
        assert_eq!(titles(&world, "mara", "\"its birds\"").await, ["Tomasz Zieliński"]);
        assert!(titles(&world, "mara", "\"birds its\"").await.is_empty());
        assert_eq!(titles(&world, "mara", "quetzal -birds -nest in:title").await.len(), 2);
        let hits = find(&world, &world.actor("mara").await, "quetzal birds").await.hits;
        let marked: Vec<&str> =
            hits[0].extract.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
        assert_eq!(marked, ["quetzal", "birds"]);
    }
}

#[tokio::test]
async fn filters_narrow_it_down_and_say_what_they_do_not_know() {
    for world in worlds().await {
        let teams = titles(&world, "mara", "is:team").await;
        assert!(teams.contains(&"Payments".to_owned()) && !teams.contains(&"Mara Lindqvist".to_owned()), "{teams:?}");
        let payments = titles(&world, "mara", "team:payments is:person").await;
        assert!(payments.contains(&"Mara Lindqvist".to_owned()), "{payments:?}");
        assert!(titles(&world, "mara", "team:nowhere").await.is_empty());
        assert!(titles(&world, "mara", "is:team before:2001").await.is_empty());
        assert!(titles(&world, "mara", "is:team after:2090").await.is_empty());
        assert_eq!(titles(&world, "mara", "is:team after:2001").await, teams);
        let mara = world.actor("mara").await;
        for (q, told) in [("is:cat", "`is:person`"), ("wrote:me", "no filter `wrote:`"), ("before:soon", "not a date")]
        {
            match world.call(&mara, FindRecords { q: q.into(), limit: None }).await {
                Err(Error::Invalid(flaws)) => assert!(flaws[0].sentence.contains(told), "{flaws:?}"),
                other => panic!("{q}: {other:?}"),
            }
        }
    }
}

#[tokio::test]
async fn a_change_and_an_end_are_seen_when_the_queue_is_empty() {
    for world in worlds().await {
        let team = done(&world, "joana", "team.add", json!({ "name": "Wombat", "mission": "Marsupials" })).await;
        assert_eq!(titles(&world, "mara", "marsup").await, ["Wombat"]);
        done(&world, "joana", "team.edit", json!({ "team": team["id"], "name": "Koala" })).await;
        assert!(titles(&world, "mara", "wombat").await.is_empty());
        assert_eq!(titles(&world, "mara", "koala").await, ["Koala"]);
        done(&world, "joana", "team.archive", json!({ "team": team["id"] })).await;
        done(&world, "joana", "person.deactivate", json!({ "person": world.person("dele") })).await;
        for (q, mark) in [("koala", "Archived"), ("dele", "Left")] {
            let hits = find(&world, &world.actor("mara").await, q).await.hits;
            assert!(hits.iter().any(|hit| hit.mark == mark), "{hits:?}");
        }
    }
}

#[tokio::test]
async fn a_repository_is_found_by_its_name_and_address_but_by_no_guest() {
    for world in worlds().await {
        let input = json!({ "name": "Ledger", "location": "https://git.example/wombat/ledger.git" });
        let added = done(&world, "joana", "repository.add", input).await;
        for q in ["ledger is:repository", "wombat"] {
            assert_eq!(titles(&world, "mara", q).await, ["Ledger"], "{q}");
            assert!(titles(&world, "grace", q).await.is_empty(), "{q}");
        }
        done(&world, "joana", "repository.edit", json!({ "repository": added["id"], "name": "Wallaby" })).await;
        assert_eq!(titles(&world, "mara", "wallaby").await, ["Wallaby"]);
    }
}

#[tokio::test]
async fn a_guest_finds_themselves_and_another_workspace_nothing() {
    for world in worlds().await {
        let neighbour = world.neighbour().await.owner;
        world.drain().await;
        for q in ["is:person", "is:team", "grace", "mara", "payments", "zielnski", "a", "e", "team:payments", "by:mara"]
        {
            let found = titles(&world, "grace", q).await;
            assert!(found.iter().all(|title| title == "Grace Mwangi"), "{q}: {found:?}");
            let found: Vec<String> = find(&world, &neighbour, q).await.hits.iter().map(title).collect();
            assert!(found.iter().all(|title| title == "Noor Next-Door"), "{q}: {found:?}");
        }
        assert_eq!(titles(&world, "grace", "gra").await, ["Grace Mwangi"]);
    }
}

/// Everyone's roles and both of their sides; what is found can be opened.
#[tokio::test]
async fn what_is_found_can_be_opened() {
    for world in worlds().await {
        for who in ["grace", "priya", "mara", "joana", "farah"] {
            let actor = world.actor(who).await;
            for q in ["a", "e", "m", "pa", "engineer", "is:person", "is:team", "the", "lisbon"] {
                let input = FindRecords { q: q.into(), limit: Some(100) };
                for hit in world.call(&actor, input).await.unwrap().hits {
                    let field = match hit.kind.as_str() {
                        "onboarding" => "plan",
                        "sprint_review" => "review",
                        kind => kind,
                    };
                    let record = json!({ field: hit.id });
                    let verb = if hit.kind == "comment" { "history" } else { "show" };
                    let shown = world.ask(&actor, &format!("{}.{verb}", hit.kind), record).await;
                    assert!(shown.is_ok(), "{who} found {:?} and cannot open it", Reference::to(&hit.kind, &hit.id));
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_breaks_it() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let handle = tokio::runtime::Handle::current();
        let ask = |q: &str| {
            let answer = tokio::task::block_in_place(|| {
                handle.block_on(world.call(&mara, FindRecords { q: q.into(), limit: Some(5) }))
            });
            assert!(matches!(answer, Ok(_) | Err(Error::Invalid(_))), "{q:?}: {answer:?}");
        };
        for q in [
            "\"",
            "\"\"",
            "-",
            "--",
            "-\"",
            "*",
            "a*",
            "a AND b",
            "NOT a",
            "a OR",
            "NEAR(a b)",
            "tokens:a",
            "^a",
            "(",
            ")",
            "'",
            "''",
            "a'b",
            "\\",
            "a:*",
            "a & !b",
            "a <-> b",
            "\0",
            "a\0b",
            "by:\0",
            "team:'",
            "by:%",
            "by:\"",
            "👍",
            "é",
            "İ",
            "ß",
            "日本語",
            "ﷺ",
            "_",
            "=",
            "=all",
            "_payments",
            "{a}",
            "$1",
            "?1",
            ";",
            "is:person\u{202e}",
        ] {
            ask(q);
        }
        ask(&"x".repeat(400));
        ask(&"x".repeat(401));
        ask(&"x ".repeat(200));
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() });
        let pieces =
            prop::collection::vec("(is:|by:|team:|before:|in:|-|\")?[a-zé\"'*&|!():0-9 ]{0,6}|\\PC{0,8}", 0..6);
        runner
            .run(&pieces, |pieces| {
                ask(&pieces.join(" "));
                Ok(())
            })
            .unwrap();
    }
}

#[tokio::test]
async fn the_search_can_be_made_anew() {
    for world in worlds().await {
        let before = titles(&world, "mara", "is:team").await;
        world.ask(&world.system(), "search.rebuild", json!({})).await.unwrap();
        let begun = world.ask(&world.system(), "search.state", json!({})).await.unwrap();
        assert!(begun["unread_kinds"].as_i64().unwrap() > 0 && begun["built_at"].is_null(), "{begun}");
        world.drain().await;
        let done = world.ask(&world.system(), "search.state", json!({})).await.unwrap();
        assert_eq!((&done["unread_kinds"], &done["behind"]), (&json!(0), &json!(0)));
        assert_eq!(done["built_at"], "2026-03-17T12:00:00Z");
        assert!(done["records"].as_i64().unwrap() > 50, "{done}");
        assert_eq!(titles(&world, "mara", "is:team").await, before);
        let refused = world.ask(&world.actor("mara").await, "search.rebuild", json!({})).await;
        assert!(matches!(refused, Err(Error::Forbidden)));
        assert!(world.actor("joana").await.is(Role::Admin));
    }
}

#[tokio::test]
async fn the_page_and_the_palette_show_what_the_api_finds() {
    for world in worlds().await {
        let world = world.as_demonstration();
        let mut mara = world.client().eyes(world.person("mara"));
        let page = mara.get("/search?q=lindqv").await.text();
        assert!(page.contains("<h2>People</h2>") && page.contains("<mark>Lindqvist</mark>"), "{page}");
        assert!(mara.get("/search?q=pay").await.text().contains(&format!("/teams/{}", world.team("payments"))));
        assert!(mara.get("/search?q=%3Cxyzzy%3E").await.text().contains("Nothing fits “&lt;xyzzy&gt;”"));
        assert!(mara.get("/search?q=is:cat").await.text().contains("`is:cat` means nothing"));
        assert!(mara.get("/search").await.text().contains("What you can type"));
        let typed = mara.get("/search.json?q=lindqv").await;
        assert_eq!(typed.header("cache-control"), Some("no-store"));
        assert_eq!(typed.json()["records"][0]["href"], format!("/people/{}", world.person("mara")));
        assert!(mara.get("/search.json?q=is:cat").await.json()["hint"].as_str().unwrap().contains("`is:person`"));
        let typing = mara.get("/search.json?q=is:").await.json();
        assert!(typing["hint"] == "" || typing["hint"].is_null(), "it is still being typed: {typing}");
        assert_eq!(typing["proposals"][0]["q"], "is:person ");
        assert!(mara.get("/search?q=is:").await.text().contains("/search?q=is%3Aperson+"));
    }
}

#[tokio::test]
async fn a_character_that_no_text_can_hold_is_refused_and_breaks_nothing() {
    for world in worlds().await {
        let mut mara = world.browser("mara").await;
        for path in [
            "/people?q=%00",
            "/search?q=%00",
            "/search.json?q=by:%00",
            "/teams/%00",
            "/comments/%00",
            "/conversation/names.json?q=%00",
        ] {
            let status = mara.get(path).await.status;
            assert!(!status.is_server_error(), "{path}: {status}");
        }
        let actor = world.actor("mara").await;
        for kind in ["team", "leave", "issue", "ask"] {
            let input = json!({ "kind": kind, "record": "a\u{0}b" });
            let answer = world.ask(&actor, "comment.list", input).await;
            assert!(matches!(answer, Err(Error::NotFound | Error::Invalid(_))), "{kind}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn a_filter_is_completed_with_what_the_reader_may_see() {
    for world in worlds().await {
        let proposed = async |who: &str, q: &str| {
            let found = done(&world, who, "search.complete", json!({ "q": q })).await;
            let all: Vec<String> = serde_json::from_value::<Vec<Json>>(found)
                .unwrap()
                .iter()
                .map(|one| one["q"].as_str().unwrap().to_owned())
                .collect();
            all
        };
        assert_eq!(proposed("mara", "budget te").await, ["budget team:"]);
        assert_eq!(proposed("mara", "budget team:pay").await, ["budget team:payments "]);
        assert!(proposed("mara", "by:tomasz").await.contains(&"by:\"tomasz zieliński\" ".to_owned()));
        assert!(proposed("mara", "by:m").await.contains(&"by:me ".to_owned()));
        assert!(proposed("mara", "is:").await.len() >= 5);
        assert_eq!(proposed("mara", "after:2026-03").await, ["after:2026-03-17 "]);
        for q in ["", "b", "\"team:p", "-is:", "team:\u{202e}", "wrote:x", &"x".repeat(5000)] {
            assert!(proposed("mara", q).await.is_empty(), "{q}");
        }
        for q in ["by:tomasz", "team:pay", "team:"] {
            assert!(proposed("grace", q).await.is_empty(), "a guest sees neither: {q}");
        }
        assert_eq!(proposed("grace", "by:%").await, ["by:\"grace mwangi\" "], "a guest sees themselves");
        for q in proposed("mara", "is:").await {
            assert!(
                world.call(&world.actor("mara").await, FindRecords { q: q.clone(), limit: None }).await.is_ok(),
                "{q}"
            );
        }
    }
}
