use super::{Phase, Plan, PlanView, ShowPlan, Step, place, settle};
use crate::onboarding::Kind;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Time, Tx, args, json, sql,
    text::Markdown,
    words,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, prose, token};

/// Say that a step is done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
    /// What came of it; everyone who sees the plan reads it. What stood there stays if left out.
    #[serde(default)]
    pub note: Option<Markdown>,
}

impl Operation for CompleteStep {
    const NAME: &str = "onboarding.complete_step";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/steps/{step}/done");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        of_kind(tx, self.plan, self.step, Kind::Step).await
    }

    fn allows(actor: &Actor, (plan, step): &Self::Target) -> bool {
        plan.is_marked_by(actor, step)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        let now = tx.now();
        mark(tx, &plan, &step, Mark { done_at: Some(now), not_yet_at: None }, self.note.as_deref()).await?;
        tx.record("onboarding.step_done", plan.id, json!({ "step": step.id }));
        settle(tx, &plan).await
    }
}

words! {
    /// What the manager says of an expectation.
    pub enum Verdict {
        Met = "met",
        NotYet = "not_yet",
    }
}

/// Say whether the newcomer meets an expectation. The newcomer reads it as soon as it is said.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessExpectation {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
    pub verdict: Verdict,
    /// On what it rests, or what is missing. Needed where an expectation is not met yet.
    #[serde(default)]
    pub note: Option<Markdown>,
}

impl Operation for AssessExpectation {
    const NAME: &str = "onboarding.assess";
    const ROUTE: Route = Route(Post, "/onboarding/{plan}/steps/{step}/assessment");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        of_kind(tx, self.plan, self.step, Kind::Expectation).await
    }

    fn allows(actor: &Actor, (plan, step): &Self::Target) -> bool {
        plan.is_marked_by(actor, step)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        let now = Some(tx.now());
        let silent = self.note.as_deref().is_none_or(|note| note.trim().is_empty());
        let verdict = match self.verdict {
            Verdict::NotYet if silent => {
                return Err(Error::invalid("note", "Write what is missing, so that it can be met."));
            }
            Verdict::NotYet => Mark { done_at: None, not_yet_at: now },
            Verdict::Met => Mark { done_at: now, not_yet_at: None },
        };
        mark(tx, &plan, &step, verdict, self.note.as_deref()).await?;
        tx.record("onboarding.assessed", plan.id, json!({ "step": step.id }));
        settle(tx, &plan).await
    }
}

/// Open a step again, or take back what was said of an expectation. Its note stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenStep {
    pub plan: Id<Plan>,
    pub step: Id<Step>,
}

impl Operation for ReopenStep {
    const NAME: &str = "onboarding.reopen_step";
    const ROUTE: Route = Route(Delete, "/onboarding/{plan}/steps/{step}/done");
    type Target = (Plan, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Plan::with_step(tx, self.plan, self.step).await
    }

    fn allows(actor: &Actor, (plan, step): &Self::Target) -> bool {
        plan.is_marked_by(actor, step)
    }

    async fn run(&self, tx: &mut Tx<'_>, (plan, step): Self::Target) -> Result<()> {
        plan.check_open()?;
        mark(tx, &plan, &step, Mark { done_at: None, not_yet_at: None }, None).await?;
        tx.record("onboarding.step_reopened", plan.id, json!({ "step": step.id }));
        settle(tx, &plan).await
    }
}

async fn of_kind(tx: &mut Tx<'_>, plan: Id<Plan>, step: Id<Step>, kind: Kind) -> Result<(Plan, Step)> {
    let found = Plan::with_step(tx, plan, step).await?;
    if found.1.kind == kind { Ok(found) } else { Err(Error::NotFound) }
}

struct Mark {
    done_at: Option<Time>,
    not_yet_at: Option<Time>,
}

/// Saves what was said of a step, by whom, and the note where one was written.
async fn mark(tx: &mut Tx<'_>, plan: &Plan, step: &Step, mark: Mark, note: Option<&str>) -> Result<()> {
    let said = mark.done_at.is_some() || mark.not_yet_at.is_some();
    let by = said.then(|| tx.me());
    let note = note.unwrap_or(&step.note);
    let update = sql!(
        "update onboarding_steps set done_at = $4, not_yet_at = $5, done_by = $6, note = $7
          where workspace_id = $1 and plan_id = $2 and id = $3 and removed_at is null"
    );
    let workspace = tx.workspace();
    let marked = tx.run(update, args![workspace, plan.id, step.id, mark.done_at, mark.not_yet_at, by, note]).await?;
    if marked > 0 { Ok(()) } else { Err(Error::NotFound) }
}

/// `GET /onboarding/{plan}/steps/{step}`
pub async fn form(cx: Cx) -> Answer {
    let (view, step) = PlanView::with_step(&cx).await?;
    if !view.plan.is_marked_by(cx.actor(), &step) {
        return Err(Error::Forbidden.into());
    }
    let state = Form::of([("note", step.note.clone())]);
    Ok(cx.page(&step.title, page(&cx, &view.plan, &view.phases, &step, &state)))
}

/// `POST /onboarding/{plan}/steps/{step}/done`
pub async fn done(form: Submitted) -> Answer {
    marked::<CompleteStep>(&form, "Done.").await
}

/// `POST /onboarding/{plan}/steps/{step}/assessment`
pub async fn assess(form: Submitted) -> Answer {
    let said =
        if form.text("verdict") == Verdict::Met.word() { "The expectation is met." } else { "Said, with the reason." };
    marked::<AssessExpectation>(&form, said).await
}

async fn marked<O: Operation<Output = ()>>(form: &Submitted, said: &str) -> Answer {
    let ReopenStep { plan, step } = form.input()?;
    let here = format!("{}/steps/{step}", place(plan));
    match form.submit::<O>().await {
        Ok(()) => Ok(form.go(&place(plan), Flash::says(said).undo(format!("{here}/reopen")))),
        Err(error) => {
            let state = form.refused(error)?;
            let (view, step) = PlanView::with_step(&form.cx).await?;
            Ok(form.again(&step.title, page(&form.cx, &view.plan, &view.phases, &step, &state)))
        }
    }
}

/// `POST /onboarding/{plan}/steps/{step}/reopen`
pub async fn reopen(form: Submitted) -> Answer {
    let ShowPlan { plan } = form.input()?;
    form.submit::<ReopenStep>().await?;
    Ok(form.go(&place(plan), Flash::says("It is open again.")))
}

fn page(cx: &Cx, plan: &Plan, phases: &[Phase], step: &Step, form: &Form) -> Markup {
    let place = place(plan.id);
    let crumbs = vec![("/onboarding", "Onboarding"), (place.as_str(), plan.person_name.as_str())];
    let phase = phases.iter().find(|phase| phase.day == step.phase).map_or("", |phase| &phase.name);
    let here = format!("{place}/steps/{}", step.id);
    let action = if step.kind == Kind::Step { "done" } else { "assessment" };
    html! {
        (Head { crumbs, title: &step.title, lead: phase, ..Head::default() }.show())
        @if !step.body.is_empty() { div.prose.compact { (prose(&step.body)) } }
        form.form method="post" action={ (here) "/" (action) } data-guard novalidate {
            (token(cx)) (form.summary())
            @if step.kind == Kind::Step {
                (form.area("note", "Note", "What came of it. Everyone who sees the plan reads it.", 4))
            } @else {
                (form.area("note", "Note", "On what it rests, or what is missing. The newcomer reads it.", 4))
            }
            footer.form-foot {
                @if step.kind == Kind::Step {
                    button.button.primary data-key="mod+enter" { "Done" }
                } @else {
                    button.button.primary name="verdict" value="met" { "Met" }
                    button.button name="verdict" value="not_yet" { "Not yet" }
                }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}
