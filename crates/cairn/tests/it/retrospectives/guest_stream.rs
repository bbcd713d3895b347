//! The page of a guest is told that its board changed, and of nothing else; the stream ends with the link.
use super::{
    board, done,
    guests::{guest, link, open_board, place},
    move_on, write,
};
use axum::body::Body;
use kernel::{Json, json};
use std::time::Duration;
use testkit::{Client, World, worlds};
use tokio::{task::JoinHandle, time::timeout};

/// Everything that the stream of a guest's page says until it ends.
async fn listen(world: &World, browser: &mut Client, board: &Json) -> JoinHandle<String> {
    let mut changes = world.opened.db.changes();
    // PostgreSQL needs a moment until it listens, and tells a little later of what was done before.
    while timeout(Duration::from_secs(1), changes.recv()).await.is_ok() {}
    let page = browser.get(&place(board)).await.text();
    let address = format!("{}/live", place(board));
    assert!(page.contains(&format!("name=\"cairn-live\" content=\"{address}\"")), "{page}");
    let mut browser = browser.clone();
    let stream = tokio::spawn(async move { browser.send("GET", &address, &[], Body::empty()).await.text() });
    heard().await;
    stream
}

async fn said(stream: JoinHandle<String>) -> String {
    timeout(Duration::from_secs(5), stream).await.expect("the stream goes on").unwrap()
}

/// Lets a stream take in what was done before something else is done.
async fn heard() {
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn end_links(world: &World, board: &Json) {
    let links = done(world, "mara", "retrospective_link.list", json!({ "retrospective": board })).await;
    for link in links["links"].as_array().unwrap() {
        done(world, "mara", "retrospective_link.end", json!({ "link": link["id"] })).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guest_hears_that_their_board_changed_and_nothing_else() {
    for world in worlds().await {
        let (own, other) = (open_board(&world, "mara", false).await, board(&world, "four_ls", false).await);
        let mut nell = guest(&world, &link(&world, "mara", &own).await, &own, "Nell Ackroyd").await;
        let stream = listen(&world, &mut nell, &own).await;
        write(&world, "tomasz", &other, 0, "Not theirs").await;
        move_on(&world, &other, "collect").await;
        heard().await;
        assert!(!stream.is_finished(), "it ended while the link stands");
        end_links(&world, &own).await;
        assert_eq!(told(stream).await, "", "it told of another board");

        let mut nell = guest(&world, &link(&world, "mara", &own).await, &own, "Nell Ackroyd").await;
        let stream = listen(&world, &mut nell, &own).await;
        write(&world, "tomasz", &own, 0, "Theirs").await;
        heard().await;
        end_links(&world, &own).await;
        let told = told(stream).await;
        let plain: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert!(!plain.is_empty() && plain.iter().all(|line| ["event: changed", "data: {}"].contains(line)), "{told}");
    }
}

/// What a stream said beside that it listens.
async fn told(stream: JoinHandle<String>) -> String {
    said(stream).await.replace(": listening\n\n", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_without_a_name_is_no_news() {
    for world in worlds().await {
        let own = open_board(&world, "mara", true).await;
        let mut nell = guest(&world, &link(&world, "mara", &own).await, &own, "").await;
        let stream = listen(&world, &mut nell, &own).await;
        write(&world, "tomasz", &own, 0, "At this moment").await;
        heard().await;
        end_links(&world, &own).await;
        assert!(!said(stream).await.contains("data:"), "the moment of a card was told");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_its_link_is_over_and_says_nothing_of_what_came_then() {
    for world in worlds().await {
        for how in ["late", "disabled"] {
            let own = open_board(&world, "mara", false).await;
            let mut nell = guest(&world, &link(&world, "mara", &own).await, &own, "Nell Ackroyd").await;
            let stream = listen(&world, &mut nell, &own).await;
            match how {
                "late" => {
                    world.clock.set(world.clock.now() + Duration::from_secs(8 * 24 * 3600));
                    write(&world, "tomasz", &own, 0, "Too late").await;
                }
                _ => {
                    done(&world, "hanneke", "account.disable", json!({ "person": world.person("mara") })).await;
                }
            }
            assert!(!said(stream).await.contains("data:"), "{how}");
            let path = format!("{}/live", place(&own));
            assert_eq!(nell.get(&path).await.status, 404, "{how}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_hears_and_no_link_has_more_than_sixty_streams() {
    for world in worlds().await {
        let (own, other) = (open_board(&world, "mara", false).await, open_board(&world, "mara", false).await);
        let entrance = link(&world, "mara", &own).await;
        let mut nell = guest(&world, &entrance, &own, "Nell Ackroyd").await;
        let path = format!("{}/live", place(&own));
        let mut at_the_door = world.client();
        at_the_door.get(&entrance).await;
        for (browser, path) in [
            (&mut world.client(), &path),
            (&mut world.browser("tomasz").await, &path),
            (&mut at_the_door, &path),
            (&mut nell.clone(), &format!("{}/live", place(&other))),
        ] {
            assert_eq!(browser.get(path).await.status, 404);
        }
        let mut streams = Vec::new();
        for _ in 0..60 {
            streams.push(listen_at(&nell, &path));
        }
        heard().await;
        assert_eq!(nell.get(&path).await.status, 429);
        end_links(&world, &own).await;
        for stream in streams {
            said(stream).await;
        }
    }
}

fn listen_at(browser: &Client, path: &str) -> JoinHandle<String> {
    let (mut browser, path) = (browser.clone(), path.to_owned());
    tokio::spawn(async move { browser.send("GET", &path, &[], Body::empty()).await.text() })
}
