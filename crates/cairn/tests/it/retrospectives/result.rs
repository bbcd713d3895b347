//! What stands beside a board, and what stays of it.
use super::{ask, board, done, grouped, move_on, shown, write};
use crate::issues;
use kernel::{Error, Json, json};
use testkit::{World, worlds};

async fn outcome(world: &World, who: &str, board: &Json) -> kernel::Result<String> {
    let found = ask(world, who, "retrospective.outcome", json!({ "retrospective": board })).await?;
    Ok(found["body"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn the_result_stays_as_the_board_ended_it() {
    for world in worlds().await {
        let (id, night) = grouped(&world).await;
        done(&world, "leo", "retrospective_topic.vote", json!({ "topic": night, "votes": 2 })).await;
        move_on(&world, &id, "vote").await;
        let decided = json!({ "topic": night, "title": "*Nights*", "outcome": "No calls after **18:00** of anybody." });
        done(&world, "ines", "retrospective_topic.conclude", decided).await;
        let promise = json!({ "retrospective": id, "owner": world.person("tomasz"), "body": "Move the weekly", "due_on": "2026-04-01" });
        let action = done(&world, "mara", "retrospective_action.add", promise).await;
        assert!(matches!(outcome(&world, "mara", &id).await, Err(Error::NotFound)), "it is not done");
        move_on(&world, &id, "discuss").await;

        let body = outcome(&world, "leo", &id).await.unwrap();
        assert!(body.contains("### \\*Nights\\*\n\nNo calls after **18:00** of anybody."), "{body}");
        assert!(body.contains("- Move the weekly: **Tomasz"), "{body}");
        assert!(body.contains("by 1 April 2026"), "{body}");
        assert!(body.contains("- 2 votes: **\\*Nights\\***\n  - "), "{body}");
        assert!(body.contains("- 0 votes: Pair on reviews"), "{body}");
        done(&world, "tomasz", "retrospective_action.end", json!({ "action": action["id"], "state": "kept" })).await;
        assert_eq!(outcome(&world, "mara", &id).await.unwrap(), body, "what came later does not change it");
        for who in ["joana", "wanjiru", "camila", "farah", "grace"] {
            assert!(matches!(outcome(&world, who, &id).await, Err(Error::NotFound)), "{who} reads it");
        }
        let path = format!("/retrospectives/{}/result.md", id.as_str().unwrap());
        let file = world.browser("ines").await.get(&path).await;
        assert_eq!(file.header("content-type"), Some("text/markdown; charset=utf-8"));
        assert!(file.text().starts_with("# Sprint 14\n\n") && file.text().ends_with(&body));
        assert_eq!(world.browser("joana").await.get(&path).await.status, 404);
    }
}

/// Also where cards have names on the board.
#[tokio::test]
async fn the_result_names_nobody_who_wrote_a_card() {
    for world in worlds().await {
        for anonymous in [true, false] {
            let id = board(&world, "four_ls", anonymous).await;
            write(&world, "ines", &id, 0, "Said by somebody").await;
            for phase in ["collect", "group", "vote", "discuss"] {
                move_on(&world, &id, phase).await;
            }
            let body = outcome(&world, "mara", &id).await.unwrap();
            assert!(
                body.contains("Said by somebody") && !body.contains("In\u{ea}s") && !body.contains("Ines"),
                "{body}"
            );
        }
    }
}

fn counted(facts: &Json, one: &str) -> i64 {
    let all = facts["facts"].as_array().unwrap();
    all.iter().find(|fact| fact["one"] == one).unwrap_or_else(|| panic!("no {one} in {facts}"))["count"]
        .as_i64()
        .unwrap()
}

#[tokio::test]
async fn facts_stand_beside_opinions_and_name_nobody() {
    for world in worlds().await {
        let id = board(&world, "sailboat", false).await;
        let before = facts(&world, &id).await;
        let issue = issues::issue(&world, json!({ "title": "Rebuild the zwiebelturm" })).await;
        let finished = json!({ "issue": issue["id"], "state": issues::state(&world, "Done").await });
        issues::asked(&world, "tomasz", "issue.edit", finished).await;
        let incident = json!({ "team": world.team("payments"), "id": "inc-1", "title": "The tower leans", "opened_at": "2026-03-17T11:00:00Z" });
        issues::asked(&world, "mara", "incident.add", incident).await;
        world.clock.set(world.clock.now() + std::time::Duration::from_secs(60));
        let after = facts(&world, &id).await;
        assert_eq!(counted(&after, "issue finished"), counted(&before, "issue finished") + 1);
        assert_eq!(counted(&after, "incident"), counted(&before, "incident") + 1);
        let text = after.to_string();
        assert!(text.contains("Rebuild the zwiebelturm") && text.contains("The tower leans"), "{text}");
        for name in ["Tomasz", "Mara", "Leo ", "Priya"] {
            assert!(!text.contains(name), "{name} stands in {text}");
        }
        let page = world.browser("leo").await.get(&format!("/retrospectives/{}", id.as_str().unwrap())).await.text();
        assert!(page.contains("Rebuild the zwiebelturm"), "each sees it on the board");
        assert_eq!(shown(&world, "leo", &id).await["cards"], json!([]));
    }
}

async fn facts(world: &World, board: &Json) -> Json {
    done(world, "leo", "retrospective.facts", json!({ "retrospective": board })).await
}

#[tokio::test]
async fn a_phase_stands_in_the_calendars_of_the_team_alone() {
    for world in worlds().await {
        let id = board(&world, "sailboat", false).await;
        let occasions = |who: &'static str| crate::calendar::read_own(&world, who);
        assert!(occasions("tomasz").await.contains("Sprint 14: collect"));
        assert!(!occasions("joana").await.contains("Sprint 14"), "she is not on the team");
        move_on(&world, &id, "collect").await;
        let text = occasions("tomasz").await;
        assert!(text.contains("Sprint 14: group") && !text.contains("Sprint 14: collect"), "{text}");
    }
}
