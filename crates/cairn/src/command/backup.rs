//! Backup, restore and the way from one engine to the other: one format for all three.
mod blobs;

use crate::{PARTS, config::Config, files::Files, keys, ledger};
use blobs::{Told, pack, unpack};
use clap::{Arg, ArgAction, ArgMatches, Command};
use db::{Counts, Db};
use kernel::{Actor, App, Clock, Error, Id, Result};
use people::account::{
    EndAllAccess,
    factor::sealed::CheckFactors,
    ledger::{AccessNote, TakeAway},
};
use rituals::retrospective::guest::EndAllLinks;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::Path,
    process::ExitCode,
    sync::Arc,
};
use tokio::{runtime::Handle, task::spawn_blocking};
use work::intake_form::CloseAllForms;

pub fn backup_cli() -> Command {
    let file =
        Arg::new("file").required(true).help("Where to write; - for standard output, for instance into age or gzip");
    Command::new("backup").about("Write everything, as it stands now, into one file").arg(file)
}

pub fn restore_cli() -> Command {
    let file = Arg::new("file").required(true).help("A file written by `cairn backup`; - for standard input");
    let notes = Arg::new("access-notes").long("access-notes").value_name("FILE").action(ArgAction::Append).help(
        "The file access.notes of a server that ran since the backup; access.notes in the data folder is read without asking",
    );
    Command::new("restore").about("Read a backup into a database that holds nothing yet").args([file, notes])
}

pub fn copy_cli() -> Command {
    let to = Arg::new("to")
        .long("to")
        .required(true)
        .value_name("URL")
        .help("postgres://… or a path for the embedded database");
    let files = Arg::new("files-to")
        .long("files-to")
        .value_name("PLACE")
        .help("Another folder or s3://bucket/prefix for the files; without it they stay where they are");
    Command::new("copy").about("Copy everything to another database, of either engine").args([to, files])
}

/// `cairn backup FILE`
pub async fn backup(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let name = arguments.get_one::<String>("file").map_or("-", String::as_str);
    let db = Db::open(&config.database(), PARTS).await?;
    let files = Arc::new(Files::open(config)?);
    let (counts, told) = match name {
        "-" => packed(&db, files, io::stdout()).await?,
        name => to_file(&db, files, Path::new(name)).await?,
    };
    let rows = counts.values().sum::<i64>();
    eprintln!("{rows} rows of {} tables, {} files from the store.", counts.len(), told.moved);
    eprintln!(
        "Not in it, keep copies elsewhere: root.key, signing.key and access.notes of {}.",
        config.data().display()
    );
    Ok(outcome(&told))
}

/// Names the files that could not be brought along.
fn outcome(told: &Told) -> ExitCode {
    told.missing.iter().for_each(|what| eprintln!("Missing: {what}"));
    if told.missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A dump together with the bytes that are in the store.
async fn packed(db: &Db, files: Arc<Files>, out: impl Write + Send + 'static) -> Result<(Counts, Told)> {
    let (read, write) = io::pipe().map_err(Error::internal)?;
    let runtime = Handle::current();
    let packing = spawn_blocking(move || pack(BufReader::new(read), BufWriter::new(out), &files, &runtime));
    let counts = db::dump(db, Box::new(BufWriter::new(write))).await;
    both(counts, packing.await.map_err(Error::internal)?)
}

/// What `packed` wrote, into a database and a store.
async fn unpacked(db: &Db, files: Arc<Files>, lines: impl BufRead + Send + 'static) -> Result<(Counts, Told)> {
    let (read, write) = io::pipe().map_err(Error::internal)?;
    let runtime = Handle::current();
    let unpacking = spawn_blocking(move || unpack(lines, BufWriter::new(write), &files, &runtime));
    let counts = db::load(db, Box::new(BufReader::new(read))).await;
    both(counts, unpacking.await.map_err(Error::internal)?)
}

/// When one side fails, the other one only finds the pipe broken.
fn both(counts: Result<Counts>, told: Result<Told>) -> Result<(Counts, Told)> {
    match (counts, told) {
        (Ok(counts), Ok(told)) => Ok((counts, told)),
        (Err(error), Ok(_) | Err(Error::Busy(_))) | (_, Err(error)) => Err(error),
    }
}

/// Written beside its place and moved there when it is whole and on the disk.
async fn to_file(db: &Db, files: Arc<Files>, path: &Path) -> Result<(Counts, Told)> {
    let beside = path.with_extension("unfinished");
    let unmade = |error: io::Error| Error::invalid("file", format!("{} cannot be written: {error}.", path.display()));
    let file = private(&beside).map_err(unmade)?;
    let disk = file.try_clone().map_err(unmade)?;
    let written = packed(db, files, file).await?;
    disk.sync_all().map_err(unmade)?;
    fs::rename(&beside, path).map_err(unmade)?;
    Ok(written)
}

/// A file that only its owner reads.
pub(crate) fn private(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

/// `cairn restore FILE`: sessions, tokens and links of the time of the backup do not come back to life, nor does what was taken
/// from accounts since; letters that waited then are not sent, and those written from now on are held.
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
    let notes = notes(config, arguments)?;
    let files = Arc::new(Files::open(config)?);
    let (counts, told) = unpacked(&db, files, lines).await?;
    let (less, factors) = end_access(config, &db, notes).await?;
    println!(
        "{} rows and {} files restored. Everyone signs in anew; tokens and links of before do not work.",
        counts.values().sum::<i64>(),
        told.moved - told.missing.len()
    );
    println!("Accounts that may do less than in the backup, because of what happened since: {less}.");
    if factors > 0 {
        println!(
            "Second factors that root.key of this folder does not open, and that have to be added anew: {factors}."
        );
    }
    println!("No mail leaves until you release it, on the admin page or with `cairn mail release`.");
    Ok(outcome(&told))
}

/// `cairn copy --to URL`
pub async fn copy(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let to = arguments.get_one::<String>("to").map_or("", String::as_str);
    let (from, to) = (Db::open(&config.database(), PARTS).await?, Db::open(to, PARTS).await?);
    refuse_filled(&to).await?;
    let (read, write) = io::pipe().map_err(Error::internal)?;
    let Some(place) = arguments.get_one::<String>("files-to") else {
        let reading = tokio::spawn(async move { db::dump(&from, Box::new(BufWriter::new(write))).await });
        let written = db::load(&to, Box::new(BufReader::new(read))).await?;
        reading.await.map_err(Error::internal)??;
        println!("{} rows copied. The files stay in {}.", written.values().sum::<i64>(), Files::open(config)?.place());
        return Ok(ExitCode::SUCCESS);
    };
    let (files, files_to) = (Arc::new(Files::open(config)?), Arc::new(Files::at(place)?));
    let reading = tokio::spawn(async move { packed(&from, files, write).await });
    let (written, _) = unpacked(&to, files_to, BufReader::new(read)).await?;
    let (_, told) = reading.await.map_err(Error::internal)??;
    println!("{} rows and {} files copied.", written.values().sum::<i64>(), told.moved - told.missing.len());
    Ok(outcome(&told))
}

async fn refuse_filled(db: &Arc<Db>) -> Result<()> {
    let counts = db::dump(db, Box::new(io::sink())).await?;
    match counts.get("workspaces") {
        Some(0) => Ok(()),
        _ => Err(Error::conflict("This database holds a workspace already. Restore into an empty one.")),
    }
}

/// The notes of what accounts may do: those of this data folder, and those that were brought from other servers.
fn notes(config: &Config, arguments: &ArgMatches) -> Result<Vec<AccessNote>> {
    let mut notes = ledger::read(&config.data().join(ledger::FILE))?;
    for path in arguments.get_many::<String>("access-notes").into_iter().flatten() {
        if !Path::new(path).exists() {
            return Err(Error::invalid("access-notes", format!("There is no file {path}.")));
        }
        notes.extend(ledger::read(Path::new(path))?);
    }
    Ok(notes)
}

async fn end_access(config: &Config, db: &Arc<Db>, notes: Vec<AccessNote>) -> Result<(u64, u64)> {
    let app = App::new(db.clone(), PARTS, Clock::default(), people::account::admit).with_vault(keys::vault(config)?);
    let nobody = Actor::system(Id::from_u128(0));
    app.call(&nobody, EndAllAccess {}).await?;
    app.call(&nobody, EndAllLinks {}).await?;
    app.call(&nobody, CloseAllForms {}).await?;
    let less = app.call(&nobody, TakeAway { notes }).await?;
    Ok((less, app.call(&nobody, CheckFactors { forget: true }).await?.unreadable))
}
