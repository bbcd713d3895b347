//! Connections to a code host on this machine: what they bring is what its files would bring, whatever goes wrong on the way.
mod apps;
mod builders;
mod builds;
mod host;
mod payloads;
mod tree;

use axum::http::StatusCode;
use delivery::connection::{
    AddConnection, Connection, ListConnections, RemoveConnection, SetConnectionToken, StartConnection, State,
    StopConnection,
};
use delivery::{
    pipeline::{ExportBuilds, Exported},
    repository::ListRepositories,
};
use host::{CodeHost, Fault, TOKEN};
use kernel::{Error, Id, Json, json, parse};
use std::{collections::BTreeSet, time::Duration};
use testkit::{World, worlds};

const SECOND: Duration = Duration::from_secs(1);

/// Connects `northwind/pay` of the host, or what else is said.
async fn connect(world: &World, host: &CodeHost, more: Json) -> Id<Connection> {
    world.outside.admit(&host.origin);
    let mut input = json!({ "system": "github", "scope": "repository", "path": "northwind/pay", "address": host.origin,
        "token": TOKEN, "team": world.team("payments") });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.call(&world.actor("joana").await, parse::<AddConnection>(input).unwrap()).await.unwrap().id
}

async fn shown(world: &World, id: Id<Connection>) -> Connection {
    let all = world.call(&world.actor("joana").await, ListConnections {}).await.unwrap();
    all.into_iter().find(|one| one.id == id).unwrap()
}

/// Does what is to be done, with every pause, until nothing is left.
async fn read(world: &World, id: Id<Connection>) -> Connection {
    for _ in 0..50 {
        world.drain().await;
        let one = shown(world, id).await;
        match (one.state, one.wait_until) {
            (State::Reading, Some(until)) => world.clock.set(until + SECOND),
            (State::Reading, None) => world.clock.set(world.clock.now() + Duration::from_secs(61)),
            _ => return one,
        }
    }
    panic!("it does not end")
}

/// Everything that is known of pull requests and builds.
async fn state(world: &World) -> Vec<String> {
    let mut lines = super::pulls::state(world).await;
    for kind in Exported::ALL.iter().copied() {
        let page = world.call(&world.system(), ExportBuilds { kind, after: None }).await.unwrap();
        lines.extend(page.lines.iter().map(ToString::to_string));
    }
    lines
}

/// The state after an import of the same answers from a file.
async fn from_files(world: &World, host: &CodeHost, system: &str) -> Vec<String> {
    let file = std::env::temp_dir().join(format!("cairn-recording-{}.json", Id::<()>::new()));
    std::fs::write(&file, host.recording().to_string()).unwrap();
    super::pulls::import(world, &[system, file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    state(world).await
}

fn paths(host: &CodeHost) -> Vec<String> {
    host.asked().into_iter().map(|(path, _)| path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_page_by_page_is_what_its_files_would_tell() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = CodeHost::start(payloads::github(5)).await;
        let id = connect(&world, &host, json!({})).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.problem.as_str(), one.left_in_all), (State::Done, "", 0), "{:?}", one.left);
        let lines = state(&world).await;
        for wanted in ["pull 5 merged", "review 3 303approved", "comment 2 5502", "event 1 1 force_pushed", "commit 4"]
        {
            assert!(lines.iter().any(|line| line.starts_with(wanted)), "{wanted}: {lines:#?}");
        }
        assert_eq!(lines, from_files(&other, &host, "github").await);

        let asked = paths(&host);
        assert_eq!(asked.iter().collect::<BTreeSet<_>>().len(), asked.len(), "nothing is asked twice: {asked:#?}");
        assert!(asked.iter().any(|path| path.contains("page=3")), "all pages of a list are asked for");
        let repositories = world.call(&world.system(), ListRepositories { team: Some(world.team("payments")) }).await;
        assert!(repositories.unwrap().iter().any(|one| one.name == "pay"), "its team has the repository");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_night_without_news_costs_a_request_for_each_list() {
    for world in worlds().await {
        let host = CodeHost::start(payloads::github(3)).await;
        let id = connect(&world, &host, json!({})).await;
        let first = read(&world, id).await;
        let (before, lines) = (host.asked().len(), state(&world).await);
        world.pass_to_time(world.clock.now() + Duration::from_secs(25 * 3600)).await;
        let second = read(&world, id).await;
        assert!(second.began_at > first.began_at && second.known_until == Some(second.began_at));
        let night = host.asked().split_off(before);
        let fresh: Vec<&String> = night.iter().filter(|(_, status)| *status == 200).map(|(path, _)| path).collect();
        assert!(
            fresh.len() <= 4 && fresh.iter().all(|path| path.ends_with("/pay") || path.contains("/runs?")),
            "{night:#?}"
        );
        assert_eq!(night.iter().filter(|(_, status)| *status == 304).count(), 5, "{night:#?}");
        assert_eq!(state(&world).await, lines);

        *host.holds.lock().unwrap() = payloads::github_with_news(4, "2026-03-18T15:00:00Z");
        let before = host.asked().len();
        let joana = world.actor("joana").await;
        world.call(&joana, StartConnection { connection: id }).await.unwrap();
        read(&world, id).await;
        let parts: Vec<String> =
            paths(&host).split_off(before).into_iter().filter(|path| path.contains("/pulls/4")).collect();
        assert_eq!(parts.len(), 4, "only what is new is asked for: {parts:?}");
        assert!(!paths(&host)[before..].iter().any(|path| path.contains("/pulls/3")));
        assert!(state(&world).await.iter().any(|line| line.starts_with("pull 4 merged")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_that_is_killed_goes_on_where_it_was() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = CodeHost::start(payloads::github(5)).await;
        let id = connect(&world, &host, json!({})).await;
        for kill in [3, 11, 20] {
            tokio::select! { () = world.drain() => {}, () = host.reached(kill) => {} }
            world.clock.set(world.clock.now() + Duration::from_secs(61));
        }
        assert_eq!(read(&world, id).await.state, State::Done);
        assert_eq!(state(&world).await, from_files(&other, &host, "github").await);
        let asked = paths(&host);
        let twice = asked.len() - asked.iter().collect::<BTreeSet<_>>().len();
        assert!(twice <= 3, "only what was under way at a kill is asked again: {asked:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_failures_on_the_way_change_nothing_in_the_end() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = CodeHost::start(payloads::github(4)).await;
        let reset = (world.clock.now() + Duration::from_secs(900)).timestamp().as_second().to_string();
        let spent = vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", reset)];
        host.faults.lock().unwrap().extend([
            (2, (502, Vec::new(), "<html>Bad gateway</html>".to_owned())),
            (5, (403, vec![("retry-after", "30".to_owned())], "{\"message\":\"secondary rate limit\"}".to_owned())),
            (9, (429, spent, String::new())),
            (12, (200, Vec::new(), "<html>Sign in</html>".to_owned())),
        ]);
        let id = connect(&world, &host, json!({})).await;
        let start = world.clock.now();
        world.drain().await;
        let waits = shown(&world, id).await;
        assert!(waits.problem.ends_with("answered with an error (502)."), "{waits:?}");
        assert_eq!(waits.wait_until, Some(start + Duration::from_secs(30)));
        let page = world.browser("joana").await.get("/connections").await.text();
        assert!(page.contains("Waits") && page.contains("(502)") && page.contains("Go on now"), "{page}");
        let one = read(&world, id).await;
        assert_eq!((one.state, one.left_in_all), (State::Done, 0), "{:?}", one.left);
        assert!(world.clock.now() >= start + Duration::from_secs(900), "it waited as long as it was told to");
        assert_eq!(state(&world).await, from_files(&other, &host, "github").await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_and_a_project_of_gitlab_are_read_as_well() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = CodeHost::start(payloads::github(3)).await;
        let id = connect(&world, &host, json!({ "scope": "group", "path": "northwind" })).await;
        assert_eq!(read(&world, id).await.left_in_all, 0);
        let lines = state(&world).await;
        assert!(lines.iter().any(|line| line.starts_with("pull 3 merged")), "{lines:#?}");
        drop(other);
    }
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = CodeHost::start(payloads::gitlab()).await;
        let id = connect(&world, &host, json!({ "system": "gitlab", "path": "pay/app" })).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.left_in_all), (State::Done, 0), "{one:?}");
        let lines = state(&world).await;
        for wanted in ["pull 2 merged Draft: Faster", "event 2 2 ready", "review 2 2approved", "comment 2 3"] {
            assert!(lines.iter().any(|line| line.starts_with(wanted)), "{wanted}: {lines:#?}");
        }
        assert_eq!(lines, from_files(&other, &host, "gitlab").await);
    }
}

/// What a host answers to the first request, and what is told of it.
fn refusals() -> Vec<(Fault, &'static str)> {
    let said = |text: &str| json!({ "message": text }).to_string();
    let to = |address: &str| vec![("location", address.to_owned())];
    vec![
        ((401, Vec::new(), said("Bad credentials")), "does not accept the token"),
        ((403, Vec::new(), said("Resource not accessible")), "The token may not read northwind/pay"),
        ((404, Vec::new(), said("Not Found")), "There is no northwind/pay at"),
        ((302, to("https://elsewhere.example/login"), String::new()), "sends on to elsewhere.example"),
        ((301, to("/api/v3/repositories/5"), String::new()), "northwind/pay has moved"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_in_a_sentence_and_the_token_nowhere() {
    for world in worlds().await {
        let (joana, mut browser) = (world.actor("joana").await, world.browser("joana").await);
        for (fault, sentence) in refusals() {
            let host = CodeHost::start(payloads::github(1)).await;
            host.faults.lock().unwrap().insert(0, fault);
            let id = connect(&world, &host, json!({})).await;
            let one = read(&world, id).await;
            assert!(one.state == State::Failed && one.problem.contains(sentence), "{}", one.problem);
            let page = browser.get("/connections").await.text();
            assert!(page.contains(sentence) && page.contains("Needs you") && !page.contains(TOKEN), "{page}");
            world.call(&joana, SetConnectionToken { connection: id, token: TOKEN.parse().unwrap() }).await.unwrap();
            assert_eq!(read(&world, id).await.state, State::Done, "it goes on with another token");
            world.call(&joana, RemoveConnection { connection: id }).await.unwrap();
        }
        let bytes = world.bytes().await;
        let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(holds("northwind/pay") && !holds(TOKEN), "the token stands nowhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_inside_the_network_is_asked_and_nothing_too_large_is_read() {
    for world in worlds().await {
        let host = CodeHost::start(payloads::github(1)).await;
        let id = connect(&world, &host, json!({})).await;
        world.outside.admit("https://git.example.internal");
        let one = read(&world, id).await;
        assert!(one.state == State::Failed && one.problem.contains("https only"), "{}", one.problem);
        assert!(host.asked().is_empty());
        world.outside.admit(&host.origin);
        host.faults.lock().unwrap().extend([
            (2, (200, Vec::new(), " ".repeat(17 << 20))),
            (3, (403, Vec::new(), json!({ "message": format!("not with {TOKEN}") }).to_string())),
        ]);
        world.call(&world.actor("joana").await, StartConnection { connection: id }).await.unwrap();
        let one = read(&world, id).await;
        let notes: Vec<&str> = one.left.iter().map(|left| left.note.as_str()).collect();
        assert_eq!((one.state, one.left_in_all), (State::Done, 2), "the rest is read");
        assert!(notes.contains(&"The answer is larger than 16 MB."), "{notes:?}");
        assert!(notes.contains(&"The token may not read this (403: not with …)."), "{notes:?}");
        assert_eq!(one.known_until, None, "lists that were left are asked for from the same day on");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_stopped_and_goes_on_by_hand() {
    for world in worlds().await {
        let (host, joana) = (CodeHost::start(payloads::github(4)).await, world.actor("joana").await);
        let id = connect(&world, &host, json!({})).await;
        tokio::select! { () = world.drain() => {}, () = host.reached(4) => {} }
        world.call(&joana, StopConnection { connection: id }).await.unwrap();
        world.clock.set(world.clock.now() + Duration::from_secs(61));
        world.drain().await;
        let (asked, one) = (host.asked().len(), shown(&world, id).await);
        world.pass_to_time(world.clock.now() + Duration::from_secs(26 * 3600)).await;
        assert_eq!((host.asked().len(), one.state, one.waiting > 0), (asked, State::Stopped, true));
        let page = world.browser("joana").await.get("/connections").await.text();
        assert!(page.contains("Stopped") && page.contains("Go on"), "{page}");
        world.call(&joana, StartConnection { connection: id }).await.unwrap();
        assert_eq!(read(&world, id).await.state, State::Done);
        assert!(world.call(&world.actor("dele").await, ListConnections {}).await.is_err());
        let refused = world.browser("dele").await.get("/connections/new").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_connects_and_says_what_is_wrong_with_it() {
    for world in worlds().await {
        let mut browser = world.browser("joana").await;
        let empty = browser.get("/connections").await.text();
        assert!(empty.contains("Nothing is connected yet"), "{empty}");
        let typed = |path: &str, address: &str| {
            [("system", "github"), ("scope", "repository"), ("path", path), ("address", address), ("token", TOKEN)]
                .map(|(name, text)| (name, text.to_owned()))
        };
        for (path, address, sentence) in [
            ("northwind", "", "Write it as owner/name."),
            ("northwind/..", "", "Write it as owner/name."),
            ("northwind/pay", "https://me:secret@git.example", "This is no address of a server"),
            ("northwind/pay", "ftp://git.example", "This is no address of a server"),
        ] {
            let fields = typed(path, address);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            let answer = browser.post_from("/connections/new", "/connections", &fields).await;
            assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY, "{path} {address}");
            let page = answer.text();
            assert!(page.contains(sentence) && !page.contains(TOKEN), "{page}");
        }
        let fields = typed("https://127.0.0.1/northwind/pay", "");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        assert_eq!(browser.post_from("/connections/new", "/connections", &fields).await.status, StatusCode::SEE_OTHER);
        world.drain().await;
        let page = browser.get("/connections").await.text();
        assert!(page.contains("127.0.0.1 is inside the network of this server"), "{page}");
        let again = parse::<AddConnection>(json!({ "system": "github", "scope": "repository", "path": "Northwind/Pay",
            "address": "https://127.0.0.1", "token": TOKEN }));
        let twice = world.call(&world.actor("joana").await, again.unwrap()).await;
        assert!(matches!(twice, Err(Error::Invalid(flaws)) if flaws[0].sentence == "This is connected already."));
    }
}
