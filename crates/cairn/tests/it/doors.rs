//! What every door refuses before anything else happens: requests that can be read in two ways, and bodies of strangers.
use axum::body::{Body, Bytes};
use futures_util::stream;
use people::account::token::CreateToken;
use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};
use testkit::{Answer, Client, World, worlds};

/// A program that may do what Hanneke may, who owns the workspace.
async fn program(world: &World) -> Client {
    let input = kernel::json!({ "name": "All", "scopes": ["*:write"], "days": 3 });
    let hanneke = kernel::Actor { door: kernel::Door::Command, ..world.actor("hanneke").await };
    let made = world.call(&hanneke, kernel::parse::<CreateToken>(input).unwrap()).await.unwrap();
    world.client().bearer(&made.token)
}

async fn send(client: &mut Client, method: &str, path: &str, body: &str) -> Answer {
    client.send(method, path, &[("content-type", "application/json")], Body::from(body.to_owned())).await
}

fn says_twice(answer: &Answer, field: &str) -> bool {
    answer.status == 400
        && answer.header("content-type") == Some("application/problem+json")
        && answer.json()["errors"][0]["field"] == field
}

#[tokio::test]
async fn a_stranger_who_reports_without_end_is_not_heard() {
    for world in worlds().await {
        let mut stranger = world.client();
        let report = r#"{"csp-report": {"violated-directive": "script-src"}}"#;
        let mut last = 0;
        for _ in 0..30 {
            last = send(&mut stranger, "POST", "/csp-report", report).await.status.as_u16();
        }
        assert_eq!(last, 429);
    }
}

#[tokio::test]
async fn what_stands_twice_is_refused_at_every_door() {
    for world in worlds().await {
        let mut program = program(&world).await;
        let answer = send(&mut program, "POST", "/api/v1/teams", r#"{"name": "One", "name": "Two"}"#).await;
        assert_eq!(answer.status, 400, "{}", answer.text());
        let answer = send(&mut program, "POST", "/api/v1/teams?name=One", r#"{"name": "Two"}"#).await;
        assert!(says_twice(&answer, "name"), "{}", answer.text());
        assert!(says_twice(&send(&mut program, "GET", "/api/v1/people?q=a&q=b", "").await, "q"));
        assert_eq!(send(&mut program, "POST", "/api/v1/teams", "{").await.status, 400);

        let mara = world.person("mara");
        let world = world.as_demonstration();
        let mut owner = world.client().eyes(world.person("hanneke"));
        for path in ["/people?q=a&q=b", "/search?q=a&q=b", "/today?x=1&x=1", &format!("/people/{mara}?person=x")] {
            assert_eq!(owner.get(path).await.status, 400, "{path}");
        }
        let typed = [("name", "One"), ("name", "Two"), ("zone", "UTC"), ("hours", "Mon 09:00-10:00")];
        assert_eq!(owner.post_from("/people/new", "/people", &typed).await.status, 400);
        let token = owner.get("/people/new").await.field("csrf");
        assert_eq!(owner.post("/people", &[("csrf", &token), ("csrf", &token), ("name", "One")]).await.status, 400);
    }
}

#[tokio::test]
async fn what_is_a_list_may_stand_more_than_once() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut owner = world.client().eyes(world.person("hanneke"));
        let path = format!("/people/{}/roles", world.person("mara"));
        let answer = owner.post_from("/me", &path, &[("roles", "member"), ("roles", "finance")]).await;
        assert_ne!(answer.status, 400, "{}", answer.text());
    }
}

/// A body that says whether anybody has begun to read it.
fn watched(bytes: usize) -> (Body, Arc<AtomicBool>) {
    let read = Arc::new(AtomicBool::new(false));
    let noted = read.clone();
    let chunks = stream::iter((0..bytes.div_ceil(1 << 20)).map(move |_| {
        noted.store(true, Relaxed);
        Ok::<_, Infallible>(Bytes::from(vec![b'x'; 1 << 20]))
    }));
    (Body::from_stream(chunks), read)
}

#[tokio::test]
async fn a_body_of_nobody_is_not_read_and_one_that_is_too_large_is_a_problem() {
    for world in worlds().await {
        let json = [("content-type", "application/json"), ("origin", "http://cairn.test")];
        let (body, read) = watched(8 << 20);
        let answer = world.client().send("POST", "/api/v1/people", &json, body).await;
        assert_eq!((answer.status.as_u16(), read.load(Relaxed)), (401, false));

        let file = [("content-type", "multipart/form-data; boundary=x"), ("origin", "http://cairn.test")];
        for path in [
            "/people/import/preview",
            "/issue-imports/files",
            "/files",
            &format!("/people/{}/photo", world.person("mara")),
        ] {
            let (body, read) = watched(8 << 20);
            let answer = world.client().send("POST", path, &file, body).await;
            assert_eq!((answer.status.as_u16(), read.load(Relaxed)), (401, false), "{path}");
        }

        let (body, _) = watched(40 << 20);
        let answer = program(&world).await.send("POST", "/api/v1/teams", &json, body).await;
        assert_eq!(answer.status, 413);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    }
}
