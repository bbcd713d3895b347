//! What the team agreed on and kept least, beside its board and on it.
use super::{ask, board, done, move_on, shown};
use kernel::{Json, json};
use std::time::Duration;
use testkit::{World, worlds};

const DAY: Duration = Duration::from_secs(86_400);

/// Agrees on at most so many lines, so many days ago.
async fn agree(world: &World, most: i64, days: u32) {
    let now = world.clock.now();
    world.clock.set(now - DAY * days);
    let input = json!({ "team": world.team("payments"), "kind": "size", "most": most });
    done(world, "mara", "agreement.set", input).await;
    world.clock.set(now);
}

async fn facts(world: &World, board: &Json) -> Json {
    done(world, "leo", "retrospective.facts", json!({ "retrospective": board })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_least_stands_beside_the_board_and_goes_on_it_with_one_press() {
    for world in worlds().await {
        agree(&world, 250, 30).await;
        // Merged so many days ago with so many hundred lines.
        let file = crate::agreements::imported(&world, 10).await;
        let id = board(&world, "sailboat", false).await;
        let found = facts(&world, &id).await;
        let since = found["from"].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let now = world.clock.now().timestamp();
        let merged = (1..=10).filter(|days| now - jiff::SignedDuration::from_hours(24 * days - 3) >= since).count();
        let size = &found["agreements"][0];
        assert!(merged > 3, "the time at which it looks back is too short for this test: {since}");
        assert_eq!(size["sentence"], "A pull request changes at most 250 lines");
        assert_eq!((&size["kept"], &size["of"]), (&json!(2), &json!(merged)));
        assert_eq!(found["agreements"].as_array().unwrap().len(), 1, "only what was agreed on: {found}");
        for name in ["anneliese", "benedikt", "catalina", "reviewer"] {
            assert!(!found.to_string().contains(name), "{name} is named");
        }
        put(&world, &id, size, merged).await;
        for phase in ["collect", "group", "vote", "discuss"] {
            move_on(&world, &id, phase).await;
        }
        let outcome = done(&world, "ines", "retrospective.outcome", json!({ "retrospective": id })).await;
        assert!(outcome["body"].as_str().unwrap().contains("- A pull request changes at most 250 lines: kept in 2 of"));
        std::fs::remove_file(&file).unwrap_or_default();
    }
}

/// From the page to the board: the fact is a card of whoever put it there, in the column for what went wrong.
async fn put(world: &World, board: &Json, fact: &Json, of: usize) {
    let place = format!("/retrospectives/{}", board.as_str().unwrap());
    let mut tomasz = world.browser("tomasz").await;
    let page = tomasz.get(&place).await.text();
    let words = format!("A pull request changes at most 250 lines: kept in 2 of {of}, {} exceptions.", of - 2);
    assert!(page.contains(fact["href"].as_str().unwrap()) && page.contains(&format!("value=\"{words}\"")), "{page}");
    let anchors = shown(world, "tomasz", board).await["columns"][1]["id"].clone();
    let column = anchors.as_str().unwrap();
    assert!(page.contains(&format!("<option value=\"{column}\" selected")), "{page}");
    let card = [("column", column), ("body", words.as_str())];
    assert_eq!(tomasz.post_from(&place, &format!("{place}/cards"), &card).await.status, 303);
    let hidden = shown(world, "ines", board).await["cards"].clone();
    assert_eq!(hidden, json!([]), "as any card, others see it when the phase ends");
    let own = shown(world, "tomasz", board).await["cards"].clone();
    assert_eq!((&own[0]["body"], &own[0]["author_name"]), (&json!(words), &json!("Tomasz Zieliński")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_said_of_two_people_or_of_the_time_before_an_agreement() {
    for world in worlds().await {
        agree(&world, 50, 30).await;
        let file = crate::agreements::imported(&world, 2).await;
        let id = board(&world, "four_ls", true).await;
        assert_eq!(facts(&world, &id).await["agreements"], json!([]), "two people are too few");
        std::fs::remove_file(&file).unwrap_or_default();
        let file = crate::agreements::imported(&world, 10).await;
        assert_eq!(facts(&world, &id).await["agreements"].as_array().unwrap().len(), 1);
        agree(&world, 60, 0).await;
        assert_eq!(facts(&world, &id).await["agreements"], json!([]), "what was merged before could not break it");
        let page = world.browser("leo").await.get(&format!("/retrospectives/{}", id.as_str().unwrap())).await.text();
        assert!(!page.contains("Put on the board"));
        for who in ["joana", "wanjiru", "farah"] {
            assert!(ask(&world, who, "retrospective.facts", json!({ "retrospective": id })).await.is_err(), "{who}");
        }
        std::fs::remove_file(&file).unwrap_or_default();
    }
}
