//! Trackers on this machine that are asked page by page: what they bring is what their dumps bring, whatever goes wrong on the way.
use super::{asked, dump, import, latest, shown};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use kernel::{Json, json};
use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use testkit::{World, worlds};
use tokio::net::TcpListener;

type Answers = dyn Fn(&str, &BTreeMap<String, String>, &Json) -> Option<Json> + Send + Sync;

/// A server that answers by a function of path, query and body, if it is shown the right header.
struct Tracker {
    origin: String,
    header: (&'static str, String),
    answers: Box<Answers>,
    /// By the number of the request, what is answered instead.
    faults: Mutex<BTreeMap<usize, (u16, &'static str)>>,
    asked: Mutex<Vec<String>>,
}

impl Tracker {
    async fn start(header: (&'static str, &str), answers: Box<Answers>) -> Arc<Tracker> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let tracker = Arc::new(Tracker {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            header: (header.0, header.1.to_owned()),
            answers,
            faults: Mutex::default(),
            asked: Mutex::default(),
        });
        let router = Router::new().fallback(answer).with_state(tracker.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        tracker
    }

    fn fails(&self, at: usize, status: u16, body: &'static str) {
        self.faults.lock().unwrap().insert(at, (status, body));
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(State(tracker): State<Arc<Tracker>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let number = {
        let mut asked = tracker.asked.lock().unwrap();
        asked.push(uri.path().to_owned());
        asked.len()
    };
    if let Some((status, body)) = tracker.faults.lock().unwrap().remove(&number) {
        let headers = [("retry-after", "1"), ("location", "https://login.example/")];
        return (StatusCode::from_u16(status).unwrap(), headers, body).into_response();
    }
    let shown = headers.get(tracker.header.0).and_then(|value| value.to_str().ok());
    if shown != Some(tracker.header.1.as_str()) {
        return (StatusCode::UNAUTHORIZED, "{}").into_response();
    }
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    match (tracker.answers)(uri.path(), &query, &body) {
        Some(answer) => answer.to_string().into_response(),
        None => (StatusCode::NOT_FOUND, r#"{"errorMessages":["Not here."]}"#).into_response(),
    }
}

/// A place for the token and the answers.
fn place() -> (TempDir, String, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (token, keep) = (folder.path().join("token"), folder.path().join("answers"));
    fs::write(&token, "marigold\n").unwrap();
    (folder, token.display().to_string(), keep)
}

/// Jira Cloud with the issues of a dump: two a page, histories only in bulk, and the first comment of each in the search.
fn cloud(dump: Json) -> Box<Answers> {
    Box::new(move |path, query, body| {
        let issues = dump["issues"].as_array().unwrap();
        let one = |id: &Json| issues.iter().find(|issue| issue["id"] == *id);
        Some(match path {
            "/rest/api/2/serverInfo" => json!({ "deploymentType": "Cloud", "version": "1001.0.0" }),
            "/rest/api/3/field" => {
                json!([{ "id": "customfield_10042", "name": "Tier", "custom": true, "schema": { "type": "option" } }])
            }
            "/rest/api/3/project/OLD" => {
                json!({ "id": "1", "key": "OLD", "name": "Old ways", "projectTypeKey": "software" })
            }
            "/rest/api/3/search/jql" => {
                assert_eq!(query["jql"], "project = \"OLD\" order by key asc");
                let start: usize = query.get("nextPageToken").map_or(0, |token| token.parse().unwrap());
                let mut page: Vec<Json> = issues.iter().skip(start).take(2).cloned().collect();
                for issue in &mut page {
                    issue.as_object_mut().unwrap().remove("changelog");
                    if let Some(comments) = issue["fields"]["comment"]["comments"].as_array_mut() {
                        comments.truncate(1);
                        issue["fields"]["comment"]["total"] = json!(2);
                    }
                }
                let next = (start + 2 < issues.len()).then(|| (start + 2).to_string());
                json!({ "issues": page, "isLast": next.is_none(), "nextPageToken": next })
            }
            "/rest/api/3/changelog/bulkfetch" => {
                let of =
                    |id: &Json| json!({ "issueId": id, "changeHistories": one(id).unwrap()["changelog"]["histories"] });
                let ids = body["issueIdsOrKeys"].as_array().unwrap().iter();
                json!({ "issueChangeLogs": ids.filter(|id| one(id).unwrap().get("changelog").is_some()).map(of).collect::<Vec<_>>() })
            }
            "/rest/api/3/issue/10012/comment" => {
                json!({ "startAt": 0, "total": 2, "comments": one(&json!("10012")).unwrap()["fields"]["comment"]["comments"] })
            }
            _ => return None,
        })
    })
}

async fn jira(dump: Json) -> Arc<Tracker> {
    Tracker::start(("authorization", "Basic YWRhQGV4YW1wbGUuY29tOm1hcmlnb2xk"), cloud(dump)).await
}

async fn from(world: &World, tracker: &Tracker, more: &[&str]) -> kernel::Result<()> {
    let base =
        ["jira", "--from", &tracker.origin, "--user", "ada@example.com", "--project", "OLD", "--team", "payments"];
    import(world, &[&base, more].concat()).await
}

/// What matters of an issue and of what it was, without the ids of this database.
async fn told(world: &World, key: &str) -> Json {
    let issue = shown(world, key).await;
    let former = asked(world, "issue.former", json!({ "issue": key })).await;
    let notes: Vec<&Json> = former["notes"].as_array().unwrap().iter().map(|note| &note["body"]).collect();
    json!([
        issue["title"],
        issue["stays"].as_array().unwrap().len(),
        issue["finished_at"],
        issue["creator_name"],
        notes,
        former["fields"]
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_jira_is_asked_for_page_by_page_is_what_its_dump_tells() {
    for (world, other) in worlds().await.into_iter().zip(worlds().await) {
        let dump = dump("nobody@elsewhere.example", "Refund the zebra twice");
        let (folder, token, _) = place();
        let path = folder.path().join("dump.json");
        let mut whole = dump.clone();
        whole["names"] = json!({ "customfield_10042": "Tier" });
        fs::write(&path, whole.to_string()).unwrap();
        import(&other, &["jira", path.to_str().unwrap(), "--team", "payments"]).await.unwrap();
        let tracker = jira(dump).await;
        from(&world, &tracker, &["--token-file", &token]).await.unwrap();
        for key in ["OLD-10", "OLD-12", "OLD-13", "OLD-20", "OLD-21"] {
            assert_eq!(told(&world, key).await, told(&other, key).await, "{key}");
        }
        assert_eq!(latest(&world).await["label"], "127.0.0.1");
        let data = crate::command::config(&world).data();
        assert!(!data.join("fetched/jira-127.0.0.1").exists(), "the answers are gone when the issues are here");
        from(&world, &tracker, &["--token-file", &token]).await.unwrap();
        let again = latest(&world).await;
        assert_eq!((&again["created"], &again["unchanged"]), (&json!(0), &json!(5)), "once more changes nothing");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_stopped_goes_on_where_it_was_and_a_server_in_trouble_is_asked_again() {
    let world = worlds().await.remove(0);
    let tracker = jira(dump("nobody@elsewhere.example", "Refund the zebra twice")).await;
    let (_folder, token, keep) = place();
    let keep = keep.display().to_string();
    let more = ["--token-file", token.as_str(), "--keep", &keep];
    tracker.fails(3, 429, "{}");
    tracker.fails(5, 503, "{}");
    tracker.fails(9, 200, "<html>Sign in</html>");
    let stopped = from(&world, &tracker, &more).await.unwrap_err().to_string();
    assert!(stopped.contains("JSON"), "{stopped}");
    let before = tracker.asked().len();
    from(&world, &tracker, &more).await.unwrap();
    let after = tracker.asked();
    assert!(!after[before..].iter().any(|path| path.ends_with("serverInfo")), "{after:?}");
    assert_eq!(shown(&world, "OLD-12").await["stays"].as_array().unwrap().len(), 3);
    from(&world, &tracker, &more).await.unwrap();
    assert!(
        tracker.asked()[after.len()..].iter().any(|path| path.ends_with("serverInfo")),
        "the next time all is asked anew"
    );
    assert_eq!(latest(&world).await["unchanged"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_says_why_and_brings_nothing() {
    let world = worlds().await.remove(0);
    let tracker = jira(dump("nobody@elsewhere.example", "Refund")).await;
    let (folder, token, keep) = place();
    let said = |result: kernel::Result<()>| result.unwrap_err().to_string();
    fs::write(folder.path().join("other"), "poppy").unwrap();
    let other = folder.path().join("other").display().to_string();
    assert!(said(from(&world, &tracker, &["--token-file", &other]).await).contains("does not accept the token"));
    tracker.fails(tracker.asked().len() + 1, 302, "");
    assert!(said(from(&world, &tracker, &["--token-file", &token]).await).contains("https://login.example/"));
    let base =
        ["jira", "--from", &tracker.origin, "--user", "ada@example.com", "--team", "payments", "--token-file", &token];
    let none = said(import(&world, &[&base[..], &["--project", "NONE"]].concat()).await);
    assert!(none.contains("/rest/api/3/project/NONE") && none.contains("Not here"), "{none}");
    fs::create_dir(&keep).unwrap();
    fs::write(keep.join("holiday.txt"), "mine").unwrap();
    let taken = said(from(&world, &tracker, &["--token-file", &token, "--keep", keep.to_str().unwrap()]).await);
    assert!(taken.contains("holds something else") && keep.join("holiday.txt").exists(), "{taken}");
    for address in ["http://10.0.0.7", "ftp://example.com", "https://me:word@example.com"] {
        let input = ["jira", "--from", address, "--token-file", &token, "--team", "payments"];
        assert!(import(&world, &input).await.is_err(), "{address}");
    }
    assert!(world.ask(&world.system(), "issue.show", json!({ "issue": "OLD-12" })).await.is_err());
}

fn shortcut() -> Box<Answers> {
    Box::new(|path, query, _| {
        let story = json!({ "id": 41, "name": "Refund twice", "story_type": "feature", "workflow_state_id": 500, "description": "",
            "created_at": "2024-01-01T09:00:00Z", "updated_at": "2024-01-05T09:00:00Z", "completed": true,
            "completed_at": "2024-01-03T09:00:00Z", "requested_by_id": "m1", "owner_ids": [], "labels": [], "comments": [
                { "id": 9, "story_id": 41, "text": "Seen", "author_id": "m1", "created_at": "2024-01-02T09:00:00Z" }] });
        Some(match path {
            "/api/v3/workflows" => json!([{ "id": 1, "name": "Work", "default_state_id": 400, "states": [
                { "id": 400, "name": "Waiting", "type": "unstarted" }, { "id": 500, "name": "Shipped", "type": "done" }] }]),
            "/api/v3/members" => {
                json!([{ "id": "m1", "role": "member", "profile": { "name": "Ada Elsewhere", "mention_name": "ada" } }])
            }
            "/api/v3/search/stories" => match query.get("next") {
                Some(_) => json!({ "total": 1, "data": [], "next": null }),
                None => json!({ "total": 1, "data": [story], "next": "/api/v3/search/stories?next=2" }),
            },
            "/api/v3/stories/41/history" => json!([
                { "id": "h1", "changed_at": "2024-01-01T09:00:00Z", "version": "v1", "member_id": "m1", "actions": [
                    { "id": 41, "entity_type": "story", "action": "create", "name": "Refund twice", "workflow_state_id": 400 }] },
                { "id": "h2", "changed_at": "2024-01-03T09:00:00Z", "version": "v1", "member_id": "m1", "actions": [
                    { "id": 41, "entity_type": "story", "action": "update",
                      "changes": { "workflow_state_id": { "old": 400, "new": 500 } } }] }]),
            _ => return None,
        })
    })
}

fn linear() -> Box<Answers> {
    Box::new(|_, _, body| {
        let query = body["query"].as_str().unwrap();
        let ada = json!({ "id": "u1", "name": "Ada Elsewhere", "displayName": "ada", "email": "ada@elsewhere.example", "active": true });
        let (todo, done) = (
            json!({ "id": "s1", "name": "Todo", "type": "unstarted" }),
            json!({ "id": "s2", "name": "Done", "type": "completed" }),
        );
        let change = |number: usize| {
            let at = format!("2024-01-02T09:{number:02}:00.000Z");
            let (from, to) = (format!("Refund {number}"), format!("Refund {}", number + 1));
            json!({ "id": format!("h{number}"), "createdAt": at, "actor": ada, "fromTitle": from, "toTitle": to })
        };
        let history = |range: std::ops::Range<usize>| json!({ "nodes": range.clone().map(change).collect::<Vec<_>>(), "pageInfo": { "endCursor": range.end.to_string() } });
        let list = |name: &str, nodes: Json| json!({ "data": { name: { "nodes": nodes, "pageInfo": { "hasNextPage": false } } } });
        if query.contains("issue(id: $id)") {
            assert_eq!(body["variables"], json!({ "id": "i1", "after": "20" }));
            let mut last = history(20..23);
            last["nodes"]
                .as_array_mut()
                .unwrap()
                .push(json!({ "id": "hs", "createdAt": "2024-01-03T09:00:00.000Z", "actor": ada,
                "fromState": todo, "toState": done }));
            return Some(json!({ "data": { "issue": { "id": "i1", "identifier": "ENG-1", "history": last } } }));
        }
        let name = ["workflowStates", "users", "cycles", "teams", "issues"]
            .into_iter()
            .find(|name| query.contains(&format!(" {name}(")));
        Some(match name.unwrap() {
            "users" => list("users", json!([ada])),
            "workflowStates" => list("workflowStates", json!([todo, done])),
            "teams" => list("teams", json!([{ "id": "t1", "key": "ENG", "name": "Engineering" }])),
            "issues" => list(
                "issues",
                json!([{ "id": "i1", "identifier": "ENG-1", "title": "Refund 23", "description": "", "state": done,
                "team": { "id": "t1", "key": "ENG", "name": "Engineering" }, "creator": ada, "createdAt": "2024-01-01T09:00:00.000Z",
                "updatedAt": "2024-01-03T09:00:00.000Z", "completedAt": "2024-01-03T09:00:00.000Z", "history": history(0..20),
                "comments": { "nodes": [{ "id": "c1", "body": "Seen", "createdAt": "2024-01-02T09:00:00.000Z", "user": ada }] } }]),
            ),
            other => list(other, json!([])),
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn linear_and_shortcut_come_over_live_with_histories_of_several_pages() {
    for world in worlds().await {
        let (_folder, token, _) = place();
        for (system, header, answers, key) in
            [("linear", "authorization", linear(), "ENG-1"), ("shortcut", "shortcut-token", shortcut(), "sc-41")]
        {
            let tracker = Tracker::start((header, "marigold"), answers).await;
            let given = [system, "--from", &tracker.origin, "--token-file", &token, "--team", "payments"];
            import(&world, &given).await.unwrap_or_else(|error| panic!("{system}: {error} {:?}", tracker.asked()));
            let issue = shown(&world, key).await;
            assert_eq!(issue["finished_at"], "2024-01-03T09:00:00Z", "{issue}");
            let states: Vec<&str> =
                issue["stays"].as_array().unwrap().iter().map(|stay| stay["state_name"].as_str().unwrap()).collect();
            assert_eq!(states.len(), 2, "{states:?}");
            let former = asked(&world, "issue.former", json!({ "issue": key })).await;
            assert_eq!(former["notes"][0]["body"].as_str().unwrap().trim(), "Seen");
            let report = latest(&world).await["report"].to_string();
            assert!(!report.contains("more history than"), "{report}");
        }
    }
}
