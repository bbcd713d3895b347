use crate::{
    config::Config,
    house::hold::{ReleaseMail, ShowMailHold},
    world::World,
};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Clock, Result};
use std::process::ExitCode;

pub fn cli() -> Command {
    let drop = Arg::new("drop")
        .long("drop")
        .action(ArgAction::SetTrue)
        .help("Drop the letters that were written since the restore instead of sending them");
    let release = Command::new("release").about("Let mail leave again that is held since a restore").arg(drop);
    Command::new("mail").about("Say whether mail leaves, and let it leave again").subcommand(release)
}

/// `cairn mail` and `cairn mail release`
pub async fn mail(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    if let Some(("release", given)) = arguments.subcommand() {
        let send = !given.get_flag("drop");
        let count = world.app.call(&world.system(), ReleaseMail { send }).await?;
        println!("Mail leaves again. Letters {}: {count}.", if send { "on the way" } else { "dropped" });
        return Ok(ExitCode::SUCCESS);
    }
    let hold = world.app.call(&world.system(), ShowMailHold {}).await?;
    match hold.held_at {
        Some(at) => println!("Mail is held since {at}; {} letters wait. Next: cairn mail release", hold.waiting),
        None => println!("Mail leaves as it is written; {} letters wait.", hold.waiting),
    }
    Ok(ExitCode::SUCCESS)
}
