use super::{Editing, Phase, ShowTemplate, Step, Template, changed, check_phase, place};
use crate::onboarding::{
    Direction, EARLIEST, Kind, Owner, check_day,
    order::{Place, moved},
};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Patch, Post},
    Operation, Result, Route, Tx, args, sql,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Add a step or an expectation to a template, at the end of its phase.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTemplateStep {
    pub template: Id<Template>,
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
    /// The working day on which it is due: 0 is the newcomer's first one, and a negative one lies before it in the
    /// calendar of the owner. The day of the phase if left out.
    #[serde(default)]
    pub due_day: Option<i64>,
}

impl Operation for AddTemplateStep {
    const NAME: &str = "onboarding_template.add_step";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/steps");
    type Target = Editing;
    type Output = Id<Step>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Editing) -> Result<Id<Step>> {
        check_phase(tx, self.template, self.phase).await?;
        let last = sql!(
            "select coalesce(max(rank), 0) from onboarding_template_steps where workspace_id = $1 and template_id = $2"
        );
        let last: i64 = tx.one(last, args![tx.workspace(), self.template]).await?;
        let kind = self.kind.unwrap_or(Kind::Step);
        let step = Step {
            id: tx.id(),
            phase: self.phase,
            kind,
            rank: last + 1,
            title: self.title.to_string(),
            body: self.body.to_string(),
            owner: owner(kind, self.owner.unwrap_or(Owner::Newcomer)),
            due_day: self.due_day.unwrap_or(self.phase),
        };
        check_day("due_day", step.due_day, EARLIEST)?;
        let id = insert(tx, self.template, &step).await?;
        changed(tx, self.template, "steps");
        Ok(id)
    }
}

/// What is expected is looked at by the manager, whoever was named.
fn owner(kind: Kind, owner: Owner) -> Owner {
    if kind == Kind::Expectation { Owner::Manager } else { owner }
}

/// Saves a step under a new id.
pub(super) async fn insert(tx: &mut Tx<'_>, template: Id<Template>, step: &Step) -> Result<Id<Step>> {
    let id: Id<Step> = tx.id();
    let insert = sql!(
        "insert into onboarding_template_steps
           (workspace_id, id, template_id, phase, kind, rank, title, body, owner, due_day)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    tx.run(
        insert,
        args![
            tx.workspace(),
            id,
            template,
            step.phase,
            step.kind,
            step.rank,
            step.title,
            step.body,
            step.owner,
            step.due_day,
        ],
    )
    .await?;
    Ok(id)
}

/// Change a step of a template. What is left out stays; plans that run keep the step as it was.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTemplateStep {
    pub template: Id<Template>,
    pub step: Id<Step>,
    pub phase: Option<i64>,
    pub kind: Option<Kind>,
    pub title: Option<Name<300>>,
    pub body: Option<Markdown>,
    pub owner: Option<Owner>,
    pub due_day: Option<i64>,
}

impl Operation for EditTemplateStep {
    const NAME: &str = "onboarding_template.edit_step";
    const ROUTE: Route = Route(Patch, "/onboarding/templates/{template}/steps/{step}");
    type Target = (Editing, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Editing::with_step(tx, self.template, self.step).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, old): Self::Target) -> Result<()> {
        let phase = self.phase.unwrap_or(old.phase);
        check_phase(tx, self.template, phase).await?;
        let due_day = self.due_day.unwrap_or(old.due_day);
        check_day("due_day", due_day, EARLIEST)?;
        let kind = self.kind.unwrap_or(old.kind);
        let owner = owner(kind, self.owner.unwrap_or(old.owner));
        let title = self.title.as_deref().unwrap_or(&old.title);
        let body = self.body.as_deref().unwrap_or(&old.body);
        let update = sql!(
            "update onboarding_template_steps
                set phase = $4, kind = $5, title = $6, body = $7, owner = $8, due_day = $9
              where workspace_id = $1 and template_id = $2 and id = $3"
        );
        tx.run(update, args![tx.workspace(), self.template, self.step, phase, kind, title, body, owner, due_day])
            .await?;
        changed(tx, self.template, "steps");
        Ok(())
    }
}

/// Move a step of a template by one place, over the edge of its phase too.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveTemplateStep {
    pub template: Id<Template>,
    pub step: Id<Step>,
    pub direction: Direction,
}

impl Operation for MoveTemplateStep {
    const NAME: &str = "onboarding_template.move_step";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/steps/{step}/moves");
    type Target = (Editing, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Editing::with_step(tx, self.template, self.step).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Self::Target) -> Result<()> {
        let phases: Vec<i64> = Template::phases(tx, self.template).await?.iter().map(|phase| phase.day).collect();
        let steps = Template::steps(tx, self.template).await?;
        let places = steps.iter().map(|step| Place { id: step.id, phase: step.phase, rank: step.rank }).collect();
        let update = sql!(
            "update onboarding_template_steps set phase = $4, rank = $5
              where workspace_id = $1 and template_id = $2 and id = $3"
        );
        for place in moved(places, &phases, self.step, self.direction) {
            tx.run(update, args![tx.workspace(), self.template, place.id, place.phase, place.rank]).await?;
        }
        changed(tx, self.template, "steps");
        Ok(())
    }
}

/// Remove a step from a template. Plans that run keep it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveTemplateStep {
    pub template: Id<Template>,
    pub step: Id<Step>,
}

impl Operation for RemoveTemplateStep {
    const NAME: &str = "onboarding_template.remove_step";
    const ROUTE: Route = Route(Delete, "/onboarding/templates/{template}/steps/{step}");
    type Target = (Editing, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Editing::with_step(tx, self.template, self.step).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Self::Target) -> Result<()> {
        let update = sql!(
            "update onboarding_template_steps set removed_at = $4
              where workspace_id = $1 and template_id = $2 and id = $3 and removed_at is null"
        );
        tx.run(update, args![tx.workspace(), self.template, self.step, tx.now()]).await?;
        changed(tx, self.template, "steps");
        Ok(())
    }
}

/// Put a removed step back into its template.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreTemplateStep {
    pub template: Id<Template>,
    pub step: Id<Step>,
}

impl Operation for RestoreTemplateStep {
    const NAME: &str = "onboarding_template.restore_step";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/steps/{step}/restoration");
    type Target = (Editing, Step);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Editing::with_step(tx, self.template, self.step).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, step): Self::Target) -> Result<()> {
        check_phase(tx, self.template, step.phase).await?;
        let update = sql!(
            "update onboarding_template_steps set removed_at = null
              where workspace_id = $1 and template_id = $2 and id = $3"
        );
        tx.run(update, args![tx.workspace(), self.template, self.step]).await?;
        changed(tx, self.template, "steps");
        Ok(())
    }
}

/// `GET /onboarding/templates/{template}/steps/new`
pub async fn new(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    let phase = cx.text("phase").to_owned();
    let state = Form::of([("phase", phase.clone()), ("due_day", phase), ("kind", cx.text("kind").to_owned())]);
    Ok(cx.page("Add a step", page(&cx, &view.phases, view.template.id, None, &state)))
}

/// `POST /onboarding/templates/{template}/steps/new`
pub async fn add(form: Submitted) -> Answer {
    let template = form.input::<ShowTemplate>()?;
    match form.submit::<AddTemplateStep>().await {
        Ok(step) => {
            let undo = format!("{}/steps/{step}/remove", place(template.template));
            Ok(form
                .go(&format!("{}#step-{step}", place(template.template)), Flash::says("The step is added.").undo(undo)))
        }
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read(template).await?;
            Ok(form.again("Add a step", page(&form.cx, &view.phases, view.template.id, None, &state)))
        }
    }
}

/// `GET /onboarding/templates/{template}/steps/{step}/edit`
pub async fn form(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    let step = view.steps.iter().find(|step| step.id.as_str() == cx.text("step")).ok_or(Error::NotFound)?;
    let state = Form::of([
        ("phase", step.phase.to_string()),
        ("kind", step.kind.word().to_owned()),
        ("title", step.title.clone()),
        ("body", step.body.clone()),
        ("owner", step.owner.word().to_owned()),
        ("due_day", step.due_day.to_string()),
    ]);
    Ok(cx.page("Edit the step", page(&cx, &view.phases, view.template.id, Some(step.id), &state)))
}

/// `POST /onboarding/templates/{template}/steps/{step}/edit`
pub async fn save(form: Submitted) -> Answer {
    let RemoveTemplateStep { template, step } = form.input()?;
    match form.submit::<EditTemplateStep>().await {
        Ok(()) => Ok(form.go(&format!("{}#step-{step}", place(template)), Flash::says("The step is saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let view = form.cx.read(ShowTemplate { template }).await?;
            Ok(form.again("Edit the step", page(&form.cx, &view.phases, template, Some(step), &state)))
        }
    }
}

/// `POST /onboarding/templates/{template}/steps/{step}/move`
pub async fn shift(form: Submitted) -> Answer {
    let RemoveTemplateStep { template, step } = form.input()?;
    form.submit::<MoveTemplateStep>().await?;
    Ok(form.go(&format!("{}#step-{step}", place(template)), Flash::says("The step has moved.")))
}

/// `POST /onboarding/templates/{template}/steps/{step}/remove`
pub async fn remove(form: Submitted) -> Answer {
    let RemoveTemplateStep { template, step } = form.input()?;
    form.submit::<RemoveTemplateStep>().await?;
    let undo = format!("{}/steps/{step}/restore", place(template));
    Ok(form.go(&place(template), Flash::says("The step is removed.").undo(undo)))
}

/// `POST /onboarding/templates/{template}/steps/{step}/restore`
pub async fn restore(form: Submitted) -> Answer {
    let RemoveTemplateStep { template, .. } = form.input()?;
    form.submit::<RestoreTemplateStep>().await?;
    Ok(form.go(&place(template), Flash::says("The step is back.")))
}

fn page(cx: &Cx, phases: &[Phase], template: Id<Template>, step: Option<Id<Step>>, form: &Form) -> Markup {
    let place = place(template);
    let crumbs = vec![("/onboarding/templates", "Templates"), (place.as_str(), "Template")];
    let (title, action) = match step {
        None => ("Add a step", format!("{place}/steps/new")),
        Some(step) => ("Edit the step", format!("{place}/steps/{step}/edit")),
    };
    let phases: Vec<_> = phases.iter().map(|phase| (phase.day.to_string(), phase.name.clone())).collect();
    let hint = "Working days after the newcomer's first one, which is 0. A negative number is that many working days before it, in the calendar of whoever does it.";
    html! {
        (Head { crumbs, title, ..Head::default() }.show())
        form.form method="post" action=(action) data-guard novalidate {
            (token(cx)) (form.summary())
            (kinds(form)) (form.text("title", "What", "One thing that can be done, or that can be seen to be so."))
            (form.area("body", "More about it", "How it is done, and where to look.", 4))
            div.field-row {
                (form.select("phase", "Phase", "", None, &phases)) (owners(form))
                (form.input("number", "due_day", "Due on working day", hint, false))
            }
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}

pub(in crate::onboarding) fn kinds(form: &Form) -> Markup {
    let kinds = [("step", "A step to do"), ("expectation", "An expectation, looked at by the manager")];
    form.select("kind", "Kind", "", None, &kinds.map(|(word, label)| (word.to_owned(), label.to_owned())))
}

pub(in crate::onboarding) fn owners(form: &Form) -> Markup {
    let owners: Vec<_> = Owner::ALL.iter().map(|owner| (owner.word().to_owned(), owner.title().to_owned())).collect();
    form.select("owner", "Who does it", "", None, &owners)
}
