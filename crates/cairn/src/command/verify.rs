use crate::{config::Config, keys, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Clock, Error, Result};
use std::{fs, process::ExitCode};

pub fn cli() -> Command {
    let checkpoint =
        Arg::new("checkpoint").long("checkpoint").value_name("FILE").action(ArgAction::Append).help(
            "A signed checkpoint that was kept elsewhere: a file, or a letter that was saved; may be given again",
        );
    let json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("Answer in JSON");
    Command::new("verify")
        .about("Walk the chain of events and say the first place that is wrong")
        .arg(checkpoint)
        .arg(json)
}

/// `cairn verify`
pub async fn verify(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let keys = [keys::signing_key(config)?.verifier()];
    let mut notes = Vec::new();
    for path in arguments.get_many::<String>("checkpoint").into_iter().flatten() {
        let unread = |error: std::io::Error| Error::invalid("checkpoint", format!("{path} cannot be read: {error}."));
        let text = fs::read_to_string(path).map_err(unread)?;
        let none = || Error::invalid("checkpoint", format!("{path} holds no signed checkpoint."));
        notes.push(audit::checkpoint::find(&text).ok_or_else(none)?);
    }
    let verdict = audit::verify(&world.app, world.workspace, &keys, &notes).await?;
    match arguments.get_flag("json") {
        true => println!("{}", serde_json::to_string(&verdict).map_err(Error::internal)?),
        false => println!("{}", verdict.in_words()),
    }
    Ok(if verdict.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
