use super::{Editing, ShowTemplate, Template, add::fields, changed, place};
use kernel::{
    Actor, Error, Id,
    Method::Patch,
    Operation, Result, Route, Tx, args, sql,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html, token};

/// Change what a template is called and what it says of itself. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTemplate {
    pub template: Id<Template>,
    pub name: Option<Name>,
    pub about: Option<Markdown>,
}

impl Operation for EditTemplate {
    const NAME: &str = "onboarding_template.edit";
    const ROUTE: Route = Route(Patch, "/onboarding/templates/{template}");
    type Target = Editing;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Editing { template: old, .. }: Editing) -> Result<Template> {
        let name = self.name.as_deref().unwrap_or(&old.name);
        let about = self.about.as_deref().unwrap_or(&old.about);
        let update = sql!("update onboarding_templates set name = $3, about = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, name, about]).await?;
        changed(tx, old.id, "name");
        Template::visible(tx, old.id).await
    }
}

/// `GET /onboarding/templates/{template}/edit`
pub async fn form(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowTemplate>().await?;
    if !view.may_change {
        return Err(Error::Forbidden.into());
    }
    let state = Form::of([("name", view.template.name), ("about", view.template.about)]);
    Ok(cx.page("Edit the template", page(&cx, view.template.id, &state)))
}

/// `POST /onboarding/templates/{template}/edit`
pub async fn save(form: Submitted) -> Answer {
    let input = form.input::<ShowTemplate>()?;
    match form.submit::<EditTemplate>().await {
        Ok(template) => Ok(form.go(&place(template.id), Flash::says("Saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            Ok(form.again("Edit the template", page(&form.cx, input.template, &state)))
        }
    }
}

fn page(cx: &Cx, template: Id<Template>, form: &Form) -> Markup {
    let place = place(template);
    let crumbs = vec![("/onboarding/templates", "Templates"), (place.as_str(), "Template")];
    html! {
        (Head { crumbs, title: "Edit the template", ..Head::default() }.show())
        form.form method="post" action={ (place) "/edit" } data-guard novalidate {
            (token(cx)) (form.summary()) (fields(form))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(place) { "Cancel" }
            }
        }
    }
}
