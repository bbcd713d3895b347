//! The same as GraphQL tells it: <https://docs.github.com/en/graphql/reference/objects>, with small letters in names.
use super::{deployed, outcome, project};
use crate::{
    Deployment, Job, Outcome, Record,
    walk::{Around, Found},
};
use intake::Fields;

const LEFT_OUT: &[&str] = &[
    "id",
    "task",
    "description",
    "payload",
    "ref.id",
    "ref.prefix",
    "*_url",
    "url",
    "repository*",
    "latest_status.*",
    "statuses.*",
    "commit.*",
    "updated_at",
    "original_environment",
    "latest_environment",
    "creator*",
    "resource_path",
    "check_runs.total_count",
    "check_runs.page_info*",
    "check_runs.nodes[]*",
    "workflow_run.*",
    "app*",
    "__typename",
];

/// A deployment with its latest status.
pub fn deployment(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let (latest, state) = (fields.at("latest_status"), fields.text("state").unwrap_or_default());
    let said = latest.text("state").unwrap_or(state).to_ascii_lowercase();
    let outcome = deployed(&said);
    let created_at = fields.instant("created_at");
    let as_of = latest.instant("updated_at").or_else(|| fields.instant("updated_at")).or(created_at);
    let statuses = fields.at("statuses").list("nodes");
    let when = |word: &str| {
        let of_word = statuses.iter().filter(|one| one.text("state").is_some_and(|state| state == word));
        of_word.filter_map(|one| one.instant("created_at").or_else(|| one.instant("updated_at"))).min()
    };
    // When it became inactive says nothing of when it was done; without its statuses, it was soon after the beginning.
    let over = if said == "inactive" || state == "INACTIVE" { created_at } else { as_of };
    let finished_at = ["SUCCESS", "FAILURE", "ERROR"].iter().filter_map(|word| when(word)).min().or(over);
    let named = fields.at("repository").text("name_with_owner").map(str::to_owned);
    let addressed = || fields.at("repository").text("url").and_then(crate::record::project_of);
    let deployment = || {
        Ok(Record::Deployment(Deployment {
            id: fields.id("database_id").or_else(|| fields.id("id")).ok_or("an id")?,
            project: named.or_else(addressed).unwrap_or_else(|| project(fields, around)),
            environment: fields.text("environment").map(str::to_owned),
            production: None,
            commit: fields.text("commit_oid").map(str::to_owned),
            reference: fields.at("ref").text("name").map(str::to_owned),
            outcome,
            said,
            created_at,
            started_at: when("IN_PROGRESS"),
            finished_at: finished_at.filter(|_| outcome.is_over()),
            as_of,
            url: None,
        }))
    };
    Found::one("deployment", deployment(), LEFT_OUT)
}

/// The checks of a run of a workflow, which are its jobs.
pub fn suite(fields: &Fields<'_>, around: &Around<'_>) -> Option<Found> {
    let build = fields.at("workflow_run").id("database_id");
    let runs = fields.at("check_runs").list("nodes");
    let jobs = runs.iter().filter_map(|run| job(run, build.clone(), project(fields, around)));
    Some(Found::new("checks of a workflow run", jobs.collect(), LEFT_OUT))
}

fn job(run: &Fields<'_>, build: Option<String>, project: String) -> Option<Record> {
    let (outcome, said) = outcome(run);
    let (started_at, finished_at) = (run.instant("started_at"), run.instant("completed_at"));
    Some(Record::Job(Job {
        id: run.id("database_id").or_else(|| run.id("id"))?,
        build,
        attempt: 1,
        project,
        name: run.text("name").unwrap_or_default().to_owned(),
        commit: None,
        outcome,
        said,
        may_fail: false,
        queued_at: None,
        started_at: started_at.filter(|_| outcome != Outcome::Waiting),
        finished_at: finished_at.filter(|_| outcome.is_over()),
        as_of: finished_at.or(started_at),
        steps: run.at("steps").list("nodes").iter().map(super::step).collect(),
    }))
}
