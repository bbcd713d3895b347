use crate::support::World;
use std::time::Instant;
#[tokio::test]
async fn timing() {
    let pg = crate::support::postgres().await;
    for url in [Some(":memory:".to_string()), Some(crate::support::file()), pg].into_iter().flatten() {
        let world = World::at(&url).await;
        let (start, q) = (Instant::now(), world.app.queries());
        sample::build(&world.app, world.workspace, jiff::civil::date(2026, 3, 17)).await.unwrap();
        println!("build {url} {:?} {} queries", start.elapsed(), world.app.queries() - q);
        let n: usize = std::env::var("GROW").ok().map_or(150, |n| n.parse().unwrap());
        let world = World::at(
            &(if url == ":memory:" {
                url.clone()
            } else if url.ends_with(".db") {
                crate::support::file()
            } else {
                crate::support::postgres().await.unwrap()
            }),
        )
        .await;
        let (start, q) = (Instant::now(), world.app.queries());
        sample::scale::grow(&world.app, world.workspace, n, 1).await.unwrap();
        println!("grow {n} {url} {:?} {} queries", start.elapsed(), world.app.queries() - q);
    }
}
