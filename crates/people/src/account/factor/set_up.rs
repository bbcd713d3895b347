//! A person adds an app to their own account: its secret is shown, and counts once a code of it was entered.
use super::{is_set, recovery, sealed, totp};
use crate::account::{
    letter::workspace_name,
    session::{require_proof, survive},
};
use kernel::{
    Actor, Error,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, args, columns, json, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Show whether the actor's own account asks for a second factor.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowFactor {}

/// The second factor of an account.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactorState {
    /// Since when the account asks for it; nothing while it does not.
    pub since: Option<Time>,
    pub recovery_codes_left: i64,
}

impl Operation for ShowFactor {
    const NAME: &str = "factor.show";
    const ROUTE: Route = Route(Get, "/me/second-factor");
    const READS: bool = true;
    type Target = ();
    type Output = FactorState;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<FactorState> {
        let select = sql!("select confirmed_at from factors where workspace_id = $1 and person_id = $2");
        let since: Option<Option<Time>> = tx.find(select, args![tx.workspace(), tx.me()]).await?;
        let me = tx.me();
        Ok(FactorState { since: since.flatten(), recovery_codes_left: recovery::left(tx, me).await? })
    }
}

/// Begin to add an app that shows codes to the actor's own account. It needs a session in which the password was just
/// entered, and changes nothing until a code of the app was entered on the page.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginFactor {}

impl Operation for BeginFactor {
    const NAME: &str = "factor.begin";
    const ROUTE: Route = Route(Post, "/me/second-factor");
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
        if is_set(tx, me).await? {
            return Err(Error::conflict("Your account has a second factor. Remove it before you add another one."));
        }
        let secret = sealed::seal(tx, me, &totp::fresh()?)?;
        let save = sql!(
            "insert into factors (workspace_id, person_id, secret, last_step, created_at) values ($1, $2, $3, 0, $4)
             on conflict (workspace_id, person_id) do update set secret = excluded.secret, created_at = excluded.created_at"
        );
        tx.run(save, args![tx.workspace(), me, secret, tx.now()]).await?;
        Ok(())
    }
}

/// What an app reads while it is added. No door lists it.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ShowPending {}

#[derive(Serialize, JsonSchema)]
pub(crate) struct Pending {
    pub secret: String,
    /// What the QR code says.
    pub address: String,
}

struct Found {
    secret: String,
    name: String,
    email: Option<String>,
}
columns!(Found { secret, name, email });

impl Operation for ShowPending {
    const NAME: &str = "factor.show_pending";
    const ROUTE: Route = Route(Get, "/me/second-factor/pending");
    const READS: bool = true;
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Pending;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Pending> {
        let select = sql!(
            "select f.secret, p.name, p.email from factors f
               join people p on p.workspace_id = f.workspace_id and p.id = f.person_id
              where f.workspace_id = $1 and f.person_id = $2 and f.confirmed_at is null"
        );
        let Found { secret, name, email } = tx.one(select, args![tx.workspace(), tx.me()]).await?;
        let secret = sealed::open(tx, tx.me(), &secret)?;
        let workspace = workspace_name(tx).await?;
        let address = totp::address(&secret, &workspace, &email.unwrap_or(name));
        Ok(Pending { secret, address })
    }
}

/// The first code of the app: from now on the account asks for one. All other access ends. Returns the recovery codes.
#[derive(Deserialize, JsonSchema)]
pub(crate) struct ConfirmFactor {
    pub code: String,
}

impl Operation for ConfirmFactor {
    const NAME: &str = "factor.confirm";
    const ROUTE: Route = Route(Post, "/me/second-factor/confirmation");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        let (me, now) = (tx.me(), tx.now());
        let select =
            sql!("select secret from factors where workspace_id = $1 and person_id = $2 and confirmed_at is null");
        let secret: String = tx.one(select, args![tx.workspace(), me]).await?;
        let secret = sealed::open(tx, me, &secret)?;
        let code: String = self.code.chars().filter(char::is_ascii_digit).collect();
        let step = totp::step_of(&secret, &code, now, 0);
        let step = step.ok_or_else(|| {
            Error::invalid("code", "This is not the code that the app shows now. Check the clock of your phone.")
        })?;
        let update =
            sql!("update factors set confirmed_at = $3, last_step = $4 where workspace_id = $1 and person_id = $2");
        tx.run(update, args![tx.workspace(), me, now, step]).await?;
        survive(tx).await?;
        tx.record("account.second_factor_added", me, json!({}));
        recovery::renew(tx, me).await
    }
}

/// Make new recovery codes in place of those before. They are shown once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RenewRecoveryCodes {}

impl Operation for RenewRecoveryCodes {
    const NAME: &str = "factor.renew_recovery_codes";
    const ROUTE: Route = Route(Post, "/me/second-factor/recovery-codes");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        require_proof(tx).await
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        let me = tx.me();
        if !is_set(tx, me).await? {
            return Err(Error::conflict("Your account has no second factor."));
        }
        tx.record("account.recovery_codes_renewed", me, json!({}));
        recovery::renew(tx, me).await
    }
}
