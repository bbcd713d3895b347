use crate::{config::Config, keys, world::World};
use kernel::{Clock, Result};
use std::process::ExitCode;

/// `cairn init`
pub async fn init(config: &Config) -> Result<ExitCode> {
    World::open(config, Clock::default()).await?;
    keys::signing_key(config)?;
    println!("Ready in {}. Start it with: cairn serve", config.data().display());
    Ok(ExitCode::SUCCESS)
}
