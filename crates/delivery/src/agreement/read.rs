//! The facts behind agreements: merged pull requests with what they changed and waited for, and builds.
use super::replay::Subject;
use crate::{
    build::{BuildRow, ended},
    changes::decode,
    pipeline::Reach,
    pull::{Facts, PullRow},
    repository::Repository,
    review::{Reviewers, members, read},
};
use kernel::{Id, Result, Team, Time, Tx, args, columns, list, sql};
use measures::{Agreement, Case, Pull, PullOptions, Touched, stages, touched, waiting};
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

pub struct Read {
    pub pulls: Vec<Subject>,
    pub builds: Vec<Subject>,
}

/// Commits of pull requests are looked for so long before the time.
const BEFORE: Duration = Duration::from_secs(60 * 24 * 3600);

impl Read {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, from: Time) -> Result<Read> {
        let all = read(tx, &reach.repositories, Some(from), false).await?;
        let opened = all.iter().filter_map(|(_, facts)| facts.first_waiting(Some(from))).min().unwrap_or(from);
        let reviewers = Reviewers::new(&members(tx, team, opened).await?);
        let changed = Changed::read(tx, reach, from - BEFORE).await?;
        let crowd = Crowd::new(&all);
        let mut pulls = Vec::new();
        for (repository, facts) in &all {
            let (mut known, commits) = (facts.by_number(), commits_by_number(facts));
            for row in &facts.pulls {
                let Some(at) = row.merged_at.filter(|at| *at >= from && !facts.is_bot(row.author_id)) else { continue };
                let Some(pull) = known.remove(&row.number) else { continue };
                let case = Case {
                    lines: row.lines(),
                    open: Some(pull.opened_at).filter(|opened| *opened >= from).map(|opened| crowd.at(opened)),
                    linked: row.linked,
                    touched: changed.by(repository.id, row, commits.get(&row.number)),
                    ..reviewed(&pull, &reviewers)
                };
                pulls.push(Subject::pull(repository, row, at, pull.author, case));
            }
        }
        let builds = ended(tx, reach, from).await?;
        let builds = builds.into_iter().map(build).collect();
        Ok(Read { pulls, builds })
    }

    /// How many people wrote the pull requests that were merged in a time; bots are not among them.
    pub fn contributors(&self, (from, to): (Time, Time)) -> usize {
        let merged = self.pulls.iter().filter(|one| one.at >= from && one.at <= to);
        merged.filter_map(|one| one.author.as_ref()).collect::<HashSet<_>>().len()
    }

    /// What an agreement is about.
    pub fn subjects(&self, kind: Agreement) -> &[Subject] {
        if kind.is_of_builds() { &self.builds } else { &self.pulls }
    }

    pub fn proposal(&self, kind: Agreement) -> Option<i64> {
        kind.proposal(self.subjects(kind).iter().map(|one| &one.case))
    }
}

fn commits_by_number(facts: &Facts) -> HashMap<i64, Vec<&str>> {
    let mut all: HashMap<i64, Vec<&str>> = HashMap::new();
    for commit in &facts.commits {
        all.entry(commit.number).or_default().push(&commit.hash);
    }
    all
}

/// What is known of its review.
fn reviewed(pull: &Pull<String>, reviewers: &Reviewers) -> Case {
    let options = PullOptions::default();
    let stages = stages(pull, &options, None);
    Case {
        answered: Some(stages.pickup.is_some()),
        waited: waiting(pull, &options, reviewers.of(pull.author.as_ref())).map(|(pickup, _)| pickup.someone),
        self_merged: pull.merged_by.as_ref().map(|_| stages.self_merged),
        ..Case::default()
    }
}

fn build(row: BuildRow) -> Subject {
    let took = row.started_at.map(|from| row.finished_at.0 - from.0).filter(|took| *took >= 0);
    Subject {
        repository_id: None,
        name: format!("{} {}", row.project, row.name),
        title: row.commit.as_deref().map(|hash| hash.get(..10).unwrap_or(hash).to_owned()).unwrap_or_default(),
        url: row.url,
        at: row.finished_at,
        author: None,
        case: Case { took, ..Case::default() },
    }
}

/// When pull requests of the team were opened and ended, each in the order of time.
struct Crowd {
    opened: Vec<Time>,
    ended: Vec<Time>,
}

impl Crowd {
    fn new(all: &[(Repository, Facts)]) -> Crowd {
        let of_people = || {
            all.iter()
                .flat_map(|(_, facts)| facts.pulls.iter().filter(|row| !facts.is_bot(row.author_id)))
                .filter(|row| row.created_at.is_some())
        };
        let mut opened: Vec<Time> = of_people().filter_map(|row| row.created_at).collect();
        let mut ended: Vec<Time> = of_people().filter_map(|row| row.merged_at.or(row.closed_at)).collect();
        opened.sort_unstable();
        ended.sort_unstable();
        Crowd { opened, ended }
    }

    /// How many were open at an instant, those that were opened at it among them.
    fn at(&self, at: Time) -> i64 {
        let until = |times: &[Time]| times.partition_point(|time| *time <= at) as i64;
        until(&self.opened) - until(&self.ended)
    }
}

struct CommitRow {
    repository_id: Id<Repository>,
    hash: String,
    lines: i64,
    changes: Vec<u8>,
}
columns!(CommitRow { repository_id, hash, lines, changes });

/// What commits touched, with the lines that they changed; merges are left out, as they say again what they bring.
struct Changed(HashMap<(Id<Repository>, String), (i64, Touched)>);

impl Changed {
    async fn read(tx: &mut Tx<'_>, reach: &Reach, since: Time) -> Result<Changed> {
        let ids = list(reach.repositories.iter().map(|one| one.id));
        let select = sql!(
            "select repository_id, hash, additions + deletions as lines, changes from commits
              where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text)))
                and committed_at >= $3 and not merge"
        );
        let rows: Vec<CommitRow> = tx.all(select, args![tx.workspace(), ids, since]).await?;
        let select = sql!(
            "select repository_id, number, path from repository_paths
              where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text)))"
        );
        let paths: Vec<(Id<Repository>, i64, String)> = tx.all(select, args![tx.workspace(), ids]).await?;
        let paths: HashMap<(Id<Repository>, u64), String> =
            paths.into_iter().map(|(repository, number, path)| ((repository, number as u64), path)).collect();
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let changes = decode(&row.changes)?;
            let named = changes.iter().filter_map(|change| paths.get(&(row.repository_id, change.path)));
            let touched = touched(named.map(String::as_str));
            found.insert((row.repository_id, row.hash), (row.lines, touched));
        }
        Ok(Changed(found))
    }

    /// What a pull request touched: that of the one commit that it became, or of all of its commits. Nothing where some of
    /// them are not known.
    fn by(&self, repository: Id<Repository>, row: &PullRow, commits: Option<&Vec<&str>>) -> Option<Touched> {
        let of = |hash: &str| self.0.get(&(repository, hash.to_owned()));
        let landed = row.merge_commit.as_deref().and_then(of);
        if let Some((lines, touched)) = landed
            && (row.commits == Some(1) || row.lines() == Some(*lines))
        {
            return Some(*touched);
        }
        let commits = commits?;
        let whole = row.commits.is_none_or(|all| all as usize == commits.len());
        let all: Option<Vec<&(i64, Touched)>> = commits.iter().map(|hash| of(hash)).collect();
        let all = all.filter(|_| whole)?;
        Some(Touched {
            behaviour: all.iter().any(|(_, one)| one.behaviour),
            tests: all.iter().any(|(_, one)| one.tests),
        })
    }
}
