//! Files of code hosts, build servers and incident systems: dumps of their answers, recorded webhooks, archives.
use super::{
    histories::{count, style, team},
    results::Results,
};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::{
    pipeline::ImportPipelines,
    pull::{Host, ImportRecords, LogImport, Taken},
    repository::{EditRepository, ListRepositories, Repository},
    source::{Report, Source, System, Told},
};
use forge::{Place, Role};
use indicatif::ProgressBar;
use intake::{
    Fate, Limits, files,
    stream::{self, Options},
};
use kernel::{Change, Clock, Error, Id, Result, Team};
use pipelines::{Record, TestRun};
use std::{io, mem::take, path::PathBuf, process::ExitCode};
use tokio::{sync::mpsc, task::spawn_blocking};

/// So many records are stored in one transaction.
const BUNCH: usize = 500;

/// The word of a command, the system whose documents it reads, and what of them.
struct Known {
    word: &'static str,
    others: &'static [&'static str],
    system: System,
    about: &'static str,
    /// Pull requests as well, or only what is built, deployed and released.
    pulls: bool,
}

const KNOWN: [Known; 8] = [
    Known {
        word: "github",
        others: &[],
        system: System::GitHub,
        about: "Read pull requests, reviews, commits, runs of workflows, deployments and releases of GitHub from files",
        pulls: true,
    },
    Known {
        word: "gitlab",
        others: &[],
        system: System::GitLab,
        about: "Read merge requests, notes, commits, pipelines, jobs, deployments and releases of GitLab from files",
        pulls: true,
    },
    Known {
        word: "actions",
        others: &["github-actions"],
        system: System::GitHub,
        about: "Read only runs of workflows, jobs, checks, deployments, releases and tags of GitHub",
        pulls: false,
    },
    Known {
        word: "gitlab-ci",
        others: &["gitlab-pipelines"],
        system: System::GitLab,
        about: "Read only pipelines, jobs, deployments, releases and tags of GitLab",
        pulls: false,
    },
    Known {
        word: "jenkins",
        others: &[],
        system: System::Jenkins,
        about: "Read jobs, builds and stages of Jenkins",
        pulls: false,
    },
    Known {
        word: "circleci",
        others: &[],
        system: System::CircleCi,
        about: "Read pipelines, workflows, jobs and tests of CircleCI",
        pulls: false,
    },
    Known {
        word: "pagerduty",
        others: &[],
        system: System::PagerDuty,
        about: "Read incidents of PagerDuty",
        pulls: false,
    },
    Known {
        word: "opsgenie",
        others: &[],
        system: System::Opsgenie,
        about: "Read incidents and alerts of Opsgenie",
        pulls: false,
    },
];

pub fn cli() -> impl Iterator<Item = Command> {
    KNOWN.iter().map(|known| {
        let files = Arg::new("files").required(true).num_args(1..).value_name("FILES").help(
            "Files and folders: JSON, lines of JSON, CSV with JSON in a column data, each in an archive, packed or not",
        );
        let into = Arg::new("into")
            .long("into")
            .value_name("NAME")
            .help("The repository here to which all of it belongs, whatever the system calls it");
        let home = Arg::new("repository")
            .long("repository")
            .value_name("OWNER/NAME")
            .help("Where records belong that do not say it themselves");
        let team = Arg::new("team")
            .long("team")
            .value_name("NAME")
            .help("The team that owns repositories which are new, and whose incidents these are");
        let flag = |name: &'static str| Arg::new(name).long(name).action(ArgAction::SetTrue);
        let dry_run = flag("dry-run").help("Only say what would be read");
        let json = flag("json").help("Write the report as JSON");
        let quiet = flag("quiet").help("Show no progress");
        let command = Command::new(known.word).visible_aliases(known.others.iter().copied()).about(known.about);
        match known.pulls {
            true => command.args([files, home, into, team, dry_run, json, quiet]),
            false => command.args([files, into.visible_alias("repository"), team, dry_run, json, quiet]),
        }
    })
}

/// Whether the word of a command belongs here.
pub fn knows(word: &str) -> bool {
    KNOWN.iter().any(|known| known.word == word)
}

/// `cairn import github FILES…` and its like.
pub async fn import(config: &Config, word: &str, given: &ArgMatches) -> Result<ExitCode> {
    let Some(known) = KNOWN.iter().find(|known| known.word == word) else { return Ok(ExitCode::FAILURE) };
    let paths: Vec<PathBuf> = given.get_many::<String>("files").into_iter().flatten().map(PathBuf::from).collect();
    let found = files(&paths, &Limits::default()).map_err(|error| Error::invalid("files", error.to_string()))?;
    let world = World::open(config, Clock::default()).await?;
    let into = match given.get_one::<String>("into") {
        Some(name) => Some(repository(&world, name).await?),
        None => None,
    };
    let team = match given.get_one::<String>("team") {
        Some(name) => Some(team(&world, name).await?),
        None => None,
    };
    let home = given.try_get_one::<String>("repository").ok().flatten().cloned();
    let source = match known.pulls {
        true => Source::new(known.system, Place { name: home, ..Place::default() }),
        false => Source::of_builds(known.system),
    };
    let before = repositories(&world).await?;
    let (bar, dry_run) = (bar(&found, given)?, given.get_flag("dry-run"));
    let mut import =
        Import { world: &world, system: known.system, into, team, dry_run, bar, records: 0, taken: Taken::default() };
    let count = found.len() as i64;
    let report = import.run(found, source).await?;
    match given.get_flag("json") {
        true => println!("{}", serde_json::to_string_pretty(&report).map_err(Error::internal)?),
        false => println!("{}", in_words(known.system, count, &report, &import)),
    }
    let problems = !report.problems.is_empty();
    if !dry_run {
        import.keep(count, report).await?;
        new_repositories(&world, &before, team).await?;
    }
    Ok(if problems { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Names the repositories that were not here before, and gives them to the team.
async fn new_repositories(world: &World, before: &[Repository], owner: Option<Id<Team>>) -> Result<()> {
    for new in repositories(world).await?.into_iter().filter(|one| before.iter().all(|old| old.id != one.id)) {
        if let Some(team) = owner {
            let edit = EditRepository { repository: new.id, name: None, team: Change::Set(team) };
            world.app.call(&world.system(), edit).await?;
        }
        eprintln!("New here: {}, at /repositories/{}.", new.name, new.id);
    }
    Ok(())
}

pub(super) async fn repositories(world: &World) -> Result<Vec<Repository>> {
    world.app.call(&world.system(), ListRepositories { team: None }).await
}

/// The repository of this name, id or address.
pub(super) async fn repository(world: &World, name: &str) -> Result<Id<Repository>> {
    let all = repositories(world).await?;
    let same = |one: &&Repository| {
        one.name.to_lowercase() == name.to_lowercase() || one.id.to_string() == name || one.location == name
    };
    let found = all.iter().find(same).map(|one| one.id);
    found.ok_or_else(|| {
        Error::invalid("repository", format!("No repository here is called {name}. Import its history first."))
    })
}

fn bar(found: &[PathBuf], given: &ArgMatches) -> Result<ProgressBar> {
    let sizes = found.iter().map(|path| Ok(path.metadata()?.len())).sum::<io::Result<u64>>();
    let bytes = sizes.map_err(|error| Error::invalid("files", format!("A file cannot be read: {error}.")))?;
    let bar = if given.get_flag("quiet") { ProgressBar::hidden() } else { ProgressBar::new(bytes) };
    bar.set_style(style("{msg} {wide_bar} {bytes} of {total_bytes}, {eta} left"));
    Ok(bar)
}

struct Import<'w> {
    world: &'w World,
    system: System,
    into: Option<Id<Repository>>,
    team: Option<Id<Team>>,
    dry_run: bool,
    bar: ProgressBar,
    records: u64,
    taken: Taken,
}

impl Import<'_> {
    /// Reads on a thread of its own and stores meanwhile; a few bunches are in memory at a time.
    async fn run(&mut self, found: Vec<PathBuf>, source: Source) -> Result<Report> {
        let (send, mut receive) = mpsc::channel::<Told>(BUNCH);
        let bar = self.bar.clone();
        let reading = spawn_blocking(move || read(source, found, &bar, &send));
        let mut waiting = Told::default();
        while let Some(told) = receive.recv().await {
            waiting.pulls.extend(told.pulls);
            waiting.builds.extend(told.builds);
            if waiting.pulls.len().max(waiting.builds.len()) >= BUNCH {
                self.store(take(&mut waiting)).await?;
            }
        }
        self.store(waiting).await?;
        self.bar.finish_and_clear();
        reading.await.map_err(Error::internal)
    }

    async fn store(&mut self, told: Told) -> Result<()> {
        self.records += (told.pulls.len() + told.builds.len()) as u64;
        if self.dry_run {
            return Ok(());
        }
        if let Some(host) = self.system.host() {
            self.pulls(host, told.pulls).await?;
        }
        self.builds(told.builds).await
    }

    async fn pulls(&mut self, host: Host, mut records: Vec<forge::Record>) -> Result<()> {
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(BUNCH));
            let input = ImportRecords { host, into: self.into, records };
            self.taken.add(self.world.app.call(&self.world.system(), input).await?);
            records = rest;
        }
        Ok(())
    }

    async fn builds(&mut self, records: Vec<Record>) -> Result<()> {
        let mut waiting = self.none()?;
        for record in records {
            if let Record::Tests(run) = record {
                Results { world: self.world, repository: self.into, commit: None }.run(run, None).await?;
                continue;
            }
            waiting.take(record);
            if waiting.len() >= BUNCH {
                let full = std::mem::replace(&mut waiting, self.none()?);
                self.world.app.call(&self.world.system(), full).await?;
            }
        }
        if !waiting.is_empty() {
            self.world.app.call(&self.world.system(), waiting).await?;
        }
        Ok(())
    }

    fn none(&self) -> Result<ImportPipelines> {
        let word = self.system.word().to_owned().try_into();
        let word = word.map_err(|sentence: String| Error::invalid("system", sentence))?;
        Ok(ImportPipelines { repository: self.into, team: self.team, ..ImportPipelines::of(word) })
    }

    /// Keeps the report for those who may import.
    async fn keep(&self, files: i64, report: Report) -> Result<()> {
        let (records, changed) = (self.records as i64, self.taken.changed as i64);
        let log = LogImport { system: self.system, files, records, changed, report };
        self.world.app.call(&self.world.system(), log).await.map(|_| ())
    }
}

/// What went wrong with a file is in the report; the others are read all the same.
fn read(mut source: Source, found: Vec<PathBuf>, bar: &ProgressBar, send: &mpsc::Sender<Told>) -> Report {
    let options = Options { lists: &[], limits: stream::Limits::default() };
    for path in found {
        bar.set_message(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        let mut tests = TestRun::default();
        let outcome = stream::read(std::slice::from_ref(&path), &options, &mut |document| {
            let told = source.read(document);
            let _ = send.blocking_send(without_tests(told, &mut tests));
            Ok(())
        });
        if let Err(error) = outcome {
            source.problem(error);
        }
        if !tests.cases.is_empty() {
            let _ = send.blocking_send(Told { pulls: Vec::new(), builds: vec![Record::Tests(tests)] });
        }
        bar.inc(path.metadata().map_or(0, |about| about.len()));
    }
    source.report()
}

/// The test results of a file are one run.
fn without_tests(mut told: Told, tests: &mut TestRun) -> Told {
    for record in take(&mut told.builds) {
        match record {
            Record::Tests(run) => tests.cases.extend(run.cases),
            other => told.builds.push(other),
        }
    }
    told
}

fn in_words(system: System, files: i64, report: &Report, import: &Import<'_>) -> String {
    let read =
        format!("{}: {} read, {}.", system.title(), count(files as u64, "file"), count(import.records, "record"));
    let mut lines = vec![read];
    lines.extend(kinds(report));
    let (pulls, builds) = (&report.pulls, &report.builds);
    let left = pulls.not_taken.iter().map(|(name, thing)| (name, thing.count, &thing.example));
    let unknown =
        builds.unrecognised.iter().chain(&builds.incomplete).map(|(name, (count, first))| (name, *count, first));
    let not_taken: Vec<_> =
        left.chain(unknown).map(|(name, count, first)| format!("  {count} {name}, first in {first}")).collect();
    if !not_taken.is_empty() {
        lines.push("Not taken over:".to_owned());
        lines.extend(not_taken);
    }
    lines.extend(pulls.passed_over.iter().map(|file| format!("{file} holds no JSON and was passed over.")));
    for (kind, number) in &import.taken.homeless {
        let nouns = format!("records of the kind {kind}");
        lines.push(format!("{number} {nouns} do not say where they belong and were left; --repository can say it."));
    }
    for (kind, number) in &import.taken.nameless {
        lines.push(format!(
            "{number} times a record of the kind {kind} names somebody without a login; nobody stands there."
        ));
    }
    lines.extend(report.problems.iter().cloned());
    lines.push(match import.dry_run {
        true => "Nothing was stored.".to_owned(),
        false => {
            format!("{} new or say something new. The report is kept at /code-imports.", are_rows(import.taken.changed))
        }
    });
    lines.join("\n")
}

fn are_rows(changed: u64) -> String {
    if changed == 1 { "1 row about pull requests is".into() } else { format!("{changed} rows about pull requests are") }
}

/// A line for each kind, and one for each field that is not known.
fn kinds(report: &Report) -> Vec<String> {
    let mut lines = Vec::new();
    let mut kind = |name: &str, records: u64, read: usize, beside: usize, unknown: Vec<(&String, u64, &String)>| {
        let read = count(read as u64, "field");
        lines.push(format!(
            "  {records} {name}: {read} read, {beside} kept beside or left out, {} not known",
            unknown.len()
        ));
        lines.extend(unknown.iter().map(|(path, times, example)| {
            format!("    not known: {path}, {}, such as {example}", count(*times, "time"))
        }));
    };
    for (name, thing) in &report.pulls.taken {
        let of = |role: Role| thing.fields.values().filter(|field| field.role == role).count();
        let unknown = thing.fields.iter().filter(|(_, field)| field.role == Role::Unknown);
        let unknown = unknown.map(|(path, field)| (path, field.count, &field.example)).collect();
        kind(name, thing.count, of(Role::Read), of(Role::Aside), unknown);
    }
    for (name, thing) in &report.builds.kinds {
        let of = |fate: Fate| thing.fields.values().filter(|field| field.fate == fate).count();
        let unknown = thing.fields.iter().filter(|(_, field)| field.fate == Fate::Unknown);
        let unknown = unknown.map(|(path, field)| (path, field.count, &field.example)).collect();
        kind(name, thing.records, of(Fate::Read), of(Fate::LeftOut), unknown);
    }
    lines
}
