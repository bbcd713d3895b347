//! The inbox with a thousand asks, the digests of two thousand people, and how soon two hundred browsers hear of a change.
use crate::{
    SEED, against, busy,
    live::{live, token},
    server::{Connection, Counter, Server, cookie, load, open, report, settle},
    size, spread,
};
use cairn::world::World;
use kernel::{Actor, Clock, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{path::Path, time::Instant};

/// What is to be reached on two cores: milliseconds of the inbox and until a browser hears, seconds of all digests.
const INBOX: f64 = 15.0;
const LIVE: f64 = 250.0;
const DIGESTS: f64 = 20.0;

fn people() -> usize {
    size(2_000, 60)
}

fn browsers() -> usize {
    size(200, 20)
}

pub fn measure(runtime: &tokio::runtime::Runtime, engine: &str, data: &Path, url: Option<&str>) {
    println!("\n{engine}, asks{}", busy());
    let (cookies, busy, team) = runtime.block_on(prepare(data, url));
    let server = Server::start(data, url);
    report("inbox", load(server.port, &vec![busy.clone(); 8], &["/inbox".into()]), Some(INBOX));
    let page = format!("/teams/{team}");
    let token = token(server.port, &format!("{page}/norms/edit"), &cookies[0]);
    let change = |owner: &mut Connection, n: usize| {
        owner.post(&format!("{page}/norms"), &cookies[0], &format!("csrf={token}&body=Change+{n}"))
    };
    report("live", live(server.port, &cookies, browsers(), &page, change), Some(LIVE));
    drop(server);
    let (letters, seconds) = runtime.block_on(digests(data, url));
    assert!(letters >= people(), "only {letters} of {} people had a digest", people());
    println!("  digests    {letters} letters in {}", against(seconds, DIGESTS, "s"));
}

async fn prepare(data: &Path, url: Option<&str>) -> (Vec<String>, String, Id<kernel::Team>) {
    let world = open(data, url).await;
    let grown = sample::scale::grow(&world.app, world.workspace, people(), SEED).await.expect("the company grows");
    let asks = Fill { receivers: grown.people.clone(), asker: grown.people[0], each: 5 };
    world.app.call(&world.system(), asks).await.expect("asks are written");
    let busy = grown.people[people() / 2];
    let many = Fill { receivers: vec![busy], asker: grown.people[0], each: size(1_000, 100) };
    world.app.call(&world.system(), many).await.expect("asks are written");
    settle(&world, url).await;
    let mut cookies = Vec::new();
    for person in spread(&grown.people, 8) {
        cookies.push(cookie(&world, person).await);
    }
    (cookies, cookie(&world, busy).await, grown.teams[0])
}

/// In microseconds.
const IN_A_DAY: i64 = 24 * 3_600_000_000;

/// Writes open asks as they would stand after some days, and makes everyone work at any hour.
#[derive(Deserialize, JsonSchema)]
struct Fill {
    receivers: Vec<Id<Person>>,
    asker: Id<Person>,
    each: usize,
}

impl Operation for Fill {
    const NAME: &str = "bench.fill";
    const ROUTE: Route = Route(Post, "/bench/asks");
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
            "insert into asks (workspace_id, id, batch, receiver_id, asker_id, verb, subject, due, silence, urgent,
                               short_minutes, crossed, raised_at, due_at, state)
             values ($1, $2, $2, $3, $4, 'review', $5, '8 working hours', 'nothing', false, 0, false, $6, $7, 'open')"
        );
        let now = tx.now();
        for receiver in &self.receivers {
            for n in 0..self.each {
                let (id, subject): (Id<asks::Ask>, _) = (tx.id(), format!("Change number {n} of the ledger client"));
                let due = Time(now.0 + (n as i64 - 20) * 3_600_000_000);
                tx.run(insert, args![tx.workspace(), id, receiver, self.asker, subject, now, due]).await?;
            }
        }
        let plan = sql!(
            "insert into ask_deliveries (workspace_id, person_id, rhythm, at_once, next_at)
             select workspace_id, id, 'morning', false, $2 from people where workspace_id = $1
             on conflict (workspace_id, person_id) do update set next_at = excluded.next_at"
        );
        // The server that is measured meanwhile must not send them.
        tx.run(plan, args![tx.workspace(), Time(now.0 + IN_A_DAY)]).await?;
        let hours = sql!("update people set hours = 'Mon-Sun 00:00-24:00', holidays = '' where workspace_id = $1");
        tx.run(hours, args![tx.workspace()]).await?;
        let leave = sql!("update leaves set withdrawn_at = $2 where workspace_id = $1");
        tx.run(leave, args![tx.workspace(), now]).await?;
        Ok(())
    }
}

/// How many letters leave when all digests are due, and within how many seconds.
async fn digests(data: &Path, url: Option<&str>) -> (usize, f64) {
    let world: World = open(data, url).await;
    let letters = Counter::default();
    let now = world.app.clock.now();
    db::ask_for_scheduled(&world.db, &world.app).await.expect("the sweep is asked for");
    let later = Time(now.0 + IN_A_DAY + 3_600_000_000);
    let app = world.app.clone().with_clock(Clock::fixed(later));
    let start = Instant::now();
    while db::drain(&world.db, &app, &letters).await.expect("the queue can be read") > 0 {}
    (letters.count(), start.elapsed().as_secs_f64())
}
