//! Signing in: a limited look-up, a slow hash outside of any transaction, and a session.
use super::{
    attempt::{self, Attempt, PER_ACCOUNT, PER_ADDRESS},
    factor::{
        self,
        policy::{DEMANDED, counting},
        step::{Entry, enter},
    },
    notice,
    password::{self, Stored},
    sealed, secret, session,
    visitor::Visitor,
};
use kernel::{
    Actor, App, Error, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, sql, text::Email,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What the browser keeps.
#[derive(Serialize, JsonSchema)]
pub struct SignedIn {
    pub session_secret: String,
    pub device_secret: String,
    pub theme: String,
    /// Some roles of the account do not count until there is a second factor.
    pub lacks_factor: bool,
}

/// Signs in with mail address and password, or leads on to the second factor. Whether the address, the password or the
/// account is wrong is not told, neither in words nor in time.
pub async fn sign_in(app: &App, stranger: &Actor, email: &str, password: &str, visitor: &Visitor) -> Result<Entry> {
    let wrong = || Error::invalid("password", "Mail address and password do not fit together.");
    let look_up = LookUp {
        email: email.trim().to_lowercase(),
        address: visitor.address.clone(),
        device_secret: visitor.device_secret.clone(),
    };
    let found = app.call(stranger, look_up).await?;
    let stored = found.as_ref().map(|account| Stored::read(account.password_hash.clone()));
    let own_key = password::verify(password, stored.as_ref()).await?;
    let (Some(account), Some(own_key)) = (found, own_key) else { return Err(wrong()) };
    let (person, stored) = (account.person_id, account.password_hash.clone());
    let begin = BeginSession { account, device: visitor.device.clone(), device_secret: visitor.device_secret.clone() };
    let overtaken = |error| if matches!(error, Error::SignedOut) { wrong() } else { error };
    let entry = app.call(stranger, begin).await.map_err(overtaken)?;
    sealed::open(app, stranger, person, (&own_key, &stored), entry.secret()).await?;
    Ok(entry)
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Account {
    person_id: Id<Person>,
    password_hash: String,
    /// What the attempt was counted against.
    subject: String,
    /// The attempt as it was counted against the address.
    #[schemars(with = "String")]
    attempt: Id<Attempt>,
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
        let attempt = attempt::count(tx, &attempt::from_address(&self.address), PER_ADDRESS).await?;
        let Ok(email) = self.email.parse::<Email>() else { return Ok(None) };
        let select = sql!(
            "select a.person_id, a.password_hash from accounts a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and p.email = $2 and a.disabled_at is null and p.deactivated_at is null"
        );
        let found: Option<Found> = tx.find(select, args![tx.workspace(), email]).await?;
        let subject = match (&self.device_secret, &found) {
            (Some(secret), Some(found)) if is_known(tx, found.person_id, secret).await? => {
                format!("device {}", secret::hash(secret))
            }
            _ => secret::hash(&format!("account {email}")),
        };
        attempt::count(tx, &subject, PER_ACCOUNT).await?;
        let account = |found: Found| {
            Some(Account { person_id: found.person_id, password_hash: found.password_hash?, subject, attempt })
        };
        Ok(found.and_then(account))
    }
}

/// Begins the session, unless the account changed while the password was hashed.
#[derive(Deserialize, JsonSchema)]
struct BeginSession {
    account: Account,
    device: String,
    device_secret: Option<String>,
}

impl Operation for BeginSession {
    const NAME: &str = "session.begin";
    const ROUTE: Route = Route(Post, "/sessions");
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = Entry;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let stands = sql!(
            "select 1 from accounts a join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and a.person_id = $2 and a.password_hash = $3
                and a.disabled_at is null and p.deactivated_at is null"
        );
        let Account { person_id, password_hash, .. } = &self.account;
        let stands = tx.exists(stands, args![tx.workspace(), person_id, password_hash]).await?;
        if stands { Ok(()) } else { Err(Error::SignedOut) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Entry> {
        attempt::forget(tx, &self.account.subject).await?;
        attempt::take_back(tx, self.account.attempt).await?;
        let (person, secret) = (self.account.person_id, self.device_secret.as_deref());
        if !factor::is_set(tx, person).await? {
            notice::new_device(tx, person, &self.device, secret).await?;
        }
        enter(tx, person, &self.device, secret).await
    }
}

/// A browser is asked to keep its secret for a year, and is forgotten after that.
const DEVICE: Duration = Duration::from_secs(365 * 24 * 3600);

/// A session, and a device that is known from now on.
pub(super) async fn welcome(
    tx: &mut Tx<'_>,
    person: Id<Person>,
    device: &str,
    device_secret: Option<&str>,
) -> Result<SignedIn> {
    let session_secret = session::begin(tx, person, device).await?;
    let device_secret = match device_secret {
        Some(secret) if is_known(tx, person, secret).await? => secret.to_owned(),
        _ => remember(tx, person).await?,
    };
    let select = sql!(
        "select a.theme, a.roles,",
        " ",
        DEMANDED,
        " from accounts a where a.workspace_id = $1 and a.person_id = $2"
    );
    let (theme, roles, demanded, since): (String, String, String, Option<Time>) =
        tx.one(select, args![tx.workspace(), person]).await?;
    let lacks_factor = counting(&roles, &demanded, since)? != roles.parse()?;
    Ok(SignedIn { session_secret, device_secret, theme, lacks_factor })
}

async fn remember(tx: &mut Tx<'_>, person: Id<Person>) -> Result<String> {
    let old: Time = tx.now() - DEVICE;
    let delete = sql!("delete from devices where workspace_id = $1 and person_id = $2 and created_at < $3");
    tx.run(delete, args![tx.workspace(), person, old]).await?;
    let secret = secret::fresh()?;
    let insert = sql!("insert into devices (workspace_id, token_hash, person_id, created_at) values ($1, $2, $3, $4)");
    tx.run(insert, args![tx.workspace(), secret::hash(&secret), person, tx.now()]).await?;
    Ok(secret)
}

pub(super) async fn is_known(tx: &mut Tx<'_>, person: Id<Person>, device_secret: &str) -> Result<bool> {
    let since: Time = tx.now() - DEVICE;
    let known = sql!(
        "select 1 from devices where workspace_id = $1 and token_hash = $2 and person_id = $3 and created_at >= $4"
    );
    tx.exists(known, args![tx.workspace(), secret::hash(device_secret), person, since]).await
}
