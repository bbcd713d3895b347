//! Tokens: with one a program acts for the person who made it, within the scopes that they chose.
use super::{
    attempt::{self, PER_ADDRESS},
    factor::policy::{DEMANDED, counting},
    secret,
    session::require_proof,
};
use kernel::{
    Actor, App, Door, Error, Id,
    Method::{Delete, Get, Post},
    Operation, Person, Result, Route, Scope, Time, Tx, Workspace, args, columns, json, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A scanner of leaked secrets finds tokens by this.
const PREFIX: &str = "cairn_";
const LONGEST: i64 = 90;
const A_DAY: Duration = Duration::from_secs(24 * 3600);
/// How exactly the last use is known; each note of it is a write.
const USED_EVERY: Duration = Duration::from_secs(5 * 60);
const MOST_SCOPES: usize = 50;

/// Whoever sends this token through the API: `cairn_<workspace>.<secret>`. One that has expired or was revoked, and one
/// of an account whose access has ended since, is nobody's. Wrong ones from `address` are counted, and refused with
/// `TooMany` past the limit; one that is right passes all the same, as an office shares an address.
pub async fn bearer(app: &App, workspace: Id<Workspace>, text: &str, address: &str) -> Result<Actor> {
    let found = resolve(app, workspace, text, Door::Api).await;
    if matches!(found, Err(Error::SignedOut)) {
        let count = CountWrong { address: address.to_owned() };
        app.call(&Actor::stranger(workspace, Door::Api), count).await?;
    }
    found
}

/// Counts a token that opened nothing. It does not count against those who sign in from there with a password.
#[derive(Deserialize, JsonSchema)]
struct CountWrong {
    address: String,
}

impl Operation for CountWrong {
    const NAME: &str = "token.count_wrong";
    const ROUTE: Route = Route(Post, "/tokens/wrong");
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
        let subject = secret::hash(&format!("tokens from {}", self.address));
        attempt::count(tx, &subject, PER_ADDRESS).await.map(|_| ())
    }
}

/// Whoever a token belongs to, for any door through which tokens come.
pub async fn resolve(app: &App, workspace: Id<Workspace>, text: &str, door: Door) -> Result<Actor> {
    let (home, secret) = text.strip_prefix(PREFIX).and_then(secret::parse).ok_or(Error::SignedOut)?;
    if home != workspace {
        return Err(Error::SignedOut);
    }
    let unknown = |error| if matches!(error, Error::NotFound) { Error::SignedOut } else { error };
    let resolve = ResolveToken { secret: secret.to_owned() };
    let found = app.call(&Actor::stranger(workspace, door), resolve).await.map_err(unknown)?;
    let token = found.id;
    let is_stale = found.used_at.is_none_or(|used| app.clock.now() > used + USED_EVERY);
    let actor = found.actor(workspace, door)?;
    if is_stale {
        app.call(&Actor::system(workspace), TouchToken { token }).await?;
    }
    Ok(actor)
}

#[derive(Serialize, JsonSchema)]
struct Resolved {
    id: Id<kernel::Token>,
    person: Id<Person>,
    roles: String,
    epoch: i64,
    scopes: String,
    used_at: Option<Time>,
    demanded: String,
    factor_since: Option<Time>,
}
columns!(Resolved { id, person, roles, epoch, scopes, used_at, demanded, factor_since });

impl Resolved {
    fn actor(self, workspace: Id<Workspace>, door: Door) -> Result<Actor> {
        let scopes: Vec<Scope> = self.scopes.split_whitespace().map(str::parse).collect::<Result<_>>()?;
        let roles = counting(&self.roles, &self.demanded, self.factor_since)?;
        let (person, epoch) = (self.person, self.epoch);
        Ok(Actor { workspace, person, roles, door, epoch, scopes: Some(scopes.into()), session: None })
    }
}

/// Finds the token with this secret, if it stands. No door lists it.
#[derive(Deserialize, JsonSchema)]
struct ResolveToken {
    secret: String,
}

impl Operation for ResolveToken {
    const NAME: &str = "token.resolve";
    const ROUTE: Route = Route(Get, "/tokens/current");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = Resolved;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Resolved> {
        let select = sql!(
            "select t.id, t.person_id as person, a.roles, a.auth_epoch as epoch, t.scopes, t.used_at,", " ", DEMANDED, " from tokens t
               join accounts a on a.workspace_id = t.workspace_id and a.person_id = t.person_id and a.auth_epoch = t.auth_epoch
               join people p on p.workspace_id = t.workspace_id and p.id = t.person_id
              where t.workspace_id = $1 and t.token_hash = $2 and t.expires_at > $3 and t.revoked_at is null
                and a.disabled_at is null and p.deactivated_at is null"
        );
        tx.one(select, args![tx.workspace(), secret::hash(&self.secret), tx.now()]).await
    }
}

/// Notes that a token is in use.
#[derive(Deserialize, JsonSchema)]
struct TouchToken {
    token: Id<kernel::Token>,
}

impl Operation for TouchToken {
    const NAME: &str = "token.touch";
    const ROUTE: Route = Route(Post, "/tokens/current");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!("update tokens set used_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.token, tx.now()]).await?;
        Ok(())
    }
}

/// Make a token for a program that acts for the actor. It needs a session in which the password was just entered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is for.
    pub name: Name<80>,
    /// What it may be used for: `person:read` for one kind of record, `*:read` or `*:write` for all.
    pub scopes: Vec<String>,
    /// After how many days it ends, 1 to 90.
    #[schemars(range(min = 1, max = 90))]
    pub days: i64,
}

/// A token that was just made.
#[derive(Serialize, JsonSchema)]
pub struct Created {
    pub id: Id<kernel::Token>,
    /// It is not shown again, and not stored.
    pub token: String,
    pub expires_at: Time,
}

impl Operation for CreateToken {
    const NAME: &str = "token.create";
    const ROUTE: Route = Route(Post, "/me/tokens");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Created;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Created> {
        let scopes = self.checked()?;
        let secret = secret::fresh()?;
        let (id, expires_at) = (tx.id(), tx.now() + A_DAY * self.days.unsigned_abs() as u32);
        let insert = sql!(
            "insert into tokens (workspace_id, id, person_id, name, token_hash, scopes, auth_epoch, created_at, expires_at)
             select a.workspace_id, $3, a.person_id, $4, $5, $6, a.auth_epoch, $7, $8
               from accounts a where a.workspace_id = $1 and a.person_id = $2"
        );
        let (workspace, me, now, hash) = (tx.workspace(), tx.me(), tx.now(), secret::hash(&secret));
        tx.run(insert, args![workspace, me, id, self.name, hash, scopes, now, expires_at]).await?;
        tx.record("token.created", id, json!({ "scopes": scopes }));
        Ok(Created { id, token: format!("{PREFIX}{}", secret::address(workspace, &secret)), expires_at })
    }
}

impl CreateToken {
    /// The scopes as they are stored.
    fn checked(&self) -> Result<String> {
        if !(1..=LONGEST).contains(&self.days) {
            return Err(Error::invalid("days", format!("Choose 1 to {LONGEST} days.")));
        }
        let scopes: Vec<Scope> = self.scopes.iter().map(|text| text.parse()).collect::<Result<_>>()?;
        if !(1..=MOST_SCOPES).contains(&scopes.len()) {
            return Err(Error::invalid("scopes", "Choose what the token may be used for."));
        }
        let texts: Vec<String> = scopes.iter().map(Scope::to_string).collect();
        Ok(texts.join(" "))
    }
}

/// A token, without its secret.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Token {
    pub id: Id<kernel::Token>,
    pub name: String,
    /// With a space between.
    pub scopes: String,
    pub created_at: Time,
    pub expires_at: Time,
    /// To within five minutes.
    pub used_at: Option<Time>,
}
columns!(Token { id, name, scopes, created_at, expires_at, used_at });

/// List the actor's own tokens that stand, newest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListTokens {}

impl Operation for ListTokens {
    const NAME: &str = "token.list";
    const ROUTE: Route = Route(Get, "/me/tokens");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Token>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Token>> {
        let select = sql!(
            "select t.id, t.name, t.scopes, t.created_at, t.expires_at, t.used_at from tokens t
               join accounts a on a.workspace_id = t.workspace_id and a.person_id = t.person_id and a.auth_epoch = t.auth_epoch
              where t.workspace_id = $1 and t.person_id = $2 and t.revoked_at is null and t.expires_at > $3
              order by t.id desc limit 200"
        );
        tx.all(select, args![tx.workspace(), tx.me(), tx.now()]).await
    }
}

/// End one of the actor's own tokens.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeToken {
    pub token: Id<kernel::Token>,
}

impl Operation for RevokeToken {
    const NAME: &str = "token.revoke";
    const ROUTE: Route = Route(Delete, "/me/tokens/{token}");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mine = sql!("select 1 from tokens where workspace_id = $1 and person_id = $2 and id = $3");
        let found = tx.exists(mine, args![tx.workspace(), tx.me(), self.token]).await?;
        if found { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update =
            sql!("update tokens set revoked_at = $3 where workspace_id = $1 and id = $2 and revoked_at is null");
        if tx.run(update, args![tx.workspace(), self.token, tx.now()]).await? > 0 {
            tx.record("token.revoked", self.token, json!({}));
        }
        Ok(())
    }
}
