use crate::{
    account::{
        letter::{Letter, workspace_name},
        link::{self, Purpose},
        roles::{check, may_give},
        session::require_proof,
    },
    person,
};
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Result, Role, Roles, Route, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Invite a person to sign in. An earlier invitation of theirs ends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendInvitation {
    pub person: Id<Person>,
    /// What they will be in the workspace: a member with further roles, or a guest stakeholder with none.
    pub roles: Vec<Role>,
}

/// Where an invitation went.
#[derive(Serialize, JsonSchema)]
pub struct Sent {
    pub email: Option<String>,
    /// Only for a person without a mail address: the link to hand over. It is not shown again.
    pub link: Option<String>,
}

pub struct Wanted {
    person: person::Record,
    has_password: bool,
    old: Roles,
    new: Roles,
}

struct Account {
    roles: String,
    has_password: bool,
}
columns!(Account { roles, has_password });

impl Operation for SendInvitation {
    const NAME: &str = "invitation.send";
    const ROUTE: Route = Route(Post, "/people/{person}/invitations");
    const SESSION_ONLY: bool = true;
    type Target = Wanted;
    type Output = Sent;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Wanted> {
        let person = person::Record::visible(tx, self.person).await?;
        let select = sql!(
            "select roles, password_hash is not null as has_password from accounts
              where workspace_id = $1 and person_id = $2"
        );
        let account: Option<Account> = tx.find(select, args![tx.workspace(), self.person]).await?;
        let new: Roles = self.roles.iter().copied().collect();
        if new.has(Role::Owner) || new.has(Role::Admin) {
            require_proof(tx).await?;
        }
        match account {
            Some(Account { roles, has_password }) => Ok(Wanted { person, has_password, old: roles.parse()?, new }),
            None => Ok(Wanted { person, has_password: false, old: Roles::NONE, new }),
        }
    }

    fn allows(actor: &Actor, wanted: &Wanted) -> bool {
        may_give(actor, wanted.old, wanted.new)
    }

    async fn run(&self, tx: &mut Tx<'_>, wanted: Wanted) -> Result<Sent> {
        let Wanted { person, has_password, new, .. } = wanted;
        check(new)?;
        if person.deactivated_at.is_some() {
            return Err(Error::conflict("This person is deactivated."));
        }
        if has_password {
            return Err(Error::conflict("This person has an account already. Send a link to a new password instead."));
        }
        let secret = link::make(tx, Purpose::Invitation, person.id, person.email.as_deref(), new).await?;
        let address = format!("{}/invitations/{secret}", tx.base_url());
        let roles: Vec<&str> = new.iter().map(Role::name).collect();
        tx.record("invitation.sent", person.id, json!({ "roles": roles }));
        let Some(email) = person.email else { return Ok(Sent { email: None, link: Some(address) }) };
        write(tx, &person.name, &email, address).await?;
        Ok(Sent { email: Some(email), link: None })
    }
}

async fn write(tx: &mut Tx<'_>, name: &str, email: &str, address: String) -> Result<()> {
    let workspace = workspace_name(tx).await?;
    let letter = Letter {
        name,
        text: &format!(
            "You are invited to {workspace}. Choose a password, and you are in. The link works once, within seven days."
        ),
        link: Some(("Accept the invitation", address)),
        otherwise: "If you do not know what this is about, leave it be.",
    };
    letter.send(tx, email, &format!("Your invitation to {workspace}")).await
}
