//! `make bench`: start-up, memory, and how long pages take, on each engine, at 150 and at 15,000 people, and how long
//! the import of 10,000 takes.
//!
//! The server is the release binary in a process of its own; eight clients ask over HTTP, each waiting for its answer
//! before it asks again. The machine is printed with the numbers.
use cairn::{config::Config, world::World};
use kernel::{Actor, Clock, Id, Method::Post, Operation, Person, Result, Route, Team, Tx, args, sql};
use people::{
    account::secret,
    import::{Defaults, ImportPeople, Mapping},
};
use schemars::JsonSchema;
use serde::Deserialize;
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
/// Before them, unmeasured: connections open and statements are prepared once.
const WARM_UP: usize = 30;
const SEED: u64 = 20_260_317;
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
        report(name, load(port, &prepared.cookies, &paths));
    }
    println!("  {:.0} MB after the load", resident(&server));
    server.kill().expect("the server can be stopped");
    server.wait().expect("the server ends");
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
        let secret = secret::fresh().expect("the machine has chance");
        let begin = BeginSession { person, secret: secret.clone() };
        world.app.call(&world.system(), begin).await.expect("a session begins");
        cookies.push(format!("__Host-session={}", secret::address(world.workspace, &secret)));
    }
    Prepared { cookies, people: spread(&grown.people, 200), teams: spread(&grown.teams, 100) }
}

async fn open(data: &Path, url: Option<&str>) -> World {
    fs::create_dir_all(data).expect("a folder can be made");
    let flag = |key: &str| match key {
        "data" => Some(data.to_string_lossy().into_owned()),
        "database-url" => url.map(str::to_owned),
        _ => None,
    };
    let config = Config::load(flag, None).expect("the configuration is read");
    World::open(&config, Clock::default()).await.expect("the database opens")
}

/// At most so many of them, from the first to the last.
fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let count = all.len().min(most);
    (0..count).map(|n| all[n * all.len() / count]).collect()
}

/// Signs someone in without a password, which would take its time for each.
#[derive(Deserialize, JsonSchema)]
struct BeginSession {
    person: Id<Person>,
    secret: String,
}

impl Operation for BeginSession {
    const NAME: &str = "bench.begin_session";
    const ROUTE: Route = Route(Post, "/bench");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let insert = sql!(
            "insert into sessions (workspace_id, token_hash, id, person_id, auth_epoch, device, created_at, seen_at, proven_at, expires_at)
             select a.workspace_id, $3, $4, a.person_id, a.auth_epoch, 'Benchmark', $5, $5, $5, $6
               from accounts a where a.workspace_id = $1 and a.person_id = $2"
        );
        let (workspace, now, id) = (tx.workspace(), tx.now(), tx.id::<kernel::Session>());
        let expires = now + Duration::from_secs(24 * 3600);
        tx.run(insert, args![workspace, self.person, secret::hash(&self.secret), id, now, expires]).await?;
        Ok(())
    }
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

async fn database(server: &str, name: &str) -> String {
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    let name = format!("cairn_bench_{name}");
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

fn load(port: u16, cookies: &[String], paths: &[String]) -> Vec<Duration> {
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (paths, cookie) = (paths.to_vec(), cookies[client].clone());
            thread::spawn(move || {
                let mut connection = Connection::open(port);
                let mut times = Vec::with_capacity(WARM_UP + REQUESTS);
                for n in 0..WARM_UP + REQUESTS {
                    let start = Instant::now();
                    let status = connection.ask(&paths[(client * 31 + n * 7) % paths.len()], &cookie);
                    assert_eq!(status, 200, "a page did not answer as it should");
                    times.push(start.elapsed());
                }
                times.split_off(WARM_UP)
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
