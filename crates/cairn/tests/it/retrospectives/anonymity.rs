//! A board without names leaves none: not in its rows, their ids or order, not in events, answers to programs or logs.
use super::{board, done, move_on, shown, write};
use crate::events::recorded;
use kernel::{Actor, Error, Json, Method, Operation, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    fs,
    io::{self, Write},
    sync::{Arc, Mutex},
};
use testkit::{World, with_token, worlds};

const WRITERS: [&str; 3] = ["tomasz", "ines", "leo"];
const CARDS: usize = 18;

fn body(number: usize) -> String {
    format!("marmalade {number:02}")
}

/// Cards by turns, each minutes after the one before.
async fn full(world: &World) -> Json {
    let id = board(world, "sailboat", true).await;
    for number in 0..CARDS {
        world.clock.set(world.clock.now() + std::time::Duration::from_secs(97));
        write(world, WRITERS[number % 3], &id, number % 4, &body(number)).await;
    }
    id
}

/// The texts of cards in the order in which they lie in their table.
#[derive(Deserialize, JsonSchema)]
struct Lying {
    board: String,
}

impl Operation for Lying {
    const NAME: &str = "test.lying";
    const ROUTE: Route = Route(Method::Get, "/test/lying");
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
        let select = sql!("select body from retrospective_cards where workspace_id = $1 and retrospective_id = $2");
        tx.all(select, args![tx.workspace(), self.board]).await
    }
}

async fn cards(world: &World, id: &Json) -> Vec<Json> {
    shown(world, "mara", id).await["cards"].as_array().unwrap().clone()
}

/// How many pairs of these texts are in the order in which they were written.
fn in_order(bodies: &[String]) -> usize {
    let numbers: Vec<usize> = bodies.iter().map(|body| body[10..].parse().unwrap()).collect();
    let later =
        numbers.iter().enumerate().map(|(at, one)| numbers[at + 1..].iter().filter(|other| one < *other).count());
    later.sum()
}

fn bytes(world: &World) -> Option<Vec<u8>> {
    let path = world.url.strip_prefix("sqlite:").unwrap_or(&world.url).trim_start_matches("//");
    let main = fs::read(path).ok()?;
    Some([main, fs::read(format!("{path}-wal")).unwrap_or_default()].concat())
}

#[tokio::test]
async fn while_cards_are_collected_nothing_holds_their_words_and_nobody_is_shown_them() {
    for world in worlds().await {
        let id = full(&world).await;
        for who in WRITERS {
            assert!(cards(&world, &id).await.is_empty(), "{who} is shown a card");
            let page = world.browser(who).await.get(&format!("/retrospectives/{}", id.as_str().unwrap())).await;
            assert!(!page.text().contains("marmalade"));
        }
        world.drain().await;
        if let Some(bytes) = bytes(&world) {
            assert!(bytes.windows(9).any(|window| window == b"Sprint 14"), "these are the bytes of the database");
            assert!(!bytes.windows(9).any(|window| window == b"marmalade"), "the database holds a card in plain");
        }
    }
}

#[tokio::test]
async fn neither_ids_nor_their_order_nor_the_order_of_rows_tell_who_wrote_a_card_or_when() {
    for world in worlds().await {
        let (mut by_id, mut by_row) = (0, 0);
        for _ in 0..4 {
            let id = full(&world).await;
            let begun = shown(&world, "mara", &id).await["retrospective"]["id"].clone();
            move_on(&world, &id, "collect").await;
            let cards = cards(&world, &id).await;
            assert_eq!(cards.len(), CARDS);
            for card in &cards {
                assert_eq!((&card["author_id"], &card["author_name"]), (&Json::Null, &Json::Null));
                let (card, board) = (card["id"].as_str().unwrap(), begun.as_str().unwrap());
                assert_ne!(card[..4], board[..4], "an id of this hour would tell its time");
            }
            by_id += in_order(&cards.iter().map(|card| card["body"].as_str().unwrap().to_owned()).collect::<Vec<_>>());
            let lying = Lying { board: begun.as_str().unwrap().to_owned() };
            by_row += in_order(&world.call(&world.system(), lying).await.unwrap());
        }
        // By chance half of the 612 pairs are in order, give or take 26; a quarter away from that is six times as far.
        for agreements in [by_id, by_row] {
            assert!((153..459).contains(&agreements), "{agreements} of 612 pairs are in order");
        }
    }
}

#[tokio::test]
async fn events_logs_and_the_answers_kept_for_programs_hold_no_author() {
    let log = Log::default();
    let keeper = log.clone();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(move || keeper.clone());
    let silent = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(io::sink);
    let _second = tracing::Dispatch::new(silent.finish());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    for world in worlds().await {
        let id = board(&world, "sailboat", true).await;
        let before = recorded(&world, "retro").await;
        assert_eq!(before.last().map(String::as_str), Some("retrospective.started {}"));
        for number in 0..6 {
            write(&world, WRITERS[number % 3], &id, 0, &body(number)).await;
        }
        world.drain().await;
        assert_eq!(recorded(&world, "retro").await, before, "a card is an event");
        let column = shown(&world, "tomasz", &id).await["columns"][0]["id"].clone();
        let path = format!("/retrospectives/{}", id.as_str().unwrap());
        let mut browser = world.browser("tomasz").await;
        let fields = [("column", column.as_str().unwrap()), ("body", "marmalade 99")];
        assert_eq!(browser.post_from(&path, &format!("{path}/cards"), &fields).await.status, 303);
        assert_eq!(recorded(&world, "retro").await, before);
        let token = with_token(&world.actor("tomasz").await, &["*:write"]);
        let card = json!({ "retrospective": id, "column": column, "body": "x" });
        let refused = world.ask(&token, "retrospective_card.add", card).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "what is kept of a program's request names its person");
        let text = log.text();
        assert!(text.contains("retrospective_card.add"), "the log was not caught");
        for who in WRITERS {
            let person = world.person(who).to_string();
            let line = text.lines().find(|line| line.contains("retrospective_card") && line.contains(&person));
            assert!(line.is_none() && !text.contains("marmalade"), "{line:?}");
        }
        let asked = done(&world, "tomasz", "ask.list", json!({ "pile": "owe" })).await;
        assert!(
            asked.to_string().contains("Sprint 14: write your cards"),
            "an ask that ended would tell who has written"
        );
    }
}

/// What was logged, kept in memory.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
