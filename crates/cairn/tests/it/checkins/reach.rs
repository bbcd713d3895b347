//! What a team says to itself is for the team and those who lead it; how one feels is for oneself.
use super::{answer, ask, daily, done, entry, pass, round};
use kernel::{Error, json};
use testkit::{with_token, worlds};

/// An admin, a people partner, the lead of another team, a recruiter, finance, a guest.
const OTHERS: [&str; 6] = ["joana", "wanjiru", "camila", "farah", "ebru", "grace"];

#[tokio::test]
async fn nobody_outside_of_the_team_reads_a_roll_up_by_any_door() {
    for world in worlds().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        answer(&world, "tomasz", &rolled, ["zwiebelkuchen", "more zwiebelkuchen"], "").await;
        pass(&world, "2026-03-19T07:00:00Z").await;
        let (round, own) = (&rolled["round"]["id"], entry(&world, &rolled, "tomasz")["id"].clone());
        for who in OTHERS {
            let actor = world.actor(who).await;
            for actor in [actor.clone(), with_token(&actor, &["*:write"])] {
                for (operation, input) in [
                    ("checkin.show", json!({ "checkin": checkin })),
                    ("checkin.edit", json!({ "checkin": checkin, "name": "Mine" })),
                    ("checkin_round.show", json!({ "round": round })),
                    ("checkin_entry.show", json!({ "entry": own })),
                    ("checkin.answer", json!({ "entry": own, "answers": [] })),
                ] {
                    let answer = world.ask(&actor, operation, input).await;
                    assert!(matches!(answer, Err(Error::NotFound)), "{operation} by {who}: {answer:?}");
                }
                let found = world.ask(&actor, "search.find", json!({ "q": "zwiebelkuchen" })).await.unwrap();
                assert_eq!(found["hits"], json!([]), "{who} finds it");
            }
            let mut browser = world.browser(who).await;
            for path in [
                format!("/check-ins/rounds/{}", round.as_str().unwrap()),
                format!("/check-ins/entries/{}", own.as_str().unwrap()),
            ] {
                assert_eq!(browser.get(&path).await.status, 404, "GET {path} by {who}");
            }
        }
        // Payments stands below the team of ngozi, and all teams below that of hanneke.
        for who in ["mara", "ngozi", "hanneke", "tomasz"] {
            let shown = ask(&world, who, "checkin_round.show", json!({ "round": round })).await;
            assert!(shown.is_ok_and(|shown| shown.to_string().contains("zwiebelkuchen")), "{who}");
        }
        let letters = world.outside.letters();
        assert!(letters.iter().all(|letter| !letter.text.contains("zwiebelkuchen")), "a letter tells an answer");
        let other = ask(&world, "mara", "checkin_entry.show", json!({ "entry": own })).await;
        assert!(matches!(other, Err(Error::NotFound)), "the form is its person's alone");
    }
}

#[tokio::test]
async fn a_mood_is_shown_to_nobody_but_oneself() {
    for world in worlds().await {
        let checkin = daily(&world, true).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        let input = json!({ "entry": entry(&world, &rolled, "tomasz")["id"], "answers": [], "mood": 2 });
        done(&world, "tomasz", "checkin.answer", input).await;
        let own = done(&world, "tomasz", "checkin_entry.list", json!({})).await;
        assert_eq!(own[0]["mood"], 2);
        assert!(world.browser("tomasz").await.get("/check-ins").await.text().contains("Not so good"));
        for who in ["mara", "ines", "hanneke"] {
            let mut browser = world.browser(who).await;
            for path in
                ["/check-ins".to_owned(), format!("/check-ins/rounds/{}", rolled["round"]["id"].as_str().unwrap())]
            {
                assert!(!browser.get(&path).await.text().contains("Not so good"), "{who} reads it at {path}");
            }
        }
        let rolled = round(&world, &checkin, "2026-03-18").await;
        assert!(!rolled.to_string().contains("mood\":2"));
    }
}

#[tokio::test]
async fn a_mood_that_is_none_is_refused_and_leaving_it_out_is_not() {
    for world in worlds().await {
        let checkin = daily(&world, true).await;
        pass(&world, "2026-03-18T12:00:00Z").await;
        let rolled = round(&world, &checkin, "2026-03-18").await;
        let path = format!("/check-ins/entries/{}", entry(&world, &rolled, "tomasz")["id"].as_str().unwrap());
        let first = format!("answer-{}", rolled["questions"][0]["id"].as_str().unwrap());
        let mut browser = world.browser("tomasz").await;
        for mood in ["well", "6"] {
            let refused = browser.post_from(&path, &path, &[(&first, "Receipts"), ("mood", mood)]).await;
            assert!(refused.status != 303 && refused.text().contains("Choose from 1 to 5"), "{mood} is no mood");
        }
        assert_eq!(browser.post_from(&path, &path, &[(&first, "Receipts"), ("mood", "")]).await.status, 303);
    }
}
