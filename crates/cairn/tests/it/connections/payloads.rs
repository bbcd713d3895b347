//! What a small repository looks like to those who ask GitHub or GitLab for it.
use kernel::{Json, json};
use std::collections::BTreeMap;

const FIXTURE: &str = include_str!("../../../../forge/fixtures/pull.json");
const MERGE_REQUESTS: &str = include_str!("../../../../forge/fixtures/merge_request.jsonl");

type Held = BTreeMap<String, Json>;

/// What the API of an Enterprise server holds of `northwind/pay`: so many pull requests, the newest first.
pub fn github(pulls: i64) -> Held {
    let api = "/api/v3/repos/northwind/pay";
    let repository = json!({ "id": 5, "full_name": "northwind/pay", "html_url": "https://github.com/northwind/pay",
        "owner": { "login": "northwind", "id": 1, "type": "Organization" }, "default_branch": "main", "private": true,
        "pushed_at": "2026-03-16T10:00:00Z", "updated_at": "2026-03-16T10:00:00Z", "created_at": "2024-01-01T00:00:00Z" });
    let mut held = Held::from([
        ("/api/v3/orgs/northwind/repos".to_owned(), json!([repository])),
        (api.to_owned(), repository),
        (format!("{api}/releases"), json!([release()])),
        (format!("{api}/deployments"), json!([deployment()])),
        (format!("{api}/deployments/61/statuses"), json!([status()])),
        (format!("{api}/actions/runs"), json!({ "total_count": 3, "workflow_runs": [run(73), run(72), run(71)] })),
    ]);
    held.extend(
        (71..=73).map(|id| (format!("{api}/actions/runs/{id}/jobs"), json!({ "total_count": 1, "jobs": [job(id)] }))),
    );
    let (mut list, mut notes, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    for number in (1..=pulls).rev() {
        let whole = pull(number);
        list.push(in_list(whole.clone()));
        notes.push(comment(number, "issues"));
        lines.push(comment(number, "pulls"));
        held.insert(format!("{api}/pulls/{number}"), whole);
        held.insert(
            format!("{api}/pulls/{number}/reviews"),
            json!([review(number, 1), review(number, 2), review(number, 3)]),
        );
        held.insert(format!("{api}/pulls/{number}/commits"), json!([commit(number)]));
        held.insert(format!("{api}/issues/{number}/timeline"), json!([event(number, 1), event(number, 2)]));
    }
    held.insert(format!("{api}/pulls"), Json::Array(list));
    held.insert(format!("{api}/issues/comments"), Json::Array(notes));
    held.insert(format!("{api}/pulls/comments"), Json::Array(lines));
    held
}

/// The same, with the newest pull request changed at this instant.
pub fn github_with_news(pulls: i64, at: &str) -> Held {
    let (mut held, api) = (github(pulls), "/api/v3/repos/northwind/pay");
    held.get_mut(&format!("{api}/pulls")).unwrap()[0]["updated_at"] = json!(at);
    held.get_mut(&format!("{api}/pulls/{pulls}")).unwrap()["updated_at"] = json!(at);
    held
}

fn at(number: i64, hour: i64) -> String {
    format!("2026-03-{:02}T{hour:02}:00:00Z", number + 1)
}

fn pull(number: i64) -> Json {
    let mut pull: Json = serde_json::from_str(FIXTURE).unwrap();
    pull["number"] = json!(number);
    pull["id"] = json!(7_000 + number);
    pull["html_url"] = json!(format!("https://github.com/northwind/pay/pull/{number}"));
    pull["created_at"] = json!(at(number, 8));
    for name in ["updated_at", "closed_at", "merged_at"] {
        pull[name] = json!(at(number, 15));
    }
    pull
}

/// Lists leave out what takes GitHub longer to count.
fn in_list(mut pull: Json) -> Json {
    for name in ["additions", "deletions", "changed_files", "commits", "merged_by", "mergeable_state"] {
        pull.as_object_mut().unwrap().remove(name);
    }
    pull
}

fn review(number: i64, turn: i64) -> Json {
    json!({ "id": 100 * number + turn, "user": { "login": "tomas", "id": 12, "type": "User" }, "body": "", "state": "APPROVED",
        "submitted_at": at(number, 10 + turn), "commit_id": "aaaabbbb",
        "pull_request_url": format!("https://api.github.com/repos/northwind/pay/pulls/{number}") })
}

fn commit(number: i64) -> Json {
    let by = json!({ "name": "Mara", "email": "mara@northwind.example", "date": at(number, 7) });
    json!({ "sha": format!("{number:040}"), "commit": { "message": "Round", "author": by, "committer": by }, "parents": [] })
}

fn event(number: i64, turn: i64) -> Json {
    let event = if turn == 1 { "ready_for_review" } else { "head_ref_force_pushed" };
    json!({ "id": 1_000 * number + turn, "event": event, "created_at": at(number, 8 + turn),
        "actor": { "login": "mara-lindqvist", "id": 11, "type": "User" } })
}

fn comment(number: i64, of: &str) -> Json {
    let address = format!("https://api.github.com/repos/northwind/pay/{of}/{number}");
    let mut comment = json!({ "id": 5_000 + number + of.len() as i64 * 100, "body": "Why twice?", "created_at": at(number, 9),
        "updated_at": at(number, 9), "user": { "login": "tomas", "id": 12, "type": "User" } });
    match of {
        "pulls" => {
            comment["pull_request_url"] = json!(address);
            comment["diff_hunk"] = json!("@@");
            comment["path"] = json!("src/fees.rs");
        }
        _ => comment["issue_url"] = json!(address),
    }
    comment
}

fn release() -> Json {
    json!({ "id": 81, "tag_name": "v1", "name": "One", "draft": false, "prerelease": false, "target_commitish": "main",
        "created_at": at(3, 9), "published_at": at(3, 10), "url": "https://api.github.com/repos/northwind/pay/releases/81" })
}

fn deployment() -> Json {
    json!({ "id": 61, "sha": "aaaabbbb", "ref": "main", "environment": "production", "created_at": at(4, 9),
        "updated_at": at(4, 10), "url": "https://api.github.com/repos/northwind/pay/deployments/61" })
}

fn status() -> Json {
    json!({ "id": 62, "state": "success", "created_at": at(4, 10), "updated_at": at(4, 10), "environment": "production",
        "deployment_url": "https://api.github.com/repos/northwind/pay/deployments/61" })
}

fn run(id: i64) -> Json {
    json!({ "id": id, "name": "CI", "head_sha": "aaaabbbb", "head_branch": "main", "workflow_id": 9, "run_number": id,
        "run_attempt": 1, "event": "push", "status": "completed", "conclusion": "success", "created_at": at(id - 68, 9),
        "run_started_at": at(id - 68, 9), "updated_at": at(id - 68, 10), "repository": { "id": 5, "full_name": "northwind/pay" } })
}

fn job(run: i64) -> Json {
    json!({ "id": 10 * run, "run_id": run, "name": "test", "head_sha": "aaaabbbb", "status": "completed", "conclusion": "success",
        "created_at": at(run - 68, 9), "started_at": at(run - 68, 9), "completed_at": at(run - 68, 10), "run_attempt": 1,
        "steps": [], "url": format!("https://api.github.com/repos/northwind/pay/actions/jobs/{}", 10 * run) })
}

/// What a server of GitLab holds of the project of the fixture: its merge requests and the notes below them.
pub fn gitlab() -> Held {
    let lines: Vec<Json> = MERGE_REQUESTS.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (merge_requests, rest): (Vec<Json>, Vec<Json>) = lines.into_iter().partition(|one| one.get("iid").is_some());
    let project = merge_requests[0]["project_id"].as_i64().unwrap();
    let api = format!("/api/v4/projects/{project}");
    let about = json!({ "id": project, "path_with_namespace": "pay/app", "web_url": "https://gitlab.example/pay/app",
        "name": "app", "last_activity_at": "2026-03-16T10:00:00Z", "default_branch": "main" });
    let mut held = Held::from([
        ("/api/v4/projects/pay%2Fapp".to_owned(), about),
        (format!("{api}/merge_requests"), Json::Array(merge_requests.clone())),
    ]);
    for (path, list) in [("pipelines", json!([pipeline(project)])), ("deployments", json!([])), ("releases", json!([]))]
    {
        held.insert(format!("{api}/{path}"), list);
    }
    held.insert(format!("{api}/pipelines/91"), pipeline(project));
    held.insert(format!("{api}/pipelines/91/jobs"), json!([]));
    for one in &merge_requests {
        let below = format!("{api}/merge_requests/{}", one["iid"]);
        let below_it = |note: &&Json| note["noteable_id"] == one["id"];
        let notes: Vec<Json> = rest.iter().filter(below_it).cloned().collect();
        held.insert(below.clone(), one.clone());
        held.insert(format!("{below}/notes"), Json::Array(notes));
        held.insert(format!("{below}/commits"), json!([]));
        held.insert(format!("{below}/resource_state_events"), json!([]));
    }
    held
}

fn pipeline(project: i64) -> Json {
    json!({ "id": 91, "iid": 1, "project_id": project, "sha": "aaaabbbb", "ref": "main", "status": "success", "source": "push",
        "created_at": at(2, 9), "updated_at": at(2, 10), "started_at": at(2, 9), "finished_at": at(2, 10),
        "web_url": "https://gitlab.example/pay/app/-/pipelines/91" })
}
