//! Signing in, switched off and on again for one person. All that they wrote and did stays.
use super::{ledger, refuse_last_owner, roles::looks_after, shut_out};
use crate::person;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Person, Result, Roles, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;

pub struct Account {
    roles: String,
    disabled_at: Option<Time>,
}
columns!(Account { roles, disabled_at });

impl Account {
    async fn of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<(Account, Roles)> {
        person::Record::visible(tx, person).await?;
        let select = sql!("select roles, disabled_at from accounts where workspace_id = $1 and person_id = $2");
        let account: Account = tx.one(select, args![tx.workspace(), person]).await?;
        let roles = account.roles.parse()?;
        Ok((account, roles))
    }
}

/// Keep a person from signing in: their sessions, tokens and links end at once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableAccount {
    pub person: Id<Person>,
}

impl Operation for DisableAccount {
    const NAME: &str = "account.disable";
    const ROUTE: Route = Route(Post, "/people/{person}/account/disabling");
    const SESSION_ONLY: bool = true;
    type Target = (Account, Roles);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Account::of(tx, self.person).await
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (account, _): Self::Target) -> Result<()> {
        if self.person == tx.me() {
            return Err(Error::conflict("You cannot disable your own account. Ask another owner or admin."));
        }
        refuse_last_owner(tx, self.person).await?;
        if account.disabled_at.is_none() {
            let update = sql!("update accounts set disabled_at = $3 where workspace_id = $1 and person_id = $2");
            tx.run(update, args![tx.workspace(), self.person, tx.now()]).await?;
            shut_out(tx, self.person).await?;
            tx.record("account.disabled", self.person, json!({}));
        }
        Ok(())
    }
}

/// Let a person sign in again, with the password they had.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableAccount {
    pub person: Id<Person>,
}

impl Operation for EnableAccount {
    const NAME: &str = "account.enable";
    const ROUTE: Route = Route(Delete, "/people/{person}/account/disabling");
    const SESSION_ONLY: bool = true;
    type Target = (Account, Roles);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Account::of(tx, self.person).await
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (account, _): Self::Target) -> Result<()> {
        if account.disabled_at.is_some() {
            let update = sql!("update accounts set disabled_at = null where workspace_id = $1 and person_id = $2");
            tx.run(update, args![tx.workspace(), self.person]).await?;
            ledger::note(tx, self.person);
            tx.record("account.enabled", self.person, json!({}));
        }
        Ok(())
    }
}
