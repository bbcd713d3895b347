use crate::{config::Config, world::World};
use kernel::{Clock, Result};
use std::process::ExitCode;

/// `cairn init`
pub async fn init(config: &Config) -> Result<ExitCode> {
    World::open(config, Clock::default()).await?;
    println!("Ready in {}. Start it with: cairn serve", config.data().display());
    Ok(ExitCode::SUCCESS)
}
