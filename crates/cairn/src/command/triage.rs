//! What waits in the triage of a team, on the command line.
use super::{histories, search::whose};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use jiff::tz::TimeZone;
use kernel::{Clock, Error, Result};
use std::process::ExitCode;
use work::triage::{ShowTriage, Waiting};

pub fn cli() -> Command {
    let team = Arg::new("team").required(true).value_name("TEAM").help("The name of the team");
    let person = Arg::new("as").long("as").value_name("MAIL").help("Who looks; the owner if left out");
    let in_json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON object");
    Command::new("triage")
        .about("List what waits in the triage of a team, what is due first at the top")
        .args([person, in_json, team])
}

/// `cairn triage TEAM`
pub async fn triage(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = whose(&world, arguments).await?;
    let team = histories::team(&world, arguments.get_one::<String>("team").map_or("", String::as_str)).await?;
    let view = world.app.call(&actor, ShowTriage { team }).await?;
    if arguments.get_flag("json") {
        println!("{}", serde_json::to_string(&view).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(turn) = view.turns.first() {
        println!("{} has the turn.", turn.person_name);
    }
    let (now, zone) = (world.app.clock.now(), TimeZone::get(&view.zone).map_err(Error::internal)?);
    for Waiting { issue, waited_minutes, due_at, .. } in &view.waiting {
        let due = match due_at {
            Some(at) if *at < now => format!("  overdue since {}", ui::day_and_time(*at, &zone)),
            Some(at) => format!("  due {}", ui::day_and_time(*at, &zone)),
            None => String::new(),
        };
        println!("{:10} {:8} {}{due}", issue.key, ui::minutes(*waited_minutes), issue.title);
    }
    match view.waiting.is_empty() {
        true => println!("Nothing waits."),
        false => println!("Times are those of {}.", view.zone),
    }
    Ok(ExitCode::SUCCESS)
}
