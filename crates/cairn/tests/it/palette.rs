//! What the command palette offers before anything is typed.
use kernel::Json;
use people::person::FindPeople;
use testkit::{World, worlds};

async fn palette(world: &World, key: &str, path: &str) -> Json {
    let answer = world.client().eyes(world.person(key)).get(path).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    answer.json()
}

fn titles(palette: &Json, kind: &str) -> Vec<String> {
    let entries = palette["entries"].as_array().expect("entries are a list");
    let title = |entry: &Json| entry["title"].as_str().unwrap_or_default().to_owned();
    entries.iter().filter(|entry| entry["kind"] == kind).map(title).collect()
}

#[tokio::test]
async fn the_palette_offers_what_the_reader_may_see_and_do() {
    for world in worlds().await {
        let world = world.as_demonstration();
        let (partner, member) =
            (palette(&world, "wanjiru", "/palette.json").await, palette(&world, "tomasz", "/palette.json").await);
        assert!(titles(&partner, "action").contains(&"Add a person".to_owned()));
        assert!(!titles(&member, "action").contains(&"Add a person".to_owned()));
        assert!(titles(&member, "page").contains(&"Org chart".to_owned()));
        assert!(titles(&member, "team").contains(&"Payments".to_owned()));
        assert_eq!(titles(&member, "person").len() as i64, member["people"].as_i64().unwrap());
        let guest = palette(&world, "grace", "/palette.json").await;
        assert!(titles(&guest, "team").is_empty());
        assert_eq!(titles(&guest, "person"), ["Grace Mwangi"]);
    }
}

#[tokio::test]
async fn a_query_finds_people_without_accents_and_the_beginning_of_a_name_first() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let find = async |q: &str| {
            let found = world.call(&mara, FindPeople { q: q.into() }).await.unwrap();
            found.people.into_iter().map(|person| person.name).collect::<Vec<_>>()
        };
        assert_eq!(find("ZIELINSKI").await, ["Tomasz Zieliński"]);
        assert_eq!(find("yildiz").await, ["Ebru Yıldız"]);
        let names = find("mar").await;
        let begins = |name: &String| name.to_lowercase().starts_with("mar");
        assert!(names.iter().is_sorted_by_key(|name| !begins(name)) && begins(&names[0]), "{names:?}");
        assert!(names.iter().any(|name| !begins(name)), "a later word counts too: {names:?}");
        assert!(find("%").await.len() <= 20);
        assert!(find("no such person").await.is_empty());
    }
}
