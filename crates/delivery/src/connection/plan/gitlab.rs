//! <https://docs.gitlab.com/api/rest/>: projects by their number, so that one that is renamed stays the same.
use super::{Answered, Ask, JOBS, PAGE, Step, ask};
use crate::connection::Scope;
use kernel::Json;

pub fn root(scope: Scope, path: &str) -> Ask {
    let path = path.replace('/', "%2F");
    match scope {
        Scope::Repository => ask(Step::Project, format!("projects/{path}")),
        Scope::Group => {
            let all = "include_subgroups=true&with_shared=false&order_by=last_activity_at&sort=desc";
            ask(Step::Projects, format!("groups/{path}/projects?{all}&per_page={PAGE}"))
        }
    }
}

pub fn follow(answered: &Answered<'_>) -> Vec<Ask> {
    let (documents, last) = (answered.documents, answered.documents.last());
    let project = answered.project(2);
    match answered.step {
        Step::Project => documents.iter().flat_map(lists).collect(),
        Step::Projects => {
            let times = ["last_activity_at"];
            let new = documents.iter().take(2 * PAGE).filter(|one| answered.is_new(one, &times));
            new.flat_map(lists).chain(answered.rest(last, &times)).collect()
        }
        Step::Pulls => {
            let of_one = |iid: i64| {
                let merge_request = format!("{project}/merge_requests/{iid}");
                let list = |what: &str| format!("{merge_request}/{what}per_page={PAGE}");
                let notes = list("notes?sort=asc&order_by=created_at&");
                [merge_request.clone(), notes, list("commits?"), list("resource_state_events?")]
            };
            parts(answered, "iid", of_one)
        }
        Step::Builds => {
            let recent =
                |thing: &Json| super::latest(thing, &["created_at"]).is_none_or(|at| at >= answered.now - JOBS);
            let old: Vec<i64> =
                documents.iter().filter(|one| !recent(one)).filter_map(|one| one["id"].as_i64()).collect();
            let of_one = |id: i64| {
                let pipeline = format!("{project}/pipelines/{id}");
                let jobs = format!("{pipeline}/jobs?include_retried=true&per_page={PAGE}");
                if old.contains(&id) { vec![pipeline] } else { vec![pipeline, jobs] }
            };
            parts(answered, "id", of_one)
        }
        Step::Deployments => answered.rest(last, &["updated_at"]).into_iter().collect(),
        Step::Releases => answered.rest(last, &["released_at", "created_at"]).into_iter().collect(),
        Step::Comments | Step::Parts | Step::Folders => {
            answered.next.map(|next| ask(answered.step, next.to_owned())).into_iter().collect()
        }
    }
}

fn lists(project: &Json) -> Vec<Ask> {
    let Some(id) = project["id"].as_i64().filter(|id| *id > 0) else { return Vec::new() };
    let newest = format!("order_by=updated_at&sort=desc&per_page={PAGE}");
    vec![
        ask(Step::Pulls, format!("projects/{id}/merge_requests?state=all&scope=all&{newest}")),
        ask(Step::Builds, format!("projects/{id}/pipelines?{newest}")),
        ask(Step::Deployments, format!("projects/{id}/deployments?{newest}")),
        ask(Step::Releases, format!("projects/{id}/releases?per_page={PAGE}")),
    ]
}

/// What belongs to the new things of a page, and the page after it.
fn parts<A: IntoIterator<Item = String>>(answered: &Answered<'_>, id: &str, of_one: impl Fn(i64) -> A) -> Vec<Ask> {
    let new = answered.news(answered.documents, id, &["updated_at"]);
    let parts = new
        .flat_map(|(id, as_of)| of_one(id).into_iter().map(move |address| Ask { step: Step::Parts, address, as_of }));
    parts.chain(answered.rest(answered.documents.last(), &["updated_at"])).collect()
}
