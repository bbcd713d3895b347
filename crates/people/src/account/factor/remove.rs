//! An account asks for the password alone again: its owner wants that, or has lost both the app and the codes.
use super::recovery;
use crate::{
    account::{
        end_all_access,
        letter::{Letter, workspace_name},
        roles::looks_after,
        roles_of,
        session::{require_proof, survive},
    },
    person,
};
use kernel::{Actor, Id, Method::Delete, Operation, Person, Result, Roles, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Remove the second factor of the actor's own account. It needs a session in which both were just entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFactor {}

impl Operation for RemoveFactor {
    const NAME: &str = "factor.remove";
    const ROUTE: Route = Route(Delete, "/me/second-factor");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let me = tx.me();
        if forget(tx, me).await? {
            survive(tx).await?;
        }
        Ok(())
    }
}

/// Remove the second factor of somebody who has lost it. All their access ends, and a letter tells them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFactorOf {
    pub person: Id<Person>,
}

impl Operation for RemoveFactorOf {
    const NAME: &str = "account.remove_second_factor";
    const ROUTE: Route = Route(Delete, "/people/{person}/second-factor");
    const SESSION_ONLY: bool = true;
    type Target = (person::Record, Roles);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let person = person::Record::visible(tx, self.person).await?;
        require_proof(tx).await?;
        Ok((person, roles_of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, _): Self::Target) -> Result<()> {
        if !forget(tx, person.id).await? {
            return Ok(());
        }
        end_all_access(tx, person.id).await?;
        let Some(email) = &person.email else { return Ok(()) };
        let letter = Letter {
            name: &person.name,
            text: "The second factor of your account was removed by somebody who looks after accounts. All your sessions and \
                   tokens have ended, and your password alone lets you in until you add an app again.",
            link: Some(("Look after your sign-in", format!("{}/me/sign-in", tx.base_url()))),
            otherwise: "If you did not ask for this, change your password now and tell an owner.",
        };
        let workspace = workspace_name(tx).await?;
        letter.send(tx, email, &format!("Your second factor for {workspace} was removed")).await
    }
}

/// Whether there was one.
async fn forget(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    let delete = sql!("delete from factors where workspace_id = $1 and person_id = $2 and confirmed_at is not null");
    let was = tx.run(delete, args![tx.workspace(), person]).await? > 0;
    recovery::forget(tx, person).await?;
    if was {
        tx.record("account.second_factor_removed", person, json!({}));
    }
    Ok(was)
}
