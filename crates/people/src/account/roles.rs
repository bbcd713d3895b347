use super::{end_all_access, refuse_last_owner};
use crate::person;
use kernel::{Actor, Error, Id, Method::Put, Operation, Person, Result, Role, Roles, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say what a person with an account may do in the workspace. They sign in anew.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRoles {
    pub person: Id<Person>,
    pub roles: Vec<Role>,
}

impl Operation for SetRoles {
    const NAME: &str = "account.set_roles";
    const ROUTE: Route = Route(Put, "/people/{person}/roles");
    const SESSION_ONLY: bool = true;
    /// The roles that the person has, and those asked for.
    type Target = (Roles, Roles);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<(Roles, Roles)> {
        person::Record::visible(tx, self.person).await?;
        let select = sql!("select roles from accounts where workspace_id = $1 and person_id = $2");
        let roles: String = tx.one(select, args![tx.workspace(), self.person]).await?;
        Ok((roles.parse()?, self.roles.iter().copied().collect()))
    }

    /// An admin may give all roles but the owner's, and takes none from an owner.
    fn allows(actor: &Actor, (old, new): &(Roles, Roles)) -> bool {
        actor.is_system()
            || actor.is(Role::Owner)
            || (actor.is(Role::Admin) && !old.has(Role::Owner) && !new.has(Role::Owner))
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, new): (Roles, Roles)) -> Result<()> {
        if new.has(Role::Guest) == new.has(Role::Member) {
            return Err(Error::invalid("roles", "Choose either member or guest stakeholder."));
        }
        if new.has(Role::Guest) && new.iter().count() > 1 {
            return Err(Error::invalid("roles", "A guest stakeholder has no other role."));
        }
        if old.has(Role::Owner) && !new.has(Role::Owner) {
            refuse_last_owner(tx, self.person).await?;
        }
        if old != new {
            let update = sql!("update accounts set roles = $3 where workspace_id = $1 and person_id = $2");
            tx.run(update, args![tx.workspace(), self.person, new.to_string()]).await?;
            end_all_access(tx, self.person).await?;
            let names = |roles: Roles| roles.iter().map(Role::name).collect::<Vec<_>>();
            tx.record("account.roles_changed", self.person, json!({ "from": names(old), "to": names(new) }));
        }
        Ok(())
    }
}
