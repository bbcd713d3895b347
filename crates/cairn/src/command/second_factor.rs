use super::token::actor;
use crate::{config::Config, world::World};
use clap::{Arg, ArgMatches, Command};
use kernel::{Clock, Result};
use people::account::factor::RemoveFactorOf;
use std::process::ExitCode;

pub fn cli() -> Command {
    let person = Arg::new("for").long("for").value_name("MAIL").required(true).help("Whose second factor it is");
    let remove = Command::new("remove").about("Let a person in with the password alone until they add an app again");
    Command::new("second-factor")
        .about("Help somebody who has lost their app and their recovery codes")
        .subcommand_required(true)
        .subcommand(remove.arg(person))
}

/// `cairn second-factor remove`: whoever has the server in their hands may help even the only owner.
pub async fn second_factor(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let Some((_, given)) = arguments.subcommand() else { return Ok(ExitCode::FAILURE) };
    let person = actor(&world, "for", given.get_one::<String>("for").map_or("", String::as_str)).await?.person;
    world.app.call(&world.system(), RemoveFactorOf { person }).await?;
    println!("The password alone lets them in now. All their sessions and tokens have ended.");
    Ok(ExitCode::SUCCESS)
}
