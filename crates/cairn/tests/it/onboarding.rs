use jiff::civil::{Date, date};
use kernel::{Actor, Error, Id, Json, Method::Post, Operation, Result, Route, Tx, args, json, parse, sql};
use people::onboarding::{
    plan::{
        AddStep, AssessExpectation, ChangePlan, CompleteStep, EndPlan, ListPlans, Plan, PlanView, RemoveStep,
        ReopenStep, RestoreStep, ResumePlan, ShowPlan, StartPlan, Step, Which,
    },
    template::{
        AddTemplate, AddTemplateStep, ArchiveTemplate, DuplicateTemplate, EditTemplateStep, MoveTemplateStep,
        RemovePhase, RemoveTemplateStep, RestoreTemplateStep, ShowTemplate, Template, TemplateView,
    },
};
use schemars::JsonSchema;
use serde::Deserialize;
use testkit::{World, worlds};

/// The plan of Ipek, whom Nadia manages and Zainab helps.
async fn plan_of_ipek(world: &World) -> Id<Plan> {
    let list = ListPlans { which: Some(Which::All), person: Some(world.person("ipek")) };
    world.call(&world.system(), list).await.unwrap()[0].id
}

async fn show(world: &World, plan: Id<Plan>) -> PlanView {
    world.call(&world.system(), ShowPlan { plan }).await.unwrap()
}

async fn open_step(world: &World, plan: Id<Plan>, owner: &str) -> Step {
    let steps = show(world, plan).await.steps;
    let open = steps
        .into_iter()
        .find(|step| json!(step.owner) == owner && step.done_at.is_none() && json!(step.kind) == "step");
    open.expect("the sample plan has open steps of everyone")
}

async fn call<O: Operation>(world: &World, who: &str, input: Json) -> Result<O::Output> {
    let actor = world.actor(who).await;
    world.call(&actor, parse::<O>(input).unwrap()).await
}

/// A template with one step for each owner on the days given, and one expectation.
async fn template(world: &World, who: &str, steps: &[(&str, i64)]) -> Id<Template> {
    let template = call::<AddTemplate>(world, who, json!({ "name": "Short" })).await.unwrap().id;
    for (owner, day) in steps {
        let step = json!({ "template": template, "phase": 4, "title": format!("{owner} {day}"), "owner": owner, "due_day": day });
        call::<AddTemplateStep>(world, who, step).await.unwrap();
    }
    template
}

async fn started(world: &World, who: &str, person: &str, template: Id<Template>, on: Date) -> Plan {
    let input =
        json!({ "person": world.person(person), "template": template, "buddy": world.person("ana"), "starts_on": on });
    call::<StartPlan>(world, who, input).await.unwrap()
}

#[tokio::test]
async fn a_plan_is_seen_by_those_in_it_and_by_nobody_else() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        for who in ["ipek", "zainab", "nadia", "hanneke", "wanjiru", "joana"] {
            assert!(call::<ShowPlan>(&world, who, json!({ "plan": plan })).await.is_ok(), "{who} sees the plan");
            let list = call::<ListPlans>(&world, who, json!({ "which": "all" })).await.unwrap();
            assert!(list.iter().any(|one| one.id == plan), "{who} finds the plan");
        }
        for who in ["leo", "ines", "farah", "grace", "camila"] {
            let shown = call::<ShowPlan>(&world, who, json!({ "plan": plan })).await;
            assert!(matches!(shown, Err(Error::NotFound)), "{who} sees no plan");
            let list = call::<ListPlans>(&world, who, json!({ "which": "all" })).await.unwrap();
            assert!(list.iter().all(|one| one.id != plan), "{who} finds no plan");
        }
    }
}

#[tokio::test]
async fn a_manager_prepares_a_plan_before_the_line_begins() {
    for world in worlds().await {
        let person = json!({ "name": "Nil", "zone": "Europe/Lisbon", "starts_on": "2026-04-06", "manager": world.person("mara") });
        let newcomer = call::<people::person::AddPerson>(&world, "wanjiru", person).await.unwrap().id;
        let template = template(&world, "mara", &[("manager", -1), ("newcomer", 0)]).await;
        let plan =
            call::<StartPlan>(&world, "mara", json!({ "person": newcomer, "template": template })).await.unwrap();
        assert_eq!(plan.starts_on, date(2026, 4, 6));
        assert_eq!(plan.manager_id, Some(world.person("mara")));
        assert!(plan.leads);
        let again = call::<StartPlan>(&world, "mara", json!({ "person": newcomer, "template": template })).await;
        assert!(matches!(again, Err(Error::Invalid(flaws)) if flaws[0].field == "person"), "one plan at a time");
        let other = call::<StartPlan>(&world, "nadia", json!({ "person": newcomer, "template": template })).await;
        assert!(matches!(other, Err(Error::Forbidden)));
    }
}

#[tokio::test]
async fn dates_are_counted_at_the_start_and_anew_when_it_moves() {
    for world in worlds().await {
        let template = template(&world, "wanjiru", &[("newcomer", 0), ("newcomer", 1), ("newcomer", 5)]).await;
        let plan = started(&world, "wanjiru", "leo", template, date(2026, 5, 2)).await.id;
        let days = |view: &PlanView| view.steps.iter().map(|step| step.due_on).collect::<Vec<_>>();
        let before = show(&world, plan).await;
        assert!(before.steps[0].due_on > date(2026, 5, 2), "the second of May is a Saturday");
        assert!(days(&before).is_sorted());
        let done = json!({ "plan": plan, "step": before.steps[0].id });
        call::<CompleteStep>(&world, "leo", done).await.unwrap();
        let own = json!({ "plan": plan, "phase": 4, "title": "Of its own date", "due_on": "2026-05-20" });
        call::<AddStep>(&world, "wanjiru", own).await.unwrap();
        call::<ChangePlan>(&world, "wanjiru", json!({ "plan": plan, "starts_on": "2026-06-01" })).await.unwrap();
        let after = show(&world, plan).await;
        assert_eq!(after.steps[0].due_on, before.steps[0].due_on, "what is done keeps its date");
        assert!(after.steps[1].due_on > date(2026, 6, 1));
        assert_eq!(after.steps[3].due_on, date(2026, 5, 20), "a date of its own stays");
        assert!(after.phases[0].ends_on > before.phases[0].ends_on);
    }
}

#[tokio::test]
async fn a_running_plan_keeps_the_template_as_it_was() {
    for world in worlds().await {
        let template = template(&world, "wanjiru", &[("newcomer", 0)]).await;
        let plan = started(&world, "wanjiru", "leo", template, date(2026, 5, 4)).await.id;
        let TemplateView { steps, .. } = world.call(&world.system(), ShowTemplate { template }).await.unwrap();
        let edit = json!({ "template": template, "step": steps[0].id, "title": "Something else", "due_day": 3 });
        call::<EditTemplateStep>(&world, "wanjiru", edit).await.unwrap();
        assert_eq!(show(&world, plan).await.steps[0].title, "newcomer 0");
    }
}

#[tokio::test]
async fn a_step_is_marked_by_its_owner_and_by_those_who_keep_the_plan() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        let step = open_step(&world, plan, "manager").await.id;
        let done = json!({ "plan": plan, "step": step, "note": "Seen to." });
        for who in ["ipek", "zainab"] {
            let refused = call::<CompleteStep>(&world, who, done.clone()).await;
            assert!(matches!(refused, Err(Error::Forbidden)), "{who} has no part in this step");
        }
        assert!(matches!(call::<CompleteStep>(&world, "leo", done.clone()).await, Err(Error::NotFound)));
        call::<CompleteStep>(&world, "nadia", done).await.unwrap();
        let marked = show(&world, plan).await.steps.into_iter().find(|one| one.id == step).unwrap();
        assert_eq!((marked.done_by, marked.note.as_str()), (Some(world.person("nadia")), "Seen to."));
        call::<ReopenStep>(&world, "nadia", json!({ "plan": plan, "step": step })).await.unwrap();
        let own = open_step(&world, plan, "newcomer").await.id;
        call::<CompleteStep>(&world, "ipek", json!({ "plan": plan, "step": own })).await.unwrap();
    }
}

#[tokio::test]
async fn what_the_manager_says_of_an_expectation_is_read_by_the_newcomer() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        let steps = show(&world, plan).await.steps;
        let open = steps.iter().find(|step| json!(step.kind) == "expectation" && step.done_at.is_none()).unwrap();
        let say =
            |verdict: &str, note: &str| json!({ "plan": plan, "step": open.id, "verdict": verdict, "note": note });
        let silent = call::<AssessExpectation>(&world, "nadia", say("not_yet", " ")).await;
        assert!(matches!(silent, Err(Error::Invalid(flaws)) if flaws[0].field == "note"));
        assert!(matches!(call::<AssessExpectation>(&world, "ipek", say("met", "")).await, Err(Error::Forbidden)));
        assert!(matches!(call::<AssessExpectation>(&world, "zainab", say("met", "")).await, Err(Error::Forbidden)));
        call::<AssessExpectation>(&world, "nadia", say("not_yet", "Two reviews are missing.")).await.unwrap();
        let seen = call::<ShowPlan>(&world, "ipek", json!({ "plan": plan })).await.unwrap();
        let seen = seen.steps.iter().find(|step| step.id == open.id).unwrap();
        assert!(seen.not_yet_at.is_some() && seen.done_at.is_none());
        assert_eq!(seen.note, "Two reviews are missing.");
    }
}

#[tokio::test]
async fn a_plan_finishes_with_its_last_step_and_goes_on_with_an_open_one() {
    for world in worlds().await {
        let template = template(&world, "wanjiru", &[("newcomer", 0)]).await;
        let plan = started(&world, "wanjiru", "leo", template, date(2026, 5, 4)).await.id;
        let step = show(&world, plan).await.steps[0].id;
        call::<CompleteStep>(&world, "leo", json!({ "plan": plan, "step": step })).await.unwrap();
        assert!(show(&world, plan).await.plan.ended_at.is_some());
        call::<ReopenStep>(&world, "leo", json!({ "plan": plan, "step": step })).await.unwrap();
        assert!(show(&world, plan).await.plan.ended_at.is_none());
        let added = json!({ "plan": plan, "phase": 4, "title": "One more" });
        let added = call::<AddStep>(&world, "wanjiru", added).await.unwrap();
        call::<CompleteStep>(&world, "leo", json!({ "plan": plan, "step": step })).await.unwrap();
        assert!(show(&world, plan).await.plan.ended_at.is_none());
        call::<RemoveStep>(&world, "wanjiru", json!({ "plan": plan, "step": added })).await.unwrap();
        assert!(show(&world, plan).await.plan.ended_at.is_some(), "nothing is left to do");
        call::<RestoreStep>(&world, "wanjiru", json!({ "plan": plan, "step": added })).await.unwrap();
        assert!(show(&world, plan).await.plan.ended_at.is_none());
    }
}

#[tokio::test]
async fn a_plan_that_was_ended_early_stays_as_it_is_until_it_is_taken_up() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        let step = open_step(&world, plan, "newcomer").await.id;
        let end = json!({ "plan": plan, "reason": "She knows it all." });
        assert!(matches!(call::<EndPlan>(&world, "zainab", end.clone()).await, Err(Error::Forbidden)));
        call::<EndPlan>(&world, "nadia", end).await.unwrap();
        let done = call::<CompleteStep>(&world, "ipek", json!({ "plan": plan, "step": step })).await;
        assert!(matches!(done, Err(Error::Conflict(_))));
        let ended = call::<ListPlans>(&world, "ipek", json!({ "which": "ended" })).await.unwrap();
        assert_eq!(ended[0].end_reason.as_deref(), Some("She knows it all."));
        call::<ResumePlan>(&world, "nadia", json!({ "plan": plan })).await.unwrap();
        call::<CompleteStep>(&world, "ipek", json!({ "plan": plan, "step": step })).await.unwrap();
    }
}

#[tokio::test]
async fn templates_are_read_by_the_company_and_changed_by_managers() {
    for world in worlds().await {
        let template = template(&world, "mara", &[("newcomer", 0), ("buddy", 1), ("manager", 2)]).await;
        assert!(call::<ShowTemplate>(&world, "leo", json!({ "template": template })).await.is_ok());
        let guest = call::<ShowTemplate>(&world, "grace", json!({ "template": template })).await;
        assert!(matches!(guest, Err(Error::NotFound)));
        let archive = call::<ArchiveTemplate>(&world, "leo", json!({ "template": template })).await;
        assert!(matches!(archive, Err(Error::Forbidden)));
        let titles = async || {
            let view = world.call(&world.system(), ShowTemplate { template }).await.unwrap();
            view.steps.iter().map(|step| step.title.clone()).collect::<Vec<_>>()
        };
        let step = world.call(&world.system(), ShowTemplate { template }).await.unwrap().steps[2].id;
        let one = json!({ "template": template, "step": step });
        let up = json!({ "template": template, "step": step, "direction": "up" });
        call::<MoveTemplateStep>(&world, "mara", up).await.unwrap();
        assert_eq!(titles().await, ["newcomer 0", "manager 2", "buddy 1"]);
        call::<RemoveTemplateStep>(&world, "mara", one.clone()).await.unwrap();
        assert_eq!(titles().await, ["newcomer 0", "buddy 1"]);
        call::<RestoreTemplateStep>(&world, "mara", one).await.unwrap();
        assert_eq!(titles().await, ["newcomer 0", "manager 2", "buddy 1"]);
        let full = call::<RemovePhase>(&world, "mara", json!({ "template": template, "day": 4 })).await;
        assert!(matches!(full, Err(Error::Conflict(_))));
        let copy = call::<DuplicateTemplate>(&world, "nadia", json!({ "template": template })).await.unwrap();
        let copied = world.call(&world.system(), ShowTemplate { template: copy.id }).await.unwrap();
        assert_eq!(copy.name, "Copy of Short");
        assert_eq!((copied.steps.len(), copied.phases.len()), (3, 4));
    }
}

/// Asks for the scheduled job at once.
#[derive(Deserialize, JsonSchema)]
struct Hurry {}

impl Operation for Hurry {
    const NAME: &str = "onboarding_test.hurry";
    const ROUTE: Route = Route(Post, "/onboarding_test/hurry");
    type Target = ();
    type Output = ();
    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
    fn allows(_: &Actor, _: &()) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let now = tx.now();
        tx.want("onboarding.begin", "onboarding.begin", json!({}), now);
        Ok(())
    }
}

async fn hurry(world: &World, at: &str) {
    world.clock.set(at.parse::<jiff::Timestamp>().unwrap().into());
    world.call(&world.system(), Hurry {}).await.unwrap();
    world.drain().await;
}

#[tokio::test]
async fn the_letters_leave_once_on_the_morning_of_the_first_day() {
    for world in worlds().await {
        let template = template(&world, "wanjiru", &[("newcomer", 0)]).await;
        let plan = started(&world, "wanjiru", "leo", template, date(2026, 5, 2)).await.id;
        let begins = show(&world, plan).await.steps[0].due_on;
        let hours =
            world.call(&world.system(), people::person::ShowPerson { person: world.person("leo") }).await.unwrap();
        let zone = jiff::tz::TimeZone::get(&hours.zone).unwrap();
        let at = |hour| begins.at(hour, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp().to_string();
        let letters = || world.outside.letters().iter().filter(|letter| letter.text.contains(plan.as_str())).count();
        hurry(&world, &at(1)).await;
        assert_eq!((letters(), show(&world, plan).await.plan.begun_at), (0, None), "at night nobody is written to");
        hurry(&world, &at(14)).await;
        hurry(&world, &at(15)).await;
        assert_eq!(letters(), 3, "newcomer, buddy and manager, once each");
        assert!(show(&world, plan).await.plan.begun_at.is_some());
        let to_leo =
            world.outside.letters().into_iter().find(|letter| letter.to == hours.email.clone().unwrap()).unwrap();
        assert!(to_leo.text.contains(&format!("http://cairn.test/onboarding/{plan}")));
    }
}

/// What the world was told about a record.
#[derive(Deserialize, JsonSchema)]
struct Told {
    subject: String,
}

impl Operation for Told {
    const NAME: &str = "onboarding_test.told";
    const ROUTE: Route = Route(Post, "/onboarding_test/told");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;
    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }
    fn allows(_: &Actor, _: &()) -> bool {
        true
    }
    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        let told = sql!("select data from events where workspace_id = $1 and subject = $2 order by id");
        tx.all(told, args![tx.workspace(), self.subject]).await
    }
}

#[tokio::test]
async fn events_hold_no_step_and_no_note() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        let step = open_step(&world, plan, "newcomer").await;
        let done = json!({ "plan": plan, "step": step.id, "note": "A very particular note" });
        call::<CompleteStep>(&world, "ipek", done).await.unwrap();
        call::<EndPlan>(&world, "nadia", json!({ "plan": plan, "reason": "A very particular reason" })).await.unwrap();
        let told = world.call(&world.system(), Told { subject: plan.to_string() }).await.unwrap().join("\n");
        assert!(told.contains(step.id.as_str()));
        assert!(!told.contains("particular") && !told.contains(&step.title));
    }
}

#[tokio::test]
async fn the_pages_show_a_plan_and_mark_a_step() {
    for world in worlds().await {
        let plan = plan_of_ipek(&world).await;
        let step = open_step(&world, plan, "newcomer").await;
        let world = world.as_demonstration();
        let mut ipek = world.client().eyes(world.person("ipek"));
        let place = format!("/onboarding/{plan}");
        let page = ipek.get(&place).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.text().contains(&step.title) && page.text().contains("What is expected"));
        assert!(!page.text().contains("Change the plan"), "she does not keep the plan");
        assert!(ipek.get("/onboarding").await.text().contains(&place));
        assert!(ipek.get(&format!("/people/{}", world.person("ipek"))).await.text().contains(&place));
        let done = ipek.post_from(&place, &format!("{place}/steps/{}/done", step.id), &[]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(ipek.get(&place).await.text().contains("/reopen"));
        let mut leo = world.client().eyes(world.person("leo"));
        assert_eq!(leo.get(&place).await.status, 404);
        assert!(!leo.get(&format!("/people/{}", world.person("ipek"))).await.text().contains(&place));
        let mut nadia = world.client().eyes(world.person("nadia"));
        for page in ["edit", "end", "steps/new", &format!("steps/{}", step.id), &format!("steps/{}/edit", step.id)] {
            assert_eq!(nadia.get(&format!("{place}/{page}")).await.status, 200, "{page}");
        }
        let missing = nadia.post_from(&format!("{place}/end"), &format!("{place}/end"), &[("reason", "")]).await;
        assert_eq!(missing.status, 422);
    }
}

#[tokio::test]
async fn the_pages_of_templates_can_be_written() {
    for world in worlds().await {
        let template = template(&world, "mara", &[("newcomer", 0)]).await;
        let step = world.call(&world.system(), ShowTemplate { template }).await.unwrap().steps[0].id;
        let world = world.as_demonstration();
        let mut mara = world.client().eyes(world.person("mara"));
        let place = format!("/onboarding/templates/{template}");
        let pages = ["", "/edit", "/steps/new?phase=4", "/phases/new", "/phases/4/edit"];
        for page in pages.map(str::to_owned).into_iter().chain([format!("/steps/{step}/edit")]) {
            assert_eq!(mara.get(&format!("{place}{page}")).await.status, 200, "{page}");
        }
        for page in ["/onboarding/templates", "/onboarding/templates/new", "/onboarding/new"] {
            assert_eq!(mara.get(page).await.status, 200, "{page}");
        }
        let fields = [("kind", "step"), ("title", "Say hello"), ("phase", "4"), ("owner", "buddy"), ("due_day", "-1")];
        let new = format!("{place}/steps/new");
        assert_eq!(mara.post_from(&new, &new, &fields).await.status, 303);
        assert!(mara.get(&place).await.text().contains("1 working day before the first day"));
        let far = [("kind", "step"), ("title", "Later"), ("phase", "4"), ("owner", "buddy"), ("due_day", "900")];
        assert_eq!(mara.post_from(&new, &new, &far).await.status, 422);
        let removed = mara.post_from(&place, &format!("{place}/phases/64/remove"), &[]).await;
        assert_eq!(removed.status, 303);
        let undo = format!("{place}/phases/64/restore/First%2090%20days");
        assert!(mara.get(&place).await.text().contains(&undo));
        assert_eq!(mara.post_from(&place, &undo, &[]).await.status, 303);
        assert!(mara.get(&place).await.text().contains("First 90 days"));
        let mut leo = world.client().eyes(world.person("leo"));
        assert_eq!(leo.get(&format!("{place}/edit")).await.status, 403);
        assert_eq!(leo.get(&place).await.status, 200);
    }
}
