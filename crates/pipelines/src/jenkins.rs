//! Jenkins: `…/api/json` of jobs and builds (<https://www.jenkins.io/doc/book/using/remote-access-api/>), the stages of
//! pipelines (`…/wfapi/describe`, `…/wfapi/runs`), results of tests (`…/testReport/api/json`), and what the Notification plugin
//! sends.
use crate::{
    Build, Job, Outcome, Pipeline, Record, TestCase, TestOutcome, TestRun,
    walk::{Around, Found},
};
use intake::Fields;
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    let any = |names: &[&str]| names.iter().any(|name| fields.has(name));
    match () {
        () if has(&["number", "timestamp", "duration"]) && any(&["result", "building"]) => build(fields, around),
        () if has(&["id", "status", "startTimeMillis", "stages"]) => stages(fields, around),
        () if has(&["id", "name", "status", "startTimeMillis", "durationMillis"]) => stage(fields, around),
        () if has(&["name", "url", "build"]) && fields.at("build").has("phase") => notification(fields),
        () if fields.list("suites").iter().any(|suite| suite.has("cases")) => Some(tests(fields)),
        () if has(&["name", "url"]) && any(&["color", "buildable", "jobs", "builds", "_class"]) => job(fields),
        () => None,
    }
}

const LEFT_OUT: &[&str] = &[
    "*_class",
    "actions[].parameters*",
    "actions[].causes[].userName",
    "actions[].causes[].userId",
    "actions[].causes[].upstream*",
    "artifacts*",
    "culprits*",
    "changeSet*",
    "changeSets*",
    "estimatedDuration",
    "executor*",
    "keepLog",
    "queueId",
    "displayName",
    "fullDisplayName",
    "description",
    "builtOn",
    "nextBuild*",
    "previousBuild*",
    "runs*",
    "inProgress",
    "fingerprint*",
    "_links*",
    "color",
    "buildable",
    "healthReport*",
    "firstBuild",
    "last*",
    "nextBuildNumber",
    "property*",
    "queueItem*",
    "concurrentBuild",
    "downstreamProjects*",
    "upstreamProjects*",
    "scm*",
    "inQueue",
    "keepDependencies",
    "displayNameOrNull",
    "resumeBlocked",
    "actions*",
    "primaryView*",
    "views*",
    "sources*",
    "disabled",
    "labelExpression",
    "stages[]._links*",
    "stages[].execNode",
    "stages[].stageFlowNodes*",
    "stages[].error*",
    "stages[].pauseDurationMillis",
    "execNode",
    "error*",
    "stageFlowNodes*",
    "build.full_url",
    "build.log",
    "build.notes",
    "build.artifacts*",
    "build.parameters*",
    "build.scm.changes*",
    "build.scm.culprits*",
    "build.test_summary*",
    "display_name",
    "build.display_name",
    "build.queue_id",
    "pauseDurationMillis",
    "endTimeMillis",
    "id",
    "allBuilds*",
    "mode",
    "nodeName",
    "nodeDescription",
    "numExecutors",
    "quietingDown",
    "slaveAgentPort",
    "useCrumbs",
    "useSecurity",
    "overallLoad*",
    "assignedLabels*",
    "unlabeledLoad*",
    "build.timestamp",
    "url",
    "build.url",
    "assignedTo",
];

/// `https://ci.example/job/folder/job/app/12/` to (`folder/app`, `12`).
fn address(url: &str) -> Option<(String, Option<i64>)> {
    let mut parts = url.split('/').filter(|part| !part.is_empty());
    let (mut path, mut number) = (Vec::new(), None);
    while let Some(part) = parts.next() {
        match part {
            "job" => path.push(percent_decode_str(parts.next()?).decode_utf8_lossy()),
            _ if !path.is_empty() && number.is_none() => number = part.parse().ok(),
            _ => {}
        }
    }
    (!path.is_empty()).then(|| (path.join("/"), number))
}

fn outcome(said: Option<&str>) -> Outcome {
    match said.map(str::to_ascii_uppercase).as_deref() {
        Some("SUCCESS") => Outcome::Succeeded,
        // The build ran, and tests failed.
        Some("FAILURE" | "UNSTABLE" | "FAILED") => Outcome::Failed,
        Some("ABORTED") => Outcome::Cancelled,
        Some("QUEUED" | "PAUSED_PENDING_INPUT") => Outcome::Waiting,
        // Such as NOT_BUILT and NOT_EXECUTED.
        Some(not) if not.starts_with("NOT_") => Outcome::Skipped,
        _ => Outcome::Running,
    }
}

fn after(at: Option<Timestamp>, milliseconds: i64) -> Option<Timestamp> {
    at?.checked_add(SignedDuration::from_millis(milliseconds)).ok()
}

fn build(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let url = fields.text("url");
    let named = fields.text("fullDisplayName").and_then(|name| Some(name.rsplit_once(" #")?.0.replace(" » ", "/")));
    let addressed = |url: Option<&str>| url.and_then(address).map(|(name, _)| name);
    let name = addressed(url).or_else(|| around.job.clone()).or_else(|| addressed(around.url)).or(named);
    let said = fields.text("result");
    let running = fields.flag("building").unwrap_or_default();
    let outcome = if running { Outcome::Running } else { outcome(said) };
    let found = Found::one("build", Err("a job"), LEFT_OUT)?;
    let (Some(name), Some(number)) = (name, fields.integer("number")) else { return Some(found) };
    let actions = Actions::of(fields);
    let started_at = fields.instant("timestamp");
    let duration = fields.integer("duration").unwrap_or_default();
    let build = Build {
        id: format!("{name}#{number}"),
        attempt: 1,
        project: name.clone(),
        pipeline: Some(name.clone()),
        parent: None,
        name: name.clone(),
        number: Some(number),
        commit: actions.commit,
        branch: actions.branch,
        event: actions.cause,
        outcome,
        said: said.unwrap_or("running").to_owned(),
        queued_at: actions.queued.map_or(started_at, |milliseconds| after(started_at, -milliseconds)),
        started_at,
        finished_at: after(started_at, duration).filter(|_| outcome.is_over()),
        as_of: after(started_at, duration),
        url: url.map(str::to_owned),
    };
    fields.id("id");
    Found::one("build", Ok(Record::Build(build)), LEFT_OUT)
}

/// What plugins add to a build.
#[derive(Default)]
struct Actions {
    commit: Option<String>,
    branch: Option<String>,
    cause: Option<String>,
    /// Milliseconds in the queue.
    queued: Option<i64>,
}

impl Actions {
    fn of(fields: &Fields<'_>) -> Actions {
        let mut found = Actions::default();
        for action in fields.list("actions") {
            let revision = action.at("lastBuiltRevision");
            if found.commit.is_none() {
                found.commit = revision.text("SHA1").map(str::to_owned);
                let branch = revision.list("branch").first().and_then(|branch| branch.text("name"));
                found.branch = branch
                    .map(|name| name.trim_start_matches("refs/remotes/").trim_start_matches("origin/").to_owned());
            }
            let cause = action.list("causes").first().and_then(|cause| cause.text("shortDescription"));
            found.cause = found.cause.or(cause.map(cause_in_a_word));
            found.queued = found.queued.or_else(|| action.integer("queuingDurationMillis"));
        }
        found
    }
}

/// A description of a cause may name a person; only its kind is kept.
fn cause_in_a_word(description: &str) -> String {
    let kinds = [
        ("upstream", "upstream"),
        ("timer", "schedule"),
        ("SCM change", "push"),
        ("push", "push"),
        ("Branch indexing", "push"),
        ("Triggered by", "review"),
        ("remote host", "remote"),
        ("user", "manual"),
        ("pull request", "pull_request"),
    ];
    kinds.iter().find(|(part, _)| description.contains(part)).map_or("other", |(_, kind)| *kind).to_owned()
}

/// A job, with its builds or the jobs of the folder inside.
fn job(fields: &Fields<'_>) -> Option<Found> {
    let url = fields.text("url").unwrap_or_default();
    let name = fields.text("fullName").map(str::to_owned).or_else(|| address(url).map(|(name, _)| name));
    let name = name.or_else(|| fields.text("name").map(str::to_owned));
    let pipeline =
        name.ok_or("a name").map(|name| Record::Pipeline(Pipeline { id: name.clone(), project: name.clone(), name }));
    fields.text("name");
    Some(Found { inside: &["builds", "jobs", "allBuilds"], ..Found::one("job", pipeline, LEFT_OUT)? })
}

/// A run of a pipeline with its stages.
fn stages(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let own = fields.at("_links").at("self").text("href");
    let name = own.or(around.url).and_then(address).map(|(name, _)| name).or_else(|| around.job.clone());
    let (Some(name), Some(id)) = (name, fields.id("id")) else {
        return Found::one("pipeline run", Err("a job"), LEFT_OUT);
    };
    let (said, started_at) = (fields.text("status").unwrap_or_default(), fields.instant("startTimeMillis"));
    let duration = fields.integer("durationMillis").unwrap_or_default();
    let outcome = outcome(Some(said));
    fields.text("name");
    let build = Build {
        id: format!("{name}#{id}"),
        attempt: 1,
        project: name.clone(),
        pipeline: Some(name.clone()),
        parent: None,
        name: name.clone(),
        number: id.parse().ok(),
        commit: None,
        branch: None,
        event: None,
        outcome,
        said: said.to_owned(),
        queued_at: after(started_at, -fields.integer("queueDurationMillis").unwrap_or_default()),
        started_at,
        finished_at: after(started_at, duration).filter(|_| outcome.is_over()),
        as_of: after(started_at, duration),
        url: None,
    };
    let jobs = fields.list("stages").into_iter().filter_map(|stage| stage_of(&stage, &build.id, &build.project));
    let jobs: Vec<Record> = jobs.map(Record::Job).collect();
    Some(Found::new("pipeline run", [vec![Record::Build(build)], jobs].concat(), LEFT_OUT))
}

/// A stage that stands alone, as Apache DevLake keeps it, and as `…/execution/node/6/wfapi/describe` answers.
fn stage(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let own = fields.at("_links").at("self").text("href").and_then(address);
    let asked = around.job.clone().zip(Some(around.build));
    let addressed = own.or_else(|| around.url.and_then(address));
    let (name, number) = asked.filter(|(_, build)| build.is_some()).or(addressed).unzip();
    let build = name.zip(number.flatten()).map(|(name, number)| (format!("{name}#{number}"), name));
    let made = build.ok_or("a build").and_then(|(id, name)| stage_of(fields, &id, &name).ok_or("an id"));
    Found::one("stage", made.map(Record::Job), LEFT_OUT)
}

fn stage_of(fields: &Fields<'_>, build: &str, project: &str) -> Option<Job> {
    let (said, started_at) = (fields.text("status").unwrap_or_default(), fields.instant("startTimeMillis"));
    let finished_at = after(started_at, fields.integer("durationMillis").unwrap_or_default());
    let outcome = outcome(Some(said));
    Some(Job {
        id: format!("{build}/{}", fields.id("id")?),
        build: Some(build.to_owned()),
        attempt: 1,
        project: project.to_owned(),
        name: fields.text("name").unwrap_or_default().to_owned(),
        commit: None,
        outcome,
        said: said.to_owned(),
        may_fail: false,
        queued_at: None,
        started_at,
        finished_at: finished_at.filter(|_| outcome.is_over()),
        as_of: finished_at,
        steps: Vec::new(),
    })
}

/// The report of the JUnit plugin: suites with their cases.
fn tests(fields: &Fields<'_>) -> Found {
    let suites = fields.list("suites");
    let cases =
        suites.iter().flat_map(|suite| suite.list("cases").into_iter().map(|case| test(suite, &case))).collect();
    let run = TestRun {
        cases,
        suites: suites.len() as u32,
        started_at: suites.iter().filter_map(|suite| suite.instant("timestamp")).min(),
        seconds: fields.number("duration").unwrap_or_default(),
    };
    Found::new("test report", vec![Record::Tests(run)], TESTS_LEFT_OUT)
}

const TESTS_LEFT_OUT: &[&str] = &[
    "*_class",
    "empty",
    "failCount",
    "passCount",
    "skipCount",
    "testActions*",
    "properties*",
    "suites[].duration",
    "suites[].id",
    "suites[].enclosing*",
    "suites[].nodeId",
    "suites[].std*",
    "suites[].cases[].age",
    "suites[].cases[].failedSince",
    "suites[].cases[].errorStackTrace",
    "suites[].cases[].skipped*",
    "suites[].cases[].std*",
    "suites[].cases[].testActions*",
    "suites[].cases[].properties*",
];

fn test(suite: &Fields<'_>, case: &Fields<'_>) -> TestCase {
    let outcome = match case.text("status").unwrap_or_default() {
        "PASSED" | "FIXED" => TestOutcome::Passed,
        "FAILED" | "REGRESSION" => TestOutcome::Failed,
        _ => TestOutcome::Skipped,
    };
    let first = |text: &str| text.lines().next().map(|line| line.chars().take(500).collect());
    TestCase {
        suite: suite.text("name").unwrap_or_default().to_owned(),
        class: case.text("className").unwrap_or_default().to_owned(),
        name: case.text("name").unwrap_or_default().to_owned(),
        file: None,
        outcome,
        seconds: case.number("duration"),
        message: case.text("errorDetails").and_then(first),
        failed_before: 0,
    }
}

fn notification(fields: &Fields<'_>) -> Option<Found> {
    let build = fields.at("build");
    let name = fields.text("url").and_then(|url| address(&format!("/{url}"))).map(|(name, _)| name);
    let name = name.or_else(|| fields.text("name").map(str::to_owned));
    fields.text("name");
    let (Some(name), Some(number)) = (name, build.integer("number")) else {
        return Found::one("notification", Err("a job or a number"), LEFT_OUT);
    };
    let (phase, status) = (build.text("phase").unwrap_or_default(), build.text("status"));
    let outcome = match phase {
        "QUEUED" => Outcome::Waiting,
        "STARTED" => Outcome::Running,
        _ => outcome(status),
    };
    let at = build.instant("timestamp");
    let started_at = at.filter(|_| outcome != Outcome::Waiting);
    let finished_at = build.integer("duration").map_or(at, |milliseconds| after(at, milliseconds));
    let scm = build.at("scm");
    let build = Build {
        id: format!("{name}#{number}"),
        attempt: 1,
        project: name.clone(),
        pipeline: Some(name.clone()),
        parent: None,
        name,
        number: Some(number),
        commit: scm.text("commit").map(str::to_owned),
        branch: scm.text("branch").map(|name| name.trim_start_matches("origin/").to_owned()),
        event: None,
        outcome,
        said: status.unwrap_or(phase).to_owned(),
        queued_at: at.filter(|_| outcome == Outcome::Waiting),
        started_at,
        finished_at: finished_at.filter(|_| outcome.is_over()),
        as_of: at,
        url: build.text("full_url").map(str::to_owned),
    };
    scm.text("url");
    Found::one("notification", Ok(Record::Build(build)), LEFT_OUT)
}
