//! How many webhooks a second are acknowledged, and whether each of them is there after the server was killed.
use crate::{
    busy,
    server::{Connection, Server, open},
};
use delivery::hook::{AddHook, ListHooks};
use hmac::{Hmac, Mac};
use kernel::{json, parse};
use sha2::Sha256;
use std::{path::Path, thread, time::Instant};

const SENDERS: usize = 64;
const EACH: usize = 250;
/// Bytes of a payload, as those of pull requests have.
const SIZE: usize = 20_000;

pub fn measure(runtime: &tokio::runtime::Runtime, engine: &str, data: &Path, url: Option<&str>) {
    println!("\n{engine}, webhooks{}", busy());
    let input = parse::<AddHook>(json!({ "system": "github", "name": "Benchmark" })).expect("it is an input");
    let opened = runtime.block_on(async {
        let world = open(data, url).await;
        world.app.call(&world.system(), input).await.expect("a door opens")
    });
    let server = Server::start(data, url);
    let (port, path) = (server.port, format!("/hooks/github/{}", opened.id));
    let start = Instant::now();
    let senders: Vec<_> = (0..SENDERS)
        .map(|sender| {
            let (path, secret) = (path.clone(), opened.secret.clone());
            thread::spawn(move || send(port, &path, &secret, sender))
        })
        .collect();
    senders.into_iter().for_each(|sender| sender.join().expect("a sender ends well"));
    let seconds = start.elapsed().as_secs_f64();
    drop(server);
    let kept = runtime.block_on(async {
        let world = open(data, url).await;
        world.app.call(&world.system(), ListHooks {}).await.expect("doors are listed")[0].received
    });
    let sent = SENDERS * EACH;
    println!("  {:.0} a second acknowledged; {kept} of {sent} kept after the server was killed", sent as f64 / seconds);
}

fn send(port: u16, path: &str, secret: &str, sender: usize) {
    let mut connection = Connection::open(port);
    for number in 0..EACH {
        let body =
            json!({ "zen": "Responsive is better than fast.", "number": number, "text": "x".repeat(SIZE) }).to_string();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key has any length");
        mac.update(body.as_bytes());
        let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let headers = format!(
            "X-GitHub-Event: ping\r\nX-GitHub-Delivery: {sender}-{number}\r\nX-Hub-Signature-256: sha256={signature}\r\n"
        );
        assert_eq!(connection.send(path, &headers, &body), 202, "a delivery was not acknowledged");
    }
}
