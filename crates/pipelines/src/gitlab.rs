//! GitLab: <https://docs.gitlab.com/api/pipelines/>, `/jobs`, `/deployments`, `/releases`, `/tags`, and the webhooks of the
//! same.
use crate::{
    Build, Deployment, Job, Outcome, Record, Release,
    walk::{Around, Found},
};
use intake::Fields;

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    match fields.text("object_kind") {
        Some("pipeline") => return pipeline_hook(fields),
        Some("build") => return job_hook(fields),
        Some("deployment") => return deployment_hook(fields),
        Some("release") => return release_hook(fields),
        Some("tag_push") => return tag_hook(fields),
        Some(_) => return None,
        None => {}
    }
    match () {
        () if has(&["id", "pipeline", "stage", "status", "name"]) => job(fields, around),
        () if has(&["id", "environment", "sha", "status"]) => deployment(fields, around),
        () if has(&["id", "sha", "ref", "status", "web_url"]) => pipeline(fields, around),
        () if has(&["tag_name", "released_at"]) => release(fields, around),
        () if has(&["name", "target", "commit", "release"]) => tag(fields, around),
        () => None,
    }
}

const LEFT_OUT: &[&str] = &[
    "web_url",
    "*_url",
    "user",
    "url",
    "before_sha",
    "yaml_errors",
    "committed_at",
    "coverage",
    "detailed_status",
    "archived",
    "runner",
    "artifacts*",
    "tag_list*",
    "commit",
    "project",
    "erased_at",
    "failure_reason",
    "user.*",
    "iid",
    "artifacts_file",
    "deployable",
    "assets*",
    "evidences*",
    "_links",
    "author",
    "description*",
    "commit_path",
    "tag_path",
    "upcoming_release",
    "milestones*",
    "environment.external_url",
    "environment.slug",
    "protected",
    "message",
    "object_kind",
    "variables*",
    "object_attributes.stages*",
    "object_attributes.detailed_status",
    "object_attributes.variables*",
    "merge_request",
    "source_pipeline",
    "builds[].user",
    "builds[].runner",
    "builds[].artifacts_file",
    "repository",
    "release",
    "tag",
    "action",
    "object_attributes.url",
    "object_attributes.iid",
    "object_attributes.before_sha",
    "object_attributes.tag",
    "created_at",
    "builds[].failure_reason",
    "builds[].manual",
    "builds[].when",
    "pipeline",
    "user_*",
    "checkout_sha",
    "commits*",
    "before",
    "total_commits_count",
    "push_options",
    "event_name",
    "project_id",
    "project_name",
    "build_runner*",
    "runner_*",
    "build_failure_reason",
    "retries_count",
    "ref_protected",
    "builds[].environment",
    "short_sha",
    "deployable_id",
    "started_at",
];

fn outcome(said: &str) -> Outcome {
    match said {
        "success" => Outcome::Succeeded,
        "failed" => Outcome::Failed,
        "canceled" | "cancelled" => Outcome::Cancelled,
        "skipped" | "blocked" => Outcome::Skipped,
        "running" | "canceling" => Outcome::Running,
        _ => Outcome::Waiting,
    }
}

/// `https://gitlab.example/group/sub/project/-/pipelines/1` to `group/sub/project`, else `project-5`.
fn project(fields: &Fields<'_>, around: &Around<'_>) -> String {
    let path = |url: &str| Some(url.split_once("://")?.1.split_once('/')?.1.split_once("/-/")?.0.to_owned());
    let number = || fields.id("project_id").or_else(|| fields.at("pipeline").id("project_id"));
    let deployable = || fields.at("deployable").text("web_url").and_then(path);
    let links = || fields.at("_links").text("self").and_then(path);
    let stated = fields.at("project").text("path_with_namespace").map(str::to_owned);
    stated
        .or_else(|| fields.text("web_url").and_then(path))
        .or_else(deployable)
        .or_else(links)
        .or_else(|| around.project.clone())
        .or_else(|| number().map(|id| format!("project-{id}")))
        .or_else(|| {
            around.url.and_then(|url| Some(format!("project-{}", url.split_once("/projects/")?.1.split('/').next()?)))
        })
        .unwrap_or_default()
}

fn pipeline(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let outcome = outcome(said);
    let (created_at, updated_at) = (fields.instant("created_at"), fields.instant("updated_at"));
    let finished_at = fields.instant("finished_at").or(updated_at).filter(|_| outcome.is_over());
    let build = || {
        Ok(Record::Build(Build {
            id: fields.id("id").ok_or("an id")?,
            attempt: 1,
            project: project(fields, around),
            pipeline: None,
            parent: None,
            name: fields.text("name").unwrap_or("pipeline").to_owned(),
            number: fields.integer("iid"),
            commit: fields.text("sha").map(str::to_owned),
            branch: fields.text("ref").map(str::to_owned),
            event: fields.text("source").map(str::to_owned),
            outcome,
            said: said.to_owned(),
            queued_at: created_at,
            started_at: fields.instant("started_at").or_else(|| began(finished_at, fields.number("duration"))),
            finished_at,
            as_of: updated_at.or(created_at),
            url: fields.text("web_url").map(str::to_owned),
        }))
    };
    fields.number("queued_duration");
    Found::one("pipeline", build(), LEFT_OUT)
}

fn began(finished_at: Option<jiff::Timestamp>, seconds: Option<f64>) -> Option<jiff::Timestamp> {
    let milliseconds = (seconds?.clamp(0.0, 1e9) * 1e3) as i64;
    finished_at?.checked_sub(jiff::SignedDuration::from_millis(milliseconds)).ok()
}

fn pipeline_hook(fields: &Fields<'_>) -> Option<Found> {
    let own = fields.at("object_attributes");
    let said = own.text("status").unwrap_or_default();
    let project = fields.at("project").text("path_with_namespace").unwrap_or_default();
    let outcome = outcome(said);
    let Some(id) = own.id("id") else { return Found::one("pipeline webhook", Err("an id"), LEFT_OUT) };
    let (created_at, finished_at) = (own.instant("created_at"), own.instant("finished_at"));
    let build = Build {
        id: id.clone(),
        attempt: 1,
        project: project.to_owned(),
        pipeline: None,
        parent: None,
        name: own.text("name").unwrap_or("pipeline").to_owned(),
        number: own.integer("iid"),
        commit: own.text("sha").map(str::to_owned),
        branch: own.text("ref").map(str::to_owned),
        event: own.text("source").map(str::to_owned),
        outcome,
        said: said.to_owned(),
        queued_at: created_at,
        started_at: began(finished_at, own.number("duration")),
        finished_at,
        as_of: finished_at.or(created_at),
        url: own.text("url").map(str::to_owned),
    };
    own.number("queued_duration");
    let commit = build.commit.clone();
    let jobs = fields.list("builds").into_iter().filter_map(|job| {
        let said = job.text("status").unwrap_or_default();
        job.number("duration");
        job.number("queued_duration");
        let (started_at, finished_at) = (job.instant("started_at"), job.instant("finished_at"));
        Some(Record::Job(Job {
            id: job.id("id")?,
            build: Some(id.clone()),
            attempt: 1,
            project: project.to_owned(),
            name: named(job.text("stage"), job.text("name")),
            commit: commit.clone(),
            outcome: self::outcome(said),
            said: said.to_owned(),
            may_fail: job.flag("allow_failure").unwrap_or_default(),
            queued_at: job.instant("created_at"),
            started_at,
            finished_at,
            as_of: finished_at.or(started_at).or_else(|| job.instant("created_at")),
            steps: Vec::new(),
        }))
    });
    let jobs: Vec<Record> = jobs.collect();
    Some(Found::new("pipeline webhook", [vec![Record::Build(build)], jobs].concat(), LEFT_OUT))
}

/// `stage: name`, as names repeat between stages.
fn named(stage: Option<&str>, name: Option<&str>) -> String {
    match (stage, name) {
        (Some(stage), Some(name)) => format!("{stage}: {name}"),
        (stage, name) => name.or(stage).unwrap_or_default().to_owned(),
    }
}

fn job(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let (started_at, finished_at) = (fields.instant("started_at"), fields.instant("finished_at"));
    let pipeline = fields.at("pipeline");
    fields.text("ref");
    let job = || {
        Ok(Record::Job(Job {
            id: fields.id("id").ok_or("an id")?,
            build: pipeline.id("id"),
            attempt: 1,
            project: project(fields, around),
            name: named(fields.text("stage"), fields.text("name")),
            commit: pipeline.text("sha").or_else(|| fields.at("commit").text("id")).map(str::to_owned),
            outcome: outcome(said),
            said: said.to_owned(),
            may_fail: fields.flag("allow_failure").unwrap_or_default(),
            queued_at: fields.instant("created_at"),
            started_at,
            finished_at,
            as_of: finished_at.or(started_at).or_else(|| fields.instant("created_at")),
            steps: Vec::new(),
        }))
    };
    fields.number("duration");
    fields.number("queued_duration");
    Found::one("job", job(), LEFT_OUT)
}

fn job_hook(fields: &Fields<'_>) -> Option<Found> {
    let said = fields.text("build_status").unwrap_or_default();
    let (started_at, finished_at) = (fields.instant("build_started_at"), fields.instant("build_finished_at"));
    let path = fields.at("project").text("path_with_namespace").map(str::to_owned);
    let spaced = fields.text("project_name").map(|name| name.replace(" / ", "/"));
    for name in ["build_duration", "build_queued_duration"] {
        fields.number(name);
    }
    fields.text("ref");
    let job = || {
        Ok(Record::Job(Job {
            id: fields.id("build_id").ok_or("an id")?,
            build: fields.id("pipeline_id"),
            attempt: 1,
            project: path.or(spaced).unwrap_or_default(),
            name: named(fields.text("build_stage"), fields.text("build_name")),
            commit: fields.text("sha").map(str::to_owned),
            outcome: outcome(said),
            said: said.to_owned(),
            may_fail: fields.flag("build_allow_failure").unwrap_or_default(),
            queued_at: fields.instant("build_created_at"),
            started_at,
            finished_at,
            as_of: finished_at.or(started_at).or_else(|| fields.instant("build_created_at")),
            steps: Vec::new(),
        }))
    };
    Found::one("job webhook", job(), LEFT_OUT)
}

fn deployment(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let outcome = outcome(said);
    let environment = fields.at("environment");
    let updated_at = fields.instant("updated_at");
    let job = fields.at("deployable");
    let (began, ended) = (job.instant("started_at"), job.instant("finished_at"));
    let deployment = || {
        Ok(Record::Deployment(Deployment {
            id: fields.id("id").ok_or("an id")?,
            project: project(fields, around),
            environment: environment.text("name").map(str::to_owned),
            production: environment.text("tier").map(|tier| tier == "production"),
            commit: fields.text("sha").map(str::to_owned),
            reference: fields.text("ref").map(str::to_owned),
            outcome,
            said: said.to_owned(),
            created_at: fields.instant("created_at"),
            started_at: began,
            finished_at: ended.or(updated_at).filter(|_| outcome.is_over()),
            as_of: updated_at.or_else(|| fields.instant("created_at")),
            url: job.text("web_url").map(str::to_owned),
        }))
    };
    environment.id("id");
    Found::one("deployment", deployment(), LEFT_OUT)
}

fn deployment_hook(fields: &Fields<'_>) -> Option<Found> {
    let said = fields.text("status").unwrap_or_default();
    let outcome = outcome(said);
    let at = fields.instant("status_changed_at");
    // The payload has no full hash but for the end of the address of the commit.
    let commit = fields.text("commit_url").and_then(|url| url.rsplit('/').next()).filter(|hash| hash.len() == 40);
    let deployment = || {
        Ok(Record::Deployment(Deployment {
            id: fields.id("deployment_id").ok_or("an id")?,
            project: fields.at("project").text("path_with_namespace").unwrap_or_default().to_owned(),
            environment: fields.text("environment").map(str::to_owned),
            production: fields.text("environment_tier").map(|tier| tier == "production"),
            commit: commit.map(str::to_owned),
            reference: fields.text("ref").map(str::to_owned),
            outcome,
            said: said.to_owned(),
            created_at: None,
            started_at: at.filter(|_| outcome == Outcome::Running),
            finished_at: at.filter(|_| outcome.is_over()),
            as_of: at,
            url: fields.text("deployable_url").map(str::to_owned),
        }))
    };
    Found::one(
        "deployment webhook",
        deployment(),
        &["project", "user*", "commit_title", "short_sha", "deployable_id", "environment_*", "object_kind"],
    )
}

fn released(project: String, tag: Option<&str>, fields: &Fields<'_>) -> Result<Record, &'static str> {
    let tag = tag.ok_or("a tag")?.to_owned();
    let commit = fields.at("commit");
    Ok(Record::Release(Release {
        id: format!("{project}@{tag}"),
        project,
        tag,
        name: fields.text("name").map(str::to_owned),
        commit: commit.text("id").map(str::to_owned),
        published_at: fields.instant("released_at").or_else(|| commit.instant("committed_date")),
        prerelease: false,
        draft: fields.flag("upcoming_release").unwrap_or_default(),
    }))
}

fn release(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    Found::one("release", released(project(fields, around), fields.text("tag_name"), fields), LEFT_OUT)
}

fn release_hook(fields: &Fields<'_>) -> Option<Found> {
    let project = fields.at("project").text("path_with_namespace").unwrap_or_default();
    fields.id("id");
    Found::one("release webhook", released(project.to_owned(), fields.text("tag"), fields), LEFT_OUT)
}

fn tag(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    fields.text("target");
    Found::one("tag", released(project(fields, around), fields.text("name"), fields), LEFT_OUT)
}

fn tag_hook(fields: &Fields<'_>) -> Option<Found> {
    let project = fields.at("project").text("path_with_namespace").unwrap_or_default();
    let deleted = fields.text("after").is_some_and(|hash| hash.bytes().all(|byte| byte == b'0'));
    let tag = fields.text("ref").and_then(|reference| reference.strip_prefix("refs/tags/"));
    let release = || {
        let tag = tag.ok_or("a tag")?.to_owned();
        Ok(Record::Release(Release {
            id: format!("{project}@{tag}"),
            project: project.to_owned(),
            tag,
            name: None,
            commit: fields.text("checkout_sha").map(str::to_owned),
            published_at: fields.list("commits").first().and_then(|commit| commit.instant("timestamp")),
            prerelease: false,
            draft: deleted,
        }))
    };
    Found::one("tag webhook", release(), LEFT_OUT)
}
