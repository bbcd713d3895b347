//! When somebody is busy elsewhere: read from their own calendar as times, and told to nobody.
use crate::one_on_ones::{done, started};
use kernel::{Actor, Error, Json, json};
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};
use testkit::{World, worlds};

/// A server with one calendar, whose status and text the test sets.
struct Program {
    origin: String,
    says: Arc<Mutex<(u16, String)>>,
}

impl Program {
    fn start() -> Program {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let says = Arc::new(Mutex::new((200, calendar("T080000Z", "T120000Z"))));
        let answer = says.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
                while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
                let (status, body) = answer.lock().unwrap().clone();
                let head =
                    format!("HTTP/1.1 {status} Said\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        Program { origin, says }
    }

    fn address(&self) -> String {
        format!("{}/rhabarber/basic.ics", self.origin)
    }
}

fn calendar(from: &str, to: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:zwiebelkuchen\r\nDTSTART:20260301{from}\r\nDTEND:20260301{to}\r\n\
         RRULE:FREQ=DAILY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

async fn at_their_desk(world: &World, who: &str) -> Actor {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    Actor { session, ..world.actor(who).await }
}

async fn subscribe(world: &World, who: &str, address: &str) -> kernel::Result<Json> {
    let actor = at_their_desk(world, who).await;
    let asked = world.ask(&actor, "calendar.subscribe_busy", json!({ "address": address })).await;
    world.drain().await;
    asked
}

/// The hours in UTC at which times are proposed.
async fn hours(world: &World, pair: &Json) -> Vec<u32> {
    let slots = done(world, "mara", "one_on_one.slots", json!({ "one_on_one": pair })).await;
    let slots = slots["slots"].as_array().unwrap().clone();
    slots.iter().map(|slot| slot["starts_at"].as_str().unwrap()[11..13].parse().unwrap()).collect()
}

async fn standing(world: &World, who: &str) -> Json {
    done(world, who, "calendar.show_busy", json!({})).await
}

#[tokio::test]
async fn nothing_is_proposed_while_somebody_is_busy_and_nothing_else_is_known_of_it() {
    for world in worlds().await {
        let program = Program::start();
        world.outside.admit(&program.origin);
        let pair = started(&world).await;
        assert!(hours(&world, &pair).await.iter().any(|hour| *hour < 12), "there are times in the morning");
        subscribe(&world, "tomasz", &program.address()).await.unwrap();
        assert!(standing(&world, "tomasz").await["read_at"].is_string());
        let left = hours(&world, &pair).await;
        assert!(!left.is_empty() && left.iter().all(|hour| *hour >= 12), "{left:?}");
        assert_eq!(standing(&world, "mara").await, Json::Null, "it is his alone");
        let bytes = world.bytes().await;
        for secret in ["zwiebelkuchen", "rhabarber"] {
            assert!(
                !bytes.windows(secret.len()).any(|found| found == secret.as_bytes()),
                "{secret} is in the database"
            );
        }
        let page = world.browser("tomasz").await.get("/me/calendar").await.text();
        assert!(page.contains("It was last read") && !page.contains("rhabarber"), "{page}");

        *program.says.lock().unwrap() = (200, calendar("T120000Z", "T170000Z"));
        world.pass_to("2026-03-17T13:05:00Z").await;
        world.pass_to("2026-03-17T13:11:00Z").await;
        assert!(hours(&world, &pair).await.iter().all(|hour| *hour < 12), "it is read again every hour");
        world.ask(&at_their_desk(&world, "tomasz").await, "calendar.end_busy", json!({})).await.unwrap();
        assert_eq!(standing(&world, "tomasz").await, Json::Null);
        assert!(!hours(&world, &pair).await.is_empty());
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_said_and_the_times_of_before_stay() {
    for world in worlds().await {
        let program = Program::start();
        let pair = started(&world).await;
        let sealed = program.address().replace("http:", "https:");
        for (address, sentence) in [(sealed, "inside the network"), (program.address(), "begin with https://")] {
            subscribe(&world, "tomasz", &address).await.unwrap();
            let trouble = standing(&world, "tomasz").await["trouble"].to_string();
            assert!(trouble.contains(sentence), "{address}: {trouble}");
        }
        world.outside.admit(&program.origin);
        subscribe(&world, "tomasz", &program.address()).await.unwrap();
        for (status, body) in [(500, "no"), (200, "<html>Sign in</html>")] {
            *program.says.lock().unwrap() = (status, body.to_owned());
            for seconds in [3700, 600] {
                world.pass_to_time(world.clock.now() + Duration::from_secs(seconds)).await;
            }
            assert_ne!(standing(&world, "tomasz").await["trouble"], json!(""), "{status}");
            assert!(hours(&world, &pair).await.iter().all(|hour| *hour >= 12));
        }
        for address in ["ftp://example.org/me.ics", "me.ics"] {
            let refused = subscribe(&world, "tomasz", address).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{address}: {refused:?}");
        }
        let guest = at_their_desk(&world, "grace").await;
        let asked = json!({ "address": program.address() });
        let refused = world.ask(&guest, "calendar.subscribe_busy", asked).await;
        assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    }
}
