//! Jira Cloud (REST 3) and Data Center (REST 2), with agile 1.0: search by pages, histories in bulk where the search has none,
//! comments beyond those that a search holds, and the sprints of boards.
use super::{Request, Walk, id, list, with_query};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Server,
    /// Nothing follows.
    Leaf,
    Projects,
    Count,
    Search {
        project: String,
    },
    Changes {
        issues: Vec<String>,
    },
    Comments {
        path: String,
    },
    Boards {
        project: String,
    },
    Sprints {
        board: String,
    },
}

/// Issues of a page, whose histories Data Center puts into the same answer.
const CLOUD_PAGE: &str = "100";
const SERVER_PAGE: &str = "50";
const PAGE: &str = "50";

pub(super) fn begin(walk: &mut Walk) {
    get(walk, Step::Server, "/rest/api/2/serverInfo".to_owned());
}

pub(super) fn heard(walk: &mut Walk, step: &Step, answer: &Value) -> Result<(), String> {
    match step {
        Step::Server => server(walk, answer),
        Step::Leaf => Ok(()),
        Step::Projects => projects(walk, answer),
        Step::Count => {
            walk.expect(answer.get("count").and_then(Value::as_u64).unwrap_or_default());
            Ok(())
        }
        Step::Search { project } => found(walk, project, answer),
        Step::Changes { issues } => {
            list(answer, "issueChangeLogs")?;
            if let Some(token) = next_page(answer) {
                changes(walk, issues.clone(), Some(token));
            }
            Ok(())
        }
        Step::Comments { path } => {
            list(answer, "comments")?;
            if let Some(start) = next_start(answer, "comments") {
                comments(walk, path, start);
            }
            Ok(())
        }
        Step::Boards { project } => {
            for board in list(answer, "values")?.iter().filter_map(id) {
                sprints(walk, &board, 0);
            }
            if let Some(start) = next_of_values(answer) {
                boards(walk, project, start);
            }
            Ok(())
        }
        Step::Sprints { board } => {
            list(answer, "values")?;
            if let Some(start) = next_of_values(answer) {
                sprints(walk, board, start);
            }
            Ok(())
        }
    }
}

fn get(walk: &mut Walk, step: Step, path: String) -> &mut Request {
    walk.get(super::Step::Jira(step), path)
}

fn api(walk: &Walk) -> &'static str {
    if walk.cloud { "/rest/api/3" } else { "/rest/api/2" }
}

fn server(walk: &mut Walk, answer: &Value) -> Result<(), String> {
    if answer.get("version").is_none() && answer.get("deploymentType").is_none() {
        return Err("This server does not answer as Jira does.".to_owned());
    }
    walk.cloud = answer.get("deploymentType").and_then(Value::as_str) == Some("Cloud");
    let api = api(walk);
    get(walk, Step::Leaf, format!("{api}/field"));
    get(walk, Step::Leaf, format!("{api}/status")).optional = true;
    if walk.projects.is_empty() {
        match walk.cloud {
            true => get(walk, Step::Projects, with_query("/rest/api/3/project/search", &[("maxResults", PAGE)])),
            false => get(walk, Step::Projects, "/rest/api/2/project".to_owned()),
        };
    }
    for key in walk.projects.clone() {
        let name: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
        get(walk, Step::Leaf, format!("{api}/project/{name}"));
        project(walk, &key);
    }
    Ok(())
}

/// Cloud answers by pages, Data Center with a plain list.
fn projects(walk: &mut Walk, answer: &Value) -> Result<(), String> {
    let all = match answer.as_array() {
        Some(all) => all.as_slice(),
        None => list(answer, "values")?,
    };
    for key in all.iter().filter_map(|one| one.get("key")?.as_str()) {
        project(walk, key);
    }
    if let Some(start) = next_of_values(answer) {
        let start = start.to_string();
        let path = with_query("/rest/api/3/project/search", &[("maxResults", PAGE), ("startAt", &start)]);
        get(walk, Step::Projects, path);
    }
    Ok(())
}

fn project(walk: &mut Walk, key: &str) {
    if walk.cloud {
        let body = json!({ "jql": of_project(key) });
        let step = super::Step::Jira(Step::Count);
        walk.post(step, "/rest/api/3/search/approximate-count", body).optional = true;
    }
    boards(walk, key, 0);
    search(walk, key, None, 0);
}

fn of_project(key: &str) -> String {
    format!("project = \"{}\"", key.replace('\\', "\\\\").replace('"', "\\\""))
}

fn search(walk: &mut Walk, project: &str, token: Option<&str>, start: u64) {
    let jql = format!("{} order by key asc", of_project(project));
    let start = start.to_string();
    let path = match (walk.cloud, token) {
        (true, None) => with_query(
            "/rest/api/3/search/jql",
            &[("jql", jql.as_str()), ("fields", "*all"), ("maxResults", CLOUD_PAGE)],
        ),
        (true, Some(token)) => with_query(
            "/rest/api/3/search/jql",
            &[("jql", jql.as_str()), ("fields", "*all"), ("maxResults", CLOUD_PAGE), ("nextPageToken", token)],
        ),
        (false, _) => with_query(
            "/rest/api/2/search",
            &[
                ("jql", jql.as_str()),
                ("fields", "*all"),
                ("expand", "changelog"),
                ("maxResults", SERVER_PAGE),
                ("startAt", &start),
            ],
        ),
    };
    get(walk, Step::Search { project: project.to_owned() }, path);
}

fn found(walk: &mut Walk, project: &str, answer: &Value) -> Result<(), String> {
    let issues = list(answer, "issues")?;
    walk.issues += issues.len() as u64;
    let ids: Vec<String> = issues.iter().filter_map(id).collect();
    if walk.cloud && !ids.is_empty() {
        changes(walk, ids, None);
    }
    for issue in issues {
        more_comments(walk, issue);
    }
    if walk.cloud {
        if let Some(token) = next_page(answer) {
            search(walk, project, Some(token), 0);
        }
        return Ok(());
    }
    if answer.get("startAt").and_then(Value::as_u64) == Some(0) {
        walk.expect(answer.get("total").and_then(Value::as_u64).unwrap_or_default());
    }
    if let Some(start) = next_start(answer, "issues") {
        search(walk, project, None, start);
    }
    Ok(())
}

/// A search holds the first comments of an issue only.
fn more_comments(walk: &mut Walk, issue: &Value) {
    let Some(held) = issue.pointer("/fields/comment") else { return };
    let (total, here) = (held.get("total").and_then(Value::as_u64), held.get("comments").and_then(Value::as_array));
    if let (Some(total), Some(here), Some(id)) = (total, here, id(issue))
        && total > here.len() as u64
    {
        let name: String = form_urlencoded::byte_serialize(id.as_bytes()).collect();
        let path = format!("{}/issue/{name}/comment", api(walk));
        comments(walk, &path, 0);
    }
}

fn comments(walk: &mut Walk, path: &str, start: u64) {
    let start = start.to_string();
    let address = with_query(path, &[("maxResults", "100"), ("startAt", &start)]);
    get(walk, Step::Comments { path: path.to_owned() }, address).addressed = true;
}

fn changes(walk: &mut Walk, issues: Vec<String>, token: Option<&str>) {
    let mut body = json!({ "issueIdsOrKeys": issues, "maxResults": 1000 });
    if let Some(token) = token {
        body["nextPageToken"] = json!(token);
    }
    walk.post(super::Step::Jira(Step::Changes { issues }), "/rest/api/3/changelog/bulkfetch", body);
}

fn boards(walk: &mut Walk, project: &str, start: u64) {
    let start = start.to_string();
    let path =
        with_query("/rest/agile/1.0/board", &[("projectKeyOrId", project), ("maxResults", PAGE), ("startAt", &start)]);
    get(walk, Step::Boards { project: project.to_owned() }, path).optional = true;
}

/// A board without sprints refuses to be asked for them.
fn sprints(walk: &mut Walk, board: &str, start: u64) {
    let start = start.to_string();
    let path = format!("/rest/agile/1.0/board/{board}/sprint");
    let path = with_query(&path, &[("maxResults", PAGE), ("startAt", &start)]);
    get(walk, Step::Sprints { board: board.to_owned() }, path).optional = true;
}

fn next_page(answer: &Value) -> Option<&str> {
    let last = answer.get("isLast").and_then(Value::as_bool) == Some(true);
    answer.get("nextPageToken").and_then(Value::as_str).filter(|token| !last && !token.is_empty())
}

/// Where the next page begins, if `total` says that there is one.
fn next_start(answer: &Value, name: &str) -> Option<u64> {
    let here = answer.get(name)?.as_array()?.len() as u64;
    let next = answer.get("startAt").and_then(Value::as_u64).unwrap_or_default() + here;
    (here > 0 && answer.get("total").and_then(Value::as_u64)? > next).then_some(next)
}

/// The same of a list that says whether it is the last.
fn next_of_values(answer: &Value) -> Option<u64> {
    let here = answer.get("values")?.as_array()?.len() as u64;
    let more = answer.get("isLast").and_then(Value::as_bool) == Some(false);
    (more && here > 0).then(|| answer.get("startAt").and_then(Value::as_u64).unwrap_or_default() + here)
}
