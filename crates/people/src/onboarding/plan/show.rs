use super::{Phase, Plan, Step, list::bar, place};
use crate::onboarding::{Kind, Owner, template::buttons};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, date, empty, face, html, icon, prose, token};

/// One onboarding plan with its phases and steps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowPlan {
    pub plan: Id<Plan>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanView {
    pub plan: Plan,
    pub phases: Vec<Phase>,
    /// In their order, phase by phase.
    pub steps: Vec<Step>,
}

impl Operation for ShowPlan {
    const NAME: &str = "onboarding.show";
    const ROUTE: Route = Route(Get, "/onboarding/{plan}");
    const READS: bool = true;
    type Target = Plan;
    type Output = PlanView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        Plan::visible(tx, self.plan).await
    }

    fn allows(_: &Actor, _: &Plan) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<PlanView> {
        let (phases, steps) = (Plan::phases(tx, plan.id).await?, Plan::steps(tx, plan.id).await?);
        Ok(PlanView { plan, phases, steps })
    }
}

impl PlanView {
    /// The plan and the step that the path names.
    pub(super) async fn with_step(cx: &Cx) -> Result<(PlanView, Step)> {
        let view = cx.read_here::<ShowPlan>().await?;
        let step = view.steps.iter().find(|step| step.id.as_str() == cx.text("step")).cloned();
        Ok((view, step.ok_or(Error::NotFound)?))
    }

    /// The open step that comes next.
    fn next(&self, today: jiff::civil::Date) -> Option<Id<Step>> {
        let open = self.steps.iter().filter(|step| step.kind == Kind::Step && step.done_at.is_none());
        open.filter(|step| step.due_on >= today).min_by_key(|step| step.due_on).map(|step| step.id)
    }

    fn is_open(&self) -> bool {
        self.plan.end_reason.is_none()
    }
}

/// `GET /onboarding/{plan}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowPlan>().await?;
    let plan = &view.plan;
    let keeps = plan.is_kept_by(cx.actor()) && view.is_open();
    let done = view.steps.iter().filter(|step| step.done_at.is_some()).count();
    let actions = html! { @if keeps {
        a.button href={ (place(plan.id)) "/edit" } data-key="e" data-key-label="Change the plan" { "Change" kbd { "E" } }
        a.button.primary href={ (place(plan.id)) "/steps/new" } data-key="c" data-key-label="Add a step" { "Add a step" kbd { "C" } }
    } };
    let title = format!("{}: the first weeks", plan.person_name);
    let conversation = cx.conversation("onboarding", plan.id).await?;
    let head = Head {
        crumbs: vec![("/onboarding", "Onboarding")],
        title: &title,
        lead: &lead(&cx, plan),
        face: Some(face(&plan.person_id, &plan.person_name, plan.person_photo.as_deref(), "xl")),
        actions: Some(actions),
    };
    let body = html! {
        (head.show())
        div.stack {
            (ended(&cx, plan))
            (bar(&format!("plan-{}", plan.id), "Done in all", done, view.steps.len()))
            @if view.steps.is_empty() {
                (empty("Nothing stands in this plan yet.", keeps.then_some((&*format!("{}/steps/new", place(plan.id)), "Add a step"))))
            }
            div.cols {
                div.stack { @for phase in &view.phases { (phase_card(&cx, &view, phase, keeps)) } (conversation) }
                div.stack { (people_card(plan)) (expectations_card(&cx, &view, keeps)) }
            }
        }
    };
    let id = plan.id.to_string();
    Ok(cx.live_page(&title, &[&id], body))
}

fn lead(cx: &Cx, plan: &Plan) -> String {
    let (today, day) = (cx.today(), date(plan.starts_on, cx.today()));
    if plan.starts_on > today { format!("Starts {day}.") } else { format!("Started {day}.") }
}

fn ended(cx: &Cx, plan: &Plan) -> Markup {
    let Some(at) = plan.ended_at else { return html! {} };
    let day = date(at.date(&cx.viewer.zone), cx.today());
    match &plan.end_reason {
        None => html! { div.ask.good { p.grow { "Everything was done " (day) "." } } },
        Some(reason) => html! {
            div.ask {
                p.grow { "Ended early " (day) ": " (reason) }
                @if plan.is_kept_by(cx.actor()) {
                    form method="post" action={ (place(plan.id)) "/resume" } { (token(cx)) button.button.small { "Take it up again" } }
                }
            }
        },
    }
}

fn phase_card(cx: &Cx, view: &PlanView, phase: &Phase, keeps: bool) -> Markup {
    let all: Vec<&Step> = view.steps.iter().filter(|step| step.phase == phase.day).collect();
    let done = all.iter().filter(|step| step.done_at.is_some()).count();
    let next = view.next(cx.today());
    html! {
        section.card id={ "phase-" (phase.day) } {
            header {
                h2 { (phase.name) }
                span.small.muted { "until " (date(phase.ends_on, cx.today())) }
                div.right { (bar(&format!("phase-done-{}", phase.day), &format!("Done in {}", phase.name), done, all.len())) }
            }
            div.body {
                @if all.iter().all(|step| step.kind == Kind::Expectation) { p.muted { "There is nothing to do in this phase." } }
                ol.timeline { @for step in all.iter().filter(|step| step.kind == Kind::Step) { (line(cx, view, step, next, keeps)) } }
            }
            @if keeps { footer { a.button.small.quiet href={ (place(view.plan.id)) "/steps/new?phase=" (phase.day) } { (icon("plus")) "Add a step" } } }
        }
    }
}

fn line(cx: &Cx, view: &PlanView, step: &Step, next: Option<Id<Step>>, keeps: bool) -> Markup {
    let is_next = next == Some(step.id) && view.plan.ended_at.is_none();
    let class = match () {
        () if step.done_at.is_some() => "done",
        () if step.is_late(cx.today()) => "late",
        () if is_next => "now",
        () => "",
    };
    let here = format!("{}/steps/{}", place(view.plan.id), step.id);
    let marks = view.is_open() && view.plan.is_marked_by(cx.actor(), step);
    html! {
        li id={ "step-" (step.id) } class=(class) aria-current=[(class == "now").then_some("step")] {
            div.what {
                p { strong { (step.title) } }
                @if !step.body.is_empty() && step.done_at.is_none() { div.small.soft { (prose(&step.body)) } }
                p.small.muted { (whose(&view.plan, step.owner, cx.actor().person)) " · " (when(cx, step)) }
                (note(step))
            }
            div.row.wrap.end {
                @if marks && step.done_at.is_none() {
                    form method="post" action={ (here) "/done" } { (token(cx)) button.button.small aria-label={ "Done: " (step.title) } { (icon("check")) "Done" } }
                    a.button.quiet.small href=(here) aria-label={ "Done, with a note: " (step.title) } { "With a note" }
                }
                (menu(cx, step, &here, marks, keeps))
            }
        }
    }
}

/// What is rarely done: to open a step again, for those who may mark it, and to change it, for those who keep the plan.
fn menu(cx: &Cx, step: &Step, here: &str, marks: bool, keeps: bool) -> Markup {
    let said = marks && (step.done_at.is_some() || step.not_yet_at.is_some());
    html! {
        @if said || keeps {
            details.menu name="menu" {
                summary.button.quiet.icon-only aria-label={ "More for " (step.title) } { (icon("more-horizontal")) }
                div.panel {
                    @if said { form method="post" action={ (here) "/reopen" } { (token(cx)) button { "Open again" } } }
                    @if keeps { a href={ (here) "/edit" } { "Edit" } div.row { (buttons(cx, &step.title, here)) } }
                }
            }
        }
    }
}

/// "Yours", or whose it is.
fn whose(plan: &Plan, owner: Owner, me: Id<Person>) -> String {
    let name = match owner {
        Owner::Newcomer => Some(&plan.person_name),
        Owner::Buddy => plan.buddy_name.as_ref(),
        Owner::Manager => plan.manager_name.as_ref(),
    };
    match name {
        _ if plan.is(owner, me) => "Yours".into(),
        Some(name) => name.clone(),
        None => format!("{}, nobody yet", owner.title()),
    }
}

/// When a step was done, or when it is due, as seen from the reader's day.
fn when(cx: &Cx, step: &Step) -> String {
    let today = cx.today();
    if let Some(at) = step.done_at {
        let said = if step.kind == Kind::Step { "done" } else { "met" };
        let by = step.done_by_name.as_deref().map(|name| format!(" by {name}")).unwrap_or_default();
        return format!("{said} {}{by}", date(at.date(&cx.viewer.zone), today));
    }
    let due = date(step.due_on, today);
    match (today - step.due_on).get_days() {
        ..=0 => format!("due {due}"),
        1 => "late, was due yesterday".into(),
        days => format!("{days} days late, was due {due}"),
    }
}

fn note(step: &Step) -> Markup {
    html! { @if !step.note.is_empty() { div.small.soft { (prose(&step.note)) } } }
}

fn people_card(plan: &Plan) -> Markup {
    let buddy = plan.buddy_id.as_ref().zip(plan.buddy_name.as_deref());
    let manager = plan.manager_id.as_ref().zip(plan.manager_name.as_deref());
    let newcomer = Some((&plan.person_id, plan.person_name.as_str()));
    let all = [
        ("Newcomer", newcomer, &plan.person_photo),
        ("Buddy", buddy, &plan.buddy_photo),
        ("Manager", manager, &plan.manager_photo),
    ];
    html! {
        section.card {
            header { h2 { "Who takes part" } }
            ul.list { @for (part, person, photo) in all {
                @if let Some((id, name)) = person {
                    li { (face(id, name, photo.as_deref(), "")) div.what { p { a href={ "/people/" (id) } { (name) } } } span.small.muted { (part) } }
                } @else { li { span {} div.what { p.muted { "Nobody yet" } } span.small.muted { (part) } } }
            } }
            footer.small.muted.row.top { (icon("lock")) span { "Read by these, the manager line, people partners, owners and admins." } }
        }
    }
}

fn expectations_card(cx: &Cx, view: &PlanView, keeps: bool) -> Markup {
    let expected: Vec<&Step> = view.steps.iter().filter(|step| step.kind == Kind::Expectation).collect();
    html! {
        section.card #expectations {
            header { h2 { "What is expected" } }
            @if expected.is_empty() { div.body { p.muted { "This plan names no expectations. They say what the newcomer knows or can do at the end of a phase." } } }
            ul.list.plain { @for step in expected { (expectation(cx, view, step, keeps)) } }
        }
    }
}

fn expectation(cx: &Cx, view: &PlanView, step: &Step, keeps: bool) -> Markup {
    let phase = view.phases.iter().find(|phase| phase.day == step.phase).map_or("", |phase| &phase.name);
    let here = format!("{}/steps/{}", place(view.plan.id), step.id);
    let marks = view.is_open() && view.plan.is_marked_by(cx.actor(), step);
    html! {
        li id={ "step-" (step.id) } {
            div.what.wrap {
                p { (step.title) }
                @if !step.body.is_empty() { div.small.soft { (prose(&step.body)) } }
                p.small.muted { (phase) " · " (when(cx, step)) }
                (note(step))
                @if marks && step.done_at.is_none() { (verdict_buttons(cx, step, &here)) }
            }
            div.row {
                @match (step.done_at, step.not_yet_at) {
                    (Some(_), _) => (chip("good", "Met")),
                    (None, Some(_)) => (chip("warn", "Not yet")),
                    (None, None) if step.is_late(cx.today()) => (chip("bad", "To be looked at")),
                    (None, None) => (chip("line", "Open")),
                }
                (menu(cx, step, &here, marks, keeps))
            }
        }
    }
}

fn verdict_buttons(cx: &Cx, step: &Step, here: &str) -> Markup {
    html! {
        div.row {
            form method="post" action={ (here) "/assessment" } {
                (token(cx)) input type="hidden" name="verdict" value="met";
                button.button.small aria-label={ "Met: " (step.title) } { (icon("check")) "Met" }
            }
            a.button.quiet.small href=(here) aria-label={ "Not yet, or with a note: " (step.title) } { "Not yet, or with a note" }
        }
    }
}
