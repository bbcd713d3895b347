//! One bunch of commits. Doing it twice changes nothing, so an import that was stopped begins where it ended.
use super::{Kept, Repository};
use crate::{
    changes::{Change, encode},
    identity::{self, Identity},
    named,
    revision::{self, Facts},
};
use kernel::{
    Actor, Error, Id,
    Method::Post,
    Operation, Result, Route, Time, Tx, args, list, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Import a bunch of commits, at most 2,000. Those that are stored already are passed over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportCommits {
    pub repository: Id<Repository>,
    pub commits: Vec<ImportedCommit>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedCommit {
    pub hash: Name<64>,
    pub parents: Vec<Name<64>>,
    pub author: Signature,
    pub authored_at: Time,
    pub committed_at: Time,
    /// Minutes by which the committer's clock was ahead of UTC.
    pub committed_offset: i64,
    pub subject: Line<500>,
    #[serde(default)]
    pub co_authors: Vec<Signature>,
    #[serde(default)]
    pub pull_number: Option<i64>,
    #[serde(default)]
    pub pull_title: Option<Line<300>>,
    /// The commit that this one takes back.
    #[serde(default)]
    pub reverts: Option<Name<64>>,
    /// The commit of which this one is a copy.
    #[serde(default)]
    pub picked_from: Option<Name<64>>,
    /// The keys of issues that its message names, such as `PAY-482`; at most 20.
    #[serde(default)]
    pub issues: Vec<Name<20>>,
    pub changes: Vec<ChangedPath>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    pub name: Line<200>,
    pub mail: Line<200>,
    /// The repository's mailmap gave another name or address than the commit.
    #[serde(default)]
    pub mapped: bool,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangedPath {
    pub path: String,
    #[serde(default)]
    pub renamed_from: Option<String>,
    /// Left out for a file that is no text.
    #[serde(default)]
    pub lines: Option<(u64, u64)>,
}

/// How many of the commits were new.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Stored {
    pub commits: u64,
}

const MOST: usize = 2_000;
const MOST_KEYS: usize = 20;

impl Operation for ImportCommits {
    const NAME: &str = "repository.import";
    const ROUTE: Route = Route(Post, "/repositories/{repository}/commits");
    type Target = Kept;
    type Output = Stored;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Stored> {
        if self.commits.len() > MOST {
            return Err(Error::invalid("commits", format!("Send at most {MOST} commits at once.")));
        }
        let people = self.commits.iter().flat_map(|commit| [&commit.author].into_iter().chain(&commit.co_authors));
        let identities = identity::of(tx, &people.collect::<Vec<_>>()).await?;
        let paths = self.paths(tx).await?;
        let rows =
            self.commits.iter().map(|commit| Row::of(commit, &identities, &paths)).collect::<Result<Vec<_>>>()?;
        let insert = sql!(
            "insert into commits (workspace_id, repository_id, hash, parents, author_id, co_authors, authored_at, committed_at,
                                  committed_offset, subject, pull_number, pull_title, reverts, picked_from, additions,
                                  deletions, changes, merge)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
             on conflict (workspace_id, repository_id, hash) do nothing"
        );
        let workspace = tx.workspace();
        let values: Vec<Vec<kernel::Value<'_>>> = rows
            .iter()
            .map(|row| {
                let commit = row.commit;
                args![
                    workspace,
                    self.repository,
                    commit.hash,
                    row.parents,
                    row.author,
                    row.co_authors,
                    commit.authored_at,
                    commit.committed_at,
                    commit.committed_offset,
                    commit.subject,
                    commit.pull_number,
                    commit.pull_title,
                    commit.reverts,
                    commit.picked_from,
                    row.additions,
                    row.deletions,
                    row.changes,
                    row.merge
                ]
                .to_vec()
            })
            .collect();
        let commits = tx.run_many(insert, &values).await?;
        let mut named: Vec<(&str, &str)> = Vec::new();
        for commit in &self.commits {
            named.extend(commit.issues.iter().take(MOST_KEYS).map(|key| (&*commit.hash, &**key)));
        }
        named::keep_of_commits(tx, self.repository, &named).await?;
        if commits > 0 {
            revision::changed(tx, &[Facts::History.of(self.repository)]).await?;
        }
        Ok(Stored { commits })
    }
}

/// A commit as it is stored.
struct Row<'c> {
    commit: &'c ImportedCommit,
    parents: String,
    author: Id<Identity>,
    co_authors: String,
    additions: i64,
    deletions: i64,
    changes: Vec<u8>,
    merge: bool,
}

type Identities = BTreeMap<String, Id<Identity>>;

impl<'c> Row<'c> {
    fn of(commit: &'c ImportedCommit, identities: &Identities, paths: &BTreeMap<String, i64>) -> Result<Row<'c>> {
        let identity = |who: &Signature| identities.get(&identity::key(who)).copied().ok_or(Error::NotFound);
        let number = |path: &str| paths.get(&stored(path)).map(|number| *number as u64).ok_or(Error::NotFound);
        let change = |changed: &ChangedPath| {
            let renamed_from = changed.renamed_from.as_deref().map(number).transpose()?;
            Ok(Change { path: number(&changed.path)?, renamed_from, lines: changed.lines })
        };
        let changes = commit.changes.iter().map(change).collect::<Result<Vec<_>>>()?;
        let co_authors =
            commit.co_authors.iter().map(|who| Ok(identity(who)?.to_string())).collect::<Result<Vec<_>>>()?;
        let sum = |which: fn((u64, u64)) -> u64| {
            changes.iter().filter_map(|change| change.lines).map(which).sum::<u64>().min(i64::MAX as u64) as i64
        };
        Ok(Row {
            commit,
            parents: commit.parents.iter().map(|parent| &**parent).collect::<Vec<_>>().join(" "),
            author: identity(&commit.author)?,
            co_authors: co_authors.join(" "),
            additions: sum(|lines| lines.0),
            deletions: sum(|lines| lines.1),
            changes: encode(changes),
            merge: commit.parents.len() > 1,
        })
    }
}

/// Longer paths are no paths of people; PostgreSQL indexes no text of more than about 2,700 bytes.
const LONGEST_PATH: usize = 600;

fn stored(path: &str) -> String {
    path.chars().filter(|c| *c != '\0').take(LONGEST_PATH).collect()
}

impl ImportCommits {
    /// The number of each path that these commits change; new ones get the next numbers.
    async fn paths(&self, tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>> {
        let changes = self.commits.iter().flat_map(|commit| &commit.changes);
        let named = changes.flat_map(|change| [Some(&change.path), change.renamed_from.as_ref()]).flatten();
        let wanted: BTreeSet<String> = named.map(|path: &String| stored(path)).collect();
        let select = sql!(
            "select path, number from repository_paths
              where workspace_id = $1 and repository_id = $2 and path in (select value from json_each(cast($3 as text)))"
        );
        let found: Vec<(String, i64)> = tx.all(select, args![tx.workspace(), self.repository, list(&wanted)]).await?;
        let mut numbers: BTreeMap<String, i64> = found.into_iter().collect();
        let last = sql!(
            "select coalesce(max(number), 0) from repository_paths where workspace_id = $1 and repository_id = $2"
        );
        let last: i64 = tx.one(last, args![tx.workspace(), self.repository]).await?;
        let new: Vec<(&String, i64)> =
            wanted.iter().filter(|path| !numbers.contains_key(*path)).zip(last + 1..).collect();
        let insert =
            sql!("insert into repository_paths (workspace_id, repository_id, number, path) values ($1, $2, $3, $4)");
        let workspace = tx.workspace();
        let rows: Vec<Vec<kernel::Value<'_>>> =
            new.iter().map(|one| args![workspace, self.repository, one.1, one.0].to_vec()).collect();
        tx.run_many(insert, &rows).await?;
        numbers.extend(new.into_iter().map(|(path, number)| (path.clone(), number)));
        Ok(numbers)
    }
}
