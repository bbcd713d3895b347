//! A new password for someone who cannot sign in: a letter to the address that is stored, and nobody else's.
use super::{
    attempt::{self, PER_ADDRESS},
    change_password::tell,
    factor::step::{Entry, enter},
    letter::{Letter, workspace_name},
    link::{self, Purpose},
    password::{self, Stored},
    replace_password,
    roles::looks_after,
    secret,
    visitor::Visitor,
};
use crate::person;
use kernel::{
    Actor, App, Error, Id, Job, JobKind, Later,
    Method::{Get, Post},
    Operation, Person, Result, Roles, Route, Run, Tx, args, columns, json, sql,
    text::Email,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Letters to one address within the window of the limits; more would be a way to fill somebody's mailbox.
const PER_MAILBOX: i64 = 3;

/// Looks for the account and writes the letter after the answer was given, so that neither the answer nor the time it
/// takes tells whether there is one.
pub const JOB: JobKind = JobKind { name: "account.reset", run: Run::Inside(write) };

/// Someone has forgotten their password. The answer is the same whether or not the address is known.
#[derive(Deserialize, JsonSchema)]
pub struct RequestReset {
    pub email: String,
    pub address: String,
}

impl Operation for RequestReset {
    const NAME: &str = "account.request_reset";
    const ROUTE: Route = Route(Post, "/account/reset");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let email = Email::parse("email", &self.email)?;
        attempt::count(tx, &attempt::from_address(&self.address), PER_ADDRESS).await?;
        let mailbox = secret::hash(&format!("reset {email}"));
        attempt::count(tx, &mailbox, PER_MAILBOX).await?;
        let now = tx.now();
        tx.want_once("account.reset", mailbox, json!({ "email": email }), now);
        Ok(())
    }
}

struct Owner {
    person_id: Id<Person>,
    name: String,
}
columns!(Owner { person_id, name });

fn write<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let Ok(email) = job.args["email"].as_str().unwrap_or_default().parse::<Email>() else { return Ok(()) };
        let select = sql!(
            "select a.person_id, p.name from accounts a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and p.email = $2 and a.password_hash is not null and a.disabled_at is null
                and p.deactivated_at is null"
        );
        let found: Option<Owner> = tx.find(select, args![tx.workspace(), email]).await?;
        match found {
            Some(Owner { person_id, name }) => send(tx, person_id, &name, &email).await,
            None => Ok(()),
        }
    })
}

async fn send(tx: &mut Tx<'_>, person: Id<Person>, name: &str, email: &str) -> Result<()> {
    let secret = link::make(tx, Purpose::Reset, person, Some(email), Roles::NONE).await?;
    let workspace = workspace_name(tx).await?;
    let letter = Letter {
        name,
        text: "With this link you choose a new password. It works once, within the next hour.",
        link: Some(("Choose a new password", format!("{}/reset/{secret}", tx.base_url()))),
        otherwise: "If you did not ask for it, leave it be: your password stays as it is.",
    };
    letter.send(tx, email, &format!("A new password for {workspace}")).await?;
    tx.record("account.reset_sent", person, json!({}));
    Ok(())
}

/// Send a person who cannot sign in a link to a new password. It goes to their stored mail address; nobody else sees it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendReset {
    pub person: Id<Person>,
}

impl Operation for SendReset {
    const NAME: &str = "account.send_reset";
    const ROUTE: Route = Route(Post, "/people/{person}/reset");
    const SESSION_ONLY: bool = true;
    /// The person, and the roles of their account.
    type Target = (person::Record, Roles);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let person = person::Record::visible(tx, self.person).await?;
        let select = sql!(
            "select roles from accounts
              where workspace_id = $1 and person_id = $2 and password_hash is not null and disabled_at is null"
        );
        let roles: String = tx.one(select, args![tx.workspace(), self.person]).await?;
        Ok((person, roles.parse()?))
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, _): Self::Target) -> Result<()> {
        match (person.deactivated_at, &person.email) {
            (Some(_), _) => Err(Error::conflict("This person is deactivated.")),
            (None, None) => Err(Error::conflict("This person has no mail address. Enter one first.")),
            (None, Some(email)) => send(tx, person.id, &person.name, email).await,
        }
    }
}

/// Makes a link to a new password and returns it. Only for whoever has the server in their hands; no door lists it.
#[derive(Deserialize, JsonSchema)]
pub struct MakeReset {
    pub person: Id<Person>,
}

impl Operation for MakeReset {
    const NAME: &str = "account.make_reset";
    const ROUTE: Route = Route(Post, "/people/{person}/reset-link");
    type Target = person::Record;
    type Output = String;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<person::Record> {
        person::Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &person::Record) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, person: person::Record) -> Result<String> {
        let secret = link::make(tx, Purpose::Reset, person.id, person.email.as_deref(), Roles::NONE).await?;
        tx.record("account.reset_sent", person.id, json!({}));
        Ok(format!("{}/reset/{secret}", tx.base_url()))
    }
}

/// Finds out whose link this is, if it may still be used.
#[derive(Deserialize, JsonSchema)]
pub struct FindReset {
    pub secret: String,
}

/// Whom a link lets in.
#[derive(Serialize, JsonSchema)]
pub struct Owned {
    pub name: String,
}

impl Operation for FindReset {
    const NAME: &str = "account.find_reset";
    const ROUTE: Route = Route(Get, "/account/reset");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = link::Open;
    type Output = Owned;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<link::Open> {
        link::find(tx, Purpose::Reset, &self.secret).await
    }

    fn allows(_: &Actor, _: &link::Open) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, link: link::Open) -> Result<Owned> {
        Ok(Owned { name: link.name })
    }
}

/// Uses the link: the account has a new password, all access of before ends, and its owner is signed in, or
/// led on to the second factor.
pub async fn reset(app: &App, stranger: &Actor, secret: &str, new_password: &str, visitor: &Visitor) -> Result<Entry> {
    app.call(stranger, FindReset { secret: secret.to_owned() }).await?;
    password::check("new_password", new_password)?;
    let (hash, _) = password::hash(new_password).await?;
    let accept =
        AcceptReset { secret: secret.to_owned(), new_hash: hash.as_str().to_owned(), device: visitor.device.clone() };
    app.call(stranger, accept).await
}

/// Called from here only, after the hash was made; no door lists it.
#[derive(Deserialize, JsonSchema)]
struct AcceptReset {
    secret: String,
    new_hash: String,
    device: String,
}

impl Operation for AcceptReset {
    const NAME: &str = "account.accept_reset";
    const ROUTE: Route = Route(Post, "/account/reset/accept");
    const FOR_STRANGERS: bool = true;
    type Target = link::Open;
    type Output = Entry;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<link::Open> {
        link::find(tx, Purpose::Reset, &self.secret).await
    }

    fn allows(_: &Actor, _: &link::Open) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, link: link::Open) -> Result<Entry> {
        link.spend(tx).await?;
        replace_password(tx, link.person_id, &Stored::read(self.new_hash.clone())).await?;
        tell(tx, link.person_id).await?;
        enter(tx, link.person_id, &self.device, None).await
    }
}
