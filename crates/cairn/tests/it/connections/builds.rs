//! What a project of CircleCI and some jobs of Jenkins look like to those who ask for them.
use jiff::Timestamp;
use kernel::{Json, json};
use std::collections::BTreeMap;

type Held = BTreeMap<String, Json>;

const PROJECT: &str = "gh/northwind/pay";
/// 2026-03-01, in milliseconds.
const MARCH: i64 = 1_772_323_200_000;
const DAY: i64 = 86_400_000;

/// So many pipelines of a project, one a day, the newest first: each with a workflow of three jobs.
pub fn circleci(pipelines: i64) -> Held {
    let all: Vec<Json> = (1..=pipelines).rev().map(pipeline).collect();
    let about = json!({ "id": "c1", "slug": PROJECT, "name": "pay", "organization_name": "northwind",
        "vcs_info": { "vcs_url": "https://github.com/northwind/pay", "provider": "GitHub", "default_branch": "main" } });
    let mut held = Held::from([
        (format!("/api/v2/project/{PROJECT}"), about),
        (format!("/api/v2/project/{PROJECT}/pipeline"), json!({ "items": all })),
        ("/api/v2/pipeline".to_owned(), json!({ "items": all })),
    ]);
    for number in 1..=pipelines {
        let jobs: Vec<Json> = ["build", "test", "ship"].iter().map(|name| job(number, name)).collect();
        held.insert(format!("/api/v2/pipeline/p-{number}/workflow"), json!({ "items": [workflow(number, "success")] }));
        held.insert(format!("/api/v2/workflow/w-{number}/job"), json!({ "items": jobs }));
    }
    held
}

/// The workflow of one pipeline stands like this, at a later time if it has ended.
pub fn circleci_stands(held: &mut Held, number: i64, status: &str) {
    held.insert(format!("/api/v2/pipeline/p-{number}/workflow"), json!({ "items": [workflow(number, status)] }));
}

/// What CircleCI sends when the workflow of a pipeline has ended.
pub fn circleci_webhook(number: i64) -> Json {
    json!({ "id": format!("h-{number}"), "type": "workflow-completed", "happened_at": at(number, 40),
        "webhook": { "id": "wh", "name": "Cairn" }, "project": { "id": "c1", "name": "pay", "slug": PROJECT },
        "organization": { "id": "o1", "name": "northwind" },
        "workflow": { "id": format!("w-{number}"), "name": "check", "status": "success", "created_at": at(number, 0),
            "stopped_at": at(number, 30), "url": format!("https://app.circleci.com/workflows/w-{number}") },
        "pipeline": { "id": format!("p-{number}"), "number": number, "created_at": at(number, 0),
            "vcs": { "revision": format!("{number:040}"), "branch": "main" } } })
}

fn at(day: i64, minute: i64) -> String {
    Timestamp::from_millisecond(MARCH + day * DAY + minute * 60_000).unwrap().to_string()
}

fn pipeline(number: i64) -> Json {
    json!({ "id": format!("p-{number}"), "errors": [], "project_slug": PROJECT, "updated_at": at(number, 0), "number": number,
        "trigger": { "type": "webhook", "received_at": at(number, 0), "actor": { "login": "mara", "avatar_url": null } },
        "state": "created", "created_at": at(number, 0),
        "vcs": { "revision": format!("{number:040}"), "branch": "main", "provider_name": "GitHub" } })
}

fn workflow(number: i64, status: &str) -> Json {
    let ended = (status == "success").then(|| at(number, 30));
    json!({ "pipeline_id": format!("p-{number}"), "id": format!("w-{number}"), "name": "check", "project_slug": PROJECT,
        "status": status, "started_by": "03987f6a", "pipeline_number": number, "created_at": at(number, 0),
        "stopped_at": ended })
}

fn job(number: i64, name: &str) -> Json {
    json!({ "id": format!("j-{number}-{name}"), "job_number": number * 10 + name.len() as i64, "name": name,
        "project_slug": PROJECT, "status": "success", "type": "build", "dependencies": [], "started_at": at(number, 1),
        "stopped_at": at(number, 20) })
}

/// A folder with a job of so many builds, and a project of one branch whose builds have stages and tests.
pub fn jenkins(builds: i64, origin: &str) -> Held {
    let page = |path: &str| format!("{origin}/ci/{path}");
    let nightly = "job/Pay%20team/job/nightly%20run/";
    let branch = "job/Pay%20team/job/app/job/fees%252Fround/";
    let app = "job/Pay%20team/job/app/";
    let mut all: Vec<Json> = (1..=builds).rev().map(|number| build(&page(nightly), number)).collect();
    let long = job_of("nightly run", "Pay team/nightly run", &page(nightly), all.clone());
    let own: Vec<Json> = [2, 1].map(|number| tested(&page(branch), number)).into();
    let round = job_of("fees%2Fround", "Pay team/app/fees%2Fround", &page(branch), own.clone());
    let fresh = job_of("new", "Pay team/new", &page("job/Pay%20team/job/new/"), Vec::new());
    let project = folder("app", "Pay team/app", &page(app), vec![round.clone()]);
    let team = folder("Pay team", "Pay team", &page("job/Pay%20team/"), vec![long.clone(), project.clone(), fresh]);
    all.extend(own);
    let mut held = Held::from([
        ("/ci/api/json".to_owned(), json!({ "_class": "hudson.model.Hudson", "jobs": [team] })),
        ("/ci/job/Pay%20team/api/json".to_owned(), team.clone()),
        (format!("/ci/{nightly}api/json"), long),
        (format!("/ci/{app}api/json"), project),
        (format!("/ci/{branch}api/json"), round),
    ]);
    for one in all {
        let own = one["url"].as_str().unwrap().strip_prefix(origin).unwrap().to_owned();
        if one["_class"].as_str().unwrap().ends_with("WorkflowRun") {
            held.insert(format!("{own}wfapi/describe"), stages(&own, one["timestamp"].as_i64().unwrap()));
            held.insert(format!("{own}testReport/api/json"), report());
        }
        held.insert(format!("{own}api/json"), one);
    }
    held
}

/// Whether the newest build of the nightly run is still going on.
pub fn jenkins_runs(held: &mut Held, builds: i64, running: bool) {
    let job = "/ci/job/Pay%20team/job/nightly%20run/";
    let turn = |build: &mut Json| {
        build["building"] = json!(running);
        build["result"] = if running { Json::Null } else { json!("FAILURE") };
        build["duration"] = json!(if running { 0 } else { 3_600_000 });
    };
    turn(held.get_mut(&format!("{job}{builds}/api/json")).unwrap());
    let page = held.get_mut(&format!("{job}api/json")).unwrap();
    turn(&mut page["allBuilds"][0]);
    turn(&mut page["lastBuild"]);
}

fn job_of(name: &str, full: &str, url: &str, builds: Vec<Json>) -> Json {
    json!({ "_class": "org.jenkinsci.plugins.workflow.job.WorkflowJob", "name": name, "fullName": full, "url": url,
        "buildable": true, "color": "blue", "lastBuild": builds.first(), "allBuilds": builds })
}

fn folder(name: &str, full: &str, url: &str, jobs: Vec<Json>) -> Json {
    json!({ "_class": "com.cloudbees.hudson.plugins.folder.Folder", "name": name, "fullName": full, "url": url, "jobs": jobs })
}

fn build(job: &str, number: i64) -> Json {
    json!({ "_class": "hudson.model.FreeStyleBuild", "number": number, "timestamp": MARCH + number * 3_600_000,
        "duration": 60_000, "result": "SUCCESS", "building": false, "url": format!("{job}{number}/"),
        "fullDisplayName": format!("Pay team » nightly run #{number}"),
        "actions": [{ "causes": [{ "shortDescription": "Started by timer" }] }, {}] })
}

fn tested(job: &str, number: i64) -> Json {
    let mut build = build(job, number);
    build["_class"] = json!("org.jenkinsci.plugins.workflow.job.WorkflowRun");
    build["fullDisplayName"] = json!(format!("Pay team » app » fees/round #{number}"));
    build["actions"] = json!([
        { "lastBuiltRevision": { "SHA1": "d".repeat(40), "branch": [{ "name": "fees/round" }] },
          "remoteUrls": ["git@github.com:northwind/pay.git"] },
        { "_class": "hudson.tasks.junit.TestResultAction", "totalCount": 2, "urlName": "testReport" },
    ]);
    build
}

fn stages(own: &str, at: i64) -> Json {
    let number = own.trim_end_matches('/').rsplit('/').next().unwrap();
    let stage = |id: &str, name: &str| {
        json!({ "id": id, "name": name, "execNode": "", "status": "SUCCESS", "startTimeMillis": at,
            "durationMillis": 20_000, "pauseDurationMillis": 0 })
    };
    json!({ "_links": { "self": { "href": format!("{own}wfapi/describe") } }, "id": number, "name": format!("#{number}"),
        "status": "SUCCESS", "startTimeMillis": at, "endTimeMillis": at + 60_000, "durationMillis": 60_000,
        "queueDurationMillis": 5_000, "pauseDurationMillis": 0, "stages": [stage("6", "Build"), stage("14", "Test")] })
}

fn report() -> Json {
    let case = |name: &str, status: &str, details: Json| json!({ "className": "pay.Fees", "name": name, "status": status, "duration": 0.5, "errorDetails": details });
    json!({ "_class": "hudson.tasks.junit.TestResult", "duration": 1.0, "failCount": 1, "passCount": 1, "skipCount": 0,
        "suites": [{ "name": "pay.Fees", "timestamp": "2026-03-01T12:00:00", "duration": 1.0,
            "cases": [case("round", "PASSED", Json::Null), case("late", "FAILED", json!("expected 2\nbut was 3"))] }] })
}
