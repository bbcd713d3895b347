use crate::{
    account::{
        link::{self, Open, Purpose},
        open,
        password::{self, Stored},
        replace_password,
        sign_in::{SignedIn, welcome},
        visitor::Visitor,
    },
    person::{taken, week, zone},
};
use kernel::{
    Actor, App, Error,
    Method::{Get, Post},
    Operation, Result, Roles, Route, Tx, args, sql,
    text::{Email, Line, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Finds out who is invited with this link, if it may still be used.
#[derive(Deserialize, JsonSchema)]
pub struct FindInvitation {
    pub secret: String,
}

/// What is known of someone before they accept.
#[derive(Serialize, JsonSchema)]
pub struct Invited {
    pub name: String,
    /// Without one, they say with which address they will sign in.
    pub email: Option<String>,
    pub zone: String,
    pub hours: String,
}

impl Operation for FindInvitation {
    const NAME: &str = "invitation.find";
    const ROUTE: Route = Route(Get, "/invitations/open");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = Open;
    type Output = Invited;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Open> {
        link::find(tx, Purpose::Invitation, &self.secret).await
    }

    fn allows(_: &Actor, _: &Open) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, link: Open) -> Result<Invited> {
        Ok(Invited { name: link.name, email: link.email, zone: link.zone, hours: link.hours })
    }
}

/// What someone says who accepts.
#[derive(Deserialize, JsonSchema)]
pub struct Acceptance {
    pub secret: String,
    /// Only where none is stored.
    pub email: Option<Email>,
    pub zone: Name<64>,
    pub hours: Line<400>,
    pub new_password: String,
}

/// Gives the invited person their account and signs them in.
pub async fn accept(app: &App, stranger: &Actor, acceptance: Acceptance, visitor: &Visitor) -> Result<SignedIn> {
    let invited = app.call(stranger, FindInvitation { secret: acceptance.secret.clone() }).await?;
    if invited.email.is_none() && acceptance.email.is_none() {
        return Err(Error::invalid("email", "This is needed: you sign in with it."));
    }
    zone("zone", &acceptance.zone)?;
    week("hours", &acceptance.hours)?;
    password::check("new_password", &acceptance.new_password)?;
    let (hash, _) = password::hash(&acceptance.new_password).await?;
    let accept = AcceptInvitation { acceptance, new_hash: hash.as_str().to_owned(), device: visitor.device.clone() };
    app.call(stranger, accept).await
}

/// Called from here only, after the hash was made; no door lists it.
#[derive(Deserialize, JsonSchema)]
struct AcceptInvitation {
    acceptance: Acceptance,
    new_hash: String,
    device: String,
}

impl Operation for AcceptInvitation {
    const NAME: &str = "invitation.accept";
    const ROUTE: Route = Route(Post, "/invitations/accept");
    const FOR_STRANGERS: bool = true;
    type Target = Open;
    type Output = SignedIn;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Open> {
        link::find(tx, Purpose::Invitation, &self.acceptance.secret).await
    }

    fn allows(_: &Actor, _: &Open) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, link: Open) -> Result<SignedIn> {
        link.spend(tx).await?;
        self.settle(tx, &link).await?;
        let roles: Roles = link.roles.parse()?;
        open(tx, link.person_id, roles).await?;
        // An account that had no password yet becomes what the invitation says.
        let update = sql!("update accounts set roles = $3 where workspace_id = $1 and person_id = $2");
        tx.run(update, args![tx.workspace(), link.person_id, roles.to_string()]).await?;
        replace_password(tx, link.person_id, &Stored::read(self.new_hash.clone())).await?;
        welcome(tx, link.person_id, &self.device, None).await
    }
}

impl AcceptInvitation {
    /// Where and when the person works, as they know it better than whoever entered it.
    async fn settle(&self, tx: &mut Tx<'_>, link: &Open) -> Result<()> {
        let update = sql!(
            "update people set email = coalesce(email, $3), zone = $4, hours = $5, updated_at = $6
              where workspace_id = $1 and id = $2"
        );
        let hours = week("hours", &self.acceptance.hours)?.to_string();
        let (workspace, now) = (tx.workspace(), tx.now());
        let (email, zone) = (&self.acceptance.email, &self.acceptance.zone);
        tx.run(update, args![workspace, link.person_id, email, zone, hours, now]).await.map_err(taken)?;
        Ok(())
    }
}
