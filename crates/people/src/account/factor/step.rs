//! Between the password and the session: a browser that has shown the first shows the second, within ten minutes.
use super::{is_set, spend};
use crate::account::{
    attempt::{self, PER_ADDRESS},
    notice, sealed, secret,
    sign_in::{SignedIn, welcome},
    visitor::Visitor,
};
use kernel::{Actor, App, Error, Id, Method::Post, Operation, Person, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A browser has so long to show the second factor.
pub const OPEN: Duration = Duration::from_secs(10 * 60);

/// What becomes of somebody who has proven the first factor.
#[derive(Serialize, JsonSchema)]
pub enum Entry {
    SignedIn(SignedIn),
    /// The secret under which the second factor is shown.
    SecondStep(String),
}

impl Entry {
    /// What the browser gets: the secret of the session, or of the step before it.
    pub fn secret(&self) -> &str {
        match self {
            Entry::SignedIn(signed_in) => &signed_in.session_secret,
            Entry::SecondStep(secret) => secret,
        }
    }
}

/// A session, or the second step where the account asks for it.
pub(crate) async fn enter(
    tx: &mut Tx<'_>,
    person: Id<Person>,
    device: &str,
    device_secret: Option<&str>,
) -> Result<Entry> {
    if !is_set(tx, person).await? {
        return welcome(tx, person, device, device_secret).await.map(Entry::SignedIn);
    }
    let expired = sql!("delete from second_steps where workspace_id = $1 and expires_at <= $2");
    tx.run(expired, args![tx.workspace(), tx.now()]).await?;
    let secret = secret::fresh()?;
    let insert = sql!(
        "insert into second_steps (workspace_id, token_hash, person_id, auth_epoch, expires_at)
         select a.workspace_id, $3, a.person_id, a.auth_epoch, $4
           from accounts a where a.workspace_id = $1 and a.person_id = $2"
    );
    tx.run(insert, args![tx.workspace(), person, secret::hash(&secret), tx.now() + OPEN]).await?;
    Ok(Entry::SecondStep(secret))
}

/// Signs in with the second factor.
///
/// # Errors
/// `SignedOut` if the step is over, and one begins with the password again; `Invalid` at `code`; `TooMany`.
pub async fn finish(app: &App, stranger: &Actor, secret: &str, code: &str, visitor: &Visitor) -> Result<SignedIn> {
    let Visitor { address, device_secret, device } = visitor.clone();
    let step = FinishStep { secret: secret.to_owned(), code: code.to_owned(), address, device, device_secret };
    let signed_in = app.call(stranger, step).await?;
    let signed_in = signed_in.ok_or_else(|| Error::invalid("code", "This code does not work. Each works once."))?;
    sealed::carry_over(secret, &signed_in.session_secret, app.clock.now())?;
    Ok(signed_in)
}

/// Called from here only; no door lists it.
#[derive(Deserialize, JsonSchema)]
struct FinishStep {
    secret: String,
    code: String,
    address: String,
    device: String,
    device_secret: Option<String>,
}

impl Operation for FinishStep {
    const NAME: &str = "session.finish_step";
    const ROUTE: Route = Route(Post, "/sessions/second");
    const FOR_STRANGERS: bool = true;
    type Target = Id<Person>;
    type Output = Option<SignedIn>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Id<Person>> {
        let select = sql!(
            "select s.person_id from second_steps s
               join accounts a on a.workspace_id = s.workspace_id and a.person_id = s.person_id and a.auth_epoch = s.auth_epoch
               join people p on p.workspace_id = s.workspace_id and p.id = s.person_id
              where s.workspace_id = $1 and s.token_hash = $2 and s.expires_at > $3
                and a.disabled_at is null and p.deactivated_at is null"
        );
        let found = tx.find(select, args![tx.workspace(), secret::hash(&self.secret), tx.now()]).await?;
        found.ok_or(Error::SignedOut)
    }

    fn allows(_: &Actor, _: &Id<Person>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, person: Id<Person>) -> Result<Option<SignedIn>> {
        let attempt = attempt::count(tx, &attempt::from_address(&self.address), PER_ADDRESS).await?;
        if !spend(tx, person, &self.code).await? {
            return Ok(None);
        }
        attempt::take_back(tx, attempt).await?;
        let over = sql!("delete from second_steps where workspace_id = $1 and token_hash = $2");
        tx.run(over, args![tx.workspace(), secret::hash(&self.secret)]).await?;
        notice::new_device(tx, person, &self.device, self.device_secret.as_deref()).await?;
        welcome(tx, person, &self.device, self.device_secret.as_deref()).await.map(Some)
    }
}
