//! Signing in: a limited look-up, a slow hash outside of any transaction, and a session.
use super::{
    attempt::{self, PER_ACCOUNT, PER_ADDRESS},
    password::{self, Stored},
    secret, session,
};
use kernel::{
    Actor, App, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, columns, sql, text::Email,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a browser brings along.
#[derive(Clone, Debug, Default)]
pub struct Visitor {
    pub address: String,
    /// The secret that this browser got when someone signed in here before.
    pub device_secret: Option<String>,
    /// The browser, in words.
    pub device: String,
}

/// What the browser keeps.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SignedIn {
    pub session_secret: String,
    pub device_secret: String,
}

/// Signs in with mail address and password. Whether the address, the password or the account is wrong is not told,
/// neither in words nor in time.
pub async fn sign_in(app: &App, stranger: &Actor, email: &str, password: &str, visitor: &Visitor) -> Result<SignedIn> {
    let wrong = || Error::invalid("password", "Mail address and password do not fit together.");
    let look_up = LookUp {
        email: email.trim().to_lowercase(),
        address: visitor.address.clone(),
        device_secret: visitor.device_secret.clone(),
    };
    let found = app.call(stranger, look_up).await?;
    let stored = found.as_ref().map(|account| Stored::read(account.password_hash.clone()));
    let own_key = password::verify(password, stored.as_ref()).await?;
    let (Some(account), Some(_)) = (found, own_key) else { return Err(wrong()) };
    let begin = BeginSession {
        person: account.person_id,
        password_hash: account.password_hash,
        subject: account.subject,
        device: visitor.device.clone(),
    };
    app.call(stranger, begin).await
}

#[derive(Debug, Serialize, JsonSchema)]
pub struct Account {
    person_id: Id<Person>,
    password_hash: String,
    /// What the attempt was counted against.
    subject: String,
}

struct Found {
    person_id: Id<Person>,
    password_hash: Option<String>,
}
columns!(Found { person_id, password_hash });

/// Counts the attempt and finds the account, if there is one that may sign in with a password. Like all operations that
/// handle a secret it is called from here only, and no door lists it.
#[derive(Deserialize, JsonSchema)]
struct LookUp {
    email: String,
    address: String,
    device_secret: Option<String>,
}

impl Operation for LookUp {
    const NAME: &str = "session.look_up";
    const ROUTE: Route = Route(Post, "/sessions/look_up");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = Option<Account>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Option<Account>> {
        attempt::count(tx, &secret::hash(&format!("address {}", self.address)), PER_ADDRESS).await?;
        let Ok(email) = self.email.parse::<Email>() else { return Ok(None) };
        let select = sql!(
            "select a.person_id, a.password_hash from accounts a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and p.email = $2 and a.disabled_at is null and p.deactivated_at is null"
        );
        let found: Option<Found> = tx.find(select, args![tx.workspace(), email]).await?;
        let subject = match self.known_device(tx, found.as_ref()).await? {
            Some(device) => format!("device {device}"),
            None => secret::hash(&format!("account {email}")),
        };
        attempt::count(tx, &subject, PER_ACCOUNT).await?;
        let account =
            |found: Found| Some(Account { person_id: found.person_id, password_hash: found.password_hash?, subject });
        Ok(found.and_then(account))
    }
}

impl LookUp {
    async fn known_device(&self, tx: &mut Tx<'_>, found: Option<&Found>) -> Result<Option<String>> {
        let (Some(secret), Some(account)) = (&self.device_secret, found) else { return Ok(None) };
        let hash = secret::hash(secret);
        let known = sql!("select 1 from devices where workspace_id = $1 and token_hash = $2 and person_id = $3");
        let known = tx.exists(known, args![tx.workspace(), hash, account.person_id]).await?;
        Ok(known.then_some(hash))
    }
}

/// Begins the session, unless the account changed while the password was hashed.
#[derive(Deserialize, JsonSchema)]
struct BeginSession {
    person: Id<Person>,
    password_hash: String,
    subject: String,
    device: String,
}

impl Operation for BeginSession {
    const NAME: &str = "session.begin";
    const ROUTE: Route = Route(Post, "/sessions");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = SignedIn;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let stands = sql!(
            "select 1 from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and a.person_id = $2 and a.password_hash = $3
                and a.disabled_at is null and p.deactivated_at is null"
        );
        let stands = tx.exists(stands, args![tx.workspace(), self.person, self.password_hash]).await?;
        if stands { Ok(()) } else { Err(Error::SignedOut) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<SignedIn> {
        attempt::forget(tx, &self.subject).await?;
        welcome(tx, self.person, &self.device).await
    }
}

/// A session, and a device that is known from now on.
pub(crate) async fn welcome(tx: &mut Tx<'_>, person: Id<Person>, device: &str) -> Result<SignedIn> {
    let session_secret = session::begin(tx, person, device).await?;
    let device_secret = secret::fresh()?;
    let insert = sql!("insert into devices (workspace_id, token_hash, person_id, created_at) values ($1, $2, $3, $4)");
    tx.run(insert, args![tx.workspace(), secret::hash(&device_secret), person, tx.now()]).await?;
    Ok(SignedIn { session_secret, device_secret })
}
