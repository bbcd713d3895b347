//! `make bench`: start-up, memory, and how long pages take, on each engine, at 150 and at 15,000 people, how long the import
//! of 10,000 takes, how many webhooks a second are acknowledged, and how much a browser loads at its first visit; beside
//! each figure what it is to reach.
//!
//! The server is the release binary in a process of its own; eight clients ask over HTTP, each waiting for its answer
//! before it asks again. The machine is printed with the numbers, and before each its load, as others may use it too.
//! `cargo run --release -p cairn --example bench sqlite 15000` measures one engine and one of `150`, `15000`, `asks`,
//! `delivery`, `rituals`, `webhooks`, `work` and `import`; what is not named is measured as a whole.
mod asks;
mod delivery;
mod live;
mod rituals;
mod server;
mod webhooks;
mod work;

use kernel::{Id, Person, Team};
use people::import::{Defaults, ImportPeople, Mapping};
use server::{CLIENTS, Server, cookie, database, load, open, report, settle};
use std::{
    env, fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

pub const SEED: u64 = 20_260_317;
const SIZES: [usize; 2] = [150, 15_000];
const ENGINES: [&str; 2] = ["sqlite", "postgres"];
const MEASUREMENTS: [&str; 8] = ["150", "15000", "asks", "delivery", "import", "rituals", "webhooks", "work"];
const IMPORTED: usize = 10_000;

/// What is to be reached on two cores: milliseconds, megabytes, kilobytes and seconds.
const START: f64 = 300.0;
const IDLE: f64 = 80.0;
const SMALL_PAGE: f64 = 15.0;
const LARGE_PAGE: f64 = 25.0;
const FIRST_VISIT: f64 = 120.0;
const IMPORT: f64 = 10.0;

fn main() {
    println!("{}", machine());
    let folder = env::temp_dir().join(format!("cairn-bench-{}", std::process::id()));
    let bench = Bench {
        runtime: tokio::runtime::Runtime::new().expect("a runtime starts"),
        folder: folder.clone(),
        wanted: env::args().skip(1).collect(),
    };
    for people in SIZES {
        bench.on_each_engine(&people.to_string(), |engine, data, url| {
            measure(&bench.runtime, engine, people, data, url);
        });
    }
    bench.on_each_engine("asks", |engine, data, url| asks::measure(&bench.runtime, engine, data, url));
    bench.on_each_engine("rituals", |engine, data, url| rituals::measure(&bench.runtime, engine, data, url));
    bench.on_each_engine("webhooks", |engine, data, url| webhooks::measure(&bench.runtime, engine, data, url));
    bench.on_each_engine("delivery", |engine, data, url| delivery::measure(&bench.runtime, engine, data, url));
    let growth = work::Growth::default();
    for issues in work::sizes() {
        bench.on_each_engine("work", |engine, data, url| growth.measure(&bench.runtime, engine, issues, (data, url)));
    }
    bench.on_each_engine("import", |engine, data, url| bench.runtime.block_on(import(engine, data, url)));
    fs::remove_dir_all(&folder).expect("the folder of the benchmark can be removed");
}

struct Bench {
    runtime: tokio::runtime::Runtime,
    folder: PathBuf,
    /// The engines and the measurements to which the command line limits it.
    wanted: Vec<String>,
}

impl Bench {
    /// Measures on an empty database of each engine.
    fn on_each_engine(&self, name: &str, measure: impl Fn(&str, &Path, Option<&str>)) {
        if !self.wants(name, &MEASUREMENTS) {
            return;
        }
        let data = self.folder.join(name);
        fs::create_dir_all(&data).expect("a folder can be made");
        if self.wants("sqlite", &ENGINES) {
            measure("SQLite", &data.join("sqlite"), None);
        }
        match env::var("TEST_POSTGRES") {
            _ if !self.wants("postgres", &ENGINES) => {}
            Ok(server) => {
                let url = self.runtime.block_on(database(&server, name));
                measure("PostgreSQL", &data.join("postgres"), Some(&url));
            }
            Err(_) => println!("PostgreSQL: skipped, TEST_POSTGRES names no server"),
        }
    }

    /// Whether the command line names it, or nothing of its kind.
    fn wants(&self, one: &str, kind: &[&str]) -> bool {
        let mut of_kind = self.wanted.iter().filter(|wanted| kind.contains(&wanted.as_str())).peekable();
        of_kind.peek().is_none() || of_kind.any(|wanted| wanted == one)
    }
}

fn measure(runtime: &tokio::runtime::Runtime, engine: &str, people: usize, data: &Path, url: Option<&str>) {
    let prepared = runtime.block_on(prepare(people, data, url));
    let server = Server::start(data, url);
    thread::sleep(Duration::from_secs(2));
    let (started, idle) = (server.started.as_secs_f64() * 1e3, server.resident());
    println!("\n{engine}, {people} people{}", busy());
    println!("  ready after {}", against(started, START, "ms"));
    println!("  idle {idle}, {}", against(server.megabytes("VmRSS:"), IDLE, "MB"));
    if people == SIZES[0] && url.is_none() {
        let kilobytes = server::first_visit(server.port) as f64 / 1000.0;
        println!("  first visit, script and style compressed: {}", against(kilobytes, FIRST_VISIT, "kB"));
    }
    let most = if people <= SIZES[0] { SMALL_PAGE } else { LARGE_PAGE };
    let pages: [(&str, Vec<String>); 4] = [
        ("directory", vec!["/people".into(), "/people?q=an".into()]),
        ("person", prepared.people.iter().map(|id| format!("/people/{id}")).collect()),
        ("team", prepared.teams.iter().map(|id| format!("/teams/{id}")).collect()),
        ("today", vec!["/today".into()]),
    ];
    for (name, paths) in pages {
        report(name, load(server.port, &prepared.cookies, &paths), Some(most));
    }
    println!("  {} after the load", server.resident());
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
    settle(&world, url).await;
    let mut cookies = Vec::new();
    for person in spread(&grown.people, CLIENTS) {
        cookies.push(cookie(&world, person).await);
    }
    Prepared { cookies, people: spread(&grown.people, 200), teams: spread(&grown.teams, 100) }
}

/// The number of the target, or the small one where `BENCH_SMALL` is set, to see whether the benchmark itself works.
pub fn size(full: usize, small: usize) -> usize {
    if env::var_os("BENCH_SMALL").is_some() { small } else { full }
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
    let taken = start.elapsed().as_secs_f64();
    let taken = against(taken, IMPORT, "s");
    println!("\n{engine}, import of {IMPORTED} people from a file: {taken}   ({})", report.counts.in_words());
}

/// A figure beside what it is to stay under.
pub fn against(figure: f64, most: f64, unit: &str) -> String {
    let verdict = if figure < most { "reached" } else { "MISSED" };
    format!("{figure:.1} {unit} (under {most}: {verdict})")
}

/// What else the machine did in the last minute.
pub fn busy() -> String {
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!(", load average {}", load.split(' ').next().unwrap_or("unknown"))
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
