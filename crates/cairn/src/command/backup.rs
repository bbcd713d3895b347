//! Backup, restore and the way from one engine to the other: one format for all three.
use crate::{PARTS, config::Config};
use clap::{Arg, ArgMatches, Command};
use db::Db;
use kernel::{Actor, App, Clock, Error, Id, Result};
use people::account::EndAllAccess;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter},
    path::Path,
    process::ExitCode,
    sync::Arc,
};

pub fn backup_cli() -> Command {
    let file =
        Arg::new("file").required(true).help("Where to write; - for standard output, for instance into age or gzip");
    Command::new("backup").about("Write everything, as it stands now, into one file").arg(file)
}

pub fn restore_cli() -> Command {
    let file = Arg::new("file").required(true).help("A file written by `cairn backup`; - for standard input");
    Command::new("restore").about("Read a backup into a database that holds nothing yet").arg(file)
}

pub fn copy_cli() -> Command {
    let to = Arg::new("to")
        .long("to")
        .required(true)
        .value_name("URL")
        .help("postgres://… or a path for the embedded database");
    Command::new("copy").about("Copy everything to another database, of either engine").arg(to)
}

/// `cairn backup FILE`
pub async fn backup(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let name = arguments.get_one::<String>("file").map_or("-", String::as_str);
    let db = Db::open(&config.database(), PARTS).await?;
    let counts = match name {
        "-" => db::dump(&db, Box::new(BufWriter::new(io::stdout()))).await?,
        name => to_file(&db, Path::new(name)).await?,
    };
    eprintln!("{} rows of {} tables.", counts.values().sum::<i64>(), counts.len());
    Ok(ExitCode::SUCCESS)
}

/// Written beside its place and moved there when it is whole and on the disk.
async fn to_file(db: &Db, path: &Path) -> Result<db::Counts> {
    let beside = path.with_extension("unfinished");
    let unmade = |error: io::Error| Error::invalid("file", format!("{} cannot be written: {error}.", path.display()));
    let file = private(&beside).map_err(unmade)?;
    let disk = file.try_clone().map_err(unmade)?;
    let counts = db::dump(db, Box::new(BufWriter::new(file))).await?;
    disk.sync_all().map_err(unmade)?;
    fs::rename(&beside, path).map_err(unmade)?;
    Ok(counts)
}

/// A file that only its owner reads.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// `cairn restore FILE`: sessions, tokens and links of the time of the backup do not come back to life, and letters
/// that waited then are not sent.
pub async fn restore(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let name = arguments.get_one::<String>("file").map_or("-", String::as_str);
    let unread = |error: io::Error| Error::invalid("file", format!("{name} cannot be read: {error}."));
    let lines: Box<dyn BufRead + Send> = match name {
        "-" => Box::new(BufReader::new(io::stdin())),
        name => Box::new(BufReader::new(File::open(name).map_err(unread)?)),
    };
    if config.text("database-url").is_empty() {
        fs::create_dir_all(config.data()).map_err(unread)?;
    }
    let db = Db::open(&config.database(), PARTS).await?;
    refuse_filled(&db).await?;
    let counts = db::load(&db, lines).await?;
    end_access(&db).await?;
    println!(
        "{} rows restored. Everyone signs in anew; tokens and links of before do not work.",
        counts.values().sum::<i64>()
    );
    Ok(ExitCode::SUCCESS)
}

/// `cairn copy --to URL`
pub async fn copy(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let to = arguments.get_one::<String>("to").map_or("", String::as_str);
    let (from, to) = (Db::open(&config.database(), PARTS).await?, Db::open(to, PARTS).await?);
    refuse_filled(&to).await?;
    let (read, write) = io::pipe().map_err(Error::internal)?;
    let reading = tokio::spawn(async move { db::dump(&from, Box::new(BufWriter::new(write))).await });
    let written = db::load(&to, Box::new(BufReader::new(read))).await?;
    let read = reading.await.map_err(Error::internal)??;
    println!("{} rows copied.", written.values().sum::<i64>());
    Ok(if read == written { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn refuse_filled(db: &Arc<Db>) -> Result<()> {
    let counts = db::dump(db, Box::new(io::sink())).await?;
    match counts.get("workspaces") {
        Some(0) => Ok(()),
        _ => Err(Error::conflict("This database holds a workspace already. Restore into an empty one.")),
    }
}

async fn end_access(db: &Arc<Db>) -> Result<()> {
    let app = App::new(db.clone(), PARTS, Clock::default(), people::account::admit);
    app.call(&Actor::system(Id::from_u128(0)), EndAllAccess {}).await
}
