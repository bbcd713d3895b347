//! Test results and coverage, out of files of any name.
use super::{histories::count, sources::repository};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::{
    pipeline::{ImportPipelines, ImportedCoverage, ImportedTest, ImportedTests},
    repository::Repository,
};
use intake::{File, Limits, Report, files};
use kernel::{Clock, Error, Id, Result, Time};
use pipelines::{TestRun, coverage, junit};
use sha2::{Digest, Sha256};
use std::{path::PathBuf, process::ExitCode};

const FORMATS: [(&str, &str); 2] = [
    ("junit", "Read test results as JUnit XML, or those of NUnit and xUnit.net"),
    ("coverage", "Read coverage as LCOV, Cobertura, JaCoCo or Clover"),
];

/// So many results are stored in one transaction.
const BUNCH: usize = 1_000;

pub fn cli() -> impl Iterator<Item = Command> {
    FORMATS.into_iter().map(|(name, about)| {
        let paths = Arg::new("files").required(true).num_args(1..).value_name("FILES");
        let paths = paths.help("Files and folders; gzip is unpacked");
        let repository = Arg::new("repository").long("repository").value_name("NAME");
        let repository = repository.help("The repository that they are of; without it they are on no page");
        let commit =
            Arg::new("commit").long("commit").value_name("HASH").help("The commit that was tested or measured");
        let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write the report as JSON");
        Command::new(name).about(about).args([paths, repository, commit, json])
    })
}

/// Whether the word of a command belongs here.
pub fn knows(name: &str) -> bool {
    FORMATS.iter().any(|(known, _)| *known == name)
}

/// `cairn import junit FILES…` and `cairn import coverage FILES…`
pub async fn import(config: &Config, name: &str, given: &ArgMatches) -> Result<ExitCode> {
    let paths: Vec<PathBuf> = given.get_many::<String>("files").into_iter().flatten().map(PathBuf::from).collect();
    let found = files(&paths, &Limits::default()).map_err(told)?;
    let world = World::open(config, Clock::default()).await?;
    let repository = match given.get_one::<String>("repository") {
        Some(name) => Some(repository(&world, name).await?),
        None => None,
    };
    let results = Results { world: &world, repository, commit: given.get_one::<String>("commit").cloned() };
    let (mut report, mut problems, mut taken) = (Report::default(), Vec::new(), 0);
    for path in found {
        let read = match name {
            "junit" => results.tests(&path).await,
            _ => results.coverage(&path).await,
        };
        match read {
            Ok((told, records)) => {
                report.merge(told);
                taken += records;
            }
            // A file that cannot be read does not keep the others out.
            Err(Error::Invalid(flaws)) => problems.extend(flaws.into_iter().map(|flaw| flaw.sentence)),
            Err(error) => return Err(error),
        }
    }
    match given.get_flag("json") {
        true => println!("{}", serde_json::to_string_pretty(&report).map_err(Error::internal)?),
        false => println!("{} records from {}.\n{report}", taken, count(report.files, "file")),
    }
    problems.iter().for_each(|sentence| eprintln!("{sentence}"));
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(error: intake::Error) -> Error {
    Error::invalid("file", error.to_string())
}

/// Stores results of a repository and a commit.
pub(super) struct Results<'w> {
    pub world: &'w World,
    pub repository: Option<Id<Repository>>,
    pub commit: Option<String>,
}

impl Results<'_> {
    async fn tests(&self, path: &std::path::Path) -> Result<(Report, usize)> {
        let file = File::read(path, &Limits::default()).map_err(told)?;
        let (run, report) = junit::read(&file).map_err(told)?;
        Ok((report, self.run(run, Some(&file)).await?))
    }

    /// Stores the results of a file in pieces, and says how many records that made. The same results of the same commit
    /// are the same run.
    pub async fn run(&self, run: TestRun, file: Option<&File>) -> Result<usize> {
        let cases = || format!("{:?}", run.cases).into_bytes();
        let id = self.id(&file.map_or_else(cases, |file| file.bytes.clone()));
        let (ran_at, mut from, mut taken) = (run.started_at.map(Time::from), 0, 0);
        for piece in run.cases.chunks(BUNCH) {
            let tests = ImportedTests {
                id: id.clone(),
                commit: self.commit.clone(),
                ran_at,
                seconds: run.seconds,
                results: piece.iter().map(ImportedTest::from).collect(),
                from,
            };
            from += piece.len() as i64;
            let mut import = self.none()?;
            import.tests.push(tests);
            taken += self.world.app.call(&self.world.system(), import).await?.records;
        }
        Ok(taken)
    }

    async fn coverage(&self, path: &std::path::Path) -> Result<(Report, usize)> {
        let file = File::read(path, &Limits::default()).map_err(told)?;
        let (found, report) = coverage::read(&file).map_err(told)?;
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let mut import = self.none()?;
        import.coverage.push(ImportedCoverage {
            id: self.id(&file.bytes),
            commit: self.commit.clone(),
            measured_at: found.measured_at.map(Time::from),
            format: found.format.into(),
            lines_covered: whole(found.lines.covered),
            lines_known: whole(found.lines.of),
            branches_covered: whole(found.branches.covered),
            branches_known: whole(found.branches.of),
        });
        Ok((report, self.world.app.call(&self.world.system(), import).await?.records))
    }

    fn id(&self, bytes: &[u8]) -> String {
        let commit = self.commit.clone().unwrap_or_default();
        let repository = self.repository.map(|id| id.to_string()).unwrap_or_default();
        format!("{:x}", Sha256::new().chain_update(repository).chain_update(commit).chain_update(bytes).finalize())
    }

    fn none(&self) -> Result<ImportPipelines> {
        let word = "files".to_owned().try_into().map_err(|sentence: String| Error::invalid("system", sentence))?;
        Ok(ImportPipelines { repository: self.repository, ..ImportPipelines::of(word) })
    }
}
