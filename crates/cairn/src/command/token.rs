use crate::config::Config;
use clap::{ArgMatches, Command};
use kernel::Result;
use std::process::ExitCode;

pub fn cli() -> Command {
    Command::new("token").about("Make, list and end tokens for programs")
}

/// `cairn token`
pub async fn token(_: &Config, _: &ArgMatches) -> Result<ExitCode> {
    Ok(ExitCode::SUCCESS)
}
