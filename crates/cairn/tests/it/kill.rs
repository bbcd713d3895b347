//! The server is killed again and again while programs write to it: nothing that it acknowledged may be missing.
use crate::writers::{Home, What, Writers, free_port};
use std::{collections::BTreeSet, thread, time::Duration};

const ROUNDS: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let mut databases = vec![None];
    databases.extend(testkit::empty_postgres().await.map(Some));
    for database in databases {
        let home = Home { folder: testkit::sqlite_file().replace(".db", ""), database };
        let token = home.begin().await;
        let promised: BTreeSet<String> =
            (0..ROUNDS).flat_map(|number| round(&home, &token, number, What::Teams)).collect();
        let lost = home.lost(&promised).await;
        let database = home.database.as_deref().unwrap_or("SQLite");
        assert!(lost.is_empty(), "{} of {} are lost on {database}: {lost:?}", lost.len(), promised.len());
        println!("{ROUNDS} kills, {} acknowledged, none lost ({database})", promised.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_file_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let mut databases = vec![None];
    databases.extend(testkit::empty_postgres().await.map(Some));
    for database in databases {
        let home = Home { folder: testkit::sqlite_file().replace(".db", ""), database };
        let (token, team) = (home.begin().await, home.team().await);
        let mut promised = BTreeSet::new();
        for number in 0..ROUNDS {
            promised.extend(round(&home, &token, number, What::Files(team.clone())));
            home.end_claims().await;
        }
        let server = home.serve(free_port());
        home.wait_for_moves();
        drop(server);
        let (lost, stored) = home.lost_files(&promised).await;
        let database = home.database.as_deref().unwrap_or("SQLite");
        assert!(lost.is_empty(), "{} of {} are lost on {database}: {lost:?}", lost.len(), promised.len());
        assert!(stored > 0, "the server was killed while it moved files into the store");
        println!("{ROUNDS} kills, {} files acknowledged, {stored} moved, none lost ({database})", promised.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_webhook_that_was_acknowledged_is_lost_when_the_server_is_killed() {
    let mut databases = vec![None];
    databases.extend(testkit::empty_postgres().await.map(Some));
    for database in databases {
        let home = Home { folder: testkit::sqlite_file().replace(".db", ""), database };
        home.begin().await;
        let (hook, secret) = home.hook().await;
        let mut promised = BTreeSet::new();
        for number in 0..ROUNDS {
            promised.extend(round(&home, &secret, number, What::Webhooks(hook.clone())));
            home.end_claims().await;
        }
        let lost = home.lost_deliveries(&promised).await;
        let database = home.database.as_deref().unwrap_or("SQLite");
        assert!(lost.is_empty(), "{} of {} are lost on {database}: {lost:?}", lost.len(), promised.len());
        println!("{ROUNDS} kills, {} webhooks acknowledged, none lost ({database})", promised.len());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_leaves_no_picture_of_its_memory() {
    let home = Home { folder: testkit::sqlite_file().replace(".db", ""), database: None };
    home.begin().await;
    let server = home.serve(free_port());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", server.process())).unwrap();
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(cores.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{cores}");
}

/// The names that the server said it had saved before it was killed.
fn round(home: &Home, token: &str, number: usize, what: What) -> BTreeSet<String> {
    let port = free_port();
    let server = home.serve(port);
    let writers = Writers::start(port, token, number, what);
    writers.wait();
    thread::sleep(Duration::from_millis(30 * number as u64));
    drop(server);
    writers.promised()
}
