//! <https://docs.github.com/en/rest>: the lists are asked by repository, what they leave out by pull request, run and deployment.
use super::{Answered, Ask, JOBS, PAGE, Step, ask};
use crate::connection::Scope;
use jiff::Timestamp;
use kernel::{Json, Time};
use std::time::Duration;

/// A list that is filtered ends after so many elements, whatever its number of pages.
const CAP: i64 = 1_000;
/// GitHub allows 39 letters and 100.
const LONGEST_NAME: usize = 140;
/// Runs that were begun so long before a look may have ended since the one before it.
const RUNNING: Duration = Duration::from_secs(3 * 24 * 3600);

pub fn root(scope: Scope, path: &str) -> Ask {
    match scope {
        Scope::Repository => ask(Step::Project, format!("repos/{path}")),
        Scope::Group => ask(Step::Projects, format!("orgs/{path}/repos?sort=pushed&direction=desc&per_page={PAGE}")),
    }
}

pub fn follow(answered: &Answered<'_>) -> Vec<Ask> {
    let (documents, last) = (answered.documents, answered.documents.last());
    let project = answered.project(3);
    match answered.step {
        Step::Project => documents.iter().flat_map(|one| lists(answered, one)).collect(),
        Step::Projects => {
            let times = ["pushed_at", "updated_at"];
            let new = documents.iter().take(2 * PAGE).filter(|one| answered.is_new(one, &times));
            new.flat_map(|one| lists(answered, one)).chain(answered.rest(last, &["pushed_at"])).collect()
        }
        Step::Pulls => {
            let new = answered.news(documents, "number", &["updated_at"]);
            let parts = new.flat_map(|(number, as_of)| pull(&project, number, as_of));
            parts.chain(answered.rest(last, &["updated_at"])).collect()
        }
        Step::Deployments => {
            let new = answered.news(documents, "id", &["updated_at", "created_at"]);
            let statuses = new.map(|(id, as_of)| {
                let address = format!("{project}/deployments/{id}/statuses?per_page={PAGE}");
                Ask { step: Step::Parts, address, as_of }
            });
            statuses.chain(answered.rest(last, &["updated_at", "created_at"])).collect()
        }
        Step::Builds => builds(answered, &project),
        Step::Releases => answered.rest(last, &["published_at", "created_at"]).into_iter().collect(),
        Step::Comments => answered.rest(last, &["updated_at"]).into_iter().collect(),
        Step::Parts | Step::Folders => {
            answered.next.map(|next| ask(Step::Parts, next.to_owned())).into_iter().collect()
        }
    }
}

fn lists(answered: &Answered<'_>, repository: &Json) -> Vec<Ask> {
    let Some(name) = repository["full_name"].as_str().filter(|name| is_name(name)) else { return Vec::new() };
    let newest = format!("sort=updated&direction=desc&per_page={PAGE}");
    vec![
        ask(Step::Pulls, format!("repos/{name}/pulls?state=all&{newest}")),
        ask(Step::Comments, format!("repos/{name}/issues/comments?{newest}")),
        ask(Step::Comments, format!("repos/{name}/pulls/comments?{newest}")),
        runs(&format!("repos/{name}"), answered.from - RUNNING, answered.now),
        ask(Step::Deployments, format!("repos/{name}/deployments?per_page={PAGE}")),
        ask(Step::Releases, format!("repos/{name}/releases?per_page={PAGE}")),
    ]
}

/// `owner/name`, of letters that mean nothing in an address.
fn is_name(name: &str) -> bool {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.bytes().all(|byte| byte == b'.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= LONGEST_NAME && name.split('/').count() == 2 && name.split('/').all(plain)
}

/// What the list of pull requests leaves out of one.
fn pull(project: &str, number: i64, as_of: Option<Time>) -> [Ask; 4] {
    [
        format!("{project}/pulls/{number}"),
        format!("{project}/pulls/{number}/reviews?per_page={PAGE}"),
        format!("{project}/pulls/{number}/commits?per_page={PAGE}"),
        format!("{project}/issues/{number}/timeline?per_page={PAGE}"),
    ]
    .map(|address| Ask { step: Step::Parts, address, as_of })
}

fn runs(project: &str, from: Time, until: Time) -> Ask {
    let second = |at: Time| Timestamp::from_second(at.timestamp().as_second()).unwrap_or_default();
    let created = format!("created={}..{}", second(from), second(until));
    ask(Step::Builds, format!("{project}/actions/runs?per_page={PAGE}&{created}"))
}

/// Runs of a span of time. Where there are more than the list can tell, each half of the span is asked for.
fn builds(answered: &Answered<'_>, project: &str) -> Vec<Ask> {
    let Some(page) = answered.documents.first() else { return Vec::new() };
    if page["total_count"].as_i64().is_some_and(|total| total > CAP)
        && let Some((from, until)) = span(answered.address)
        && until.timestamp().as_second() - from.timestamp().as_second() > 1
    {
        let middle = Time(from.0 + (until.0 - from.0) / 2);
        return vec![runs(project, from, middle), runs(project, middle, until)];
    }
    let all = page["workflow_runs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let since = answered.now - JOBS;
    let recent = |run: &&Json| super::latest(run, &["created_at"]).is_some_and(|at| at >= since);
    let recent: Vec<Json> = all.iter().filter(recent).cloned().collect();
    let jobs = answered.news(&recent, "id", &["updated_at"]).map(|(id, as_of)| {
        let address = format!("{project}/actions/runs/{id}/jobs?filter=all&per_page={PAGE}");
        Ask { step: Step::Parts, address, as_of }
    });
    jobs.chain(answered.next.map(|next| ask(Step::Builds, next.to_owned()))).collect()
}

/// The times between which runs were asked for, on the first page only: the other pages come because all of them fit.
fn span(address: &str) -> Option<(Time, Time)> {
    let query = address.split_once('?')?.1;
    if query.split('&').any(|pair| pair.starts_with("page=")) {
        return None;
    }
    let (from, until) = query.split('&').find_map(|pair| pair.strip_prefix("created="))?.split_once("..")?;
    Some((from.parse::<Timestamp>().ok()?.into(), until.parse::<Timestamp>().ok()?.into()))
}
