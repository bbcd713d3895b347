//! A project with a milestone, an initiative, and a sprint.
use super::ground::made;
use kernel::{Actor, json};
use testkit::World;

pub struct Planned {
    pub project: String,
    pub milestone: String,
    pub initiative: String,
}

impl Planned {
    pub async fn of(world: &World, by: &Actor, team: &str) -> Planned {
        let project = made(world, by, "project.add", json!({ "name": "Planned", "teams": [team] })).await;
        let milestone = json!({ "project": project, "name": "Halfway" });
        let initiative = made(world, by, "initiative.add", json!({ "name": "Planned" })).await;
        Planned { initiative, milestone: made(world, by, "milestone.add", milestone).await, project }
    }
}

/// A sprint that runs with an issue, and a change of what it holds.
pub async fn sprint(world: &World, by: &Actor, team: &str, issue: &str) -> (String, String) {
    let list = world.ask(by, "sprint.list", json!({ "team": team })).await.expect("they are listed");
    for running in list["open"].as_array().into_iter().flatten().filter(|one| one["stage"] == "running") {
        let close = json!({ "sprint": running["id"], "reason": "Over" });
        world.ask(by, "sprint.close", close).await.expect("it is closed");
    }
    let sprint = made(world, by, "sprint.plan", json!({ "team": team })).await;
    let into = json!({ "issue": issue, "sprint": sprint });
    world.ask(by, "issue.edit", into).await.expect("it is in the sprint");
    world.ask(by, "sprint.start", json!({ "sprint": sprint })).await.expect("the sprint runs");
    world.ask(by, "issue.edit", json!({ "issue": issue, "estimate": 3 })).await.expect("it is estimated");
    let view = world.ask(by, "sprint.show", json!({ "sprint": sprint })).await.expect("it is shown");
    let change = view["report"]["changes"][0]["id"].as_str().expect("the ledger has a row").to_owned();
    (sprint, change)
}
