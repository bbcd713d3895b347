use crate::{
    demo::{Answer, Ask, Close, Show, about},
    support::{World, engines, postgres, sqlite_file},
};
use futures_util::future::join_all;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_on_both_engines_and_has_the_same_columns() {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for world in engines().await {
        let checked = db::prepare_all(&world.db).await.unwrap();
        assert!(checked.len() > 10, "the registry is linked in");
        for one in checked.into_iter().filter(|one| !one.place.contains("crates/people")) {
            let columns = one.columns.unwrap_or_else(|e| panic!("{} on {}: {e}", one.place, world.url));
            assert_eq!(*seen.entry(one.place.clone()).or_insert(columns), columns, "{}", one.place);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_saved_with_its_event_and_a_subscriber_counts_it() {
    for world in engines().await {
        let checkin = world.checkin().await;
        for _ in 0..3 {
            world.app.call(&world.member(), Answer { checkin, body: "Fine.".into() }).await.unwrap();
        }
        world.drain().await;
        assert_eq!(world.app.call(&world.member(), Show { checkin }).await.unwrap().answers, 3);
        assert_eq!(world.app.call(&world.member(), CountRows {}).await.unwrap(), (4, 0), "events stay, jobs go");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_steps_refuse_in_order_and_nothing_is_saved() {
    for world in engines().await {
        let owner = world.member();
        let checkin = world.app.call(&owner, Ask { question: "Well?".into() }).await.unwrap().id;
        let missing = world.app.call(&world.member(), Show { checkin: Id::new() }).await;
        assert!(matches!(missing, Err(Error::NotFound)));
        let forbidden = world.app.call(&world.member(), Close { checkin }).await;
        assert!(matches!(forbidden, Err(Error::Forbidden)));
        world.app.call(&owner, Close { checkin }).await.unwrap();
        let late = world.app.call(&world.member(), Answer { checkin, body: "Late".into() }).await;
        assert!(matches!(late, Err(Error::Conflict(_))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_roll_back_alone_and_the_store_goes_on() {
    for world in engines().await {
        let before = world.app.call(&world.member(), CountRows {}).await.unwrap();
        let member = world.member();
        let tries =
            ["panic", "wait", "error", "swallow"].map(|how| world.app.call(&member, Misbehave { how: how.into() }));
        let texts: Vec<String> = join_all(tries).await.into_iter().map(|r| r.unwrap_err().to_string()).collect();
        assert_eq!(texts[0], "`test.misbehave` panicked: on purpose");
        assert!(texts[1].contains("awaited something other than its transaction"), "{}", texts[1]);
        assert_eq!(texts[2], "This conflicts with what is stored already (checkins_pkey).");
        assert!(texts[3].contains("its error was not returned"), "{}", texts[3]);
        assert_eq!(world.app.call(&world.member(), CountRows {}).await.unwrap(), before, "{}", world.url);
        world.checkin().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_operation_cannot_write() {
    for world in engines().await {
        assert!(world.app.call(&world.member(), SlyRead {}).await.is_err());
        world.checkin().await;
    }
}

/// A database in memory has one connection, and so no moment but the present.
async fn engines_with_moments() -> Vec<World> {
    engines().await.into_iter().filter(|world| world.url != ":memory:").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_request_reads_is_of_one_moment() {
    for world in engines_with_moments().await {
        let (moment, member) = (world.app.at_one_moment(), world.member());
        let before = moment.call(&member, CountRows {}).await.unwrap();
        world.checkin().await;
        assert_eq!(moment.call(&member, CountRows {}).await.unwrap(), before, "{}", world.url);
        moment.let_go().await.unwrap();
        assert_ne!(moment.call(&member, CountRows {}).await.unwrap(), before, "{}", world.url);
        assert_ne!(world.app.at_one_moment().call(&member, CountRows {}).await.unwrap(), before, "{}", world.url);

        moment.call(&member, Ask { question: "And now?".into() }).await.unwrap();
        let after = moment.call(&member, CountRows {}).await.unwrap();
        assert_eq!(after, world.app.call(&member, CountRows {}).await.unwrap(), "its own change and all before it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_goes_on_after_a_reading_that_failed() {
    for world in engines_with_moments().await {
        let (moment, member) = (world.app.at_one_moment(), world.member());
        moment.call(&member, CountRows {}).await.unwrap();
        assert!(moment.call(&member, SlyRead {}).await.is_err());
        let missing = moment.call(&member, Show { checkin: Id::new() }).await;
        assert!(matches!(missing, Err(Error::NotFound)), "{}: {missing:?}", world.url);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn moments_wait_for_each_other_and_give_their_connections_back() {
    for world in engines_with_moments().await {
        let requests = (0..200).map(|_| {
            let (app, member) = (world.app.clone(), world.member());
            tokio::spawn(async move {
                let moment = app.at_one_moment();
                for _ in 0..3 {
                    moment.call(&member, CountRows {}).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        });
        let all = tokio::time::timeout(Duration::from_secs(30), join_all(requests)).await.expect("nobody is stuck");
        assert!(all.into_iter().all(|one| one.is_ok()), "{}", world.url);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_leaves_nothing_open() {
    for world in engines().await {
        for round in 0..100_u64 {
            let (app, member) = (world.app.clone(), world.member());
            let task = tokio::spawn(async move { app.call(&member, Misbehave { how: "slow".into() }).await });
            tokio::time::sleep(Duration::from_micros(round * 40)).await;
            task.abort();
        }
        tokio::time::timeout(Duration::from_secs(10), world.checkin()).await.expect("nothing is blocked");
        if world.url.starts_with("postgres") {
            tokio::time::sleep(Duration::from_millis(500)).await;
            assert_eq!(world.app.call(&world.member(), OpenTransactions {}).await.unwrap(), 0);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_leaves_while_postgres_waits_for_a_lock_stops_the_wait() {
    let Some(url) = postgres().await else { return };
    let world = World::at(&url).await;
    let owner = world.member();
    let checkin = world.app.call(&owner, Ask { question: "Well?".into() }).await.unwrap().id;
    let (other, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    other.batch_execute("begin; update checkins set answers = 7").await.unwrap();

    let waiting =
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let app = world.app.clone();
    let close = tokio::spawn(async move { app.call(&owner, Close { checkin }).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(other.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0), 1);
    close.abort();
    tokio::time::sleep(Duration::from_millis(500)).await;
    other.batch_execute("select pg_stat_clear_snapshot()").await.unwrap(); // the lock is still held
    assert_eq!(other.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0), 0);
    assert!(world.app.call(&world.member(), Show { checkin }).await.unwrap().closed_at.is_none());
}

/// Eight take from one purse at once; each checks first that enough is left.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_is_what_is_changed() {
    for world in engines().await {
        assert_eq!(overdrawn(&world, 20).await, 0, "{}", world.url);
    }
}

async fn overdrawn(world: &World, purses: usize) -> usize {
    let mut count = 0;
    for _ in 0..purses {
        let purse = world.checkin().await;
        let spends = (0..8).map(|_| {
            let (app, member) = (world.app.clone(), world.member());
            tokio::spawn(async move { app.call(&member, Spend { purse: purse.to_string() }).await })
        });
        let spent = join_all(spends).await.into_iter().filter(|r| matches!(r, Ok(Ok(())))).count();
        count += usize::from(spent > 1);
    }
    count
}

/// A full disk takes the transaction of a whole batch with it; whoever was in it hears so, and later it works again.
#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_only_what_was_acknowledged_is_there() {
    let world = World::at(&sqlite_file()).await;
    world.app.call(&world.member(), Pages { few: true }).await.unwrap();
    let asks = (0..400).map(|_| {
        let (app, member) = (world.app.clone(), world.member());
        tokio::spawn(async move { app.call(&member, Ask { question: "x".repeat(3000) }).await })
    });
    let answers: Vec<_> = join_all(asks).await.into_iter().map(|answer| answer.unwrap()).collect();
    let saved = answers.iter().filter(|answer| answer.is_ok()).count() as i64;
    assert!(saved < 400 && answers.iter().all(|answer| matches!(answer, Ok(_) | Err(Error::Busy(_)))));
    assert_eq!(world.app.call(&world.member(), CountRows {}).await.unwrap().0, saved);
    world.app.call(&world.member(), Pages { few: false }).await.unwrap();
    world.checkin().await;
}

macro_rules! free {
    () => {
        async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
            Ok(())
        }
        fn allows(_: &Actor, _: &()) -> bool {
            true
        }
    };
}

#[derive(Deserialize, JsonSchema)]
struct Pages {
    few: bool,
}
impl Operation for Pages {
    about!("test.pages", target: (), output: ());
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let (few, many) = (
            sql!(postgres: "select 1", sqlite: "pragma max_page_count = 120"),
            sql!(postgres: "select 1", sqlite: "pragma max_page_count = 100000"),
        );
        tx.run(if self.few { few } else { many }, args![]).await.map(|_| ())
    }
}

/// Events and jobs.
#[derive(Deserialize, JsonSchema)]
pub struct CountRows {}
impl Operation for CountRows {
    about!("test.count", target: (), output: (i64, i64), reads: true);
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<(i64, i64)> {
        tx.one(sql!("select (select count(*) from events), (select count(*) from jobs)"), args![]).await
    }
}

#[derive(Deserialize, JsonSchema)]
struct SlyRead {}
impl Operation for SlyRead {
    about!("test.sly", target: (), output: u64, reads: true);
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<u64> {
        tx.run(sql!("update checkins set question = ''"), args![]).await
    }
}

#[derive(Deserialize, JsonSchema)]
struct OpenTransactions {}
impl Operation for OpenTransactions {
    about!("test.open", target: (), output: i64, reads: true);
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<i64> {
        let sql = sql!(
            postgres: "select count(*) from pg_stat_activity
                        where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()",
            sqlite: "select 0",
        );
        tx.one(sql, args![]).await
    }
}

/// Writes, and then does what an operation must not do.
#[derive(Deserialize, JsonSchema)]
struct Misbehave {
    how: String,
}
impl Operation for Misbehave {
    about!("test.misbehave", target: (), output: ());
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let insert = sql!("insert into checkins (workspace_id, id, asked_by, question) values ($1, $2, $2, $3)");
        let (workspace, id) = (tx.workspace(), Id::<()>::new());
        tx.run(insert, args![workspace, id, self.how]).await?;
        match self.how.as_str() {
            "panic" => panic!("on purpose"),
            "wait" => std::future::pending().await,
            "error" => drop(tx.run(insert, args![workspace, id, "again"]).await?),
            "swallow" => drop(tx.run(insert, args![workspace, id, "again"]).await),
            _ => {
                for _ in 0..10 {
                    tx.run(sql!("update checkins set answers = answers + 1 where id = $1"), args![id]).await?;
                }
            }
        }
        Ok(())
    }
}

/// Spends the one coin of a purse: an answer row is a coin spent.
#[derive(Deserialize, JsonSchema)]
struct Spend {
    purse: String,
}
impl Operation for Spend {
    about!("test.spend", target: (), output: ());
    free!();
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let spent = sql!("select count(*) from checkin_answers where workspace_id = $1 and checkin_id = $2");
        let spent: i64 = tx.one(spent, args![tx.workspace(), self.purse]).await?;
        if spent > 0 {
            return Err(Error::conflict("The purse is empty."));
        }
        let spend = sql!(
            "insert into checkin_answers (workspace_id, id, checkin_id, author_id, body, answered_at)
             values ($1, $2, $3, $4, '', $5)"
        );
        let (id, workspace, me, now) = (tx.id::<()>(), tx.workspace(), tx.me(), tx.now());
        tx.run(spend, args![workspace, id, self.purse, me, now]).await?;
        Ok(())
    }
}
