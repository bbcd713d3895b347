//! What a server is asked, and what follows from its answers. All lists are asked newest first and only as far back as
//! there may be news, so the first reading and each later one are the same.
mod circleci;
mod github;
mod gitlab;
mod jenkins;

pub use jenkins::build;

use super::{Scope, Service};
use crate::pull::Host;
use jiff::Timestamp;
use kernel::{Json, Time, words};
use std::time::Duration;

words! {
    /// What a request asks for.
    pub enum Step {
        /// The repositories of an organisation or a group.
        Projects = "projects",
        Project = "project",
        /// Folders of jobs that are inside of others.
        Folders = "folders",
        Pulls = "pulls",
        Builds = "builds",
        Deployments = "deployments",
        Releases = "releases",
        Comments = "comments",
        /// What belongs to one thing: all of its pages.
        Parts = "parts",
    }
}

impl Step {
    /// Without it nothing else can be asked.
    pub fn is_root(self) -> bool {
        matches!(self, Step::Projects | Step::Project)
    }

    /// Whether its address is the same at each look, so that the server can answer that nothing has changed.
    pub fn is_stable(self) -> bool {
        !self.is_root() && self != Step::Builds
    }

    /// What is to be asked after an answer that is what it was: where the newest stands first, the rest is known as well.
    pub fn after_unchanged(self, next: Option<String>) -> Vec<Ask> {
        next.filter(|_| self == Step::Parts).map(|address| ask(self, address)).into_iter().collect()
    }

    /// The order of asking.
    pub fn rank(self) -> i64 {
        match self {
            Step::Projects | Step::Project => 0,
            Step::Parts => 2,
            _ => 1,
        }
    }
}

/// A request that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    pub step: Step,
    /// Below the address of the API.
    pub address: String,
    /// When the thing was last changed; it is asked for again only if that is another time than before.
    pub as_of: Option<Time>,
}

/// An answer, and how far back anything may be new.
pub struct Answered<'a> {
    pub step: Step,
    pub address: &'a str,
    /// The elements of a list, or one object.
    pub documents: &'a [Json],
    pub next: Option<&'a str>,
    pub from: Time,
    pub now: Time,
}

/// Elements of a page. Both systems give out no more.
pub const PAGE: usize = 100;
/// Jobs of older builds are not asked for: each build takes a request of its own.
const JOBS: Duration = Duration::from_secs(90 * 24 * 3600);

/// What a look begins with.
pub fn root(service: Service, scope: Scope, path: &str) -> Ask {
    match service {
        Service::GitHub => github::root(scope, path),
        Service::GitLab => gitlab::root(scope, path),
        Service::CircleCi => circleci::root(scope, path),
        Service::Jenkins => jenkins::root(path),
    }
}

/// What is to be asked after an answer.
pub fn follow(service: Service, answered: &Answered<'_>) -> Vec<Ask> {
    match service {
        Service::GitHub => github::follow(answered),
        Service::GitLab => gitlab::follow(answered),
        Service::CircleCi => circleci::follow(answered),
        Service::Jenkins => jenkins::follow(answered),
    }
}

/// Whether an answer is about something that was under way, so that the next look asks again. The lists of code hosts tell by
/// themselves what has changed since.
pub fn is_open(service: Service, answered: &Answered<'_>) -> bool {
    match service {
        Service::GitHub | Service::GitLab => false,
        Service::CircleCi => circleci::is_open(answered),
        Service::Jenkins => jenkins::is_open(answered),
    }
}

/// Where a system says that a project of its is.
pub fn place(host: Host, project: &Json) -> forge::Place {
    let text = |name: &str| project[name].as_str().map(str::to_owned);
    let (name, page) = match host {
        Host::GitHub => (text("full_name"), text("html_url")),
        Host::GitLab => (text("path_with_namespace"), text("web_url")),
    };
    let host = page.and_then(|page| forge::place_of(&page).0.host);
    forge::Place { host, name, id: project["id"].as_i64().map(|id| id.to_string()) }
}

impl Answered<'_> {
    /// Whether something was changed since the time from which on there may be news. What does not say when is new.
    pub fn is_new(&self, thing: &Json, times: &[&str]) -> bool {
        latest(thing, times).is_none_or(|at| at >= self.from)
    }

    /// The next page, unless this one ends with what is known already.
    fn rest(&self, last: Option<&Json>, times: &[&str]) -> Option<Ask> {
        let next = self.next.filter(|_| last.is_some_and(|last| self.is_new(last, times)))?;
        Some(Ask { step: self.step, address: next.to_owned(), as_of: None })
    }

    /// The path of the project, such as `repos/owner/name`, in so many words of the address.
    fn project(&self, words: usize) -> String {
        let path = self.address.split('?').next().unwrap_or_default();
        path.split('/').take(words).collect::<Vec<_>>().join("/")
    }

    /// Things of a page with the times of their last change, as far as they are new.
    fn news(&self, things: &[Json], id: &str, times: &[&str]) -> impl Iterator<Item = (i64, Option<Time>)> {
        let new = things.iter().take(2 * PAGE).filter(move |thing| self.is_new(thing, times));
        new.filter_map(move |thing| Some((thing[id].as_i64().filter(|id| *id > 0)?, latest(thing, times))))
    }
}

fn ask(step: Step, address: String) -> Ask {
    Ask { step, address, as_of: None }
}

/// The latest of several times of a thing.
fn latest(thing: &Json, times: &[&str]) -> Option<Time> {
    times.iter().filter_map(|name| Some(thing[*name].as_str()?.parse::<Timestamp>().ok()?.into())).max()
}

#[cfg(test)]
mod tests;
