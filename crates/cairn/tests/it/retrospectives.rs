//! Retrospectives: phases move on by themselves, cards are hidden until all are there, and a board without names has none.
mod agreements;
mod anonymity;
mod guest_stream;
mod guests;
mod result;

use kernel::{Actor, Error, Json, Result, json};
use testkit::{World, with_token, worlds};

/// Somebody with a session, as cards are written from one only.
pub async fn at_their_desk(world: &World, who: &str) -> Actor {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    Actor { session, ..world.actor(who).await }
}

pub async fn ask(world: &World, who: &str, operation: &str, input: Json) -> Result<Json> {
    world.ask(&at_their_desk(world, who).await, operation, input).await
}

pub async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    ask(world, who, operation, input).await.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

/// A board of payments.
pub async fn board(world: &World, format: &str, anonymous: bool) -> Json {
    let start = json!({
        "team": world.team("payments"), "name": "Sprint 14", "format": format, "anonymous": anonymous, "votes_each": 3,
        "hours": 4,
    });
    done(world, "mara", "retrospective.start", start).await["id"].clone()
}

pub async fn shown(world: &World, who: &str, board: &Json) -> Json {
    done(world, who, "retrospective.show", json!({ "retrospective": board })).await
}

pub async fn write(world: &World, who: &str, board: &Json, at: usize, body: &str) {
    let column = shown(world, who, board).await["columns"][at]["id"].clone();
    let card = json!({ "retrospective": board, "column": column, "body": body });
    done(world, who, "retrospective_card.add", card).await;
}

pub async fn move_on(world: &World, board: &Json, phase: &str) {
    done(world, "mara", "retrospective.move_on", json!({ "retrospective": board, "phase": phase })).await;
}

fn bodies(view: &Json) -> Vec<&str> {
    view["cards"].as_array().unwrap().iter().map(|card| card["body"].as_str().unwrap()).collect()
}

fn card(view: &Json, body: &str) -> Json {
    view["cards"].as_array().unwrap().iter().find(|card| card["body"] == body).unwrap().clone()
}

/// A board with three cards, two of them in one topic, at the vote; and that topic.
async fn grouped(world: &World) -> (Json, Json) {
    let id = board(world, "start_stop_continue", false).await;
    for (who, at, body) in
        [("tomasz", 0, "Pair on reviews"), ("ines", 1, "Meetings at night"), ("leo", 1, "Calls after dark")]
    {
        write(world, who, &id, at, body).await;
    }
    move_on(world, &id, "collect").await;
    let view = shown(world, "tomasz", &id).await;
    let night = card(&view, "Meetings at night")["topic_id"].clone();
    let join = json!({ "card": card(&view, "Calls after dark")["id"], "topic": night });
    done(world, "ines", "retrospective_card.join", join).await;
    assert_eq!(shown(world, "leo", &id).await["topics"].as_array().unwrap().len(), 2);
    let early = ask(world, "leo", "retrospective_topic.vote", json!({ "topic": night, "votes": 1 })).await;
    assert!(matches!(early, Err(Error::Conflict(_))), "{early:?}");
    move_on(world, &id, "group").await;
    (id, night)
}

#[tokio::test]
async fn cards_of_others_are_hidden_until_the_phase_has_ended_by_itself() {
    for world in worlds().await {
        let id = board(&world, "start_stop_continue", false).await;
        write(&world, "tomasz", &id, 0, "Pair on reviews").await;
        write(&world, "ines", &id, 1, "Meetings at night").await;
        assert_eq!(bodies(&shown(&world, "tomasz", &id).await), ["Pair on reviews"], "others are hidden");
        let view = shown(&world, "mara", &id).await;
        assert!(view["cards"].as_array().unwrap().is_empty(), "the lead sees no more than others");
        let ends = view["retrospective"]["phase_ends_at"].as_str().unwrap().to_owned();
        world.pass_to(&ends).await;
        world.pass_to(&ends).await;
        let view = shown(&world, "tomasz", &id).await;
        assert_eq!(view["retrospective"]["phase"], "group");
        assert_eq!((bodies(&view).len(), view["topics"].as_array().unwrap().len()), (2, 2));
    }
}

#[tokio::test]
async fn each_has_their_votes_and_the_sums_are_shown_at_the_end() {
    for world in worlds().await {
        let (id, night) = grouped(&world).await;
        done(&world, "leo", "retrospective_topic.vote", json!({ "topic": night, "votes": 2 })).await;
        done(&world, "ines", "retrospective_topic.vote", json!({ "topic": night, "votes": 3 })).await;
        let other = card(&shown(&world, "ines", &id).await, "Pair on reviews")["topic_id"].clone();
        let many = ask(&world, "ines", "retrospective_topic.vote", json!({ "topic": other, "votes": 1 })).await;
        assert!(matches!(many, Err(Error::Invalid(_))), "three votes are three");
        let votes = shown(&world, "leo", &id).await["votes"].to_string();
        assert!(votes.contains("\"own\":2") && votes.contains("\"all\":null"), "{votes}");
        move_on(&world, &id, "vote").await;
        let view = shown(&world, "tomasz", &id).await;
        assert_eq!((&view["topics"][0]["id"], &view["votes"][0]["all"]), (&night, &json!(5)));
    }
}

#[tokio::test]
async fn what_came_of_a_board_is_asked_for_and_opens_the_next() {
    for world in worlds().await {
        let (id, night) = grouped(&world).await;
        move_on(&world, &id, "vote").await;
        let decided = json!({ "topic": night, "outcome": "No calls after 18:00 of anybody." });
        done(&world, "ines", "retrospective_topic.conclude", decided).await;
        let promise = |who: &str, body: &str| json!({ "retrospective": id, "owner": world.person(who), "body": body });
        let action = done(&world, "mara", "retrospective_action.add", promise("tomasz", "Move the weekly")).await;
        let released = done(&world, "mara", "retrospective_action.add", promise("leo", "Write it down")).await;
        let release = json!({ "action": released["id"], "state": "released" });
        done(&world, "leo", "retrospective_action.end", release).await;
        move_on(&world, &id, "discuss").await;
        let page = world.browser("ines").await.get(&format!("/retrospectives/{}", id.as_str().unwrap())).await.text();
        assert!(page.contains("No calls after 18:00") && page.contains("Move the weekly"));

        world.clock.set(world.clock.now() + std::time::Duration::from_secs(3600));
        let next = board(&world, "four_ls", false).await;
        let before = shown(&world, "leo", &next).await["before"].clone();
        assert_eq!((before.as_array().unwrap().len(), &before[0]["id"]), (1, &action["id"]));
        world.drain().await;
        let owed = done(&world, "tomasz", "ask.list", json!({ "pile": "owe" })).await;
        let asks = owed["asks"].as_array().unwrap();
        let asked = asks.iter().find(|ask| ask["subject"] == "Sprint 14: Move the weekly").unwrap()["id"].clone();
        done(&world, "tomasz", "ask.finish", json!({ "asks": [asked], "outcome": "Moved." })).await;
        world.drain().await;
        assert_eq!(shown(&world, "leo", &next).await["before"], json!([]), "an answer keeps it");
    }
}

#[tokio::test]
async fn a_phase_leaves_everyone_the_same_time_in_their_own_hours() {
    for world in worlds().await {
        let id = board(&world, "sailboat", false).await;
        let ends = shown(&world, "mara", &id).await["retrospective"]["phase_ends_at"].clone();
        let ends: jiff::Timestamp = ends.as_str().unwrap().parse().unwrap();
        let hours = (kernel::Time::from(ends).0 - world.clock.now().0) / 3_600_000_000;
        assert!(hours >= 12, "from Lisbon to Tokyo nobody has four hours sooner: {hours}");
        let wrong = json!({ "team": world.team("payments"), "name": "x", "format": "health", "anonymous": true });
        assert!(matches!(ask(&world, "mara", "retrospective.start", wrong).await, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn a_health_check_shows_means_of_three_and_their_course() {
    for world in worlds().await {
        let mut seen = Vec::new();
        for (ratings, phase) in [([2, 2, 3], "group"), ([4, 5, 4], "group")] {
            let id = board(&world, "health", false).await;
            let columns = shown(&world, "mara", &id).await["columns"].clone();
            for (who, rating) in ["tomasz", "ines", "leo"].into_iter().zip(ratings) {
                let rate = json!({ "column": columns[0]["id"], "rating": rating });
                done(&world, who, "retrospective_column.rate", rate).await;
            }
            done(&world, "ines", "retrospective_column.rate", json!({ "column": columns[1]["id"], "rating": 1 })).await;
            let own = shown(&world, "mara", &id).await;
            assert_eq!((&own["own_ratings"], own["means"].as_array().unwrap().len()), (&json!([]), seen.len()));
            move_on(&world, &id, "collect").await;
            let view = shown(&world, "mara", &id).await;
            assert_eq!(view["retrospective"]["phase"], phase);
            seen = view["means"].as_array().unwrap().iter().map(|mean| mean["hundredths"].as_i64().unwrap()).collect();
            assert!(!view.to_string().contains("\"people\":1"), "the rating of one is nobody's to see");
            world.clock.set(world.clock.now() + std::time::Duration::from_secs(3600));
        }
        assert_eq!(seen, [233, 433], "the course of the sentence that three rated");
    }
}

#[tokio::test]
async fn nobody_outside_of_the_team_reaches_a_board() {
    for world in worlds().await {
        let id = board(&world, "four_ls", false).await;
        write(&world, "tomasz", &id, 0, "zwiebelkuchen").await;
        for phase in ["collect", "group", "vote"] {
            move_on(&world, &id, phase).await;
        }
        let view = shown(&world, "tomasz", &id).await;
        let (card, topic) = (&view["cards"][0]["id"], &view["topics"][0]["id"]);
        for who in ["joana", "wanjiru", "camila", "farah", "grace"] {
            let actor = at_their_desk(&world, who).await;
            for actor in [actor.clone(), with_token(&actor, &["*:write"])] {
                for (operation, input) in [
                    ("retrospective.show", json!({ "retrospective": id })),
                    ("retrospective_topic.show", json!({ "topic": topic })),
                    ("retrospective_topic.vote", json!({ "topic": topic, "votes": 1 })),
                    ("retrospective_card.join", json!({ "card": card })),
                    ("comment.list", json!({ "kind": "retro_topic", "record": topic })),
                ] {
                    let answer = world.ask(&actor, operation, input).await;
                    assert!(matches!(answer, Err(Error::NotFound)), "{operation} by {who}: {answer:?}");
                }
                let found = world.ask(&actor, "search.find", json!({ "q": "zwiebelkuchen" })).await.unwrap();
                assert_eq!(found["hits"], json!([]), "{who} finds it");
            }
            let mut browser = world.browser(who).await;
            for path in [
                format!("/retrospectives/{}", id.as_str().unwrap()),
                format!("/retrospective-topics/{}", topic.as_str().unwrap()),
            ] {
                assert_eq!(browser.get(&path).await.status, 404, "GET {path} by {who}");
            }
        }
        let said = json!({ "kind": "retro_topic", "record": topic, "body": "I agree." });
        done(&world, "ines", "comment.add", said).await;
        let page = world.browser("leo").await.get(&format!("/retrospective-topics/{}", topic.as_str().unwrap())).await;
        assert!(page.text().contains("I agree."));
    }
}
