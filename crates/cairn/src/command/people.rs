//! People in and out of files.
use super::{exchange, export as delivery_lines, finishes, histories, results, sources, trackers};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Clock, Error, Result};
use people::{
    import::{Defaults, ImportPeople, Mapping, report_as_text},
    person::ListPeople,
};
use std::{fs, process::ExitCode};

pub fn import_cli() -> Command {
    let file = Arg::new("file").required(true).help("A CSV file, as an HR system exports it");
    let dry_run = Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would happen");
    let zone = Arg::new("zone").long("zone").help("The time zone of new people, where the file does not tell it");
    let teams = Arg::new("create-teams")
        .long("create-teams")
        .action(ArgAction::SetTrue)
        .help("Make the teams that are not here yet");
    let people = Command::new("people").about("Import people from the CSV file of an HR system");
    Command::new("import")
        .about("Bring data over from other systems")
        .subcommand_required(true)
        .subcommand(people.args([file, dry_run, zone, teams]))
        .subcommand(histories::cli())
        .subcommands(sources::cli())
        .subcommands(results::cli())
        .subcommand(finishes::cli())
        .subcommands(trackers::cli())
        .subcommand(exchange::import_cli())
}

pub fn export_cli() -> Command {
    let people = Command::new("people").about("Write the people who work here to standard output, a line of JSON each");
    Command::new("export")
        .about("Write data in plain formats")
        .subcommand_required(true)
        .subcommand(people)
        .subcommand(delivery_lines::cli())
        .subcommand(exchange::export_cli())
}

/// `cairn import people FILE`, `cairn import git PATH-or-URL…` and the like
pub async fn import(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    match arguments.subcommand() {
        Some(("git", given)) => histories::import(config, given).await,
        Some(("finishes", given)) => finishes::import(config, given).await,
        Some(("folder", given)) => exchange::import(config, given).await,
        Some((name, given)) if trackers::system(name).is_some() => trackers::import(config, name, given).await,
        Some((name, given)) if sources::knows(name) => sources::import(config, name, given).await,
        Some((name, given)) if results::knows(name) => results::import(config, name, given).await,
        Some((_, given)) => import_people(config, given).await,
        None => Ok(ExitCode::FAILURE),
    }
}

async fn import_people(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let path = given.get_one::<String>("file").map_or("", String::as_str);
    let unread = |error: std::io::Error| Error::invalid("file", format!("{path} cannot be read: {error}."));
    let bytes = fs::read(path).map_err(unread)?;
    let zone = given.get_one::<String>("zone").map(|zone| zone.parse()).transpose();
    let zone = zone.map_err(|sentence: String| Error::invalid("zone", sentence))?;
    let defaults = Defaults { zone, hours: None, create_teams: given.get_flag("create-teams") };
    let mut import = ImportPeople::new(&bytes, &Mapping::default(), &defaults)?;
    import.dry_run = given.get_flag("dry-run");
    let world = World::open(config, Clock::default()).await?;
    let report = world.app.call(&world.system(), import).await?;
    println!("{}", report_as_text(&report));
    Ok(if report.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// `cairn export people`, `cairn export delivery` and `cairn export issues`
pub async fn export(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    match arguments.subcommand() {
        Some(("delivery", given)) => delivery_lines::export(config, given).await,
        Some(("issues", given)) => exchange::export(config, given).await,
        _ => export_people(config).await,
    }
}

async fn export_people(config: &Config) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let mut after = String::new();
    loop {
        let list = ListPeople { after, limit: Some(200), ..ListPeople::default() };
        let page = world.app.call(&world.system(), list).await?;
        for person in &page.people {
            let shown = world.app.call(&world.system(), people::person::ShowPerson { person: person.id }).await?;
            println!("{}", serde_json::to_string(&shown).map_err(Error::internal)?);
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(ExitCode::SUCCESS),
        }
    }
}
