//! A server in a process of its own, and programs that write to it and remember what it acknowledged.
use base64::{Engine, engine::general_purpose::STANDARD};
use cairn::{config::Config, files::Files, world::World};
use delivery::hook::AddHook;
use kernel::{
    Actor, Blob, BlobStore, Clock, Content, Door, Id, Json,
    Method::{Get, Post},
    Operation, Result, Route, Tx, args, json, sql,
};
use people::{
    account::{
        first_run::{self, Beginning},
        session::ResolvePerson,
        token::CreateToken,
        visitor::Visitor,
    },
    person::ListPeople,
    team::AddTeam,
};
use schemars::JsonSchema;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

const WRITERS: usize = 4;
/// How many changes are acknowledged at the least before the server's end.
const BEFORE_THE_END: usize = 20;
/// How many jobs a server claims together.
const CLAIMED_AT_ONCE: usize = 32;

/// Where a server keeps its data.
pub struct Home {
    pub folder: String,
    /// The address of a PostgreSQL database; without it the data is in the folder.
    pub database: Option<String>,
}

impl Home {
    fn config(&self) -> Config {
        let flag = |key: &str| match key {
            "data" => Some(self.folder.clone()),
            "database-url" => self.database.clone(),
            _ => None,
        };
        Config::load(flag, None).unwrap()
    }

    /// Makes a workspace with an owner, and a token with which teams may be added.
    pub async fn begin(&self) -> String {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let beginning: Beginning = kernel::parse(json!({
            "workspace": "End", "name": "Owner", "email": "owner@end.example", "zone": "UTC", "new_password": "correct horse battery",
        }))
        .unwrap();
        let stranger = Actor::stranger(world.workspace, Door::Page);
        first_run::begin(&world.app, &stranger, beginning, &Visitor::default()).await.unwrap();
        let person = world.app.call(&world.system(), ListPeople::default()).await.unwrap().people[0].id;
        let owner = world.app.call(&world.system(), ResolvePerson { person }).await.unwrap();
        let owner = Actor { door: Door::Command, ..owner.actor(world.workspace).unwrap() };
        let token: CreateToken = kernel::parse(json!({ "name": "writer", "scopes": ["*:write"], "days": 1 })).unwrap();
        world.app.call(&owner, token).await.unwrap().token
    }

    /// A team that is there, and a page of whose conversation files may be brought.
    pub async fn team(&self) -> String {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let add: AddTeam = kernel::parse(json!({ "name": "Files" })).unwrap();
        world.app.call(&world.system(), add).await.unwrap().id.to_string()
    }

    /// Ends the claims on jobs that a killed server held, as a minute would.
    pub async fn end_claims(&self) {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        world.app.call(&world.system(), EndClaims {}).await.unwrap();
    }

    /// The names of `promised` whose files are not there or hold something else, and how many of all are in the store.
    pub async fn lost_files(&self, promised: &BTreeSet<String>) -> (Vec<String>, usize) {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let (store, mut whole, mut stored) = (Files::open(&self.config()).unwrap(), BTreeSet::new(), 0);
        for (name, content) in world.app.call(&world.system(), AllFiles {}).await.unwrap() {
            let bytes = match content {
                Content::Here(bytes) => bytes,
                Content::Stored(blob) => {
                    stored += 1;
                    store.get(&blob).await.unwrap_or_default()
                }
            };
            if bytes == name.as_bytes() {
                whole.insert(name);
            }
        }
        (promised.difference(&whole).cloned().collect(), stored)
    }

    /// Waits until the server has moved more files into the store than it claims at once, so that some are known to be
    /// there.
    pub fn wait_for_moves(&self) {
        let (start, store) = (Instant::now(), Path::new(&self.folder).join("files"));
        while below(&store).len() <= CLAIMED_AT_ONCE {
            assert!(
                start.elapsed() < Duration::from_secs(120),
                "{} files were moved in two minutes",
                below(&store).len()
            );
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// A door for webhooks, and its secret.
    pub async fn hook(&self) -> (String, String) {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let add: AddHook = kernel::parse(json!({ "system": "jenkins", "name": "Builds" })).unwrap();
        let opened = world.app.call(&world.system(), add).await.unwrap();
        (opened.id.to_string(), opened.secret)
    }

    /// The names of `promised` that no delivery holds.
    pub async fn lost_deliveries(&self, promised: &BTreeSet<String>) -> Vec<String> {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let keys: BTreeSet<String> =
            world.app.call(&world.system(), Deliveries {}).await.unwrap().into_iter().collect();
        let hash = |name: &String| {
            let bytes = Sha256::digest(json!({ "name": name }).to_string());
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("sha256 {hex}")
        };
        promised.iter().filter(|name| !keys.contains(&hash(name))).cloned().collect()
    }

    pub fn serve(&self, port: u16) -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
        command.arg("serve").arg("--data").arg(&self.folder).arg("--log-level").arg("error");
        command.arg("--listen").arg(format!("127.0.0.1:{port}"));
        if let Some(url) = &self.database {
            command.arg("--database-url").arg(url);
        }
        Server::start(&mut command, port)
    }

    /// The names of `promised` that the database does not hold.
    pub async fn lost(&self, promised: &BTreeSet<String>) -> Vec<String> {
        let world = World::open(&self.config(), Clock::default()).await.unwrap();
        let saved = world.app.call(&world.system(), NamesOfTeams {}).await.unwrap().into_iter().collect();
        promised.difference(&saved).cloned().collect()
    }
}

#[derive(Deserialize, JsonSchema)]
struct EndClaims {}

impl Operation for EndClaims {
    const NAME: &str = "test.end_claims";
    const ROUTE: Route = Route(Post, "/test/claims");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let end = sql!("update jobs set lease = null, leased_until = null where workspace_id = $1");
        tx.run(end, args![tx.workspace()]).await?;
        Ok(())
    }
}

/// The keys of all deliveries of webhooks.
#[derive(Deserialize, JsonSchema)]
struct Deliveries {}

impl Operation for Deliveries {
    const NAME: &str = "test.deliveries";
    const ROUTE: Route = Route(Get, "/test/deliveries");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        tx.all(sql!("select key from hook_deliveries where workspace_id = $1"), args![tx.workspace()]).await
    }
}

/// All files, with their bytes or where those are.
#[derive(Deserialize, JsonSchema)]
struct AllFiles {}

impl Operation for AllFiles {
    const NAME: &str = "test.files";
    const ROUTE: Route = Route(Get, "/test/files");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<(String, Content)>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<(String, Content)>> {
        let select = sql!("select name, blob_id from files where workspace_id = $1");
        let rows: Vec<(String, Id<Blob>)> = tx.all(select, args![tx.workspace()]).await?;
        let mut files = Vec::new();
        for (name, blob) in rows {
            files.push((name, tx.content(blob).await?));
        }
        Ok(files)
    }
}

/// All of them: the list that people see ends somewhere.
#[derive(Deserialize, JsonSchema)]
struct NamesOfTeams {}

impl Operation for NamesOfTeams {
    const NAME: &str = "test.teams";
    const ROUTE: Route = Route(Get, "/test/teams");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        tx.all(sql!("select name from teams where workspace_id = $1"), args![tx.workspace()]).await
    }
}

/// A running server; it is killed (SIGKILL) when this is dropped.
pub struct Server(Child);

impl Server {
    pub fn start(command: &mut Command, port: u16) -> Server {
        let mut server = Server(command.stdout(Stdio::null()).spawn().unwrap());
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert_eq!(server.0.try_wait().unwrap(), None, "the server ended at its start");
            assert!(start.elapsed() < Duration::from_secs(60), "the server did not start");
            thread::sleep(Duration::from_millis(5));
        }
        server
    }

    pub fn process(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Every file below a folder, by its path there.
pub fn below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let (name, path) = (PathBuf::from(entry.file_name()), entry.path());
        if path.is_dir() {
            found.extend(below(&path).into_iter().map(|(rest, bytes)| (name.join(rest), bytes)));
        } else if let Ok(bytes) = fs::read(&path) {
            found.insert(name, bytes);
        }
    }
    found
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// What the programs add.
#[derive(Clone)]
pub enum What {
    Teams,
    /// Files beside a comment on this team. Each holds its own name.
    Files(String),
    /// Deliveries to this door, whose secret is the token.
    Webhooks(String),
}

impl What {
    fn request(&self, name: &str) -> (String, Json) {
        match self {
            What::Teams => ("/api/v1/teams".into(), json!({ "name": name })),
            What::Webhooks(hook) => (format!("/hooks/jenkins/{hook}"), json!({ "name": name })),
            What::Files(team) => {
                let content = STANDARD.encode(name);
                ("/api/v1/files".into(), json!({ "kind": "team", "record": team, "name": name, "content": content }))
            }
        }
    }
}

/// Programs that add something at the same time until the connection breaks.
pub struct Writers {
    progress: Arc<Progress>,
    threads: Vec<JoinHandle<Vec<String>>>,
}

#[derive(Default)]
struct Progress {
    acknowledged: AtomicUsize,
    over: AtomicBool,
}

impl Writers {
    /// The names of what is added begin with the number of the round.
    pub fn start(port: u16, token: &str, round: usize, what: What) -> Writers {
        let progress = Arc::new(Progress::default());
        let start = |writer| {
            let (token, progress, what) = (token.to_owned(), progress.clone(), what.clone());
            thread::spawn(move || write(port, &token, &format!("{round}-{writer}"), &what, &progress))
        };
        Writers { threads: (0..WRITERS).map(start).collect(), progress }
    }

    pub fn wait(&self) {
        let (start, acknowledged) = (Instant::now(), &self.progress.acknowledged);
        while acknowledged.load(SeqCst) < BEFORE_THE_END {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "{acknowledged:?} changes were acknowledged in a minute"
            );
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// What is answered from now on does not count. Linux needs this for a power cut: while ext4 shuts down, a
    /// `fdatasync` that had begun may report success although its transaction of the journal was given up.
    pub fn stop_counting(&self) {
        self.progress.over.store(true, SeqCst);
    }

    /// The names that the server said it had saved, once it has ended.
    pub fn promised(self) -> BTreeSet<String> {
        self.threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    }
}

/// A name counts only if its answer was read whole, and in time.
fn write(port: u16, token: &str, prefix: &str, what: &What, progress: &Progress) -> Vec<String> {
    let mut promised = Vec::new();
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else { return promised };
    let mut stream = BufReader::new(stream);
    for number in 0.. {
        let name = format!("{prefix}-{number}");
        let (path, body) = what.request(&name);
        let answer = ask(&mut stream, token, &path, &body.to_string());
        if progress.over.load(SeqCst) {
            break;
        }
        match answer {
            Ok(200 | 202) => {
                promised.push(name);
                progress.acknowledged.fetch_add(1, SeqCst);
            }
            Ok(503) => {}
            Ok(status) => panic!("{name} was answered with {status}"),
            Err(_) => break,
        }
    }
    promised
}

fn ask(stream: &mut BufReader<TcpStream>, token: &str, path: &str, body: &str) -> std::io::Result<u16> {
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.get_mut().write_all(request.as_bytes())?;
    let (mut status, mut length, mut line) = (0, 0, String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = line.trim_end().to_lowercase();
        if text.is_empty() {
            break;
        }
        status = text.strip_prefix("http/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(status);
        length = text.strip_prefix("content-length: ").and_then(|rest| rest.parse().ok()).unwrap_or(length);
    }
    let mut rest = vec![0; length];
    stream.read_exact(&mut rest)?;
    Ok(status)
}
