//! Connections to code hosts and to what builds: made here, read by the server.
use super::{histories::team, sources::repository};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::connection::{AddConnection, Connection, ListConnections, State};
use kernel::{Clock, Error, Result, json, parse};
use std::{fs, io, process::ExitCode};

/// Bytes of the longest token or private key that is read.
const LONGEST: u64 = 10_000;

pub fn cli() -> Command {
    Command::new("connect")
        .about("Let Cairn ask a code host, CircleCI or Jenkins by itself, and again each night")
        .subcommand_required(true)
        .subcommand(
            host(
                "github",
                "Connect a repository or an organisation of GitHub",
                "owner/name, or the name of an organisation",
                "A GitHub Enterprise server, as in https://github.example.com",
            )
            .args([
                option("app", "ID", "The GitHub App that asks; the token is then its private key")
                    .requires("installation"),
                option("installation", "NUMBER", "The number of its installation").requires("app"),
            ]),
        )
        .subcommand(host(
            "gitlab",
            "Connect a project or a group of GitLab",
            "group/project, or the name of a group",
            "A server of your own, as in https://git.example.com",
        ))
        .subcommand(builds(
            "circleci",
            "Connect a project or an organisation of CircleCI",
            "gh/owner/name, or gh/owner with --group",
            "A server of your own, as in https://circleci.example.com",
        ))
        .subcommand(
            builds(
                "jenkins",
                "Connect a job, a folder or all of a server of Jenkins",
                "folder/job, the address of its page, or / with --group",
                "The server, as in https://ci.example.com/jenkins",
            )
            .arg(option("login", "USER", "The user whose token it is").required(true)),
        )
        .subcommand(Command::new("list").about("Say what is connected, how far it is, and what is wrong"))
}

fn option(word: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(word).long(word).value_name(value).help(help)
}

/// A system, what its paths are like, and when a server is to be named.
fn system(word: &'static str, about: &'static str, path: &'static str, server: &'static str) -> Command {
    let path = Arg::new("path").required(true).value_name("NAME").help(path);
    let group = Arg::new("group").long("group").action(ArgAction::SetTrue);
    let group = group.help("All of an organisation, a group or a server");
    let server = option("address", "URL", server);
    let token = option("token-file", "FILE", "Where the token is; else it is read from standard input");
    let since = option("since", "DATE", "Leave what was last changed before; else a year ago");
    Command::new(word).about(about).args([path, group, server, token, since])
}

fn host(word: &'static str, about: &'static str, path: &'static str, server: &'static str) -> Command {
    system(word, about, path, server).arg(option("team", "NAME", "The team that gets repositories without one"))
}

fn builds(word: &'static str, about: &'static str, path: &'static str, server: &'static str) -> Command {
    let help = "The repository to which all builds belong; else each says which it built";
    system(word, about, path, server).arg(option("repository", "NAME", help))
}

/// `cairn connect`
pub async fn connect(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let Some((what, given)) = arguments.subcommand() else { return Ok(ExitCode::FAILURE) };
    if what == "list" {
        return list(&world).await;
    }
    let text = |name: &str| given.try_get_one::<String>(name).ok().flatten().cloned();
    let team = match text("team") {
        Some(name) => Some(team(&world, &name).await?),
        None => None,
    };
    let repository = match text("repository") {
        Some(name) => Some(repository(&world, &name).await?),
        None => None,
    };
    let scope = if given.get_flag("group") { "group" } else { "repository" };
    let token = token(text("token-file").as_deref())?;
    let input = json!({
        "system": what, "scope": scope, "path": text("path"), "address": text("address"), "token": token, "team": team,
        "login": text("login"), "app": text("app"), "installation": text("installation"), "repository": repository, "since": text("since"),
    });
    world.app.call(&world.system(), parse::<AddConnection>(input)?).await?;
    println!(
        "It is connected. The server reads it, now if it runs; /connections and `cairn connect list` say how far it is."
    );
    Ok(ExitCode::SUCCESS)
}

/// A token as an argument would be seen by everybody on this machine.
pub(super) fn token(file: Option<&str>) -> Result<String> {
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
