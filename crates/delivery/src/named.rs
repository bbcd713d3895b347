//! Pull requests and commits by the keys of issues that they name.
use crate::{pull::Host, repository::Repository};
use git::NamedKey;
use kernel::{Bind, CodeChange, CodeState, Id, Later, Result, Time, Tx, Value, args, columns, list, sql};
use std::collections::HashSet;

/// So many of each kind stand beside an issue, the newest ones.
const MOST: i64 = 50;
/// The code host that told of a repository, as `r`.
const HOST: &str =
    "(select min(f.host) from forge_places f where f.workspace_id = r.workspace_id and f.repository_id = r.id)";

/// Keeps what a pull request names, in place of what it named before.
pub(crate) async fn keep_of_pulls(tx: &mut Tx<'_>, pulls: &[(Id<Repository>, i64, Vec<NamedKey>)]) -> Result<()> {
    let delete = sql!("delete from pull_keys where workspace_id = $1 and repository_id = $2 and number = $3");
    let insert =
        sql!("insert into pull_keys (workspace_id, repository_id, number, key, works) values ($1, $2, $3, $4, $5)");
    let workspace = tx.workspace();
    let (mut old, mut new): (Vec<Vec<Value<'_>>>, Vec<Vec<Value<'_>>>) = (Vec::new(), Vec::new());
    for (repository, number, named) in pulls {
        old.push(args![workspace, *repository, *number].to_vec());
        new.extend(named.iter().map(|one| args![workspace, *repository, *number, one.key, one.works].to_vec()));
    }
    tx.run_many(delete, &old).await?;
    tx.run_many(insert, &new).await?;
    Ok(())
}

/// Keeps what commits name, by their hashes.
pub(crate) async fn keep_of_commits(tx: &mut Tx<'_>, repository: Id<Repository>, named: &[(&str, &str)]) -> Result<()> {
    let insert = sql!(
        "insert into commit_keys (workspace_id, repository_id, hash, key) values ($1, $2, $3, $4)
         on conflict (workspace_id, repository_id, hash, key) do nothing"
    );
    let workspace = tx.workspace();
    let values: Vec<Vec<Value<'_>>> = named
        .iter()
        .map(|&(hash, key)| vec![Bind::bind(&workspace), Bind::bind(&repository), Value::Text(hash), Value::Text(key)])
        .collect();
    tx.run_many(insert, &values).await?;
    Ok(())
}

/// The newest changes that name one of these keys; a commit of a pull request that is among them is left out.
pub(crate) fn gather<'a>(tx: &'a mut Tx<'_>, keys: &'a [String]) -> Later<'a, Vec<CodeChange>> {
    Box::pin(async move {
        let pulls = pulls(tx, keys).await?;
        let known: HashSet<(Id<Repository>, i64)> = pulls.iter().map(|one| (one.repository_id, one.number)).collect();
        let commits = commits(tx, keys).await?;
        let alone = |one: &CommitRow| {
            ![one.pull_number, one.in_pull]
                .into_iter()
                .flatten()
                .any(|number| known.contains(&(one.repository_id, number)))
        };
        let commits = commits.into_iter().filter(alone).map(CommitRow::shown);
        let mut all: Vec<CodeChange> = pulls.into_iter().map(PullRow::shown).chain(commits).collect();
        all.sort_by(|a, b| (b.at, &b.name).cmp(&(a.at, &a.name)));
        Ok(all)
    })
}

struct PullRow {
    repository_id: Id<Repository>,
    repository_name: String,
    location: String,
    host: Option<Host>,
    number: i64,
    title: String,
    state: String,
    draft: Option<bool>,
    works: bool,
    by_name: Option<String>,
    at: Option<Time>,
}
columns!(PullRow { repository_id, repository_name, location, host, number, title, state, draft, works, by_name, at });

async fn pulls(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<PullRow>> {
    let select = sql!(
        "select q.repository_id, r.name as repository_name, r.location, ", HOST, " as host, q.number, q.title, q.state, q.draft, k.works,
                coalesce(p.name, i.login, i.name) as by_name, coalesce(q.merged_at, q.closed_at, q.created_at) as at
           from (select workspace_id, repository_id, number, max(case when works then 1 else 0 end) = 1 as works from pull_keys
                  where workspace_id = $1 and key in (select value from json_each(cast($2 as text)))
                  group by workspace_id, repository_id, number) k
           join pull_requests q on q.workspace_id = k.workspace_id and q.repository_id = k.repository_id and q.number = k.number
           join repositories r on r.workspace_id = q.workspace_id and r.id = q.repository_id
           left join identities i on i.workspace_id = q.workspace_id and i.id = q.author_id
           left join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
          where $3 order by at desc, q.repository_id, q.number limit $4"
    );
    tx.all(select, args![tx.workspace(), list(keys), tx.actor().belongs(), MOST]).await
}

impl PullRow {
    fn shown(self) -> CodeChange {
        let state = match (self.state.as_str(), self.draft) {
            ("merged", _) => CodeState::Merged,
            ("closed", _) => CodeState::Closed,
            (_, Some(true)) => CodeState::Draft,
            _ => CodeState::Open,
        };
        let href = pull_page(&self.location, self.host, self.number);
        CodeChange {
            name: format!("{}#{}", self.repository_name, self.number),
            title: self.title,
            state,
            mentions: !self.works,
            by_name: self.by_name,
            at: self.at.unwrap_or(Time(0)),
            href,
        }
    }
}

struct CommitRow {
    repository_id: Id<Repository>,
    repository_name: String,
    location: String,
    hash: String,
    subject: String,
    /// The pull request that its message names, and the one that holds it.
    pull_number: Option<i64>,
    in_pull: Option<i64>,
    by_name: Option<String>,
    at: Time,
}
columns!(CommitRow { repository_id, repository_name, location, hash, subject, pull_number, in_pull, by_name, at });

async fn commits(tx: &mut Tx<'_>, keys: &[String]) -> Result<Vec<CommitRow>> {
    let select = sql!(
        "select c.repository_id, r.name as repository_name, r.location, c.hash, c.subject, c.pull_number,
                (select min(h.number) from pull_commits h
                  where h.workspace_id = c.workspace_id and h.repository_id = c.repository_id and h.hash = c.hash) as in_pull,
                coalesce(p.name, i.name) as by_name, c.committed_at as at
           from (select distinct workspace_id, repository_id, hash from commit_keys
                  where workspace_id = $1 and key in (select value from json_each(cast($2 as text)))) k
           join commits c on c.workspace_id = k.workspace_id and c.repository_id = k.repository_id and c.hash = k.hash
           join repositories r on r.workspace_id = c.workspace_id and r.id = c.repository_id
           left join identities i on i.workspace_id = c.workspace_id and i.id = c.author_id
           left join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
          where $3 order by at desc, c.repository_id, c.hash limit $4"
    );
    tx.all(select, args![tx.workspace(), list(keys), tx.actor().belongs(), MOST]).await
}

impl CommitRow {
    fn shown(self) -> CodeChange {
        // GitLab leads on from this address to its own.
        let href = page(&self.location).map(|page| format!("{page}/commit/{}", self.hash));
        let short: String = self.hash.chars().take(10).collect();
        CodeChange {
            name: format!("{} {short}", self.repository_name),
            title: self.subject,
            state: CodeState::Committed,
            mentions: false,
            by_name: self.by_name,
            at: self.at,
            href,
        }
    }
}

/// The page of a pull request at its code host.
pub(crate) fn pull_page(location: &str, host: Option<Host>, number: i64) -> Option<String> {
    let way = if host == Some(Host::GitLab) { "-/merge_requests" } else { "pull" };
    page(location).map(|page| format!("{page}/{way}/{number}"))
}

/// The page of a repository at its code host, by where it was read from: `https://github.com/a/b.git` and
/// `git@github.com:a/b` have one, a folder has none.
fn page(location: &str) -> Option<String> {
    let (scheme, rest) = location.split_once("://").unwrap_or(("", location));
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let path = match scheme {
        "https" => rest.to_owned(),
        "ssh" => rest.to_owned(),
        "" if location.contains('@') => rest.replacen(':', "/", 1),
        _ => return None,
    };
    let path = path.trim_end_matches('/').trim_end_matches(".git");
    let (host, name) = path.split_once('/').filter(|(host, name)| host.contains('.') && name.contains('/'))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    let host = if scheme == "ssh" { host.split(':').next().unwrap_or(host) } else { host };
    let fits = name.chars().all(plain) && host.chars().all(|c| c.is_ascii_alphanumeric() || "-.:".contains(c));
    fits.then(|| format!("https://{host}/{name}"))
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn a_repository_has_a_page_where_its_address_is_one() {
        for (location, expected) in [
            ("https://github.com/northwind/shop.git", Some("https://github.com/northwind/shop")),
            ("git@github.com:northwind/shop.git", Some("https://github.com/northwind/shop")),
            ("ssh://git@git.example:2222/northwind/shop", Some("https://git.example/northwind/shop")),
            ("https://gitlab.com/group/sub/shop/", Some("https://gitlab.com/group/sub/shop")),
            ("/srv/git/shop.git", None),
            ("file:///srv/git/shop.git", None),
            ("http://plain.example/a/b", None),
            ("https://github.com/shop", None),
            ("https://evil.example/a/b\"onclick", None),
        ] {
            assert_eq!(page(location).as_deref(), expected, "{location}");
        }
    }
}
