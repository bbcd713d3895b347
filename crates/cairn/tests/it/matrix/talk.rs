//! Asks and comments of the ground.
use super::{
    ground::Record,
    ids::{first_id, leave_of, made},
};
use kernel::{Actor, Role, json};
use testkit::World;

/// Asks between two people each, the last one offered to somebody who takes over.
pub async fn asks_of(world: &World, first: String) -> Vec<Record> {
    let offered = asked(world, "arjun", "tomasz").await;
    let offer = json!({ "leave": leave_of(world, "tomasz").await, "asks": [offered], "to": world.person("priya") });
    world.ask(&world.actor("tomasz").await, "handover.offer", offer).await.expect("the ask is offered");
    vec![
        ("of priya, from mara", first),
        ("of mara, from tomasz", asked(world, "tomasz", "mara").await),
        ("of tomasz, from arjun, offered to priya", offered),
    ]
}

/// Comments on records that many and that few see.
pub async fn comments_of(world: &World, first: String, plan: &str) -> Vec<Record> {
    let (mara, priya) = (world.actor("mara").await, world.actor("priya").await);
    let deleted = said(world, &priya, "team", world.team("payments").as_str()).await;
    world.ask(&priya, "comment.delete", json!({ "comment": deleted })).await.expect("the comment is deleted");
    vec![
        ("of mara, on payments", first),
        ("of priya, on payments, deleted", deleted),
        ("of mara, on the plan of dele", said(world, &mara, "onboarding", plan).await),
    ]
}

pub async fn said(world: &World, by: &Actor, kind: &str, record: &str) -> String {
    let input = json!({ "kind": kind, "record": record, "body": "Said." });
    let added = world.ask(by, "comment.add", input).await.expect("the comment is added");
    added["comment"]["id"].as_str().expect("a comment has an id").to_owned()
}

pub async fn asked(world: &World, by: &str, to: &str) -> String {
    let input = json!({ "to": [world.person(to)], "verb": "answer", "subject": "Which of the two?" });
    first_id(world, &world.actor(by).await, "ask.raise", input).await
}

pub async fn askable_next_door(world: &World, owner: &Actor) -> String {
    let person = made(world, owner, "person.add", json!({ "name": "Ned Next-Door", "zone": "UTC" })).await;
    let roles = vec![Role::Member];
    let grant = people::account::GrantAccount { person: person.parse().expect("a person has an id"), roles };
    world.call(&Actor::system(owner.workspace), grant).await.expect("they have an account");
    person
}

pub async fn asked_next_door(world: &World, owner: &Actor, person: &str) -> String {
    let input = json!({ "to": [person], "verb": "answer", "subject": "Which of the two?" });
    first_id(world, owner, "ask.raise", input).await
}
