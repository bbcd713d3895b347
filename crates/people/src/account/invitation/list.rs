use crate::{
    access::{VISIBLE, cares_for_people},
    account::link::Link,
};
use kernel::{
    Actor, Id,
    Method::{Delete, Get},
    Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An invitation that waits to be accepted.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Invitation {
    #[schemars(with = "String")]
    pub id: Id<Link>,
    pub person_id: Id<Person>,
    pub name: String,
    /// Where it was sent; empty where the link was handed over.
    pub email: String,
    /// The names of the roles, with a space between.
    pub roles: String,
    pub created_at: Time,
    pub expires_at: Time,
}
columns!(Invitation { id, person_id, name, email, roles, created_at, expires_at });

const WAITING: &str =
    " i.purpose = 'invitation' and i.accepted_at is null and i.revoked_at is null and i.expires_at > ";
const FOUND: &str = "select i.id, i.person_id, p.name, i.email, i.roles, i.created_at, i.expires_at from invitations i
       join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
      where";

/// List the invitations that wait to be accepted, newest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListInvitations {}

impl Operation for ListInvitations {
    const NAME: &str = "invitation.list";
    const ROUTE: Route = Route(Get, "/invitations");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Invitation>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Invitation>> {
        let select = sql!(FOUND, VISIBLE, "and", WAITING, "$4 order by i.id desc limit 1000");
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), tx.now()]).await
    }
}

/// Take an invitation back: its link does not work any more.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeInvitation {
    #[schemars(with = "String")]
    pub invitation: Id<Link>,
}

impl Operation for RevokeInvitation {
    const NAME: &str = "invitation.revoke";
    const ROUTE: Route = Route(Delete, "/invitations/{invitation}");
    type Target = Invitation;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Invitation> {
        let select = sql!(FOUND, VISIBLE, "and", WAITING, "$4 and i.id = $5");
        let belongs = tx.actor().belongs();
        tx.one(select, args![tx.workspace(), belongs, tx.me(), tx.now(), self.invitation]).await
    }

    fn allows(actor: &Actor, _: &Invitation) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, invitation: Invitation) -> Result<()> {
        let update = sql!("update invitations set revoked_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), invitation.id, tx.now()]).await?;
        tx.record("invitation.revoked", invitation.person_id, json!({}));
        Ok(())
    }
}

/// The open invitation of one person, whom the actor can see.
pub(in crate::account) async fn of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Option<Invitation>> {
    let select = sql!(FOUND, VISIBLE, "and", WAITING, "$4 and i.person_id = $5");
    let belongs = tx.actor().belongs();
    tx.find(select, args![tx.workspace(), belongs, tx.me(), tx.now(), person]).await
}
