//! Issues of Jira, Linear and Shortcut, out of files.
use super::{
    fetch::Source,
    histories::{count, style, team},
};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use indicatif::ProgressBar;
use kernel::{Clock, Error, Id, Result, Team, json};
use people::team::AddTeam;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};
use tokio::task::spawn_blocking;
use work::import::{
    BeginImport, FinishImport, Import, ImportIssues, ImportSprints, Preview, PreviewImport, Stored, TeamStates, Told,
    Tracker, bunches,
    reading::{self, Mapping, Reading},
};

pub fn cli() -> impl Iterator<Item = Command> {
    Tracker::FILES.into_iter().map(|source| {
        let files = Arg::new("files").required_unless_present("from").num_args(1..).value_name("FILES").help(
            "Files and folders: answers of its API as JSON or lines of JSON, CSV; packed with gzip or zip or not",
        );
        let team = Arg::new("team").long("team").action(ArgAction::Append).value_name("[PROJECT=]TEAM").help(
            "The team that gets the issues, or those of one project; else the team that is called like the project",
        );
        let map = Arg::new("map")
            .long("map")
            .value_name("FILE")
            .help("A JSON object that settles what becomes of `teams`, `people`, `states`, `priorities` and `fields`");
        let new_teams = Arg::new("new-teams")
            .long("new-teams")
            .action(ArgAction::SetTrue)
            .help("Make a team for each project that has none, called like the project");
        let dry_run =
            Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would become of it");
        let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("Write the report as JSON");
        let quiet = Arg::new("quiet").long("quiet").action(ArgAction::SetTrue).help("Show no progress");
        Command::new(source.word())
            .about(format!(
                "Bring issues over from {} with their history; repeating changes what is different there",
                source.title()
            ))
            .args([files, team, new_teams, map, dry_run, json, quiet])
            .args(live(source))
    })
}

/// What says how its API is asked, instead of files.
fn live(source: Tracker) -> Vec<Arg> {
    let option = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    let from = option("from", "ADDRESS", "Ask its API there, instead of reading files").conflicts_with("files");
    let from = match source {
        Tracker::Linear => from.num_args(0..=1).default_missing_value("https://api.linear.app"),
        Tracker::Shortcut => from.num_args(0..=1).default_missing_value("https://api.app.shortcut.com"),
        Tracker::Jira | Tracker::Cairn => from,
    };
    let projects = match source {
        Tracker::Jira => option("project", "KEY", "Only this project; may stand several times"),
        _ => option("project", "KEY", "Only this team; may stand several times"),
    };
    let token = option("token-file", "FILE", "Where the token is; else it is read from standard input");
    let keep = option("keep", "FOLDER", "Keep the answers there; else they are removed when all is here");
    let mut all: Vec<Arg> = vec![projects.action(ArgAction::Append), token, keep];
    if source == Tracker::Jira {
        all.push(option("user", "MAIL", "Whose token of Jira Cloud it is; one of Data Center stands alone"));
    }
    all.into_iter().map(|one| one.requires("from")).chain([from]).collect()
}

/// The system that a command names.
pub fn system(name: &str) -> Option<Tracker> {
    Tracker::FILES.into_iter().find(|source| source.word() == name)
}

/// `cairn import jira FILES…` and its like.
pub async fn import(config: &Config, name: &str, given: &ArgMatches) -> Result<ExitCode> {
    let source = name.parse()?;
    let (mut mapping, mut team) = (mapping(given.get_one::<String>("map"))?, None);
    for said in given.get_many::<String>("team").into_iter().flatten() {
        match said.split_once('=') {
            Some((project, name)) => drop(mapping.teams.insert(project.to_owned(), name.to_owned())),
            None => team = Some(said.clone()),
        }
    }
    let quiet = given.get_flag("quiet");
    let said = mapping.teams.clone();
    let (live, label, paths) = sources(config, source, given).await?;
    let reading = read(source, paths, mapping, quiet).await?;
    let world = World::open(config, Clock::default()).await?;
    let (mut teams, without) = teams(&world, &reading, &said, team.as_deref()).await?;
    if !given.get_flag("new-teams") {
        needs_no_team(&without)?;
    }
    if given.get_flag("dry-run") {
        let preview = preview(&world, &reading, &teams).await?;
        return dry_run(reading, &preview, &without, given.get_flag("json"));
    }
    for (project, name) in without {
        teams.insert(project, new_team(&world, &name).await?);
    }
    let preview = preview(&world, &reading, &teams).await?;
    let sending = Sending { world: &world, teams, quiet };
    let import = sending.run(reading, label, &preview).await?;
    live.map_or(Ok(()), |live| live.done())?;
    say(&import, given.get_flag("json"))?;
    Ok(ExitCode::SUCCESS)
}

/// The files to read and what the import is called; of what an API is asked, the folder in which its answers are by now.
async fn sources(
    config: &Config,
    source: Tracker,
    given: &ArgMatches,
) -> Result<(Option<Source>, String, Vec<PathBuf>)> {
    if given.contains_id("from") {
        let live = Source::given(config, reading::system(source)?, given)?;
        let folder = live.fetch(config, given.get_flag("quiet")).await?;
        let host = live.host();
        return Ok((Some(live), host, vec![folder]));
    }
    let paths: Vec<PathBuf> = given.get_many::<String>("files").into_iter().flatten().map(PathBuf::from).collect();
    Ok((None, label(&paths), paths))
}

fn say(import: &Import, in_json: bool) -> Result<()> {
    match in_json {
        true => println!("{}", serde_json::to_string_pretty(import).map_err(Error::internal)?),
        false => println!(
            "{}: {} new, {} different from before, {} as they were.\nThe report is kept at /issue-imports/{}.",
            count(import.stored() as u64, "issue"),
            import.created,
            import.renewed,
            import.unchanged,
            import.id
        ),
    }
    Ok(())
}

fn mapping(path: Option<&String>) -> Result<Mapping> {
    let Some(path) = path else { return Ok(Mapping::default()) };
    let wrong = |error: &dyn std::fmt::Display| Error::invalid("map", format!("{path} cannot be used: {error}."));
    let text = fs::read_to_string(path).map_err(|error| wrong(&error))?;
    serde_json::from_str(&text).map_err(|error| wrong(&error))
}

/// The names of what is read, by which an import that was stopped is known again.
fn label(paths: &[PathBuf]) -> String {
    let name = |path: &Path| {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        whole.file_name().map_or_else(|| whole.display().to_string(), |name| name.to_string_lossy().into_owned())
    };
    let names: Vec<String> = paths.iter().map(|path| name(path)).collect();
    names.join(", ").chars().filter(|c| !c.is_control()).take(200).collect()
}

/// All of it is read before the first issue is stored: what is malformed leaves nothing behind.
async fn read(source: Tracker, paths: Vec<PathBuf>, mapping: Mapping, quiet: bool) -> Result<Reading> {
    let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
    bar.set_style(style("{spinner} {msg}"));
    let shown = bar.clone();
    let reading = spawn_blocking(move || {
        Reading::of(source, &paths, mapping, &mut |read| {
            if read % 500 == 0 {
                shown.set_message(format!("{} read", count(read, "issue")));
                shown.tick();
            }
        })
    });
    let reading = reading.await.map_err(Error::internal)?;
    bar.finish_and_clear();
    reading.map_err(|error| Error::invalid("files", error.to_string()))
}

/// The team of each project that has issues, and the names of the projects that have none here.
async fn teams(
    world: &World,
    reading: &Reading,
    said: &BTreeMap<String, String>,
    all: Option<&str>,
) -> Result<(BTreeMap<String, Id<Team>>, BTreeMap<String, String>)> {
    let (mut teams, mut without) = (BTreeMap::new(), BTreeMap::new());
    for (key, (name, _)) in reading.projects.iter().filter(|(_, (_, issues))| *issues > 0) {
        let name = if name.is_empty() { key } else { name };
        let wanted = said.get(key).or_else(|| said.get(name)).map(String::as_str).or(all);
        match (team(world, wanted.unwrap_or(name)).await, wanted) {
            (Ok(found), _) => drop(teams.insert(key.clone(), found)),
            (Err(error), Some(_)) => return Err(error),
            (Err(_), None) => drop(without.insert(key.clone(), name.clone())),
        }
    }
    Ok((teams, without))
}

fn needs_no_team(without: &BTreeMap<String, String>) -> Result<()> {
    let Some((key, name)) = without.first_key_value() else { return Ok(()) };
    let which = if name == key { key.clone() } else { format!("{key} ({name})") };
    let sentence =
        format!("Say which team gets the issues of {which}: --team {key}=TEAM, or --new-teams for one of its name.");
    Err(Error::invalid("team", sentence))
}

async fn new_team(world: &World, name: &str) -> Result<Id<Team>> {
    let add: AddTeam = serde_json::from_value(json!({ "name": name })).map_err(|_| {
        Error::invalid("team", format!("No team can be called {name}. Say which gets its issues: --team."))
    })?;
    Ok(world.app.call(&world.system(), add).await?.id)
}

async fn preview(world: &World, reading: &Reading, teams: &BTreeMap<String, Id<Team>>) -> Result<Preview> {
    let states = teams.iter().map(|(project, team)| TeamStates { team: *team, states: reading.states(project) });
    let preview = PreviewImport { source: reading.source, people: reading.people.clone(), states: states.collect() };
    world.app.call(&world.system(), preview).await
}

fn dry_run(
    mut reading: Reading,
    preview: &Preview,
    new_teams: &BTreeMap<String, String>,
    in_json: bool,
) -> Result<ExitCode> {
    let told = |error: intake::Error| Error::invalid("files", error.to_string());
    while reading.bunch().map_err(told)?.is_some() {}
    let projects: Vec<String> = reading.projects.keys().cloned().collect();
    let sprints = reading.sprints(&projects.iter().map(String::as_str).collect());
    if in_json {
        let report = Told::of(preview.people.iter().map(|one| one.by)).report(&reading.report)?;
        let whole = json!({ "issues": reading.issues(), "sprints": sprints, "new_teams": new_teams, "preview": preview, "report": report });
        println!("{}", serde_json::to_string_pretty(&whole).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    let (issues, sprints) = (count(reading.issues() as u64, "issue"), count(sprints.len() as u64, "sprint"));
    println!("{issues} and {sprints} would be brought over.\n\nPeople:");
    for one in &preview.people {
        match &one.person {
            Some(person) => println!("  {} is {person}, known by {}", one.name, one.by),
            None => println!("  {} is nobody here; the name stands until somebody says who it is", one.name),
        }
    }
    println!("\nStates:");
    for one in &preview.states {
        match (&one.becomes, one.meaning) {
            (Some(name), Some(meaning)) if meaning != one.category => {
                println!(
                    "  {} becomes {name}, which means {} here and {} there",
                    one.name,
                    meaning.word(),
                    one.category.word()
                );
            }
            (Some(name), _) => println!("  {} becomes {name}", one.name),
            (None, _) => println!("  {} becomes a new state, {}", one.name, one.category.word()),
        }
    }
    for (project, name) in new_teams {
        println!("\n{name} would be a new team, for the issues of {project}.");
    }
    println!("\n{}Nothing was changed.", reading.report);
    Ok(ExitCode::SUCCESS)
}

struct Sending<'w> {
    world: &'w World,
    teams: BTreeMap<String, Id<Team>>,
    quiet: bool,
}

impl Sending<'_> {
    async fn run(&self, mut reading: Reading, label: String, preview: &Preview) -> Result<Import> {
        let (app, system) = (&self.world.app, self.world.system());
        let label = label.try_into().map_err(|sentence: String| Error::invalid("files", sentence))?;
        let expected = reading.issues() as u32;
        let begin = BeginImport { source: reading.source, label, expected };
        let import = app.call(&system, begin).await?;
        let bar = if self.quiet { ProgressBar::hidden() } else { ProgressBar::new(expected.into()) };
        bar.set_style(style("{wide_bar} {pos} of {len} issues, {eta} left"));
        let mut told = Told::of(preview.people.iter().map(|one| one.by));
        loop {
            let (back, bunch) = next(reading).await?;
            reading = back;
            let Some((project, issues)) = bunch else { break };
            let team = *self.teams.get(&project).ok_or(Error::NotFound)?;
            bar.inc(issues.len() as u64);
            let stored: Stored = app.call(&system, ImportIssues { import: import.id, team, issues }).await?;
            told.issues(stored, &mut reading.report);
        }
        bar.finish_and_clear();
        self.sprints(import.id, &mut reading, &mut told).await?;
        let report = told.report(&reading.report)?;
        app.call(&system, FinishImport { import: import.id, report }).await
    }
}

impl Sending<'_> {
    /// Sprints are brought over after all issues, since they tell of these.
    async fn sprints(&self, import: Id<Import>, reading: &mut Reading, told: &mut Told) -> Result<()> {
        let mut of_team: BTreeMap<Id<Team>, BTreeSet<&str>> = BTreeMap::new();
        for (project, team) in &self.teams {
            of_team.entry(*team).or_default().insert(project);
        }
        for (team, projects) in of_team {
            for sprints in bunches(reading.sprints(&projects)) {
                let input = ImportSprints { import, team, sprints };
                told.sprints(self.world.app.call(&self.world.system(), input).await?);
            }
        }
        Ok(())
    }
}

type Bunch = Option<(String, Vec<work::import::Incoming>)>;

/// The temporary file is read on a thread that may wait for it.
async fn next(mut reading: Reading) -> Result<(Reading, Bunch)> {
    let read = spawn_blocking(move || {
        let bunch = reading.bunch();
        (reading, bunch)
    });
    let (reading, bunch) = read.await.map_err(Error::internal)?;
    Ok((reading, bunch.map_err(|error| Error::invalid("files", error.to_string()))?))
}
