//! What was imported comes out again with the ids of its source, wherever it came from and in whatever order.
use crate::pulls::import;
use delivery::{
    pull::{ExportPulls, ExportThings},
    repository::ListRepositories,
};
use kernel::{Json, json};
use std::{collections::BTreeSet, path::PathBuf};
use testkit::{World, worlds};

const COMMIT: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

/// A pull request with all that belongs to it, and an issue, a release and a commit that belong to none.
fn told() -> Vec<Json> {
    let api = "https://api.github.com/repos/northwind/shop";
    let (ann, ben) =
        (json!({ "login": "ann", "id": 1, "type": "User" }), json!({ "login": "ben", "id": 2, "type": "User" }));
    let page = "https://github.com/northwind/shop/pull/4";
    let pull = json!({
        "id": 7004, "number": 4, "title": "Count once", "state": "open", "user": ann, "draft": false, "html_url": page,
        "url": format!("{api}/pulls/4"), "created_at": "2026-03-02T08:00:00Z", "updated_at": "2026-03-02T09:00:00Z",
        "head": { "ref": "x", "sha": COMMIT }, "base": { "ref": "main", "sha": "bb", "repo": { "full_name": "northwind/shop", "id": 55 } },
    });
    let review = json!({ "id": 7010, "state": "APPROVED", "user": ben, "submitted_at": "2026-03-02T10:00:00Z", "pull_request_url": page });
    let comment = json!({ "id": 7011, "body": "Why?", "user": ben, "created_at": "2026-03-02T09:30:00Z", "updated_at": "2026-03-02T09:30:00Z",
        "html_url": format!("{page}#issuecomment-7011"), "issue_url": format!("{api}/issues/4") });
    let event = json!({ "id": 7012, "event": "ready_for_review", "actor": ann, "created_at": "2026-03-02T08:30:00Z",
        "url": format!("{api}/issues/events/7012"), "issue": { "number": 4, "url": format!("{api}/issues/4"), "pull_request": { "url": format!("{api}/pulls/4") },
        "title": "Count once", "state": "open", "user": ann, "id": 900, "html_url": page } });
    let issue = json!({ "id": 7020, "number": 9, "title": "It counts twice", "state": "open", "user": ben, "labels": [],
        "created_at": "2026-03-01T08:00:00Z", "updated_at": "2026-03-01T08:00:00Z", "url": format!("{api}/issues/9"), "html_url": "https://github.com/northwind/shop/issues/9" });
    let release = json!({ "id": 7030, "tag_name": "v1", "target_commitish": "main", "name": "One", "draft": false, "prerelease": false,
        "created_at": "2026-03-01T08:00:00Z", "published_at": "2026-03-01T09:00:00Z", "url": format!("{api}/releases/7030"), "author": ann });
    let commit = json!({ "sha": COMMIT, "url": format!("{api}/commits/{COMMIT}"),
        "commit": { "message": "Count", "author": { "name": "Ann", "email": "ann@x.example", "date": "2026-03-01T08:00:00Z" },
                    "committer": { "name": "Ann", "email": "ann@x.example", "date": "2026-03-01T08:00:00Z" } } });
    vec![pull, review, comment, event, issue, release, commit]
}

fn written(name: &str, lines: &[Json]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("cairn-export-{name}-{}.jsonl", std::process::id()));
    std::fs::write(&path, lines.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")).unwrap();
    path
}

/// Every line of an export but those of accounts.
async fn exported(world: &World) -> Vec<Json> {
    let system = world.system();
    let mut lines = Vec::new();
    for repository in world.call(&system, ListRepositories::default()).await.unwrap() {
        let export = ExportPulls { repository: repository.id, definition: None };
        lines.extend(world.call(&system, export).await.unwrap());
    }
    lines.extend(world.call(&system, ExportThings { after: None }).await.unwrap().lines);
    lines.retain(|line| line["kind"] != "account");
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_has_the_id_of_its_source_and_its_repository() {
    let told = told();
    let backwards: Vec<Json> = told.iter().rev().cloned().collect();
    let (forth, back) = (written("forth", &told), written("back", &backwards));
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        import(&world, &["github", forth.to_str().unwrap()]).await;
        let lines = exported(&world).await;
        let shop = json!("https://github.com/northwind/shop");
        for (kind, id) in [
            ("pull_request", "7004"),
            ("review", "7010"),
            ("comment", "7011"),
            ("event", "7012"),
            ("issue", "7020"),
            ("release", "7030"),
            ("commit", COMMIT),
        ] {
            let found: Vec<&Json> = lines.iter().filter(|line| line["kind"] == kind).collect();
            assert_eq!(found.len(), 1, "{kind}: {lines:#?}");
            assert_eq!((&found[0]["source_id"], &found[0]["repository"]), (&json!(id), &shop), "{kind}");
        }
        let issue = lines.iter().find(|line| line["kind"] == "issue").unwrap();
        assert_eq!(issue["number"], 9);
        import(&other, &["github", back.to_str().unwrap()]).await;
        let set = |lines: &[Json]| lines.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
        assert_eq!(set(&exported(&other).await), set(&lines), "the order does not matter");
    }
    [forth, back].iter().for_each(|file| std::fs::remove_file(file).unwrap_or_default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_two_repositories_is_a_line_for_each() {
    let commit = |name: &str| {
        json!({ "sha": COMMIT, "url": format!("https://api.github.com/repos/{name}/commits/{COMMIT}"),
            "commit": { "message": "Count", "author": { "name": "Ann", "email": "ann@x.example", "date": "2026-03-01T08:00:00Z" } } })
    };
    let path = written("two", &[commit("northwind/shop"), commit("ann/shop")]);
    for world in worlds().await {
        import(&world, &["github", path.to_str().unwrap()]).await;
        let lines = exported(&world).await;
        let places: Vec<&Json> =
            lines.iter().filter(|line| line["kind"] == "commit").map(|line| &line["repository"]).collect();
        assert_eq!(places, [&json!("https://github.com/ann/shop"), &json!("https://github.com/northwind/shop")]);
    }
    std::fs::remove_file(&path).unwrap_or_default();
}
