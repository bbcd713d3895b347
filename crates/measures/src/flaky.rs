//! What comes out differently although nothing changed: a build, a job or a test that failed and succeeded on one commit.
use serde::Serialize;
use std::collections::BTreeMap;

/// One run that came to an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What ran, by a name that says everything on which its outcome may depend but the commit.
    pub thing: String,
    pub commit: String,
    /// Microseconds since 1970.
    pub at: i64,
    /// Unique among all runs.
    pub id: String,
    pub failed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flaky {
    pub thing: String,
    /// Runs on all commits, and those of them that failed.
    pub runs: usize,
    pub failed: usize,
    /// The commits on which both happened, the last first.
    pub evidence: Vec<Evidence>,
}

/// A commit, and the first run on it of either outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub commit: String,
    pub failed: String,
    pub succeeded: String,
    /// When the later of the two ended.
    pub at: i64,
}

/// Those that are flaky, the ones with most evidence first. The order of the runs does not matter, nor does repetition.
pub fn flaky(runs: &[Run]) -> Vec<Flaky> {
    let mut things: BTreeMap<&str, BTreeMap<&str, Vec<&Run>>> = BTreeMap::new();
    let by_id: BTreeMap<&str, &Run> = runs.iter().map(|run| (run.id.as_str(), run)).collect();
    for run in by_id.into_values() {
        things.entry(&run.thing).or_default().entry(&run.commit).or_default().push(run);
    }
    let mut found: Vec<Flaky> = things.into_iter().filter_map(|(thing, commits)| of_thing(thing, &commits)).collect();
    found.sort_by(|a, b| (b.evidence.len(), &a.thing).cmp(&(a.evidence.len(), &b.thing)));
    found
}

fn of_thing(thing: &str, commits: &BTreeMap<&str, Vec<&Run>>) -> Option<Flaky> {
    let mut evidence: Vec<Evidence> = commits.iter().filter_map(|(commit, runs)| of_commit(commit, runs)).collect();
    evidence.sort_by(|a, b| (b.at, &a.commit).cmp(&(a.at, &b.commit)));
    let all = || commits.values().flatten();
    let failed = all().filter(|run| run.failed).count();
    (!evidence.is_empty()).then(|| Flaky { thing: thing.to_owned(), runs: all().count(), failed, evidence })
}

fn of_commit(commit: &str, runs: &[&Run]) -> Option<Evidence> {
    let first = |failed: bool| runs.iter().filter(|run| run.failed == failed).min_by_key(|run| (run.at, &run.id));
    let (failed, succeeded) = (first(true)?, first(false)?);
    Some(Evidence {
        commit: commit.to_owned(),
        failed: failed.id.clone(),
        succeeded: succeeded.id.clone(),
        at: failed.at.max(succeeded.at),
    })
}
