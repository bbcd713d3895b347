//! Everything of work out of one Cairn and into another one.
use super::{
    histories::{count, style},
    search::whose,
};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command, builder::PossibleValuesParser};
use indicatif::ProgressBar;
use intake::{File, Limits, files};
use kernel::{Actor, Clock, Error, Id, Result, Team, json};
use people::team::{AddTeam, ListTeams};
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};
use work::{
    export::{
        ExchangedTeam, ExportIssues, ExportSprints, ExportTeam, ImportTeam, ListWork, folder,
        table::{self, TableRow},
    },
    import::{
        BeginImport, FinishImport, Import, ImportIssues, ImportSprints, Incoming, IncomingSprint, MOST, Tracker,
        bunches,
    },
};

pub fn export_cli() -> Command {
    let format = Arg::new("format").long("format").default_value("jsonl").value_name("FORMAT").help(
        "jsonl: lines of JSON to standard output; csv: tables; folder: Markdown with front matter that imports back",
    );
    let format = format.value_parser(PossibleValuesParser::new(["jsonl", "csv", "folder"]));
    let to =
        Arg::new("to").long("to").value_name("FOLDER").required_if_eq_any([("format", "csv"), ("format", "folder")]);
    let person = Arg::new("as").long("as").value_name("MAIL").help("Through whose eyes; all issues if left out");
    Command::new("issues").about("Write issues with their history and what was said about them").args([
        format,
        to.help("An empty folder, or one that is made"),
        person,
    ])
}

/// `cairn export issues`
pub async fn export(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = match given.contains_id("as") {
        true => whose(&world, given).await?,
        false => world.system(),
    };
    let to = given.get_one::<String>("to").map(PathBuf::from).unwrap_or_default();
    let mut out: Box<dyn Writing> = match given.get_one::<String>("format").map(String::as_str) {
        Some("csv") => Box::new(Tables::new(&to)?),
        Some("folder") => Box::new(Folder(empty(&to)?)),
        _ => Box::new(Lines),
    };
    let written = write_all(&world, &actor, &mut *out).await?;
    eprintln!("{} written.", count(written, "issue"));
    Ok(ExitCode::SUCCESS)
}

/// One way in which issues are written.
trait Writing {
    fn team(&mut self, team: &ExchangedTeam) -> Result<()>;
    fn issue(&mut self, team: &ExchangedTeam, issue: &Incoming) -> Result<()>;
    fn sprint(&mut self, team: &ExchangedTeam, sprint: &IncomingSprint) -> Result<()>;
}

async fn write_all(world: &World, actor: &Actor, out: &mut dyn Writing) -> Result<u64> {
    let mut written = 0;
    for team in world.app.call(actor, ListWork {}).await? {
        let Some(kept) = world.app.call(actor, ExportTeam { team }).await? else { continue };
        out.team(&kept)?;
        written += write_issues(world, actor, (team, &kept), out).await?;
        write_sprints(world, actor, (team, &kept), out).await?;
    }
    Ok(written)
}

type Of<'t> = (Id<Team>, &'t ExchangedTeam);

/// How many there are.
async fn write_issues(world: &World, actor: &Actor, (team, kept): Of<'_>, out: &mut dyn Writing) -> Result<u64> {
    let (mut written, mut after) = (0, None);
    loop {
        let page = world.app.call(actor, ExportIssues { team, after }).await?;
        page.issues.iter().try_for_each(|issue| out.issue(kept, issue))?;
        written += page.issues.iter().filter(|issue| issue.deleted_at.is_none()).count() as u64;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(written),
        }
    }
}

async fn write_sprints(world: &World, actor: &Actor, (team, kept): Of<'_>, out: &mut dyn Writing) -> Result<()> {
    let mut after = None;
    loop {
        let page = world.app.call(actor, ExportSprints { team, after }).await?;
        page.sprints.iter().try_for_each(|sprint| out.sprint(kept, sprint))?;
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(()),
        }
    }
}

struct Lines;

impl Lines {
    fn line(line: &kernel::Json) -> Result<()> {
        writeln!(io::stdout().lock(), "{line}").map_err(Error::internal)
    }
}

impl Writing for Lines {
    fn team(&mut self, team: &ExchangedTeam) -> Result<()> {
        Lines::line(&json!({ "team": team }))
    }

    fn issue(&mut self, team: &ExchangedTeam, issue: &Incoming) -> Result<()> {
        Lines::line(&json!({ "of": team.key, "issue": issue }))
    }

    fn sprint(&mut self, team: &ExchangedTeam, sprint: &IncomingSprint) -> Result<()> {
        Lines::line(&json!({ "of": team.key, "sprint": sprint }))
    }
}

/// A folder for each team, with a file for itself and for each of its issues, and in a folder within for each of its sprints.
struct Folder(PathBuf);

impl Folder {
    fn write(&self, team: &ExchangedTeam, name: &str, text: serde_json::Result<String>) -> Result<()> {
        let path = self.0.join(&*team.key).join(name);
        let text = text.map_err(Error::internal)?;
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        folder.and_then(|()| fs::write(&path, text)).map_err(|error| unwritten(&path, &error))
    }
}

impl Writing for Folder {
    fn team(&mut self, team: &ExchangedTeam) -> Result<()> {
        self.write(team, TEAM, folder::team(team))
    }

    fn issue(&mut self, team: &ExchangedTeam, issue: &Incoming) -> Result<()> {
        self.write(team, &format!("{}.md", &*issue.key), folder::issue(issue))
    }

    fn sprint(&mut self, team: &ExchangedTeam, sprint: &IncomingSprint) -> Result<()> {
        self.write(team, &format!("{SPRINTS}/{}.md", &*sprint.source_id), folder::sprint(sprint))
    }
}

const TEAM: &str = "team.md";
const SPRINTS: &str = "sprints";

/// A file for each table.
struct Tables(BTreeMap<&'static str, csv::Writer<fs::File>>);

impl Tables {
    fn new(to: &Path) -> Result<Tables> {
        let (folder, mut all) = (empty(to)?, BTreeMap::new());
        for (name, columns) in table::TABLES {
            let path = folder.join(format!("{name}.csv"));
            let file = fs::File::create(&path).map_err(|error| unwritten(&path, &error))?;
            let mut table = csv::Writer::from_writer(file);
            table.write_record(columns).map_err(Error::internal)?;
            all.insert(name, table);
        }
        Ok(Tables(all))
    }

    fn write(&mut self, rows: Vec<TableRow>) -> Result<()> {
        for (name, cells) in rows {
            if let Some(table) = self.0.get_mut(name) {
                table::write(table, &cells).map_err(Error::internal)?;
            }
        }
        Ok(())
    }
}

impl Writing for Tables {
    fn team(&mut self, _: &ExchangedTeam) -> Result<()> {
        Ok(())
    }

    fn issue(&mut self, team: &ExchangedTeam, issue: &Incoming) -> Result<()> {
        self.write(table::of_issue(&team.name, issue))
    }

    fn sprint(&mut self, team: &ExchangedTeam, sprint: &IncomingSprint) -> Result<()> {
        self.write(table::of_sprint(&team.name, sprint))
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Error {
    Error::invalid("to", format!("{} cannot be written: {error}.", path.display()))
}

/// Files of an export before would stand among those of this one.
fn empty(to: &Path) -> Result<PathBuf> {
    fs::create_dir_all(to).map_err(|error| unwritten(to, &error))?;
    match fs::read_dir(to).map_err(|error| unwritten(to, &error))?.next() {
        None => Ok(to.to_path_buf()),
        Some(_) => Err(Error::invalid("to", format!("{} is not empty. Name a new folder.", to.display()))),
    }
}

pub fn import_cli() -> Command {
    let folder = Arg::new("folder").required(true).value_name("FOLDER").help("What cairn export issues has written");
    let quiet = Arg::new("quiet").long("quiet").action(ArgAction::SetTrue).help("Show no progress");
    Command::new("folder")
        .about("Bring issues over that another Cairn has written as a folder; teams that are not here are made")
        .args([folder, quiet])
}

/// `cairn import folder FOLDER`
pub async fn import(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let path = given.get_one::<String>("folder").map(PathBuf::from).unwrap_or_default();
    let found = found(&path)?;
    let world = World::open(config, Clock::default()).await?;
    let (app, system) = (&world.app, world.system());
    let name = path.file_name().map_or_else(|| "folder".to_owned(), |name| name.to_string_lossy().into_owned());
    let label = name.try_into().map_err(|sentence: String| Error::invalid("folder", sentence))?;
    let expected: usize = found.values().map(|found| found.issues.len()).sum();
    let begin = BeginImport { source: Tracker::Cairn, label, expected: expected as u32 };
    let import = app.call(&system, begin).await?.id;
    let bar = if given.get_flag("quiet") { ProgressBar::hidden() } else { ProgressBar::new(expected as u64) };
    bar.set_style(style("{wide_bar} {pos} of {len} issues, {eta} left"));
    let mut teams = Vec::new();
    for Found { work, issues, sprints } in found.into_values() {
        let team = team_of(&world, &work).await?;
        app.call(&system, ImportTeam { import, team, work }).await?;
        teams.push((team, issues, sprints));
    }
    for (team, files, _) in &teams {
        let team = *team;
        for bunch in files.chunks(MOST) {
            let issues = bunch.iter().map(|path| read(path, folder::read_issue)).collect::<Result<Vec<Incoming>>>()?;
            app.call(&system, ImportIssues { import, team, issues }).await?;
            bar.inc(bunch.len() as u64);
        }
    }
    bar.finish_and_clear();
    for (team, _, files) in teams {
        send_sprints(&world, import, team, &files).await?;
    }
    let done = app.call(&system, FinishImport { import, report: serde_json::Map::new() }).await?;
    println!(
        "{}: {} new, {} different from before, {} as they were.\nThe report is kept at /issue-imports/{import}.",
        count(done.stored() as u64, "issue"),
        done.created,
        done.renewed,
        done.unchanged
    );
    Ok(ExitCode::SUCCESS)
}

/// After the issues of all teams, as some have moved between them; first those that were closed, in that order.
async fn send_sprints(world: &World, import: Id<Import>, team: Id<Team>, files: &[PathBuf]) -> Result<()> {
    let mut sprints = files.iter().map(|path| read(path, folder::read_sprint)).collect::<Result<Vec<_>>>()?;
    sprints.sort_by_key(|one| (one.closed_at.is_none(), one.closed_at, one.number));
    for sprints in bunches(sprints) {
        world.app.call(&world.system(), ImportSprints { import, team, sprints }).await?;
    }
    Ok(())
}

/// What the folder of a team holds.
struct Found {
    work: ExchangedTeam,
    issues: Vec<PathBuf>,
    sprints: Vec<PathBuf>,
}

/// By the folder of each team, the team and the files of its issues and sprints. All of them are read once before the first
/// one is stored, so that what is malformed leaves nothing behind.
fn found(path: &Path) -> Result<BTreeMap<PathBuf, Found>> {
    let all = files(&[path.to_path_buf()], &Limits::default()).map_err(|error| told(&error))?;
    let mut teams = BTreeMap::new();
    for file in all.iter().filter(|file| file.ends_with(TEAM)) {
        let folder = file.parent().unwrap_or(path).to_path_buf();
        let work = read(file, folder::read_team)?;
        teams.insert(folder, Found { work, issues: Vec::new(), sprints: Vec::new() });
    }
    for file in all.iter().filter(|file| file.extension().is_some_and(|end| end == "md") && !file.ends_with(TEAM)) {
        let folder = file.parent().unwrap_or(path);
        let above = folder.parent().filter(|_| folder.ends_with(SPRINTS)).unwrap_or(folder);
        let beside = || Error::invalid("folder", format!("{} stands beside no {TEAM}.", file.display()));
        if let Some(team) = teams.get_mut(folder) {
            read(file, folder::read_issue)?;
            team.issues.push(file.clone());
        } else {
            let team: &mut Found = teams.get_mut(above).ok_or_else(beside)?;
            read(file, folder::read_sprint)?;
            team.sprints.push(file.clone());
        }
    }
    match teams.is_empty() {
        true => {
            Err(Error::invalid("folder", format!("{} holds no {TEAM}, so it is no export of issues.", path.display())))
        }
        false => Ok(teams),
    }
}

fn told(error: &intake::Error) -> Error {
    Error::invalid("folder", error.to_string())
}

fn read<T>(path: &Path, parse: fn(&str) -> Result<T, (usize, String)>) -> Result<T> {
    let file = File::read(path, &Limits::default()).map_err(|error| told(&error))?;
    let wrong = |line: usize, why: String| Error::invalid("folder", format!("{}, line {line}: {why}.", path.display()));
    let text = std::str::from_utf8(&file.bytes).map_err(|error| wrong(1, error.to_string()))?;
    parse(text).map_err(|(line, why)| wrong(line, why))
}

/// The team that has the key, else one of the same name that has no issues yet, else a new one.
async fn team_of(world: &World, work: &ExchangedTeam) -> Result<Id<Team>> {
    let (app, system) = (&world.app, world.system());
    let mut unused = None;
    for team in app.call(&system, ListTeams {}).await? {
        match app.call(&system, ExportTeam { team: team.id }).await? {
            Some(kept) if kept.key == work.key && kept.name == work.name => return Ok(team.id),
            None if team.name == *work.name => unused = Some(team.id),
            _ => {}
        }
    }
    match unused {
        Some(team) => Ok(team),
        None => {
            let add = AddTeam {
                name: work.name.clone(),
                parent: None,
                mission: Default::default(),
                about: Default::default(),
                lead: None,
            };
            Ok(app.call(&system, add).await?.id)
        }
    }
}
