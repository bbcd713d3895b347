//! The rows of one repository's pull requests as the facts that stages are computed from: six statements.
use super::rows::{CommentRow, CommitRow, EventRow, PullRow, ReviewRow};
use crate::{
    identity::Identity,
    pipeline::{Deployed, Outcome, Reach, Rules, to_production},
    repository::Repository,
};
use kernel::{Bind, Id, Result, Sql, Time, Tx, args, sql};
use measures::{
    Act, Pull, Verdict, What,
    keys::{Commit, Count, Deployment, first_deployed},
};
use std::collections::HashMap;

/// An identity: its id, its person, its login, its name, and whether it is a bot.
type Account = (Id<Identity>, Option<String>, Option<String>, String, bool);

/// Everything that is stored of one repository's pull requests.
pub(crate) struct Facts {
    pub pulls: Vec<PullRow>,
    pub reviews: Vec<ReviewRow>,
    pub comments: Vec<CommentRow>,
    pub events: Vec<EventRow>,
    pub commits: Vec<CommitRow>,
    /// When commits were first deployed to production, by their hashes; empty unless it was asked for.
    deployed: HashMap<String, Time>,
    people: HashMap<Id<Identity>, Somebody>,
}

struct Somebody {
    /// The person, or the identity that is nobody's yet.
    key: String,
    login: String,
    bot: bool,
}

impl Facts {
    /// Of all pull requests of a repository.
    pub async fn read(tx: &mut Tx<'_>, repository: Id<Repository>) -> Result<Facts> {
        Facts::of(tx, repository, None).await
    }

    /// Of those that were closed since an instant, merged or not, and of those that are open.
    pub async fn since(tx: &mut Tx<'_>, repository: Id<Repository>, since: Time) -> Result<Facts> {
        Facts::of(tx, repository, Some(since)).await
    }

    async fn of(tx: &mut Tx<'_>, repository: Id<Repository>, since: Option<Time>) -> Result<Facts> {
        let workspace = tx.workspace();
        let mut values = args![workspace, repository].to_vec();
        values.extend(since.as_ref().map(Bind::bind));
        let lately = since.is_some();
        let people = sql!("select id, person_id, login, name, bot from identities where workspace_id = $1");
        let people: Vec<Account> = tx.all(people, args![workspace]).await?;
        let somebody = |(id, person, login, name, bot): Account| {
            let as_written = |login: &String| login.to_lowercase() == name.to_lowercase();
            let login = login.filter(|login| !as_written(login)).unwrap_or_else(|| name.clone());
            (id, Somebody { key: person.unwrap_or_else(|| id.to_string()), login, bot })
        };
        Ok(Facts {
            pulls: tx.all(pulls(lately), &values).await?,
            reviews: tx.all(reviews(lately), &values).await?,
            comments: tx.all(comments(lately), &values).await?,
            events: tx.all(events(lately), &values).await?,
            commits: tx.all(commits(lately), &values).await?,
            people: people.into_iter().map(somebody).collect(),
            deployed: HashMap::new(),
        })
    }

    /// Adds when each pull request was deployed: two to five statements, and the whole history of the repository.
    pub async fn with_deployments(self, tx: &mut Tx<'_>, repository: Repository) -> Result<Facts> {
        let select = sql!("select hash, parents from commits where workspace_id = $1 and repository_id = $2");
        let stored: Vec<(String, String)> = tx.all(select, args![tx.workspace(), repository.id]).await?;
        let rules = Rules::of_owner(tx, repository.team_id).await?;
        let reach = Reach { repositories: vec![repository] };
        let deployments = to_production(tx, &reach, &rules, Time(0)).await?;
        let commits: Vec<Commit> = stored.into_iter().map(commit).collect();
        let deployments: Vec<Deployment> = deployments.into_iter().filter_map(deployment).collect();
        let deployed = first_deployed(&commits, &deployments, Count::LeaveOut);
        let deployed = deployed.into_iter().map(|((_, hash), at)| (hash.to_owned(), Time(at))).collect();
        Ok(Facts { deployed, ..self })
    }

    /// The name at the code host.
    pub fn login(&self, who: Option<Id<Identity>>) -> Option<&str> {
        Some(self.people.get(&who?)?.login.as_str())
    }

    pub fn is_bot(&self, who: Option<Id<Identity>>) -> bool {
        who.and_then(|who| self.people.get(&who)).is_some_and(|one| one.bot)
    }

    /// When the first of those was opened that were merged since then.
    pub fn first_waiting(&self, from: Option<Time>) -> Option<Time> {
        let merged = |row: &&PullRow| row.merged_at.is_some_and(|at| from.is_none_or(|from| at >= from));
        self.pulls.iter().filter(merged).filter_map(|row| row.created_at).min()
    }

    /// Those who wrote what was merged since then; programs are none.
    pub fn authors_since(&self, from: Time) -> impl Iterator<Item = String> {
        let merged = self.pulls.iter().filter(move |row| row.merged_at.is_some_and(|at| at >= from));
        merged.filter(|row| !self.is_bot(row.author_id)).filter_map(|row| self.key(row.author_id))
    }

    /// What the stages are computed from, by number. Pull requests of which the opening is not known are left out.
    pub fn by_number(&self) -> HashMap<i64, Pull<String>> {
        let mut all: HashMap<i64, Pull<String>> =
            self.pulls.iter().filter_map(|row| Some((row.number, self.pull(row)?))).collect();
        for commit in &self.commits {
            if let Some(pull) = all.get_mut(&commit.number) {
                pull.commits.push((commit.authored_at, commit.committed_at));
            }
        }
        let mut add = |number: i64, at: Option<Time>, who: Option<Id<Identity>>, what: Option<What>| {
            if let (Some(pull), Some(at), Some(what)) = (all.get_mut(&number), at, what) {
                pull.acts.push(Act { at, by: self.key(who), bot: self.is_bot(who), what });
            }
        };
        self.reviews.iter().for_each(|one| add(one.number, one.submitted_at, one.author_id, verdict(&one.state)));
        let counted = self.comments.iter().filter(|one| one.counts);
        counted.for_each(|one| add(one.number, one.created_at, one.author_id, Some(What::Commented)));
        self.events.iter().for_each(|one| add(one.number, Some(one.at), one.actor_id, what(&one.event)));
        all
    }

    fn pull(&self, row: &PullRow) -> Option<Pull<String>> {
        Some(Pull {
            author: self.key(row.author_id),
            opened_at: row.created_at?,
            merged_at: row.merged_at,
            merged_by: self.key(row.merged_by_id),
            deployed_at: row.merge_commit.as_ref().and_then(|hash| self.deployed.get(hash)).copied(),
            draft: row.draft,
            commits: Vec::new(),
            acts: Vec::new(),
        })
    }

    fn key(&self, who: Option<Id<Identity>>) -> Option<String> {
        Some(self.people.get(&who?)?.key.clone())
    }
}

/// Pull requests that were closed since `$3`, merged or not, and open ones; and what belongs to them.
const LATELY: &str = " and (p.merged_at >= $3 or p.closed_at >= $3 or p.state = 'open') ";
const OF_THESE: &str = " and c.number in (select p.number from pull_requests p
    where p.workspace_id = $1 and p.repository_id = $2 and (p.merged_at >= $3 or p.closed_at >= $3 or p.state = 'open')) ";

fn pulls(lately: bool) -> Sql {
    const SELECT: &str =
        "select p.number, p.source_id, p.title, p.state, p.draft, p.author_id, p.created_at, p.updated_at, p.closed_at,
                p.merged_at, p.merged_by_id, p.merge_commit, p.head_sha, p.base_ref, p.additions, p.deletions,
                p.changed_files, p.commits, p.linked
           from pull_requests p where p.workspace_id = $1 and p.repository_id = $2 ";
    const ORDER: &str = " order by p.number";
    match lately {
        true => sql!(SELECT, LATELY, ORDER),
        false => sql!(SELECT, ORDER),
    }
}

fn reviews(lately: bool) -> Sql {
    const SELECT: &str = "select c.key, c.number, c.author_id, c.state, c.submitted_at from reviews c
          where c.workspace_id = $1 and c.repository_id = $2 ";
    const ORDER: &str = " order by c.number, c.submitted_at, c.key";
    match lately {
        true => sql!(SELECT, OF_THESE, ORDER),
        false => sql!(SELECT, ORDER),
    }
}

fn comments(lately: bool) -> Sql {
    const SELECT: &str = "select c.key, c.number, c.author_id, c.created_at, c.counts from pull_comments c
          where c.workspace_id = $1 and c.repository_id = $2 ";
    const ORDER: &str = " order by c.number, c.created_at, c.key";
    match lately {
        true => sql!(SELECT, OF_THESE, ORDER),
        false => sql!(SELECT, ORDER),
    }
}

fn events(lately: bool) -> Sql {
    const SELECT: &str = "select c.key, c.source_id, c.number, c.actor_id, c.event, c.at from pull_events c
          where c.workspace_id = $1 and c.repository_id = $2 ";
    const ORDER: &str = " order by c.number, c.at, c.key";
    match lately {
        true => sql!(SELECT, OF_THESE, ORDER),
        false => sql!(SELECT, ORDER),
    }
}

fn commits(lately: bool) -> Sql {
    const SELECT: &str = "select c.number, c.hash, c.authored_at, c.committed_at from pull_commits c
          where c.workspace_id = $1 and c.repository_id = $2 ";
    const ORDER: &str = " order by c.number, c.key";
    match lately {
        true => sql!(SELECT, OF_THESE, ORDER),
        false => sql!(SELECT, ORDER),
    }
}

fn commit((hash, parents): (String, String)) -> Commit {
    Commit { hash, parents: parents.split_whitespace().map(str::to_owned).collect(), ..Commit::default() }
}

fn deployment(one: Deployed) -> Option<Deployment> {
    Some(Deployment {
        id: format!("{}:{}", one.system, one.id),
        commit: one.commit,
        finished_at: one.finished_at?.0,
        failed: one.outcome != Outcome::Succeeded,
        ..Deployment::default()
    })
}

/// Of a review that nobody has submitted yet there is nothing to count.
fn verdict(state: &str) -> Option<What> {
    state.parse::<Verdict>().ok().map(What::Reviewed)
}

fn what(event: &str) -> Option<What> {
    Some(match event {
        "ready" => What::Ready,
        "drafted" => What::Drafted,
        "review_requested" => What::Requested,
        "force_pushed" => What::ForcePushed,
        "pushed" => What::Pushed,
        "closed" => What::Closed,
        "reopened" => What::Reopened,
        _ => return None,
    })
}
