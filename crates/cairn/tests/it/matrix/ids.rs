//! The ids of records that are made, or of those that the sample company has.
use kernel::{Actor, Id, Json, json};
use testkit::World;

pub(super) async fn made(world: &World, actor: &Actor, operation: &str, input: Json) -> String {
    let answer = world.ask(actor, operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"));
    answer["id"].as_str().unwrap_or_else(|| panic!("{operation} answers without an id: {answer}")).to_owned()
}

pub(super) async fn first_id(world: &World, actor: &Actor, operation: &str, input: Json) -> String {
    let answer = world.ask(actor, operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"));
    answer[0]["id"].as_str().unwrap_or_else(|| panic!("{operation} lists nothing: {answer}")).to_owned()
}

pub(super) async fn step_of(world: &World, actor: &Actor, operation: &str, input: Json) -> String {
    let view = world.ask(actor, operation, input).await.unwrap_or_else(|error| panic!("{operation}: {error}"));
    view["steps"][0]["id"].as_str().expect("it has a step").to_owned()
}

pub(super) async fn token_of(world: &World, actor: &Actor) -> String {
    let session = Some(world.signed_in(actor.workspace, actor.person).await.1);
    let actor = Actor { session, ..actor.clone() };
    let input = json!({ "name": "Report", "scopes": ["*:read"], "days": 3 });
    world.ask(&actor, "token.create", input).await.expect("the token is made");
    first_id(world, &actor, "token.list", json!({})).await
}

/// The next leave of a person.
pub(super) async fn leave_of(world: &World, key: &str) -> String {
    let page = world.ask(&world.system(), "leave.list", json!({ "person": world.person(key) })).await.expect("a list");
    page["leaves"][0]["id"].as_str().unwrap_or_else(|| panic!("{key} has no leave")).to_owned()
}

/// The plan of a newcomer and its first step.
pub(super) async fn plan_of(world: &World, key: &str) -> (String, String) {
    let input = json!({ "which": "all", "person": world.person(key) });
    let system = world.system();
    let plan = first_id(world, &system, "onboarding.list", input).await;
    let step = step_of(world, &system, "onboarding.show", json!({ "plan": plan })).await;
    (plan, step)
}

/// As many ids as there are in `like`, and none of them of anything.
pub(super) fn unknown(like: &str) -> String {
    let ids: Vec<String> = like.split(',').map(|_| Id::<World>::new().to_string()).collect();
    ids.join(",")
}
