//! How long a search takes as one types, at 200,000 records, on each engine, with TEST_POSTGRES for PostgreSQL:
//! `cargo run --release -p search --example search_bench [sqlite|postgres]`.
//!
//! Texts are made of 30,000 words that are as unevenly frequent as those of a language (Zipf); seven of ten records are
//! for all colleagues, the others for a team or for two people.
use db::Db;
use kernel::{
    Actor, App, Card, Checkpoint, Clock, Document, Documents, Door, Id, Json, Later, Letter, Migration, Operation,
    Outside, Part, Person, Reader, RecordKind, Request, Result, Role, Route, Team, Time, Tx, Workspace, args, columns,
    json, sql,
};
use schemars::JsonSchema;
use search::{find::FindRecords, keep::RebuildSearch};
use serde::Deserialize;
use std::{
    env,
    sync::Arc,
    time::{Duration, Instant},
};

const RECORDS: usize = 200_000;
const WORDS: usize = 30_000;
const TEAMS: usize = 40;
const REPEATS: usize = 5;
const SEED: u64 = 20_260_317;

static PARTS: &[&Part] = &[&db::CORE, &people::PART, &search::PART, &NOTES];

static NOTES: Part = Part {
    migrations: &[Migration::portable(
        "notes",
        "create table notes (workspace_id text not null, id text not null, kind text not null, title text not null,
             body text not null, author text not null, team text not null, readers bigint not null, at bigint not null,
             primary key (workspace_id, id));",
    )],
    records: &[NOTE, DECISION],
    ..Part::named("notes")
};

const NOTE: RecordKind = RecordKind {
    kind: "note",
    path: "/notes/",
    told: None,
    find: card,
    documents: Some(Documents { title: "Notes", read, list: |tx, after| list(tx, "note", after) }),
};
const DECISION: RecordKind = RecordKind {
    kind: "decision",
    path: "/decisions/",
    told: None,
    find: card,
    documents: Some(Documents { title: "Decisions", read, list: |tx, after| list(tx, "decision", after) }),
};

struct Note {
    title: String,
    body: String,
    author: Id<Person>,
    team: Id<Team>,
    readers: i64,
    at: Time,
}
columns!(Note { title, body, author, team, readers, at });

fn card<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Card>> {
    Box::pin(async move {
        let select = sql!("select title from notes where workspace_id = $1 and id = $2");
        let title: Option<String> = tx.find(select, args![tx.workspace(), id]).await?;
        Ok(title.map(|title| Card { title, href: format!("/notes/{id}") }))
    })
}

fn read<'a>(tx: &'a mut Tx<'_>, id: &'a str) -> Later<'a, Option<Document>> {
    Box::pin(async move {
        let select =
            sql!("select title, body, author, team, readers, at from notes where workspace_id = $1 and id = $2");
        let note: Option<Note> = tx.find(select, args![tx.workspace(), id]).await?;
        Ok(note.map(|note| Document {
            title: note.title,
            body: note.body,
            mark: "",
            author: Some(note.author),
            team: Some(note.team),
            at: note.at,
            readers: match note.readers {
                0..7 => vec![Reader::Colleagues],
                7 | 8 => vec![Reader::Team(note.team), Reader::Role(Role::Owner)],
                _ => vec![Reader::Person(note.author), Reader::Person(person((note.readers + 1) as usize))],
            },
        }))
    })
}

fn list<'a>(tx: &'a mut Tx<'_>, kind: &'a str, after: &'a str) -> Later<'a, Vec<String>> {
    Box::pin(async move {
        let select =
            sql!("select id from notes where workspace_id = $1 and id > $2 and kind = $3 order by id limit 500");
        tx.all(select, args![tx.workspace(), after, kind]).await
    })
}

/// Chance that is the same each time (SplitMix64, Steele, Lea and Flood, 2014).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most as u64) as usize
    }

    /// The place of a word in the list of words: the first are the most frequent.
    fn zipf(&mut self) -> usize {
        let share = self.next() as f64 / u64::MAX as f64;
        ((WORDS as f64).powf(share) - 1.0) as usize
    }
}

fn vocabulary() -> Vec<String> {
    const SYLLABLES: [&str; 48] = [
        "pay", "ment", "re", "con", "de", "in", "ter", "pro", "er", "ing", "ed", "the", "of", "and", "to", "sion",
        "ver", "al", "com", "ex", "dis", "per", "un", "tion", "a", "is", "for", "with", "on", "plan", "re", "view",
        "team", "work", "ser", "vice", "lo", "ad", "re", "try", "bud", "get", "mi", "gra", "cy", "sta", "ble", "que",
    ];
    let mut chance = Chance(SEED);
    let mut all: Vec<String> =
        ["the", "of", "and", "to", "in", "a", "is", "for", "payments", "team"].map(str::to_owned).into();
    let mut known: std::collections::BTreeSet<String> = all.iter().cloned().collect();
    while all.len() < WORDS {
        let count = 1 + chance.below(4);
        let word: String = (0..count).map(|_| SYLLABLES[chance.below(SYLLABLES.len())]).collect();
        if known.insert(word.clone()) {
            all.push(word);
        }
    }
    all
}

fn text(chance: &mut Chance, words: &[String], count: usize) -> String {
    let all: Vec<&str> = (0..count).map(|_| words[chance.zipf().min(WORDS - 1)].as_str()).collect();
    all.join(" ")
}

fn person(number: usize) -> Id<Person> {
    Id::from_u128(1_000 + number as u128)
}

#[derive(Deserialize, JsonSchema)]
struct Fill {
    from: usize,
    teams: Vec<String>,
    me: String,
}

const AT_ONCE: usize = 2_000;

impl Operation for Fill {
    const NAME: &str = "bench.fill";
    const ROUTE: Route = Route(kernel::Method::Post, "/bench");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let (words, workspace) = (vocabulary(), tx.workspace());
        let mut chance = Chance(SEED ^ self.from as u64);
        let insert = sql!(
            "insert into notes (workspace_id, id, kind, title, body, author, team, readers, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        for number in self.from..self.from + AT_ONCE {
            let id: Id<Note> = Id::from_u128((u128::from(chance.next()) << 60) | number as u128);
            let kind = if number % 10 == 0 { "decision" } else { "note" };
            let (in_title, in_body) = (3 + chance.below(6), 20 + chance.below(100));
            let (title, body) = (text(&mut chance, &words, in_title), text(&mut chance, &words, in_body));
            let author = if number % 200 == 0 { self.me.clone() } else { person(chance.below(500)).to_string() };
            let (team, readers) = (&self.teams[chance.below(TEAMS)], chance.below(10) as i64);
            let at = Time(1_700_000_000_000_000 + (chance.below(60_000_000) as i64) * 1_000_000);
            tx.run(insert, args![workspace, id, kind, title, body, author, team, readers, at]).await?;
        }
        Ok(())
    }
}

#[derive(Deserialize, JsonSchema)]
struct Open {}

impl Operation for Open {
    const NAME: &str = "bench.open";
    const ROUTE: Route = Route(kernel::Method::Post, "/bench/open");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let insert = sql!("insert into workspaces (id, name, created_at) values ($1, 'Bench', $2)");
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, now]).await?;
        Ok(())
    }
}

struct Nowhere;

impl Outside for Nowhere {
    fn send(&self, _: Letter) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn publish(&self, _: Checkpoint) -> Later<'_, String> {
        Box::pin(async { Ok(String::new()) })
    }

    fn note_access(&self, _: String) -> Later<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    fn blobs(&self) -> &dyn kernel::BlobStore {
        unreachable!("nobody brings a file here")
    }
}

struct Bench {
    app: App,
    db: Arc<Db>,
    workspace: Id<Workspace>,
}

impl Bench {
    async fn ask(&self, operation: &str, input: Json) -> Json {
        let op = self.app.operations().find(|op| op.name == operation).expect("the operation is there");
        let system = Actor::system(self.workspace);
        let answer = self.app.call_json(op, &system, Request { input, key: None }).await.expect("it is done");
        answer.parse().expect("the answer is JSON")
    }

    async fn filled(url: &str) -> (Bench, Vec<(&'static str, Actor)>) {
        let db = Db::open(url, PARTS).await.expect("the database opens");
        let app = App::new(db.clone(), PARTS, Clock::default(), people::account::admit);
        let workspace = Id::new();
        let bench = Bench { app, db, workspace };
        let system = Actor::system(workspace);
        bench.app.call(&system, Open {}).await.expect("a workspace is made");
        let me = bench.ask("person.add", json!({ "name": "Mara Lindqvist", "zone": "UTC" })).await["id"].clone();
        let mut teams = Vec::new();
        for number in 0..TEAMS {
            let name = if number == 0 { "Payments".to_owned() } else { format!("Group {number}") };
            let team = bench.ask("team.add", json!({ "name": name })).await["id"].clone();
            if number < 2 {
                bench.ask("team.join", json!({ "team": team, "person": me })).await;
            }
            teams.push(team.as_str().expect("an id").to_owned());
        }
        let me = me.as_str().expect("an id").to_owned();
        for from in (0..RECORDS).step_by(AT_ONCE) {
            let fill = Fill { from, teams: teams.clone(), me: me.clone() };
            bench.app.call(&system, fill).await.expect("records are made");
        }
        bench.app.call(&system, RebuildSearch {}).await.expect("the search is made anew");
        let start = Instant::now();
        while db::drain(&bench.db, &bench.app, &Nowhere).await.expect("the queue is read") > 0 {}
        println!("  {RECORDS} records indexed in {:.0} s", start.elapsed().as_secs_f64());
        let actor = |person: Id<Person>, roles: &[Role]| Actor {
            person,
            roles: roles.iter().copied().collect(),
            door: Door::Page,
            ..Actor::stranger(workspace, Door::Page)
        };
        let colleague = actor(me.parse().expect("an id"), &[Role::Member]);
        (bench, vec![("colleague", colleague), ("guest", actor(person(8), &[Role::Guest]))])
    }

    async fn measure(&self, name: &str, actor: &Actor, questions: &[String], limit: i64) {
        let mut times: Vec<(Duration, &str, usize)> = Vec::new();
        for round in 0..=REPEATS {
            for q in questions {
                let start = Instant::now();
                let found = self.app.call(actor, FindRecords { q: q.clone(), limit: Some(limit) }).await;
                let hits = found.expect("a search is answered").hits.len();
                if round > 0 {
                    times.push((start.elapsed(), q, hits));
                }
            }
        }
        times.sort();
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].0.as_secs_f64() * 1e3;
        let (worst, q, hits) = times[times.len() - 1];
        println!(
            "  {name:<34} {:>6} searches  p50 {:6.2} ms  p99 {:6.2} ms  worst {:6.2} ms ({q:?}, {hits} hits)",
            times.len(),
            at(0.5),
            at(0.99),
            worst.as_secs_f64() * 1e3
        );
        if env::var("SLOWEST").is_ok() {
            for (time, q, hits) in times.iter().rev().step_by(REPEATS).take(8) {
                println!("      {:6.2} ms {q:?} {hits}", time.as_secs_f64() * 1e3);
            }
        }
    }
}

/// Every beginning of these, as somebody types them.
fn typed(questions: &[String]) -> Vec<String> {
    let beginnings = |q: &String| {
        let letters: Vec<char> = q.chars().collect();
        (1..=letters.len()).map(|end| letters[..end].iter().collect::<String>()).collect::<Vec<_>>()
    };
    questions.iter().flat_map(beginnings).filter(|q| q.trim() == q).collect()
}

async fn run(url: &str) {
    let (bench, actors) = Bench::filled(url).await;
    let words = vocabulary();
    let mut chance = Chance(SEED + 1);
    let single: Vec<String> =
        [0, 1, 4, 8, 20, 60, 150, 400, 1_000, 2_500, 6_000, 15_000].map(|at: usize| words[at].clone()).into();
    let several: Vec<String> = (0..12)
        .map(|_| {
            let count = 2 + chance.below(2);
            text(&mut chance, &words, count)
        })
        .collect();
    let phrases: Vec<String> = (0..8).map(|_| format!("\"{}\"", text(&mut chance, &words, 2))).collect();
    let slips: Vec<String> =
        [400, 1_000, 2_500, 6_000, 15_000].map(|at: usize| words[at].chars().skip(1).collect::<String>() + " x").into();
    let filters = ["is:decision", "by:me", "team:payments", "before:2024-05", "in:title"];
    let filtered: Vec<String> = filters
        .iter()
        .flat_map(|filter| ["", " the", " pay", " team re", " con", " -the pay"].map(|rest| format!("{filter}{rest}")))
        .collect();
    for (who, actor) in &actors {
        for (name, questions) in [
            ("a word as it is typed", typed(&single)),
            ("several words as they are typed", typed(&several)),
            ("filters", filtered.clone()),
            ("phrases", phrases.clone()),
            ("slips", slips.clone()),
        ] {
            bench.measure(&format!("{who}, {name}"), actor, &questions, 8).await;
        }
        bench.measure(&format!("{who}, 20 on the page"), actor, &single, 20).await;
    }
}

#[tokio::main]
async fn main() {
    let only = env::args().nth(1).unwrap_or_default();
    if only != "postgres" {
        on_sqlite().await;
    }
    match env::var("TEST_POSTGRES") {
        Ok(server) if only != "sqlite" => on_postgres(&server).await,
        Ok(_) => {}
        Err(_) => println!("PostgreSQL: skipped, TEST_POSTGRES names no server"),
    }
}

async fn on_sqlite() {
    let file = env::temp_dir().join(format!("cairn-search-bench-{}.db", std::process::id()));
    println!("SQLite");
    run(&file.to_string_lossy()).await;
    let size = std::fs::metadata(&file).map_or(0, |file| file.len());
    println!("  {} MB", size / 1_000_000);
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

async fn on_postgres(server: &str) {
    println!("PostgreSQL");
    let (client, connection) =
        tokio_postgres::connect(server, tokio_postgres::NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    let name = format!("cairn_search_bench_{}", std::process::id());
    client.batch_execute(&format!("create database {name}")).await.expect("a database is made");
    run(&format!("{}/{name}", server.rsplit_once('/').expect("an address with a database").0)).await;
    client.batch_execute(&format!("drop database {name} with (force)")).await.expect("the database is dropped");
}
