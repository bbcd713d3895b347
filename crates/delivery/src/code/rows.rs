//! The rows behind the numbers of one span: four statements for any number of repositories.
use crate::{
    changes::{Change, decode},
    identity::Identity,
    landing::How,
    repository::Repository,
};
use kernel::{Id, Person, Result, Time, Tx, args, columns, list, sql};
use std::collections::HashMap;

/// A commit that is no merge and that the main line reaches.
pub struct Commit {
    pub repository: Id<Repository>,
    pub author: Id<Identity>,
    pub at: Time,
    /// Minutes by which the committer's clock was ahead of UTC.
    pub offset: i64,
    pub reverts: bool,
    pub changes: Vec<Change>,
}

struct Stored {
    repository_id: Id<Repository>,
    author_id: Id<Identity>,
    committed_at: Time,
    committed_offset: i64,
    reverts: bool,
    changes: Vec<u8>,
}
columns!(Stored { repository_id, author_id, committed_at, committed_offset, reverts, changes });

pub struct Landing {
    pub landed_at: Time,
    pub how: How,
    pub author: Id<Identity>,
    /// Lines added and deleted, if they are known.
    pub lines: Option<i64>,
}

pub struct Author {
    pub person: Option<Id<Person>>,
    pub bot: bool,
}

pub struct Rows {
    pub commits: Vec<Commit>,
    pub landings: Vec<Landing>,
    pub authors: HashMap<Id<Identity>, Author>,
    /// The paths by the repository and their number there.
    pub paths: HashMap<(Id<Repository>, u64), String>,
    pub names: HashMap<Id<Repository>, String>,
}

pub async fn read(tx: &mut Tx<'_>, repositories: &[Id<Repository>], from: Option<Time>) -> Result<Rows> {
    let (ids, from) = (list(repositories), from.unwrap_or(Time(i64::MIN)));
    let commits = sql!(
        "select repository_id, author_id, committed_at, committed_offset, reverts is not null as reverts, changes from commits
          where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text)))
            and committed_at >= $3 and landed and not merge
          order by committed_at, hash"
    );
    let stored: Vec<Stored> = tx.all(commits, args![tx.workspace(), ids, from]).await?;
    let commits = stored.into_iter().map(Commit::of).collect::<Result<Vec<_>>>()?;
    let landings = sql!(
        "select landed_at, how, author_id, additions + deletions from landings l
          where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text))) and landed_at >= $3
            and not exists (select 1 from pull_requests p where p.workspace_id = l.workspace_id
                               and p.repository_id = l.repository_id and p.number = l.number)
         union all
         select merged_at, 'merged', author_id,
                coalesce(additions + deletions,
                         (select max(l.additions + l.deletions) from landings l where l.workspace_id = p.workspace_id
                             and l.repository_id = p.repository_id and l.number = p.number))
           from pull_requests p
          where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text))) and merged_at >= $3
            and author_id is not null"
    );
    let landings: Vec<(Time, How, Id<Identity>, Option<i64>)> =
        tx.all(landings, args![tx.workspace(), ids, from]).await?;
    let authors = sql!("select id, person_id, bot from identities where workspace_id = $1");
    let authors: Vec<(Id<Identity>, Option<Id<Person>>, bool)> = tx.all(authors, args![tx.workspace()]).await?;
    let paths = sql!(
        "select repository_id, number, path from repository_paths
          where workspace_id = $1 and repository_id in (select value from json_each(cast($2 as text)))"
    );
    let paths: Vec<(Id<Repository>, i64, String)> = tx.all(paths, args![tx.workspace(), ids]).await?;
    let names = sql!(
        "select id, name from repositories where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
    );
    let names: Vec<(Id<Repository>, String)> = tx.all(names, args![tx.workspace(), ids]).await?;
    Ok(Rows {
        commits,
        landings: landings
            .into_iter()
            .map(|(landed_at, how, author, lines)| Landing { landed_at, how, author, lines })
            .collect(),
        authors: authors.into_iter().map(|(id, person, bot)| (id, Author { person, bot })).collect(),
        paths: paths.into_iter().map(|(repository, number, path)| ((repository, number as u64), path)).collect(),
        names: names.into_iter().collect(),
    })
}

impl Commit {
    fn of(row: Stored) -> Result<Commit> {
        Ok(Commit {
            repository: row.repository_id,
            author: row.author_id,
            at: row.committed_at,
            offset: row.committed_offset,
            reverts: row.reverts,
            changes: decode(&row.changes)?,
        })
    }
}
