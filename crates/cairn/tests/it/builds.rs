//! What a team's builds and tests tell, by the operation and on its page.
use delivery::{
    build::{ShowBuilds, TeamBuilds},
    pipeline::ImportPipelines,
};
use kernel::{Json, Time, json, parse};
use std::time::Duration;
use testkit::{World, worlds};

const COMMIT: &str = "aaaabbbbccccddddeeeeffff0000111122223333";

fn build(world: &World, id: usize, hours_ago: u64, minutes: u64, outcome: &str, event: &str) -> Json {
    let begun = world.clock.now() - Duration::from_secs(3_600 * hours_ago);
    let ended = begun + Duration::from_secs(60 * minutes);
    let commit = if id < 10 { COMMIT.to_owned() } else { format!("{id:040}") };
    json!({
        "id": id.to_string(), "attempt": 1, "project": "northwind/shop", "name": "Test", "commit": commit, "event": event,
        "outcome": outcome, "said": outcome, "queued_at": begun, "started_at": begun, "finished_at": ended, "as_of": ended,
        "url": format!("https://builds.example/{id}"),
    })
}

async fn imported(world: &World, records: Json) {
    world.call(&world.system(), parse::<ImportPipelines>(records).unwrap()).await.unwrap();
}

async fn shown(world: &World, who: &str) -> TeamBuilds {
    let show = ShowBuilds { team: world.team("ledger"), span: None };
    world.call(&world.actor(who).await, show).await.unwrap()
}

async fn repository(world: &World) -> String {
    let new =
        json!({ "name": "Shop", "location": "https://git.example/northwind/shop.git", "team": world.team("ledger") });
    world.ask(&world.system(), "repository.add", new).await.unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn lengths_failures_and_what_fails_without_a_reason() {
    for world in worlds().await {
        repository(&world).await;
        let mut builds = vec![
            build(&world, 1, 30, 10, "failed", "push"),
            build(&world, 2, 29, 10, "succeeded", "push"),
            build(&world, 3, 28, 10, "failed", "pull_request"),
            build(&world, 4, 27, 10, "cancelled", "push"),
        ];
        builds.extend((10..16).map(|id| build(&world, id, 40 + id as u64, 20, "succeeded", "push")));
        let waited = world.clock.now() - Duration::from_secs(7_200);
        let job = |id: usize| {
            json!({
                "id": id.to_string(), "attempt": 1, "project": "northwind/shop", "build": "10", "name": "unit",
                "outcome": "succeeded", "said": "success", "queued_at": waited,
                "started_at": waited + Duration::from_secs(90), "finished_at": waited + Duration::from_secs(120), "as_of": waited,
            })
        };
        imported(&world, json!({ "system": "github", "builds": builds, "jobs": (0..5).map(job).collect::<Vec<_>>() }))
            .await;
        let found = shown(&world, "mara").await;
        assert_eq!((found.builds.ended, found.builds.failed, found.builds.untimed), (9, 2, 0));
        assert_eq!((found.builds.duration.value, found.builds.queue.value), (Some(1_200.0), Some(90.0)));
        let (low, high) = found.builds.fail_rate.interval.unwrap();
        assert!(low < 2.0 / 9.0 && 2.0 / 9.0 < high);
        assert_eq!(found.weeks.iter().map(|week| week.succeeded + week.failed).sum::<usize>(), 9);
        let flaky: Vec<_> = found.flaky.iter().map(|one| (one.name.as_str(), one.commits, one.failed)).collect();
        assert_eq!(flaky, [("northwind/shop: Test (push)", 1, 1)], "a build for a pull request tries something else");
        let evidence = &found.flaky[0].evidence[0];
        assert_eq!((evidence.failed.as_str(), evidence.succeeded.as_str()), ("github:1", "github:2"));
        let page = world.browser("mara").await.get(&format!("/teams/{}/builds", world.team("ledger"))).await.text();
        for wanted in ["fails without a reason", "https://builds.example/1", "20 minutes"] {
            assert!(page.contains(wanted), "{wanted}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tests_that_pass_only_sometimes_and_the_trend_of_coverage() {
    for world in worlds().await {
        let repository = repository(&world).await;
        let at = |days: u64| world.clock.now() - Duration::from_secs(86_400 * days);
        let run = |id: &str, days: u64, outcome: &str| {
            json!({ "id": id, "commit": COMMIT, "ran_at": at(days), "seconds": 1.0,
            "results": [{ "suite": "s", "name": "sometimes", "outcome": outcome }, { "name": "never", "outcome": "failed" }] })
        };
        let report = |id: &str, days: u64, commit: &str, covered: i64| {
            json!({ "id": id, "commit": commit,
            "measured_at": at(days), "format": "lcov", "lines_covered": covered, "lines_known": 100 })
        };
        imported(
            &world,
            json!({ "system": "files", "repository": repository,
            "tests": [run("1", 2, "failed"), run("2", 1, "passed")],
            "coverage": [report("a", 9, "one", 40), report("b", 9, "one", 60), report("c", 3, "two", 70)] }),
        )
        .await;
        let found = shown(&world, "mara").await;
        let tests: Vec<_> = found.flaky_tests.iter().map(|one| (one.name.as_str(), one.passed, one.failed)).collect();
        assert_eq!(tests, [("sometimes", 1, 1)], "a test that always fails is not flaky");
        let covered: Vec<_> = found.coverage.iter().map(|one| (one.lines_covered, one.lines_known)).collect();
        assert_eq!(covered, [(100, 200), (70, 100)], "two reports of one commit are parts of a whole");
        assert!(found.builds.duration.value.is_none(), "nothing was built, so there is no number");
        assert!(found.coverage[0].measured_at < Time(found.to.0));
        let guest =
            world.call(&world.actor("grace").await, ShowBuilds { team: world.team("ledger"), span: None }).await;
        assert!(guest.is_err(), "a guest sees no builds");
    }
}
