//! Rows by the id of their source. What was told of the same id adds up so that the order does not matter: the newest
//! word counts, texts that it lacks stay, and of each time the earliest counts. What belongs to one repository or team is
//! not changed on behalf of another.
use super::{ImportPipelines, ImportedCoverage, ImportedDeployment, ImportedIncident, ImportedTests};
use crate::repository::Repository;
use kernel::{Error, Id, Result, Team, Time, Tx, args, sql};

/// A text that both engines store, of so many characters.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

fn short(text: &Option<String>) -> Option<String> {
    text.as_deref().map(|text| plain(text, 300))
}

fn as_of(told: Option<Time>) -> Time {
    told.unwrap_or(Time(0))
}

pub async fn pipelines(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into pipelines (workspace_id, system, source_id, project, name, repository_id) values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, system, source_id) do update set
            project = excluded.project, name = excluded.name,
            repository_id = coalesce(excluded.repository_id, pipelines.repository_id)"
    );
    let workspace = tx.workspace();
    for one in &import.pipelines {
        let [id, project, name] = [&one.id, &one.project, &one.name].map(|text| plain(text, 300));
        tx.run(insert, args![workspace, import.system, id, project, name, import.repository]).await?;
    }
    Ok(())
}

pub async fn builds(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    const NEWER: &str = "(excluded.as_of, excluded.rank, excluded.said) >= (builds.as_of, builds.rank, builds.said)";
    let insert = sql!(
        "insert into builds (workspace_id, system, source_id, attempt, repository_id, project, pipeline_id, parent_id, name,
                             number, commit_hash, branch, event, outcome, said, rank, queued_at, started_at, finished_at,
                             as_of, url)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
         on conflict (workspace_id, system, source_id, attempt) do update set
            repository_id = coalesce(excluded.repository_id, builds.repository_id),
            pipeline_id = coalesce(excluded.pipeline_id, builds.pipeline_id),
            parent_id = coalesce(excluded.parent_id, builds.parent_id),
            name = case when ", NEWER, " then excluded.name else builds.name end,
            number = coalesce(excluded.number, builds.number),
            commit_hash = coalesce(excluded.commit_hash, builds.commit_hash),
            branch = coalesce(excluded.branch, builds.branch),
            event = coalesce(excluded.event, builds.event),
            url = coalesce(excluded.url, builds.url),
            outcome = case when ", NEWER, " then excluded.outcome else builds.outcome end,
            said = case when ", NEWER, " then excluded.said else builds.said end,
            rank = case when ", NEWER, " then excluded.rank else builds.rank end,
            as_of = case when ", NEWER, " then excluded.as_of else builds.as_of end,
            queued_at = case when excluded.queued_at < builds.queued_at then excluded.queued_at
                             else coalesce(builds.queued_at, excluded.queued_at) end,
            started_at = case when excluded.started_at < builds.started_at then excluded.started_at
                              else coalesce(builds.started_at, excluded.started_at) end,
            finished_at = case when excluded.finished_at < builds.finished_at then excluded.finished_at
                               else coalesce(builds.finished_at, excluded.finished_at) end
         where builds.repository_id is null or excluded.repository_id is null
            or builds.repository_id = excluded.repository_id"
    );
    let workspace = tx.workspace();
    for one in &import.builds {
        tx.run(
            insert,
            args![
                workspace,
                import.system,
                plain(&one.id, 300),
                one.attempt,
                import.repository,
                plain(&one.project, 300),
                short(&one.pipeline),
                short(&one.parent),
                plain(&one.name, 300),
                one.number,
                short(&one.commit),
                short(&one.branch),
                short(&one.event),
                one.outcome,
                plain(&one.said, 60),
                one.outcome.rank(),
                one.queued_at,
                one.started_at,
                one.finished_at,
                as_of(one.as_of),
                short(&one.url)
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn jobs(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    const NEWER: &str =
        "(excluded.as_of, excluded.rank, excluded.said) >= (build_jobs.as_of, build_jobs.rank, build_jobs.said)";
    let insert = sql!(
        "insert into build_jobs (workspace_id, system, source_id, attempt, repository_id, project, build_id, name, commit_hash,
                                 outcome, said, rank, may_fail, queued_at, started_at, finished_at, as_of, steps)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         on conflict (workspace_id, system, source_id, attempt) do update set
            repository_id = coalesce(excluded.repository_id, build_jobs.repository_id),
            build_id = coalesce(excluded.build_id, build_jobs.build_id),
            commit_hash = coalesce(excluded.commit_hash, build_jobs.commit_hash),
            outcome = case when ", NEWER, " then excluded.outcome else build_jobs.outcome end,
            said = case when ", NEWER, " then excluded.said else build_jobs.said end,
            rank = case when ", NEWER, " then excluded.rank else build_jobs.rank end,
            steps = case when ", NEWER, " then excluded.steps else build_jobs.steps end,
            as_of = case when ", NEWER, " then excluded.as_of else build_jobs.as_of end,
            queued_at = case when excluded.queued_at < build_jobs.queued_at then excluded.queued_at
                             else coalesce(build_jobs.queued_at, excluded.queued_at) end,
            started_at = case when excluded.started_at < build_jobs.started_at then excluded.started_at
                              else coalesce(build_jobs.started_at, excluded.started_at) end,
            finished_at = case when excluded.finished_at < build_jobs.finished_at then excluded.finished_at
                               else coalesce(build_jobs.finished_at, excluded.finished_at) end
         where build_jobs.repository_id is null or excluded.repository_id is null
            or build_jobs.repository_id = excluded.repository_id"
    );
    let workspace = tx.workspace();
    for one in &import.jobs {
        let steps = serde_json::to_string(&one.steps).map_err(Error::internal)?;
        tx.run(
            insert,
            args![
                workspace,
                import.system,
                plain(&one.id, 300),
                one.attempt,
                import.repository,
                plain(&one.project, 300),
                short(&one.build),
                plain(&one.name, 300),
                short(&one.commit),
                one.outcome,
                plain(&one.said, 60),
                one.outcome.rank(),
                one.may_fail,
                one.queued_at,
                one.started_at,
                one.finished_at,
                as_of(one.as_of),
                steps.replace("\\u0000", "")
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn deployments(
    tx: &mut Tx<'_>,
    system: &str,
    repository: Option<Id<Repository>>,
    all: &[ImportedDeployment],
) -> Result<()> {
    const NEWER: &str =
        "(excluded.as_of, excluded.rank, excluded.said) >= (deployments.as_of, deployments.rank, deployments.said)";
    let insert = sql!(
        "insert into deployments (workspace_id, system, source_id, repository_id, project, environment, production, commit_hash,
                                  reference, outcome, said, rank, created_at, started_at, finished_at, as_of, url)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict (workspace_id, system, source_id) do update set
            repository_id = coalesce(excluded.repository_id, deployments.repository_id),
            environment = coalesce(excluded.environment, deployments.environment),
            production = coalesce(excluded.production, deployments.production),
            commit_hash = coalesce(excluded.commit_hash, deployments.commit_hash),
            reference = coalesce(excluded.reference, deployments.reference),
            url = coalesce(excluded.url, deployments.url),
            outcome = case when ", NEWER, " then excluded.outcome else deployments.outcome end,
            said = case when ", NEWER, " then excluded.said else deployments.said end,
            rank = case when ", NEWER, " then excluded.rank else deployments.rank end,
            as_of = case when ", NEWER, " then excluded.as_of else deployments.as_of end,
            created_at = case when excluded.created_at < deployments.created_at then excluded.created_at
                              else coalesce(deployments.created_at, excluded.created_at) end,
            started_at = case when excluded.started_at < deployments.started_at then excluded.started_at
                              else coalesce(deployments.started_at, excluded.started_at) end,
            finished_at = case when excluded.finished_at < deployments.finished_at then excluded.finished_at
                               else coalesce(deployments.finished_at, excluded.finished_at) end
         where deployments.repository_id is null or excluded.repository_id is null
            or deployments.repository_id = excluded.repository_id"
    );
    let workspace = tx.workspace();
    for one in all {
        tx.run(
            insert,
            args![
                workspace,
                system,
                plain(&one.id, 300),
                repository,
                plain(&one.project, 300),
                short(&one.environment),
                one.production,
                short(&one.commit),
                short(&one.reference),
                one.outcome,
                plain(&one.said, 60),
                one.outcome.rank(),
                one.created_at,
                one.started_at,
                one.finished_at,
                as_of(one.as_of),
                short(&one.url)
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn releases(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into releases (workspace_id, system, source_id, repository_id, project, tag, name, commit_hash, published_at,
                               prerelease, draft)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (workspace_id, system, source_id) do update set
            repository_id = coalesce(excluded.repository_id, releases.repository_id),
            name = coalesce(excluded.name, releases.name),
            commit_hash = coalesce(excluded.commit_hash, releases.commit_hash),
            published_at = coalesce(excluded.published_at, releases.published_at),
            prerelease = excluded.prerelease, draft = excluded.draft
         where releases.repository_id is null or excluded.repository_id is null
            or releases.repository_id = excluded.repository_id"
    );
    let workspace = tx.workspace();
    for one in &import.releases {
        tx.run(
            insert,
            args![
                workspace,
                import.system,
                plain(&one.id, 300),
                import.repository,
                plain(&one.project, 300),
                plain(&one.tag, 300),
                short(&one.name),
                short(&one.commit),
                one.published_at,
                one.prerelease,
                one.draft
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn incidents(
    tx: &mut Tx<'_>,
    system: &str,
    repository: Option<Id<Repository>>,
    team: Option<Id<Team>>,
    all: &[ImportedIncident],
) -> Result<()> {
    const NEWER: &str = "(excluded.as_of, excluded.said) >= (incidents.as_of, incidents.said)";
    let insert = sql!(
        "insert into incidents (workspace_id, system, source_id, repository_id, team_id, number, title, service, severity, said,
                                opened_at, acknowledged_at, resolved_at, as_of, url)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         on conflict (workspace_id, system, source_id) do update set
            repository_id = coalesce(excluded.repository_id, incidents.repository_id),
            team_id = coalesce(excluded.team_id, incidents.team_id),
            number = coalesce(excluded.number, incidents.number),
            service = coalesce(excluded.service, incidents.service),
            severity = case when ", NEWER, " then coalesce(excluded.severity, incidents.severity) else incidents.severity end,
            url = coalesce(excluded.url, incidents.url),
            title = case when ", NEWER, " then excluded.title else incidents.title end,
            said = case when ", NEWER, " then excluded.said else incidents.said end,
            resolved_at = case when ", NEWER, " then excluded.resolved_at else incidents.resolved_at end,
            as_of = case when ", NEWER, " then excluded.as_of else incidents.as_of end,
            opened_at = case when excluded.opened_at < incidents.opened_at then excluded.opened_at
                             else incidents.opened_at end,
            acknowledged_at = case when excluded.acknowledged_at < incidents.acknowledged_at then excluded.acknowledged_at
                                   else coalesce(incidents.acknowledged_at, excluded.acknowledged_at) end
         where excluded.team_id is null and excluded.repository_id is null
            or excluded.team_id is not distinct from incidents.team_id
            or incidents.team_id is null and incidents.repository_id is not distinct from excluded.repository_id"
    );
    let workspace = tx.workspace();
    for one in all {
        tx.run(
            insert,
            args![
                workspace,
                system,
                plain(&one.id, 300),
                repository,
                team,
                one.number,
                plain(&one.title, 300),
                short(&one.service),
                short(&one.severity),
                plain(&one.said, 60),
                one.opened_at,
                one.acknowledged_at,
                one.resolved_at,
                one.as_of,
                short(&one.url)
            ],
        )
        .await?;
    }
    Ok(())
}

pub async fn tests(tx: &mut Tx<'_>, repository: Id<Repository>, files: &[ImportedTests]) -> Result<()> {
    let run = sql!(
        "insert into test_runs (workspace_id, source_id, repository_id, commit_hash, ran_at, duration)
         values ($1, $2, $3, $4, $5, $6) on conflict (workspace_id, source_id) do nothing"
    );
    let result = sql!(
        "insert into test_results (workspace_id, run_id, number, suite, name, file, outcome, duration, message, failed_before)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (workspace_id, run_id, number) do nothing"
    );
    let workspace = tx.workspace();
    for file in files {
        let id = plain(&file.id, 300);
        tx.run(run, args![workspace, id, repository, short(&file.commit), file.ran_at, microseconds(file.seconds)])
            .await?;
        for (number, one) in (file.from..).zip(&file.results) {
            tx.run(
                result,
                args![
                    workspace,
                    id,
                    number,
                    plain(&one.suite, 300),
                    plain(&one.name, 500),
                    short(&one.file),
                    one.outcome,
                    one.seconds.map(microseconds),
                    one.message.as_deref().map(|text| plain(text, 500)),
                    one.failed_before
                ],
            )
            .await?;
        }
    }
    Ok(())
}

fn microseconds(seconds: f64) -> i64 {
    (seconds.clamp(0.0, 1e9) * 1e6) as i64
}

pub async fn coverage(tx: &mut Tx<'_>, repository: Id<Repository>, all: &[ImportedCoverage]) -> Result<()> {
    let insert = sql!(
        "insert into coverage_reports (workspace_id, source_id, repository_id, commit_hash, measured_at, format, lines_covered,
                                       lines_known, branches_covered, branches_known)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (workspace_id, source_id) do nothing"
    );
    let workspace = tx.workspace();
    for one in all {
        tx.run(
            insert,
            args![
                workspace,
                plain(&one.id, 300),
                repository,
                short(&one.commit),
                one.measured_at,
                one.format,
                one.lines_covered,
                one.lines_known,
                one.branches_covered,
                one.branches_known
            ],
        )
        .await?;
    }
    Ok(())
}
