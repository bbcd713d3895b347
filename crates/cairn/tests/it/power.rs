//! The power of the disk is cut again and again while programs write to the server: nothing that it acknowledged may be
//! missing. A server that does not wait for its disk must lose something, else the test could not fail.
mod cluster;
mod disk;

use crate::writers::{Home, Server, What, Writers, free_port};
use cairn::{
    NAV, PARTS,
    files::Files,
    http::{self, Doors, listener},
    world::World,
};
use cluster::Cluster;
use db::Db;
use disk::Disk;
use kernel::Clock;
use std::{
    collections::BTreeSet,
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::Arc,
    thread,
    time::Duration,
};
use ui::Site;

const CUTS: usize = 5;

/// What the tests tell the process that they start in namespaces of its own.
const FOLDER: &str = "POWER_FOLDER";
const FORGETFUL: &str = "POWER_FORGETFUL";
const PROGRAMS: &str = "POWER_PROGRAMS";
/// What they tell the forgetful server.
const DATABASE: &str = "POWER_DATABASE";
const PORT: &str = "POWER_PORT";

/// How the line begins that the process answers with.
const REPORT: &str = "power cuts: ";

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_power_is_cut() {
    apart("sqlite", |_| {});
}

#[test]
fn a_database_that_does_not_wait_for_its_disk_loses_what_it_acknowledged() {
    apart("forgetful", |process| {
        process.env(FORGETFUL, "yes");
    });
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_on_postgresql_when_the_power_is_cut() {
    match postgresql_programs().await {
        Some(programs) => apart("postgresql", |process| {
            process.env(PROGRAMS, programs);
        }),
        None => say("postgresql", "skipped: TEST_POSTGRES names no server whose programs are on this machine"),
    }
}

/// Runs `cycles` in namespaces of its own. Whatever becomes of it, they end with its process, and with them its mounts,
/// its loop device, the servers it started and PostgreSQL's shared memory.
fn apart(name: &str, tell: impl FnOnce(&mut Command)) {
    let unshare = || {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--ipc", "--fork", "--kill-child"]);
        command
    };
    match unshare().arg("true").output() {
        Ok(output) if output.status.success() => {}
        Ok(output) => return say(name, &format!("skipped: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => return say(name, &format!("skipped: unshare: {error}")),
    }
    // The path of a socket has at most 107 bytes, so the folder is not below a long TMPDIR.
    let folder = format!("/tmp/cairn-power-{}-{name}", process::id());
    fs::create_dir(&folder).unwrap();
    let mut process = unshare();
    process.arg(env::current_exe().unwrap()).args(["power::cycles", "--exact", "--ignored", "--nocapture"]);
    tell(process.env(FOLDER, &folder));
    let output = process.output();
    fs::remove_dir(&folder).unwrap();
    let output = output.unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let report = errors.lines().find_map(|line| line.strip_prefix(REPORT));
    assert!(output.status.success() && report.is_some(), "{}\n{errors}", String::from_utf8_lossy(&output.stdout));
    say(name, report.unwrap_or_default());
}

/// Past the test runner, which would not show it: who reads the log sees what was skipped, and why.
fn say(name: &str, what: &str) {
    std::io::stderr().write_all(format!("power cuts on {name}: {what}\n").as_bytes()).unwrap();
}

/// The folder of the programs of the PostgreSQL server for tests.
async fn postgresql_programs() -> Option<PathBuf> {
    let (client, connection) =
        tokio_postgres::connect(&testkit::postgres_server()?, tokio_postgres::NoTls).await.ok()?;
    tokio::spawn(connection);
    let row = client.query_one("select setting from pg_config where name = 'BINDIR'", &[]).await.ok()?;
    let folder = PathBuf::from(row.get::<_, String>(0));
    folder.join("initdb").exists().then_some(folder)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "the other tests of power start it, in namespaces of its own"]
async fn cycles() {
    let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) else { return };
    let disk = match Disk::new(&folder) {
        Ok(disk) => disk,
        Err(why) => return eprintln!("{REPORT}skipped: {why}"),
    };
    let cluster = env::var_os(PROGRAMS)
        .map(|programs| Cluster::new(Path::new(&programs), disk.place.join("postgresql"), folder.join("socket")));
    let forgetful = env::var_os(FORGETFUL).is_some();
    let home = Home {
        folder: disk.place.join("cairn").to_string_lossy().into_owned(),
        database: cluster.as_ref().map(Cluster::url),
    };
    let mut postgres = cluster.as_ref().map(Cluster::start);
    let token = home.begin().await;
    let mut promised = BTreeSet::new();
    for cut in 0..CUTS {
        let port = free_port();
        let server = if forgetful { serve_forgetful(&home, port) } else { home.serve(port) };
        let writers = Writers::start(port, &token, cut, What::Teams);
        writers.wait();
        thread::sleep(Duration::from_millis(30 * cut as u64));
        disk.cut_power(|| writers.stop_counting());
        drop((server, postgres));
        promised.extend(writers.promised());
        disk.restore_power();
        postgres = cluster.as_ref().map(Cluster::start);
    }
    let lost = home.lost(&promised).await;
    eprintln!("{REPORT}{CUTS} cuts, {} acknowledged, {} lost", promised.len(), lost.len());
    assert_eq!(!lost.is_empty(), forgetful, "lost: {lost:?}");
}

fn serve_forgetful(home: &Home, port: u16) -> Server {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["power::forgetful_server", "--exact", "--ignored"]);
    command.env(DATABASE, format!("{}/cairn.db", home.folder)).env(PORT, port.to_string());
    Server::start(&mut command, port)
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "it serves until it is killed; a test of power starts it"]
async fn forgetful_server() {
    let (Ok(database), Ok(port)) = (env::var(DATABASE), env::var(PORT)) else { return };
    let db = Db::open_forgetful(&database, PARTS).unwrap();
    let files = Files::folder((database + ".files").as_ref()).unwrap();
    let world = World::on(db, Clock::default(), "http://cairn.test").await.unwrap();
    let site = Site {
        app: world.app,
        workspace: world.workspace,
        nav: &NAV,
        demonstration: false,
        base_url: "http://cairn.test".into(),
        setup_code: None,
        blobs: Arc::new(files),
        conversation: conversation::section,
        bring: conversation::bring,
    };
    let router = http::router(Doors { site, db: world.db, metrics: None });
    let port = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await.unwrap();
    listener::serve(port, router, listener::Limits::default(), std::future::pending()).await;
}
