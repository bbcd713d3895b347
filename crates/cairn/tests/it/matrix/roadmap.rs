//! A project with a milestone and what was said of its priority, an initiative, and weights of a team.
use super::ids::made;
use kernel::{Actor, json};
use testkit::World;

pub struct Planned {
    pub project: String,
    pub milestone: String,
    pub initiative: String,
    pub judgement: String,
    /// Of the team.
    pub weighting: String,
    pub share_plan: String,
    pub debt: String,
    /// The last version of the debt.
    pub debt_version: String,
}

impl Planned {
    pub async fn of(world: &World, (by, lead): (&Actor, &Actor), team: &str) -> Planned {
        let project = made(world, by, "project.add", json!({ "name": "Planned", "teams": [team] })).await;
        let milestone = json!({ "project": project, "name": "Halfway" });
        let initiative = made(world, by, "initiative.add", json!({ "name": "Planned" })).await;
        let values = json!([{ "factor": "reach", "value": 10 }]);
        let judgement = json!({ "project": project, "values": values, "why": "A guess" });
        let weighting = json!({ "team": team, "criteria": [{ "name": "Toil", "weight": 1 }] });
        let shares = json!([{ "name": "All", "percent": 100, "projects": [project] }]);
        let shares = json!({ "team": team, "quarter": "2026-Q1", "shares": shares });
        let debt = made(world, by, "debt.add", json!({ "team": team, "name": "Planned" })).await;
        made(world, by, "debt.edit", json!({ "debt": debt, "hours_a_week": 3 })).await;
        let view = world.ask(by, "debt.show", json!({ "debt": debt })).await.expect("the debt is shown");
        let debt_version = view["versions"][0]["id"].as_str().expect("it has a version").to_owned();
        Planned {
            debt,
            debt_version,
            initiative,
            milestone: made(world, by, "milestone.add", milestone).await,
            judgement: made(world, by, "project.judge", judgement).await,
            weighting: made(world, lead, "weighting.set", weighting).await,
            share_plan: made(world, lead, "shares.set", shares).await,
            project,
        }
    }
}
