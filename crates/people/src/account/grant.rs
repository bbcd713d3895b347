use super::{open, roles::check};
use crate::person;
use kernel::{Actor, Id, Method::Put, Operation, Person, Result, Role, Roles, Route, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

/// Gives a person an account without an invitation. Only for Cairn itself, as it builds a company; no door lists it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantAccount {
    pub person: Id<Person>,
    /// Either member, with further roles or none, or guest stakeholder.
    pub roles: Vec<Role>,
}

impl Operation for GrantAccount {
    const NAME: &str = "account.grant";
    const ROUTE: Route = Route(Put, "/people/{person}/account");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        person::Record::visible(tx, self.person).await?;
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let roles: Roles = self.roles.iter().copied().collect();
        check(roles)?;
        open(tx, self.person, roles).await
    }
}
