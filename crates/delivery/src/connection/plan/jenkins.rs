//! <https://www.jenkins.io/doc/book/using/remote-access-api/>: folders are walked by the names in them, and builds are told by
//! ranges, the newest first. Addresses are made of names; those that an answer gives are not followed.
use super::{Answered, Ask, JOBS, PAGE, Step, ask};
use crate::connection::server;
use jiff::Timestamp;
use kernel::{Json, Time};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const DEEPEST: usize = 12;
const LONGEST_ADDRESS: usize = 1_000;
const IN_PATHS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const JOB: &str = "name,fullName,url,lastBuild[timestamp,building]";
const BUILD: &str = "number,timestamp,duration,result,building,url,fullDisplayName,actions[remoteUrls,\
                     lastBuiltRevision[SHA1,branch[name]],causes[shortDescription],queuingDurationMillis,totalCount]";
const TESTS: &str = "duration,suites[name,timestamp,duration,cases[className,name,status,duration,errorDetails]],\
                     childReports[result[duration,suites[name,timestamp,duration,\
                     cases[className,name,status,duration,errorDetails]]]]";

pub fn root(path: &str) -> Ask {
    let names = path.split('/').filter(|name| !name.is_empty());
    let base = names.fold(String::new(), |base, name| below(&base, name));
    ask(Step::Projects, folder(&base, 0))
}

pub fn follow(answered: &Answered<'_>) -> Vec<Ask> {
    let base = answered.address.split("api/json").next().unwrap_or_default();
    let Some(page) = answered.documents.first() else { return Vec::new() };
    match answered.step {
        Step::Projects | Step::Folders if page["jobs"].is_array() => jobs(answered, base, page),
        Step::Projects | Step::Folders if has_news(answered, page) => vec![ask(Step::Builds, builds(base, 0))],
        Step::Builds => of_job(answered, base, page),
        Step::Parts if page["building"] == false => of_build(answered, base, page),
        _ => Vec::new(),
    }
}

/// Whether it was still being built.
pub fn is_open(answered: &Answered<'_>) -> bool {
    answered.step == Step::Parts
        && answered.documents.iter().any(|one| one["building"] == true && is_recent(answered, one))
}

/// The build that an address is about, such as `folder/app#12`.
pub fn build(address: &str) -> Option<String> {
    let mut parts = address.split(['/', '?']);
    let mut names = Vec::new();
    while let Some(part) = parts.next() {
        match part {
            "job" => names.push(percent_encoding::percent_decode_str(parts.next()?).decode_utf8_lossy()),
            number => return Some(format!("{}#{}", names.join("/"), number.parse::<u32>().ok()?)),
        }
    }
    None
}

fn jobs(answered: &Answered<'_>, base: &str, page: &Json) -> Vec<Ask> {
    let all = page["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut asks = Vec::new();
    for one in all.iter().take(PAGE) {
        let Some(name) = one["name"].as_str().filter(|name| server::is_job(name)) else { continue };
        let inside = below(base, name);
        match one["jobs"].is_array() {
            true if depth(&inside) <= DEEPEST => asks.push(ask(Step::Folders, folder(&inside, 0))),
            false if has_news(answered, one) => asks.push(ask(Step::Builds, builds(&inside, 0))),
            _ => {}
        }
    }
    if all.len() >= PAGE {
        asks.push(ask(Step::Folders, folder(base, offset(answered.address) + PAGE)));
    }
    asks.retain(|ask| ask.address.len() <= LONGEST_ADDRESS);
    asks
}

/// The last build of a job is new, or still being built.
fn has_news(answered: &Answered<'_>, job: &Json) -> bool {
    let last = &job["lastBuild"];
    last["building"] == true || started(last).is_some_and(|at| at >= answered.from)
}

fn of_job(answered: &Answered<'_>, base: &str, page: &Json) -> Vec<Ask> {
    let all = page["allBuilds"].as_array().map(Vec::as_slice).unwrap_or_default();
    let is_new = |one: &Json| started(one).is_some_and(|at| at >= answered.from);
    let mut asks = Vec::new();
    for one in all.iter().take(PAGE) {
        let Some(number) = one["number"].as_u64() else { continue };
        let own = format!("{base}{number}/");
        match one["building"] == true {
            true => asks.push(ask(Step::Parts, format!("{own}api/json?tree={}", encoded(BUILD)))),
            false if is_new(one) => asks.extend(of_build(answered, &own, one)),
            false => {}
        }
    }
    if all.len() >= PAGE && all.last().is_some_and(is_new) {
        asks.push(ask(Step::Builds, builds(base, offset(answered.address) + PAGE)));
    }
    asks
}

/// The stages and the test results of a build that is over.
fn of_build(answered: &Answered<'_>, base: &str, build: &Json) -> Vec<Ask> {
    if !is_recent(answered, build) {
        return Vec::new();
    }
    let class = build["_class"].as_str().unwrap_or_default();
    let actions = build["actions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tested = actions.iter().any(|action| action["totalCount"].as_u64().is_some_and(|total| total > 0));
    let stages = class.ends_with("WorkflowRun").then(|| format!("{base}wfapi/describe"));
    let tests = tested.then(|| format!("{base}testReport/api/json?tree={}", encoded(TESTS)));
    let as_of = started(build);
    stages.into_iter().chain(tests).map(|address| Ask { step: Step::Parts, address, as_of }).collect()
}

fn is_recent(answered: &Answered<'_>, build: &Json) -> bool {
    started(build).is_some_and(|at| at >= answered.now - JOBS)
}

fn started(build: &Json) -> Option<Time> {
    Some(Timestamp::from_millisecond(build["timestamp"].as_i64()?).ok()?.into())
}

fn below(base: &str, name: &str) -> String {
    format!("{base}job/{}/", utf8_percent_encode(name, IN_PATHS))
}

fn depth(base: &str) -> usize {
    base.split('/').count() / 2
}

fn folder(base: &str, from: usize) -> String {
    let tree = format!("{JOB},jobs[{JOB},jobs[name]{{0,1}}]{{{from},{}}}", from + PAGE);
    format!("{base}api/json?tree={}", encoded(&tree))
}

fn builds(base: &str, from: usize) -> String {
    let tree = format!("name,fullName,url,allBuilds[{BUILD}]{{{from},{}}}", from + PAGE);
    format!("{base}api/json?tree={}", encoded(&tree))
}

/// Where the range of a list began.
fn offset(address: &str) -> usize {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let tree = form_urlencoded::parse(query.as_bytes()).next().map(|(_, tree)| tree).unwrap_or_default();
    let range = tree.rsplit_once('{').and_then(|(_, range)| range.split_once(','));
    range.and_then(|(from, _)| from.parse().ok()).unwrap_or_default()
}

fn encoded(tree: &str) -> String {
    form_urlencoded::byte_serialize(tree.as_bytes()).collect()
}
