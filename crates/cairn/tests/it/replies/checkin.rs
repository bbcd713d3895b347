//! A check-in answered by mail, with its letters before the answers and a blocker on a line of its own.
use super::{Digest, answerable, letters_to, outcome};
use crate::checkins::{daily, pass, round};

#[tokio::test]
async fn a_check_in_is_answered_by_a_reply() {
    for world in answerable().await {
        let checkin = daily(&world, false).await;
        pass(&world, "2026-03-18T08:00:00Z").await;
        let asked = |letter: &kernel::Letter| letter.text.contains("Daily: a) What got done? b) What is next?");
        for _ in 0..60 {
            if letters_to(&world, "tomasz").iter().any(asked) {
                break;
            }
            world.pass_to_time(world.clock.now() + std::time::Duration::from_secs(1800)).await;
        }
        let letter = letters_to(&world, "tomasz").into_iter().find(asked).expect("a letter asks");
        let digest = Digest::read(&world, letter).await;
        let number = digest.number("Daily: a) What got done? b) What is next?");
        let text = format!("{number} a) Refund states\r\nb) Their tests\r\nBlocked: no key to the vault");
        assert_eq!(outcome(&world, &digest.reply("checkin", &text)).await, ("answered", 1));
        world.drain().await;
        let about = digest.asks[number - 1].about_id.as_deref().unwrap_or_default();
        let mut answered = false;
        for day in ["2026-03-17", "2026-03-18"] {
            let rolled = round(&world, &checkin, day).await;
            let mut entries = rolled["entries"].as_array().unwrap().iter();
            if entries.any(|one| one["id"] == about && one["state"] == "answered") {
                answered = true;
                let answers = rolled["answers"].to_string();
                assert!(answers.contains("Refund states") && answers.contains("Their tests"), "{answers}");
                assert_eq!(rolled["blockers"][0]["body"], "no key to the vault");
            }
        }
        assert!(answered, "the reply is the answer");
    }
}
