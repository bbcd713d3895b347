use super::{Editing, Template, place};
use crate::onboarding::{manages, prepares};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Result, Route, Tx, args, json, sql,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Write a template. It begins with four phases, which can be changed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTemplate {
    pub name: Name,
    #[serde(default)]
    pub about: Markdown,
}

/// The phases of a new template: a week, and one, two and three months, in working days of five a week.
const PHASES: [(i64, &str); 4] =
    [(4, "First week"), (21, "First 30 days"), (43, "First 60 days"), (64, "First 90 days")];

impl Operation for AddTemplate {
    const NAME: &str = "onboarding_template.add";
    const ROUTE: Route = Route(Post, "/onboarding/templates");
    /// Whether the actor manages someone.
    type Target = bool;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        manages(tx).await
    }

    fn allows(actor: &Actor, manages: &bool) -> bool {
        prepares(actor, *manages)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Template> {
        let id = insert(tx, &self.name, &self.about).await?;
        for (day, name) in PHASES {
            super::phase::insert(tx, id, day, name).await?;
        }
        Template::visible(tx, id).await
    }
}

async fn insert(tx: &mut Tx<'_>, name: &str, about: &str) -> Result<Id<Template>> {
    let id: Id<Template> = tx.id();
    let insert = sql!(
        "insert into onboarding_templates (workspace_id, id, name, about, created_at) values ($1, $2, $3, $4, $5)"
    );
    tx.run(insert, args![tx.workspace(), id, name, about, tx.now()]).await?;
    tx.record("onboarding_template.added", id, json!({}));
    Ok(id)
}

/// Begin a new template as a copy of another one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicateTemplate {
    pub template: Id<Template>,
    /// `Copy of` the other's name if left out.
    #[serde(default)]
    pub name: Option<Name>,
}

impl Operation for DuplicateTemplate {
    const NAME: &str = "onboarding_template.duplicate";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/copies");
    type Target = Editing;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, editing: Editing) -> Result<Template> {
        let copied: String = format!("Copy of {}", editing.template.name).chars().take(120).collect();
        let name = self.name.as_deref().unwrap_or(&copied);
        let id = insert(tx, name, &editing.template.about).await?;
        for phase in Template::phases(tx, self.template).await? {
            super::phase::insert(tx, id, phase.day, &phase.name).await?;
        }
        for step in Template::steps(tx, self.template).await? {
            super::step::insert(tx, id, &step).await?;
        }
        Template::visible(tx, id).await
    }
}

/// Whether the actor may write templates.
#[derive(Deserialize, JsonSchema)]
pub(super) struct MayPrepare {}

impl Operation for MayPrepare {
    const NAME: &str = "onboarding_template.may_prepare";
    const ROUTE: Route = Route(Get, "/onboarding/templates/rights");
    const READS: bool = true;
    type Target = ();
    type Output = bool;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<bool> {
        Ok(prepares(tx.actor(), manages(tx).await?))
    }
}

/// `GET /onboarding/templates/new`
pub async fn new(cx: Cx) -> Answer {
    if !cx.read(MayPrepare {}).await? {
        return Err(Error::Forbidden.into());
    }
    Ok(cx.page("Write a template", view(&cx, &Form::default())))
}

/// `POST /onboarding/templates/new`
pub async fn add(form: Submitted) -> Answer {
    match form.submit::<AddTemplate>().await {
        Ok(template) => {
            Ok(form.go(&place(template.id), Flash::says(format!("{} is ready for its steps.", template.name))))
        }
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Write a template", view(&form.cx, &state)))
        }
    }
}

/// `POST /onboarding/templates/{template}/duplicate`
pub async fn duplicate(form: Submitted) -> Answer {
    let copy = form.submit::<DuplicateTemplate>().await?;
    let undo = format!("{}/archive", place(copy.id));
    Ok(form.go(&place(copy.id), Flash::says("This is the copy. Give it a name of its own.").undo(undo)))
}

fn view(cx: &Cx, form: &Form) -> Markup {
    let crumbs = vec![("/onboarding", "Onboarding"), ("/onboarding/templates", "Templates")];
    html! {
        (Head { crumbs, title: "Write a template", ..Head::default() }.show())
        form.form method="post" action="/onboarding/templates/new" data-guard novalidate {
            (token(cx)) (form.summary()) (fields(form))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Add the template" }
                a.button.quiet href="/onboarding/templates" { "Cancel" }
            }
        }
    }
}

pub(super) fn fields(form: &Form) -> Markup {
    html! {
        (form.text("name", "Name", "For whom it is, such as “Engineer, first ninety days”."))
        (form.area("about", "About", "Whom it is for and what it aims at, in a sentence or two.", 4))
    }
}
