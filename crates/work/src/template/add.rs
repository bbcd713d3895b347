use super::{Content, Template, topic};
use crate::team::{Kept, Work};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::Name,
};
use people::person::folded;
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a template of issues of a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTemplate {
    pub team: Id<Team>,
    pub name: Name<120>,
    #[serde(default)]
    pub content: Content,
}

/// Change a template. Issues that were made of it stay as they are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditTemplate {
    pub template: Id<Template>,
    pub name: Option<Name<120>>,
    /// All that an issue begins with.
    pub content: Option<Content>,
}

/// Delete a template. What recurs by it rests until it is brought back.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeleteTemplate {
    pub template: Id<Template>,
}

/// Bring a template back that was deleted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreTemplate {
    pub template: Id<Template>,
}

impl Operation for AddTemplate {
    const NAME: &str = "issue_template.add";
    const ROUTE: Route = Route(Post, "/teams/{team}/issue-templates");
    type Target = Kept;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        self.content.look_up(tx).await?;
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Template> {
        Work::begun(tx, self.team, &kept.team.name).await?;
        self.content.check(tx, self.team).await?;
        let (id, me, now): (Id<Template>, _, _) = (tx.id(), tx.me(), tx.now());
        let content = serde_json::to_string(&self.content).map_err(Error::internal)?;
        let unique = unique_name(self.team, &self.name);
        let insert = sql!(
            "insert into issue_templates (workspace_id, id, team_id, name, unique_name, content, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let workspace = tx.workspace();
        tx.run(insert, args![workspace, id, self.team, self.name, unique, content, me, now]).await.map_err(taken)?;
        tell(tx, "issue_template.added", id, self.team, &self.name);
        Ok(Template::kept(tx, id).await?.0)
    }
}

impl Operation for EditTemplate {
    const NAME: &str = "issue_template.edit";
    const ROUTE: Route = Route(Patch, "/issue-templates/{template}");
    type Target = (Template, Kept);
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        if let Some(content) = &self.content {
            content.look_up(tx).await?;
        }
        Template::kept(tx, self.template).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Template> {
        let (name, content) =
            (self.name.as_deref().unwrap_or(&old.name), self.content.as_ref().unwrap_or(&old.content));
        content.check(tx, old.team_id).await?;
        let text = serde_json::to_string(content).map_err(Error::internal)?;
        let update = sql!(
            "update issue_templates set name = $3, unique_name = $4, content = $5 where workspace_id = $1 and id = $2"
        );
        let unique = unique_name(old.team_id, name);
        tx.run(update, args![tx.workspace(), old.id, name, unique, text]).await.map_err(taken)?;
        tell(tx, "issue_template.changed", old.id, old.team_id, name);
        Ok(Template::kept(tx, old.id).await?.0)
    }
}

impl Operation for DeleteTemplate {
    const NAME: &str = "issue_template.delete";
    const ROUTE: Route = Route(Post, "/issue-templates/{template}/deletion");
    type Target = (Template, Kept);
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Template::kept(tx, self.template).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Template> {
        // Its name is free from now on.
        let update =
            sql!("update issue_templates set deleted_at = $3, unique_name = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, tx.now(), format!("deleted:{}", old.id)]).await?;
        tell(tx, "issue_template.deleted", old.id, old.team_id, &old.name);
        Ok(old)
    }
}

impl Operation for RestoreTemplate {
    const NAME: &str = "issue_template.restore";
    const ROUTE: Route = Route(Post, "/issue-templates/{template}/restoration");
    type Target = (Template, Kept);
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Template::kept(tx, self.template).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, _): Self::Target) -> Result<Template> {
        let update =
            sql!("update issue_templates set deleted_at = null, unique_name = $3 where workspace_id = $1 and id = $2");
        let unique = unique_name(old.team_id, &old.name);
        tx.run(update, args![tx.workspace(), old.id, unique]).await.map_err(taken)?;
        tell(tx, "issue_template.restored", old.id, old.team_id, &old.name);
        Ok(Template::kept(tx, old.id).await?.0)
    }
}

fn unique_name(team: Id<Team>, name: &str) -> String {
    format!("{team}:{}", folded(name))
}

fn taken(error: Error) -> Error {
    let constraint = "issue_templates_workspace_id_unique_name_key";
    error.when_field(constraint, "name", "This team has a template with this name already.")
}

fn tell(tx: &mut Tx<'_>, verb: &'static str, id: Id<Template>, team: Id<Team>, name: &str) {
    tx.record(verb, id, json!({ "name": name }));
    tx.touch(topic(team));
}
