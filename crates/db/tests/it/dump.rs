use crate::{
    demo::{Answer, PARTS, Show},
    support::{World, engines, postgres, sqlite_file},
};
use db::Db;
use kernel::{Actor, App, Clock};
use std::{
    io::{self, Cursor, Write},
    sync::{Arc, Mutex},
};

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn dumped(db: &Db) -> Vec<u8> {
    let kept = Kept::default();
    db::dump(db, Box::new(kept.clone())).await.unwrap();
    kept.0.lock().unwrap().clone()
}

async fn load(db: &Db, bytes: &[u8]) -> kernel::Result<db::Counts> {
    db::load(db, Box::new(Cursor::new(bytes.to_vec()))).await
}

/// From each engine to each: what comes out again is, byte for byte, what went in.
#[tokio::test(flavor = "multi_thread")]
async fn everything_moves_from_engine_to_engine_and_back() {
    for world in engines().await {
        let checkin = world.checkin().await;
        world
            .app
            .call(&world.member(), Answer { checkin, body: "It's \"fine\" – ünïcode \u{1f600}".into() })
            .await
            .unwrap();
        world.drain().await;
        let bytes = dumped(&world.db).await;
        let mut targets = vec![sqlite_file()];
        targets.extend(postgres().await);
        for url in targets {
            let db = Db::open(&url, PARTS).await.unwrap();
            load(&db, &bytes).await.unwrap();
            assert_eq!(
                String::from_utf8(dumped(&db).await).unwrap(),
                String::from_utf8(bytes.clone()).unwrap(),
                "to {url}"
            );
            let app = App::new(db.clone(), PARTS, Clock::default(), |_| Box::pin(async { Ok(()) }));
            assert_eq!(app.call(&Actor::system(world.workspace), Show { checkin }).await.unwrap().answers, 1);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_dump_is_refused_whole_and_its_line_is_named() {
    let world = World::at(&sqlite_file()).await;
    world.checkin().await;
    let text = String::from_utf8(dumped(&world.db).await).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let without_last = lines[..lines.len() - 1].join("\n");
    let one_row_less = [&lines[..2], &lines[3..]].concat().join("\n");
    let one_row_twice = [&lines[..3], &lines[2..]].concat().join("\n");
    let garbled = text.replace("\"asked_by\":\"", "\"asked_by\":7,\"x\":\"");
    for (what, damaged) in [
        ("cut off", without_last.as_str()),
        ("a row less", &one_row_less),
        ("a row twice", &one_row_twice),
        ("a value of another type", &garbled),
        ("not JSON", &text[..text.len() / 2]),
        ("something else", "hello"),
        ("nothing", ""),
    ] {
        let db = Db::open(&sqlite_file(), PARTS).await.unwrap();
        let error = load(&db, damaged.as_bytes()).await.expect_err(what).to_string();
        assert!(error.starts_with("Line "), "{what}: {error}");
        let left: i64 = db::dump(&db, Box::new(io::sink())).await.unwrap().values().sum();
        assert_eq!(left, 0, "{what} left rows behind");
    }
}
