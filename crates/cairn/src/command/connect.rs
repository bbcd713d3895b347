//! Connections to code hosts: made here, read by the server.
use super::histories::team;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::connection::{AddConnection, Connection, ListConnections, State};
use kernel::{Clock, Error, Result, json, parse};
use std::{fs, io, process::ExitCode};

/// Bytes of the longest token that is read.
const LONGEST: u64 = 1_000;

pub fn cli() -> Command {
    let system = |word: &'static str, about: &'static str, path: &'static str, server: &'static str| {
        let path = Arg::new("path").required(true).value_name("NAME").help(path);
        let group = Arg::new("group")
            .long("group")
            .action(ArgAction::SetTrue)
            .help("All repositories of an organisation or group of this name");
        let server = Arg::new("address").long("address").value_name("URL").help(server);
        let token = Arg::new("token-file")
            .long("token-file")
            .value_name("FILE")
            .help("Where the token is; else it is read from standard input");
        let team = Arg::new("team").long("team").value_name("NAME").help("The team that gets repositories without one");
        let since = Arg::new("since")
            .long("since")
            .value_name("DATE")
            .help("Leave what was last changed before; else a year ago");
        Command::new(word).about(about).args([path, group, server, token, team, since])
    };
    Command::new("connect")
        .about("Let Cairn ask a code host by itself, and again each night")
        .subcommand_required(true)
        .subcommand(system(
            "github",
            "Connect a repository or an organisation of GitHub",
            "owner/name, or the name of an organisation",
            "A GitHub Enterprise server, as in https://github.example.com",
        ))
        .subcommand(system(
            "gitlab",
            "Connect a project or a group of GitLab",
            "group/project, or the name of a group",
            "A server of your own, as in https://git.example.com",
        ))
        .subcommand(Command::new("list").about("Say what is connected, how far it is, and what is wrong"))
}

/// `cairn connect`
pub async fn connect(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let Some((what, given)) = arguments.subcommand() else { return Ok(ExitCode::FAILURE) };
    if what == "list" {
        return list(&world).await;
    }
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let team = match text("team") {
        Some(name) => Some(team(&world, &name).await?),
        None => None,
    };
    let scope = if given.get_flag("group") { "group" } else { "repository" };
    let token = token(text("token-file").as_deref())?;
    let input = json!({
        "system": what, "scope": scope, "path": text("path"), "address": text("address"), "token": token, "team": team,
        "since": text("since"),
    });
    world.app.call(&world.system(), parse::<AddConnection>(input)?).await?;
    println!(
        "It is connected. The server reads it, now if it runs; /connections and `cairn connect list` say how far it is."
    );
    Ok(ExitCode::SUCCESS)
}

/// A token as an argument would be seen by everybody on this machine.
fn token(file: Option<&str>) -> Result<String> {
    let read = match file {
        Some(path) => fs::read_to_string(path),
        None => io::read_to_string(io::Read::take(io::stdin(), LONGEST)),
    };
    let read = read.map_err(|error| Error::invalid("token", format!("The token cannot be read: {error}.")))?;
    Ok(read.trim().to_owned())
}

async fn list(world: &World) -> Result<ExitCode> {
    let all = world.app.call(&world.system(), ListConnections {}).await?;
    if all.is_empty() {
        println!("Nothing is connected.");
    }
    all.iter().for_each(|one| println!("{}", in_words(one)));
    let failed = all.iter().any(|one| one.state == State::Failed);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn in_words(one: &Connection) -> String {
    let all = one.done + one.waiting;
    let state = match one.state {
        State::Reading => format!("reading, {} of {all} requests or more", one.done),
        State::Done => "up to date".to_owned(),
        State::Stopped => format!("stopped, {} of {all} requests", one.done),
        State::Failed => "needs you".to_owned(),
    };
    let problem = if one.problem.is_empty() { String::new() } else { format!("  {}", one.problem) };
    format!("{}  {} at {}: {state}.{problem}", one.path, one.system.title(), one.server)
}
