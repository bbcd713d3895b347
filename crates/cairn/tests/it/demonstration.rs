//! What a visitor of the demonstration finds in the conversations of the sample company.
use asks::{ListAsks, Pile};
use conversation::{Conversation, ListComments};
use jiff::{civil::date, tz::TimeZone};
use kernel::{Id, json, parse};
use people::leave::Leave;
use testkit::{World, worlds};

async fn said(world: &World, who: &str, kind: &str, record: String) -> Conversation {
    let list: ListComments = parse(json!({ "kind": kind, "record": record })).unwrap();
    world.call(&world.actor(who).await, list).await.unwrap()
}

async fn leave_of(world: &World, who: &str, first_on: &str) -> Id<Leave> {
    let mut leaves = Vec::new();
    for when in ["upcoming", "past"] {
        let list = json!({ "person": world.person(who), "when": when });
        let found = world.ask(&world.system(), "leave.list", list).await.unwrap();
        leaves.extend(found["leaves"].as_array().expect("a list of leave").clone());
    }
    let leave = leaves.iter().find(|leave| leave["first_on"] == first_on);
    leave.expect("the leave is in the files")["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_question_of_the_files_waits_since_it_was_written() {
    for world in worlds().await {
        let mara = world.actor("mara").await;
        let owe = ListAsks { pile: Some(Pile::Owe), limit: Some(100), ..ListAsks::default() };
        let owe = world.call(&mara, owe).await.unwrap().asks;
        let question = owe.iter().find(|ask| ask.asker_name.as_deref() == Some("Leo Cavalcanti") && ask.href.is_some());
        let question = question.expect("Leo asks Mara in a comment");
        assert_eq!(question.raised_at.to_string()[..10], *"2026-03-16");
        let talk = said(&world, "mara", "team", world.team("payments").to_string()).await;
        assert_eq!(talk.waiting.len(), 1, "the conversation says so too");
        let decided = talk.comments.iter().filter(|one| one.body.starts_with("Back to the query")).count();
        assert_eq!(decided, 1);
        world.drain().await;
        let after = said(&world, "mara", "team", world.team("payments").to_string()).await;
        assert_eq!(after.comments.len(), talk.comments.len(), "nothing is said twice once the queue is empty");
    }
}

#[tokio::test]
async fn a_hand_over_was_resolved_and_another_has_come_to_the_offer_of_a_call() {
    for world in worlds().await {
        let seun = leave_of(&world, "seun", "2026-03-02").await;
        let talk = said(&world, "mara", "leave", seun.to_string()).await;
        assert!(talk.resolutions[0].outcome.starts_with("The close stayed below 45 minutes"));
        let mara = leave_of(&world, "mara", "2026-04-06").await;
        let offer = "A call may be quicker";
        for (who, offered) in [("ana", true), ("mara", true), ("tomasz", false)] {
            let page = world.browser(who).await.get(&format!("/leaves/{mara}")).await.text();
            assert_eq!(page.contains(offer), offered, "{who}");
        }
    }
}

/// Each of these weeks has days on which some of them do not work: somebody who answers a check-in there is left out.
#[tokio::test]
async fn the_company_is_built_also_in_weeks_with_public_holidays() {
    for reference in [date(2026, 11, 24), date(2027, 5, 4)] {
        let world = World::on(testkit::sqlite_file()).await;
        world.clock.set(reference.at(1, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp().into());
        sample::build(&world.opened.app, world.workspace(), reference).await.unwrap();
    }
}
