//! Leave: what one owes is offered to delegates, and the return begins with what one missed.
use super::{call, field, pile, raised, review};
use asks::{
    CatchUp, FinishAsks, ReopenAsks, State,
    handover::{AcceptAsks, DeclineHandover, OfferAsks, OfferState, ShowHandover},
    health::ShowHealth,
};
use conversation::AddComment;
use kernel::{Error, Id, Json, json};
use people::{
    leave::{EnterLeave, Leave},
    person::EditProfile,
};
use testkit::{World, worlds};

async fn leave(world: &World) -> Id<Leave> {
    let input = json!({
        "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-03-18", "last_on": "2026-03-20",
        "handover_to": world.person("priya"),
    });
    call::<EnterLeave>(world, "tomasz", input).await.unwrap().id
}

#[tokio::test]
async fn what_is_owed_is_offered_and_owed_by_the_delegate_once_accepted() {
    for world in worlds().await {
        let [one, two] = [
            raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0),
            raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0),
        ];
        let leave = leave(&world).await;
        let offer = |ask: &asks::Ask, to: &str| json!({ "leave": leave, "asks": [ask.id], "to": world.person(to) });
        assert!(matches!(call::<OfferAsks>(&world, "mara", offer(&one, "priya")).await, Err(Error::Forbidden)));
        assert_eq!(field(call::<OfferAsks>(&world, "tomasz", offer(&one, "mara")).await.unwrap_err()), "to");
        call::<OfferAsks>(&world, "tomasz", offer(&one, "priya")).await.unwrap();
        call::<OfferAsks>(&world, "tomasz", offer(&two, "dele")).await.unwrap();
        let seen = call::<ShowHandover>(&world, "priya", json!({ "leave": leave })).await.unwrap();
        assert_eq!(seen.offers.len(), 1, "a delegate sees what is offered to them");
        assert!(matches!(call::<ShowHandover>(&world, "ines", json!({ "leave": leave })).await, Err(Error::Forbidden)));
        let question = pile(&world, "priya", "owe").await.into_iter().find(|ask| ask.subject.contains("take over"));
        assert_eq!(question.unwrap().href, Some(format!("/leaves/{leave}/asks")));
        let owed = call::<AcceptAsks>(&world, "priya", json!({ "leave": leave })).await.unwrap();
        assert_eq!((owed.len(), owed[0].handed_from), (1, Some(one.id)));
        assert!(pile(&world, "priya", "owe").await.iter().all(|ask| !ask.subject.contains("take over")));
        let no = json!({ "leave": leave, "reason": "I am away myself." });
        call::<DeclineHandover>(&world, "dele", no).await.unwrap();
        let secret = json!({ "asks": [two.id], "outcome": "Between Mara and me." });
        call::<FinishAsks>(&world, "tomasz", secret).await.unwrap();
        let seen = call::<ShowHandover>(&world, "dele", json!({ "leave": leave })).await.unwrap();
        assert!(seen.offers.is_empty(), "whoever declined has no part in how it ended: {:?}", seen.offers);
        call::<ReopenAsks>(&world, "tomasz", json!({ "asks": [two.id] })).await.unwrap();
        let after = call::<ShowHandover>(&world, "tomasz", json!({ "leave": leave })).await.unwrap();
        let state = |id| after.offers.iter().find(|offer| offer.ask.id == id).map(|offer| offer.state);
        assert_eq!((state(one.id), state(two.id)), (Some(OfferState::Accepted), Some(OfferState::Declined)));
        assert!(after.kept.iter().any(|ask| ask.id == two.id), "what was declined is still one's own");
    }
}

#[tokio::test]
async fn the_return_begins_with_what_was_decided_and_without_what_was_handed_over_and_done() {
    for world in worlds().await {
        let decide = |to: &str| json!({ "to": [world.person(to)], "verb": "decide", "subject": "Keep the old export", "due": "1 working day" });
        let handed = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        let decision = raised(&world, "tomasz", decide("mara")).await.remove(0);
        let leave = leave(&world).await;
        let offer = json!({ "leave": leave, "asks": [handed.id], "to": world.person("priya") });
        call::<OfferAsks>(&world, "tomasz", offer).await.unwrap();
        let owed = call::<AcceptAsks>(&world, "priya", json!({ "leave": leave })).await.unwrap();
        world.pass_to("2026-03-19T10:00:00Z").await;
        call::<FinishAsks>(&world, "priya", json!({ "asks": [owed[0].id] })).await.unwrap();
        call::<FinishAsks>(&world, "mara", json!({ "asks": [decision.id], "outcome": "Until June." })).await.unwrap();
        let mut urgent = review(&world, &["tomasz"]);
        urgent["subject"] = json!("Asked while away");
        raised(&world, "mara", urgent).await;
        world.pass_to("2026-03-23T09:00:00Z").await;
        let missed = call::<CatchUp>(&world, "tomasz", json!({})).await.unwrap();
        assert!(missed.after_leave.is_some());
        assert!(missed.decisions.iter().any(|ask| ask.id == decision.id && ask.outcome == "Until June."));
        assert!(missed.waiting.iter().any(|ask| ask.subject == "Asked while away"));
        assert!(missed.waiting.iter().all(|ask| ask.id != handed.id && ask.state == State::Open));
        let page = world.browser("tomasz").await.get("/catch-up").await.text();
        assert!(page.contains("Welcome back") && page.contains("Keep the old export"));
    }
}

#[tokio::test]
async fn a_lead_learns_what_changed_in_what_is_theirs() {
    for world in worlds().await {
        world.pass_to("2026-03-17T13:00:00Z").await;
        let title = json!({ "person": world.person("tomasz"), "location": "Gdańsk" });
        call::<EditProfile>(&world, "tomasz", title).await.unwrap();
        let missed = call::<CatchUp>(&world, "mara", json!({ "since": "2026-03-17T12:30:00Z" })).await.unwrap();
        assert!(missed.changed.iter().any(|one| one.person == Some(world.person("tomasz"))), "{:?}", missed.changed);
        let other = call::<CatchUp>(&world, "dele", json!({ "since": "2026-03-17T12:30:00Z" })).await.unwrap();
        assert!(other.changed.is_empty());
    }
}

#[tokio::test]
async fn the_return_tells_what_came_of_conversations_and_what_others_did_with_ones_issues() {
    for world in worlds().await {
        let team = json!({ "kind": "team", "record": world.team("money") });
        let plans = json!({ "which": "all", "person": world.person("ipek") });
        let plans = world.ask(&world.system(), "onboarding.list", plans).await.unwrap();
        let plan = json!({ "kind": "onboarding", "record": plans[0]["id"] });
        say(&world, "priya", &team, "Do we keep it?").await;
        say(&world, "nadia", &plan, "How is it?").await;
        let issue =
            json!({ "team": world.team("payments"), "title": "Count the retries", "assignee": world.person("priya") });
        let issue = world.ask(&world.actor("priya").await, "issue.create", issue).await.unwrap()["id"].clone();
        world.pass_to("2026-03-17T13:00:00Z").await;
        for (who, about, outcome) in [("ana", &team, "We keep it."), ("zainab", &plan, "She stays.")] {
            let mut input = about.clone();
            input["outcome"] = json!(outcome);
            world.ask(&world.actor(who).await, "thread.resolve", input).await.unwrap();
        }
        let edit = json!({ "issue": issue, "title": "Count all retries" });
        world.ask(&world.actor("tomasz").await, "issue.edit", edit).await.unwrap();
        world.pass_to("2026-03-17T13:30:00Z").await;
        let since = json!({ "since": "2026-03-17T12:30:00Z" });
        let priya = call::<CatchUp>(&world, "priya", since.clone()).await.unwrap();
        let outcomes: Vec<&str> = priya.resolved.iter().map(|one| one.outcome.as_str()).collect();
        assert_eq!(outcomes, ["We keep it."], "what priya takes part in, and nothing of a plan that she does not see");
        let changed = priya.changed.iter().find(|one| one.title.contains("Count all retries")).expect("her issue");
        assert!(changed.changes[0].contains("from “Count the retries” to “Count all retries”"), "{changed:?}");
        let nadia = call::<CatchUp>(&world, "nadia", since.clone()).await.unwrap();
        assert!(nadia.resolved.iter().any(|one| one.outcome == "She stays."));
        let ana = call::<CatchUp>(&world, "ana", since).await.unwrap();
        assert!(ana.resolved.iter().all(|one| one.outcome != "We keep it."), "she said it herself");
        let page = world.browser("priya").await.get("/catch-up?first_on=2026-03-17").await.text();
        assert!(page.contains("We keep it.") && page.contains("Count all retries"), "{page}");
    }
}

#[tokio::test]
async fn the_health_of_a_team_is_never_that_of_a_person() {
    for world in worlds().await {
        let team = json!({ "team": world.team("payments") });
        let before = call::<ShowHealth>(&world, "mara", team.clone()).await.unwrap();
        assert!(before.people >= 5);
        for key in ["tomasz", "priya", "yuki", "ines", "dele", "leo"] {
            for _ in 0..2 {
                let ask = raised(&world, "mara", review(&world, &[key])).await.remove(0);
                call::<FinishAsks>(&world, key, json!({ "asks": [ask.id] })).await.unwrap();
            }
        }
        let now = call::<ShowHealth>(&world, "dele", team).await.unwrap().now.unwrap();
        assert!(now.answers.iter().any(|one| one.verb == kernel::Verb::Review && one.answered >= 10));
        assert!(now.urgent.of >= 10);
        let page = world.browser("dele").await.get(&format!("/teams/{}/async-health", world.team("payments"))).await;
        assert!(page.text().contains("Working time to an answer"));
    }
}

async fn say(world: &World, who: &str, about: &Json, body: &str) {
    let mut input = about.clone();
    input["body"] = json!(body);
    call::<AddComment>(world, who, input).await.unwrap();
}

#[tokio::test]
async fn the_busiest_threads_are_those_that_the_reader_may_read_and_others_wrote() {
    for world in worlds().await {
        let plans = json!({ "which": "all", "person": world.person("ipek") });
        let plan = world.ask(&world.system(), "onboarding.list", plans).await.unwrap()[0]["id"].clone();
        let (secret, open) =
            (json!({ "kind": "onboarding", "record": plan }), json!({ "kind": "team", "record": world.team("money") }));
        for body in ["One.", "Two.", "Three."] {
            say(&world, "nadia", &secret, body).await;
        }
        say(&world, "ngozi", &open, "First.").await;
        say(&world, "ana", &open, "Second.").await;
        world.pass_to("2026-03-17T12:30:00Z").await;
        let today = json!({ "first_on": "2026-03-17", "last_on": "2026-03-17" });
        let busiest = |missed: asks::Missed| missed.busiest.into_iter().map(|one| one.title).collect::<Vec<_>>();
        let priya = call::<CatchUp>(&world, "priya", today.clone()).await.unwrap();
        let money = priya.busiest.iter().find(|one| one.title == "Money in and out").expect("the team is named");
        assert_eq!(money.said(), "2 comments by 2 people");
        assert!(priya.busiest.iter().all(|one| one.about.kind != "onboarding"), "priya does not see the plan");
        let zainab = call::<CatchUp>(&world, "zainab", today.clone()).await.unwrap();
        assert!(zainab.busiest.iter().any(|one| one.about.kind == "onboarding"));
        let ana = busiest(call::<CatchUp>(&world, "ana", today).await.unwrap());
        assert!(!ana.contains(&"Money in and out".to_owned()), "one comment by others is no thread");
        let before = json!({ "first_on": "2026-02-02", "last_on": "2026-02-03" });
        assert!(busiest(call::<CatchUp>(&world, "priya", before).await.unwrap()).is_empty());
        let guest = call::<CatchUp>(&world, "grace", json!({ "first_on": "2026-03-01" })).await.unwrap();
        assert!(guest.busiest.is_empty(), "a guest sees no team and no plan");
        let backwards = json!({ "first_on": "2026-03-04", "last_on": "2026-03-03" });
        assert_eq!(field(call::<CatchUp>(&world, "priya", backwards).await.unwrap_err()), "last_on");
        let page = world.browser("priya").await.get("/catch-up?first_on=2026-03-17&last_on=2026-03-17").await.text();
        assert!(page.contains(&format!("/teams/{}#conversation", world.team("money"))), "{page}");
        let page = world.browser("priya").await.get("/catch-up?first_on=2026-03-04&last_on=2026-03-03").await.text();
        assert!(page.contains("The last day is before the first one."));
    }
}
