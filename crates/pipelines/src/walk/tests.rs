use crate::{Harvest, Record, System, read};
use intake::{
    Fate,
    stream::{self, Content, Limits, Options},
};
use std::path::Path;

const OPTIONS: Options =
    Options { lists: &[], limits: Limits { document: 64 << 20, parts: 4_000_000, expanded: 1 << 30, files: 1000 } };

fn harvest(system: System, text: &str) -> Harvest {
    let mut harvest = Harvest::default();
    let each = &mut |document: stream::Document| {
        read(system, &document, &mut harvest);
        Ok(())
    };
    stream::read_bytes("x.json", text.as_bytes(), &OPTIONS, each).unwrap();
    harvest
}

fn harvest_of(system: System, path: &Path) -> Harvest {
    let mut harvest = Harvest::default();
    let each = &mut |document: stream::Document| {
        read(system, &document, &mut harvest);
        Ok(())
    };
    stream::read(&[path.to_owned()], &OPTIONS, each).unwrap();
    harvest
}

#[test]
fn graphql_tells_of_deployments_and_jobs_as_rest_does() {
    let text = r#"{"data": {"repository": {"deployments": {"nodes": [{"databaseId": 5, "id": "DE_x", "commitOid": "aa",
        "environment": "production", "state": "ACTIVE", "createdAt": "2026-01-01T00:00:00Z", "ref": {"name": "main"},
        "latestStatus": {"state": "SUCCESS", "updatedAt": "2026-01-01T00:09:00Z"}, "repository": {"nameWithOwner": "o/r"}}]}}}}
        {"Typename": "CheckSuite", "Node": {"CheckSuite": {"WorkflowRun": {"DatabaseId": 7}, "CheckRuns": {"Nodes": [{
        "DatabaseId": 8, "Name": "test", "Status": "COMPLETED", "Conclusion": "FAILURE", "StartedAt": "2026-01-01T00:00:00Z",
        "CompletedAt": "2026-01-01T00:01:00Z", "Steps": {"Nodes": [{"Name": "run", "Conclusion": "FAILURE"}]}}]}}}}"#;
    let found = harvest(System::Github, text).records;
    let [Record::Deployment(deployment), Record::Job(job)] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&*deployment.id, &*deployment.project, deployment.outcome.word()), ("5", "o/r", "succeeded"));
    assert_eq!(deployment.finished_at.unwrap().to_string(), "2026-01-01T00:09:00Z");
    assert_eq!((job.build.as_deref(), &*job.id, job.outcome.word(), job.steps.len()), (Some("7"), "8", "failed", 1));
}

#[test]
fn a_deployment_that_another_one_replaced_was_done_when_it_succeeded() {
    let text = r#"{"Id": "DE_x", "DatabaseId": 5, "Environment": "production", "State": "INACTIVE",
        "CreatedAt": "2026-01-01T00:00:00Z", "UpdatedAt": "2026-03-01T00:00:00Z", "CommitOid": "aa",
        "LatestStatus": {"State": "INACTIVE", "updatedAt": "2026-03-01T00:00:00Z"},
        "Repository": {"Url": "https://github.com/o/r"},
        "Statuses": {"nodes": [{"state": "INACTIVE", "updatedAt": "2026-03-01T00:00:00Z"},
            {"state": "SUCCESS", "updatedAt": "2026-01-01T00:07:00Z"}, {"state": "IN_PROGRESS", "updatedAt": "2026-01-01T00:02:00Z"}]}}"#;
    let harvest = harvest(System::Github, text);
    let [Record::Deployment(deployment)] = &harvest.records[..] else { panic!("{:?}", harvest.records) };
    let at = |time: Option<jiff::Timestamp>| time.unwrap().to_string();
    assert_eq!((deployment.commit.as_deref(), deployment.outcome.word()), (Some("aa"), "succeeded"));
    assert_eq!(at(deployment.started_at), "2026-01-01T00:02:00Z");
    assert_eq!(at(deployment.finished_at), "2026-01-01T00:07:00Z");
}

/// The row says beside the answer for which build it was asked; an address of its own comes first.
#[test]
fn builds_and_stages_of_jenkins_belong_to_the_job_that_was_asked_for() {
    let table = r##"id,params,data,url,input
1,"{""FullName"":""shop/café""}","{""number"":12,""timestamp"":1767225600000,""duration"":60000,""result"":""NOT_BUILT""}",https://ci.example/job/caf%C3%A9/api/json,"{""Name"":""café"",""Path"":""job/shop/""}"
2,"{""FullName"":""shop/café""}","{""id"":""6"",""name"":""Test"",""status"":""FAILED"",""startTimeMillis"":1767225600000,""durationMillis"":5000,""execNode"":""""}",https://ci.example/job/other/3/wfapi/describe,"{""FullName"":""shop/café#12""}"
3,"{}","{""id"":""7"",""name"":""Ship"",""status"":""SUCCESS"",""startTimeMillis"":1767225600000,""durationMillis"":5000,""_links"":{""self"":{""href"":""/job/shop/job/caf%C3%A9/13/execution/node/7/wfapi/describe""}}}",,"{}"
4,"{}","{""id"":""8"",""name"":""Lost"",""status"":""SUCCESS"",""startTimeMillis"":1767225600000,""durationMillis"":5000}",,"{}"
"##;
    let mut harvest = Harvest::default();
    let each = &mut |document: stream::Document| {
        read(System::Jenkins, &document, &mut harvest);
        Ok(())
    };
    stream::read_bytes("rows.csv", table.as_bytes(), &OPTIONS, each).unwrap();
    let [Record::Build(build), Record::Job(test), Record::Job(ship)] = &harvest.records[..] else {
        panic!("{:?}", harvest.records)
    };
    assert_eq!((&*build.id, build.outcome.word()), ("shop/café#12", "skipped"));
    assert_eq!(
        (&*test.id, test.build.as_deref(), test.outcome.word()),
        ("shop/café#12/6", Some("shop/café#12"), "failed")
    );
    assert_eq!((&*ship.id, ship.build.as_deref()), ("shop/café#13/7", Some("shop/café#13")));
    assert!(
        harvest.report.incomplete.keys().any(|what| what == "stage without a build"),
        "{:?}",
        harvest.report.incomplete
    );
}

#[test]
fn records_are_found_alone_in_lists_and_in_wrappers() {
    let run = r#"{"id": 7, "workflow_id": 1, "head_sha": "aa", "status": "completed", "conclusion": "failure",
        "url": "https://api.github.example/repos/o/r/actions/runs/7", "updated_at": "2026-01-01T00:00:00Z"}"#;
    for text in [
        run.to_owned(),
        format!("[{run}]"),
        format!("{{\"total_count\": 1, \"workflow_runs\": [{run}]}}"),
        format!("{{\"data\": {run}}}"),
    ] {
        let found = harvest(System::Github, &text);
        let Record::Build(build) = &found.records[0] else { panic!("{text}") };
        assert_eq!((&*build.id, &*build.project, build.outcome.word()), ("7", "o/r", "failed"), "{text}");
    }
}

#[test]
fn what_is_not_known_is_named_and_empty_answers_are_fine() {
    let found = harvest(System::Github, r#"{"surprise": 1, "other": {"x": 2}}"#);
    assert_eq!(found.report.unrecognised.keys().collect::<Vec<_>>(), ["an object with other, surprise"]);
    for text in ["{}", "[]", r#"{"total_count": 0, "workflow_runs": []}"#] {
        let found = harvest(System::Github, text);
        assert!(found.records.is_empty() && found.report.unrecognised.is_empty(), "{text}");
    }
}

#[test]
fn an_incident_is_acknowledged_and_resolved_by_webhooks_in_any_order() {
    let hook = |kind: &str, at: &str, status: &str| {
        format!(
            r#"{{"event": {{"id": "e", "event_type": "incident.{kind}", "occurred_at": "{at}",
        "data": {{"id": "P1", "number": 3, "status": "{status}", "created_at": "2026-01-01T00:00:00Z", "title": "Down"}}}}}}"#
        )
    };
    let found = harvest(System::Pagerduty, &hook("resolved", "2026-01-01T02:00:00Z", "resolved"));
    let Record::Incident(incident) = &found.records[0] else { panic!() };
    assert_eq!(incident.resolved_at.unwrap().to_string(), "2026-01-01T02:00:00Z");
    assert_eq!(found.report.unrecognised.len(), 0);
}

#[test]
fn deployments_of_both_code_hosts_and_their_webhooks() {
    let github = r#"{"action": "created", "repository": {"full_name": "o/r"}, "deployment": {"id": 5, "sha": "aa", "ref": "main",
        "environment": "production", "created_at": "2026-01-01T00:00:00Z"}, "deployment_status": {"id": 9, "state": "failure",
        "deployment_url": "https://api.github.example/repos/o/r/deployments/5", "created_at": "2026-01-01T00:09:00Z"}}"#;
    let gitlab = r#"{"object_kind": "deployment", "status": "success", "status_changed_at": "2026-01-01 00:09:00 +0000",
        "deployment_id": 5, "environment": "production", "environment_tier": "production", "project": {"path_with_namespace": "o/r"}}"#;
    for (system, text, outcomes) in
        [(System::Github, github, vec!["waiting", "failed"]), (System::Gitlab, gitlab, vec!["succeeded"])]
    {
        let found = harvest(system, text);
        let deployments: Vec<_> = found
            .records
            .iter()
            .map(|record| match record {
                Record::Deployment(one) => {
                    (one.id.as_str(), one.project.as_str(), one.outcome.word(), one.finished_at.is_some())
                }
                other => panic!("{other:?}"),
            })
            .collect();
        let expected: Vec<_> =
            outcomes.into_iter().map(|outcome| ("5", "o/r", outcome, outcome != "waiting")).collect();
        assert_eq!(deployments, expected);
    }
}

#[test]
fn stages_of_jenkins_and_webhooks_of_circleci_and_gitlab() {
    let jenkins = r#"{"id": "7", "name": "\u00237", "status": "FAILED", "startTimeMillis": 1767225600000, "durationMillis": 9000,
        "_links": {"self": {"href": "/job/folder/job/app/7/wfapi/describe"}}, "stages": [{"id": "3", "name": "Test",
        "status": "FAILED", "startTimeMillis": 1767225601000, "durationMillis": 2000}]}"#;
    let circleci = r#"{"type": "job-completed", "happened_at": "2026-01-01T00:00:09Z", "project": {"slug": "gh/o/r"},
        "workflow": {"id": "w", "name": "build", "status": "success", "created_at": "2026-01-01T00:00:00Z"},
        "pipeline": {"id": "p", "vcs": {"revision": "aa", "branch": "main"}},
        "job": {"id": "j", "name": "test", "status": "failed", "started_at": "2026-01-01T00:00:01Z"}}"#;
    let gitlab = r#"{"object_kind": "pipeline", "object_attributes": {"id": 3, "status": "failed", "sha": "aa", "ref": "main",
        "created_at": "2026-01-01 00:00:00 UTC"}, "project": {"path_with_namespace": "o/r"}, "builds": [{"id": 4,
        "stage": "test", "name": "unit", "status": "failed"}]}"#;
    let expected = [
        (System::Jenkins, jenkins, "folder/app#7", "Test", "folder/app#7/3"),
        (System::Circleci, circleci, "w", "test", "j"),
        (System::Gitlab, gitlab, "3", "test: unit", "4"),
    ];
    for (system, text, build, name, id) in expected {
        let found = harvest(system, text);
        let job = found.records.iter().find_map(|record| match record {
            Record::Job(job) => {
                Some((job.build.as_deref().unwrap(), job.name.as_str(), job.id.as_str(), job.outcome.word()))
            }
            _ => None,
        });
        assert_eq!(job, Some((build, name, id, "failed")), "{system:?}");
    }
}

/// Every recorded payload is read, and the report names what is not known. What no record can be made of is listed here.
#[test]
fn recorded_payloads_lose_nothing_that_the_report_does_not_name() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !data.exists() {
        eprintln!("Passed over: no recorded payloads at {}", data.display());
        return;
    }
    let systems = [
        ("github-actions", System::Github),
        ("jenkins", System::Jenkins),
        ("circleci/apache-incubator-devlake/circleci/e2e/raw_tables", System::Circleci),
        ("pagerduty", System::Pagerduty),
        ("opsgenie", System::Opsgenie),
        ("gitlab/NangoHQ-integration-templates", System::Gitlab),
    ];
    for (folder, system) in systems {
        let all = harvest_of(system, &data.join(folder));
        eprintln!("{folder}: {} records\n{}", all.records.len(), all.report);
        assert!(!all.records.is_empty(), "{folder}");
        assert_eq!(all.report.incomplete.len(), 0, "{folder}");
        for (kind, count) in all.report.kinds.iter().filter(|(kind, _)| *kind != "around records") {
            let unknown = count.fields.iter().filter(|(_, field)| field.fate == Fate::Unknown);
            assert_eq!(unknown.map(|(name, _)| name).collect::<Vec<_>>(), [""; 0], "{folder}: {kind}");
        }
    }
}

/// What Apache DevLake makes of the same rows.
#[test]
fn circleci_agrees_with_the_tables_of_devlake() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/circleci/apache-incubator-devlake/circleci/e2e");
    if !data.exists() {
        eprintln!("Passed over: no recorded payloads at {}", data.display());
        return;
    }
    for kind in ["jobs", "workflows"] {
        let found =
            harvest_of(System::Circleci, &data.join(format!("raw_tables/_raw_circleci_api_{kind}_incremental.csv")));
        let mut ours: Vec<String> = found.records.iter().filter_map(line).collect();
        let table = data.join(format!("snapshot_tables/_tool_circleci_{kind}_incremental.csv"));
        let mut rows = Vec::new();
        let each = &mut |document: stream::Document| {
            rows.extend(Some(document.content).and_then(|content| match content {
                Content::Row(row) => Some(row),
                _ => None,
            }));
            Ok(())
        };
        stream::read(&[table], &OPTIONS, each).unwrap();
        let mut theirs: Vec<String> = rows
            .iter()
            .map(|row| {
                let text = |name: &str| row.get(name).unwrap_or_default();
                let began = if kind == "jobs" { text("started_at") } else { text("created_date") };
                let ended = if kind == "jobs" { text("stopped_at") } else { text("stopped_date") };
                let above = if kind == "jobs" {
                    text("workflow_id").to_owned()
                } else {
                    format!("pipeline-{}", text("pipeline_id"))
                };
                let short = |at: &str| at.get(..19).unwrap_or_default().to_owned();
                format!("{} {} {above} {} {} {}", text("id"), text("name"), text("status"), short(began), short(ended))
            })
            .collect();
        ours.sort();
        theirs.sort();
        assert_eq!(ours, theirs);
    }
}

fn line(record: &Record) -> Option<String> {
    let short = |at: Option<jiff::Timestamp>| at.map_or_else(String::new, |at| at.to_string()[..19].to_owned());
    match record {
        Record::Job(job) => {
            let above = job.build.clone().unwrap_or_default();
            Some(format!(
                "{} {} {above} {} {} {}",
                job.id,
                job.name,
                job.said,
                short(job.started_at),
                short(job.finished_at)
            ))
        }
        Record::Build(build) => {
            let above = build.parent.clone().unwrap_or_default();
            Some(format!(
                "{} {} {above} {} {} {}",
                build.id,
                build.name,
                build.said,
                short(build.queued_at),
                short(build.finished_at)
            ))
        }
        _ => None,
    }
}
