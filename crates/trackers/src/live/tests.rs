use super::*;
use jiff::civil::date;
use serde_json::json;

const TODAY: Date = date(2026, 3, 17);

/// Goes a whole way with a server that answers by these rules, and returns what was asked.
fn asked(system: System, projects: &[&str], answer: impl Fn(&Request) -> Value) -> Vec<Request> {
    let mut walk = Walk::new(system, projects.iter().map(ToString::to_string).collect(), TODAY);
    let mut all = Vec::new();
    while let Some(request) = walk.next() {
        assert!(all.len() < 1000, "it does not end");
        walk.heard(&request, &answer(&request)).unwrap();
        all.push(request);
    }
    all
}

fn paths(all: &[Request]) -> Vec<&str> {
    all.iter().map(|request| request.path.split('?').next().unwrap()).collect()
}

fn value_in(request: &Request, name: &str) -> Option<String> {
    let query = request.path.split_once('?')?.1;
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[test]
fn jira_cloud_is_asked_for_each_page_its_histories_and_the_comments_that_a_search_leaves_out() {
    let all = asked(System::Jira, &["PAY"], |request| match request.path.split('?').next().unwrap() {
        "/rest/api/2/serverInfo" => json!({ "deploymentType": "Cloud" }),
        "/rest/api/3/search/approximate-count" => json!({ "count": 3 }),
        "/rest/api/3/search/jql" => match value_in(request, "nextPageToken").as_deref() {
            None => {
                json!({ "issues": [{ "id": "1", "fields": { "comment": { "total": 130, "comments": [{}] } } }, { "id": "2" }],
                "nextPageToken": "more" })
            }
            Some("more") => json!({ "issues": [{ "id": "3" }], "isLast": true, "nextPageToken": "" }),
            other => panic!("{other:?}"),
        },
        "/rest/api/3/changelog/bulkfetch" => match request.body.as_ref().unwrap().get("nextPageToken") {
            None if request.body.as_ref().unwrap()["issueIdsOrKeys"] == json!(["1", "2"]) => {
                json!({ "issueChangeLogs": [], "nextPageToken": "log" })
            }
            _ => json!({ "issueChangeLogs": [] }),
        },
        "/rest/api/3/issue/1/comment" => {
            let start: u64 = value_in(request, "startAt").unwrap().parse().unwrap();
            json!({ "startAt": start, "total": 130, "comments": vec![json!({}); if start == 0 { 100 } else { 30 }] })
        }
        "/rest/agile/1.0/board" => json!({ "values": [{ "id": 7 }], "isLast": true }),
        "/rest/agile/1.0/board/7/sprint" => match value_in(request, "startAt").as_deref() {
            Some("0") => json!({ "values": [{}, {}], "startAt": 0, "isLast": false }),
            _ => json!({ "values": [{}], "startAt": 2, "isLast": true }),
        },
        _ => json!([]),
    });
    let count = |path: &str| paths(&all).iter().filter(|one| **one == path).count();
    assert_eq!(count("/rest/api/3/search/jql"), 2);
    assert_eq!(count("/rest/api/3/changelog/bulkfetch"), 3);
    assert_eq!(count("/rest/api/3/issue/1/comment"), 2);
    assert_eq!(count("/rest/agile/1.0/board/7/sprint"), 2);
    assert_eq!(count("/rest/api/3/field"), 1);
    assert!(all.iter().any(|one| value_in(one, "jql").is_some_and(|jql| jql == "project = \"PAY\" order by key asc")));
}

#[test]
fn jira_data_center_is_asked_by_offsets_and_for_all_projects_where_none_is_named() {
    let all = asked(System::Jira, &[], |request| match request.path.split('?').next().unwrap() {
        "/rest/api/2/serverInfo" => json!({ "version": "9.12.0", "deploymentType": "Server" }),
        "/rest/api/2/project" => json!([{ "key": "PAY" }, { "key": "OPS" }]),
        "/rest/api/2/search" => {
            let start: u64 = value_in(request, "startAt").unwrap().parse().unwrap();
            assert_eq!(value_in(request, "expand").as_deref(), Some("changelog"));
            let here = if start == 0 { 50 } else { 20 };
            json!({ "startAt": start, "total": 70, "issues": vec![json!({ "id": "1" }); here] })
        }
        "/rest/agile/1.0/board" => json!({ "values": [] }),
        _ => json!([]),
    });
    assert_eq!(paths(&all).iter().filter(|path| **path == "/rest/api/2/search").count(), 4);
    assert!(!paths(&all).iter().any(|path| path.contains("/rest/api/3/")));
}

#[test]
fn shortcut_halves_the_days_until_a_search_shows_all_its_stories() {
    let all = asked(System::Shortcut, &["payments"], |request| match request.path.split('?').next().unwrap() {
        "/api/v3/search/stories" => {
            let query = value_in(request, "query").unwrap();
            assert!(query.ends_with(" team:\"payments\""), "{query}");
            let days = query.trim_start_matches("created:").split(' ').next().unwrap().split_once("..").unwrap();
            let (first, last): (Date, Date) = (days.0.parse().unwrap(), days.1.parse().unwrap());
            let inside = first <= date(2020, 2, 3) && date(2020, 2, 3) <= last;
            match (inside, (last - first).get_days() > 40) {
                (true, true) => json!({ "total": 1001, "data": [] }),
                (true, false) => json!({ "total": 2, "data": [{ "id": 4 }, { "id": 5 }], "next": null }),
                (false, _) => json!({ "total": 0, "data": [] }),
            }
        }
        _ => json!([]),
    });
    let histories: Vec<&Request> = all.iter().filter(|one| one.path.ends_with("/history")).collect();
    assert_eq!(
        histories.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(),
        ["/api/v3/stories/4/history", "/api/v3/stories/5/history"]
    );
    assert!(histories.iter().all(|one| one.addressed));
    let mut walk = Walk::new(System::Shortcut, Vec::new(), TODAY);
    let search = walk.find(|one| one.path.starts_with("/api/v3/search")).unwrap();
    let elsewhere = json!({ "total": 1, "data": [], "next": "https://elsewhere.example/api/v3/search/stories?x" });
    assert!(walk.heard(&search, &elsewhere).is_err(), "the token goes nowhere else");
}

#[test]
fn linear_is_asked_for_what_is_longer_than_the_page_of_its_issue() {
    let person = json!({ "id": "p" });
    let all = asked(System::Linear, &["ENG"], |request| {
        let body = request.body.as_ref().unwrap();
        let (query, after) = (body["query"].as_str().unwrap(), body["variables"]["after"].as_str());
        let brackets = query.matches('{').count() - query.matches('}').count();
        assert_eq!(brackets, 0, "{query}");
        let list = |name: &str, nodes: Value, next: Option<&str>| json!({ "data": { name: { "nodes": nodes, "pageInfo": { "hasNextPage": next.is_some(), "endCursor": next } } } });
        if query.contains("issue(id: $id)") {
            let full = after == Some("h1");
            let nodes = vec![person.clone(); if full { 100 } else { 3 }];
            return json!({ "data": { "issue": { "id": "i1", "identifier": "ENG-1",
                "history": { "nodes": nodes, "pageInfo": { "endCursor": "h2" } } } } });
        }
        match (query.split_once(") { ").unwrap().1.split('(').next().unwrap(), after) {
            ("issues", None) => {
                assert_eq!(body["variables"]["filter"], json!({ "team": { "key": { "in": ["ENG"] } } }));
                let long = json!({ "nodes": vec![person.clone(); 20], "pageInfo": { "endCursor": "h1" } });
                list("issues", json!([{ "id": "i1", "history": long, "comments": { "nodes": [] } }]), Some("next"))
            }
            ("issues", _) => list("issues", json!([{ "id": "i2" }]), None),
            (name, _) => list(name, json!([]), None),
        }
    });
    let of = |part: &str| {
        all.iter().filter(|one| one.body.as_ref().unwrap()["query"].as_str().unwrap().contains(part)).count()
    };
    assert_eq!((of("issue(id: $id)"), of("issues(")), (2, 2));
    let mut walk = Walk::new(System::Linear, Vec::new(), TODAY);
    let first = walk.next().unwrap();
    let refused = walk.heard(&first, &json!({ "errors": [{ "message": "Cannot query field" }] }));
    assert_eq!(refused, Err("Linear answers: Cannot query field".to_owned()));
}

#[test]
fn what_no_tracker_would_answer_is_told() {
    let mut walk = Walk::new(System::Jira, Vec::new(), TODAY);
    let server = walk.next().unwrap();
    assert!(walk.heard(&server, &json!({ "hello": "world" })).is_err());
    assert!(walk.heard(&server, &json!([])).is_err());
}
