//! `make bench`: start-up, memory, and how long pages take, on each engine, at 150 and at 15,000 people.
//!
//! The server is the release binary in a process of its own; eight clients ask over HTTP, each waiting for its answer
//! before it asks again. The machine is printed with the numbers.
use cairn::{config::Config, world::World};
use kernel::{Actor, Clock, Door, Id, Person, Team, json};
use people::{
    account::{
        first_run::{self, Beginning},
        secret,
        visitor::Visitor,
    },
    person::ListPeople,
    team::ListTeams,
};
use std::{
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

const CLIENTS: usize = 8;
const REQUESTS: usize = 300;
const SEED: u64 = 20_260_317;

fn main() {
    println!("{}", machine());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let folder = env::temp_dir().join(format!("cairn-bench-{}", std::process::id()));
    for people in [150, 15_000] {
        let data = folder.join(people.to_string());
        measure(&runtime, "SQLite", people, &data, None);
        if let Ok(server) = env::var("TEST_POSTGRES") {
            let url = runtime.block_on(database(&server, people));
            measure(&runtime, "PostgreSQL", people, &data.join("pg"), Some(&url));
        } else {
            println!("PostgreSQL: skipped, TEST_POSTGRES names no server");
        }
    }
    fs::remove_dir_all(&folder).expect("the folder of the benchmark can be removed");
}

fn measure(runtime: &tokio::runtime::Runtime, engine: &str, people: usize, data: &Path, url: Option<&str>) {
    fs::create_dir_all(data).expect("a folder can be made");
    let prepared = runtime.block_on(prepare(people, data, url));
    let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port();
    let start = Instant::now();
    let mut server = serve(data, url, port);
    while get(port, "/readyz", "").is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "the server did not start");
        thread::sleep(Duration::from_millis(1));
    }
    let started = start.elapsed();
    thread::sleep(Duration::from_secs(2));
    let idle = resident(&server);
    println!("\n{engine}, {people} people: ready after {:.0} ms, {idle:.0} MB idle", started.as_secs_f64() * 1e3);
    let pages: [(&str, Vec<String>); 4] = [
        ("directory", vec!["/people".into(), "/people?q=an".into()]),
        ("person", prepared.people.iter().map(|id| format!("/people/{id}")).collect()),
        ("team", prepared.teams.iter().map(|id| format!("/teams/{id}")).collect()),
        ("today", vec!["/today".into()]),
    ];
    for (name, paths) in pages {
        report(name, load(port, &prepared.cookie, &paths));
    }
    println!("  {:.0} MB after the load", resident(&server));
    server.kill().expect("the server can be stopped");
    server.wait().expect("the server ends");
}

struct Prepared {
    cookie: String,
    people: Vec<Id<Person>>,
    teams: Vec<Id<Team>>,
}

async fn prepare(people: usize, data: &Path, url: Option<&str>) -> Prepared {
    let flag = |key: &str| match key {
        "data" => Some(data.to_string_lossy().into_owned()),
        "database-url" => url.map(str::to_owned),
        _ => None,
    };
    let config = Config::load(flag, None).expect("the configuration is read");
    let world = World::open(&config, Clock::default()).await.expect("the database opens");
    let beginning: Beginning = kernel::parse(json!({
        "workspace": "Bench", "name": "Owner", "email": "owner@bench.example", "zone": "Europe/Lisbon",
        "new_password": "correct horse battery",
    }))
    .expect("the owner is well described");
    let stranger = Actor::stranger(world.workspace, Door::Page);
    let signed_in =
        first_run::begin(&world.app, &stranger, beginning, &Visitor::default()).await.expect("the owner begins");
    sample::scale::grow(&world.app, world.workspace, people, SEED).await.expect("the company grows");
    let system = world.system();
    let list = ListPeople { limit: Some(200), ..ListPeople::default() };
    let found = world.app.call(&system, list).await.expect("people are listed");
    let teams = world.app.call(&system, ListTeams {}).await.expect("teams are listed");
    Prepared {
        cookie: format!("__Host-session={}", secret::address(world.workspace, &signed_in.session_secret)),
        people: found.people.iter().map(|card| card.id).collect(),
        teams: teams.iter().filter(|team| team.members > 0).take(100).map(|team| team.id).collect(),
    }
}

async fn database(server: &str, people: usize) -> String {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    let name = format!("cairn_bench_{people}");
    client.batch_execute(&format!("drop database if exists {name}")).await.expect("the name is free");
    client.batch_execute(&format!("create database {name}")).await.expect("a database is made");
    format!("{}/{name}", server.rsplit_once('/').expect("an address with a database").0)
}

fn serve(data: &Path, url: Option<&str>, port: u16) -> Child {
    let mut command = Command::new(binary());
    command.arg("serve").arg("--data").arg(data).arg("--listen").arg(format!("127.0.0.1:{port}"));
    command.arg("--log-level").arg("warn").stdout(Stdio::null());
    if let Some(url) = url {
        command.arg("--database-url").arg(url);
    }
    command.spawn().expect("the binary starts; build it with cargo build --release -p cairn")
}

/// `target/release/cairn`, two folders above `target/release/examples/bench`.
fn binary() -> PathBuf {
    let me = env::current_exe().expect("this program has a path");
    me.ancestors().nth(2).expect("it lies in a folder of examples").join("cairn")
}

fn load(port: u16, cookie: &str, paths: &[String]) -> Vec<Duration> {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (paths, cookie) = (paths.to_vec(), cookie.to_owned());
            thread::spawn(move || {
                let mut connection = Connection::open(port);
                let mut times = Vec::with_capacity(REQUESTS);
                for n in 0..REQUESTS {
                    let start = Instant::now();
                    let status = connection.ask(&paths[(client * 31 + n * 7) % paths.len()], &cookie);
                    assert_eq!(status, 200, "a page did not answer as it should");
                    times.push(start.elapsed());
                }
                times
            })
        })
        .collect();
    clients.into_iter().flat_map(|client| client.join().expect("a client ends well")).collect()
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "  {name:10} p50 {:6.2} ms   p99 {:6.2} ms   ({} requests, {CLIENTS} clients)",
        at(0.50),
        at(0.99),
        times.len()
    );
}

fn get(port: u16, path: &str, cookie: &str) -> Option<u16> {
    TcpStream::connect(("127.0.0.1", port)).ok()?;
    Some(Connection::open(port).ask(path, cookie)).filter(|status| *status == 200)
}

/// One kept-alive connection.
struct Connection {
    stream: BufReader<TcpStream>,
}

impl Connection {
    fn open(port: u16) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("the socket takes options");
        Connection { stream: BufReader::new(stream) }
    }

    fn ask(&mut self, path: &str, cookie: &str) -> u16 {
        let request = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let (mut status, mut length, mut line) = (0, 0, String::new());
        loop {
            line.clear();
            self.stream.read_line(&mut line).expect("the server answers");
            let text = line.trim_end().to_lowercase();
            if text.is_empty() {
                break;
            }
            if let Some(code) = text.strip_prefix("http/1.1 ") {
                status = code[..3].parse().expect("a status is a number");
            }
            if let Some(bytes) = text.strip_prefix("content-length: ") {
                length = bytes.parse().expect("a length is a number");
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the whole page comes");
        status
    }
}

/// Resident memory in MB.
fn resident(server: &Child) -> f64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
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
