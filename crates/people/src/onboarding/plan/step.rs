use super::{Phase, Plan, PlanView, ShowPlan, Step, place, settle};
use crate::onboarding::{
    Direction, Kind, Owner,
    order::{Place, moved},
    template::{kinds, owners},
};
use jiff::civil::Date;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Patch, Post},
    Operation, Result, Route, Tx, args, json, sql,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Add a step or an expectation to a plan, at the end of its phase.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddStep {
    pub plan: Id<Plan>,
    /// The day of its phase.
    pub phase: i64,
    /// A step if left out.
    #[serde(default)]
    pub kind: Option<Kind>,
    pub title: Name<300>,
    #[serde(default)]
    pub body: Markdown,
    /// Who does it; the newcomer if left out. What is expected is always looked at by the manager.
    #[serde(default)]
    pub owner: Option<Owner>,
    /// The day on which it is due, which stays when the plan moves. The end of the phase, moving with it, if left out.
    #[serde(default)]
    pub due_on: Option<Date>,
}

impl Operation for AddStep {
    const NAME: &str = "onboarding.add_step";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/steps");
    type Target = Plan;
    type Output = Id<Step>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Plan> {
        Plan::visible(tx, self.plan).await
    }

    fn allows(actor: &Actor, plan: &Plan) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, plan: Plan) -> Result<Id<Step>> {
        plan.check_open()?;
        let phase = phase(tx, plan.id, self.phase).await?;
        let last = sql!("select coalesce(max(rank), 0) from onboarding_steps where workspace_id = $1 and plan_id = $2");
        let last: i64 = tx.one(last, args![tx.workspace(), plan.id]).await?;
        let kind = self.kind.unwrap_or(Kind::Step);
        let owner = owner(kind, self.owner.unwrap_or(Owner::Newcomer));
        let (due_day, due_on) = match self.due_on {
            None => (Some(phase.day), phase.ends_on),
            Some(date) => (None, date),
        };
        let id: Id<Step> = tx.id();
        let insert = sql!(
            "insert into onboarding_steps
               (workspace_id, id, plan_id, phase, kind, rank, title, body, owner, due_day, due_on)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let (title, body, rank) = (&self.title, &self.body, last + 1);
        tx.run(insert, args![tx.workspace(), id, plan.id, phase.day, kind, rank, title, body, owner, due_day, due_on])
            .await?;
        tx.record("onboarding.step_added", plan.id, json!({ "step": id }));
        settle(tx, &plan).await?;
        Ok(id)
    }
}

/// What is expected is looked at by the manager, whoever was named.
fn owner(kind: Kind, owner: Owner) -> Owner {
    if kind == Kind::Expectation { Owner::Manager } else { owner }
}

async fn phase(tx: &mut Tx<'_>, plan: Id<Plan>, day: i64) -> Result<Phase> {
    let found = Plan::phases(tx, plan).await?.into_iter().find(|phase| phase.day == day);
    found
        .ok_or_else(|| Error::invalid("phase", "This plan has no phase that ends on this day. Choose one that it has."))
}

/// Change a step of a plan. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
    pub phase: Option<i64>,
    pub title: Option<Name<300>>,
    pub body: Option<Markdown>,
    pub owner: Option<Owner>,
    /// The day on which it is due, which stays when the plan moves.
    pub due_on: Option<Date>,
}

impl Operation for EditStep {
    const NAME: &str = "onboarding.edit_step";
    const ROUTE: Route = Route(Patch, "/onboarding/{plan}/steps/{step}");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Plan::with_step(tx, self.plan, self.step).await
    }

    fn allows(actor: &Actor, (plan, _): &Self::Target) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, old): Self::Target) -> Result<()> {
        plan.check_open()?;
        let phase = phase(tx, plan.id, self.phase.unwrap_or(old.phase)).await?;
        let due_on = self.due_on.unwrap_or(old.due_on);
        let due_day = old.due_day.filter(|_| due_on == old.due_on);
        let owner = owner(old.kind, self.owner.unwrap_or(old.owner));
        let title = self.title.as_deref().unwrap_or(&old.title);
        let body = self.body.as_deref().unwrap_or(&old.body);
        let update = sql!(
            "update onboarding_steps set phase = $4, title = $5, body = $6, owner = $7, due_day = $8, due_on = $9
              where workspace_id = $1 and plan_id = $2 and id = $3"
        );
        tx.run(update, args![tx.workspace(), plan.id, old.id, phase.day, title, body, owner, due_day, due_on]).await?;
        tx.record("onboarding.step_changed", plan.id, json!({ "step": old.id }));
        Ok(())
    }
}

/// Move a step of a plan by one place, over the edge of its phase too. Its date stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
    pub direction: Direction,
}

impl Operation for MoveStep {
    const NAME: &str = "onboarding.move_step";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/steps/{step}/moves");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Plan::with_step(tx, self.plan, self.step).await
    }

    fn allows(actor: &Actor, (plan, _): &Self::Target) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        let phases: Vec<i64> = Plan::phases(tx, plan.id).await?.iter().map(|phase| phase.day).collect();
        let steps = Plan::steps(tx, plan.id).await?;
        let places = steps.iter().map(|step| Place { id: step.id, phase: step.phase, rank: step.rank }).collect();
        let update = sql!(
            "update onboarding_steps set phase = $4, rank = $5 where workspace_id = $1 and plan_id = $2 and id = $3"
        );
        for place in moved(places, &phases, step.id, self.direction) {
            tx.run(update, args![tx.workspace(), plan.id, place.id, place.phase, place.rank]).await?;
        }
        tx.record("onboarding.step_changed", plan.id, json!({ "step": step.id }));
        Ok(())
    }
}

/// Remove a step from a plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
}

impl Operation for RemoveStep {
    const NAME: &str = "onboarding.remove_step";
    const ROUTE: Route = Route(Delete, "/onboarding/{plan}/steps/{step}");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Plan::with_step(tx, self.plan, self.step).await
    }

    fn allows(actor: &Actor, (plan, _): &Self::Target) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        let update = sql!(
            "update onboarding_steps set removed_at = $4
              where workspace_id = $1 and plan_id = $2 and id = $3 and removed_at is null"
        );
        tx.run(update, args![tx.workspace(), plan.id, step.id, tx.now()]).await?;
        tx.record("onboarding.step_removed", plan.id, json!({ "step": step.id }));
        settle(tx, &plan).await
    }
}

/// Put a removed step back into its plan.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
}

impl Operation for RestoreStep {
    const NAME: &str = "onboarding.restore_step";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/steps/{step}/restoration");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Plan::with_step(tx, self.plan, self.step).await
    }

    fn allows(actor: &Actor, (plan, _): &Self::Target) -> bool {
        plan.is_kept_by(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        let update =
            sql!("update onboarding_steps set removed_at = null where workspace_id = $1 and plan_id = $2 and id = $3");
        tx.run(update, args![tx.workspace(), plan.id, step.id]).await?;
        tx.record("onboarding.step_added", plan.id, json!({ "step": step.id }));
        settle(tx, &plan).await
    }
}

/// `GET /onboarding/{plan}/steps/new`
pub async fn new(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowPlan>().await?;
    if !view.plan.is_kept_by(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let state = Form::of([("phase", cx.text("phase").to_owned())]);
    Ok(cx.page("Add a step", page(&cx, &view.plan, &view.phases, None, &state)))
}

/// `POST /onboarding/{plan}/steps/new`
pub async fn add(form: Submitted) -> Answer {
    let ShowPlan { plan } = form.input()?;
    match form.submit::<AddStep>().await {
        Ok(step) => {
            let undo = format!("{}/steps/{step}/remove", place(plan));
            Ok(form.go(&format!("{}#step-{step}", place(plan)), Flash::says("The step is added.").undo(undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read(ShowPlan { plan }).await?;
            Ok(form.again("Add a step", page(&form.cx, &view.plan, &view.phases, None, &state)))
        }
    }
}

/// `GET /onboarding/{plan}/steps/{step}/edit`
pub async fn form(cx: Cx) -> Answer {
    let (view, step) = PlanView::with_step(&cx).await?;
    if !view.plan.is_kept_by(cx.actor()) {
        return Err(Error::Forbidden.into());
    }
    let state = Form::of([
        ("phase", step.phase.to_string()),
        ("title", step.title.clone()),
        ("body", step.body.clone()),
        ("owner", step.owner.word().to_owned()),
        ("due_on", step.due_on.to_string()),
    ]);
    Ok(cx.page("Edit the step", page(&cx, &view.plan, &view.phases, Some(&step), &state)))
}

/// `POST /onboarding/{plan}/steps/{step}/edit`
pub async fn save(form: Submitted) -> Answer {
    let RemoveStep { plan, step } = form.input()?;
    match form.submit::<EditStep>().await {
        Ok(()) => Ok(form.go(&format!("{}#step-{step}", place(plan)), Flash::says("The step is saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let (view, step) = PlanView::with_step(&form.cx).await?;
            Ok(form.again("Edit the step", page(&form.cx, &view.plan, &view.phases, Some(&step), &state)))
        }
    }
}

/// `POST /onboarding/{plan}/steps/{step}/move`
pub async fn shift(form: Submitted) -> Answer {
    let RemoveStep { plan, step } = form.input()?;
    form.submit::<MoveStep>().await?;
    Ok(form.go(&format!("{}#step-{step}", place(plan)), Flash::says("The step has moved.")))
}

/// `POST /onboarding/{plan}/steps/{step}/remove`
pub async fn remove(form: Submitted) -> Answer {
    let RemoveStep { plan, step } = form.input()?;
    form.submit::<RemoveStep>().await?;
    let undo = format!("{}/steps/{step}/restore", place(plan));
    Ok(form.go(&place(plan), Flash::says("The step is removed.").undo(undo)))
}

/// `POST /onboarding/{plan}/steps/{step}/restore`
pub async fn restore(form: Submitted) -> Answer {
    let ShowPlan { plan } = form.input()?;
    form.submit::<RestoreStep>().await?;
    Ok(form.go(&place(plan), Flash::says("The step is back.")))
}

fn page(cx: &Cx, plan: &Plan, phases: &[Phase], step: Option<&Step>, form: &Form) -> Markup {
    let place = place(plan.id);
    let crumbs = vec![("/onboarding", "Onboarding"), (place.as_str(), plan.person_name.as_str())];
    let (title, action) = match step {
        None => ("Add a step", format!("{place}/steps/new")),
        Some(step) => ("Edit the step", format!("{place}/steps/{}/edit", step.id)),
    };
    let phases: Vec<_> = phases.iter().map(|phase| (phase.day.to_string(), phase.name.clone())).collect();
    let hint = "A date of its own stays when the first day moves. The end of the phase if left empty.";
    html! {
        (Head { crumbs, title, ..Head::default() }.show())
        form.form method="post" action=(action) data-guard novalidate {
            (token(cx)) (form.summary())
            @if step.is_none() { (kinds(form)) }
            (form.text("title", "What", "One thing that can be done, or that can be seen to be so."))
            (form.area("body", "More about it", "How it is done, and where to look.", 4))
            div.field-row {
                (form.select("phase", "Phase", "", None, &phases))
                @if step.is_none_or(|step| step.kind == Kind::Step) { (owners(form)) }
                (form.input("date", "due_on", "Due", hint, true))
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}
