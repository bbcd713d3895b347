//! The page of a guest is told that its board changed, and of nothing else; the stream ends with the link.
use super::{
    board, done,
    guests::{guest, link, open_board, place},
    move_on, write,
};
use axum::body::Body;
use kernel::{Json, json};
use std::time::Duration;
use testkit::{Answer, Client, Stream, World, worlds};
use tokio::{task::JoinSet, time::timeout};

/// The stream of a guest's page.
async fn listen(world: &World, browser: &mut Client, board: &Json) -> Stream {
    let mut changes = world.opened.db.changes();
    // PostgreSQL needs a moment until it listens, and tells a little later of what was done before.
    while timeout(Duration::from_secs(1), changes.recv()).await.is_ok() {}
    let page = browser.get(&place(board)).await.text();
    let address = format!("{}/live", place(board));
    assert!(page.contains(&format!("name=\"cairn-live\" content=\"{address}\"")), "{page}");
    Stream::open(browser, &address).await
}

async fn said(stream: Stream) -> String {
    stream.ended(Duration::from_secs(10)).await
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
        assert!(!stream.has_ended(), "it ended while the link stands");
        end_links(&world, &own).await;
        assert_eq!(said(stream).await, "", "it told of another board");

        let mut nell = guest(&world, &link(&world, "mara", &own).await, &own, "Nell Ackroyd").await;
        let stream = listen(&world, &mut nell, &own).await;
        write(&world, "tomasz", &own, 0, "Theirs").await;
        stream.says("event: changed").await;
        end_links(&world, &own).await;
        let told = said(stream).await;
        let plain: Vec<&str> = told.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        assert!(!plain.is_empty() && plain.iter().all(|line| ["event: changed", "data: {}"].contains(line)), "{told}");
    }
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
        let nell = guest(&world, &entrance, &own, "Nell Ackroyd").await;
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
        let mut streams: JoinSet<Answer> = (0..63).map(|_| listen_at(&nell, &path)).collect();
        for _ in 0..3 {
            let first = timeout(Duration::from_secs(30), streams.join_next()).await.expect("more than sixty are open");
            assert_eq!(first.unwrap().unwrap().status, 429);
        }
        heard().await;
        assert!(streams.try_join_next().is_none(), "fewer than sixty are open");
        end_links(&world, &own).await;
        for stream in streams.join_all().await {
            assert_eq!(stream.status, 200);
        }
    }
}

fn listen_at(browser: &Client, path: &str) -> impl Future<Output = Answer> + Send + use<> {
    let (mut browser, path) = (browser.clone(), path.to_owned());
    async move { browser.send("GET", &path, &[], Body::empty()).await }
}
