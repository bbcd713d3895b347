use super::{Initiative, taken};
use crate::{period::Period, project::State};
use kernel::{
    Actor, Change, Id,
    Method::Patch,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Markdown, Name},
};
use people::person::{Record, folded};
use schemars::JsonSchema;
use serde::Deserialize;

/// Change an initiative. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditInitiative {
    pub initiative: Id<Initiative>,
    pub name: Option<Name<120>>,
    pub about: Option<Markdown>,
    #[serde(default)]
    pub owner: Change<Id<Person>>,
    pub state: Option<State>,
    #[serde(default)]
    pub target: Change<Period>,
}

impl Operation for EditInitiative {
    const NAME: &str = "initiative.edit";
    const ROUTE: Route = Route(Patch, "/initiatives/{initiative}");
    type Target = Initiative;
    type Output = Initiative;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Initiative> {
        if let Change::Set(owner) = self.owner {
            Record::visible(tx, owner).await?;
        }
        Initiative::visible(tx, self.initiative).await
    }

    fn allows(actor: &Actor, initiative: &Initiative) -> bool {
        initiative.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, old: Initiative) -> Result<Initiative> {
        let update = sql!(
            "update initiatives set name = $3, unique_name = $4, about = coalesce($5, about), owner_id = $6, state = $7,
                    target = $8, target_on = $9
              where workspace_id = $1 and id = $2"
        );
        let name = self.name.as_deref().unwrap_or(&old.name);
        let (owner, state) = (self.owner.clone().apply(old.owner_id), self.state.unwrap_or(old.state));
        let target = self.target.clone().apply(old.target);
        let (written, target_on) = (target.map(|target| target.to_string()), target.map(Period::last));
        let (workspace, unique, about) = (tx.workspace(), folded(name), self.about.as_deref());
        let values = args![workspace, old.id, name, unique, about, owner, state, written, target_on];
        tx.run(update, values).await.map_err(taken)?;
        tx.record("initiative.changed", old.id, json!({}));
        Initiative::visible(tx, old.id).await
    }
}
