use super::{Editing, Template, place};
use kernel::{
    Actor, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Archive a template: no new plans are made from it, and those that run go on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveTemplate {
    pub template: Id<Template>,
}

impl Operation for ArchiveTemplate {
    const NAME: &str = "onboarding_template.archive";
    const ROUTE: Route = Route(Post, "/onboarding/templates/{template}/archive");
    type Target = Editing;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Editing { template, .. }: Editing) -> Result<Template> {
        if template.archived_at.is_none() {
            let update = sql!("update onboarding_templates set archived_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), template.id, tx.now()]).await?;
            tx.record("onboarding_template.archived", template.id, json!({}));
        }
        Template::visible(tx, template.id).await
    }
}

/// Bring an archived template back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreTemplate {
    pub template: Id<Template>,
}

impl Operation for RestoreTemplate {
    const NAME: &str = "onboarding_template.restore";
    const ROUTE: Route = Route(Delete, "/onboarding/templates/{template}/archive");
    type Target = Editing;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Editing> {
        Editing::of(tx, self.template).await
    }

    fn allows(actor: &Actor, editing: &Editing) -> bool {
        editing.allowed(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Editing { template, .. }: Editing) -> Result<Template> {
        if template.archived_at.is_some() {
            let update = sql!("update onboarding_templates set archived_at = null where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), template.id]).await?;
            tx.record("onboarding_template.restored", template.id, json!({}));
        }
        Template::visible(tx, template.id).await
    }
}

/// `POST /onboarding/templates/{template}/archive`
pub async fn archive(form: Submitted) -> Answer {
    let template = form.submit::<ArchiveTemplate>().await?;
    let undo = format!("{}/restore", place(template.id));
    Ok(form.go("/onboarding/templates", Flash::says(format!("{} is archived.", template.name)).undo(undo)))
}

/// `POST /onboarding/templates/{template}/restore`
pub async fn restore(form: Submitted) -> Answer {
    let template = form.submit::<RestoreTemplate>().await?;
    Ok(form.go(&place(template.id), Flash::says(format!("{} is back.", template.name))))
}
