//! A database of its own for each test, gone with it. The sample company is built once per process and engine, and copied.
use crate::{REFERENCE, World, sweeper};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        LazyLock,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;

static NEXT: AtomicU32 = AtomicU32::new(0);
static FOLDER: LazyLock<PathBuf> = LazyLock::new(folder);
static SAMPLE_FILE: OnceCell<String> = OnceCell::const_new();
static SAMPLE_POSTGRES: OnceCell<String> = OnceCell::const_new();

fn name() -> String {
    format!("cairn_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Relaxed))
}

/// A path for a database that does not exist yet, and that is gone when this test is over.
pub fn sqlite_file() -> String {
    let path = kept_file();
    sweeper::remove_after_this_test(path.clone());
    path
}

fn kept_file() -> String {
    FOLDER.join(name() + ".db").to_string_lossy().into_owned()
}

/// This process's folder, made after those of processes that have ended are removed: a run leaves a gigabyte.
fn folder() -> PathBuf {
    let all = std::env::temp_dir().join("cairn-tests");
    let mine = all.join(std::process::id().to_string());
    fs::create_dir_all(&mine).expect("the temporary folder can be made");
    let processes = Path::new("/proc");
    if processes.join("self").exists() {
        for entry in fs::read_dir(&all).expect("the temporary folder can be read").flatten() {
            let process = entry.file_name();
            if process.to_str().is_some_and(|name| name.parse::<u32>().is_ok()) && !processes.join(&process).exists() {
                // Another test may be removing the same one.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
    }
    mine
}

/// Where the bytes are that people bring. All copies of the sample company name the same ones, so they share it.
pub(crate) fn files() -> PathBuf {
    FOLDER.join("files")
}

/// The PostgreSQL server for tests, if there is one.
pub fn postgres_server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok()
}

async fn built(url: String) -> String {
    let world = World::on(url).await;
    sample::build(&world.opened.app, world.opened.workspace, REFERENCE).await.expect("the sample company is built");
    world.drain().await;
    world.url.clone()
}

/// Waits for the threads of a database that is let go: the last connection writes its log into it and takes the log away,
/// and what is copied meanwhile is broken.
fn closed(path: &str) {
    for _ in 0..2000 {
        if !fs::exists(format!("{path}-wal")).unwrap_or(false) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

pub(crate) async fn sample_copy() -> String {
    let original = SAMPLE_FILE
        .get_or_init(|| async {
            let built_at = built(kept_file()).await;
            closed(&built_at);
            built_at
        })
        .await;
    let copy = sqlite_file();
    for ending in ["", "-wal"] {
        let from = format!("{original}{ending}");
        if fs::exists(&from).unwrap_or(false) {
            fs::copy(from, format!("{copy}{ending}")).expect("the sample company is copied");
        }
    }
    copy
}

pub(crate) async fn sample_postgres() -> Option<String> {
    let server = postgres_server()?;
    let original = SAMPLE_POSTGRES
        .get_or_init(|| async {
            let built_at = built(create_kept(&postgres_server().expect("asked before"), None).await).await;
            disconnect(&postgres_server().expect("asked before"), &built_at).await;
            built_at
        })
        .await;
    Some(create(&server, Some(original)).await)
}

/// A new, empty database on the PostgreSQL server for tests, if there is one.
pub async fn empty_postgres() -> Option<String> {
    let server = postgres_server()?;
    Some(create(&server, None).await)
}

async fn create(server: &str, template: Option<&String>) -> String {
    let url = create_kept(server, template).await;
    sweeper::remove_after_this_test(url.clone());
    url
}

async fn create_kept(server: &str, template: Option<&String>) -> String {
    let name = name();
    let from = template.map(|url| format!(" template {}", database(url))).unwrap_or_default();
    run(server, &format!("create database {name}{from}")).await;
    format!("{}/{name}", server.rsplit_once('/').expect("an address with a database").0)
}

/// A database that someone is connected to cannot be copied.
async fn disconnect(server: &str, url: &str) {
    let end = format!("alter database {0} allow_connections false", database(url));
    run(server, &end).await;
    let end = format!("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'", database(url));
    run(server, &end).await;
}

pub(crate) fn database(url: &str) -> &str {
    url.rsplit_once('/').map_or("", |(_, name)| name)
}

pub(crate) async fn run(server: &str, statement: &str) {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.expect("the test server answers");
    let connection = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    connection.abort();
}
