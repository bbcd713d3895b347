//! The release binary in a process of its own, and clients that ask it over HTTP.
use crate::against;
use cairn::{config::Config, world::World};
use kernel::{
    Actor, Checkpoint, Clock, Id, Later, Letter, Method::Post, Operation, Outside, Person, Result, Route, Tx, args, sql,
};
use people::account::secret;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    collections::BTreeSet,
    env, fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    thread,
    time::{Duration, Instant},
};

pub const CLIENTS: usize = 8;
const REQUESTS: usize = 300;
/// Before them, unmeasured: connections open and statements are prepared once.
const WARM_UP: usize = 30;

/// A server that is stopped when it is dropped.
pub struct Server {
    child: Child,
    pub port: u16,
    pub started: Duration,
}

impl Server {
    pub fn start(data: &Path, url: Option<&str>) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port is free").port();
        let start = Instant::now();
        let child = serve(data, url, port);
        while get(port, "/readyz", "").is_none() {
            assert!(start.elapsed() < Duration::from_secs(60), "the server did not start");
            thread::sleep(Duration::from_millis(1));
        }
        Server { child, port, started: start.elapsed() }
    }

    /// Resident memory, and how much of it are pages of files, which the system takes back as it needs them.
    pub fn resident(&self) -> String {
        format!("{:.0} MB ({:.0} of files)", self.megabytes("VmRSS:"), self.megabytes("RssFile:"))
    }

    /// A line of what the system says of the process.
    pub fn megabytes(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub async fn open(data: &Path, url: Option<&str>) -> World {
    fs::create_dir_all(data).expect("a folder can be made");
    let flag = |key: &str| match key {
        "data" => Some(data.to_string_lossy().into_owned()),
        "database-url" => url.map(str::to_owned),
        _ => None,
    };
    let config = Config::load(flag, None).expect("the configuration is read");
    World::open(&config, Clock::default()).await.expect("the database opens")
}

/// The cookie of a new session of somebody.
pub async fn cookie(world: &World, person: Id<Person>) -> String {
    let secret = secret::fresh().expect("the machine has chance");
    let begin = BeginSession { person, secret: secret.clone() };
    world.app.call(&world.system(), begin).await.expect("a session begins");
    format!("__Host-session={}", secret::address(world.workspace, &secret))
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

/// Makes an empty database on the server of PostgreSQL, and gives its address.
pub async fn database(server: &str, name: &str) -> String {
    let client = connect(server).await;
    let name = format!("cairn_bench_{name}");
    client.batch_execute(&format!("drop database if exists {name}")).await.expect("the name is free");
    client.batch_execute(&format!("create database {name}")).await.expect("a database is made");
    format!("{}/{name}", server.rsplit_once('/').expect("an address with a database").0)
}

/// Does at once what the server and PostgreSQL would do by themselves within minutes after so much was written, amid the
/// measurement: what is queued, such as the making of the search, and a sweep of the tables.
pub async fn settle(world: &World, url: Option<&str>) {
    let letters = Counter::default();
    while db::drain(&world.db, &world.app, &letters).await.expect("the queue can be read") > 0 {}
    assert_eq!(letters.count(), 0, "no letter is due yet");
    if let Some(url) = url {
        connect(url).await.batch_execute("vacuum analyze").await.expect("the tables are swept");
    }
}

async fn connect(url: &str) -> tokio_postgres::Client {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    tokio::spawn(connection);
    client
}

/// Counts letters; what a mail server would take is not measured.
#[derive(Default)]
pub struct Counter(AtomicUsize);

impl Counter {
    pub fn count(&self) -> usize {
        self.0.load(Relaxed)
    }
}

impl Outside for Counter {
    fn send(&self, _: Letter) -> Later<'_, ()> {
        self.0.fetch_add(1, Relaxed);
        Box::pin(async { Ok(()) })
    }

    fn publish(&self, checkpoint: Checkpoint) -> Later<'_, String> {
        Box::pin(async move { Ok(checkpoint.head) })
    }

    fn note_access(&self, _: String) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn blobs(&self) -> &dyn kernel::BlobStore {
        unreachable!("nobody brings a file here")
    }
}

fn serve(data: &Path, url: Option<&str>, port: u16) -> Child {
    let mut command = Command::new(binary());
    command.arg("serve").arg("--data").arg(data).arg("--listen").arg(format!("127.0.0.1:{port}"));
    // One address may hold only so many connections, and all clients here come from the same.
    command.arg("--trusted-proxies").arg("127.0.0.1");
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

/// How long each page takes that eight clients ask for, each waiting for its answer.
pub fn load(port: u16, cookies: &[String], paths: &[String]) -> Vec<Duration> {
    drive(port, |connection, client, n| {
        let status = connection.ask(&paths[(client * 31 + n * 7) % paths.len()], &cookies[client]);
        assert_eq!(status, 200, "a page did not answer as it should");
    })
}

/// How long each of what eight clients do takes; it is given the client and the number of its turn.
pub fn drive(port: u16, act: impl Fn(&mut Connection, usize, usize) + Sync) -> Vec<Duration> {
    let turns = |client: usize| {
        let mut connection = Connection::open(port);
        let mut times = Vec::with_capacity(WARM_UP + REQUESTS);
        for n in 0..WARM_UP + REQUESTS {
            let start = Instant::now();
            act(&mut connection, client, n);
            times.push(start.elapsed());
        }
        times.split_off(WARM_UP)
    };
    let turns = &turns;
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|client| scope.spawn(move || turns(client))).collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client ends well")).collect()
    })
}

/// What a browser loads that has never been here, compressed and in bytes: the styles and scripts that the first page names,
/// and all that these may load in turn.
pub fn first_visit(port: u16) -> usize {
    let mut waiting = vec!["/sign-in".to_owned()];
    let (mut seen, mut bytes) = (BTreeSet::new(), 0);
    while let Some(path) = waiting.pop() {
        let is_asset = path.ends_with(".js") || path.ends_with(".css");
        let text = Connection::open(port).text(&path, "");
        let named = text.split('"').filter_map(|name| match name.strip_prefix("./") {
            Some(name) if name.ends_with(".js") => Some(format!("/assets/{name}")),
            _ => Some(name.to_owned()).filter(|name| name.starts_with("/assets/")),
        });
        for name in named.filter(|name| name.ends_with(".js") || name.ends_with(".css")) {
            if seen.insert(name.clone()) {
                waiting.push(name);
            }
        }
        bytes += if is_asset { Connection::open(port).compressed(&path) } else { 0 };
    }
    bytes
}

/// The figures of one page, and the 99th percentile beside what it is to stay under. Returns the median in milliseconds.
pub fn report(name: &str, mut times: Vec<Duration>, most: Option<f64>) -> f64 {
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    let p99 = most.map_or_else(|| format!("{:6.2} ms", at(0.99)), |most| against(at(0.99), most, "ms"));
    println!("  {name:10} p50 {:6.2} ms   p99 {p99}   ({} requests, {CLIENTS} clients)", at(0.50), times.len());
    at(0.50)
}

fn get(port: u16, path: &str, cookie: &str) -> Option<u16> {
    TcpStream::connect(("127.0.0.1", port)).ok()?;
    Some(Connection::open(port).ask(path, cookie)).filter(|status| *status == 200)
}

/// One kept-alive connection.
pub struct Connection {
    pub stream: BufReader<TcpStream>,
}

impl Connection {
    pub fn open(port: u16) -> Connection {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("the server listens");
        stream.set_nodelay(true).expect("the socket takes options");
        Connection { stream: BufReader::new(stream) }
    }

    pub fn ask(&mut self, path: &str, cookie: &str) -> u16 {
        self.request(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n")).0
    }

    pub fn text(&mut self, path: &str, cookie: &str) -> String {
        let (_, body) = self.request(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n"));
        String::from_utf8_lossy(&body).into_owned()
    }

    fn compressed(&mut self, path: &str) -> usize {
        let head = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: br, gzip\r\n\r\n");
        self.request(&head).1.len()
    }

    /// Sends a form as a page of the site would.
    pub fn post(&mut self, path: &str, cookie: &str, form: &str) -> u16 {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: http://127.0.0.1\r\nCookie: {cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        self.request(&head).0
    }

    /// Sends a body with these headers, each with its line end.
    pub fn send(&mut self, path: &str, headers: &str, body: &str) -> u16 {
        let length = body.len();
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {length}\r\n\r\n{body}");
        self.request(&head).0
    }

    fn request(&mut self, request: &str) -> (u16, Vec<u8>) {
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
        (status, body)
    }
}
