//! Connections to CircleCI and Jenkins.
use super::{
    builds,
    host::{CodeHost, Manners, TOKEN, USER},
    paths, read, shown, state,
};
use delivery::{
    connection::{AddConnection, Connection, StartConnection, State},
    repository::AddRepository,
};
use kernel::{Id, Json, json, parse};
use std::{sync::Arc, time::Duration};
use testkit::{World, worlds};

const DAY: Duration = Duration::from_secs(25 * 3600);

async fn circleci(pipelines: i64) -> Arc<CodeHost> {
    CodeHost::like(Manners::CircleCi, builds::circleci(pipelines)).await
}

/// A server of Jenkins below a path, with so many builds of its nightly run.
async fn jenkins(number: i64) -> Arc<CodeHost> {
    let host = CodeHost::like(Manners::Jenkins, Default::default()).await;
    *host.holds.lock().unwrap() = builds::jenkins(number, &host.origin);
    host
}

async fn connect(world: &World, host: &CodeHost, system: &str, path: &str, more: Json) -> Id<Connection> {
    world.outside.admit(&host.origin);
    let below = if system == "jenkins" { "/ci/" } else { "" };
    let mut input = json!({ "system": system, "scope": "repository", "path": path, "token": TOKEN,
        "address": format!("{}{below}", host.origin) });
    if system == "jenkins" {
        input["login"] = json!(USER);
    }
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.call(&world.actor("joana").await, parse::<AddConnection>(input).unwrap()).await.unwrap().id
}

/// The state after an import of these documents from a file.
async fn imported(world: &World, system: &str, documents: &Json) -> Vec<String> {
    let file = std::env::temp_dir().join(format!("cairn-builds-{}.json", Id::<()>::new()));
    std::fs::write(&file, documents.to_string()).unwrap();
    crate::pulls::import(world, &[system, file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    state(world).await
}

fn without_tests(lines: Vec<String>) -> Vec<String> {
    lines.into_iter().filter(|line| !line.contains("\"test_r")).collect()
}

fn asked_after(host: &CodeHost, before: usize) -> Vec<String> {
    paths(host).split_off(before)
}

#[tokio::test(flavor = "multi_thread")]
async fn circleci_is_read_page_by_page_as_its_files_would_tell() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = circleci(5).await;
        let id = connect(&world, &host, "circleci", "northwind/pay", json!({})).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.problem.as_str(), one.left_in_all), (State::Done, "", 0), "{:?}", one.left);
        let asked = paths(&host);
        assert_eq!(asked.len(), 1 + 3 + 5 + 5 * 2, "each page once: {asked:#?}");
        let lines = state(&world).await;
        assert_eq!(lines.iter().filter(|line| line.contains("\"j-")).count(), 15, "{lines:#?}");
        assert_eq!(lines, imported(&other, "circleci", &host.recording()).await);

        let webhook = builds::circleci_webhook(5);
        let after = imported(&world, "circleci", &webhook).await;
        assert_ne!(after, lines, "a webhook tells the address of the workflow as well");
        let start = world.actor("joana").await;
        world.call(&start, StartConnection { connection: id }).await.unwrap();
        read(&world, id).await;
        assert_eq!(state(&world).await, after, "what both tell is one row, in any order");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_that_waits_is_asked_for_again_until_it_has_ended() {
    for world in worlds().await {
        let host = circleci(12).await;
        builds::circleci_stands(&mut host.holds.lock().unwrap(), 2, "on_hold");
        let id = connect(&world, &host, "circleci", "gh/northwind", json!({ "scope": "group" })).await;
        assert_eq!(read(&world, id).await.state, State::Done);
        for (status, again, said) in
            [("on_hold", true, "waiting"), ("success", true, "succeeded"), ("success", false, "")]
        {
            builds::circleci_stands(&mut host.holds.lock().unwrap(), 2, status);
            let before = paths(&host).len();
            world.pass_to_time(world.clock.now() + DAY).await;
            read(&world, id).await;
            let asked = asked_after(&host, before);
            assert_eq!(asked.iter().any(|path| path.ends_with("pipeline/p-2/workflow")), again, "{asked:?}");
            assert!(!asked.iter().any(|path| path.contains("p-3/")), "what has ended is left: {asked:?}");
            let lines = state(&world).await;
            let row = lines.iter().find(|line| line.contains("\"w-2\"") && line.contains("\"build\"")).unwrap();
            assert!(row.contains(said), "{row}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_and_failures_of_circleci_change_nothing_in_the_end() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = circleci(4).await;
        let spent = vec![("retry-after", "40".to_owned()), ("x-ratelimit-reset", "40".to_owned())];
        let soon = vec![("x-ratelimit-remaining", "0".to_owned()), ("x-ratelimit-reset", "20".to_owned())];
        host.faults.lock().unwrap().extend([
            (1, (429, spent, json!({ "message": "Rate limit exceeded" }).to_string())),
            (3, (500, Vec::new(), json!({ "message": "Internal server error" }).to_string())),
            (6, (200, Vec::new(), "<html>".to_owned())),
            (8, (429, soon, String::new())),
        ]);
        let id = connect(&world, &host, "circleci", "gh/northwind/pay", json!({})).await;
        let start = world.clock.now();
        world.drain().await;
        assert_eq!(shown(&world, id).await.wait_until, Some(start + Duration::from_secs(40)));
        let one = read(&world, id).await;
        assert_eq!((one.state, one.left_in_all), (State::Done, 0), "{:?}", one.left);
        assert_eq!(state(&world).await, imported(&other, "circleci", &host.recording()).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_at_a_builder_is_told_and_nothing_more_is_asked() {
    for world in worlds().await {
        for (system, path, fault, sentence) in [
            ("circleci", "northwind/pay", (401, Vec::new()), "does not accept the token"),
            ("circleci", "northwind/fees", (404, Vec::new()), "There is no gh/northwind/fees at"),
            ("jenkins", "Pay team", (401, Vec::new()), "does not accept the token"),
            ("jenkins", "Pay team/app", (403, Vec::new()), "The token may not read Pay team/app at"),
            ("jenkins", "Pay team/new", (302, vec![("location", "https://sso.example/".to_owned())]), "sso.example"),
        ] {
            let host = if system == "jenkins" { jenkins(1).await } else { circleci(1).await };
            host.faults.lock().unwrap().insert(0, (fault.0, fault.1, String::new()));
            let id = connect(&world, &host, system, path, json!({})).await;
            let one = read(&world, id).await;
            assert!(one.state == State::Failed && one.problem.contains(sentence), "{}", one.problem);
            assert_eq!(paths(&host).len(), 1);
            let gone = delivery::connection::RemoveConnection { connection: id };
            world.call(&world.actor("joana").await, gone).await.unwrap();
        }
        let bytes = world.bytes().await;
        assert!(!bytes.windows(TOKEN.len()).any(|window| window == TOKEN.as_bytes()), "the token stands nowhere");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn jenkins_is_walked_through_its_folders_and_ranges() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let host = jenkins(230).await;
        let id = connect(&world, &host, "jenkins", "/", json!({ "scope": "group" })).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.problem.as_str(), one.left_in_all), (State::Done, "", 0), "{:?}", one.left);
        let asked = paths(&host);
        assert_eq!(asked.len(), 3 + 3 + 1 + 2 * 2, "folders, ranges, and what belongs to builds: {asked:#?}");
        let lines = without_tests(state(&world).await);
        assert_eq!(lines.iter().filter(|line| line.contains("\"kind\":\"build\"")).count(), 232, "{}", lines.len());
        assert!(lines.iter().any(|line| line.contains("Pay team/app/fees%2Fround#2/14")), "{lines:#?}");
        assert_eq!(lines, without_tests(imported(&other, "jenkins", &host.recording()).await));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_build_that_goes_on_is_asked_for_again_and_what_is_over_is_not() {
    for world in worlds().await {
        let host = jenkins(3).await;
        builds::jenkins_runs(&mut host.holds.lock().unwrap(), 3, true);
        let id = connect(&world, &host, "jenkins", "Pay team", json!({})).await;
        assert_eq!(read(&world, id).await.state, State::Done);
        builds::jenkins_runs(&mut host.holds.lock().unwrap(), 3, false);
        for again in [true, false] {
            let before = paths(&host).len();
            world.pass_to_time(world.clock.now() + DAY).await;
            read(&world, id).await;
            let asked = asked_after(&host, before);
            assert_eq!(asked.iter().any(|path| path.contains("/3/api/json")), again, "{asked:?}");
            assert_eq!(asked.len(), if again { 3 } else { 2 }, "only the folders are asked for: {asked:?}");
        }
        let lines = state(&world).await;
        let row = lines.iter().find(|line| line.contains("nightly run#3\"")).unwrap();
        assert!(row.contains("\"failed\""), "{row}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn builds_belong_to_the_repository_that_they_checked_out_and_so_do_their_tests() {
    for world in worlds().await {
        let repository =
            json!({ "name": "pay", "location": "https://github.com/northwind/pay", "team": world.team("payments") });
        let joana = world.actor("joana").await;
        world.call(&joana, parse::<AddRepository>(repository).unwrap()).await.unwrap();
        let host = jenkins(2).await;
        let address = format!("{}/ci/job/Pay%20team/job/app/", host.origin);
        let id = connect(&world, &host, "jenkins", &address, json!({ "address": null })).await;
        assert_eq!(read(&world, id).await.path, "Pay team/app");
        let lines = state(&world).await;
        let of = |kind: &str| lines.iter().filter(|line| line.contains(&format!("\"kind\":\"{kind}\""))).count();
        assert_eq!((of("build"), of("job"), of("test_run"), of("test_result")), (2, 4, 2, 4), "{lines:#?}");
        let placed = lines.iter().filter(|line| line.contains("https://github.com/northwind/pay")).count();
        assert!(placed >= 8, "{lines:#?}");
        let run = lines.iter().find(|line| line.contains("\"kind\":\"test_run\"")).unwrap();
        assert!(run.contains(&"d".repeat(40)), "{run}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn plugins_that_are_missing_leave_nothing_open() {
    for world in worlds().await {
        let host = jenkins(2).await;
        host.holds.lock().unwrap().retain(|path, _| !path.contains("wfapi") && !path.contains("testReport"));
        let id = connect(&world, &host, "jenkins", "Pay team/app", json!({})).await;
        let one = read(&world, id).await;
        assert_eq!((one.state, one.left_in_all), (State::Done, 0), "{:?}", one.left);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_says_what_a_system_needs() {
    for world in worlds().await {
        let mut browser = world.browser("joana").await;
        let team = world.team("payments").to_string();
        for (system, path, login, team, sentence) in [
            ("jenkins", "Pay team/app", "", "", "Say whose token it is."),
            ("jenkins", "Pay team/..", "cairn", "", "Write it as folder/job."),
            ("jenkins", "/", "cairn", "", "Write it as folder/job."),
            ("circleci", "pay", "", "", "Write it as gh/owner/name."),
            ("circleci", "northwind/pay", "", team.as_str(), "Only a code host brings repositories."),
        ] {
            let fields = [
                ("system", system),
                ("scope", "repository"),
                ("path", path),
                ("login", login),
                ("team", team),
                ("address", "https://ci.northwind.example"),
                ("token", TOKEN),
            ];
            let page = browser.post_from("/connections/new", "/connections", &fields).await.text();
            assert!(page.contains(sentence) && !page.contains(TOKEN), "{path}: {page}");
        }
        let fields = [
            ("system", "jenkins"),
            ("scope", "group"),
            ("path", "https://127.0.0.1/ci/"),
            ("login", "cairn"),
            ("address", ""),
            ("token", TOKEN),
        ];
        browser.post_from("/connections/new", "/connections", &fields).await;
        world.drain().await;
        let page = browser.get("/connections").await.text();
        assert!(page.contains("All jobs") && page.contains("127.0.0.1 is inside the network of this server"), "{page}");
    }
}
