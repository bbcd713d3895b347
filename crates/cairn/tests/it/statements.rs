//! How many statements a page asks of the database, whatever the number of rows: counted, as time depends on the machine.
use testkit::{Client, World, worlds};

/// The most that each page may ask, with who looks, whose eyes there are, and what all parts say on it. A change that needs
/// more says so here.
const MOST: [(&str, u64); 7] = [
    ("/people", 10),
    ("/people?q=an", 10),
    ("/people/{mara}", 21),
    ("/teams/{payments}", 25),
    ("/today", 29),
    ("/org", 6),
    ("/admin", 9),
];

async fn asked(world: &World, browser: &mut Client, path: &str) -> u64 {
    let path = path
        .replace("{mara}", &world.person("mara").to_string())
        .replace("{payments}", &world.team("payments").to_string());
    browser.get(&path).await; // the first time of all prepares what is kept
    let before = world.opened.app.queries();
    let answer = browser.get(&path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    world.opened.app.queries() - before
}

#[tokio::test]
async fn a_page_asks_a_few_statements() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut owner = world.client().eyes(world.person("hanneke"));
        let mut counted = Vec::new();
        for (path, most) in MOST {
            counted.push((path, asked(&world, &mut owner, path).await, most));
        }
        assert!(counted.iter().all(|(_, count, most)| count <= most), "page, statements, most: {counted:?}");
    }
}
