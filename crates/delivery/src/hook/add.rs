use super::Hook;
use crate::{
    repository::{Repository, may_keep},
    sealed::WEBHOOK,
    source::System,
};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, sql, text::Name};
use people::{account::secret, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Open a door for the webhooks of a system. The answer is the only time that its secret is shown.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddHook {
    pub system: System,
    /// What it is for, such as the name of the organisation there.
    pub name: Name<120>,
    /// The repository to which all that comes belongs; else each says where it belongs.
    #[serde(default)]
    pub repository: Option<Id<Repository>>,
    /// The team whose incidents these are.
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

/// A door, and the secret that the other system is to be given.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Opened {
    pub id: Id<Hook>,
    pub system: System,
    pub secret: String,
}

impl Operation for AddHook {
    const NAME: &str = "hook.add";
    const ROUTE: Route = Route(Post, "/hooks");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Opened;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(repository) = self.repository {
            Repository::visible(tx, repository).await?;
        }
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Opened> {
        let (id, secret): (Id<Hook>, String) = (tx.id(), secret::fresh()?);
        let insert = sql!(
            "insert into hooks (workspace_id, id, system, name, secret, repository_id, team_id, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (sealed, now) = (WEBHOOK.seal(tx, id, &secret)?, tx.now());
        tx.run(insert, args![tx.workspace(), id, self.system, self.name, sealed, self.repository, self.team, now])
            .await?;
        tx.record("hook.added", id, json!({ "system": self.system }));
        Ok(Opened { id, system: self.system, secret })
    }
}
