//! <https://circleci.com/docs/api/v2/>: pipelines, the newest first; the workflows of each; and the jobs of each of those.
use super::{Answered, Ask, JOBS, PAGE, Step, ask, latest};
use crate::connection::Scope;
use kernel::Json;
use std::time::Duration;

/// Workflows of pipelines that are no older may have been run once more, which their lists do not tell.
const AGAIN: Duration = Duration::from_secs(3 * 24 * 3600);
const LONGEST_TOKEN: usize = 600;
/// Words of workflows that have ended, also where no time of it is told.
const ENDED: [&str; 6] = ["success", "failed", "error", "canceled", "not_run", "unauthorized"];

pub fn root(scope: Scope, path: &str) -> Ask {
    match scope {
        Scope::Repository => ask(Step::Project, format!("project/{path}")),
        Scope::Group => ask(Step::Projects, format!("pipeline?org-slug={}", encoded(path))),
    }
}

pub fn follow(answered: &Answered<'_>) -> Vec<Ask> {
    match answered.step {
        Step::Project => vec![ask(Step::Builds, format!("{}/pipeline", answered.address))],
        Step::Projects | Step::Builds => pipelines(answered),
        _ => parts(answered),
    }
}

/// Whether a workflow was still under way.
pub fn is_open(answered: &Answered<'_>) -> bool {
    let runs = |one: &Json| one["pipeline_id"].is_string() && !has_ended(one);
    answered.step == Step::Parts && items(answered).iter().any(|one| runs(one) && is_recent(answered, one))
}

fn items<'a>(answered: &Answered<'a>) -> &'a [Json] {
    let list = answered.documents.first().and_then(|page| page["items"].as_array());
    list.map(Vec::as_slice).unwrap_or_default()
}

fn pipelines(answered: &Answered<'_>) -> Vec<Ask> {
    let since = answered.from - AGAIN;
    let is_new = |one: &&Json| latest(one, &["created_at"]).is_none_or(|at| at >= since);
    let all = items(answered);
    let new = all.iter().take(2 * PAGE).filter(is_new).filter_map(id);
    let workflows = new.map(|id| ask(Step::Parts, format!("pipeline/{id}/workflow")));
    let next = all.last().filter(is_new).and_then(|_| next(answered, Step::Builds));
    workflows.chain(next).collect()
}

/// The jobs of workflows, and the next page of either.
fn parts(answered: &Answered<'_>) -> Vec<Ask> {
    let workflows = items(answered).iter().filter(|one| one["pipeline_id"].is_string() && is_recent(answered, one));
    let jobs = workflows.take(2 * PAGE).filter_map(|one| {
        let as_of = latest(one, &["stopped_at", "created_at"]).filter(|_| has_ended(one));
        Some(Ask { step: Step::Parts, address: format!("workflow/{}/job", id(one)?), as_of })
    });
    jobs.chain(next(answered, Step::Parts)).collect()
}

fn is_recent(answered: &Answered<'_>, one: &Json) -> bool {
    latest(one, &["created_at"]).is_none_or(|at| at >= answered.now - JOBS)
}

fn has_ended(workflow: &Json) -> bool {
    workflow["stopped_at"].is_string() || workflow["status"].as_str().is_some_and(|word| ENDED.contains(&word))
}

/// An id of letters that mean nothing in an address.
fn id(one: &Json) -> Option<&str> {
    let plain = |id: &&str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    one["id"].as_str().filter(plain).filter(|id| (1..=60).contains(&id.len()))
}

fn next(answered: &Answered<'_>, step: Step) -> Option<Ask> {
    let token = answered.documents.first()?["next_page_token"].as_str()?;
    if token.is_empty() || token.len() > LONGEST_TOKEN || items(answered).is_empty() {
        return None;
    }
    let list = answered.address.split("page-token=").next().unwrap_or_default().trim_end_matches(['?', '&']);
    let joint = if list.contains('?') { '&' } else { '?' };
    let address = format!("{list}{joint}page-token={}", encoded(token));
    (address != answered.address).then(|| ask(step, address))
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
