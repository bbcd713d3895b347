//! A pull request that is the work on an issue got further: the rules of the issue's team follow it.
use super::{Automation, When, run::perform};
use crate::issue::{Issue, Which, keys_of};
use kernel::{CodeState, Error, Id, Job, Later, Result, Subscriber, Team, Time, Tx, args, list, parse, sql};
use serde::Deserialize;

pub const SUBSCRIBERS: &[Subscriber] = &[Subscriber { name: "work.pull_moved", pattern: "pull.moved", run: moved }];

/// What `pull.moved` says of a pull request.
#[derive(Deserialize)]
struct Moved {
    number: i64,
    state: CodeState,
    at: Time,
}

impl When {
    /// On which occasion a pull request is in a state.
    fn of_pull(state: CodeState) -> Option<When> {
        match state {
            CodeState::Draft => Some(When::PullDrafted),
            CodeState::Open => Some(When::PullOpened),
            CodeState::Merged => Some(When::PullMerged),
            CodeState::Closed => Some(When::PullClosed),
            CodeState::Committed => None,
        }
    }
}

fn moved<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let moved: Moved = parse(job.args["data"].clone())?;
        let Some(when) = When::of_pull(moved.state) else { return Ok(()) };
        let occasion = format!("{} {} {}", when.word(), job.subject, moved.number);
        for issue in worked_on(tx, &job.subject, moved.number).await? {
            tx.touch(issue.id.to_string());
            if when == When::PullMerged && waits_for_another(tx, &issue, &job.subject, moved.number).await? {
                continue;
            }
            for rule in Automation::at_work(tx, issue.team_id, when).await? {
                // What happened before there was a rule is past.
                if rule.created_at <= moved.at && !rule.among(tx, &[issue.id]).await?.is_empty() {
                    perform(tx, &rule, issue.id, &occasion, 0).await?;
                }
            }
        }
        Ok(())
    })
}

/// The issues that a pull request says it is the work on.
async fn worked_on(tx: &mut Tx<'_>, repository: &str, number: i64) -> Result<Vec<Issue>> {
    let select = sql!(
        "select key from delivery_public_pull_keys
          where workspace_id = $1 and repository_id = $2 and number = $3 order by key"
    );
    let keys: Vec<String> = tx.all(select, args![tx.workspace(), repository, number]).await?;
    let mut found: Vec<Issue> = Vec::new();
    for which in keys.iter().filter_map(|key| key.parse::<Which>().ok()) {
        match Issue::visible(tx, &which, false).await {
            Ok(issue) if found.iter().all(|one| one.id != issue.id) => found.push(issue),
            Ok(_) | Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// Whether another pull request for the issue is still open.
async fn waits_for_another(tx: &mut Tx<'_>, issue: &Issue, repository: &str, number: i64) -> Result<bool> {
    let keys = keys_of(tx, issue).await?;
    let select = sql!(
        "select count(*) from delivery_public_pull_keys
          where workspace_id = $1 and key in (select value from json_each(cast($2 as text))) and state = 'open'
            and not (repository_id = $3 and number = $4)"
    );
    let open: i64 = tx.one(select, args![tx.workspace(), list(&keys), repository, number]).await?;
    Ok(open > 0)
}

/// The issues of a team whose pull requests came into a state since a moment, and when, the latest first.
pub(super) async fn happened(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    when: When,
    since: Time,
    most: i64,
) -> Result<Vec<(Id<Issue>, Time)>> {
    let select = sql!(
        "select i.id, case $3 when 'pull_merged' then v.merged_at when 'pull_closed' then v.closed_at else v.created_at end as at
           from delivery_public_pull_keys v
           join work_keys k on k.workspace_id = v.workspace_id and k.team_id = $2 and v.key like k.key || '-%'
           join issues i on i.workspace_id = k.workspace_id and i.team_id = k.team_id and i.deleted_at is null
            and v.key = k.key || '-' || cast(i.number as text)
          where v.workspace_id = $1
            and (($3 = 'pull_merged' and v.merged_at >= $4) or ($3 = 'pull_closed' and v.closed_at >= $4 and v.state = 'closed')
                 or ($3 = 'pull_drafted' and v.created_at >= $4 and v.draft) or ($3 = 'pull_opened' and v.created_at >= $4 and not coalesce(v.draft, false)))
          order by at desc, i.id limit $5"
    );
    tx.all(select, args![tx.workspace(), team, when, since, most]).await
}
