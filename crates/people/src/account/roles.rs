use super::{end_all_access, refuse_last_owner, session::require_proof};
use crate::person;
use kernel::{Actor, Error, Id, Method::Put, Operation, Person, Result, Role, Roles, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Whether the actor may turn the roles of someone from the old ones into the new ones. An admin gives all but the
/// owner's and takes none from an owner; a people partner brings in members and guests.
pub(super) fn may_give(actor: &Actor, old: Roles, new: Roles) -> bool {
    let mut touched = old.iter().chain(new.iter());
    match () {
        () if actor.is_system() || actor.is(Role::Owner) => true,
        () if actor.is(Role::Admin) => !touched.any(|role| role == Role::Owner),
        () => actor.is(Role::PeoplePartner) && touched.all(|role| matches!(role, Role::Member | Role::Guest)),
    }
}

/// Whether the actor may look after the account of someone with these roles: never of one who may do more.
pub(crate) fn looks_after(actor: &Actor, theirs: Roles) -> bool {
    match () {
        () if actor.is_system() || actor.is(Role::Owner) => true,
        () if actor.is(Role::Admin) => !theirs.has(Role::Owner),
        () => actor.is(Role::PeoplePartner) && !theirs.has(Role::Owner) && !theirs.has(Role::Admin),
    }
}

/// Refuses roles that do not go together.
pub(super) fn check(roles: Roles) -> Result<()> {
    match () {
        () if roles.has(Role::Guest) == roles.has(Role::Member) => {
            Err(Error::invalid("roles", "Choose either member or guest stakeholder."))
        }
        () if roles.has(Role::Guest) && roles.iter().count() > 1 => {
            Err(Error::invalid("roles", "A guest stakeholder has no other role."))
        }
        () => Ok(()),
    }
}

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
        require_proof(tx).await?;
        let select = sql!("select roles from accounts where workspace_id = $1 and person_id = $2");
        let roles: String = tx.one(select, args![tx.workspace(), self.person]).await?;
        Ok((roles.parse()?, self.roles.iter().copied().collect()))
    }

    fn allows(actor: &Actor, (old, new): &(Roles, Roles)) -> bool {
        (actor.is_system() || actor.runs_workspace()) && may_give(actor, *old, *new)
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, new): (Roles, Roles)) -> Result<()> {
        check(new)?;
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
