//! Connections of GitHub Apps.
use super::{connect, from_files, host::CodeHost, paths, payloads, read, state};
use base64::{Engine, prelude::BASE64_STANDARD};
use delivery::connection::{RemoveConnection, SetConnectionToken, StartConnection, State};
use kernel::{Id, Json, json};
use ring::signature::{KeyPair, RsaKeyPair};
use std::{sync::Arc, time::Duration};
use testkit::worlds;

/// A key that is used nowhere.
const PEM: &str = include_str!("../../../../delivery/fixtures/app_key.pem");

/// A host that knows the app by its public key.
async fn host() -> Arc<CodeHost> {
    let host = CodeHost::start(payloads::github(3)).await;
    let body: String = PEM.lines().filter(|line| !line.starts_with("-----")).collect();
    let key = RsaKeyPair::from_der(&BASE64_STANDARD.decode(body).unwrap()).unwrap();
    *host.app.lock().unwrap() = Some((key.public_key().as_ref().to_vec(), 0));
    host
}

fn app(installation: &str) -> Json {
    json!({ "app": "12345", "installation": installation, "token": PEM })
}

fn lent(host: &CodeHost) -> usize {
    paths(host).iter().filter(|path| path.contains("access_tokens")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_asks_with_a_token_for_an_hour_and_gets_another() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = host().await;
        let id = connect(&world, &host, app("77")).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.problem.as_str(), one.left_in_all), (State::Done, "", 0), "{:?}", one.left);
        assert_eq!(state(&world).await, from_files(&other, &host, "github").await);
        assert_eq!(lent(&host), 1, "one token is enough for all of it");

        world.pass_to_time(world.clock.now() + Duration::from_secs(25 * 3600)).await;
        assert_eq!((read(&world, id).await.state, lent(&host)), (State::Done, 2), "it has ended by the next night");

        host.app.lock().unwrap().as_mut().unwrap().1 += 1;
        world.call(&world.actor("joana").await, StartConnection { connection: id }).await.unwrap();
        assert_eq!(
            (read(&world, id).await.state, lent(&host)),
            (State::Done, 3),
            "one that was taken back is replaced"
        );

        let page = world.browser("joana").await.get("/connections").await.text();
        assert!(page.contains("App 12345") && !page.contains("BEGIN"), "{page}");
        let bytes = world.bytes().await;
        for secret in ["ghs_", PEM.lines().nth(3).unwrap()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret} stands nowhere");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_an_app_from_asking_is_told() {
    for world in worlds().await {
        let joana = world.actor("joana").await;
        for (installation, fault, state, sentence) in [
            ("77", Some((401, "")), State::Failed, "does not accept the key of app 12345"),
            ("99", None, State::Failed, "App 12345 has no installation 99"),
            (
                "77",
                Some((403, "{\"message\":\"This installation has been suspended\"}")),
                State::Failed,
                "is suspended",
            ),
            ("77", Some((302, "")), State::Failed, "gives no token to app 12345 (302)"),
            ("77", Some((201, "{}")), State::Reading, "answered the app with no token"),
            ("77", Some((502, "")), State::Reading, "answered with an error (502)"),
            ("77", Some((429, "")), State::Reading, "asks to wait"),
        ] {
            let host = host().await;
            if let Some((status, body)) = fault {
                host.faults.lock().unwrap().insert(0, (status, Vec::new(), body.to_owned()));
            }
            let id = connect(&world, &host, app(installation)).await;
            world.drain().await;
            let one = super::shown(&world, id).await;
            assert!(one.state == state && one.problem.contains(sentence), "{}", one.problem);
            assert_eq!(paths(&host).len(), 1, "nothing else is asked");
            if installation == "77" {
                let again = SetConnectionToken { connection: id, token: PEM.parse().unwrap() };
                world.call(&joana, again).await.unwrap();
                assert_eq!(read(&world, id).await.state, State::Done, "it goes on");
            }
            world.call(&joana, RemoveConnection { connection: id }).await.unwrap();
        }
        let id: Id<_> = connect(&world, &*host().await, app("77")).await;
        let wrong = SetConnectionToken { connection: id, token: "marigold".parse().unwrap() };
        assert!(world.call(&joana, wrong).await.is_err(), "a token is no private key");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_takes_a_key_in_one_line_and_says_what_is_wrong() {
    for world in worlds().await {
        let mut browser = world.browser("joana").await;
        let joined = PEM.replace('\n', "");
        for (system, app, installation, token, sentence) in [
            ("github", "12345", "77", "marigold", "This is no private key of an app."),
            ("github", "12345", "seven", &joined, "Write the number of the installation."),
            ("github", "12345", "", &joined, "Write the number of the installation."),
            ("github", "../12", "77", &joined, "Write its number or its client id."),
            ("gitlab", "12345", "77", "marigold", "Only GitHub has apps."),
        ] {
            let fields = [
                ("system", system),
                ("scope", "repository"),
                ("path", "northwind/pay"),
                ("app", app),
                ("installation", installation),
                ("token", token),
                ("address", "https://127.0.0.1"),
            ];
            let page = browser.post_from("/connections/new", "/connections", &fields).await.text();
            assert!(page.contains(sentence) && !page.contains(token), "{app}: {page}");
        }
        let fields = [
            ("system", "github"),
            ("scope", "repository"),
            ("path", "northwind/pay"),
            ("app", "Iv23.abc"),
            ("installation", "77"),
            ("token", joined.as_str()),
            ("address", "https://127.0.0.1"),
        ];
        browser.post_from("/connections/new", "/connections", &fields).await;
        assert!(browser.get("/connections").await.text().contains("App Iv23.abc"));
    }
}
