//! What each deployment brought.
use super::{Commit, Count, Definition, Deployment, Mapping};
use std::collections::{HashMap, HashSet};

/// What a deployment did to the code that people use.
#[derive(Clone, Debug, Default)]
pub struct Brought {
    /// Places of the commits that it brought first, in the order of the facts.
    pub commits: Vec<usize>,
    /// It went back to code that was there before.
    pub rolls_back: bool,
    /// It is the first of its repository, and brought all of the past.
    pub first: bool,
    /// Its commit is not known here.
    pub unknown: bool,
}

/// For each deployment in the order given, which is the order of time. Failed ones bring nothing.
pub fn brought(commits: &[&Commit], deployments: &[&Deployment], definition: &Definition) -> Vec<Brought> {
    let mut lines: HashMap<&str, Line<'_>> = HashMap::new();
    for (place, commit) in commits.iter().enumerate() {
        lines.entry(&commit.repository).or_default().add(place, commit);
    }
    let mut found = Vec::with_capacity(deployments.len());
    for one in deployments {
        let line = lines.entry(&one.repository).or_default();
        found.push(match definition.mapping {
            _ if one.failed => Brought::default(),
            Mapping::Ancestry => line.by_ancestry(commits, one),
            Mapping::Time => line.by_time(commits, one),
        });
    }
    if definition.first_deployment == Count::LeaveOut {
        for one in found.iter_mut().filter(|one| one.first) {
            one.commits.clear();
        }
    }
    found
}

/// When each commit of a repository, by its name and hash, was first in a deployment that did not fail; merges are among
/// them. What the first deployment of a repository brought is all of its past, and counts only if so defined. Where the
/// commit of a deployment is not in a history that is known, it alone is known to be deployed.
pub fn first_deployed<'f>(
    commits: &'f [Commit],
    deployments: &'f [Deployment],
    first_deployment: Count,
) -> HashMap<(&'f str, &'f str), i64> {
    let places: HashMap<(&str, &str), usize> =
        commits.iter().enumerate().map(|(place, one)| ((&*one.repository, &*one.hash), place)).collect();
    let mut in_order: Vec<&Deployment> = deployments.iter().filter(|one| !one.failed).collect();
    in_order.sort_by_key(|one| (one.finished_at, &one.id));
    let (mut found, mut begun, mut past) = (HashMap::new(), HashSet::new(), HashSet::new());
    for one in in_order {
        let Some(tip) = one.commit.as_deref() else { continue };
        let known = places.contains_key(&(&*one.repository, tip));
        let first = known && begun.insert(&*one.repository);
        let mut waiting = vec![tip];
        while let Some(hash) = waiting.pop() {
            let key = (&*one.repository, hash);
            if found.contains_key(&key) || past.contains(&key) {
                continue;
            }
            if first && first_deployment == Count::LeaveOut {
                past.insert(key);
            } else {
                found.insert(key, one.finished_at);
            }
            waiting.extend(places.get(&key).into_iter().flat_map(|place| &commits[*place].parents).map(String::as_str));
        }
    }
    found
}

/// A repository as deployments follow each other.
#[derive(Default)]
struct Line<'f> {
    places: HashMap<&'f str, usize>,
    all: Vec<usize>,
    /// Commits that some deployment reached.
    reached: HashSet<usize>,
    /// Works that some deployment brought, under whatever hash.
    works: HashSet<Work<'f>>,
    last: Option<usize>,
    last_at: Option<i64>,
}

/// One work may have several hashes: a rebase keeps author, date and subject; a cherry-pick names the first.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Work<'f> {
    Of(&'f str, i64, &'f str),
    Copy(&'f str),
}

impl<'f> Line<'f> {
    fn add(&mut self, place: usize, commit: &'f Commit) {
        self.places.insert(&commit.hash, place);
        self.all.push(place);
    }

    fn work(&self, commits: &[&'f Commit], place: usize) -> Work<'f> {
        let mut commit = commits[place];
        // Copies of copies end; a circle would be a lie of the messages.
        for _ in 0..10 {
            match commit.picked_from.as_deref() {
                Some(from) => match self.places.get(from) {
                    Some(at) => commit = commits[*at],
                    None => return Work::Copy(from),
                },
                None => break,
            }
        }
        Work::Of(&commit.author, commit.authored_at, &commit.subject)
    }

    fn by_ancestry(&mut self, commits: &[&'f Commit], deployment: &Deployment) -> Brought {
        let tip = deployment.commit.as_deref().and_then(|hash| self.places.get(hash)).copied();
        let Some(tip) = tip else { return Brought { unknown: true, ..Brought::default() } };
        let first = self.last.is_none();
        let rolls_back = self.reached.contains(&tip) && self.last != Some(tip);
        let (mut waiting, mut new) = (vec![tip], Vec::new());
        while let Some(place) = waiting.pop() {
            if self.reached.insert(place) {
                new.push(place);
                let parents = commits[place].parents.iter();
                waiting.extend(parents.filter_map(|parent| self.places.get(parent.as_str())).copied());
            }
        }
        self.last = Some(tip);
        Brought { commits: self.only_new(commits, new), rolls_back, first, unknown: false }
    }

    fn by_time(&mut self, commits: &[&'f Commit], deployment: &Deployment) -> Brought {
        let (from, to) = (self.last_at, deployment.finished_at);
        self.last_at = Some(to);
        let within = |at: i64| at <= to && from.is_none_or(|from| at > from);
        let new = self.all.iter().copied().filter(|place| within(commits[*place].committed_at)).collect();
        Brought { commits: self.only_new(commits, new), first: from.is_none(), ..Brought::default() }
    }

    fn only_new(&mut self, commits: &[&'f Commit], mut new: Vec<usize>) -> Vec<usize> {
        new.sort_by_key(|place| (commits[*place].committed_at, &commits[*place].hash));
        let works: Vec<Work<'f>> = new.iter().map(|place| self.work(commits, *place)).collect();
        let kept = new
            .into_iter()
            .zip(works)
            .filter(|(place, work)| commits[*place].parents.len() < 2 && self.works.insert(work.clone()));
        kept.map(|(place, _)| place).collect()
    }
}
