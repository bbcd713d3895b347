//! Boards, lists, issues and queries over what five years and 150 people leave behind, and how these grow with it.
mod fill;
mod life;

use crate::{
    SEED, against, busy,
    live::token,
    server::{Server, cookie, drive, load, open, report, settle},
    size, spread,
};
use cairn::world::World;
use fill::FillTeam;
use kernel::{Id, Team};
use search::keep::RebuildSearch;
use std::{cell::RefCell, collections::BTreeMap, path::Path, time::Instant};

/// What is to be reached on two cores, in milliseconds.
const BOARD: f64 = 20.0;
const LIST: f64 = 10.0;
const ISSUE: f64 = 10.0;
const CREATE: f64 = 10.0;
const FILTER: f64 = 30.0;
const ANY: f64 = 100.0;
/// Ten times the data may take so many times as long.
const GROWTH: f64 = 1.5;

const PEOPLE: usize = 150;
/// The shares of the teams in all issues, in hundredths.
const SHARES: [usize; 12] = [20, 15, 12, 10, 9, 8, 7, 6, 5, 4, 3, 1];
/// Issues of one transaction.
const BATCH: usize = 1_000;

/// How many issues there are: a tenth, and all.
pub fn sizes() -> [usize; 2] {
    [size(10_000, 500), size(100_000, 2_000)]
}

/// The medians of the smaller company, by the engine and the name of what was measured.
#[derive(Default)]
pub struct Growth(RefCell<BTreeMap<String, f64>>);

impl Growth {
    pub fn measure(
        &self,
        runtime: &tokio::runtime::Runtime,
        engine: &str,
        issues: usize,
        (data, url): (&Path, Option<&str>),
    ) {
        let begun = Instant::now();
        let data = data.join(issues.to_string());
        let prepared = runtime.block_on(prepare(&data, url, issues));
        println!("\n{engine}, {issues} issues, made in {:.0} s{}", begun.elapsed().as_secs_f64(), busy());
        let server = Server::start(&data, url);
        for (name, paths, most) in prepared.pages() {
            let median = report(name, load(server.port, &prepared.cookies, &paths), Some(most));
            self.tell(engine, name, median);
        }
        let median = report("create", prepared.create(server.port), Some(CREATE));
        self.tell(engine, "create", median);
        println!("  {} after the load", server.resident());
    }

    fn tell(&self, engine: &str, name: &str, median: f64) {
        if let Some(before) = self.0.borrow_mut().insert(format!("{engine} {name}"), median) {
            println!("             {} as a tenth takes", against(median / before, GROWTH, "times as long"));
        }
    }
}

struct Prepared {
    cookies: Vec<String>,
    /// With their keys, that with the most issues first.
    teams: Vec<(Id<Team>, String)>,
    issues: usize,
}

async fn prepare(data: &Path, url: Option<&str>, issues: usize) -> Prepared {
    let world = open(data, url).await;
    let grown = sample::scale::grow(&world.app, world.workspace, PEOPLE, SEED).await.expect("the company grows");
    let mut teams = Vec::new();
    for (place, share) in SHARES.into_iter().enumerate() {
        let team = FillTeam {
            team: grown.teams[place],
            place,
            people: grown.people.clone(),
            issues: issues * share / 100,
            from: 0,
            to: 0,
            now: world.app.clock.now(),
        };
        teams.push((team.team, fill(&world, &team).await));
    }
    world.app.call(&world.system(), RebuildSearch {}).await.expect("the search is made");
    settle(&world, url).await;
    let mut cookies = Vec::new();
    for person in spread(&grown.people, 8) {
        cookies.push(cookie(&world, person).await);
    }
    Prepared { cookies, teams, issues }
}

/// Writes all issues of a team, and returns its key.
async fn fill(world: &World, team: &FillTeam) -> String {
    let mut key = String::new();
    for from in (0..team.issues).step_by(BATCH) {
        let part = FillTeam { from, to: (from + BATCH).min(team.issues), ..team.clone() };
        key = world.app.call(&world.system(), part).await.expect("issues are written");
    }
    key
}

impl Prepared {
    fn pages(&self) -> Vec<(&'static str, Vec<String>, f64)> {
        let (team, key) = &self.teams[0];
        let of_team = |query: &str| format!("/teams/{team}{query}");
        let most = self.issues * SHARES[0] / 100;
        let issues = (0..200).map(|n| format!("/issues/{key}-{}", 1 + n * most / 200)).collect();
        let newest = (0..50).map(|n| format!("/issues/{key}-{}", most - n)).collect();
        let asked = |queries: &[&str]| queries.iter().map(|q| format!("/issues?q={}", encoded(q))).collect();
        vec![
            ("board", vec![of_team("/board")], BOARD),
            ("board open", vec![of_team("/board?q=is:open")], BOARD),
            ("board all", vec![of_team("/board?q=")], BOARD),
            ("list", vec![of_team("/issues"), "/issues".into()], LIST),
            ("list all", vec![of_team("/issues?q="), "/issues?q=".into(), "/issues?q=sort:updated".into()], LIST),
            ("issue", issues, ISSUE),
            ("issue new", newest, ISSUE),
            ("filter", asked(&FILTERS), FILTER),
            ("any query", asked(&HARD), ANY),
        ]
    }

    /// By the form of the page, each client in its turn for every team.
    fn create(&self, port: u16) -> Vec<std::time::Duration> {
        let tokens: Vec<String> = self.cookies.iter().map(|cookie| token(port, "/issues/new", cookie)).collect();
        drive(port, |connection, client, n| {
            let (team, _) = &self.teams[(client + n) % self.teams.len()];
            let form = format!("csrf={}&team={team}&title=Made+by+{client}+as+number+{n}&body=Soon.", tokens[client]);
            assert_eq!(connection.post("/issues", &self.cookies[client], &form), 303, "an issue is created");
        })
    }
}

/// Queries of three terms, as people ask them.
const FILTERS: [&str; 8] = [
    "assignee:me is:open priority:high",
    "is:open label:bug updated:<30d",
    "team:T0 state:\"In review\" -assignee:none",
    "ledger is:open label:customer",
    "sprint:current assignee:me state:started",
    "blocked:yes is:open priority:urgent",
    "team:T3 label:debt finished:<90d",
    "(label:bug or label:security) is:open sort:priority",
];

/// Queries for which no order and no index helps.
const HARD: [&str; 6] = [
    "nowhere state:done priority:low",
    "label:bug label:debt label:mobile sort:updated",
    "time-in(\"In review\"):>7d is:finished",
    "audit keyboard state:cancelled sort:created",
    "estimate:>=8 priority:urgent sort:due",
    "-label:none created:>900d blocked:yes",
];

fn encoded(query: &str) -> String {
    percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC).to_string()
}
