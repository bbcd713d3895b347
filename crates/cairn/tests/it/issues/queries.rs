//! The query language on both engines: every field, every operator, orders, pages, and the command.
use super::{asked, issue, state};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

/// Nine issues of payments whose titles begin with a word of their own.
async fn ground(world: &World) {
    let team = world.team("payments");
    for (name, on) in [("urgency", json!(team)), ("Two words", Json::Null)] {
        asked(world, "tomasz", "label.add", json!({ "name": name, "team": on })).await;
    }
    let labels = asked(world, "tomasz", "label.list", json!({ "team": team })).await;
    let label = |name: &str| labels.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].clone();
    at(world, "2026-03-10T12:00:00Z");
    let old = issue(world, json!({ "title": "Quoll old", "priority": "low", "estimate": 8 })).await;
    let sprint = asked(world, "tomasz", "sprint.plan", json!({ "team": team, "name": "Quoll time" })).await;
    asked(world, "tomasz", "issue.edit", json!({ "issue": old["id"], "sprint": sprint["id"] })).await;
    at(world, "2026-03-16T12:00:00Z");
    let made = [
        json!({ "title": "Quoll 100%_done", "assignee": world.person("priya"), "priority": "urgent", "due_on": "2026-03-17" }),
        json!({ "title": "Quoll labelled", "labels": [label("urgency")], "due_on": "2026-03-20", "estimate": 3 }),
        json!({ "title": "Quoll both", "labels": [label("urgency"), label("Two words")], "assignee": world.person("tomasz") }),
        json!({ "title": "Quoll below", "parent": old["id"], "estimate": 0.5, "due_on": "2026-03-30" }),
    ];
    for input in made {
        issue(world, input).await;
    }
    let blocked = issue(world, json!({ "title": "Quoll blocked" })).await;
    let relate = json!({ "issue": blocked["id"], "direction": "blocked_by", "other": old["id"] });
    asked(world, "tomasz", "issue.relate", relate).await;
    for (title, name) in [("Quoll begun", "In progress"), ("Quoll done", "Done"), ("Quoll reviewed", "In review")] {
        let made = issue(world, json!({ "title": title })).await;
        at(world, "2026-03-16T18:00:00Z");
        asked(world, "tomasz", "issue.edit", json!({ "issue": made["id"], "state": state(world, name).await })).await;
    }
    at(world, "2026-03-17T12:00:00Z");
}

fn at(world: &World, at: &str) {
    world.clock.set(at.parse::<jiff::Timestamp>().unwrap().into());
}

/// The second words of the titles that a query finds.
async fn found(world: &World, q: &str) -> Vec<String> {
    let page = asked(world, "tomasz", "issue.list", json!({ "q": format!("quoll {q}"), "limit": 200 })).await;
    let title = |one: &Json| one["title"].as_str().unwrap().trim_start_matches("Quoll ").to_owned();
    let mut titles: Vec<String> = page["issues"].as_array().unwrap().iter().map(title).collect();
    if !q.contains("sort:") {
        titles.sort();
    }
    titles
}

const ALL: [&str; 9] = ["100%_done", "begun", "below", "blocked", "both", "done", "labelled", "old", "reviewed"];

#[tokio::test]
async fn every_field_and_operator_finds_what_it_says() {
    let cases: &[(&str, &[&str])] = &[
        ("", &ALL),
        ("-labelled", &["100%_done", "begun", "below", "blocked", "both", "done", "old", "reviewed"]),
        ("\"quoll b\"", &["begun", "below", "blocked", "both"]),
        ("100%", &["100%_done"]),
        ("_", &["100%_done"]),
        ("team:payments", &ALL),
        ("team:PAY", &ALL),
        ("team:ledger", &[]),
        ("-team:ledger", &ALL),
        ("state:done", &["done"]),
        ("state:started", &["begun", "reviewed"]),
        ("state:review", &["reviewed"]),
        ("state:\"In review\",done", &["done", "reviewed"]),
        ("-state:backlog,done", &["begun", "reviewed"]),
        ("state:started state:review", &["reviewed"]),
        ("state:started,done", &["begun", "done", "reviewed"]),
        ("state:started is:finished", &[]),
        ("state:started sort:updated label:none old", &[]),
        ("assignee:me", &["both"]),
        ("assignee:priya,me", &["100%_done", "both"]),
        ("assignee:priya,me sort:priority", &["100%_done", "both"]),
        ("assignee:priya,none is:open estimate:none", &["100%_done", "begun", "blocked", "reviewed"]),
        ("assignee:me is:finished", &[]),
        ("assignee:priya@northwind.example", &["100%_done"]),
        ("-assignee:none", &["100%_done", "both"]),
        ("assignee:none -state:backlog", &["begun", "done", "reviewed"]),
        ("creator:me", &ALL),
        ("-creator:me", &[]),
        ("label:urgency", &["both", "labelled"]),
        ("label:urgency label:\"Two words\"", &["both"]),
        ("label:urgency -label:\"two words\"", &["labelled"]),
        ("-label:none", &["both", "labelled"]),
        ("label:none state:started", &["begun", "reviewed"]),
        ("priority:urgent,low", &["100%_done", "old"]),
        ("-priority:none", &["100%_done", "old"]),
        ("estimate:3", &["labelled"]),
        ("estimate:M,8", &["labelled", "old"]),
        ("estimate:>=3", &["labelled", "old"]),
        ("estimate:<3", &["below"]),
        ("estimate:>0.5 estimate:<=3", &["labelled"]),
        ("-estimate:>3", &["below", "labelled"]),
        ("-estimate:none", &["below", "labelled", "old"]),
        ("estimate:none priority:urgent", &["100%_done"]),
        ("due:today", &["100%_done"]),
        ("due:<5d", &["100%_done", "labelled"]),
        ("due:>2026-03-17", &["below", "labelled"]),
        ("due:>=2026-03-17", &["100%_done", "below", "labelled"]),
        ("due:<today", &[]),
        ("due:none priority:low", &["old"]),
        ("-due:none", &["100%_done", "below", "labelled"]),
        ("created:<2d -state:backlog", &["begun", "done", "reviewed"]),
        ("created:>5d", &["old"]),
        ("created:2026-03-10", &["old"]),
        ("created:<2026-03-11", &["old"]),
        ("created:>=2026-03-11 estimate:>0", &["below", "labelled"]),
        ("updated:<20h", &["begun", "done", "reviewed"]),
        ("-updated:<20h estimate:>0", &["below", "labelled", "old"]),
        ("started:yesterday", &["begun", "done", "reviewed"]),
        ("started:none priority:low", &["old"]),
        ("finished:<1d", &["done"]),
        ("-finished:none", &["done"]),
        ("finished:none -state:backlog", &["begun", "reviewed"]),
        ("is:finished", &["done"]),
        ("is:open estimate:>0", &["below", "labelled", "old"]),
        ("-is:open", &["done"]),
        ("parent:none estimate:>0", &["labelled", "old"]),
        ("-parent:none", &["below"]),
        ("sprint:next", &["old"]),
        ("sprint:next assignee:none team:payments sort:updated", &["old"]),
        ("sprint:next team:ledger", &[]),
        ("sprint:\"quoll time\"", &["old"]),
        ("-sprint:none", &["old"]),
        ("sprint:none priority:urgent", &["100%_done"]),
        ("sprint:current", &[]),
        ("blocked:yes", &["blocked"]),
        ("blocked:no estimate:>0", &["below", "labelled", "old"]),
        ("-blocked:yes -state:backlog", &["begun", "done", "reviewed"]),
        ("time-in(backlog):>5d", &["old"]),
        ("time-in(review)>17h", &["reviewed"]),
        ("time-in(review,\"in progress\"):>=18h", &["begun", "reviewed"]),
        ("-time-in(backlog):<=5d", &["old"]),
        ("(state:done or estimate:>0)", &["below", "done", "labelled", "old"]),
        ("(estimate:>0 or priority:low)", &["below", "labelled", "old"]),
        ("(state:started OR state:done) -started", &["begun", "done", "reviewed"]),
        ("(priority:urgent or estimate:3) due:<5d", &["100%_done", "labelled"]),
        ("-(state:backlog or state:done)", &["begun", "reviewed"]),
        ("-(state:started -\"in review\") -state:backlog", &["done"]),
        ("(priority:low or estimate:3) sort:created", &["labelled", "old"]),
        ("(priority:low or due:today or priority:urgent) sort:priority", &["100%_done", "old"]),
        ("(label:urgency or estimate:0.5 or blocked:yes) sort:rank", &["labelled", "both", "below", "blocked"]),
        ("(due:<5d or estimate:0.5) sort:due", &["100%_done", "labelled", "below"]),
        ("-priority:none sort:created", &["100%_done", "old"]),
        ("-priority:none sort:priority", &["100%_done", "old"]),
        ("-due:none sort:due", &["100%_done", "labelled", "below"]),
        ("-estimate:none sort:rank", &["old", "labelled", "below"]),
        ("team:payments -priority:none sort:updated", &["100%_done", "old"]),
    ];
    for world in worlds().await {
        ground(&world).await;
        for (q, expected) in cases {
            assert_eq!(&found(&world, q).await, expected, "{q} on {}", world.url);
        }
    }
}

#[tokio::test]
async fn a_query_that_cannot_be_meant_says_where() {
    let cases = [
        ("state:reveiw", 7, "Did you mean “In review”?"),
        ("is:open team:paymnets", 14, "Did you mean “Payments”?"),
        ("assignee:nemo", 10, "Nobody here is called “nemo”."),
        ("label:none,x", 7, "stands alone"),
        ("sprint:Sprnt", 8, "Did you mean “Sprint"),
        ("parent:PAY-99999", 8, "There is no issue `PAY-99999`."),
        ("priority:hihg", 10, "Did you mean `high`?"),
        ("-created:today", 10, "compare"),
    ];
    for world in worlds().await {
        let actor = world.actor("tomasz").await;
        for (q, place, part) in cases {
            let refused = world.ask(&actor, "issue.list", json!({ "q": q })).await;
            let Err(Error::Invalid(flaws)) = refused else { panic!("{q}: {refused:?}") };
            let sentence = &flaws[0].sentence;
            assert!(
                sentence.starts_with(&format!("At character {place}:")) && sentence.contains(part),
                "{q}: {sentence}"
            );
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_in_every_order() {
    for world in worlds().await {
        ground(&world).await;
        for sort in ["rank", "updated", "created", "priority", "due"] {
            let or = "quoll (is:open or estimate:>0 or is:finished)";
            for q in
                [format!("quoll sort:{sort}"), format!("quoll team:payments sort:{sort}"), format!("{or} sort:{sort}")]
            {
                let whole = asked(&world, "tomasz", "issue.list", json!({ "q": q })).await;
                let ids = |page: &Json| -> Vec<Json> {
                    page["issues"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
                };
                let (mut all, mut after) = (Vec::new(), Json::Null);
                loop {
                    let page =
                        asked(&world, "tomasz", "issue.list", json!({ "q": q, "after": after, "limit": 2 })).await;
                    all.extend(ids(&page));
                    after = page["next"].clone();
                    if after.is_null() {
                        break;
                    }
                }
                assert_eq!(all, ids(&whole), "{q}");
            }
        }
    }
}

#[tokio::test]
async fn the_filter_of_a_page_shows_what_is_wrong_and_what_could_stand_there() {
    for world in worlds().await {
        ground(&world).await;
        let mut browser = world.browser("priya").await;
        let wrong = browser.get("/issues?q=stat:done").await;
        assert!(wrong.status == 200 && wrong.text().contains("At character 1: There is no field `stat`."));
        let right = browser.get(&format!("/teams/{}/issues?q=quoll+state:done", world.team("payments"))).await.text();
        assert!(right.contains("Quoll done") && !right.contains("Quoll old"), "{right}");
        let complete = async |q: &str| {
            let answer = asked(&world, "priya", "issue.complete_query", json!({ "q": q })).await;
            let texts = answer["proposals"].as_array().unwrap().iter().map(|one| one["text"].clone());
            texts.collect::<Vec<_>>()
        };
        assert_eq!(complete("is:open sta").await, ["state:", "started:"]);
        assert_eq!(complete("team:pay").await, ["Payments"]);
        assert_eq!(complete("(is:open o").await, ["or"]);
        let scoped = format!("/teams/{}/issues?q=quoll+or+is:finished", world.team("ledger"));
        let scoped = browser.get(&scoped).await.text();
        assert!(!scoped.contains("Quoll"), "a team's page shows no issue of another team: {scoped}");
        let either = format!("/teams/{}/board?q=quoll+estimate:%3E0+or+quoll+is:open", world.team("payments"));
        let either = browser.get(&either).await.text();
        assert!(
            either.contains("Backlog, 6") && either.contains("In progress, 1"),
            "each card is counted once: {either}"
        );
        assert_eq!(complete("-priority:none,u").await, ["urgent"]);
        assert_eq!(complete("time-in(rev").await, ["\"In review\""]);
        assert!(complete("assignee:pri").await.contains(&json!("\"Priya Kulkarni\"")));
    }
}
