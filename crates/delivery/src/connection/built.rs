//! What systems tell that only build: to which repository it belongs, and the results of tests.
use super::{
    Row, Service,
    plan::{Answered, build},
};
use crate::{
    pipeline::{ImportPipelines, ImportedTest, ImportedTests},
    pull::same_place,
    repository::Repository,
    source::Told,
};
use kernel::{Error, Id, Json, Operation, Result, Time, Tx, args, columns, sql};
use pipelines::{Record, TestRun};
use std::collections::BTreeSet;

/// Results that are stored at once.
const BUNCH: usize = 1_000;

/// A build that was told of before.
struct Known {
    source_id: String,
    repository_id: Option<Id<Repository>>,
    commit_hash: Option<String>,
    started_at: Option<Time>,
}
columns!(Known { source_id, repository_id, commit_hash, started_at });

pub(super) async fn store(tx: &mut Tx<'_>, row: &Row, answered: &Answered<'_>, mut told: Told) -> Result<()> {
    let build = match build(answered.address).filter(|_| row.system == Service::Jenkins) {
        Some(id) => known(tx, row, &id).await?,
        None => None,
    };
    let home = match row.repository_id.or(build.as_ref().and_then(|build| build.repository_id)) {
        Some(repository) => Some(repository),
        None => named(tx, answered.documents).await?,
    };
    let mut tests = TestRun::default();
    told.builds.retain(|record| match record {
        Record::Tests(run) => {
            tests.cases.extend(run.cases.iter().cloned());
            tests.seconds += run.seconds;
            false
        }
        _ => true,
    });
    if let Some(build) = build {
        results(tx, row, home, build, &tests).await?;
    }
    told.store(tx, row.system.system(), home, None).await
}

async fn known(tx: &mut Tx<'_>, row: &Row, id: &str) -> Result<Option<Known>> {
    let select = sql!(
        "select source_id, repository_id, commit_hash, started_at from builds
          where workspace_id = $1 and system = $2 and source_id = $3 and attempt = 1"
    );
    tx.find(select, args![tx.workspace(), row.system, id]).await
}

/// The repository that was checked out, if that is one that is known here and no more than one.
async fn named(tx: &mut Tx<'_>, documents: &[Json]) -> Result<Option<Id<Repository>>> {
    let builds = documents.iter().flat_map(|one| one["allBuilds"].as_array().into_iter().flatten().chain([one]));
    let actions = builds.filter_map(|build| build["actions"].as_array()).flatten();
    let remotes = actions.filter_map(|action| action["remoteUrls"].as_array()).flatten().filter_map(Json::as_str);
    let places: BTreeSet<String> = remotes.map(same_place).collect();
    if places.is_empty() {
        return Ok(None);
    }
    let select = sql!("select id, location from repositories where workspace_id = $1");
    let all: Vec<(Id<Repository>, String)> = tx.all(select, args![tx.workspace()]).await?;
    let mut found = all.into_iter().filter(|(_, location)| places.contains(&same_place(location)));
    Ok(match (found.next(), found.next()) {
        (Some((repository, _)), None) => Some(repository),
        _ => None,
    })
}

/// The results of a build are one run of tests.
async fn results(
    tx: &mut Tx<'_>,
    row: &Row,
    repository: Option<Id<Repository>>,
    build: Known,
    run: &TestRun,
) -> Result<()> {
    let system = row.system.word();
    for (number, piece) in run.cases.chunks(BUNCH).enumerate() {
        let tests = ImportedTests {
            id: format!("{system} {}", build.source_id),
            commit: build.commit_hash.clone(),
            // Suites tell local times of a machine that nobody knows.
            ran_at: build.started_at,
            seconds: run.seconds,
            results: piece.iter().map(ImportedTest::from).collect(),
            from: (number * BUNCH) as i64,
        };
        let word = system.to_owned().try_into().map_err(|sentence: String| Error::invalid("system", sentence))?;
        let import = ImportPipelines { repository, tests: vec![tests], ..ImportPipelines::of(word) };
        import.run(tx, (None, false)).await?;
    }
    Ok(())
}
