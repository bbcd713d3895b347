//! What CI and incident systems told, out of files: answers of their API, webhook payloads, test results, coverage.
use super::histories;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::{
    pipeline::{ImportPipelines, ImportedCoverage, ImportedTest, ImportedTests},
    repository::{ListRepositories, Repository},
};
use intake::{File, Limits, Report, files};
use kernel::{Clock, Error, Id, Result, Team, Time};
use pipelines::{Record, System, TestCase, TestRun, coverage, junit};
use sha2::{Digest, Sha256};
use std::{path::PathBuf, process::ExitCode};

/// The word of the command, and the system whose JSON it reads; none for files of results.
const SYSTEMS: [(&str, Option<System>, &str); 8] = [
    ("actions", Some(System::Github), "Read workflow runs, jobs, checks, deployments, releases and tags of GitHub"),
    ("gitlab-ci", Some(System::Gitlab), "Read pipelines, jobs, deployments, releases and tags of GitLab"),
    ("jenkins", Some(System::Jenkins), "Read jobs, builds and stages of Jenkins"),
    ("circleci", Some(System::Circleci), "Read pipelines, workflows and jobs of CircleCI"),
    ("pagerduty", Some(System::Pagerduty), "Read incidents of PagerDuty"),
    ("opsgenie", Some(System::Opsgenie), "Read incidents and alerts of Opsgenie"),
    ("junit", None, "Read test results as JUnit XML"),
    ("coverage", None, "Read coverage as LCOV, Cobertura, JaCoCo or Clover"),
];

/// So many records are stored in one transaction.
const BUNCH: usize = 1_000;

pub fn cli() -> impl Iterator<Item = Command> {
    SYSTEMS.into_iter().map(|(name, _, about)| {
        let paths = Arg::new("files")
            .required(true)
            .num_args(1..)
            .value_name("FILES")
            .help("Files and folders; gzip is unpacked");
        let repository =
            Arg::new("repository").long("repository").value_name("NAME").help("The repository that all of it is of");
        let team = Arg::new("team").long("team").value_name("NAME").help("The team whose incidents these are");
        let commit =
            Arg::new("commit").long("commit").value_name("HASH").help("The commit that was tested or measured");
        let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write the report as JSON");
        Command::new(name).about(about).args([paths, repository, team, commit, json])
    })
}

/// Whether the word of a command belongs here.
pub fn knows(name: &str) -> bool {
    SYSTEMS.iter().any(|(known, ..)| *known == name)
}

/// `cairn import actions FILES…` and its like.
pub async fn import(config: &Config, name: &str, given: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let repository = match given.get_one::<String>("repository") {
        Some(name) => Some(repository(&world, name).await?),
        None => None,
    };
    let team = match given.get_one::<String>("team") {
        Some(name) => Some(histories::team(&world, name).await?),
        None => None,
    };
    let system = SYSTEMS.iter().find(|(known, ..)| *known == name).and_then(|(_, system, _)| *system);
    let word = match system {
        Some(system) => system.word().to_owned(),
        None => name.to_owned(),
    };
    let commit = given.get_one::<String>("commit").cloned();
    let mut import =
        Import { world: &world, word, repository, team, commit, waiting: None, taken: 0, report: Report::default() };
    let paths: Vec<PathBuf> = given.get_many::<String>("files").into_iter().flatten().map(PathBuf::from).collect();
    let limits = Limits::default();
    for path in files(&paths, &limits).map_err(told)? {
        let file = File::read(&path, &limits).map_err(told)?;
        match (system, name) {
            (Some(system), _) => import.records(system, &file, &limits).await?,
            (None, "junit") => import.tests(&file).await?,
            (None, _) => import.coverage(&file).await?,
        }
    }
    import.send().await?;
    match given.get_flag("json") {
        true => println!("{}", serde_json::to_string_pretty(&import.report).map_err(Error::internal)?),
        false => println!("{} records from {} files.\n{}", import.taken, import.report.files, import.report),
    }
    Ok(ExitCode::SUCCESS)
}

fn told(error: intake::Error) -> Error {
    Error::invalid("file", error.to_string())
}

async fn repository(world: &World, name: &str) -> Result<Id<Repository>> {
    let all = world.app.call(&world.system(), ListRepositories::default()).await?;
    let same = |one: &&Repository| {
        one.name.to_lowercase() == name.to_lowercase() || one.id.to_string() == name || one.location == name
    };
    let found = all.iter().find(same).map(|one| one.id);
    found.ok_or_else(|| {
        Error::invalid("repository", format!("No repository here is called {name}. Import its history first."))
    })
}

struct Import<'w> {
    world: &'w World,
    word: String,
    repository: Option<Id<Repository>>,
    team: Option<Id<Team>>,
    commit: Option<String>,
    waiting: Option<ImportPipelines>,
    taken: usize,
    report: Report,
}

impl Import<'_> {
    async fn records(&mut self, system: System, file: &File, limits: &Limits) -> Result<()> {
        let harvest = pipelines::read(system, file, limits).map_err(told)?;
        self.report.merge(harvest.report);
        let mut loose = TestRun::default();
        for record in harvest.records {
            match record {
                Record::Tests(run) => loose.cases.extend(run.cases),
                record => {
                    self.waiting()?.take(record);
                    self.send_if_many().await?;
                }
            }
        }
        if !loose.cases.is_empty() {
            self.run(file, loose).await?;
        }
        Ok(())
    }

    async fn tests(&mut self, file: &File) -> Result<()> {
        let (run, report) = junit::read(file).map_err(told)?;
        self.report.merge(report);
        self.run(file, run).await
    }

    /// The results of a file, in pieces.
    async fn run(&mut self, file: &File, run: TestRun) -> Result<()> {
        let (id, ran_at) = (self.id(file), run.started_at.map(Time::from));
        let mut from = 0;
        for piece in run.cases.chunks(BUNCH) {
            let tests = ImportedTests {
                id: id.clone(),
                commit: self.commit.clone(),
                ran_at,
                seconds: run.seconds,
                results: piece.iter().map(result).collect(),
                from,
            };
            from += piece.len() as i64;
            self.send().await?;
            self.waiting()?.tests.push(tests);
        }
        self.send().await
    }

    async fn coverage(&mut self, file: &File) -> Result<()> {
        let (found, report) = coverage::read(file).map_err(told)?;
        self.report.merge(report);
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let imported = ImportedCoverage {
            id: self.id(file),
            commit: self.commit.clone(),
            measured_at: found.measured_at.map(Time::from),
            format: found.format.into(),
            lines_covered: whole(found.lines.covered),
            lines_known: whole(found.lines.of),
            branches_covered: whole(found.branches.covered),
            branches_known: whole(found.branches.of),
        };
        self.waiting()?.coverage.push(imported);
        self.send_if_many().await
    }

    /// The same file of the same commit is the same.
    fn id(&self, file: &File) -> String {
        let commit = self.commit.clone().unwrap_or_default();
        let repository = self.repository.map(|id| id.to_string()).unwrap_or_default();
        format!(
            "{:x}",
            Sha256::new().chain_update(repository).chain_update(commit).chain_update(&file.bytes).finalize()
        )
    }

    fn waiting(&mut self) -> Result<&mut ImportPipelines> {
        if self.waiting.is_none() {
            let word = self.word.clone().try_into().map_err(|sentence: String| Error::invalid("system", sentence))?;
            let empty = ImportPipelines { repository: self.repository, team: self.team, ..ImportPipelines::of(word) };
            self.waiting = Some(empty);
        }
        self.waiting.as_mut().ok_or(Error::NotFound)
    }

    async fn send_if_many(&mut self) -> Result<()> {
        match self.waiting.as_ref().is_some_and(|waiting| waiting.len() >= BUNCH) {
            true => self.send().await,
            false => Ok(()),
        }
    }

    async fn send(&mut self) -> Result<()> {
        if let Some(import) = self.waiting.take() {
            self.taken += self.world.app.call(&self.world.system(), import).await?.records;
        }
        Ok(())
    }
}

fn result(case: &TestCase) -> ImportedTest {
    let name = if case.class.is_empty() { case.name.clone() } else { format!("{} › {}", case.class, case.name) };
    ImportedTest {
        suite: case.suite.clone(),
        name,
        file: case.file.clone(),
        outcome: case.outcome.into(),
        seconds: case.seconds,
        message: case.message.clone(),
        failed_before: i64::from(case.failed_before),
    }
}
