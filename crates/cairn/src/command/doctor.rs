use crate::{
    config::{Config, KEYS, Key, Origin},
    files::Files,
    house::{blobs::CountWaiting, hold::ShowMailHold},
    keys, memory,
    outside::Real,
    world::World,
};
use kernel::{Clock, Result};
use people::account::factor::sealed::{CheckFactors, Checked};
use search::state::ShowSearchState;
use std::{net::SocketAddr, process::ExitCode};

/// `cairn doctor`
pub async fn doctor(config: &Config) -> Result<ExitCode> {
    println!("In force (flags, then CAIRN_* variables, then {}):", config.file.display());
    for key in KEYS {
        println!("  {:16} {:40} {}", key.name, shown(config, key), config.origin(key.name).in_words());
    }
    println!("  {:16} {}", "sqlite", db::sqlite_version());
    if let Some(sentence) = memory::swapped() {
        println!("  {sentence}");
    }
    let troubles = troubles(config).await;
    match troubles.as_slice() {
        [] => println!("Nothing is wrong."),
        all => all.iter().for_each(|trouble| println!("Wrong: {trouble}")),
    }
    Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn shown(config: &Config, key: &Key) -> String {
    match (config.text(key.name), key.secret) {
        ("", _) => "(not set)".into(),
        (_, true) => "(set, not shown)".into(),
        (text, false) => text.to_owned(),
    }
}

async fn troubles(config: &Config) -> Vec<String> {
    let mut found: Vec<String> = config
        .unknown
        .iter()
        .map(|word| format!("{} sets `{word}`, which means nothing.", config.file.display()))
        .collect();
    if config.text("listen").parse::<SocketAddr>().is_err() {
        found.push("`listen` is not an address with a port, such as 127.0.0.1:7777.".into());
    }
    let elsewhere = !config.text("listen").starts_with("127.") && !config.text("listen").starts_with("[::1]");
    if elsewhere && config.text("base-url").is_empty() {
        found.push("`base-url` is not set, so links in mail would lead to nowhere.".into());
    }
    if !config.text("base-url").is_empty() && !config.text("base-url").starts_with("https://") && elsewhere {
        found.push(
            "`base-url` is not https, and browsers keep no session without it. Put a reverse proxy in front.".into(),
        );
    }
    found.extend(config.trusted_proxies().err().map(|error| error.to_string()));
    found.extend(config.connect_inside().err().map(|error| error.to_string()));
    found.extend(config.reply_to().err().map(|error| error.to_string()));
    found.extend(config.mail_listen().err().map(|error| error.to_string()));
    found.extend(config.mailbox().err().map(|error| error.to_string()));
    match Real::new(config, false) {
        Ok(outside) => found.extend(files(config, &outside.files()).await),
        Err(error) => found.push(error.to_string()),
    }
    if config.text("smtp-url").is_empty() && config.origin("smtp-url") == Origin::BuiltIn {
        println!("  Mail is not sent; it goes into {}.", config.data().join("mail").display());
    }
    match World::open(config, Clock::default()).await {
        Err(error) => found.push(format!("The database cannot be used: {error}")),
        Ok(world) => {
            println!("  Secrets at rest are sealed with {}; no backup holds it.", keys::root_key(config).display());
            found.extend(database(&world).await);
        }
    }
    found
}

/// Says where files are, and tries the place.
async fn files(config: &Config, files: &Files) -> Option<String> {
    println!("  Files are kept in {}.", files.place());
    if files.is_folder() && !config.text("database-url").is_empty() {
        println!(
            "  The database is for several machines, and this folder is on one: give them all the same `files-url`."
        );
    }
    let error = files.answers().await.err()?;
    Some(format!("Files cannot be kept: {error}."))
}

async fn database(world: &World) -> Vec<String> {
    if let Ok(waiting @ 1..) = world.app.call(&world.system(), CountWaiting {}).await {
        println!("  {waiting} files are still in the database; the server moves them.");
    }
    if let Ok(Checked { all, unreadable: 1.. }) = world.app.call(&world.system(), CheckFactors { forget: false }).await
    {
        println!(
            "  Of {all} second factors some were sealed with another `root.key`; their people need their recovery codes."
        );
    }
    if let Ok(hold) = world.app.call(&world.system(), ShowMailHold {}).await
        && let Some(at) = hold.held_at
    {
        println!("  Mail is held since a restore ({at}); `cairn mail release` lets it leave.");
    }
    match world.app.call(&world.system(), ShowSearchState {}).await {
        Ok(search) => println!("  {}", search.in_words()),
        Err(error) => return vec![format!("The state of the search cannot be read: {error}")],
    }
    match db::prepare_all(&world.db).await {
        Err(error) => vec![format!("The database cannot be asked: {error}")],
        Ok(checked) => {
            let broken = checked.iter().filter_map(|one| one.columns.as_ref().err().map(|error| (one, error)));
            let sentence = |(one, error): (&db::Checked, &kernel::Error)| {
                format!("The query at {} does not fit the tables: {error}", one.place)
            };
            broken.map(sentence).collect()
        }
    }
}
