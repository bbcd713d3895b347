//! Saved views: whose they are, what they show, and the pages and the command around them.
use super::{asked, flaw, issue};
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn names(world: &World, who: &str, input: Json) -> Vec<String> {
    let found = asked(world, who, "view.list", input).await;
    found["views"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect()
}

async fn refused(world: &World, who: &str, operation: &str, input: Json) -> Error {
    world.ask(&world.actor(who).await, operation, input).await.unwrap_err()
}

#[tokio::test]
async fn a_view_is_ones_own_until_it_is_shared_with_a_team() {
    for world in worlds().await {
        let team = world.team("payments");
        let input = json!({ "name": "Quoll late", "q": "quoll due:<today", "team": team });
        let view = asked(&world, "priya", "view.add", input.clone()).await;
        let of_team = json!({ "team": team });
        assert!(names(&world, "priya", of_team.clone()).await.contains(&"Quoll late".to_owned()));
        assert!(!names(&world, "tomasz", of_team.clone()).await.contains(&"Quoll late".to_owned()));
        let one = json!({ "view": view["id"] });
        for operation in ["view.show", "view.edit", "view.delete", "view.restore"] {
            let found = refused(&world, "tomasz", operation, one.clone()).await;
            assert!(matches!(found, Error::NotFound), "{operation}: {found:?}");
        }
        asked(&world, "tomasz", "view.add", input.clone()).await;
        assert_eq!(flaw(refused(&world, "priya", "view.add", input).await), "name");
        asked(&world, "priya", "view.edit", json!({ "view": view["id"], "shared": true })).await;
        assert!(names(&world, "aroha", of_team.clone()).await.contains(&"Quoll late".to_owned()));
        let renamed = json!({ "view": view["id"], "name": "Quoll overdue" });
        assert!(matches!(refused(&world, "aroha", "view.edit", renamed.clone()).await, Error::Forbidden));
        assert_eq!(asked(&world, "tomasz", "view.edit", renamed).await["name"], "Quoll overdue");
        assert!(matches!(refused(&world, "grace", "view.show", one).await, Error::NotFound));
        let foreign = json!({ "name": "Mine there", "q": "", "team": team, "shared": true });
        assert!(matches!(refused(&world, "aroha", "view.add", foreign).await, Error::Forbidden));
    }
}

#[tokio::test]
async fn a_view_is_a_query_that_can_be_read() {
    for world in worlds().await {
        let wrong = json!({ "name": "Wrong", "q": "is:open stat:done" });
        let Error::Invalid(flaws) = refused(&world, "priya", "view.add", wrong).await else { panic!("it is refused") };
        assert!(flaws[0].field == "q" && flaws[0].sentence.starts_with("At character 9:"), "{flaws:?}");
        let across = json!({ "name": "All", "q": "", "shared": true });
        assert_eq!(flaw(refused(&world, "priya", "view.add", across).await), "shared");
        let board = json!({ "name": "All", "q": "", "layout": "board" });
        assert_eq!(flaw(refused(&world, "priya", "view.add", board).await), "layout");
    }
}

#[tokio::test]
async fn the_pages_save_show_change_and_delete_a_view() {
    for world in worlds().await {
        issue(&world, json!({ "title": "Quoll hidden", "priority": "low" })).await;
        issue(&world, json!({ "title": "Quoll seen", "priority": "urgent", "due_on": "2026-03-20" })).await;
        let team = world.team("payments").to_string();
        let list = format!("/teams/{team}/issues");
        let mut browser = world.browser("priya").await;
        let new = format!("/issue-views/new?team={team}&q=quoll+priority:urgent&layout=list");
        assert!(browser.get(&format!("{list}?q=quoll+priority:urgent")).await.text().contains("Save as a view"));
        let fields = [
            ("team", team.as_str()),
            ("name", "Quoll first"),
            ("q", "quoll priority:urgent"),
            ("layout", "list"),
            ("group", ""),
            ("columns", "due"),
            ("columns", "sprint"),
            ("shared", "true"),
        ];
        let saved = browser.post_from(&new, "/issue-views", &fields).await;
        let place = saved.header("location").unwrap().to_owned();
        assert!(saved.status == 303 && place.starts_with(&format!("{list}?view=")), "{place}");
        let page = browser.get(&place).await.text();
        assert!(page.contains("Quoll seen") && !page.contains("Quoll hidden"), "{page}");
        assert!(
            page.contains("20 March 2026") && !page.contains("data-label=\"State\""),
            "the columns of the view: {page}"
        );
        let (_, id) = place.split_once("view=").unwrap();
        let other = format!("{list}?view={id}&q=quoll");
        let wider = browser.get(&other).await.text();
        assert!(wider.contains("Quoll hidden") && wider.contains("Save in “Quoll first”"), "{wider}");
        let query = [("q", "quoll"), ("group", "priority"), ("layout", "list"), ("columns", "")];
        browser.post_from(&other, &format!("/issue-views/{id}/query"), &query).await;
        let grouped = browser.get(&place).await.text();
        assert!(grouped.contains("id=\"group-urgent\"") && grouped.contains("data-label=\"State\""), "{grouped}");
        let edit = format!("/issue-views/{id}/edit");
        browser.post_from(&edit, &format!("/teams/{team}/first-view"), &[("view", id)]).await;
        assert!(browser.get(&list).await.text().contains("id=\"group-urgent\""), "the issues begin with it");
        assert!(!browser.get(&format!("{list}?q=is:open")).await.text().contains("id=\"group-urgent\""));
        let alone = browser.post_from(&edit, &edit, &[("name", "Quoll first"), ("q", "quoll")]).await;
        assert!(alone.status == 422 && alone.text().contains("everyone has to see it"), "{}", alone.text());
        let board =
            [("name", "Quoll board"), ("q", "quoll"), ("layout", "board"), ("group", "assignee"), ("shared", "true")];
        let moved = browser.post_from(&edit, &edit, &board).await;
        assert_eq!(moved.header("location"), Some(format!("/teams/{team}/board?view={id}").as_str()));
        let first = browser.get(&list).await;
        assert_eq!((first.status.as_u16(), first.header("location")), (303, moved.header("location")));
        assert!(browser.get(moved.header("location").unwrap()).await.text().contains("Nobody, 2"));
        browser.post_from(&edit, &format!("/issue-views/{id}/deletion"), &[]).await;
        assert_eq!(browser.get(&place).await.status, 404);
        assert_eq!(browser.get(&list).await.status, 200);
        browser.post_from(&new, &format!("/issue-views/{id}/restoration"), &[]).await;
        assert_eq!(browser.get(moved.header("location").unwrap()).await.status, 200);
    }
}

#[tokio::test]
async fn what_a_view_shows_is_what_the_reader_may_see() {
    for world in worlds().await {
        let mine = json!({ "name": "Mine", "q": "assignee:me quoll", "team": world.team("payments"), "shared": true });
        let view = asked(&world, "priya", "view.add", mine).await;
        issue(&world, json!({ "title": "Quoll of priya", "assignee": world.person("priya") })).await;
        issue(&world, json!({ "title": "Quoll of tomasz", "assignee": world.person("tomasz") })).await;
        let page = format!("/teams/{}/issues?view={}", world.team("payments"), view["id"].as_str().unwrap());
        let seen = world.browser("tomasz").await.get(&page).await.text();
        assert!(seen.contains("Quoll of tomasz") && !seen.contains("Quoll of priya"), "{seen}");
        assert_eq!(world.browser("grace").await.get(&page).await.status, 404);
    }
}
