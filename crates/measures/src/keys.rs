//! DORA's five keys under a definition: change lead time, deployment frequency, failed deployment recovery time, change
//! fail rate, deployment rework rate (<https://dora.dev/guides/dora-metrics-four-keys/>).
mod definition;
mod facts;
mod figure;
mod lineage;

pub use definition::{
    Average, Bots, Count, Definition, Failure, LeadOf, Mapping, Recovery, Span, Starts, Window, presets,
};
pub use facts::{Commit, Deployment, Facts, Incident, previous_successes};
pub use figure::Figure;
pub use lineage::first_deployed;

use lineage::{Brought, brought};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Microseconds; the end is outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Period {
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keys {
    /// Seconds.
    pub lead_time: Figure,
    /// A week.
    pub frequency: Figure,
    /// Seconds.
    pub recovery: Figure,
    /// Between 0 and 1.
    pub fail_rate: Figure,
    /// Between 0 and 1.
    pub rework_rate: Figure,
    pub trust: Trust,
    /// The deployments of the period, in the order of time.
    pub rows: Vec<Row>,
}

/// What the figures could not use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Trust {
    pub deployments: usize,
    /// Deployments that name a commit which is known.
    pub matched: usize,
    /// First deployments of a repository, whose commits do not count.
    pub first: usize,
    /// People behind the commits that count, by their keys.
    pub contributors: usize,
    /// Commits dated after the deployment that brought them; they count as 0.
    pub skewed: usize,
    /// Incidents before any deployment.
    pub loose_incidents: usize,
    pub open_incidents: usize,
}

/// A deployment, with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    pub id: String,
    pub repository: String,
    pub commit: Option<String>,
    pub finished_at: i64,
    pub failed: bool,
    /// Commits that it brought and that count.
    pub commits: usize,
    /// Seconds, of each thing whose lead time counts.
    pub lead_times: Vec<f64>,
    /// Why it counts as one that failed its users.
    pub failed_by: Vec<Cause>,
    /// Why it counts as unplanned.
    pub rework: Vec<Cause>,
}

/// What tells of a failure: the kind, and the id of the incident, commit or deployment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Cause {
    pub kind: Failure,
    pub id: String,
}

/// The keys of a period. The order in which facts stand does not matter.
pub fn keys(facts: &Facts, definition: &Definition, period: Period) -> Keys {
    Story::of(facts, definition).keys(period)
}

/// What happened under a definition: what each deployment brought. The keys of any period follow from it.
pub struct Story<'f> {
    commits: Vec<&'f Commit>,
    /// In the order of time.
    deployments: Vec<&'f Deployment>,
    brought: Vec<Brought>,
    incidents: Vec<&'f Incident>,
    definition: &'f Definition,
}

impl<'f> Story<'f> {
    /// The order in which facts stand does not matter.
    pub fn of(facts: &'f Facts, definition: &'f Definition) -> Story<'f> {
        let mut commits: Vec<&Commit> = facts.commits.iter().collect();
        commits.sort_by(|a, b| (&a.repository, &a.hash).cmp(&(&b.repository, &b.hash)));
        commits.dedup_by(|a, b| (&a.repository, &a.hash) == (&b.repository, &b.hash));
        let mut deployments: Vec<&Deployment> = facts.deployments.iter().collect();
        deployments.sort_by_key(|one| (one.finished_at, &one.id));
        deployments.dedup_by(|a, b| a.id == b.id);
        let mut incidents: Vec<&Incident> = facts.incidents.iter().collect();
        incidents.sort_by_key(|one| (one.opened_at, &one.id));
        let brought = brought(&commits, &deployments, definition);
        Story { commits, deployments, brought, incidents, definition }
    }

    pub fn keys(&self, period: Period) -> Keys {
        let within = |at: i64| period.from <= at && at < period.to;
        let causes = self.causes();
        let counts = |one: &Deployment| self.definition.failed_deployments == Count::Count || !one.failed;
        let places: Vec<usize> =
            (0..self.deployments.len()).filter(|at| within(self.deployments[*at].finished_at)).collect();
        let rows: Vec<Row> = places.iter().map(|at| self.row(*at, &causes)).collect();
        let counted: Vec<&Row> =
            places.iter().zip(&rows).filter(|(at, _)| counts(self.deployments[**at])).map(|(_, row)| row).collect();
        let floor = self.definition.floor;
        let leads = rows.iter().flat_map(|row| row.lead_times.iter().copied()).collect();
        let failed = counted.iter().filter(|row| !row.failed_by.is_empty()).count();
        let reworked = counted.iter().filter(|row| !row.rework.is_empty()).count();
        let weeks = (period.to - period.from) as f64 / (7.0 * 86_400e6);
        let has_rework = !self.definition.rework.is_empty();
        Keys {
            lead_time: Figure::average(leads, self.definition.average, floor),
            frequency: Figure {
                value: (weeks > 0.0).then(|| counted.len() as f64 / weeks),
                sample: counted.len(),
                interval: None,
            },
            recovery: Figure::average(self.recoveries(&places, &causes), self.recovery_average(), floor.min(3)),
            fail_rate: Figure::share(failed, counted.len(), floor),
            rework_rate: if has_rework { Figure::share(reworked, counted.len(), floor) } else { Figure::default() },
            trust: self.trust(&places, period),
            rows,
        }
    }

    fn recovery_average(&self) -> Average {
        self.definition.average
    }

    fn row(&self, at: usize, causes: &Causes) -> Row {
        let deployment = self.deployments[at];
        let of = |all: &BTreeMap<usize, BTreeSet<Cause>>, kinds: &[Failure]| {
            let causes = all.get(&at).into_iter().flatten();
            causes.filter(|cause| kinds.contains(&cause.kind)).cloned().collect()
        };
        Row {
            id: deployment.id.clone(),
            repository: deployment.repository.clone(),
            commit: deployment.commit.clone(),
            finished_at: deployment.finished_at,
            failed: deployment.failed,
            commits: self.own(at).count(),
            lead_times: self.lead_times(at),
            failed_by: of(&causes.failed, &self.definition.failures),
            rework: of(&causes.mending, &self.definition.rework),
        }
    }

    /// The commits that a deployment brought and that count.
    fn own(&self, at: usize) -> impl Iterator<Item = &Commit> {
        let bots = self.definition.bots == Count::Count;
        self.brought[at].commits.iter().map(|place| self.commits[*place]).filter(move |commit| bots || !commit.bot)
    }

    fn lead_times(&self, at: usize) -> Vec<f64> {
        let finished_at = self.deployments[at].finished_at;
        let starts = |commit: &Commit| match self.definition.starts {
            Starts::Authored => commit.authored_at,
            Starts::Committed => commit.committed_at,
        };
        let mut first: BTreeMap<&str, i64> = BTreeMap::new();
        for commit in self.own(at) {
            let key = match self.definition.lead_of {
                LeadOf::Commit => &commit.hash,
                LeadOf::Change => commit.change.as_ref().unwrap_or(&commit.hash),
            };
            let known = first.entry(key).or_insert(i64::MAX);
            *known = (*known).min(starts(commit));
        }
        first.values().map(|from| self.definition.time.between(*from, finished_at) as f64 / 1e6).collect()
    }

    /// Why deployments count as failed, and which ones mended them.
    fn causes(&self) -> Causes {
        let mut causes = Causes::default();
        let good: Vec<usize> = (0..self.deployments.len()).filter(|at| !self.deployments[*at].failed).collect();
        for (at, deployment) in self.deployments.iter().enumerate().filter(|(_, one)| one.failed) {
            causes.failed.entry(at).or_default().insert(Cause { kind: Failure::Status, id: deployment.id.clone() });
        }
        self.by_incident(&good, &mut causes);
        let mut brought_by: HashMap<(&str, &str), usize> = HashMap::new();
        let mut last: HashMap<&str, usize> = HashMap::new();
        for at in good {
            let deployment = self.deployments[at];
            let before = last.insert(&deployment.repository, at);
            for place in &self.brought[at].commits {
                let commit = self.commits[*place];
                let reverted = commit.reverts.as_deref().and_then(|hash| brought_by.get(&(&*commit.repository, hash)));
                if let Some(broken) = reverted {
                    causes.add(*broken, at, Failure::Revert, &commit.hash);
                } else if let (Some(before), true) = (before, calls_itself_a_hot_fix(&commit.subject)) {
                    causes.add(before, at, Failure::HotFix, &commit.hash);
                }
            }
            if let (Some(before), true) = (before, self.brought[at].rolls_back) {
                causes.add(before, at, Failure::RollBack, &deployment.id);
            }
            for place in &self.brought[at].commits {
                brought_by.insert((&self.commits[*place].repository, &self.commits[*place].hash), at);
            }
        }
        causes
    }

    /// An incident belongs to the deployment before it; the first one of that repository afterwards and before its end
    /// mended it.
    fn by_incident(&self, good: &[usize], causes: &mut Causes) {
        for incident in &self.incidents {
            let before = |at: &&usize| match self.definition.window {
                Window::Strict => self.deployments[**at].finished_at < incident.opened_at,
                Window::Inclusive => self.deployments[**at].finished_at <= incident.opened_at,
            };
            let Some(broken) = good.iter().rev().find(before) else { continue };
            let cause = Cause { kind: Failure::Incident, id: incident.id.clone() };
            causes.failed.entry(*broken).or_default().insert(cause.clone());
            let mends = |at: &&usize| {
                let deployment = self.deployments[**at];
                **at > *broken
                    && deployment.repository == self.deployments[*broken].repository
                    && deployment.finished_at > incident.opened_at
                    && incident.resolved_at.is_some_and(|end| deployment.finished_at <= end)
            };
            if let Some(mending) = good.iter().find(mends) {
                causes.mending.entry(*mending).or_default().insert(cause);
            }
        }
    }

    /// Seconds, of the failures of the deployments of the period that have come to an end.
    fn recoveries(&self, places: &[usize], causes: &Causes) -> Vec<f64> {
        let span = |from: i64, to: i64| self.definition.time.between(from, to) as f64 / 1e6;
        let chosen = |cause: &&Cause| self.definition.failures.contains(&cause.kind);
        let mut found = Vec::new();
        for at in places {
            let failures: Vec<&Cause> = causes.failed.get(at).into_iter().flatten().filter(chosen).collect();
            let ended = |cause: &&Cause| {
                let incident = self.incidents.iter().find(|one| one.id == cause.id)?;
                Some(span(incident.opened_at, incident.resolved_at?))
            };
            match self.definition.recovery {
                Recovery::Incident => {
                    let incidents = failures.iter().filter(|cause| cause.kind == Failure::Incident);
                    found.extend(incidents.filter_map(ended));
                }
                Recovery::Deployment if !failures.is_empty() => {
                    let failed = self.deployments[*at];
                    let next = self.deployments[at + 1..]
                        .iter()
                        .find(|one| !one.failed && one.repository == failed.repository);
                    found.extend(next.map(|next| span(failed.finished_at, next.finished_at)));
                }
                Recovery::Deployment => {}
            }
        }
        found
    }

    fn trust(&self, places: &[usize], period: Period) -> Trust {
        let within = |at: i64| period.from <= at && at < period.to;
        let people: BTreeSet<&str> =
            places.iter().flat_map(|at| self.own(*at)).filter(|one| !one.bot).map(|one| one.author.as_str()).collect();
        let is_skewed =
            |at: usize| self.own(at).filter(|one| one.committed_at > self.deployments[at].finished_at).count();
        let first = self.deployments.iter().find(|one| !one.failed).map_or(i64::MAX, |one| one.finished_at);
        let incidents = || self.incidents.iter().filter(|one| within(one.opened_at));
        Trust {
            deployments: places.len(),
            matched: places
                .iter()
                .filter(|at| !self.brought[**at].unknown && self.deployments[**at].commit.is_some())
                .count(),
            first: places.iter().filter(|at| self.brought[**at].first).count(),
            contributors: people.len(),
            skewed: places.iter().map(|at| is_skewed(*at)).sum(),
            loose_incidents: incidents().filter(|one| one.opened_at < first).count(),
            open_incidents: incidents().filter(|one| one.resolved_at.is_none()).count(),
        }
    }
}

#[derive(Default)]
struct Causes {
    failed: BTreeMap<usize, BTreeSet<Cause>>,
    mending: BTreeMap<usize, BTreeSet<Cause>>,
}

impl Causes {
    fn add(&mut self, broken: usize, mending: usize, kind: Failure, id: &str) {
        let cause = Cause { kind, id: id.to_owned() };
        if broken != mending {
            self.failed.entry(broken).or_default().insert(cause.clone());
            self.mending.entry(mending).or_default().insert(cause);
        }
    }
}

fn calls_itself_a_hot_fix(subject: &str) -> bool {
    let subject = subject.to_lowercase();
    ["hotfix", "hot-fix", "hot fix"].iter().any(|word| subject.contains(word))
}

#[cfg(test)]
mod tests;
