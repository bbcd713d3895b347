//! What CI and incident systems told comes in by the command, in any order and twice, and scripts tell of deployments.
use crate::command::config;
use cairn::command::cli;
use delivery::pipeline::{ExportBuilds, Exported, ListDeployments, ListIncidents};
use kernel::json;
use std::{collections::BTreeSet, fs, path::PathBuf};
use testkit::{World, worlds};

const PROJECT: &str = "octo-org/pay";

async fn import(world: &World, args: &[&str]) -> kernel::Result<std::process::ExitCode> {
    let config = config(world);
    let matches = cli().try_get_matches_from([&["cairn", "import"], args].concat()).unwrap();
    cairn::command::import(&config, matches.subcommand().unwrap().1).await
}

fn file(name: &str, text: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("cairn-pipelines-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// A deployment of GitHub and what became of it.
fn told() -> [String; 3] {
    let url = format!("https://api.github.example/repos/{PROJECT}/deployments/5");
    let status = |state: &str, minute: u32| {
        json!({ "id": minute, "state": state, "deployment_url": url, "created_at": format!("2026-03-18T09:{minute:02}:00Z") }).to_string()
    };
    let deployment = json!({ "id": 5, "sha": "a".repeat(40), "ref": "main", "environment": "production", "url": url,
        "created_at": "2026-03-18T09:00:00Z" });
    [deployment.to_string(), status("in_progress", 1), status("failure", 9)]
}

async fn repository(world: &World) -> String {
    let new = json!({ "name": "Pay", "location": format!("https://github.example/{PROJECT}.git"), "team": world.team("payments") });
    world.ask(&world.system(), "repository.add", new).await.unwrap()["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn deployments_add_up_in_any_order_and_twice() {
    for world in worlds().await {
        repository(&world).await;
        let (mara, list) = (world.actor("mara").await, ListDeployments { team: world.team("payments"), since: None });
        for order in [[2, 0, 1], [0, 1, 2], [1, 2, 0]] {
            for at in order {
                let path = file(&format!("{at}.json"), &told()[at]);
                import(&world, &["actions", path.to_str().unwrap()]).await.unwrap();
            }
            let found = world.call(&mara, ListDeployments { ..list.clone() }).await.unwrap();
            let shown: Vec<_> = found
                .iter()
                .map(|one| (one.id.as_str(), one.outcome.word(), one.finished_at.unwrap().to_string()))
                .collect();
            assert_eq!(shown, [("5", "failed", "2026-03-18T09:09:00Z".to_owned())]);
            assert_eq!(found[0].commit.as_deref(), Some("a".repeat(40).as_str()));
            assert!(found[0].repository.is_some(), "it is found by the name of the project");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_say_which_builds_and_tags_are_deployments() {
    for world in worlds().await {
        repository(&world).await;
        let run = json!({ "id": 7, "workflow_id": 1, "name": "Deploy EU", "head_sha": "b".repeat(40), "status": "completed",
            "conclusion": "success", "url": format!("https://api.github.example/repos/{PROJECT}/actions/runs/7"),
            "created_at": "2026-03-18T09:00:00Z", "updated_at": "2026-03-18T09:05:00Z" });
        let release = json!({ "id": 3, "tag_name": "v1.2", "draft": false, "published_at": "2026-03-19T09:00:00Z",
            "url": format!("https://api.github.example/repos/{PROJECT}/releases/3") });
        let path = file("runs.jsonl", &format!("{run}\n{release}\n"));
        import(&world, &["actions", path.to_str().unwrap()]).await.unwrap();
        let (mara, team) = (world.actor("mara").await, world.team("payments"));
        let list = || ListDeployments { team, since: None };
        assert!(world.call(&mara, list()).await.unwrap().is_empty());
        let rules = json!({ "team": team, "rules": [{ "kind": "pipeline", "pattern": "deploy *" }, { "kind": "tag", "pattern": "v*" }] });
        world.ask(&mara, "deployment_rule.set", rules).await.unwrap();
        let found = world.call(&mara, list()).await.unwrap();
        assert_eq!(
            found.iter().map(|one| one.environment.as_deref().unwrap()).collect::<Vec<_>>(),
            ["v1.2", "Deploy EU"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_tell_of_deployments_and_incidents() {
    for world in worlds().await {
        let (repository, team, mara) = (repository(&world).await, world.team("payments"), world.actor("mara").await);
        let deployment =
            json!({ "repository": repository, "id": "41", "environment": "production", "outcome": "running" });
        world.ask(&mara, "deployment.add", deployment).await.unwrap();
        let over = json!({ "repository": repository, "id": "41", "environment": "production", "outcome": "succeeded",
            "finished_at": "2026-03-18T09:00:00Z" });
        world.ask(&mara, "deployment.add", over).await.unwrap();
        let found = world.call(&mara, ListDeployments { team, since: None }).await.unwrap();
        assert_eq!(found.iter().map(|one| one.outcome.word()).collect::<Vec<_>>(), ["succeeded"]);
        for resolved in [json!(null), json!("2026-03-18T11:00:00Z")] {
            let incident = json!({ "team": team, "id": "down", "title": "Down", "opened_at": "2026-03-18T10:00:00Z", "resolved_at": resolved });
            world.ask(&mara, "incident.add", incident).await.unwrap();
        }
        let found = world.call(&mara, ListIncidents { team, since: None }).await.unwrap();
        assert_eq!(found.iter().map(|one| one.resolved_at.is_some()).collect::<Vec<_>>(), [true]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_results_are_kept_once_and_a_broken_one_does_not_keep_the_others_out() {
    for world in worlds().await {
        let id = repository(&world).await;
        let results = file(
            "r.xml",
            "<testsuite name='s'><testcase name='a' time='0.1'/><testcase name='b'><failure/></testcase></testsuite>",
        );
        let broken = file("a-broken.xml", "<testsuite>\n<testcase");
        let (path, broken) = (results.to_str().unwrap(), broken.to_str().unwrap());
        for _ in 0..2 {
            import(&world, &["junit", path, "--repository", &id, "--commit", "abc"]).await.unwrap();
        }
        let ended = import(&world, &["junit", broken, path]).await.unwrap();
        assert_eq!(format!("{ended:?}"), format!("{:?}", std::process::ExitCode::FAILURE));
        let lcov = file("l.info", "SF:a\nDA:1,1\nDA:2,0\nend_of_record\n");
        import(&world, &["coverage", lcov.to_str().unwrap(), "--repository", "pay"]).await.unwrap();
        let lines = |kind| ExportBuilds { kind, after: None };
        let runs = world.call(&world.system(), lines(Exported::TestRun)).await.unwrap().lines;
        assert_eq!(runs.iter().filter(|run| run["commit"] == "abc").count(), 1);
        assert_eq!(runs.len(), 2, "one with and one without a repository");
        let results = world.call(&world.system(), lines(Exported::TestResult)).await.unwrap().lines;
        assert_eq!(results.iter().filter(|one| one["outcome"] == "failed").count(), 2);
        assert_eq!(world.call(&world.system(), lines(Exported::Coverage)).await.unwrap().lines.len(), 1);
    }
}

/// Of a thousand builds each is exported once, in pages.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_goes_on_where_a_page_ends() {
    let run = |id: usize| {
        json!({ "id": id, "workflow_id": 1, "name": "Test", "head_sha": "c", "status": "completed", "conclusion": "success",
            "url": format!("https://api.github.example/repos/{PROJECT}/actions/runs/{id}"), "updated_at": "2026-03-18T09:05:00Z" })
    };
    let runs: Vec<String> = (0..1_234).map(|id| run(id).to_string()).collect();
    for world in worlds().await {
        let path = file("many.jsonl", &runs.join("\n"));
        import(&world, &["github-actions", path.to_str().unwrap(), "--quiet"]).await.unwrap();
        let (mut after, mut ids) = (None, BTreeSet::new());
        loop {
            let page = world.call(&world.system(), ExportBuilds { kind: Exported::Build, after }).await.unwrap();
            ids.extend(page.lines.iter().map(|line| line["source_id"].as_str().unwrap().to_owned()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(ids.len(), 1_234);
    }
}
