//! What belongs to the issues of a team: states, labels, views, what was brought over, a sprint and a round of refinement.
use super::ids::{first_id, made};
use kernel::{Actor, Json, json};
use testkit::World;

/// What belongs to the issues of a team.
pub struct Kept {
    pub issue: String,
    pub state: String,
    pub label: String,
    /// A field and one of its choices.
    pub field: (String, String),
    pub batch: String,
    pub triage_batch: String,
    pub ruled: Ruled,
    pub intake_form: String,
    /// One that is shared with the team, and one's own.
    pub view: String,
    pub own_view: String,
    pub issue_import: String,
    pub outsider: String,
    pub sprint: String,
    pub scope_change: String,
    pub refinement: Refined,
    pub planned: Planned,
    pub reviewed: Reviewed,
}

impl Kept {
    /// An issue, a state that it was brought to, and a label, all of one team.
    pub async fn of(world: &World, (by, keeper): (&Actor, &Actor), team: &str) -> Kept {
        let issue = made(world, by, "issue.create", json!({ "team": team, "title": "New" })).await;
        let state = json!({ "team": team, "name": "On hold", "category": "started" });
        let state = made(world, by, "state.add", state).await;
        let edited =
            world.ask(by, "issue.edit", json!({ "issue": issue, "state": state })).await.expect("it is changed");
        let batch = edited["batch"].as_str().expect("a change can be undone").to_owned();
        let label = made(world, by, "label.add", json!({ "team": team, "name": "Held" })).await;
        let field = field(world, by, team).await;
        let view = json!({ "name": "Open", "q": "is:open", "team": team });
        let own_view = made(world, by, "view.add", view.clone()).await;
        let view = made(world, by, "view.add", with_shared(view)).await;
        let begin = json!({ "source": "jira", "label": "dump" });
        let issue_import = made(world, keeper, "issue_import.begin", begin).await;
        let former = json!({
            "source_id": "1", "key": "OLD-1", "title": "Brought over", "state": { "name": "Backlog", "category": "backlog" },
            "creator": { "id": "ada", "name": "Ada of Jira" }, "created_at": "2024-01-01T09:00:00Z",
            "updated_at": "2024-01-01T09:00:00Z",
        });
        let bunch = json!({ "import": issue_import, "team": team, "issues": [former] });
        world.ask(keeper, "issue_import.send", bunch).await.expect("an issue is brought over");
        let outsider = first_id(world, keeper, "outsider.list", json!({})).await;
        let reviewed = Reviewed::of(world, by, team).await;
        let (sprint, scope_change) = sprint(world, by, team, &issue).await;
        let refinement = Refined::of(world, by, team, &issue).await;
        let planned = Planned::of(world, by, team).await;
        let triage_batch = decided(world, by, team).await;
        let ruled = Ruled::of(world, by, team).await;
        let intake_form = made(world, by, "intake_form.add", json!({ "team": team, "name": "Report" })).await;
        Kept {
            intake_form,
            issue,
            state,
            label,
            field,
            batch,
            triage_batch,
            ruled,
            view,
            own_view,
            issue_import,
            outsider,
            sprint,
            scope_change,
            refinement,
            planned,
            reviewed,
        }
    }
}

/// A field that was added to the issues of a team, and what can be chosen in it.
async fn field(world: &World, by: &Actor, team: &str) -> (String, String) {
    let input = json!({ "team": team, "name": "Held in a field", "kind": "choice", "choices": ["Acme"] });
    let field = made(world, by, "custom_field.add", input).await;
    let all = world.ask(by, "custom_field.list", json!({ "team": team })).await.expect("they are listed");
    let found = all.as_array().and_then(|all| all.iter().find(|one| one["id"] == field)).expect("it is there");
    let choice = found["choices"][0]["id"].as_str().expect("it has a choice").to_owned();
    (field, choice)
}

/// A rule that has run once, and a template that recurs.
pub struct Ruled {
    pub automation: String,
    pub run: String,
    pub template: String,
    pub recurrence: String,
}

impl Ruled {
    async fn of(world: &World, by: &Actor, team: &str) -> Ruled {
        let rule = json!({ "team": team, "name": "Ruled", "when": "created", "q": "ruled", "then": { "say": "Seen" } });
        let automation = made(world, by, "automation.add", rule).await;
        made(world, by, "issue.create", json!({ "team": team, "title": "To be ruled" })).await;
        world.drain().await;
        let list = world.ask(by, "automation.list", json!({ "team": team })).await.expect("they are listed");
        let run = list["runs"][0]["id"].as_str().expect("it has run").to_owned();
        let template = json!({ "team": team, "name": "Again", "content": { "title": "Again" } });
        let template = made(world, by, "issue_template.add", template).await;
        let weekly = json!({ "template": template, "rhythm": { "days": ["mon"] } });
        let recurrence = made(world, by, "recurrence.add", weekly).await;
        Ruled { automation, run, template, recurrence }
    }
}

/// By what a decision about an issue in triage is undone.
async fn decided(world: &World, by: &Actor, team: &str) -> String {
    let work = world.ask(by, "work.show", json!({ "team": team })).await.expect("it is shown");
    let states = work["states"].as_array().expect("it has states");
    let state = states.iter().find(|state| state["category"] == "triage").expect("one of them is for what is new");
    let issue = json!({ "team": team, "title": "Asked for", "state": state["id"] });
    let issue = made(world, by, "issue.create", issue).await;
    let declined = json!({ "issues": [issue], "reason": "Not now" });
    let acted = world.ask(by, "triage.decline", declined).await.expect("it is declined");
    acted["batch"].as_str().expect("it can be undone").to_owned()
}

/// A round with one issue about which something was asked.
pub struct Refined {
    pub round: String,
    pub item: String,
    pub question: String,
}

impl Refined {
    async fn of(world: &World, by: &Actor, team: &str, issue: &str) -> Refined {
        let start = json!({ "team": team, "name": "Before the sprint", "issues": [issue] });
        let round = made(world, by, "refinement.start", start).await;
        let view = world.ask(by, "refinement.show", json!({ "refinement": round })).await.expect("it is shown");
        let item = view["items"][0]["id"].as_str().expect("it holds an issue").to_owned();
        let question = made(world, by, "refinement.ask", json!({ "item": item, "body": "Why?" })).await;
        Refined { round, item, question }
    }
}

/// A planning of a sprint at which objections are heard, a proposal and an objection.
pub struct Planned {
    pub planning: String,
    pub proposal: String,
    pub objection: String,
}

/// Everyone on payments who has an account.
const ON_TEAM: [&str; 7] = ["dele", "ines", "leo", "mara", "priya", "tomasz", "yuki"];

impl Planned {
    async fn of(world: &World, by: &Actor, team: &str) -> Planned {
        let issue = made(world, by, "issue.create", json!({ "team": team, "title": "To be planned" })).await;
        let sprint = made(world, by, "sprint.plan", json!({ "team": team })).await;
        let planning = made(world, by, "planning.start", json!({ "sprint": sprint })).await;
        let propose = json!({ "planning": planning, "issue": issue });
        world.ask(by, "planning.propose", propose).await.expect("it is proposed");
        let view = world.ask(by, "planning.show", json!({ "planning": planning })).await.expect("it is shown");
        for one in view["participants"].as_array().into_iter().flatten() {
            let person = one["person_id"].as_str().expect("a person takes part");
            let actor = match ON_TEAM.iter().find(|key| world.person(key).as_str() == person) {
                Some(key) if by.person.as_str() != person => world.actor(key).await,
                _ => by.clone(),
            };
            let offer = json!({ "planning": planning, "offer": "Four days" });
            world.ask(&actor, "planning.offer", offer).await.expect("they say what they can take on");
        }
        let object = json!({ "planning": planning, "stance": "objection", "reason": "Too much", "wants": "Less" });
        world.ask(by, "planning.answer", object).await.expect("it is objected");
        let view = world.ask(by, "planning.show", json!({ "planning": planning })).await.expect("it is shown");
        let id = |list: &str| view[list][0]["id"].as_str().expect("there is one").to_owned();
        Planned { proposal: id("proposals"), objection: id("objections"), planning }
    }
}

/// A review of a sprint, and an issue in it in which something is missing.
pub struct Reviewed {
    pub review: String,
    pub item: String,
}

impl Reviewed {
    async fn of(world: &World, by: &Actor, team: &str) -> Reviewed {
        let issue = made(world, by, "issue.create", json!({ "team": team, "title": "To be shown" })).await;
        let sprint = running(world, by, team, &issue).await;
        let work = world.ask(by, "work.show", json!({ "team": team })).await.expect("it is shown");
        let states = work["states"].as_array().expect("it has states");
        let done = states.iter().find(|state| state["category"] == "done").expect("one of them is for what is done");
        let finish = json!({ "issue": issue, "state": done["id"] });
        world.ask(by, "issue.edit", finish).await.expect("it is done");
        world.ask(by, "sprint.close", json!({ "sprint": sprint })).await.expect("it is closed");
        let review = made(world, by, "sprint_review.start", json!({ "sprint": sprint })).await;
        let view = world.ask(by, "sprint_review.show", json!({ "review": review })).await.expect("it is shown");
        let item = view["items"][0]["id"].as_str().expect("it has an item").to_owned();
        let judge = json!({ "item": item, "verdict": "not_accepted", "remark": "The sum" });
        world.ask(by, "sprint_review.judge", judge).await.expect("it is not accepted");
        Reviewed { review, item }
    }
}

/// A sprint that runs with an issue; the one that ran before is closed.
async fn running(world: &World, by: &Actor, team: &str, issue: &str) -> String {
    let list = world.ask(by, "sprint.list", json!({ "team": team })).await.expect("they are listed");
    for running in list["open"].as_array().into_iter().flatten().filter(|one| one["stage"] == "running") {
        let close = json!({ "sprint": running["id"], "reason": "Over" });
        world.ask(by, "sprint.close", close).await.expect("it is closed");
    }
    let sprint = made(world, by, "sprint.plan", json!({ "team": team })).await;
    let into = json!({ "issue": issue, "sprint": sprint });
    world.ask(by, "issue.edit", into).await.expect("it is in the sprint");
    world.ask(by, "sprint.start", json!({ "sprint": sprint })).await.expect("the sprint runs");
    sprint
}

/// A sprint that runs with an issue, and a change of what it holds.
async fn sprint(world: &World, by: &Actor, team: &str, issue: &str) -> (String, String) {
    let sprint = running(world, by, team, issue).await;
    world.ask(by, "issue.edit", json!({ "issue": issue, "estimate": 3 })).await.expect("it is estimated");
    let view = world.ask(by, "sprint.show", json!({ "sprint": sprint })).await.expect("it is shown");
    let change = view["report"]["changes"][0]["id"].as_str().expect("the ledger has a row").to_owned();
    (sprint, change)
}

fn with_shared(mut view: Json) -> Json {
    view["shared"] = json!(true);
    view
}
