//! GitHub: <https://docs.github.com/en/rest/actions>, `/checks`, `/deployments`, `/releases`, and the webhooks of the same.
mod graphql;

use crate::{
    Build, Deployment, Job, Outcome, Pipeline, Record, Release, Step,
    record::project_of,
    walk::{Around, Found},
};
use intake::Fields;

pub(crate) fn recognise(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let has = |names: &[&str]| names.iter().all(|name| fields.has(name));
    let any = |names: &[&str]| names.iter().any(|name| fields.has(name));
    match () {
        () if has(&["id", "head_sha", "workflow_id"]) => run(fields, around),
        () if has(&["id", "run_id", "name"]) && any(&["steps", "runner_id", "head_sha"]) => job(fields, around),
        () if has(&["id", "head_sha", "name"]) && any(&["check_suite", "details_url", "output"]) => {
            check(fields, around)
        }
        () if has(&["id", "head_sha"]) && any(&["latest_check_runs_count", "check_runs_url"]) => suite(fields, around),
        () if has(&["id", "name", "path", "state"]) => workflow(fields, around),
        () if has(&["id", "sha", "environment"]) => deployment(fields, around),
        () if has(&["commit_oid", "environment", "state"]) => graphql::deployment(fields, around),
        () if has(&["check_runs"]) && fields.peek()["check_runs"]["nodes"].is_array() => graphql::suite(fields, around),
        () if has(&["id", "state"]) && any(&["deployment_url"]) => status(fields, around),
        () if has(&["tag_name"]) && any(&["published_at", "draft", "target_commitish", "is_draft"]) => {
            release(fields, around)
        }
        () if has(&["name", "commit"]) && any(&["zipball_url", "tarball_url"]) => tag(fields, around),
        () => None,
    }
}

const COMMON: &[&str] = &[
    "node_id",
    "*_url",
    "url",
    "head_repository",
    "repository",
    "actor",
    "triggering_actor",
    "creator",
    "author",
    "app",
    "pull_requests",
    "head_commit",
    "performed_via_github_app",
    "check_suite_id",
    "check_suite_node_id",
    "display_title",
    "previous_attempt_url",
    "referenced_workflows*",
    "labels*",
    "runner_*",
    "workflow_name",
    "check_suite",
    "output",
    "external_id",
    "assets*",
    "body",
    "reactions",
    "mentions_count",
    "discussion_url",
    "immutable",
    "deployment",
    "before",
    "after",
    "latest_check_runs_count",
    "rerequestable",
    "runs_rerequestable",
    "payload",
    "statuses_url",
    "task",
    "original_environment",
    "description",
    "transient_environment",
    "commit.url",
    "badge_url",
    "deleted_at",
    "steps[].number",
    "actions*",
    "updated_at",
    "discussion_category_name",
    "upload_url",
    "target_commitish",
    "path",
    "state",
    "is_latest",
    "description_html",
    "resource_path",
    "tag_commit.*",
];

fn project(fields: &Fields<'_>, around: &Around<'_>) -> String {
    let stated = fields.at("repository").text("full_name").map(str::to_owned);
    let addressed = || ["url", "html_url", "deployment_url"].iter().find_map(|name| project_of(fields.text(name)?));
    stated.or_else(|| around.project.clone()).or_else(addressed).unwrap_or_default()
}

/// `status` says how far it is, `conclusion` how it ended.
fn outcome(fields: &Fields<'_>) -> (Outcome, String) {
    let (status, conclusion) = (fields.text("status").unwrap_or_default(), fields.text("conclusion"));
    let said = conclusion.unwrap_or(status);
    let outcome = match said.to_ascii_lowercase().as_str() {
        "success" => Outcome::Succeeded,
        "failure" | "timed_out" | "startup_failure" => Outcome::Failed,
        "cancelled" | "stale" => Outcome::Cancelled,
        "skipped" | "neutral" => Outcome::Skipped,
        "in_progress" => Outcome::Running,
        _ => Outcome::Waiting,
    };
    (outcome, said.to_owned())
}

fn run(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let (outcome, said) = outcome(fields);
    let started_at = fields.instant("run_started_at");
    let as_of = fields.instant("updated_at");
    let build = || {
        Ok(Record::Build(Build {
            id: fields.id("id").ok_or("an id")?,
            attempt: fields.integer("run_attempt").unwrap_or(1),
            project: project(fields, around),
            pipeline: fields.id("workflow_id"),
            parent: None,
            name: fields.text("name").or_else(|| fields.text("path")).unwrap_or_default().to_owned(),
            number: fields.integer("run_number"),
            commit: fields.text("head_sha").map(str::to_owned),
            branch: fields.text("head_branch").map(str::to_owned),
            event: fields.text("event").map(str::to_owned),
            outcome,
            said,
            queued_at: fields.instant("created_at"),
            started_at: started_at.or_else(|| fields.instant("created_at")),
            finished_at: as_of.filter(|_| outcome.is_over()),
            as_of,
            url: fields.text("html_url").map(str::to_owned),
        }))
    };
    Found::one("workflow run", build(), COMMON)
}

fn job(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let (outcome, said) = outcome(fields);
    let started_at = fields.instant("started_at");
    let finished_at = fields.instant("completed_at").filter(|_| outcome.is_over());
    let job = || {
        Ok(Record::Job(Job {
            id: fields.id("id").ok_or("an id")?,
            build: fields.id("run_id"),
            attempt: fields.integer("run_attempt").unwrap_or(1),
            project: project(fields, around),
            name: fields.text("name").unwrap_or_default().to_owned(),
            commit: fields.text("head_sha").map(str::to_owned),
            outcome,
            said,
            may_fail: false,
            queued_at: fields.instant("created_at"),
            started_at: started_at.filter(|_| outcome != Outcome::Waiting),
            finished_at,
            as_of: finished_at.or(started_at).or_else(|| fields.instant("created_at")),
            steps: fields.list("steps").iter().map(step).collect(),
        }))
    };
    fields.text("head_branch");
    Found::one("workflow job", job(), COMMON)
}

fn step(fields: &Fields<'_>) -> Step {
    Step {
        name: fields.text("name").unwrap_or_default().to_owned(),
        outcome: outcome(fields).0,
        started_at: fields.instant("started_at"),
        finished_at: fields.instant("completed_at"),
    }
}

/// A check that some application ran, Actions or another: a job without a build.
fn check(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let (outcome, said) = outcome(fields);
    let (started_at, finished_at) = (fields.instant("started_at"), fields.instant("completed_at"));
    let suite = fields.at("check_suite").id("id");
    let job = || {
        Ok(Record::Job(Job {
            id: fields.id("id").ok_or("an id")?,
            build: suite.map(|id| format!("suite-{id}")),
            attempt: 1,
            project: project(fields, around),
            name: fields.text("name").unwrap_or_default().to_owned(),
            commit: fields.text("head_sha").map(str::to_owned),
            outcome,
            said,
            may_fail: false,
            queued_at: None,
            started_at,
            finished_at,
            as_of: finished_at.or(started_at),
            steps: Vec::new(),
        }))
    };
    Found::one("check run", job(), COMMON)
}

/// The checks of one application on one commit.
fn suite(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let (outcome, said) = outcome(fields);
    let as_of = fields.instant("updated_at");
    let app = fields.at("app").text("name").unwrap_or("checks");
    let build = || {
        Ok(Record::Build(Build {
            id: format!("suite-{}", fields.id("id").ok_or("an id")?),
            attempt: 1,
            project: project(fields, around),
            pipeline: None,
            parent: None,
            name: app.to_owned(),
            number: None,
            commit: fields.text("head_sha").map(str::to_owned),
            branch: fields.text("head_branch").map(str::to_owned),
            event: Some("check_suite".to_owned()),
            outcome,
            said,
            queued_at: fields.instant("created_at"),
            started_at: fields.instant("created_at"),
            finished_at: as_of.filter(|_| outcome.is_over()),
            as_of,
            url: None,
        }))
    };
    Found::one("check suite", build(), COMMON)
}

fn workflow(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let pipeline = || {
        Ok(Record::Pipeline(Pipeline {
            id: fields.id("id").ok_or("an id")?,
            project: project(fields, around),
            name: fields.text("name").unwrap_or_default().to_owned(),
        }))
    };
    let left_out: &[&str] = &["node_id", "*_url", "url", "path", "state", "created_at", "updated_at", "deleted_at"];
    Found::one("workflow", pipeline(), left_out)
}

fn deployment(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let created_at = fields.instant("created_at");
    let deployment = || {
        Ok(Record::Deployment(Deployment {
            id: fields.id("id").ok_or("an id")?,
            project: project(fields, around),
            environment: fields.text("environment").map(str::to_owned),
            production: fields.flag("production_environment").filter(|production| *production),
            commit: fields.text("sha").map(str::to_owned),
            reference: fields.text("ref").map(str::to_owned),
            outcome: Outcome::Waiting,
            said: "created".to_owned(),
            created_at,
            started_at: None,
            finished_at: None,
            as_of: created_at,
            url: fields.text("url").map(str::to_owned),
        }))
    };
    Found::one("deployment", deployment(), COMMON)
}

fn deployed(said: &str) -> Outcome {
    match said.to_ascii_lowercase().as_str() {
        // Only what was active becomes inactive, when another deployment takes its place.
        "success" | "active" | "inactive" | "destroyed" => Outcome::Succeeded,
        "failure" | "error" => Outcome::Failed,
        "in_progress" => Outcome::Running,
        "abandoned" => Outcome::Cancelled,
        _ => Outcome::Waiting,
    }
}

fn status(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let said = fields.text("state").unwrap_or_default();
    let outcome = deployed(said);
    let at = fields.instant("created_at").or_else(|| fields.instant("updated_at"));
    fields.id("id");
    let id = fields.text("deployment_url").and_then(|url| url.rsplit('/').next());
    let deployment = || {
        Ok(Record::Deployment(Deployment {
            id: id.ok_or("its deployment")?.to_owned(),
            project: project(fields, around),
            environment: fields.text("environment").map(str::to_owned),
            production: None,
            commit: None,
            reference: None,
            outcome,
            said: said.to_owned(),
            created_at: None,
            started_at: at.filter(|_| outcome == Outcome::Running),
            finished_at: at.filter(|_| outcome.is_over() && said != "inactive"),
            as_of: at,
            url: None,
        }))
    };
    Found::one("deployment status", deployment(), COMMON)
}

fn release(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let project = project(fields, around);
    let target = fields.text("target_commitish").filter(|target| target.len() == 40);
    let hash = fields.at("tag_commit").text("oid").or(target);
    let release = || {
        let tag = fields.text("tag_name").ok_or("a tag")?.to_owned();
        Ok(Record::Release(Release {
            id: format!("{project}@{tag}"),
            project: project.clone(),
            tag,
            name: fields.text("name").map(str::to_owned),
            commit: hash.map(str::to_owned),
            published_at: fields.instant("published_at").or_else(|| fields.instant("created_at")),
            prerelease: fields.flag("prerelease").or_else(|| fields.flag("is_prerelease")).unwrap_or_default(),
            draft: fields.flag("draft").or_else(|| fields.flag("is_draft")).unwrap_or_default(),
        }))
    };
    fields.id("id");
    fields.id("database_id");
    Found::one("release", release(), COMMON)
}

fn tag(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let addressed = fields.text("zipball_url").and_then(project_of);
    let project = around.project.clone().or(addressed).unwrap_or_default();
    let release = || {
        let tag = fields.text("name").ok_or("a name")?.to_owned();
        Ok(Record::Release(Release {
            id: format!("{project}@{tag}"),
            project: project.clone(),
            tag,
            name: None,
            commit: fields.at("commit").text("sha").map(str::to_owned),
            published_at: None,
            prerelease: false,
            draft: false,
        }))
    };
    Found::one("tag", release(), COMMON)
}
