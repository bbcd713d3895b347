//! Nobody but the two learns anything, not even that there is something to learn.
use super::{ask, done, point, shown, started};
use kernel::{Actor, Error, Json, Method, Operation, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use testkit::{World, with_token, worlds};

/// The manager's manager, an owner, an admin, a people partner, another report, a colleague, a guest.
const OTHERS: [&str; 8] = ["ngozi", "hanneke", "joana", "wanjiru", "priya", "leo", "camila", "grace"];

/// A page with one of everything; its id, a point and a promise.
async fn full(world: &World) -> [Json; 3] {
    let pair = started(world).await;
    let one = point(world, "tomasz", &pair, "zwiebelkuchen").await;
    done(world, "mara", "talking_point.reply", json!({ "point": one, "body": "zwiebelkuchen indeed" })).await;
    let notes = json!({ "one_on_one": pair, "body": "About zwiebelkuchen.", "version": 0 });
    done(world, "mara", "one_on_one.write_notes", notes).await;
    let promise = json!({ "one_on_one": pair, "owner": world.person("mara"), "body": "Bake zwiebelkuchen" });
    let promise = done(world, "mara", "promise.make", promise).await["id"].clone();
    world.drain().await;
    [pair, one, promise]
}

/// Every operation on a one-on-one and on what is in it.
fn every_door(world: &World, [pair, point, promise]: [&Json; 3]) -> Vec<(&'static str, Json)> {
    let on = |field: &str, id: &Json, more: Json| {
        let mut input = more;
        input[field] = id.clone();
        input
    };
    let owner = world.person("tomasz");
    vec![
        ("one_on_one.show", on("one_on_one", pair, json!({}))),
        ("one_on_one.prepare", on("one_on_one", pair, json!({}))),
        ("one_on_one.rhythm", on("one_on_one", pair, json!({}))),
        ("one_on_one.questions", on("one_on_one", pair, json!({}))),
        ("one_on_one.slots", on("one_on_one", pair, json!({}))),
        ("one_on_one.edit", on("one_on_one", pair, json!({ "cadence": "weekly" }))),
        ("one_on_one.move", on("one_on_one", pair, json!({ "starts_at": "2026-06-01T10:00:00Z" }))),
        ("one_on_one.hold", on("one_on_one", pair, json!({ "how": "called" }))),
        ("one_on_one.write_notes", on("one_on_one", pair, json!({ "body": "New.", "version": 1 }))),
        ("one_on_one.use_template", on("one_on_one", pair, json!({ "template": "growth" }))),
        ("one_on_one.end", on("one_on_one", pair, json!({}))),
        ("one_on_one.resume", on("one_on_one", pair, json!({}))),
        ("talking_point.add", on("one_on_one", pair, json!({ "body": "New." }))),
        ("talking_point.edit", on("point", point, json!({ "body": "New." }))),
        ("talking_point.reply", on("point", point, json!({ "body": "New." }))),
        ("talking_point.close", on("point", point, json!({}))),
        ("talking_point.drop", on("point", point, json!({ "reason": "Old." }))),
        ("talking_point.reopen", on("point", point, json!({}))),
        ("promise.make", on("one_on_one", pair, json!({ "owner": owner, "body": "New" }))),
        ("promise.keep", on("promise", promise, json!({}))),
        ("promise.release", on("promise", promise, json!({ "reason": "Old." }))),
        ("promise.reopen", on("promise", promise, json!({}))),
        ("comment.list", json!({ "kind": "one_on_one", "record": pair })),
        ("comment.list", json!({ "kind": "promise", "record": promise })),
    ]
}

#[tokio::test]
async fn nobody_else_reaches_it_by_any_door() {
    for world in worlds().await {
        let [pair, one, promise] = full(&world).await;
        for who in OTHERS {
            let actor = world.actor(who).await;
            for actor in [actor.clone(), with_token(&actor, &["*:write"])] {
                for (operation, input) in every_door(&world, [&pair, &one, &promise]) {
                    let answer = world.ask(&actor, operation, input).await;
                    assert!(matches!(answer, Err(Error::NotFound)), "{operation} by {who}: {answer:?}");
                }
                let list = world.ask(&actor, "one_on_one.list", json!({})).await.unwrap().to_string();
                assert!(!list.contains(pair.as_str().unwrap()), "{who} sees it in a list");
                let found = world.ask(&actor, "search.find", json!({ "q": "zwiebelkuchen" })).await.unwrap();
                assert_eq!((&found["hits"], &found["more"]), (&json!([]), &json!(false)), "{who} finds it");
            }
            let mut browser = world.browser(who).await;
            for path in [
                format!("/one-on-ones/{}", pair.as_str().unwrap()),
                format!("/one-on-ones/{}/past", pair.as_str().unwrap()),
                format!("/one-on-ones/{}/preparation", pair.as_str().unwrap()),
                format!("/one-on-ones/{}/settings", pair.as_str().unwrap()),
                format!("/one-on-ones/{}/date", pair.as_str().unwrap()),
                format!("/one-on-ones/{}/questions", pair.as_str().unwrap()),
                format!("/talking-points/{}", one.as_str().unwrap()),
                format!("/promises/{}", promise.as_str().unwrap()),
            ] {
                assert_eq!(browser.get(&path).await.status, 404, "GET {path} by {who}");
            }
            let about = json!({
                "to": [world.person("dele")], "verb": "read", "subject": "This", "about": { "kind": "one_on_one", "id": pair },
            });
            assert!(
                matches!(ask(&world, who, "ask.raise", about).await, Err(Error::NotFound)),
                "{who} can point at it"
            );
            let comment = json!({ "kind": "one_on_one", "record": pair, "body": "Hello" });
            assert!(
                matches!(ask(&world, who, "comment.add", comment).await, Err(Error::NotFound)),
                "{who} can comment"
            );
        }
        for who in ["mara", "tomasz"] {
            let found = ask(&world, who, "search.find", json!({ "q": "zwiebelkuchen" })).await.unwrap();
            assert!(!found["hits"].as_array().unwrap().is_empty(), "{who} finds their own page");
        }
    }
}

/// The data of all events about these records.
#[derive(Deserialize, JsonSchema)]
struct EventsOf {
    subjects: Vec<String>,
}

impl Operation for EventsOf {
    const NAME: &str = "test.events_of";
    const ROUTE: Route = Route(Method::Get, "/test/events_of");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> kernel::Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> kernel::Result<Vec<String>> {
        let select = sql!(
            "select data from events
              where workspace_id = $1 and subject in (select value from json_each(cast($2 as text)))"
        );
        tx.all(select, args![tx.workspace(), kernel::list(&self.subjects)]).await
    }
}

#[tokio::test]
async fn its_events_hold_nothing_and_its_live_topics_are_given_to_the_two_alone() {
    for world in worlds().await {
        let [pair, ..] = full(&world).await;
        let subjects = vec![pair.as_str().unwrap().to_owned()];
        let events = world.call(&world.system(), EventsOf { subjects }).await.unwrap();
        assert!(events.len() >= 5 && events.iter().all(|data| data == "{}"), "{events:?}");
        let page = world.browser("tomasz").await.get("/one-on-ones").await.text();
        assert!(page.contains(&format!("one-on-ones-{}", world.person("tomasz"))));
        assert!(!page.contains("topics=one_on_one"), "a page that hears of all one-on-ones would count them");
    }
}

#[tokio::test]
async fn a_new_manager_begins_a_page_of_their_own_and_the_old_one_stays_with_the_two() {
    for world in worlds().await {
        let [pair, ..] = full(&world).await;
        let line =
            json!({ "person": world.person("tomasz"), "manager": world.person("arjun"), "from_on": "2026-03-17" });
        done(&world, "wanjiru", "person.set_manager", line).await;
        let answer = ask(&world, "arjun", "one_on_one.show", json!({ "one_on_one": pair })).await;
        assert!(matches!(answer, Err(Error::NotFound)), "{answer:?}");
        let missing = done(&world, "arjun", "one_on_one.list", json!({})).await["missing"].to_string();
        assert!(missing.contains(world.person("tomasz").as_str()), "he is told that one is missing");
        for who in ["mara", "tomasz"] {
            assert_eq!(shown(&world, who, &pair).await["one_on_one"]["runs"], false, "{who} reads what was theirs");
        }
        let start = json!({ "person": world.person("tomasz"), "kind": "report" });
        let next = done(&world, "arjun", "one_on_one.start", start).await["id"].clone();
        assert_eq!(shown(&world, "tomasz", &next).await["points"], json!([]));
        let one = point(&world, "tomasz", &next, "rhabarberkuchen").await;
        let promise = json!({ "one_on_one": next, "owner": world.person("arjun"), "body": "Bake it" });
        let promise = done(&world, "arjun", "promise.make", promise).await["id"].clone();
        world.drain().await;
        for (operation, input) in every_door(&world, [&next, &one, &promise]) {
            let answer = ask(&world, "mara", operation, input).await;
            assert!(matches!(answer, Err(Error::NotFound)), "{operation} by the former manager: {answer:?}");
        }
        let list = done(&world, "mara", "one_on_one.list", json!({})).await.to_string();
        assert!(!list.contains(next.as_str().unwrap()), "the former manager sees it in a list");
        let found = done(&world, "mara", "search.find", json!({ "q": "rhabarberkuchen" })).await;
        assert_eq!(found["hits"], json!([]), "the former manager finds it");
        assert!(matches!(
            ask(&world, "mara", "one_on_one.show", json!({ "one_on_one": next })).await,
            Err(Error::NotFound)
        ));
    }
}
