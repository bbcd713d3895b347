//! CircleCI: <https://circleci.com/docs/api/v2/> (pipelines, workflows, jobs, tests) and its webhooks
//! (<https://circleci.com/docs/webhooks-reference/>).
use crate::{
    Build, Job, Outcome, Pipeline, Record, TestCase, TestOutcome, TestRun,
    walk::{Around, Found},
};
use intake::Fields;
use serde_json::Value;

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    let any = |names: &[&str]| names.iter().any(|name| fields.has(name));
    match () {
        () if has(&["type", "happened_at", "workflow"]) => hook(fields),
        () if has(&["id", "pipeline_id", "status", "name"]) => workflow(fields, around),
        () if has(&["number", "status", "latest_workflow"]) => job_detail(fields),
        () if has(&["id", "name", "status"]) && any(&["job_number", "dependencies", "started_at"]) => {
            job(fields, around)
        }
        () if has(&["id", "number", "state"]) && any(&["vcs", "trigger", "project_slug"]) => pipeline(fields),
        () if has(&["result", "name", "classname"]) => test(fields, around),
        () => None,
    }
}

const LEFT_OUT: &[&str] = &[
    "started_by",
    "canceled_by",
    "approved_by",
    "errored_by",
    "dependencies*",
    "requires*",
    "type",
    "approval_request_id",
    "errors*",
    "trigger*",
    "vcs.provider_name",
    "vcs.origin_repository_url",
    "vcs.target_repository_url",
    "vcs.commit",
    "vcs.review_*",
    "updated_at",
    "web_url",
    "executor",
    "parallel_runs*",
    "parallelism",
    "contexts*",
    "messages*",
    "organization",
    "latest_workflow.name",
    "project.external_url",
    "project.id",
    "project.name",
    "pipeline_number",
    "id",
    "happened_at",
    "webhook",
    "workflow.url",
    "job.name",
    "pipeline.trigger*",
    "pipeline.vcs*",
    "pipeline.trigger_parameters",
    "workflow.id",
    "tag",
    "auto_rerun_number",
    "max_auto_reruns",
    "ConnectionId",
    "_raw*",
    "source",
    "pipeline",
    "created_at",
    "workflow*",
];

fn outcome(said: &str) -> Outcome {
    match said {
        "success" => Outcome::Succeeded,
        "failed" | "error" | "failing" | "unauthorized" | "infrastructure_fail" | "timedout" | "terminated-unknown" => {
            Outcome::Failed
        }
        "canceled" | "cancelled" => Outcome::Cancelled,
        "not_run" | "skipped" => Outcome::Skipped,
        "running" => Outcome::Running,
        _ => Outcome::Waiting,
    }
}

/// `gh/octo-org/octo-repo` to `octo-org/octo-repo`.
fn project(slug: Option<&str>) -> String {
    let slug = slug.unwrap_or_default();
    let known = ["gh/", "github/", "bb/", "bitbucket/"];
    known.iter().find_map(|start| slug.strip_prefix(start)).unwrap_or(slug).to_owned()
}

fn pipeline_of(project: &str, name: &str) -> Option<String> {
    Some(format!("{project}: {name}"))
}

/// Its commit and branch are what its workflows lack; it is kept as a pipeline run that they join by its id.
fn pipeline(fields: &Fields<'_>) -> Option<Found> {
    let vcs = fields.at("vcs");
    let said = fields.text("state").unwrap_or_default();
    let created_at = fields.instant("created_at");
    let outcome = if said == "errored" { Outcome::Failed } else { Outcome::Waiting };
    let build = || {
        Ok(Record::Build(Build {
            id: format!("pipeline-{}", fields.id("id").ok_or("an id")?),
            attempt: 1,
            project: project(fields.text("project_slug")),
            pipeline: None,
            parent: None,
            name: "pipeline".to_owned(),
            number: fields.integer("number"),
            commit: vcs.text("revision").map(str::to_owned),
            branch: vcs.text("branch").or_else(|| vcs.text("tag")).map(str::to_owned),
            event: fields.at("trigger").text("type").map(str::to_owned),
            outcome,
            said: said.to_owned(),
            queued_at: created_at,
            started_at: None,
            finished_at: created_at.filter(|_| outcome.is_over()),
            as_of: fields.instant("updated_at").or(created_at),
            url: None,
        }))
    };
    Found::one("pipeline", build(), LEFT_OUT)
}

fn workflow(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let outcome = outcome(said);
    let project = project(fields.text("project_slug"));
    let name = fields.text("name").unwrap_or_default();
    let (created_at, stopped_at) = (fields.instant("created_at"), fields.instant("stopped_at"));
    let vcs = around.input.map(|input| Fields::of(&input["vcs"]).text("revision")).unwrap_or_default();
    let build = || {
        Ok(Record::Build(Build {
            id: fields.id("id").ok_or("an id")?,
            attempt: 1,
            project: project.clone(),
            pipeline: pipeline_of(&project, name),
            parent: fields.id("pipeline_id").map(|id| format!("pipeline-{id}")),
            name: name.to_owned(),
            number: fields.integer("pipeline_number"),
            commit: vcs.map(str::to_owned),
            branch: None,
            event: None,
            outcome,
            said: said.to_owned(),
            queued_at: created_at,
            started_at: created_at,
            finished_at: stopped_at,
            as_of: stopped_at.or(created_at),
            url: None,
        }))
    };
    let found = Found::one("workflow", build(), LEFT_OUT)?;
    Some(with_pipeline(found, &project, name))
}

fn with_pipeline(mut found: Found, project: &str, name: &str) -> Found {
    let id = pipeline_of(project, name).unwrap_or_default();
    found.records.push(Record::Pipeline(Pipeline { id, project: project.to_owned(), name: name.to_owned() }));
    found
}

/// `…/api/v2/workflow/ID/job` to the id.
fn workflow_of(around: &Around<'_>) -> Option<String> {
    let asked = around.input.and_then(|input| input.get("id")).and_then(Value::as_str);
    let parent = || around.parent.and_then(|parent| parent.get("workflow")?.get("id")?.as_str());
    let address = || around.url.and_then(|url| url.split_once("/workflow/")?.1.split('/').next());
    address().or(asked).or_else(parent).map(str::to_owned)
}

fn job(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let (started_at, stopped_at) = (fields.instant("started_at"), fields.instant("stopped_at"));
    fields.integer("job_number");
    let job = || {
        Ok(Record::Job(Job {
            id: fields.id("id").ok_or("an id")?,
            build: workflow_of(around),
            attempt: 1,
            project: project(fields.text("project_slug")),
            name: fields.text("name").unwrap_or_default().to_owned(),
            commit: None,
            outcome: outcome(said),
            said: said.to_owned(),
            may_fail: false,
            queued_at: fields.instant("queued_at").or_else(|| fields.instant("created_at")),
            started_at,
            finished_at: stopped_at,
            as_of: stopped_at.or(started_at),
            steps: Vec::new(),
        }))
    };
    Found::one("job", job(), LEFT_OUT)
}

/// A job asked for by its number, which has no id: the project and the number are one.
fn job_detail(fields: &Fields<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let project = project(fields.at("project").text("slug"));
    let (started_at, stopped_at) = (fields.instant("started_at"), fields.instant("stopped_at"));
    fields.integer("duration");
    let job = || {
        Ok(Record::Job(Job {
            id: format!("{project}#{}", fields.id("number").ok_or("a number")?),
            build: fields.at("latest_workflow").id("id"),
            attempt: 1,
            project: project.clone(),
            name: fields.text("name").unwrap_or_default().to_owned(),
            commit: None,
            outcome: outcome(said),
            said: said.to_owned(),
            may_fail: false,
            queued_at: fields.instant("queued_at").or_else(|| fields.instant("created_at")),
            started_at,
            finished_at: stopped_at,
            as_of: stopped_at.or(started_at),
            steps: Vec::new(),
        }))
    };
    Found::one("job by number", job(), LEFT_OUT)
}

fn test(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let number = around.url.and_then(|url| url.trim_end_matches("/tests").rsplit('/').next());
    let outcome = match fields.text("result").unwrap_or_default() {
        "success" => TestOutcome::Passed,
        "failure" | "failed" => TestOutcome::Failed,
        "error" => TestOutcome::Errored,
        _ => TestOutcome::Skipped,
    };
    let case = TestCase {
        suite: number.unwrap_or_default().to_owned(),
        class: fields.text("classname").unwrap_or_default().to_owned(),
        name: fields.text("name").unwrap_or_default().to_owned(),
        file: fields.text("file").map(str::to_owned),
        outcome,
        seconds: fields.number("run_time"),
        message: fields.text("message").map(str::to_owned),
        failed_before: 0,
    };
    let run = TestRun { cases: vec![case], suites: 0, ..TestRun::default() };
    Found::one("test", Ok(Record::Tests(run)), LEFT_OUT)
}

fn hook(fields: &Fields<'_>) -> Option<Found> {
    let (workflow, pipeline) = (fields.at("workflow"), fields.at("pipeline"));
    let project = project(fields.at("project").text("slug"));
    let said = workflow.text("status").unwrap_or_default();
    let name = workflow.text("name").unwrap_or_default();
    let vcs = pipeline.at("vcs");
    let commit = vcs.text("revision").map(str::to_owned);
    let Some(id) = workflow.id("id") else { return Found::one("webhook", Err("a workflow"), LEFT_OUT) };
    let (created_at, stopped_at) = (workflow.instant("created_at"), workflow.instant("stopped_at"));
    let build = Build {
        id: id.clone(),
        attempt: 1,
        project: project.clone(),
        pipeline: pipeline_of(&project, name),
        parent: pipeline.id("id").map(|id| format!("pipeline-{id}")),
        name: name.to_owned(),
        number: pipeline.integer("number"),
        commit: commit.clone(),
        branch: vcs.text("branch").or_else(|| vcs.text("tag")).map(str::to_owned),
        event: None,
        outcome: outcome(said),
        said: said.to_owned(),
        queued_at: created_at,
        started_at: created_at,
        finished_at: stopped_at,
        as_of: stopped_at.or_else(|| fields.instant("happened_at")),
        url: workflow.text("url").map(str::to_owned),
    };
    let own = fields.at("job");
    let job = own.id("id").map(|job| {
        let said = own.text("status").unwrap_or_default();
        let (started_at, finished_at) = (own.instant("started_at"), own.instant("stopped_at"));
        own.integer("number");
        Record::Job(Job {
            id: job,
            build: Some(id),
            attempt: 1,
            project: project.clone(),
            name: own.text("name").unwrap_or_default().to_owned(),
            commit,
            outcome: outcome(said),
            said: said.to_owned(),
            may_fail: false,
            queued_at: None,
            started_at,
            finished_at,
            as_of: finished_at.or(started_at),
            steps: Vec::new(),
        })
    });
    fields.text("type");
    let records = [Some(Record::Build(build)), job].into_iter().flatten().collect();
    Some(with_pipeline(Found::new("webhook", records, LEFT_OUT), &project, name))
}
