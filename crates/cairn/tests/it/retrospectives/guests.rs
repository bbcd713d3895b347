//! Guests by link: they take part in one board, see nothing else, and a link that has ended is one that never was.
use super::{anonymity::Log, ask, at_their_desk, done, move_on, shown, write};
use crate::events::recorded;
use kernel::{Error, Json, Method, Result, json};
use std::{collections::BTreeSet, time::Duration};
use testkit::{Answer, Client, World, with_token, without_chance, worlds};

pub async fn open_board(world: &World, by: &str, anonymous: bool) -> Json {
    let start = json!({
        "team": world.team("payments"), "name": "Sprint 14", "format": "four_ls", "anonymous": anonymous, "guests": true,
        "votes_each": 3,
    });
    done(world, by, "retrospective.start", start).await["id"].clone()
}

pub fn place(board: &Json) -> String {
    format!("/guest-boards/{}", board.as_str().unwrap())
}

/// The path of a link that somebody makes.
pub async fn link(world: &World, by: &str, board: &Json) -> String {
    let made = done(world, by, "retrospective_link.make", json!({ "retrospective": board, "days": 7 })).await;
    let address = made["address"].as_str().unwrap();
    address[address.find("/guests/").expect("an address for guests")..].to_owned()
}

/// Somebody without an account who has come in.
pub async fn guest(world: &World, link: &str, board: &Json, name: &str) -> Client {
    let mut browser = world.client();
    assert_eq!(browser.get(link).await.status, 303);
    let entered = browser.post(&format!("{}/name", place(board)), &[("name", name)]).await;
    assert_eq!(entered.status, 303, "{}", entered.text());
    browser
}

async fn sends(browser: &mut Client, board: &Json, path: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("{}/{path}", place(board)), fields).await
}

async fn sees(browser: &mut Client, board: &Json) -> String {
    browser.get(&place(board)).await.text()
}

async fn column(world: &World, board: &Json) -> String {
    shown(world, "mara", board).await["columns"][0]["id"].as_str().unwrap().to_owned()
}

fn id(json: &Json) -> &str {
    json.as_str().unwrap()
}

#[tokio::test]
async fn a_guest_takes_part_from_the_first_card_to_what_was_decided() {
    for world in worlds().await {
        let board = open_board(&world, "mara", false).await;
        let mut nell = guest(&world, &link(&world, "mara", &board).await, &board, "Nell Ackroyd").await;
        let column = column(&world, &board).await;
        write(&world, "tomasz", &board, 0, "Hidden for now").await;
        let card = [("column", column.as_str()), ("body", "Tell us sooner")];
        assert_eq!(sends(&mut nell, &board, "cards", &card).await.status, 303);
        let page = sees(&mut nell, &board).await;
        assert!(page.contains("Tell us sooner") && !page.contains("Hidden for now"), "{page}");
        assert_eq!(
            shown(&world, "tomasz", &board).await["cards"].as_array().unwrap().len(),
            1,
            "hers is hidden as well"
        );
        move_on(&world, &board, "collect").await;
        let view = shown(&world, "tomasz", &board).await;
        let hers = view["cards"].as_array().unwrap().iter().find(|card| card["body"] == "Tell us sooner").unwrap();
        assert_eq!((&hers["author_name"], &hers["author_id"]), (&json!("Nell Ackroyd (guest)"), &Json::Null));
        assert!(sees(&mut nell, &board).await.contains("Hidden for now"));
        move_on(&world, &board, "group").await;
        let topic = id(&hers["topic_id"]).to_owned();
        let votes = |count: &'static str| [("votes", count)];
        assert_eq!(sends(&mut nell, &board, &format!("topics/{topic}/votes"), &votes("3")).await.status, 303);
        assert_eq!(sends(&mut nell, &board, &format!("topics/{topic}/votes"), &votes("4")).await.status, 422);
        move_on(&world, &board, "vote").await;
        let view = shown(&world, "tomasz", &board).await;
        assert_eq!((&view["topics"][0]["id"], &view["votes"][0]["all"]), (&json!(topic), &json!(3)));
        discuss(&world, &board, &topic, &mut nell).await;
    }
}

#[tokio::test]
async fn whoever_opens_the_link_again_is_the_same_guest() {
    let world = worlds().await.remove(0);
    let board = open_board(&world, "mara", false).await;
    let (first, second) = (link(&world, "mara", &board).await, link(&world, "mara", &board).await);
    let mut nell = guest(&world, &first, &board, "Nell Ackroyd").await;
    let column = column(&world, &board).await;
    let card = [("column", column.as_str()), ("body", "Tell us sooner")];
    assert_eq!(sends(&mut nell, &board, "cards", &card).await.status, 303);
    for again in [&first, &second] {
        assert_eq!(nell.get(again).await.status, 303);
        let page = sees(&mut nell, &board).await;
        assert!(page.contains("Tell us sooner") && !page.contains("Your name"), "{page}");
    }
    let links = done(&world, "mara", "retrospective_link.list", json!({ "retrospective": board })).await;
    let ended = links["links"].as_array().unwrap();
    for one in ended {
        done(&world, "mara", "retrospective_link.end", json!({ "link": one["id"] })).await;
    }
    let third = link(&world, "mara", &board).await;
    assert_eq!(nell.get(&third).await.status, 303);
    assert!(sees(&mut nell, &board).await.contains("Your name"), "whose link has ended comes in anew");
}

async fn discuss(world: &World, board: &Json, topic: &str, nell: &mut Client) {
    let said = sends(nell, board, &format!("topics/{topic}/remarks"), &[("body", "We heard it on Friday")]).await;
    assert_eq!(said.status, 303);
    let page = world.browser("tomasz").await.get(&format!("/retrospective-topics/{topic}")).await.text();
    assert!(page.contains("We heard it on Friday") && page.contains("Nell Ackroyd (guest)"));
    let answer = json!({ "topic": topic, "body": "You hear on Monday from now on" });
    done(world, "tomasz", "retrospective_remark.add", answer).await;
    let comment = json!({ "kind": "retro_topic", "record": topic, "body": "Between us: they were right" });
    done(world, "ines", "comment.add", comment).await;
    let promise = json!({ "retrospective": board, "owner": world.person("leo"), "body": "Write to them on Monday" });
    done(world, "mara", "retrospective_action.add", promise).await;
    done(world, "mara", "retrospective_topic.conclude", json!({ "topic": topic, "outcome": "Mondays." })).await;
    for phase in ["discuss", "done"] {
        let page = sees(nell, board).await;
        assert!(page.contains("You hear on Monday from now on") && page.contains("Mondays."), "{phase}: {page}");
        assert!(!page.contains("Between us") && !page.contains("Write to them"), "{phase}: {page}");
        if phase == "discuss" {
            move_on(world, board, phase).await;
        }
    }
    assert_eq!(sends(nell, board, &format!("topics/{topic}/remarks"), &[("body", "Thanks")]).await.status, 422);
}

#[tokio::test]
async fn a_guest_gets_of_everything_else_what_a_stranger_gets() {
    let world = worlds().await.remove(0);
    let board = open_board(&world, "mara", false).await;
    let mut nell = guest(&world, &link(&world, "mara", &board).await, &board, "Nell Ackroyd").await;
    let other = open_board(&world, "mara", false).await;
    let mut stranger = world.client();
    let ground = crate::matrix::Ground::of(&world).await;
    let boards = [place(&other), format!("/retrospectives/{}", id(&board)), "/live?topics=person&proof=x".into()];
    for path in crate::matrix::addresses(&world, &ground, Method::Get).into_iter().chain(boards) {
        let (hers, theirs) = (nell.get(&path).await, stranger.get(&path).await);
        assert_eq!(hers.status, theirs.status, "GET {path}");
        assert_eq!(without_chance(&hers.text()), without_chance(&theirs.text()), "GET {path}");
    }
    for path in crate::matrix::addresses(&world, &ground, Method::Post) {
        let (hers, theirs) = (nell.post(&path, &[("name", "x")]).await, stranger.post(&path, &[("name", "x")]).await);
        assert_eq!(hers.status, theirs.status, "POST {path}");
    }
    for path in ["/api/v1/retrospectives", "/api/v1/people"] {
        assert_eq!(nell.get(path).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn a_link_that_is_over_answers_as_if_it_never_was() {
    for world in worlds().await {
        let never = gone(&mut world.client(), "/guests/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        for (how, by) in [("ended", "mara"), ("late", "mara"), ("elsewhere", "tomasz"), ("left", "mara")] {
            let board = open_board(&world, by, false).await;
            let link = link(&world, by, &board).await;
            let mut nell = guest(&world, &link, &board, "Nell").await;
            assert!(sees(&mut nell, &board).await.contains("You are here as Nell"));
            match how {
                "ended" => {
                    let links =
                        done(&world, "mara", "retrospective_link.list", json!({ "retrospective": board })).await;
                    let own = links["links"].as_array().unwrap().last().unwrap()["id"].clone();
                    done(&world, "mara", "retrospective_link.end", json!({ "link": own })).await;
                }
                "late" => world.clock.set(world.clock.now() + Duration::from_secs(7 * 24 * 3600)),
                "elsewhere" => {
                    let leave = json!({ "team": world.team("payments"), "person": world.person("tomasz") });
                    done(&world, "mara", "team.leave", leave).await;
                }
                _ => {
                    done(&world, "hanneke", "account.disable", json!({ "person": world.person("mara") })).await;
                }
            }
            assert_eq!(gone(&mut world.client(), &link).await, never, "{how}");
            assert_eq!(gone(&mut nell, &place(&board)).await, never, "{how}");
            let card = [("column", "x"), ("body", "Still here")];
            assert_eq!(sends(&mut nell, &board, "cards", &card).await.status, 404, "{how}");
        }
    }
}

/// What stands on a page that is not there.
async fn gone(browser: &mut Client, path: &str) -> String {
    let answer = browser.get(path).await;
    assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    without_chance(&answer.text())
}

#[tokio::test]
async fn a_board_without_names_keeps_nothing_of_a_guest_with_their_card() {
    for world in worlds().await {
        let board = open_board(&world, "mara", true).await;
        let mut nell = guest(&world, &link(&world, "mara", &board).await, &board, "Nell Ackroyd").await;
        let column = column(&world, &board).await;
        let (events, before) = (recorded(&world, "retro").await, rows(&world).await);
        let card = [("column", column.as_str()), ("body", "Tell us sooner")];
        assert_eq!(sends(&mut nell, &board, "cards", &card).await.status, 303);
        assert_eq!(recorded(&world, "retro").await, events, "a card is an event");
        let after = rows(&world).await;
        let changed: Vec<&String> = after.difference(&before).collect();
        assert!(changed.len() == 1 && changed[0].contains(id(&board)), "a card left a trace: {changed:?}");
        assert!(!sees(&mut nell, &board).await.contains("Nell"), "a name was kept that nobody asked for");
        move_on(&world, &board, "collect").await;
        let view = shown(&world, "tomasz", &board).await;
        assert_eq!(
            (&view["cards"][0]["body"], &view["cards"][0]["author_name"]),
            (&json!("Tell us sooner"), &Json::Null)
        );
    }
}

#[tokio::test]
async fn links_are_few_and_made_by_whoever_facilitates() {
    for world in worlds().await {
        let board = open_board(&world, "mara", false).await;
        let make = json!({ "retrospective": board, "days": 7 });
        for (who, found) in [("tomasz", "Forbidden"), ("joana", "NotFound"), ("grace", "NotFound")] {
            let answer = ask(&world, who, "retrospective_link.make", make.clone()).await;
            assert_eq!(named(answer), found, "{who}");
        }
        let token = with_token(&at_their_desk(&world, "mara").await, &["*:write"]);
        assert_eq!(named(world.ask(&token, "retrospective_link.make", make.clone()).await), "Forbidden");
        let closed = super::board(&world, "four_ls", false).await;
        let closed = json!({ "retrospective": closed, "days": 7 });
        assert_eq!(named(ask(&world, "mara", "retrospective_link.make", closed).await), "Conflict");
        let first = link(&world, "mara", &board).await;
        for _ in 1..5 {
            link(&world, "mara", &board).await;
        }
        assert_eq!(named(ask(&world, "mara", "retrospective_link.make", make).await), "Conflict");
        for number in 0..20 {
            guest(&world, &first, &board, &format!("Guest {number}")).await;
        }
        let mut late = world.client();
        late.get(&first).await;
        let refused = late.post(&format!("{}/name", place(&board)), &[("name", "Late")]).await;
        assert!(matches!(refused.status.as_u16(), 422 | 429), "{}", refused.status);
    }
}

/// Every row of every table.
async fn rows(world: &World) -> BTreeSet<String> {
    let log = Log::default();
    db::dump(&world.opened.db, Box::new(log.clone())).await.unwrap();
    log.text().lines().map(str::to_owned).collect()
}

fn named(answer: Result<Json>) -> &'static str {
    match answer {
        Err(Error::Forbidden) => "Forbidden",
        Err(Error::NotFound) => "NotFound",
        Err(Error::Conflict(_)) => "Conflict",
        _ => "another",
    }
}

#[tokio::test]
async fn the_secret_of_a_link_is_in_no_page_log_or_row() {
    let world = worlds().await.remove(0);
    let board = open_board(&world, "mara", false).await;
    let link = link(&world, "mara", &board).await;
    let secret = link.trim_start_matches("/guests/").to_owned();
    let mut browser = world.client();
    let answer = browser.get(&link).await;
    assert_eq!(answer.header("location"), Some(place(&board).as_str()));
    let door = browser.get(&place(&board)).await;
    assert!(!door.text().contains(&secret), "the page of the door holds the secret");
    let member = world.browser("tomasz").await.get(&link).await;
    assert_eq!(
        member.header("location"),
        Some(format!("/retrospectives/{}", id(&board)).as_str()),
        "who is on it anyway"
    );
    assert!(!String::from_utf8_lossy(&world.bytes().await).contains(&secret), "the database holds the secret");
}
