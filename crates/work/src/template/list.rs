use super::{SELECT, Template, VISIBLE};
use crate::team::Kept;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The templates of a team, by name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTemplates {
    pub team: Id<Team>,
}

/// One template.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTemplate {
    pub template: Id<Template>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "IssueTemplateList")]
pub struct TemplateList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 200.
    pub templates: Vec<Template>,
    /// Whether the reader settles them.
    pub may_change: bool,
}

impl Operation for ListTemplates {
    const NAME: &str = "issue_template.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/issue-templates");
    const READS: bool = true;
    type Target = Kept;
    type Output = TemplateList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<TemplateList> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and x.team_id = $3 and x.deleted_at is null order by lower(x.name), x.id limit 200"
        );
        Ok(TemplateList {
            team_id: self.team,
            templates: tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?,
            may_change: kept.may_change(tx.actor()),
            team_name: kept.team.name,
        })
    }
}

impl Operation for ShowTemplate {
    const NAME: &str = "issue_template.show";
    const ROUTE: Route = Route(Get, "/issue-templates/{template}");
    const READS: bool = true;
    type Target = Template;
    type Output = Template;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Template> {
        Template::visible(tx, self.template, false).await
    }

    fn allows(actor: &Actor, _: &Template) -> bool {
        actor.belongs()
    }

    async fn run(&self, _: &mut Tx<'_>, template: Template) -> Result<Template> {
        Ok(template)
    }
}
