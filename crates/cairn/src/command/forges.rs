//! Files of code hosts: dumps of their answers, recorded webhooks, archives of pull requests.
use super::histories::{count, style, team};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::{
    pull::{ExportPulls, Host, ImportRecords, LogImport, Taken},
    repository::{EditRepository, ListRepositories, Repository},
};
use forge::{Place, Reader, Record, Report, Role};
use indicatif::ProgressBar;
use intake::{Limits, files};
use kernel::{Change, Clock, Error, Id, Result};
use std::{
    fs::File,
    io::{self, Read, Write},
    path::PathBuf,
    process::ExitCode,
};
use tokio::{sync::mpsc, task::spawn_blocking};

/// So many records are stored in one transaction.
const BUNCH: usize = 500;

pub fn cli(host: Host) -> Command {
    let files =
        Arg::new("files").required(true).num_args(1..).value_name("FILES").help(
            "Files and folders: JSON, lines of JSON, CSV with JSON in a column data, each packed with gzip or not",
        );
    let repository = Arg::new("repository")
        .long("repository")
        .value_name("OWNER/NAME")
        .help("Where records belong that do not say it themselves");
    let into = Arg::new("into")
        .long("into")
        .value_name("NAME")
        .help("The repository here to which all of it belongs, whatever the code host calls it");
    let team = Arg::new("team").long("team").value_name("NAME").help("The team that owns what is new");
    let dry_run = Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would be read");
    let quiet = Arg::new("quiet").long("quiet").action(ArgAction::SetTrue).help("Show no progress");
    Command::new(host.word())
        .about(format!(
            "Read pull requests, reviews and comments of {} from files; repeating changes nothing",
            host.title()
        ))
        .args([files, repository, into, team, dry_run, quiet])
}

/// `cairn import github FILES…` and `cairn import gitlab FILES…`
pub async fn import(config: &Config, host: Host, given: &ArgMatches) -> Result<ExitCode> {
    let paths: Vec<PathBuf> = given.get_many::<String>("files").into_iter().flatten().map(PathBuf::from).collect();
    let found = files(&paths, &Limits::default()).map_err(|error| Error::invalid("files", error.to_string()))?;
    let world = World::open(config, Clock::default()).await?;
    let into = match given.get_one::<String>("into") {
        Some(name) => Some(repository(&world, name).await?),
        None => None,
    };
    let owner = match given.get_one::<String>("team") {
        Some(name) => Some(team(&world, name).await?),
        None => None,
    };
    let home = Place { name: given.get_one::<String>("repository").cloned(), ..Place::default() };
    let before = repositories(&world).await?;
    let import = Import { world: &world, host, into, dry_run: given.get_flag("dry-run"), bar: bar(&found, given)? };
    let (report, records, taken) = import.run(found, home).await?;
    let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
    println!("{}", in_words(host, &report, records, &taken, import.dry_run));
    if !import.dry_run {
        let log = LogImport {
            host,
            records: records as i64,
            changed: taken.changed as i64,
            report,
            problems: problems.clone(),
        };
        world.app.call(&world.system(), log).await?;
        println!("The report is kept at /code-imports.");
        for new in repositories(&world).await?.into_iter().filter(|one| before.iter().all(|old| old.id != one.id)) {
            if let Some(team) = owner {
                let edit = EditRepository { repository: new.id, name: None, team: Change::Set(team) };
                world.app.call(&world.system(), edit).await?;
            }
            println!("New here: {}, at /repositories/{}.", new.name, new.id);
        }
    }
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

pub fn export_cli() -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value("jsonl")
        .value_parser(["jsonl"])
        .help("Lines of JSON");
    Command::new("delivery")
        .about("Write pull requests with their stages, reviews, comments, events and commits to standard output")
        .arg(format)
}

/// `cairn export delivery`
pub async fn export(config: &Config) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let mut out = io::stdout().lock();
    for repository in repositories(&world).await? {
        let export = ExportPulls { repository: repository.id, definition: measures::PullOptions::default() };
        for line in world.app.call(&world.system(), export).await? {
            match writeln!(out, "{line}") {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ExitCode::SUCCESS),
                written => written.map_err(Error::internal)?,
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn repositories(world: &World) -> Result<Vec<Repository>> {
    world.app.call(&world.system(), ListRepositories { team: None }).await
}

async fn repository(world: &World, name: &str) -> Result<Id<Repository>> {
    let all = repositories(world).await?;
    let found = all.iter().find(|one| one.name.to_lowercase() == name.to_lowercase() || one.location == name);
    found.map(|one| one.id).ok_or_else(|| Error::invalid("into", format!("No repository here is called {name}.")))
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
    host: Host,
    into: Option<Id<Repository>>,
    dry_run: bool,
    bar: ProgressBar,
}

impl Import<'_> {
    /// Reads on a thread of its own and stores meanwhile; a few bunches are in memory at a time.
    async fn run(&self, found: Vec<PathBuf>, home: Place) -> Result<(Report, u64, Taken)> {
        let (send, mut receive) = mpsc::channel::<Record>(4 * BUNCH);
        let (system, bar) = (self.host.system(), self.bar.clone());
        let reading = spawn_blocking(move || read(Reader::new(system, home), found, &bar, &send));
        let (mut records, mut taken, mut waiting) = (0, Taken::default(), Vec::with_capacity(BUNCH));
        let mut open = true;
        while open {
            open = receive.recv_many(&mut waiting, BUNCH).await > 0;
            if waiting.len() >= BUNCH || !open {
                records += waiting.len() as u64;
                self.store(std::mem::take(&mut waiting), &mut taken).await?;
            }
        }
        let report = reading.await.map_err(Error::internal)?;
        self.bar.finish_and_clear();
        Ok((report, records, taken))
    }

    async fn store(&self, records: Vec<Record>, taken: &mut Taken) -> Result<()> {
        if self.dry_run || records.is_empty() {
            return Ok(());
        }
        let mut records = records;
        while !records.is_empty() {
            let rest = records.split_off(records.len().min(BUNCH));
            let input = ImportRecords { host: self.host, into: self.into, records };
            let new = self.world.app.call(&self.world.system(), input).await?;
            taken.changed += new.changed;
            for (kind, number) in new.homeless {
                *taken.homeless.entry(kind).or_default() += number;
            }
            records = rest;
        }
        Ok(())
    }
}

fn read(mut reader: Reader, found: Vec<PathBuf>, bar: &ProgressBar, send: &mpsc::Sender<Record>) -> Report {
    for path in found {
        let name = path.display().to_string();
        bar.set_message(path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default());
        // The report keeps what went wrong with a file; the others are read all the same.
        let _ = match File::open(&path) {
            Ok(file) => reader.read(&name, Counted(file, bar.clone()), &mut |record| {
                let _ = send.blocking_send(record);
            }),
            Err(error) => reader.read(&name, Broken(Some(error)), &mut |_| {}),
        };
    }
    reader.report().clone()
}

/// A file that moves the bar as it is read.
struct Counted(File, ProgressBar);

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        self.1.inc(length as u64);
        Ok(length)
    }
}

/// A file that cannot be opened.
struct Broken(Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| io::Error::other("it cannot be opened")))
    }
}

fn in_words(host: Host, report: &Report, records: u64, taken: &Taken, dry_run: bool) -> String {
    let mut lines =
        vec![format!("{}: {} read, {}.", host.title(), count(report.files, "file"), count(records, "record"))];
    for (kind, thing) in &report.taken {
        let of = |role: Role| thing.fields.values().filter(|field| field.role == role).count() as u64;
        lines.push(format!(
            "  {} {kind}: {} read, {} kept beside, {} of them not known",
            thing.count,
            count(of(Role::Read), "field"),
            of(Role::Aside) + of(Role::Unknown),
            of(Role::Unknown),
        ));
    }
    if !report.not_taken.is_empty() {
        lines.push("Not taken over:".to_owned());
        lines.extend(
            report
                .not_taken
                .iter()
                .map(|(name, thing)| format!("  {} {name}, first in {}", thing.count, thing.example)),
        );
    }
    lines.extend(report.passed_over.iter().map(|file| format!("{file} holds no JSON and was passed over.")));
    for (kind, number) in &taken.homeless {
        let nouns = format!("records of the kind {kind}");
        lines.push(format!("{number} {nouns} do not say where they belong and were left; --repository can say it."));
    }
    lines.extend(report.problems.iter().map(ToString::to_string));
    lines.push(match dry_run {
        true => "Nothing was stored, as this was a dry run.".to_owned(),
        false => format!("{} rows are new or say something new.", taken.changed),
    });
    lines.join("\n")
}
