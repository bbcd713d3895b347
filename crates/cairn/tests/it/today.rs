//! Today: what the parts tell each reader at the start of the day.
use cairn::http::ShowToday;
use kernel::{Json, Signal, json, parse};
use people::leave::{DeclineHandover, EnterLeave, WithdrawLeave};
use testkit::{World, worlds};

async fn signals(world: &World, who: &str) -> Vec<Signal> {
    world.call(&world.actor(who).await, ShowToday {}).await.unwrap().signals
}

async fn tells(world: &World, who: &str, basis: &str) -> bool {
    let told = signals(world, who).await;
    told.iter().any(|one| one.sentence.contains("Tomasz") && one.basis.contains(basis))
}

fn leave(world: &World, more: Json) -> EnterLeave {
    let mut input = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-03-23", "last_on": "2026-03-31" });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    parse(input).unwrap()
}

#[tokio::test]
async fn a_manager_hears_of_long_leave_that_nobody_takes_over_and_nobody_else_does() {
    for world in worlds().await {
        let tomasz = world.actor("tomasz").await;
        let entered = world.call(&tomasz, leave(&world, json!({}))).await.unwrap();
        assert!(tells(&world, "mara", "23 to 31 March, and nobody was asked").await);
        for other in ["tomasz", "priya", "grace"] {
            assert!(!tells(&world, other, "").await, "{other} is told of it");
        }
        world.call(&tomasz, parse::<WithdrawLeave>(json!({ "leave": entered.id })).unwrap()).await.unwrap();
        let asked = leave(&world, json!({ "handover_to": world.person("priya") }));
        let asked = world.call(&tomasz, asked).await.unwrap();
        assert!(!tells(&world, "mara", "").await, "somebody was asked");
        let no = parse::<DeclineHandover>(json!({ "leave": asked.id, "reason": "I am away." })).unwrap();
        world.call(&world.actor("priya").await, no).await.unwrap();
        assert!(tells(&world, "mara", "the one who was asked declined").await);
    }
}

#[tokio::test]
async fn the_most_pressing_signal_comes_first_and_each_leads_to_a_page_that_the_reader_may_see() {
    for world in worlds().await {
        world.call(&world.actor("tomasz").await, leave(&world, json!({}))).await.unwrap();
        let told = signals(&world, "mara").await;
        assert!(told.is_sorted_by_key(|signal| signal.tone));
        let mut mara = world.browser("mara").await;
        for signal in told {
            assert_eq!(mara.get(&signal.evidence).await.status, 200, "{}", signal.evidence);
        }
        assert!(mara.get("/today").await.text().contains("Nobody takes over from Tomasz"));
    }
}
