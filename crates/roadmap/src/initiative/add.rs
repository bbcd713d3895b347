use super::{Initiative, taken};
use crate::{period::Period, project::State};
use kernel::{
    Actor, Id,
    Method::Post,
    Operation, Person, Result, Route, Tx, args, json, sql,
    text::{Markdown, Name},
};
use people::person::{Record, folded};
use schemars::JsonSchema;
use serde::Deserialize;

/// Begin an initiative. A name suffices; projects are put into it one by one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddInitiative {
    pub name: Name<120>,
    /// Markdown.
    #[serde(default)]
    pub about: Markdown,
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// Planned, if left out.
    #[serde(default)]
    pub state: Option<State>,
    #[serde(default)]
    pub target: Option<Period>,
}

impl Operation for AddInitiative {
    const NAME: &str = "initiative.add";
    const ROUTE: Route = Route(Post, "/initiatives");
    type Target = ();
    type Output = Initiative;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(owner) = self.owner {
            Record::visible(tx, owner).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Initiative> {
        let id: Id<Initiative> = tx.id();
        let me = (!tx.actor().is_system()).then(|| tx.me());
        let insert = sql!(
            "insert into initiatives (workspace_id, id, name, unique_name, about, owner_id, state, target, target_on,
               created_at, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        );
        let (workspace, now, unique) = (tx.workspace(), tx.now(), folded(&self.name));
        let state = self.state.unwrap_or(State::Planned);
        let (target, target_on) = (self.target.map(|target| target.to_string()), self.target.map(Period::last));
        let values = args![workspace, id, self.name, unique, self.about, self.owner, state, target, target_on, now, me];
        tx.run(insert, values).await.map_err(taken)?;
        tx.record("initiative.added", id, json!({ "name": self.name }));
        Initiative::visible(tx, id).await
    }
}
