//! `make bench`: start-up, memory, and how long pages take, on each engine, at 150 and at 15,000 people, and how long
//! the import of 10,000 takes.
//!
//! The server is the release binary in a process of its own; eight clients ask over HTTP, each waiting for its answer
//! before it asks again. The machine is printed with the numbers.
mod asks;
mod server;

use kernel::{Id, Person, Team};
use people::import::{Defaults, ImportPeople, Mapping};
use server::{CLIENTS, Server, cookie, database, load, open, report};
use std::{
    env, fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

pub const SEED: u64 = 20_260_317;
const SIZES: [usize; 2] = [150, 15_000];
const IMPORTED: usize = 10_000;

fn main() {
    println!("{}", machine());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let folder = env::temp_dir().join(format!("cairn-bench-{}", std::process::id()));
    let server = env::var("TEST_POSTGRES").ok();
    if server.is_none() {
        println!("PostgreSQL: skipped, TEST_POSTGRES names no server");
    }
    for people in SIZES {
        let data = folder.join(people.to_string());
        measure(&runtime, "SQLite", people, &data, None);
        if let Some(server) = &server {
            let url = runtime.block_on(database(server, &people.to_string()));
            measure(&runtime, "PostgreSQL", people, &data.join("pg"), Some(&url));
        }
    }
    asks::measure(&runtime, "SQLite", &folder.join("asks"), None);
    if let Some(server) = &server {
        let url = runtime.block_on(database(server, "asks"));
        asks::measure(&runtime, "PostgreSQL", &folder.join("asks").join("pg"), Some(&url));
    }
    println!("\nImport of {IMPORTED} people from a file");
    runtime.block_on(import("SQLite", &folder.join("import"), None));
    if let Some(server) = &server {
        let url = runtime.block_on(database(server, "import"));
        runtime.block_on(import("PostgreSQL", &folder.join("import").join("pg"), Some(&url)));
    }
    fs::remove_dir_all(&folder).expect("the folder of the benchmark can be removed");
}

fn measure(runtime: &tokio::runtime::Runtime, engine: &str, people: usize, data: &Path, url: Option<&str>) {
    let prepared = runtime.block_on(prepare(people, data, url));
    let server = Server::start(data, url);
    thread::sleep(Duration::from_secs(2));
    let (started, idle) = (server.started.as_secs_f64() * 1e3, server.resident());
    println!("\n{engine}, {people} people: ready after {started:.0} ms, {idle:.0} MB idle");
    let pages: [(&str, Vec<String>); 4] = [
        ("directory", vec!["/people".into(), "/people?q=an".into()]),
        ("person", prepared.people.iter().map(|id| format!("/people/{id}")).collect()),
        ("team", prepared.teams.iter().map(|id| format!("/teams/{id}")).collect()),
        ("today", vec!["/today".into()]),
    ];
    for (name, paths) in pages {
        report(name, load(server.port, &prepared.cookies, &paths));
    }
    println!("  {:.0} MB after the load", server.resident());
}

struct Prepared {
    /// One for each client: someone of the company who has a team and a manager, and for the first client its owner.
    cookies: Vec<String>,
    people: Vec<Id<Person>>,
    teams: Vec<Id<Team>>,
}

async fn prepare(people: usize, data: &Path, url: Option<&str>) -> Prepared {
    let world = open(data, url).await;
    let grown = sample::scale::grow(&world.app, world.workspace, people, SEED).await.expect("the company grows");
    let mut cookies = Vec::new();
    for person in spread(&grown.people, CLIENTS) {
        cookies.push(cookie(&world, person).await);
    }
    Prepared { cookies, people: spread(&grown.people, 200), teams: spread(&grown.teams, 100) }
}

/// At most so many of them, from the first to the last.
pub fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let count = all.len().min(most);
    (0..count).map(|n| all[n * all.len() / count]).collect()
}

/// A file of people in a line of managers and in two hundred teams, as an administrator would upload it.
async fn import(engine: &str, data: &Path, url: Option<&str>) {
    let row = |n: usize| {
        let manager = if n == 0 { String::new() } else { format!("p{}@example.org", (n - 1) / 8) };
        let (level, team, day) = (n % 6, n % 200, 1 + n % 28);
        format!(
            "{n},Person {n},p{n}@example.org,Engineer,L{level},Engineering > Team {team},Europe/Lisbon,2020-05-{day:02},{manager}\n"
        )
    };
    let rows: String = (0..IMPORTED).map(row).collect();
    let text = format!("employee id,name,email,title,level,team,zone,start date,manager\n{rows}");
    let world = open(data, url).await;
    let start = Instant::now();
    let defaults = Defaults { create_teams: true, ..Defaults::default() };
    let import = ImportPeople::new(text.as_bytes(), &Mapping::default(), &defaults).expect("the file is read");
    let report = world.app.call(&world.system(), import).await.expect("the file is imported");
    println!("  {engine:10} {:6.2} s   ({})", start.elapsed().as_secs_f64(), report.counts.in_words());
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or(": unknown")
        .trim_start_matches([' ', '\t', ':']);
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total =
        memory.lines().next().and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse::<u64>().ok());
    format!("{model}, {cores} cores, {} GiB", total.unwrap_or_default() / 1024 / 1024)
}
