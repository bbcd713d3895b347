//! The facts behind the keys: commits of the team's repositories, its deployments and its incidents.
use super::{Row, periods};
use crate::{
    code::Span,
    pipeline::{Outcome, Reach, Rules, incidents_of, to_production},
};
use kernel::{Id, Result, Team, Time, Tx, args, columns, sql};
use measures::keys::{Cause, Commit, Deployment, Facts, Failure, Incident, Period};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    time::Duration,
};

pub struct Read {
    pub facts: Facts,
    pub period: Period,
    pub before: Option<Period>,
    /// The names of repositories by their ids.
    names: HashMap<String, String>,
}

/// Commits and deployments from so long before the periods are read, so that the first deployment in them follows one.
const HORIZON: Duration = Duration::from_secs(26 * 7 * 24 * 3600);

struct Stored {
    repository_id: String,
    hash: String,
    parents: String,
    author: String,
    bot: bool,
    authored_at: Time,
    committed_at: Time,
    subject: String,
    reverts: Option<String>,
    picked_from: Option<String>,
}
columns!(Stored {
    repository_id,
    hash,
    parents,
    author,
    bot,
    authored_at,
    committed_at,
    subject,
    reverts,
    picked_from
});

impl Read {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, rules: &Rules, span: Span) -> Result<Read> {
        let (period, before) = periods(span, tx.now());
        let since = Time(before.unwrap_or(period).from) - HORIZON;
        let select = sql!(
            "select c.repository_id, c.hash, c.parents, coalesce(i.person_id, i.id) as author, i.bot, c.authored_at, c.committed_at,
                    c.subject, c.reverts, c.picked_from
               from commits c join identities i on i.workspace_id = c.workspace_id and i.id = c.author_id
              where c.workspace_id = $1 and c.repository_id in (select value from json_each(cast($2 as text)))
                and c.committed_at >= $3"
        );
        let stored: Vec<Stored> = tx.all(select, args![tx.workspace(), reach.ids(), since]).await?;
        let landings = sql!(
            "select l.repository_id, l.hash from landings l
              where l.workspace_id = $1 and l.repository_id in (select value from json_each(cast($2 as text)))
                and l.landed_at >= $3
              order by l.landed_at, l.hash"
        );
        let landings: Vec<(String, String)> = tx.all(landings, args![tx.workspace(), reach.ids(), since]).await?;
        let deployments = to_production(tx, reach, rules, since).await?;
        let incidents = incidents_of(tx, team, reach, since).await?;
        let mut commits: Vec<Commit> = stored.into_iter().map(commit).collect();
        join_changes(&mut commits, &landings);
        let facts = Facts {
            commits,
            deployments: deployments.into_iter().filter_map(deployment).collect(),
            incidents: incidents.into_iter().map(incident).collect(),
        };
        let names = reach.repositories.iter().map(|one| (one.id.to_string(), one.name.clone())).collect();
        Ok(Read { facts, period, before, names })
    }

    /// People behind the commits of a period.
    pub fn contributors(&self, period: Period) -> usize {
        let within = |commit: &&Commit| period.from <= commit.committed_at && commit.committed_at < period.to;
        let people = self.facts.commits.iter().filter(within).filter(|commit| !commit.bot);
        people.map(|commit| commit.author.as_str()).collect::<BTreeSet<_>>().len()
    }

    pub fn row(&self, row: &measures::keys::Row) -> Row {
        let mut leads = row.lead_times.clone();
        leads.sort_by(f64::total_cmp);
        Row {
            id: row.id.clone(),
            project: self.names.get(&row.repository).unwrap_or(&row.repository).clone(),
            commit: row.commit.clone(),
            finished_at: Time(row.finished_at),
            failed: row.failed,
            commits: row.commits,
            lead_time: leads.get(leads.len() / 2).copied(),
            failed_by: row.failed_by.iter().map(in_words).collect(),
            rework: row.rework.iter().map(in_words).collect(),
        }
    }
}

/// A cause with the id that leads to its evidence.
pub fn in_words(cause: &Cause) -> String {
    let short = cause.id.get(..10).unwrap_or(&cause.id);
    match cause.kind {
        Failure::Status => "its status".to_owned(),
        Failure::Incident => format!("incident {}", cause.id),
        Failure::Revert => format!("revert {short}"),
        Failure::RollBack => format!("rolled back by {}", cause.id),
        Failure::HotFix => format!("hot fix {short}"),
    }
}

fn commit(row: Stored) -> Commit {
    Commit {
        repository: row.repository_id,
        hash: row.hash,
        parents: row.parents.split_whitespace().map(str::to_owned).collect(),
        author: row.author,
        bot: row.bot,
        authored_at: row.authored_at.0,
        committed_at: row.committed_at.0,
        subject: row.subject,
        reverts: row.reverts,
        picked_from: row.picked_from,
        change: None,
    }
}

/// Each commit belongs to the first landing that reaches it.
fn join_changes(commits: &mut [Commit], landings: &[(String, String)]) {
    let mut changes: Vec<Option<&str>> = vec![None; commits.len()];
    let places: HashMap<(&str, &str), usize> =
        commits.iter().enumerate().map(|(at, one)| ((&*one.repository, &*one.hash), at)).collect();
    let place = |(repository, hash): &(String, String)| places.get(&(repository.as_str(), hash.as_str())).copied();
    let on_line: HashSet<usize> = landings.iter().filter_map(place).collect();
    for landing in landings {
        let Some(at) = place(landing) else { continue };
        let mut waiting = vec![at];
        while let Some(one) = waiting.pop() {
            if changes[one].is_some() || (one != at && on_line.contains(&one)) {
                continue;
            }
            changes[one] = Some(&landing.1);
            let parents = commits[one].parents.iter();
            waiting.extend(parents.filter_map(|parent| places.get(&(landing.0.as_str(), parent.as_str()))).copied());
        }
    }
    for (commit, change) in commits.iter_mut().zip(changes) {
        commit.change = change.map(str::to_owned);
    }
}

/// Only those that came to an end, well or badly.
fn deployment(one: crate::pipeline::Deployed) -> Option<Deployment> {
    let failed = match one.outcome {
        Outcome::Succeeded => false,
        Outcome::Failed => true,
        Outcome::Waiting | Outcome::Running | Outcome::Cancelled | Outcome::Skipped => return None,
    };
    Some(Deployment {
        id: format!("{}:{}", one.system, one.id),
        repository: one.repository.map_or(one.project, |id| id.to_string()),
        environment: one.environment.unwrap_or_default(),
        commit: one.commit,
        finished_at: one.finished_at?.0,
        failed,
    })
}

fn incident(one: crate::pipeline::Incident) -> Incident {
    Incident {
        id: format!("{}:{}", one.system, one.id),
        opened_at: one.opened_at.0,
        resolved_at: one.resolved_at.map(|at| at.0),
    }
}
