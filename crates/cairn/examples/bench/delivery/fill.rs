//! Writes the repositories of a team as five years of pull requests would have left them.
use crate::SEED;
use kernel::{Actor, Bind, Id, Method::Post, Operation, Person, Result, Route, Sql, Team, Time, Tx, Value, args, sql};
use sample::scale::random::Random;
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};

const REPOSITORIES: usize = 4;
const DAYS: u64 = 5 * 365;
/// Folders with as many files.
const PATHS: u64 = 24;
/// A deployment follows every so many pull requests of a repository.
const DEPLOYED: usize = 14;

/// Pull requests from one place to another; with the first of them the repositories.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct FillRepositories {
    pub team: Id<Team>,
    /// Who writes and reads them.
    pub people: Vec<Id<Person>>,
    pub pulls: usize,
    pub from: usize,
    pub to: usize,
    pub now: Time,
}

impl Operation for FillRepositories {
    const NAME: &str = "bench.fill_repositories";
    const ROUTE: Route = Route(Post, "/bench/fill_repositories");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        if self.from == 0 {
            self.begin(tx).await?;
        }
        let mut rows = Rows::default();
        for place in self.from..self.to {
            self.pull(place, &mut rows);
        }
        for (table, rows) in rows.0 {
            let workspace = tx.workspace();
            let bound: Vec<Vec<Value<'_>>> = rows
                .iter()
                .map(|row| std::iter::once(workspace.bind()).chain(row.iter().map(Cell::bind)).collect())
                .collect();
            tx.run_many(statement(table), &bound).await?;
        }
        Ok(())
    }
}

/// A value of a row that is written later.
enum Cell {
    Text(String),
    Int(i64),
    Bytes(Vec<u8>),
    True(bool),
    Nothing,
}

impl Cell {
    fn bind(&self) -> Value<'_> {
        match self {
            Cell::Text(text) => Value::Text(text),
            Cell::Int(number) => Value::Int(*number),
            Cell::Bytes(bytes) => Value::Bytes(bytes),
            Cell::True(yes) => Value::Bool(*yes),
            Cell::Nothing => Value::Null,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Int(number)
    }
}

impl From<Time> for Cell {
    fn from(at: Time) -> Cell {
        Cell::Int(at.0)
    }
}

impl From<bool> for Cell {
    fn from(yes: bool) -> Cell {
        Cell::True(yes)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Table {
    Pull,
    Commit,
    Landing,
    PullCommit,
    Review,
    Comment,
    Event,
    Build,
    Deployment,
    Incident,
}

#[derive(Default)]
struct Rows(BTreeMap<Table, Vec<Vec<Cell>>>);

macro_rules! row {
    ($rows:expr, $table:expr, $($cell:expr),+ $(,)?) => {
        $rows.0.entry($table).or_default().push(vec![$(Cell::from($cell)),+])
    };
}

fn statement(table: Table) -> Sql {
    match table {
        Table::Pull => sql!(
            "insert into pull_requests (workspace_id, repository_id, number, title, state, draft, author_id, created_at,
                updated_at, closed_at, merged_at, merged_by_id, merge_commit, additions, deletions, changed_files, commits,
                linked, told)
             values ($1, $2, $3, $4, $5, false, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, '{}')"
        ),
        Table::Commit => sql!(
            "insert into commits (workspace_id, repository_id, hash, parents, author_id, authored_at, committed_at,
                committed_offset, subject, pull_number, additions, deletions, changes, merge, landed)
             values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11, $12, $13, true)"
        ),
        Table::Landing => sql!(
            "insert into landings (workspace_id, repository_id, hash, landed_at, how, number, title, author_id, commits,
                additions, deletions, first_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        Table::PullCommit => sql!(
            "insert into pull_commits (workspace_id, repository_id, key, number, hash, authored_at, committed_at, told)
             values ($1, $2, $3, $4, $5, $6, $7, '{}')"
        ),
        _ => of_talk_and_pipelines(table),
    }
}

fn of_talk_and_pipelines(table: Table) -> Sql {
    match table {
        Table::Review => sql!(
            "insert into reviews (workspace_id, repository_id, key, number, author_id, state, submitted_at, told)
             values ($1, $2, $3, $4, $5, $6, $7, '{}')"
        ),
        Table::Comment => sql!(
            "insert into pull_comments (workspace_id, repository_id, key, number, author_id, created_at, counts, told)
             values ($1, $2, $3, $4, $5, $6, true, '{}')"
        ),
        Table::Event => sql!(
            "insert into pull_events (workspace_id, repository_id, key, number, event, at, actor_id, told)
             values ($1, $2, $3, $4, $5, $6, $7, '{}')"
        ),
        Table::Build => sql!(
            "insert into builds (workspace_id, system, source_id, attempt, repository_id, project, name, commit_hash, branch,
                event, outcome, said, rank, queued_at, started_at, finished_at, as_of)
             values ($1, 'github', $2, 1, $3, $4, 'Tests', $5, $6, $7, $8, $8, 0, $9, $10, $11, $11)"
        ),
        Table::Deployment => sql!(
            "insert into deployments (workspace_id, system, source_id, repository_id, project, environment, production,
                commit_hash, outcome, said, rank, created_at, started_at, finished_at, as_of)
             values ($1, 'github', $2, $3, $4, 'production', true, $5, $6, $6, 0, $7, $7, $8, $8)"
        ),
        _ => sql!(
            "insert into incidents (workspace_id, system, source_id, repository_id, team_id, title, said, opened_at,
                resolved_at, as_of)
             values ($1, 'pagerduty', $2, $3, $4, 'Errors after a deployment', 'resolved', $5, $6, $6)"
        ),
    }
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

fn repository(place: usize) -> String {
    Id::<Team>::from_u128(3 << 80 | place as u128).to_string()
}

fn identity(place: usize) -> String {
    Id::<Person>::from_u128(4 << 80 | place as u128).to_string()
}

/// The commit with which a pull request of a repository landed, and those before it.
fn hash(repository: usize, number: usize, part: u64) -> String {
    let mut random = Random::new((repository as u64) << 48 ^ (number as u64) << 8 ^ part);
    format!("{:016x}{:016x}{:08x}", random.number(), random.number(), random.below(1 << 32))
}

/// What every row about a pull request says.
struct About {
    repository: usize,
    id: String,
    number: usize,
    title: String,
    author: String,
    created: Time,
    merged: Time,
}

impl FillRepositories {
    async fn begin(&self, tx: &mut Tx<'_>) -> Result<()> {
        for place in 0..REPOSITORIES {
            let insert = sql!(
                "insert into repositories (workspace_id, id, name, location, team_id, main_ref, commits, imported_at,
                    created_at) values ($1, $2, $3, $3, $4, 'refs/heads/main', 1, $5, $5)"
            );
            let (id, name) = (repository(place), format!("example/part-{place}"));
            tx.run(insert, args![tx.workspace(), id, name, self.team, self.now]).await?;
            let insert = sql!(
                "insert into repository_paths (workspace_id, repository_id, number, path) values ($1, $2, $3, $4)"
            );
            for path in 0..PATHS {
                let name = format!("{}/part{path}.rs", if path % 3 == 0 { "tests" } else { "src" });
                tx.run(insert, args![tx.workspace(), id, path as i64, name]).await?;
            }
        }
        let insert = sql!(
            "insert into identities (workspace_id, id, key, name, mail, login, bot, person_id, reason, created_at)
             values ($1, $2, $3, $3, $3, $3, $4, $5, 'claimed', $6)"
        );
        for (place, person) in self.people.iter().enumerate() {
            let (id, name, bot) = (identity(place), format!("writer{place}"), place == 0);
            let person = (!bot).then_some(person);
            tx.run(insert, args![tx.workspace(), id, name, bot, person, self.now]).await?;
        }
        Ok(())
    }

    fn someone(&self, random: &mut Random) -> String {
        identity(random.below(self.people.len() as u64) as usize)
    }

    fn pull(&self, place: usize, rows: &mut Rows) {
        let random = &mut Random::new(SEED ^ place as u64);
        let (repository_at, number) = (place % REPOSITORIES, place / REPOSITORIES + 1);
        let ends = self.now - seconds(DAYS * 86_400).mul_f64(1.0 - (place as f64 + 0.5) / self.pulls as f64);
        let about = About {
            repository: repository_at,
            id: repository(repository_at),
            number,
            title: format!("Change number {number} of the ledger, and what follows"),
            author: self.someone(random),
            created: ends - seconds(3_600 + random.below(4 * 86_400)),
            merged: ends,
        };
        let open = place + REPOSITORIES * 10 > self.pulls && random.below(2) == 0;
        let commits = 1 + random.below(4);
        let squashed = random.below(10) < 7;
        self.request(&about, (open, commits), random, rows);
        branch(&about, commits, squashed || open, rows);
        self.talk(&about, random, rows);
        build(&about, "pull_request", random, rows);
        if !open {
            land(&about, (commits, squashed), random, rows);
            build(&about, "push", random, rows);
        }
        if number.is_multiple_of(DEPLOYED) && !open {
            self.deploy(&about, random, rows);
        }
    }

    fn request(&self, about: &About, (open, commits): (bool, u64), random: &mut Random, rows: &mut Rows) {
        let (state, ended) = if open { ("open", None) } else { ("merged", Some(about.merged)) };
        let ended = || ended.map_or(Cell::Nothing, Cell::from);
        let merge = hash(about.repository, about.number, 0);
        rows.0.entry(Table::Pull).or_default().push(vec![
            about.id.clone().into(),
            (about.number as i64).into(),
            about.title.clone().into(),
            state.into(),
            about.author.clone().into(),
            about.created.into(),
            about.merged.into(),
            ended(),
            ended(),
            if open { Cell::Nothing } else { self.someone(random).into() },
            if open { Cell::Nothing } else { merge.into() },
            (5 + random.below(300) as i64).into(),
            (random.below(100) as i64).into(),
            (1 + random.below(8) as i64).into(),
            (commits as i64).into(),
            (random.below(3) > 0).into(),
        ]);
    }

    /// Reviews, comments and events between the opening and the end.
    fn talk(&self, about: &About, random: &mut Random, rows: &mut Rows) {
        let number = about.number as i64;
        let span = (about.merged.0 - about.created.0) / 1_000_000;
        let at = |random: &mut Random| about.created + seconds(random.below(span as u64));
        row!(
            rows,
            Table::Event,
            about.id.clone(),
            format!("{number} requested"),
            number,
            "review_requested",
            about.created,
            about.author.clone()
        );
        for n in 0..random.below(3) {
            row!(
                rows,
                Table::Event,
                about.id.clone(),
                format!("{number} pushed {n}"),
                number,
                "pushed",
                at(random),
                about.author.clone()
            );
        }
        for n in 0..random.below(4) {
            let state = *random.pick(&["approved", "approved", "commented", "changes_requested"]);
            row!(
                rows,
                Table::Review,
                about.id.clone(),
                format!("{number} {n}"),
                number,
                self.someone(random),
                state,
                at(random)
            );
        }
        for n in 0..random.below(4) {
            row!(
                rows,
                Table::Comment,
                about.id.clone(),
                format!("{number} {n}"),
                number,
                self.someone(random),
                at(random)
            );
        }
    }

    fn deploy(&self, about: &About, random: &mut Random, rows: &mut Rows) {
        let key = format!("{}/{}", about.repository, about.number);
        let outcome = if random.below(20) == 0 { "failed" } else { "succeeded" };
        let (begun, ended) = (about.merged + seconds(600), about.merged + seconds(600 + random.below(1_200)));
        let commit = hash(about.repository, about.number, 0);
        row!(rows, Table::Deployment, key.clone(), about.id.clone(), "example/part", commit, outcome, begun, ended);
        if random.below(25) == 0 {
            let opened = ended + seconds(random.below(3_600));
            let (team, resolved) = (self.team.to_string(), opened + seconds(600 + random.below(20_000)));
            row!(rows, Table::Incident, key, about.id.clone(), team, opened, resolved);
        }
    }
}

/// The commits before the one with which it lands, as the code host tells of them, and in the history unless squashed.
fn branch(about: &About, commits: u64, told_only: bool, rows: &mut Rows) {
    let number = about.number as i64;
    for part in 1..=commits {
        let (hash_of, at) = (hash(about.repository, about.number, part), about.created - seconds(3_600 * (6 - part)));
        row!(rows, Table::PullCommit, about.id.clone(), format!("{number} {hash_of}"), number, hash_of.clone(), at, at);
        if !told_only {
            let before = if part == 1 { about.number - 1 } else { about.number };
            let parent = hash(about.repository, before, if part == 1 { 0 } else { part - 1 });
            commit(about, hash_of, parent, (at, false), (part, &mut *rows));
        }
    }
}

fn land(about: &About, (commits, squashed): (u64, bool), random: &mut Random, rows: &mut Rows) {
    let (own, before) = (hash(about.repository, about.number, 0), hash(about.repository, about.number - 1, 0));
    let parents = if squashed { before } else { format!("{before} {}", hash(about.repository, about.number, commits)) };
    commit(about, own.clone(), parents, (about.merged, !squashed), (random.below(PATHS), &mut *rows));
    let how = if squashed { "squashed" } else { "merged" };
    let (number, author) = (about.number as i64, about.author.clone());
    row!(
        rows,
        Table::Landing,
        about.id.clone(),
        own,
        about.merged,
        how,
        number,
        about.title.clone(),
        author,
        commits as i64,
        40_i64,
        12_i64,
        about.created,
    );
}

/// Each touches two paths with a few lines, in the form of crates/delivery/src/changes.rs.
fn commit(about: &About, own: String, parents: String, (at, merge): (Time, bool), (path, rows): (u64, &mut Rows)) {
    let head = |path: u64| ((path % PATHS) << 2) as u8;
    let changes = Cell::Bytes(vec![head(path), 28, 8, head(path + 1), 12, 4]);
    let number = about.number as i64;
    rows.0.entry(Table::Commit).or_default().push(vec![
        about.id.clone().into(),
        own.into(),
        parents.into(),
        about.author.clone().into(),
        (at - seconds(600)).into(),
        at.into(),
        format!("{} (#{number})", about.title).into(),
        number.into(),
        40_i64.into(),
        12_i64.into(),
        changes,
        merge.into(),
    ]);
}

fn build(about: &About, event: &str, random: &mut Random, rows: &mut Rows) {
    let key = format!("{}/{}/{event}", about.repository, about.number);
    let at = if event == "push" { about.merged } else { about.created };
    let outcome = if random.below(10) == 0 { "failed" } else { "succeeded" };
    let (begun, ended) = (at + seconds(random.below(90)), at + seconds(120 + random.below(900)));
    let (own, branch) = (hash(about.repository, about.number, 0), if event == "push" { "main" } else { "change" });
    row!(
        rows,
        Table::Build,
        key,
        about.id.clone(),
        format!("example/part-{}", about.repository),
        own,
        branch,
        event,
        outcome,
        at,
        begun,
        ended,
    );
}
