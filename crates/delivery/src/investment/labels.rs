//! The labels of changes: those of a pull request, and those of the issues on which it or a commit works.
use super::read::Change;
use crate::repository::Repository;
use kernel::{Id, Result, Sql, Time, Tx, args, sql};
use std::collections::HashMap;

/// Pull requests by their number, commits that are part of none by their hash.
type Place = (Id<Repository>, Option<i64>, String);

/// Puts labels on the changes, of which nothing was done before `since`.
pub(super) async fn put(tx: &mut Tx<'_>, changes: &mut [Change], since: Time) -> Result<()> {
    let mut labels: HashMap<Place, Vec<String>> = HashMap::new();
    for select in [of_pulls(), of_issues_of_pulls()] {
        let rows: Vec<(Id<Repository>, i64, String)> = tx.all(select, args![tx.workspace(), since]).await?;
        for (repository, number, label) in rows {
            labels.entry((repository, Some(number), String::new())).or_default().push(label);
        }
    }
    let rows: Vec<(Id<Repository>, String, String)> =
        tx.all(of_issues_of_commits(), args![tx.workspace(), since]).await?;
    for (repository, hash, label) in rows {
        labels.entry((repository, None, hash)).or_default().push(label);
    }
    for change in changes {
        let place = (change.repository_id, change.number, change.hash.clone());
        change.labels = labels.get(&place).cloned().unwrap_or_default();
    }
    Ok(())
}

fn of_pulls() -> Sql {
    sql!(
        "select l.repository_id, l.number, l.label from pull_requests p
           join pull_labels l on l.workspace_id = p.workspace_id and l.repository_id = p.repository_id and l.number = p.number
          where p.workspace_id = $1 and (p.updated_at >= $2 or p.updated_at is null)
          order by l.repository_id, l.number, l.label"
    )
}

/// The issues to which a key `k.key` of today or of before leads, as `i`: the key of a team and a number.
const OF_TEAMS: &str = "join work_public_keys t on t.workspace_id = k.workspace_id
             and t.key = substr(k.key, 1, length(rtrim(k.key, '0123456789')) - 1)
           join work_public_items i on i.workspace_id = t.workspace_id and i.team_id = t.team_id
             and i.number = case when length(k.key) - length(t.key) between 2 and 10
                                 then cast(substr(k.key, length(t.key) + 2) as bigint) end";
/// Those to which it leads from where they were before.
const FROM_ELSEWHERE: &str = "join work_public_aliases i on i.workspace_id = k.workspace_id and i.key = k.key";
const LABELS: &str = "join work_public_issue_labels g on g.workspace_id = i.workspace_id and g.issue_id = i.issue_id
           join work_public_labels l on l.workspace_id = g.workspace_id and l.label_id = g.label_id";
const PULLS: &str = "select k.repository_id as repository_id, k.number as number, l.name as label from pull_requests p
           join pull_keys k on k.workspace_id = p.workspace_id and k.repository_id = p.repository_id and k.number = p.number
             and k.works";
const OF_PULLS: &str = "where p.workspace_id = $1 and (p.updated_at >= $2 or p.updated_at is null)";
const COMMITS: &str = "select k.repository_id as repository_id, k.hash as hash, l.name as label from commit_keys k
           join commits c on c.workspace_id = k.workspace_id and c.repository_id = k.repository_id and c.hash = k.hash";
const OF_COMMITS: &str = "where k.workspace_id = $1 and c.committed_at >= $2";

fn of_issues_of_pulls() -> Sql {
    sql!(
        PULLS,
        " ",
        OF_TEAMS,
        " ",
        LABELS,
        " ",
        OF_PULLS,
        " union ",
        PULLS,
        " ",
        FROM_ELSEWHERE,
        " ",
        LABELS,
        " ",
        OF_PULLS,
        " order by repository_id, number, label"
    )
}

fn of_issues_of_commits() -> Sql {
    sql!(
        COMMITS,
        " ",
        OF_TEAMS,
        " ",
        LABELS,
        " ",
        OF_COMMITS,
        " union ",
        COMMITS,
        " ",
        FROM_ELSEWHERE,
        " ",
        LABELS,
        " ",
        OF_COMMITS,
        " order by repository_id, hash, label"
    )
}
