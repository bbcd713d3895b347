//! The preparation of a one-on-one with five years behind it, and a board with three hundred cards at which forty look.
use crate::{
    SEED, busy,
    live::{live, token},
    server::{Connection, Server, cookie, load, open, report, settle},
    size,
};
use jiff::ToSpan;
use kernel::{Actor, Id, Method::Post, Operation, Person, Result, Route, Team, Time, Tx, args, columns, sql};
use rituals::{
    one_on_one::{Meeting, OneOnOne, Point},
    promise::Promise,
    retrospective::{Card, Column, Retrospective, Topic},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is to be reached on two cores, in milliseconds.
const PREPARATION: f64 = 25.0;
const BOARD: f64 = 50.0;
const LIVE: f64 = 250.0;

const WEEK: i64 = 7 * 24 * 3_600_000_000;
const PEOPLE: usize = 150;

fn weeks() -> usize {
    size(5 * 52, 20)
}

fn cards() -> usize {
    size(300, 30)
}

fn browsers() -> usize {
    size(40, 8)
}

pub fn measure(runtime: &tokio::runtime::Runtime, engine: &str, data: &Path, url: Option<&str>) {
    println!("\n{engine}, rituals{}", busy());
    let prepared = runtime.block_on(prepare(data, url));
    let server = Server::start(data, url);
    let Prepared { pair, two, board, members } = &prepared;
    let two: Vec<String> = two.iter().cycle().take(8).cloned().collect();
    report("preparation", load(server.port, &two, &[format!("/one-on-ones/{pair}/preparation")]), Some(PREPARATION));
    let page = format!("/retrospectives/{}", board.id);
    let eight: Vec<String> = members.iter().cycle().take(8).cloned().collect();
    report("board", load(server.port, &eight, std::slice::from_ref(&page)), Some(BOARD));
    let token = token(server.port, &page, &members[0]);
    let change = |member: &mut Connection, n: usize| {
        let (card, topic) = (board.cards[n + 1], board.topics[0]);
        let body = format!("csrf={token}&board={}&topic={topic}", board.id);
        member.post(&format!("/retrospective-cards/{card}/topic"), &members[0], &body)
    };
    report("live", live(server.port, members, browsers(), &page, change), Some(LIVE));
}

struct Prepared {
    pair: Id<OneOnOne>,
    /// Cookies of the two.
    two: Vec<String>,
    board: Board,
    /// Cookies of those who are on the team.
    members: Vec<String>,
}

async fn prepare(data: &Path, url: Option<&str>) -> Prepared {
    let world = open(data, url).await;
    let grown = sample::scale::grow(&world.app, world.workspace, PEOPLE, SEED).await.expect("the company grows");
    let pair = world.app.call(&world.system(), Talk { weeks: weeks() }).await.expect("the two have talked");
    let team = LookBack { team: grown.teams[0], people: grown.people[..browsers()].to_vec(), cards: cards() };
    let people = team.people.clone();
    let board = world.app.call(&world.system(), team).await.expect("the board is full");
    settle(&world, url).await;
    let (mut two, mut members) = (Vec::new(), Vec::new());
    for person in [pair.lead_id, pair.other_id] {
        two.push(cookie(&world, person).await);
    }
    for person in people {
        members.push(cookie(&world, person).await);
    }
    Prepared { pair: pair.id, two, board, members }
}

#[derive(Serialize, JsonSchema)]
struct Pair {
    id: Id<OneOnOne>,
    lead_id: Id<Person>,
    other_id: Id<Person>,
}

#[derive(Clone, Copy)]
struct Line {
    manager_id: Id<Person>,
    person_id: Id<Person>,
}
columns!(Line { manager_id, person_id });

/// Writes a one-on-one that was held every week: three talking points, an answer, notes and a promise each time.
#[derive(Deserialize, JsonSchema)]
struct Talk {
    weeks: usize,
}

impl Operation for Talk {
    const NAME: &str = "bench.talk";
    const ROUTE: Route = Route(Post, "/bench/talk");
    type Target = ();
    type Output = Pair;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Pair> {
        let line = sql!(
            "select manager_id, person_id from manager_lines where workspace_id = $1 and until_on is null
              order by person_id limit 1"
        );
        let line: Line = tx.one(line, args![tx.workspace()]).await?;
        let (id, now): (Id<OneOnOne>, _) = (tx.id(), tx.now());
        let began = Time(now.0 - self.weeks as i64 * WEEK);
        let insert = sql!(
            "insert into one_on_ones (workspace_id, id, kind, lead_id, other_id, cadence, minutes, started_by, started_at)
             values ($1, $2, 'report', $3, $4, 'weekly', 30, $3, $5)"
        );
        tx.run(insert, args![tx.workspace(), id, line.manager_id, line.person_id, began]).await?;
        for week in 0..=self.weeks {
            let at = Time(began.0 + week as i64 * WEEK);
            meet(tx, id, line, (at, week < self.weeks)).await?;
        }
        Ok(Pair { id, lead_id: line.manager_id, other_id: line.person_id })
    }
}

async fn meet(tx: &mut Tx<'_>, pair: Id<OneOnOne>, two: Line, (at, held): (Time, bool)) -> Result<()> {
    let meeting: Id<Meeting> = tx.id();
    let (state, ended_at) = if held { ("called", Some(at)) } else { ("open", None) };
    let insert = sql!(
        "insert into one_on_one_meetings (workspace_id, id, one_on_one_id, starts_at, state, opened_at, ended_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $6)"
    );
    let opened = Time(at.0 - WEEK);
    tx.run(insert, args![tx.workspace(), meeting, pair, at, state, opened, ended_at]).await?;
    let notes = sql!(
        "insert into one_on_one_notes (workspace_id, meeting_id, version, body, author_id, written_at)
         values ($1, $2, 1, 'We talked about the ledger, and about who reads the long ones.', $3, $4)"
    );
    tx.run(notes, args![tx.workspace(), meeting, two.manager_id, at]).await?;
    let closed = if held { ("closed", Some(at), Some(meeting)) } else { ("open", None, None) };
    for author in [two.manager_id, two.person_id, two.person_id] {
        point(tx, pair, author, opened, closed).await?;
    }
    let promise: Id<Promise> = tx.id();
    let insert = sql!(
        "insert into promises (workspace_id, id, one_on_one_id, owner_id, other_id, body, made_by, made_at, state, ended_at,
                               asked)
         values ($1, $2, $3, $4, $5, 'Read the plan of the ledger', $4, $6, $7, $8, false)"
    );
    let state = if held { "kept" } else { "open" };
    let (owner, other) = (two.person_id, two.manager_id);
    tx.run(insert, args![tx.workspace(), promise, pair, owner, other, opened, state, ended_at]).await?;
    Ok(())
}

async fn point(
    tx: &mut Tx<'_>,
    pair: Id<OneOnOne>,
    author: Id<Person>,
    added: Time,
    (state, ended_at, meeting): (&str, Option<Time>, Option<Id<Meeting>>),
) -> Result<()> {
    let id: Id<Point> = tx.id();
    let insert = sql!(
        "insert into talking_points (workspace_id, id, one_on_one_id, author_id, body, added_at, state, ended_at, meeting_id)
         values ($1, $2, $3, $4, 'Whether the reviews of the ledger could come sooner', $5, $6, $7, $8)"
    );
    tx.run(insert, args![tx.workspace(), id, pair, author, added, state, ended_at, meeting]).await?;
    let reply = sql!(
        "insert into talking_point_replies (workspace_id, id, point_id, author_id, body, at)
         values ($1, $2, $3, $4, 'They could, if there were fewer of them.', $5)"
    );
    let reply_id: Id<Point> = tx.id();
    tx.run(reply, args![tx.workspace(), reply_id, id, author, added]).await?;
    Ok(())
}

#[derive(Serialize, JsonSchema)]
struct Board {
    id: Id<Retrospective>,
    cards: Vec<Id<Card>>,
    topics: Vec<Id<Topic>>,
}

/// Writes a board whose cards are put together, each alone so far, and brings people into its team.
#[derive(Deserialize, JsonSchema)]
struct LookBack {
    team: Id<Team>,
    people: Vec<Id<Person>>,
    cards: usize,
}

impl Operation for LookBack {
    const NAME: &str = "bench.look_back";
    const ROUTE: Route = Route(Post, "/bench/look_back");
    type Target = ();
    type Output = Board;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Board> {
        for person in &self.people {
            self.join(tx, *person).await?;
        }
        let (id, column, now): (Id<Retrospective>, Id<Column>, _) = (tx.id(), tx.id(), tx.now());
        let ends = Time(now.0 + WEEK);
        let insert = sql!(
            "insert into retrospectives (workspace_id, id, team_id, name, about, format, anonymous, guests, votes_each, hours, phase,
                                         phase_began_at, phase_ends_at, started_by, started_at)
             values ($1, $2, $3, 'Five years', '', 'four_ls', true, false, 3, 8, 'group', $4, $5, $6, $4)"
        );
        tx.run(insert, args![tx.workspace(), id, self.team, now, ends, self.people[0]]).await?;
        let insert = sql!(
            "insert into retrospective_columns (workspace_id, id, retrospective_id, position, title, hint, rated)
             values ($1, $2, $3, 0, 'Liked', '', false)"
        );
        tx.run(insert, args![tx.workspace(), column, id]).await?;
        let mut board = Board { id, cards: Vec::new(), topics: Vec::new() };
        for n in 0..self.cards {
            board
                .write(tx, column, &format!("Card {n}: the waits for reviews of the ledger, and for its exports"))
                .await?;
        }
        Ok(board)
    }
}

impl LookBack {
    async fn join(&self, tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
        let known = sql!(
            "select 1 from memberships where workspace_id = $1 and team_id = $2 and person_id = $3 and until_on is null"
        );
        if tx.exists(known, args![tx.workspace(), self.team, person]).await? {
            return Ok(());
        }
        let from = tx.now().date(&jiff::tz::TimeZone::UTC).saturating_sub(30.days());
        let insert =
            sql!("insert into memberships (workspace_id, id, team_id, person_id, from_on) values ($1, $2, $3, $4, $5)");
        let id: Id<Team> = tx.id();
        tx.run(insert, args![tx.workspace(), id, self.team, person, from]).await?;
        Ok(())
    }
}

impl Board {
    async fn write(&mut self, tx: &mut Tx<'_>, column: Id<Column>, body: &str) -> Result<()> {
        let (card, topic): (Id<Card>, Id<Topic>) = (tx.id(), tx.id());
        let insert = sql!(
            "insert into retrospective_topics (workspace_id, id, retrospective_id, title, outcome) values ($1, $2, $3, '', '')"
        );
        tx.run(insert, args![tx.workspace(), topic, self.id]).await?;
        let insert = sql!(
            "insert into retrospective_cards (workspace_id, id, retrospective_id, column_id, topic_id, body)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), card, self.id, column, topic, body]).await?;
        self.cards.push(card);
        self.topics.push(topic);
        Ok(())
    }
}
