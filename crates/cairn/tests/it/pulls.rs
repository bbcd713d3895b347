//! Files of code hosts are imported in any order, any number of times, into one state.
use crate::command::config;
use cairn::command::cli;
use delivery::{
    code::Span,
    pipeline::{ExportBuilds, Exported},
    pull::{ExportPulls, ListImports},
    repository::ListRepositories,
    review::{Reviews, ShowReviews},
};
use kernel::{Json, Method, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;
use testkit::{World, worlds};

/// Every pull request and what belongs to it, a line each.
#[derive(Deserialize, JsonSchema)]
struct ReadPulls {}

impl Operation for ReadPulls {
    const NAME: &str = "test.pulls";
    const ROUTE: Route = Route(Method::Get, "/test/pulls");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &kernel::Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        let select = sql!(
            "select what || ' ' || cast(number as text) || ' ' || said || ' ' || told from (
                select 'pull' as what, number, state || ' ' || title || ' ' || coalesce(cast(additions as text), '') as said, told
                  from pull_requests where workspace_id = $1
                union all select 'label', number, label, '' from pull_labels where workspace_id = $1
                union all select 'review', number, key || state, told from reviews where workspace_id = $1
                union all select 'comment', number, key, told from pull_comments where workspace_id = $1
                union all select 'event', number, key || event, told from pull_events where workspace_id = $1
                union all select 'commit', number, hash, told from pull_commits where workspace_id = $1
                union all select kind, 0, key, told from forge_things where workspace_id = $1
             ) as everything order by 1"
        );
        tx.all(select, args![tx.workspace()]).await
    }
}

pub async fn state(world: &World) -> Vec<String> {
    let mut lines = world.call(&world.system(), ReadPulls {}).await.unwrap();
    lines.sort();
    lines
}

/// `cairn import github …` on the database of a world, and how it ended.
pub async fn import(world: &World, args: &[&str]) -> String {
    let config = config(world);
    let matches = cli().try_get_matches_from([&["cairn", "import"], args, &["--quiet"]].concat()).unwrap();
    let (_, given) = matches.subcommand().unwrap();
    format!("{:?}", cairn::command::import(&config, given).await.unwrap())
}

fn fixture(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../forge/fixtures").join(name);
    path.display().to_string()
}

const FILES: [&str; 3] = ["pull.json", "graphql.json", "_raw_github_api_pull_request_commits.csv"];

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_files_and_repetition_change_nothing() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let files = FILES.map(fixture);
        import(&world, &["github", &files[0], &files[1], &files[2]]).await;
        let once = state(&world).await;
        assert!(once.iter().any(|line| line.starts_with("pull 12 merged Round amounts before they are shown 10 ")));
        for wanted in ["review 12 31approved", "label 12 money", "commit 12 aaaabbbb", "event 12 12 ready"] {
            assert!(once.iter().any(|line| line.starts_with(wanted)), "{wanted}: {once:#?}");
        }
        import(&world, &["github", &files[0], &files[1], &files[2]]).await;
        assert_eq!(state(&world).await, once);
        let imports = world.call(&world.system(), ListImports {}).await.unwrap();
        assert_eq!(imports.iter().map(|one| one.changed > 0).collect::<Vec<_>>(), [false, true]);

        for file in files.iter().rev() {
            import(&other, &["github", file]).await;
        }
        assert_eq!(state(&other).await, once);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_stores_nothing_and_a_broken_file_does_not_stop_the_others() {
    for world in worlds().await {
        import(&world, &["github", &fixture("pull.json"), "--dry-run"]).await;
        assert!(state(&world).await.is_empty());
        let broken = std::env::temp_dir().join(format!("cairn-broken-{}.json", std::process::id()));
        std::fs::write(&broken, "{\"number\":").unwrap();
        let ended = import(&world, &["github", broken.to_str().unwrap(), &fixture("pull.json")]).await;
        std::fs::remove_file(&broken).unwrap();
        assert!(ended.contains('1'), "the command says that it failed: {ended}");
        assert!(state(&world).await.iter().any(|line| line.starts_with("pull 12 ")));
        let log = world.call(&world.system(), ListImports {}).await.unwrap().remove(0);
        let problems = &log.report.problems;
        assert!(problems[0].contains("line 1, column 10: this is no JSON"), "{problems:?}");
        assert_eq!((log.files, log.records > 0), (2, true));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gitlab_tells_what_happened_in_notes() {
    for world in worlds().await {
        import(&world, &["gitlab", &fixture("merge_request.jsonl")]).await;
        let lines = state(&world).await;
        for wanted in ["pull 2 merged Draft: Faster", "event 2 2 ready", "review 2 2approved", "comment 2 3"] {
            assert!(lines.iter().any(|line| line.starts_with(wanted)), "{wanted}: {lines:#?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_archive_of_a_real_team_is_imported_whole() {
    let archive = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/github-pr-archive");
    if !archive.exists() {
        return println!("skipped: {} is not here", archive.display());
    }
    for world in worlds().await {
        import(&world, &["github", archive.to_str().unwrap()]).await;
        let lines = state(&world).await;
        let count = |what: &str| lines.iter().filter(|line| line.starts_with(what)).count();
        let counts = [count("pull "), count("review "), count("issue "), count("comment ")];
        // Two comments are the same in every respect: text, place, author and second.
        assert_eq!(counts, [582, 1370, 303, 3154]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_the_ids_of_the_source_and_the_stages() {
    for world in worlds().await {
        let files = FILES.map(fixture);
        import(&world, &["github", &files[0], &files[1], &files[2]]).await;
        let system = world.system();
        let repository = world.call(&system, ListRepositories::default()).await.unwrap().remove(0).id;
        let export =
            |name: &str| ExportPulls { repository, definition: Some(Name::try_from(name.to_owned()).unwrap()) };
        let lines = world.call(&system, export("cairn")).await.unwrap();
        let of = |kind: &str| lines.iter().find(|line| line["kind"] == kind).unwrap();
        let pull = of("pull_request");
        assert_eq!((pull["source_id"].as_str(), pull["author"].as_str()), (Some("7001"), Some("mara-lindqvist")));
        // Written at 16:00, opened at 8:00 as a draft, ready at 10:00, approved at 9:00, merged at 15:30.
        let hours = |stage: &str| pull["stages"][format!("{stage}_seconds")].as_f64().map(|seconds| seconds / 3600.0);
        let stages = ["coding", "pickup", "review", "merge", "cycle"].map(hours);
        assert_eq!(stages, [Some(18.0), Some(23.0), Some(0.0), Some(6.5), Some(47.5)]);
        assert_eq!(of("review")["source_id"], "31");
        assert_eq!(of("pull_commit")["hash"], "aaaabbbbccccddddeeeeffff0000111122223333");
        assert_eq!(
            (&pull["stages"]["definition"], &pull["stages"]["definition_version"]),
            (&json!("cairn"), &json!(1))
        );
        let other = world.call(&system, export("devlake")).await.unwrap();
        let other = other.iter().find(|line| line["kind"] == "pull_request").unwrap();
        assert_eq!(
            (&other["stages"]["definition"], &other["stages"]["merge_seconds"]),
            (&json!("devlake"), &Json::Null)
        );
        assert!(world.call(&system, export("nobody")).await.is_err());
        let refused = world.call(&world.actor("dele").await, export("cairn")).await;
        assert!(refused.is_err(), "an export is for those who keep records");
    }
}

/// Runs, deployments and releases in the same files, in any order and twice, and an export that has all of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_built_and_deployed_comes_with_the_pull_requests() {
    let merge = "4d1c0de4d1c0de4d1c0de4d1c0de4d1c0de4d1c0";
    let api = "https://api.github.com/repos/northwind/pay";
    let deployment = json!({ "id": 5, "sha": merge, "environment": "production", "created_at": "2026-03-03T16:00:00Z",
        "url": format!("{api}/deployments/5") });
    let status = json!({ "id": 6, "state": "success", "deployment_url": format!("{api}/deployments/5"),
        "created_at": "2026-03-03T17:30:00Z" });
    let run = json!({ "id": 7, "workflow_id": 1, "name": "Test", "head_sha": merge, "status": "completed",
        "conclusion": "success", "url": format!("{api}/actions/runs/7"), "updated_at": "2026-03-03T16:00:00Z" });
    let surprise = json!({ "surprise": 1 });
    let path = std::env::temp_dir().join(format!("cairn-built-{}.jsonl", std::process::id()));
    std::fs::write(&path, [&deployment, &status, &run, &surprise].map(ToString::to_string).join("\n")).unwrap();
    let (pull, built) = (fixture("pull.json"), path.display().to_string());
    for world in worlds().await {
        for order in [[&built, &pull], [&pull, &built]] {
            import(&world, &["github", order[0], order[1]]).await;
            let (pulls, deployments) = exported(&world).await;
            let stages = &pulls[0]["stages"];
            assert_eq!((stages["merge_seconds"].is_null(), stages["deploy_seconds"].as_f64()), (false, Some(7200.0)));
            let known = deployments.iter().map(|one| (&one["source_id"], &one["outcome"], &one["project"]));
            assert_eq!(known.collect::<Vec<_>>(), [(&json!("5"), &json!("succeeded"), &json!("northwind/pay"))]);
        }
        let log = world.call(&world.system(), ListImports {}).await.unwrap().remove(0);
        let (left, kinds) = (&log.report.pulls.not_taken, &log.report.builds.kinds);
        assert!(left.contains_key("not recognised: surprise"), "{left:?}");
        assert!(!left.keys().any(|name| name.contains("run") || name.contains("deployment")), "{left:?}");
        assert_eq!(kinds["deployment"].records + kinds["deployment status"].records + kinds["workflow run"].records, 3);
    }
}

/// The pull requests and the deployments of an export.
async fn exported(world: &World) -> (Vec<Json>, Vec<Json>) {
    let system = world.system();
    let repository = world.call(&system, ListRepositories::default()).await.unwrap().remove(0).id;
    let export = ExportPulls { repository, definition: None };
    let mut pulls = world.call(&system, export).await.unwrap();
    pulls.retain(|line| line["kind"] == "pull_request");
    let deployments = ExportBuilds { kind: Exported::Deployment, after: None };
    (pulls, world.call(&system, deployments).await.unwrap().lines)
}

/// A file with a merged pull request of each author: opened at 8:00, approved at 10:00, merged at 11:00.
fn merged_by(authors: &[&str]) -> PathBuf {
    let pulls = (1..).zip(authors).flat_map(|(number, author)| {
        let user = json!({ "login": author, "id": number, "type": "User" });
        let page = format!("https://github.com/northwind/shop/pull/{number}");
        let pull = json!({
            "id": number, "number": number, "title": format!("Change {number}"), "state": "closed", "user": user,
            "created_at": "2026-03-02T08:00:00Z", "updated_at": "2026-03-02T11:00:00Z", "draft": false,
            "closed_at": "2026-03-02T11:00:00Z", "merged_at": "2026-03-02T11:00:00Z", "html_url": page,
            "head": { "ref": "x", "sha": "aa" }, "base": { "ref": "main", "sha": "bb" }, "additions": 10, "deletions": number,
        });
        let review = json!({
            "id": 100 + number, "state": "APPROVED", "submitted_at": "2026-03-02T10:00:00Z", "pull_request_url": page,
            "user": { "login": "reviewer", "id": 90, "type": "User" },
        });
        [pull, review]
    });
    let name = format!("cairn-merged-{}-{}.json", authors.len(), std::process::id());
    let file = std::env::temp_dir().join(name);
    std::fs::write(&file, json!(pulls.collect::<Vec<_>>()).to_string()).unwrap();
    file
}

async fn reviews(world: &World, who: &str) -> Reviews {
    let show = ShowReviews { team: world.team("payments"), span: Some(Span::All), definition: None };
    world.call(&world.actor(who).await, show).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn stages_of_a_team_are_shown_where_three_people_are_behind_them() {
    for world in worlds().await {
        let (two, four) = (merged_by(&["ann", "ben"]), merged_by(&["ann", "ben", "cat", "robot[bot]"]));
        import(&world, &["github", two.to_str().unwrap(), "--team", "payments"]).await;
        let few = reviews(&world, "mara").await;
        assert_eq!((few.known, few.contributors, few.numbers.is_none()), (2, 2, true));
        import(&world, &["github", four.to_str().unwrap()]).await;
        let found = reviews(&world, "dele").await;
        let numbers = found.numbers.unwrap();
        let hour = 3_600_000_000;
        assert_eq!((numbers.merged, numbers.by_bots, numbers.coding.value, numbers.coding.missing), (3, 1, None, 3));
        let stages = [numbers.pickup, numbers.review, numbers.merge, numbers.cycle].map(|figure| figure.value);
        assert_eq!(stages, [Some(2 * hour), Some(0), Some(hour), Some(3 * hour)]);
        let awake = numbers.awake.unwrap();
        assert_eq!((awake.pull_requests, awake.nobody + awake.someone + awake.author), (3, 3 * 2 * hour));
        assert_eq!((numbers.size.value, numbers.pulls.len()), (Some(12), 3));
        let mut client = world.browser("mara").await;
        let page = client.get(&format!("/teams/{}/reviews?span=all", world.team("payments"))).await;
        for shown in ["are answered within 2 hours", "Nobody who may review was at work", "Change 3"] {
            assert!(page.text().contains(shown), "{shown}");
        }
        for login in ["ann", "reviewer"] {
            assert!(!page.text().contains(&format!(">{login}<")), "nobody is named beside a number");
        }
        [two, four].iter().for_each(|file| std::fs::remove_file(file).unwrap_or_default());
    }
}
