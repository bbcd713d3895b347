//! What commands need to run in this process on the database of a world.
use cairn::config::Config;
use std::path::Path;
use testkit::{World, sqlite_file};

/// Names the database of a world, and a folder of this process for what lies beside it.
pub fn config(world: &World) -> Config {
    let folder = Path::new(&sqlite_file()).with_file_name("data");
    let given = |key: &str| match key {
        "data" => Some(folder.to_string_lossy().into_owned()),
        "database-url" => Some(world.url.clone()),
        _ => None,
    };
    Config::load(given, None).expect("the configuration is sound")
}
