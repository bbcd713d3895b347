use super::{Editing, ShowTemplate, Template, changed, place};
use crate::onboarding::check_day;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Patch, Post},
    Operation, Result, Route, Tx, args, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Add a phase to a template.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPhase {
    pub template: Id<Template>,
    pub name: Name<60>,
    /// The working day of the newcomer with which it ends; the first one is 0.
    pub day: i64,
}

impl Operation for AddPhase {
    const NAME: &str = "onboarding_template.add_phase";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/phases");
    type Target = Editing;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Editing) -> Result<()> {
        check_day("day", self.day, 0)?;
        insert(tx, self.template, self.day, &self.name).await?;
        changed(tx, self.template, "phases");
        Ok(())
    }
}

pub(super) async fn insert(tx: &mut Tx<'_>, template: Id<Template>, day: i64, name: &str) -> Result<()> {
    let insert = sql!(
        "insert into onboarding_template_phases (workspace_id, template_id, day, name) values ($1, $2, $3, $4)
         on conflict (workspace_id, template_id, day) do nothing"
    );
    match tx.run(insert, args![tx.workspace(), template, day, name]).await? {
        0 => Err(Error::invalid("day", "Another phase ends on this day. Choose a different one.")),
        _ => Ok(()),
    }
}

/// Change the name of a phase, or the day with which it ends. What is left out stays; its steps go with it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditPhase {
    pub template: Id<Template>,
    /// The day with which it ends now.
    pub day: i64,
    pub name: Option<Name<60>>,
    pub new_day: Option<i64>,
}

impl Operation for EditPhase {
    const NAME: &str = "onboarding_template.edit_phase";
    const ROUTE: Route = Route(Patch, "/onboarding/templates/{template}/phases/{day}");
    /// The template, and the name of the phase.
    type Target = (Editing, String);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        found(tx, self.template, self.day).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, old_name): Self::Target) -> Result<()> {
        let day = self.new_day.unwrap_or(self.day);
        check_day("new_day", day, 0)?;
        delete(tx, self.template, self.day).await?;
        let taken = |error| match error {
            Error::Invalid(_) => Error::invalid("new_day", "Another phase ends on this day. Choose a different one."),
            other => other,
        };
        let name = self.name.as_deref().unwrap_or(&old_name);
        insert(tx, self.template, day, name).await.map_err(taken)?;
        let steps = sql!(
            "update onboarding_template_steps set phase = $4
              where workspace_id = $1 and template_id = $2 and phase = $3"
        );
        tx.run(steps, args![tx.workspace(), self.template, self.day, day]).await?;
        changed(tx, self.template, "phases");
        Ok(())
    }
}

/// Remove a phase that holds no steps.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovePhase {
    pub template: Id<Template>,
    /// The day with which it ends.
    pub day: i64,
}

impl Operation for RemovePhase {
    const NAME: &str = "onboarding_template.remove_phase";
    const ROUTE: Route = Route(Delete, "/onboarding/templates/{template}/phases/{day}");
    type Target = (Editing, String);
    /// The name that it had.
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        found(tx, self.template, self.day).await
    }

    fn allows(actor: &Actor, (editing, _): &Self::Target) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (_, name): Self::Target) -> Result<String> {
        let steps = sql!(
            "select 1 from onboarding_template_steps
              where workspace_id = $1 and template_id = $2 and phase = $3 and removed_at is null limit 1"
        );
        if tx.exists(steps, args![tx.workspace(), self.template, self.day]).await? {
            return Err(Error::conflict(
                "There are steps in this phase. Move them to another one or remove them first.",
            ));
        }
        delete(tx, self.template, self.day).await?;
        changed(tx, self.template, "phases");
        Ok(name)
    }
}

async fn found(tx: &mut Tx<'_>, template: Id<Template>, day: i64) -> Result<(Editing, String)> {
    let editing = Editing::of(tx, template).await?;
    let name =
        sql!("select name from onboarding_template_phases where workspace_id = $1 and template_id = $2 and day = $3");
    Ok((editing, tx.one(name, args![tx.workspace(), template, day]).await?))
}

async fn delete(tx: &mut Tx<'_>, template: Id<Template>, day: i64) -> Result<()> {
    let delete =
        sql!("delete from onboarding_template_phases where workspace_id = $1 and template_id = $2 and day = $3");
    tx.run(delete, args![tx.workspace(), template, day]).await?;
    Ok(())
}

/// `GET /onboarding/templates/{template}/phases/new`
pub async fn new(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    Ok(cx.page("Add a phase", page(&cx, view.template.id, None, &Form::default())))
}

/// `POST /onboarding/templates/{template}/phases/new`
pub async fn add(form: Submitted) -> Answer {
    let template = form.input::<ShowTemplate>()?.template;
    match form.submit::<AddPhase>().await {
        Ok(()) => Ok(form.go(&place(template), Flash::says("The phase is added."))),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Add a phase", page(&form.cx, template, None, &state)))
        }
    }
}

/// `GET /onboarding/templates/{template}/phases/{day}/edit`
pub async fn form(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    let phase = view.phases.iter().find(|phase| phase.day.to_string() == cx.text("day")).ok_or(Error::NotFound)?;
    let state = Form::of([("name", phase.name.clone()), ("new_day", phase.day.to_string())]);
    Ok(cx.page("Edit the phase", page(&cx, view.template.id, Some(phase.day), &state)))
}

/// `POST /onboarding/templates/{template}/phases/{day}/edit`
pub async fn save(form: Submitted) -> Answer {
    let edit = match form.submit::<EditPhase>().await {
        Ok(()) => None,
        Err(error) => Some(form.refused(error)?),
    };
    let RemovePhase { template, day } = form.input()?;
    match edit {
        None => Ok(form.go(&place(template), Flash::says("The phase is saved."))),
        Some(state) => Ok(form.again("Edit the phase", page(&form.cx, template, Some(day), &state))),
    }
}

/// `POST /onboarding/templates/{template}/phases/{day}/remove`
pub async fn remove(form: Submitted) -> Answer {
    let RemovePhase { template, day } = form.input()?;
    let name = form.submit::<RemovePhase>().await?;
    let undo: String = form_urlencoded::byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20");
    let undo = format!("{}/phases/{day}/restore/{undo}", place(template));
    Ok(form.go(&place(template), Flash::says(format!("{name} is removed.")).undo(undo)))
}

/// `POST /onboarding/templates/{template}/phases/{day}/restore/{name}`
pub async fn restore(form: Submitted) -> Answer {
    let template = form.input::<ShowTemplate>()?.template;
    form.submit::<AddPhase>().await?;
    Ok(form.go(&place(template), Flash::says("The phase is back.")))
}

fn page(cx: &Cx, template: Id<Template>, day: Option<i64>, form: &Form) -> Markup {
    let place = place(template);
    let crumbs = vec![("/onboarding/templates", "Templates"), (place.as_str(), "Template")];
    let (title, action, field) = match day {
        None => ("Add a phase", format!("{place}/phases/new"), "day"),
        Some(day) => ("Edit the phase", format!("{place}/phases/{day}/edit"), "new_day"),
    };
    let hint = "Working days of the newcomer; the first one is 0. A week of five days ends with 4, a month with 21, two with 43, three with 64.";
    html! {
        (Head { crumbs, title, ..Head::default() }.show())
        form.form method="post" action=(action) data-guard novalidate {
            (token(cx)) (form.summary())
            (form.text("name", "Name", "Such as “First week”."))
            (form.input("number", field, "Ends with day", hint, false))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}
