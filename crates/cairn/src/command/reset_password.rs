use super::token::actor;
use crate::{config::Config, world::World};
use clap::{Arg, ArgMatches, Command};
use kernel::{Clock, Result};
use people::account::reset::MakeReset;
use std::process::ExitCode;

pub fn cli() -> Command {
    let person = Arg::new("for").long("for").value_name("MAIL").required(true).help("Who needs a new password");
    Command::new("reset-password")
        .about("Print a link to a new password, for somebody whom no mail reaches")
        .arg(person)
}

/// `cairn reset-password`: whoever has the server in their hands may help even the only owner.
pub async fn reset_password(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let person = actor(&world, "for", arguments.get_one::<String>("for").map_or("", String::as_str)).await?.person;
    println!("{}", world.app.call(&world.system(), MakeReset { person }).await?);
    Ok(ExitCode::SUCCESS)
}
