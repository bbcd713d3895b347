use crate::{
    config::Config,
    mail::{Fate, Post},
    world::World,
};
use clap::{Arg, ArgMatches, Command};
use kernel::{Clock, Error, Result};
use replies::LARGEST;
use std::{
    io::{self, Read},
    process::ExitCode,
};

/// How programs behind a mail alias say that the message is bad, or should be offered again (sysexits.h).
const BAD_DATA: u8 = 65;
const TRY_AGAIN: u8 = 75;

pub fn cli() -> Command {
    let to = Arg::new("to")
        .long("to")
        .value_name("ADDRESS")
        .help("The address to which it was delivered, where the mail server tells it");
    Command::new("receive").about("Take in one message, an answer to a letter, from the standard input").arg(to)
}

/// `cairn receive < message`
pub async fn receive(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let mut raw = Vec::new();
    io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut raw).map_err(Error::internal)?;
    let world = match World::open(config, Clock::default()).await {
        Ok(world) => world,
        Err(error) => return Ok(later(&error)),
    };
    let post = Post { app: world.app.clone(), workspace: world.workspace };
    match post.receive(&raw, arguments.get_one::<String>("to").map_or("", String::as_str)).await {
        Ok(Fate::Received(receipt)) => {
            println!("{}", receipt.outcome.word());
            Ok(ExitCode::SUCCESS)
        }
        Ok(Fate::Unreadable(sentence)) => {
            eprintln!("cairn: {sentence}");
            Ok(ExitCode::from(BAD_DATA))
        }
        Err(error) => Ok(later(&error)),
    }
}

fn later(error: &Error) -> ExitCode {
    eprintln!("cairn: {error}");
    ExitCode::from(TRY_AGAIN)
}
