//! Someone who is signed in enters their password again, under the same limits as when they signed in.
use super::{
    attempt::{self, Attempt, PER_ACCOUNT, PER_ADDRESS},
    factor,
    password::{self, OwnKey, Stored},
    sealed, secret, session,
    visitor::Visitor,
};
use kernel::{Actor, App, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Proves that whoever holds the session also knows the password, and has the second factor of the account if there is
/// one. The session goes on under the new secret that is returned, and what asks for a fresh proof is open to it for ten
/// minutes.
pub async fn prove(app: &App, actor: &Actor, password: &str, code: &str, visitor: &Visitor) -> Result<String> {
    let (proof, own_key) = own_password(app, actor, "password", password, visitor).await?;
    let stored = proof.password_hash.clone();
    let renewed = app.call(actor, RenewSession { proof, code: code.to_owned() }).await?;
    let secret = renewed.ok_or_else(|| Error::invalid("code", "This code does not work. Each works once."))?;
    sealed::open(app, actor, actor.person, (&own_key, &stored), &secret).await?;
    Ok(secret)
}

/// That a password was entered and is the stored one.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct Proof {
    password_hash: String,
    subject: String,
    #[schemars(with = "String")]
    attempt: Id<Attempt>,
}

/// Checks the actor's own password, which stands in the form's `field`.
pub(super) async fn own_password(
    app: &App,
    actor: &Actor,
    field: &str,
    password: &str,
    visitor: &Visitor,
) -> Result<(Proof, OwnKey)> {
    let proof = app.call(actor, LookUpOwn { address: visitor.address.clone() }).await?;
    let stored = Stored::read(proof.password_hash.clone());
    match password::verify(password, Some(&stored)).await? {
        Some(own_key) => Ok((proof, own_key)),
        None => Err(Error::invalid(field, "This is not your password.")),
    }
}

impl Proof {
    /// The stored form of the password that was entered.
    pub fn stored(&self) -> &str {
        &self.password_hash
    }

    /// Refuses a proof that a change of the password has overtaken, and counts nothing against one that holds.
    pub async fn accept(&self, tx: &mut Tx<'_>) -> Result<()> {
        let same = sql!("select 1 from accounts where workspace_id = $1 and person_id = $2 and password_hash = $3");
        if !tx.exists(same, args![tx.workspace(), tx.me(), self.password_hash]).await? {
            return Err(Error::SignedOut);
        }
        attempt::forget(tx, &self.subject).await?;
        attempt::take_back(tx, self.attempt).await
    }
}

/// Counts the attempt. Like all operations that handle a secret it is called from here only, and no door lists it.
#[derive(Deserialize, JsonSchema)]
struct LookUpOwn {
    address: String,
}

impl Operation for LookUpOwn {
    const NAME: &str = "session.look_up_own";
    const ROUTE: Route = Route(Post, "/sessions/look_up_own");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Proof;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Proof> {
        let attempt = attempt::count(tx, &attempt::from_address(&self.address), PER_ADDRESS).await?;
        let subject = secret::hash(&format!("own password of {}", tx.me()));
        attempt::count(tx, &subject, PER_ACCOUNT).await?;
        let select = sql!("select password_hash from accounts where workspace_id = $1 and person_id = $2");
        let found: Option<Option<String>> = tx.find(select, args![tx.workspace(), tx.me()]).await?;
        let none = || Error::conflict("This account has no password.");
        Ok(Proof { password_hash: found.flatten().ok_or_else(none)?, subject, attempt })
    }
}

#[derive(Deserialize, JsonSchema)]
struct RenewSession {
    proof: Proof,
    code: String,
}

impl Operation for RenewSession {
    const NAME: &str = "session.renew";
    const ROUTE: Route = Route(Post, "/sessions/renew");
    const SESSION_ONLY: bool = true;
    type Target = ();
    /// Nothing if the code is wrong; as no error, so that it stays counted.
    type Output = Option<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Option<String>> {
        let me = tx.me();
        self.proof.accept(tx).await?;
        match factor::is_set(tx, me).await? && !factor::spend(tx, me, &self.code).await? {
            true => Ok(None),
            false => session::renew(tx).await.map(Some),
        }
    }
}
