//! How fast it is; run with `--release --ignored --nocapture`.
use crate::support::World;
use std::time::Instant;

const EVENTS: u32 = 200_000;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures"]
async fn events_a_second() {
    let path = std::env::temp_dir().join(format!("audit_speed_{}.db", std::process::id()));
    let mut urls = vec![path.to_str().unwrap().to_owned()];
    urls.extend(crate::support::postgres().await);
    for url in urls {
        measure(&url).await;
    }
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{end}", path.display()));
    }
}

async fn measure(url: &str) {
    let world = World::at(url).await;
    for _ in 0..EVENTS / 1_000 {
        world.record(1_000).await;
    }
    let (start, mut longest) = (Instant::now(), 0.0_f64);
    loop {
        let batch = Instant::now();
        if world.seal().await == 0 {
            break;
        }
        longest = longest.max(batch.elapsed().as_secs_f64());
    }
    let sealed = start.elapsed().as_secs_f64();
    let start = Instant::now();
    assert!(world.verify(&[]).await.is_sound());
    let verified = start.elapsed().as_secs_f64();
    let each = |seconds: f64| f64::from(EVENTS) / seconds;
    println!(
        "{}: seals {:.0} events a second (longest batch {:.0} ms), verifies {:.0} a second",
        url.split(':').next().unwrap_or_default(),
        each(sealed),
        longest * 1e3,
        each(verified)
    );
}
