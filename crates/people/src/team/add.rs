use super::Record;
use crate::access::cares_for_people;
use kernel::{
    Actor, Id,
    Method::Post,
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Markdown, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddTeam {
    pub name: Name<80>,
    /// The team that this one is a part of.
    #[serde(default)]
    pub parent: Option<Id<Team>>,
    /// What the team is for, in one sentence.
    #[serde(default)]
    pub mission: Line<300>,
    #[serde(default)]
    pub about: Markdown,
    #[serde(default)]
    pub lead: Option<Id<Person>>,
}

impl Operation for AddTeam {
    const NAME: &str = "team.add";
    const ROUTE: Route = Route(Post, "/teams");
    /// Whether the actor leads the team above.
    type Target = bool;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        if let Some(lead) = self.lead {
            crate::person::Record::visible(tx, lead).await?;
        }
        let Some(parent) = self.parent else { return Ok(false) };
        Record::visible(tx, parent).await?;
        let me = tx.me();
        Record::is_led_by(tx, parent, me).await
    }

    fn allows(actor: &Actor, leads_parent: &bool) -> bool {
        *leads_parent || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<Record> {
        let id: Id<Team> = tx.id();
        let insert = sql!(
            "insert into teams (workspace_id, id, parent_id, name, mission, about, lead_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        tx.run(insert, args![workspace, id, self.parent, self.name, self.mission, self.about, self.lead, now]).await?;
        tx.record("team.added", id, json!({ "name": self.name }));
        Record::visible(tx, id).await
    }
}
