//! Rows by the id of their source. What was told of the same id adds up so that the order does not matter: the newest
//! word counts, of each time the earliest, and of a text that differs the greater. What belongs to one repository or team
//! is not changed on behalf of another.
use super::{ImportPipelines, ImportedCoverage, ImportedTests};
use crate::{
    repository::Repository,
    revision::{self, Facts},
};
use kernel::{Error, Id, Result, Team, Time, Tx, args, list, sql};
use pipelines::{Deployment, Incident, Outcome};

/// Assignments of an upsert: the columns that go with the newest word, which is `as_of`, then `rank`, then `said`.
macro_rules! newest {
    ($table:literal: $($column:literal)+) => { concat!($(
        $column, " = case when (excluded.as_of, excluded.rank, excluded.said) >= (", $table, ".as_of, ", $table, ".rank, ",
        $table, ".said) then excluded.", $column, " else ", $table, ".", $column, " end, "
    ),+) };
}

/// The earliest of the times that were told.
macro_rules! earliest {
    ($table:literal: $($column:literal)+) => { concat!($(
        $column, " = case when excluded.", $column, " < ", $table, ".", $column, " then excluded.", $column,
        " else coalesce(", $table, ".", $column, ", excluded.", $column, ") end, "
    ),+) };
}

/// What is there stays; where two words differ, the greater.
macro_rules! greatest {
    ($table:literal: $($column:literal)+) => { concat!($(
        $column, " = case when excluded.", $column, " > ", $table, ".", $column, " then excluded.", $column,
        " else coalesce(", $table, ".", $column, ", excluded.", $column, ") end, "
    ),+) };
}

/// The repository, which once known is not changed on behalf of another.
macro_rules! of_one_repository {
    ($table:literal) => {
        concat!(
            "repository_id = coalesce(excluded.repository_id, ",
            $table,
            ".repository_id)
             where ",
            $table,
            ".repository_id is null or excluded.repository_id is null
                or ",
            $table,
            ".repository_id = excluded.repository_id"
        )
    };
}

/// A text that both engines store, of so many characters.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

fn short(text: &Option<String>) -> Option<String> {
    text.as_deref().map(|text| plain(text, 300))
}

fn time(told: Option<jiff::Timestamp>) -> Option<Time> {
    told.map(Time::from)
}

fn as_of(told: Option<jiff::Timestamp>) -> Time {
    time(told).unwrap_or(Time(0))
}

/// Of two words of the same moment the one that is further counts.
fn rank(outcome: Outcome) -> i64 {
    match outcome {
        Outcome::Waiting => 0,
        Outcome::Running => 1,
        _ => 2,
    }
}

/// Whether one of these belongs to no repository yet, which its table says. Teams see it by its project, and may lose it.
macro_rules! was_of_none {
    ($table:literal) => {
        sql!(concat!(
            "select 1 from ",
            $table,
            " where workspace_id = $1 and system = $2 and repository_id is null
                and source_id in (select value from json_each(cast($3 as text))) limit 1"
        ))
    };
}

/// The subjects whose facts change with what was told on behalf of a repository or of none.
fn subjects(facts: Facts, repository: Option<Id<Repository>>, was_of_none: bool) -> Vec<String> {
    let of_all = (was_of_none || repository.is_none()).then(|| facts.of_all());
    repository.map(|repository| facts.of(repository)).into_iter().chain(of_all).collect()
}

pub async fn pipelines(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into pipelines (workspace_id, system, source_id, project, name, repository_id) values ($1, $2, $3, $4, $5, $6)
         on conflict (workspace_id, system, source_id) do update set ",
        greatest!("pipelines": "project" "name"), of_one_repository!("pipelines")
    );
    let workspace = tx.workspace();
    for one in &import.pipelines {
        let [id, project, name] = [&one.id, &one.project, &one.name].map(|text| plain(text, 300));
        tx.run(insert, args![workspace, import.system, id, project, name, import.repository]).await?;
    }
    Ok(())
}

pub async fn builds(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into builds (workspace_id, system, source_id, attempt, repository_id, project, pipeline_id, parent_id, name,
                             number, commit_hash, branch, event, outcome, said, rank, queued_at, started_at, finished_at,
                             as_of, url)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
         on conflict (workspace_id, system, source_id, attempt) do update set ",
        newest!("builds": "name" "outcome" "said" "rank" "as_of"),
        greatest!("builds": "project" "pipeline_id" "parent_id" "number" "commit_hash" "branch" "event" "url"),
        earliest!("builds": "queued_at" "started_at" "finished_at"), of_one_repository!("builds")
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
                one.outcome.word(),
                plain(&one.said, 60),
                rank(one.outcome),
                time(one.queued_at),
                time(one.started_at),
                time(one.finished_at),
                as_of(one.as_of),
                short(&one.url)
            ],
        )
        .await?;
    }
    match import.builds.is_empty() {
        true => Ok(()),
        false => revision::changed(tx, &[Facts::Builds.of_all()]).await,
    }
}

pub async fn jobs(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into build_jobs (workspace_id, system, source_id, attempt, repository_id, project, build_id, name, commit_hash,
                                 outcome, said, rank, may_fail, queued_at, started_at, finished_at, as_of, steps)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         on conflict (workspace_id, system, source_id, attempt) do update set ",
        newest!("build_jobs": "outcome" "said" "rank" "steps" "as_of"),
        greatest!("build_jobs": "project" "build_id" "commit_hash"),
        earliest!("build_jobs": "queued_at" "started_at" "finished_at"), of_one_repository!("build_jobs")
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
                one.outcome.word(),
                plain(&one.said, 60),
                rank(one.outcome),
                one.may_fail,
                time(one.queued_at),
                time(one.started_at),
                time(one.finished_at),
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
    all: &[Deployment],
) -> Result<()> {
    let insert = sql!(
        "insert into deployments (workspace_id, system, source_id, repository_id, project, environment, production, commit_hash,
                                  reference, outcome, said, rank, created_at, started_at, finished_at, as_of, url)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
         on conflict (workspace_id, system, source_id) do update set ",
        newest!("deployments": "outcome" "said" "rank" "as_of"),
        greatest!("deployments": "project" "environment" "production" "commit_hash" "reference" "url"),
        earliest!("deployments": "created_at" "started_at" "finished_at"), of_one_repository!("deployments")
    );
    if all.is_empty() {
        return Ok(());
    }
    let workspace = tx.workspace();
    let ids = list(all.iter().map(|one| plain(&one.id, 300)));
    let was_of_none = tx.exists(was_of_none!("deployments"), args![workspace, system, ids]).await?;
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
                one.outcome.word(),
                plain(&one.said, 60),
                rank(one.outcome),
                time(one.created_at),
                time(one.started_at),
                time(one.finished_at),
                as_of(one.as_of),
                short(&one.url)
            ],
        )
        .await?;
    }
    revision::changed(tx, &subjects(Facts::Deployments, repository, was_of_none)).await
}

pub async fn releases(tx: &mut Tx<'_>, import: &ImportPipelines) -> Result<()> {
    let insert = sql!(
        "insert into releases (workspace_id, system, source_id, repository_id, project, tag, name, commit_hash, published_at,
                               prerelease, draft)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (workspace_id, system, source_id) do update set ",
        greatest!("releases": "name" "commit_hash"),
        earliest!("releases": "published_at"),
        // A draft becomes public, and a trial a release; never the other way round.
        "prerelease = excluded.prerelease and releases.prerelease, draft = excluded.draft and releases.draft, ",
        of_one_repository!("releases")
    );
    if import.releases.is_empty() {
        return Ok(());
    }
    let workspace = tx.workspace();
    let ids = list(import.releases.iter().map(|one| plain(&one.id, 300)));
    let was_of_none = tx.exists(was_of_none!("releases"), args![workspace, import.system, ids]).await?;
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
                time(one.published_at),
                one.prerelease,
                one.draft
            ],
        )
        .await?;
    }
    revision::changed(tx, &subjects(Facts::Releases, import.repository, was_of_none)).await
}

pub async fn incidents(
    tx: &mut Tx<'_>,
    system: &str,
    repository: Option<Id<Repository>>,
    team: Option<Id<Team>>,
    all: &[Incident],
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
                Time::from(one.opened_at),
                time(one.acknowledged_at),
                time(one.resolved_at),
                Time::from(one.as_of),
                short(&one.url)
            ],
        )
        .await?;
    }
    match all.is_empty() {
        true => Ok(()),
        false => revision::changed(tx, &[Facts::Incidents.of_all()]).await,
    }
}

pub async fn tests(tx: &mut Tx<'_>, repository: Option<Id<Repository>>, files: &[ImportedTests]) -> Result<()> {
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

pub async fn coverage(tx: &mut Tx<'_>, repository: Option<Id<Repository>>, all: &[ImportedCoverage]) -> Result<()> {
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
