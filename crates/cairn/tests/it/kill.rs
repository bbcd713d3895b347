//! The server is killed again and again while programs write to it: nothing that it acknowledged may be missing.
use cairn::{config::Config, world::World};
use kernel::{Actor, Clock, Door, json};
use people::{
    account::{
        first_run::{self, Beginning},
        session::ResolvePerson,
        token::CreateToken,
        visitor::Visitor,
    },
    person::ListPeople,
    team::ListTeams,
};
use std::{
    collections::BTreeSet,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

const ROUNDS: usize = 5;
const WRITERS: usize = 4;
/// How many changes each round acknowledges at the least before the server is killed.
const BEFORE_THE_KILL: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let mut databases = vec![None];
    databases.extend(testkit::empty_postgres().await.map(Some));
    for database in databases {
        let folder = testkit::sqlite_file().replace(".db", "");
        let (config, token) = prepare(&folder, database.as_deref()).await;
        let arguments = (folder.clone(), database.clone());
        let promised =
            tokio::task::spawn_blocking(move || rounds(&arguments.0, arguments.1.as_deref(), &token)).await.unwrap();
        let world = World::open(&config, Clock::default()).await.unwrap();
        let teams = world.app.call(&world.system(), ListTeams {}).await.unwrap();
        let saved: BTreeSet<String> = teams.into_iter().map(|team| team.name).collect();
        let lost: Vec<&String> = promised.difference(&saved).collect();
        assert!(lost.is_empty(), "{} of {} are lost on {database:?}: {lost:?}", lost.len(), promised.len());
        println!("{ROUNDS} kills, {} acknowledged, none lost ({})", promised.len(), config.database());
    }
}

async fn prepare(folder: &str, database: Option<&str>) -> (Config, String) {
    let flag = |key: &str| match key {
        "data" => Some(folder.to_owned()),
        "database-url" => database.map(str::to_owned),
        _ => None,
    };
    let config = Config::load(flag, None).unwrap();
    let world = World::open(&config, Clock::default()).await.unwrap();
    let beginning: Beginning = kernel::parse(json!({
        "workspace": "Kill", "name": "Owner", "email": "owner@kill.example", "zone": "UTC", "new_password": "correct horse battery",
    }))
    .unwrap();
    let stranger = Actor::stranger(world.workspace, Door::Page);
    first_run::begin(&world.app, &stranger, beginning, &Visitor::default()).await.unwrap();
    let owner = world.app.call(&world.system(), ListPeople::default()).await.unwrap().people[0].id;
    let owner =
        world.app.call(&world.system(), ResolvePerson { person: owner }).await.unwrap().actor(world.workspace).unwrap();
    let owner = Actor { door: Door::Command, ..owner };
    let token: CreateToken = kernel::parse(json!({ "name": "writer", "scopes": ["*:write"], "days": 1 })).unwrap();
    (config, world.app.call(&owner, token).await.unwrap().token)
}

/// The names that the server said it had saved.
fn rounds(folder: &str, database: Option<&str>, token: &str) -> BTreeSet<String> {
    let mut promised = BTreeSet::new();
    for round in 0..ROUNDS {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = serve(Path::new(folder), database, port);
        let acknowledged = Arc::new(AtomicUsize::new(0));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (token, acknowledged) = (token.to_owned(), acknowledged.clone());
                thread::spawn(move || write(port, &token, &format!("{round}-{writer}"), &acknowledged))
            })
            .collect();
        wait_for(&acknowledged);
        thread::sleep(Duration::from_millis(30 * round as u64));
        server.kill().unwrap(); // SIGKILL
        server.wait().unwrap();
        promised.extend(writers.into_iter().flat_map(|writer| writer.join().unwrap()));
    }
    promised
}

fn wait_for(acknowledged: &AtomicUsize) {
    let start = Instant::now();
    while acknowledged.load(Relaxed) < BEFORE_THE_KILL {
        assert!(
            start.elapsed() < Duration::from_secs(60),
            "the server acknowledged {acknowledged:?} changes in a minute"
        );
        thread::sleep(Duration::from_millis(2));
    }
}

fn serve(folder: &Path, database: Option<&str>, port: u16) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.arg("serve").arg("--data").arg(folder).arg("--log-level").arg("error").stdout(Stdio::null());
    command.arg("--listen").arg(format!("127.0.0.1:{port}"));
    if let Some(url) = database {
        command.arg("--database-url").arg(url);
    }
    let server = command.spawn().unwrap();
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < Duration::from_secs(30), "the server did not start");
        thread::sleep(Duration::from_millis(5));
    }
    server
}

/// Makes teams until the connection breaks; a name counts only once its answer was read whole.
fn write(port: u16, token: &str, prefix: &str, acknowledged: &AtomicUsize) -> Vec<String> {
    let mut promised = Vec::new();
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else { return promised };
    let mut stream = BufReader::new(stream);
    for number in 0.. {
        let name = format!("{prefix}-{number}");
        match ask(&mut stream, token, &name) {
            Ok(200) => {
                promised.push(name);
                acknowledged.fetch_add(1, Relaxed);
            }
            Ok(503) => {}
            Ok(status) => panic!("a team was answered with {status}"),
            Err(_) => break,
        }
    }
    promised
}

fn ask(stream: &mut BufReader<TcpStream>, token: &str, name: &str) -> std::io::Result<u16> {
    let body = json!({ "name": name }).to_string();
    let request = format!(
        "POST /api/v1/teams HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
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
