//! The end of an import: what landed, when and how, worked out anew from all that is stored.
use super::{Contents, Kept, Repository};
use crate::{
    landing::{Landing, Node, landings},
    revision::{self, Facts},
};
use kernel::{
    Actor, Id, Method::Put, Operation, Result, Route, Time, Tx, Value, args, columns, json, list, sql, text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Say that all commits are in, and where the refs stand. Pull requests are inferred from the history then.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishImport {
    pub repository: Id<Repository>,
    pub refs: Vec<Ref>,
    /// The ref of the main line, such as `refs/heads/main`.
    #[serde(default)]
    pub main: Option<Name<1000>>,
    pub contents: Contents,
    #[serde(default)]
    pub shallow: bool,
    /// The instant from which commits were read, if not all were.
    #[serde(default)]
    pub since: Option<Time>,
    /// How many tips of before no ref reaches any more.
    #[serde(default)]
    pub lost_tips: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ref {
    pub name: String,
    pub hash: String,
}

/// What is known of a repository after an import.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Summary {
    pub commits: i64,
    /// How many people wrote them, as far as they are told apart.
    pub people: i64,
    pub bots: i64,
    /// Names and addresses that belong to nobody here yet.
    pub unknown: i64,
    /// Pull requests, inferred from merges and squashed commits.
    pub pull_requests: i64,
    pub landings: i64,
    pub first_at: Option<Time>,
    pub last_at: Option<Time>,
}

impl Operation for FinishImport {
    const NAME: &str = "repository.finish_import";
    const ROUTE: Route = Route(Put, "/repositories/{repository}/refs");
    type Target = Kept;
    type Output = Summary;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Summary> {
        let stored = sql!(
            "select hash, parents, author_id, authored_at, committed_at, subject, pull_number, pull_title, additions,
                    deletions, landed
               from commits where workspace_id = $1 and repository_id = $2 order by hash"
        );
        let stored: Vec<Stored> = tx.all(stored, args![tx.workspace(), self.repository]).await?;
        let was: HashMap<String, bool> = stored.iter().map(|row| (row.hash.clone(), row.landed)).collect();
        let nodes: Vec<Node> = stored.into_iter().map(Node::from).collect();
        let (found, loose) = landings(&nodes, self.main_hash(), &self.proposed());
        self.save_landings(tx, &found).await?;
        self.save_reach(tx, &was, loose).await?;
        self.save_refs(tx).await?;
        let summary = self.summary(tx, &nodes).await?;
        let update = sql!(
            "update repositories set main_ref = $3, contents = $4, shallow = $5, since = $6, commits = $7, lost_tips = $8,
                    imported_at = $9
              where workspace_id = $1 and id = $2"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        let values = args![
            workspace,
            self.repository,
            self.main,
            self.contents,
            self.shallow,
            self.since,
            summary.commits,
            self.lost_tips,
            now
        ];
        tx.run(update, values).await?;
        tx.record("repository.imported", self.repository, json!({ "commits": summary.commits }));
        Ok(summary)
    }
}

struct Stored {
    hash: String,
    parents: String,
    author_id: String,
    authored_at: Time,
    committed_at: Time,
    subject: String,
    pull_number: Option<i64>,
    pull_title: Option<String>,
    additions: i64,
    deletions: i64,
    landed: bool,
}
columns!(Stored {
    hash,
    parents,
    author_id,
    authored_at,
    committed_at,
    subject,
    pull_number,
    pull_title,
    additions,
    deletions,
    landed
});

impl From<Stored> for Node {
    fn from(row: Stored) -> Node {
        Node {
            hash: row.hash,
            parents: row.parents.split_whitespace().map(str::to_owned).collect(),
            author: row.author_id,
            authored_at: row.authored_at.0,
            committed_at: row.committed_at.0,
            subject: row.subject,
            pull_number: row.pull_number,
            pull_title: row.pull_title,
            additions: row.additions,
            deletions: row.deletions,
        }
    }
}

impl FinishImport {
    fn main_hash(&self) -> &str {
        let main = self.refs.iter().find(|one| Some(one.name.as_str()) == self.main.as_deref());
        main.map_or("", |one| one.hash.as_str())
    }

    /// The numbers of pull and merge requests by the hash of their tip: `refs/pull/12/head`.
    fn proposed(&self) -> HashMap<String, i64> {
        let number = |name: &str| {
            let rest = name.strip_prefix("refs/pull/").or_else(|| name.strip_prefix("refs/merge-requests/"))?;
            rest.strip_suffix("/head")?.parse().ok()
        };
        self.refs.iter().filter_map(|one| Some((one.hash.clone(), number(&one.name)?))).collect()
    }

    /// Adds the new ones, and takes away those that the main line has no more.
    async fn save_landings(&self, tx: &mut Tx<'_>, found: &[Landing]) -> Result<()> {
        let old = sql!("select hash, commits, title from landings where workspace_id = $1 and repository_id = $2");
        let old: Vec<(String, i64, String)> = tx.all(old, args![tx.workspace(), self.repository]).await?;
        let same: HashSet<(&str, i64, &str)> =
            old.iter().map(|(hash, n, title)| (hash.as_str(), *n, title.as_str())).collect();
        let keys: HashSet<(&str, i64, &str)> =
            found.iter().map(|one| (one.hash.as_str(), one.commits, one.title.as_str())).collect();
        let workspace = tx.workspace();
        let gone: Vec<Vec<Value<'_>>> =
            same.difference(&keys).map(|one| args![workspace, self.repository, one.0].to_vec()).collect();
        let delete = sql!("delete from landings where workspace_id = $1 and repository_id = $2 and hash = $3");
        tx.run_many(delete, &gone).await?;
        let insert = sql!(
            "insert into landings (workspace_id, repository_id, hash, landed_at, how, number, title, author_id, commits,
                                   additions, deletions, first_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let new = found.iter().filter(|one| !same.contains(&(one.hash.as_str(), one.commits, one.title.as_str())));
        let rows: Vec<Vec<Value<'_>>> = new
            .map(|one| {
                args![
                    workspace,
                    self.repository,
                    one.hash,
                    one.landed_at,
                    one.how,
                    one.number,
                    one.title,
                    one.author,
                    one.commits,
                    one.additions,
                    one.deletions,
                    one.first_at
                ]
                .to_vec()
            })
            .collect();
        tx.run_many(insert, &rows).await?;
        if !gone.is_empty() || !rows.is_empty() {
            revision::changed(tx, &[Facts::History.of(self.repository)]).await?;
        }
        Ok(())
    }

    /// Notes which commits the main line reaches, where that has changed.
    async fn save_reach(&self, tx: &mut Tx<'_>, was: &HashMap<String, bool>, loose: Vec<String>) -> Result<()> {
        let loose: HashSet<String> = loose.into_iter().collect();
        let wrong = |landed: bool| {
            was.iter().filter(move |(_, was)| **was != landed).map(|(hash, _)| hash.as_str()).collect::<Vec<_>>()
        };
        let now_loose: Vec<&str> = wrong(false).into_iter().filter(|hash| loose.contains(*hash)).collect();
        let now_landed: Vec<&str> = wrong(true).into_iter().filter(|hash| !loose.contains(*hash)).collect();
        let update = sql!(
            "update commits set landed = $3 where workspace_id = $1 and repository_id = $2
                and hash in (select value from json_each(cast($4 as text)))"
        );
        for (hashes, landed) in [(now_loose, false), (now_landed, true)] {
            for some in hashes.chunks(5_000) {
                tx.run(update, args![tx.workspace(), self.repository, landed, list(some)]).await?;
            }
        }
        Ok(())
    }

    async fn save_refs(&self, tx: &mut Tx<'_>) -> Result<()> {
        let delete = sql!("delete from repository_refs where workspace_id = $1 and repository_id = $2");
        tx.run(delete, args![tx.workspace(), self.repository]).await?;
        let insert =
            sql!("insert into repository_refs (workspace_id, repository_id, name, hash) values ($1, $2, $3, $4)");
        let workspace = tx.workspace();
        let rows: Vec<Vec<Value<'_>>> =
            self.refs.iter().map(|one| args![workspace, self.repository, one.name, one.hash].to_vec()).collect();
        tx.run_many(insert, &rows).await?;
        Ok(())
    }

    async fn summary(&self, tx: &mut Tx<'_>, nodes: &[Node]) -> Result<Summary> {
        let counts = sql!(
            "select count(distinct case when not i.bot then coalesce(i.person_id, i.id) end),
                    count(distinct case when i.bot then i.id end),
                    count(distinct case when not i.bot and i.person_id is null then i.id end)
               from identities i where i.workspace_id = $1 and i.id in (select value from json_each(cast($2 as text)))"
        );
        let authors: HashSet<&str> = nodes.iter().map(|node| node.author.as_str()).collect();
        let (people, bots, unknown) = tx.one(counts, args![tx.workspace(), list(authors)]).await?;
        let landed = sql!(
            "select count(*), count(case when how in ('merged', 'squashed') then 1 end) from landings
              where workspace_id = $1 and repository_id = $2"
        );
        let (landings, pull_requests) = tx.one(landed, args![tx.workspace(), self.repository]).await?;
        let times = || nodes.iter().map(|node| Time(node.committed_at));
        let (first_at, last_at) = (times().min(), times().max());
        Ok(Summary { commits: nodes.len() as i64, people, bots, unknown, pull_requests, landings, first_at, last_at })
    }
}
