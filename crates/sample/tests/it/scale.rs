use crate::support::{What, worlds};
use sample::scale::grow;
use std::collections::BTreeMap;

#[tokio::test]
async fn the_same_seed_grows_the_same_company() {
    let mut grown = Vec::new();
    for world in worlds().await {
        grow(&world.app, world.workspace, 50, 1).await.expect("it grows");
        let mut rows = world.rows(What::People).await;
        rows.extend(world.rows(What::Teams).await);
        rows.extend(world.rows(What::Memberships).await);
        rows.extend(world.rows(What::Leave).await);
        grown.push(rows);
    }
    assert!(grown.iter().all(|rows| *rows == grown[0]));
}

#[tokio::test]
async fn another_seed_grows_another_company() {
    let mut worlds = worlds().await.into_iter();
    let (one, other) = (worlds.next().expect("a database"), worlds.next().expect("another one"));
    grow(&one.app, one.workspace, 20, 1).await.expect("it grows");
    grow(&other.app, other.workspace, 20, 2).await.expect("it grows");
    assert_ne!(one.rows(What::People).await, other.rows(What::People).await);
}

#[tokio::test]
async fn teams_are_of_seven_and_all_but_one_have_a_manager() {
    for world in worlds().await {
        let grown = grow(&world.app, world.workspace, 150, 1).await.expect("it grows");
        assert_eq!(grown.people.len(), 150);
        assert_eq!(world.rows(What::Lines).await.len(), 149);
        let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
        for row in world.rows(What::Memberships).await {
            let team = row.split('|').next().unwrap_or_default().to_owned();
            *sizes.entry(team).or_default() += 1;
        }
        assert_eq!(sizes.len(), grown.teams.len());
        assert!(sizes.values().filter(|size| **size != 7).count() <= 1, "only the last team may be smaller: {sizes:?}");
    }
}
