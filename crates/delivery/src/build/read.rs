//! The rows behind: seven statements.
use super::Covered;
use crate::{
    annotation::{self, Annotation},
    pipeline::{Outcome, Reach},
};
use kernel::{Id, Result, Sql, Team, Time, Tx, args, columns, sql};

pub struct Read {
    pub builds: Vec<BuildRow>,
    pub jobs: Vec<JobRow>,
    pub tests: Vec<TestRow>,
    pub coverage: Vec<Covered>,
    pub annotations: Vec<Annotation>,
}

pub struct BuildRow {
    pub system: String,
    pub source_id: String,
    pub attempt: i64,
    pub project: String,
    pub name: String,
    pub event: Option<String>,
    pub commit: Option<String>,
    pub outcome: Outcome,
    pub started_at: Option<Time>,
    pub finished_at: Time,
    pub url: Option<String>,
}
columns!(BuildRow { system, source_id, attempt, project, name, event, commit, outcome, started_at, finished_at, url });

pub struct JobRow {
    pub system: String,
    pub source_id: String,
    pub attempt: i64,
    pub project: String,
    /// Of its build, and its own.
    pub build: Option<String>,
    pub name: String,
    pub event: Option<String>,
    pub commit: Option<String>,
    pub outcome: Outcome,
    pub queued_at: Option<Time>,
    pub started_at: Option<Time>,
    pub finished_at: Time,
    pub url: Option<String>,
}
columns!(JobRow {
    system,
    source_id,
    attempt,
    project,
    build,
    name,
    event,
    commit,
    outcome,
    queued_at,
    started_at,
    finished_at,
    url
});

/// A test on a commit on which it was unreliable.
pub struct TestRow {
    pub suite: String,
    pub name: String,
    pub commit: String,
    pub passed: i64,
    pub failed: i64,
    pub failed_before: i64,
}
columns!(TestRow { suite, name, commit, passed, failed, failed_before });
columns!(Covered { repository, commit, measured_at, lines_covered, lines_known });

const MOST: i64 = 50_000;
const MOST_TESTS: i64 = 1_000;

impl Read {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, reach: &Reach, since: Time, tests_since: Time) -> Result<Read> {
        let (workspace, ids, projects) = (tx.workspace(), reach.ids(), reach.projects(tx).await?);
        Ok(Read {
            builds: ended(tx, reach, since).await?,
            jobs: tx.all(jobs(), args![workspace, ids, projects, since, MOST]).await?,
            tests: tx.all(tests(), args![workspace, ids, tests_since, MOST_TESTS]).await?,
            coverage: tx.all(coverage(), args![workspace, ids, tests_since]).await?,
            annotations: annotation::within(tx, team, tests_since, tx.now()).await?,
        })
    }
}

/// Builds that succeeded or failed since an instant, the last first.
pub async fn ended(tx: &mut Tx<'_>, reach: &Reach, since: Time) -> Result<Vec<BuildRow>> {
    let (workspace, ids, projects) = (tx.workspace(), reach.ids(), reach.projects(tx).await?);
    tx.all(builds(), args![workspace, ids, projects, since, MOST]).await
}

/// What belongs to one of the repositories, or to none and to one of the projects.
const WITHIN: &str = "(b.repository_id in (select value from json_each(cast($2 as text)))
    or b.repository_id is null and b.project in (select value from json_each(cast($3 as text))))";

/// The checks of one application on one commit say again what its runs say.
fn builds() -> Sql {
    sql!(
        "select b.system, b.source_id, b.attempt, b.project, b.name, coalesce(b.event, p.event) as event,
                coalesce(b.commit_hash, p.commit_hash) as \"commit\", b.outcome, b.started_at, b.finished_at, b.url
           from builds b
           left join builds p on p.workspace_id = b.workspace_id and p.system = b.system and p.source_id = b.parent_id
                and p.attempt = 1
          where b.workspace_id = $1 and b.finished_at >= $4 and b.outcome in ('succeeded', 'failed')
            and coalesce(b.event, '') <> 'check_suite' and ",
        WITHIN,
        " order by b.finished_at desc, b.system, b.source_id, b.attempt limit $5"
    )
}

fn jobs() -> Sql {
    sql!(
        "select b.system, b.source_id, b.attempt, b.project, r.name as build, b.name, r.event,
                coalesce(b.commit_hash, r.commit_hash, p.commit_hash) as \"commit\", b.outcome, b.queued_at, b.started_at, b.finished_at, r.url
           from build_jobs b
           left join builds r on r.workspace_id = b.workspace_id and r.system = b.system and r.source_id = b.build_id
                and r.attempt = (select max(l.attempt) from builds l where l.workspace_id = b.workspace_id
                                    and l.system = b.system and l.source_id = b.build_id)
           left join builds p on p.workspace_id = r.workspace_id and p.system = r.system and p.source_id = r.parent_id
                and p.attempt = 1
          where b.workspace_id = $1 and b.finished_at >= $4 and b.outcome in ('succeeded', 'failed') and ",
        WITHIN,
        " order by b.finished_at desc, b.system, b.source_id, b.attempt limit $5"
    )
}

fn tests() -> Sql {
    sql!(
        "select t.suite, t.name, r.commit_hash as \"commit\", count(*) filter (where t.outcome = 'passed') as passed,
                count(*) filter (where t.outcome in ('failed', 'errored')) as failed,
                cast(sum(case when t.outcome = 'passed' then t.failed_before else 0 end) as bigint) as failed_before
           from test_runs r join test_results t on t.workspace_id = r.workspace_id and t.run_id = r.source_id
          where r.workspace_id = $1 and r.repository_id in (select value from json_each(cast($2 as text)))
            and r.commit_hash is not null and coalesce(r.ran_at, $3) >= $3
          group by r.repository_id, r.commit_hash, t.suite, t.name
         having count(*) filter (where t.outcome = 'passed') > 0
            and (count(*) filter (where t.outcome in ('failed', 'errored')) > 0
                 or sum(case when t.outcome = 'passed' then t.failed_before else 0 end) > 0)
          order by 5 desc, 6 desc, 1, 2, 3 limit $4"
    )
}

/// Several reports of one commit are parts of a whole.
fn coverage() -> Sql {
    sql!(
        "select p.name as repository, c.commit_hash as \"commit\", max(c.measured_at) as measured_at,
                cast(sum(c.lines_covered) as bigint) as lines_covered, cast(sum(c.lines_known) as bigint) as lines_known
           from coverage_reports c join repositories p on p.workspace_id = c.workspace_id and p.id = c.repository_id
          where c.workspace_id = $1 and c.repository_id in (select value from json_each(cast($2 as text)))
            and c.measured_at >= $3
          group by p.id, p.name, coalesce(c.commit_hash, c.source_id), c.commit_hash
         having sum(c.lines_known) > 0 order by 3, 1, 2"
    )
}
