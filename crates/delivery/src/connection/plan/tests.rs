use super::*;
use kernel::json;

fn time(text: &str) -> Time {
    text.parse::<Timestamp>().unwrap().into()
}

fn after(system: Service, step: Step, address: &str, documents: &[Json], next: Option<&str>) -> Vec<String> {
    let (from, now) = (time("2026-01-01T00:00:00Z"), time("2026-03-01T00:00:00Z"));
    let answered = Answered { step, address, documents, next, from, now };
    follow(system, &answered).into_iter().map(|ask| ask.address).collect()
}

#[test]
fn a_list_ends_where_nothing_can_be_new() {
    let page = [
        json!({ "number": 9, "updated_at": "2026-02-01T00:00:00Z" }),
        json!({ "number": 3, "updated_at": "2025-12-31T23:59:59Z" }),
    ];
    let address = "repos/a/b/pulls?state=all";
    let asked = after(Service::GitHub, Step::Pulls, address, &page, Some("repos/a/b/pulls?page=2"));
    assert_eq!(asked.len(), 4, "what is old is not asked for: {asked:?}");
    assert!(asked.iter().all(|address| address.starts_with("repos/a/b/") && address.contains("/9")));
    let asked = after(Service::GitHub, Step::Pulls, address, &page[..1], Some("repos/a/b/pulls?page=2"));
    assert_eq!(asked.last().map(String::as_str), Some("repos/a/b/pulls?page=2"));
}

#[test]
fn a_span_with_too_many_runs_is_halved_until_they_fit() {
    let spans = |address: &str| address.split("created=").nth(1).unwrap().to_owned();
    let first = "repos/a/b/actions/runs?per_page=100&created=2026-01-01T00:00:00Z..2026-03-01T00:00:00Z";
    let page = [json!({ "total_count": 1001, "workflow_runs": [{ "id": 1, "created_at": "2026-02-28T00:00:00Z" }] })];
    let halves = after(Service::GitHub, Step::Builds, first, &page, Some("repos/a/b/actions/runs?page=2"));
    let halves: Vec<String> = halves.iter().map(|address| spans(address)).collect();
    assert_eq!(halves, ["2026-01-01T00:00:00Z..2026-01-30T12:00:00Z", "2026-01-30T12:00:00Z..2026-03-01T00:00:00Z"]);
    let fits = [json!({ "total_count": 1000, "workflow_runs": [{ "id": 1, "created_at": "2026-02-28T00:00:00Z" }] })];
    let asked = after(Service::GitHub, Step::Builds, first, &fits, Some("repos/a/b/actions/runs?page=2"));
    assert_eq!(asked, ["repos/a/b/actions/runs/1/jobs?filter=all&per_page=100", "repos/a/b/actions/runs?page=2"]);
    let second = "repos/a/b/actions/runs?per_page=100&created=2026-02-01T00:00:00Z..2026-02-01T00:00:01Z";
    let asked = after(Service::GitHub, Step::Builds, second, &page, None);
    assert_eq!(asked.len(), 1, "a second is not halved: {asked:?}");
}

#[test]
fn names_that_would_lead_elsewhere_are_not_followed() {
    for name in ["a/../..", "a/b/c", "a/b?x", "a", "../b", "a/%2e%2e", ""] {
        let page = [json!({ "full_name": name, "pushed_at": "2026-02-01T00:00:00Z" })];
        assert!(after(Service::GitHub, Step::Project, "repos/a/b", &page, None).is_empty(), "{name}");
    }
    let page = [json!({ "id": -1 }), json!({ "id": "1/../2" })];
    assert!(after(Service::GitLab, Step::Project, "projects/a", &page, None).is_empty());
}

#[test]
fn old_pipelines_are_asked_for_without_their_jobs() {
    let page = [
        json!({ "id": 5, "created_at": "2026-02-01T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z" }),
        json!({ "id": 4, "created_at": "2025-11-01T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z" }),
    ];
    let asked = after(Service::GitLab, Step::Builds, "projects/7/pipelines?x", &page, None);
    assert_eq!(
        asked,
        [
            "projects/7/pipelines/5",
            "projects/7/pipelines/5/jobs?include_retried=true&per_page=100",
            "projects/7/pipelines/4"
        ]
    );
}

#[test]
fn ids_and_names_that_would_lead_elsewhere_are_not_followed() {
    let page =
        [json!({ "items": [{ "id": "../x" }, { "id": "a?b" }, { "id": "" }, { "id": 5 }], "next_page_token": "" })];
    assert!(after(Service::CircleCi, Step::Builds, "project/gh/a/b/pipeline", &page, None).is_empty());
    let jobs: Vec<Json> = ["..", ".", "", "a/b", "a\nb"]
        .map(|name| json!({ "name": name, "lastBuild": { "timestamp": 1_771_000_000_000_i64 } }))
        .into();
    let page = [json!({ "jobs": jobs })];
    assert!(after(Service::Jenkins, Step::Projects, "api/json?tree=x", &page, None).is_empty());
}

#[test]
fn the_next_page_of_circleci_takes_the_place_of_the_one_before() {
    let page =
        [json!({ "items": [{ "id": "p-1", "created_at": "2026-02-01T00:00:00Z" }], "next_page_token": "a+b/&=" })];
    for address in ["pipeline?org-slug=gh%2Fa", "pipeline?org-slug=gh%2Fa&page-token=c"] {
        let asked = after(Service::CircleCi, Step::Builds, address, &page, None);
        assert_eq!(asked, ["pipeline/p-1/workflow", "pipeline?org-slug=gh%2Fa&page-token=a%2Bb%2F%26%3D"]);
    }
    let old = [json!({ "items": [{ "id": "p-1", "created_at": "2025-12-01T00:00:00Z" }], "next_page_token": "more" })];
    assert!(after(Service::CircleCi, Step::Builds, "project/gh/a/b/pipeline", &old, None).is_empty());
}

#[test]
fn folders_of_jenkins_are_followed_by_their_names_and_full_ranges_go_on() {
    let root = root(Service::Jenkins, super::super::Scope::Repository, "Pay team/a%2Fb");
    assert!(root.address.starts_with("job/Pay%20team/job/a%252Fb/api/json?tree="), "{}", root.address);
    let timestamp = 1_771_000_000_000_i64;
    let job = |number: usize| json!({ "name": format!("j{number}"), "lastBuild": { "timestamp": timestamp } });
    let page = [json!({ "jobs": (0..PAGE).map(job).collect::<Vec<_>>() })];
    let asked = after(Service::Jenkins, Step::Projects, &root.address, &page, None);
    assert_eq!(asked.len(), PAGE + 1);
    assert!(asked[0].starts_with("job/Pay%20team/job/a%252Fb/job/j0/api/json?"), "{}", asked[0]);
    assert!(asked[PAGE].ends_with("%7B100%2C200%7D"), "{}", asked[PAGE]);
    let deep = format!("{}api/json?tree=x", "job/a/".repeat(12));
    let inside = [json!({ "jobs": [{ "name": "b", "jobs": [] }] })];
    assert!(after(Service::Jenkins, Step::Folders, &deep, &inside, None).is_empty(), "a folder in itself has an end");
    assert_eq!(build("job/Pay%20team/job/a%252Fb/12/wfapi/describe").as_deref(), Some("Pay team/a%2Fb#12"));
    assert_eq!(build("job/a/api/json"), None);
}
