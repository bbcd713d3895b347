//! Webhooks through the door that other systems use: who is let in, and that order and repetition change nothing.
use axum::{body::Body, http::StatusCode};
use delivery::hook::{AddHook, Hook, ListHooks, Opened, RotateHook, State, find};
use delivery::pipeline::{ExportBuilds, Exported};
use hmac::{Hmac, Mac};
use kernel::{Error, Json, Vault, json, parse};
use sha2::Sha256;
use std::{
    fs,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
    time::Duration,
};
use testkit::{Client, World, worlds};

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// A door of GitHub, opened by somebody who keeps records.
pub async fn door(world: &World) -> Opened {
    let input = parse::<AddHook>(json!({ "system": "github", "name": "Northwind" })).unwrap();
    world.call(&world.actor("joana").await, input).await.unwrap()
}

pub async fn send(world: &World, door: &Opened, secret: &str, delivery: &str, event: &str, body: &str) -> StatusCode {
    send_by(&mut world.client(), door, secret, [delivery, event, body]).await
}

/// The id, the event and the body of a delivery.
async fn send_by(client: &mut Client, door: &Opened, secret: &str, [delivery, event, body]: [&str; 3]) -> StatusCode {
    let path = format!("/hooks/github/{}", door.id);
    let signature = signature(secret, body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("x-github-event", event),
        ("x-github-delivery", delivery),
        ("x-hub-signature-256", signature.as_str()),
    ];
    client.send("POST", &path, &headers, Body::from(body.to_owned())).await.status
}

/// Each event's name and its example, of GitHub's own library.
fn examples() -> Vec<(String, String)> {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../web/node_modules/@octokit/webhooks-examples/api.github.com/index.json");
    let Ok(text) = fs::read(&file) else {
        println!("skipped: {} is not here; npm ci in web brings it", file.display());
        return Vec::new();
    };
    let events: Vec<Json> = serde_json::from_slice(&text).unwrap();
    let of = |event: &Json| {
        let name = event["name"].as_str().unwrap().to_owned();
        event["examples"].as_array().unwrap().iter().map(move |one| (name.clone(), one.to_string())).collect::<Vec<_>>()
    };
    events.iter().flat_map(of).collect()
}

/// Everything that the deliveries told, a line each, without what depends on the moment.
async fn state(world: &World) -> Vec<String> {
    let mut lines = super::pulls::state(world).await;
    for kind in Exported::ALL.iter().copied() {
        let page = world.call(&world.system(), ExportBuilds { kind, after: None }).await.unwrap();
        lines.extend(page.lines.iter().map(ToString::to_string));
    }
    lines
}

async fn shown(world: &World, door: &Opened) -> Hook {
    let all = world.call(&world.actor("joana").await, ListHooks {}).await.unwrap();
    all.into_iter().find(|one| one.id == door.id).unwrap()
}

async fn deliver(world: &World, order: &[(usize, &(String, String))]) {
    let (door, mut client) = (door(world).await, world.client());
    for (id, (event, body)) in order {
        let delivery = format!("delivery-{id}");
        let status = send_by(&mut client, &door, &door.secret, [&delivery, event, body]).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }
    world.drain().await;
    let hook = shown(world, &door).await;
    assert_eq!((hook.waiting, hook.failed), (0, 0), "{:?}", hook.trouble);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_examples_of_github_in_any_order_and_twice_end_in_one_state() {
    let examples = examples();
    if examples.is_empty() {
        return;
    }
    assert_eq!(examples.len(), 329);
    let straight: Vec<(usize, &(String, String))> = examples.iter().enumerate().collect();
    let chance = RandomState::new();
    let mut mixed: Vec<_> = straight.iter().chain(&straight).copied().enumerate().collect();
    mixed.sort_by_key(|(place, (id, _))| chance.hash_one((place, id)));
    let mixed: Vec<(usize, &(String, String))> = mixed.into_iter().map(|(_, one)| one).collect();
    let again: Vec<(usize, &(String, String))> = straight.iter().rev().map(|(id, one)| (id + 1_000, *one)).collect();
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        deliver(&world, &straight).await;
        let once = state(&world).await;
        for kind in ["pull ", "review ", "comment ", "event ", "release ", "account ", "issue "] {
            assert!(once.iter().any(|line| line.starts_with(kind)), "{kind}: {once:#?}");
        }
        for kind in ["build", "job", "deployment", "release"] {
            assert!(once.iter().any(|line| line.contains(&format!("\"kind\":\"{kind}\""))), "{kind}: {once:#?}");
        }
        deliver(&other, &mixed).await;
        assert_eq!(state(&other).await, once);
        deliver(&other, &again).await;
        assert_eq!(state(&other).await, once, "under other ids they tell nothing new");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_the_secret_is_let_in() {
    for world in worlds().await {
        let (door, joana) = (door(&world).await, world.actor("joana").await);
        let body = json!({ "zen": "Speak like a human." }).to_string();
        for (secret, wanted) in [("wrong", StatusCode::NOT_FOUND), (door.secret.as_str(), StatusCode::ACCEPTED)] {
            assert_eq!(send(&world, &door, secret, "1", "ping", &body).await, wanted);
        }
        let nowhere = format!("/hooks/gitlab/{}", door.id);
        assert_eq!(world.client().send("POST", &nowhere, &[], Body::empty()).await.status, StatusCode::NOT_FOUND);
        assert_eq!(shown(&world, &door).await.received, 1);
        assert_eq!(send(&world, &door, &door.secret, "1", "ping", &body).await, StatusCode::ACCEPTED);
        assert_eq!(shown(&world, &door).await.received, 1, "the same delivery is kept once");

        let fresh = world.call(&joana, RotateHook { hook: door.id }).await.unwrap();
        for (secret, id) in [(&fresh.secret, "2"), (&door.secret, "3")] {
            assert_eq!(send(&world, &door, secret, id, "ping", &body).await, StatusCode::ACCEPTED);
        }
        world.pass_to_time(world.clock.now() + Duration::from_secs(25 * 3600)).await;
        assert_eq!(send(&world, &door, &door.secret, "4", "ping", &body).await, StatusCode::NOT_FOUND);
        assert_eq!(send(&world, &door, &fresh.secret, "5", "ping", &body).await, StatusCode::ACCEPTED);
        world.ask(&joana, "hook.remove", json!({ "hook": door.id })).await.unwrap();
        assert_eq!(send(&world, &door, &fresh.secret, "6", "ping", &body).await, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_holds_no_secret_of_a_door() {
    for world in worlds().await {
        let (door, joana) = (door(&world).await, world.actor("joana").await);
        let fresh = world.call(&joana, RotateHook { hook: door.id }).await.unwrap();
        assert_eq!(send(&world, &door, &fresh.secret, "1", "ping", "{}").await, StatusCode::ACCEPTED);
        world.drain().await;
        let bytes = world.bytes().await;
        let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
        assert!(holds(&door.id.to_string()), "these are the bytes of the database");
        assert!(!holds(&door.secret) && !holds(&fresh.secret), "a secret of a door stands in the database");

        assert!(shown(&world, &door).await.readable);
        let other = world.opened.app.clone().with_vault(Vault::new([8; 32]));
        let hooks = other.call(&joana, ListHooks {}).await.unwrap();
        assert!(hooks.iter().all(|hook| !hook.readable), "another key opens no door");
        let found = find(&other, world.workspace(), "github", &door.id.to_string()).await;
        assert!(matches!(found, Err(Error::NotFound)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_put_aside_with_its_reason_and_the_rest_is_applied() {
    for world in worlds().await {
        let door = door(&world).await;
        let good = json!({ "action": "created", "sender": { "login": "x", "id": 1 }, "star": {} }).to_string();
        for (id, body) in [("1", "{\"broken\":"), ("2", good.as_str()), ("3", "payload=%7B%22zen%22%3A%22%22%7D")] {
            assert_eq!(send(&world, &door, &door.secret, id, "star", body).await, StatusCode::ACCEPTED);
        }
        world.drain().await;
        let hook = shown(&world, &door).await;
        assert_eq!((hook.received, hook.waiting, hook.failed), (3, 0, 1));
        let failed = hook.trouble.iter().find(|one| one.state == State::Failed).unwrap();
        assert!(failed.key == "1" && failed.note.starts_with("This is no JSON"), "{failed:?}");
        let page = world.browser("joana").await.get("/webhooks").await.text();
        assert!(page.contains("Northwind") && page.contains("This is no JSON"), "{page}");
        assert!(!page.contains(&door.secret), "a secret is shown once");
        let dele = world.actor("dele").await;
        assert!(world.call(&dele, ListHooks {}).await.is_err());
    }
}
