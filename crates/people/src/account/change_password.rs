use super::{
    letter::{Letter, workspace_name},
    password::{self, Stored},
    prove::{Proof, own_password},
    replace_password,
    sealed::{self, StoredWrap},
    sign_in::{SignedIn, welcome},
    visitor::Visitor,
};
use kernel::{Actor, App, Id, Method::Post, Operation, Person, Result, Route, Tx, args, columns, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Gives the actor a new password. All their other sessions and their tokens end; this browser gets a new session.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    current: &str,
    new: &str,
    visitor: &Visitor,
) -> Result<SignedIn> {
    password::check("new_password", new)?;
    let (proof, own_key) = own_password(app, actor, "password", current, visitor).await?;
    let (hash, new_key) = password::hash(new).await?;
    let new_key = (&new_key, hash.as_str());
    let wrap = sealed::rewrap(app, actor, (&own_key, proof.stored()), new_key).await?;
    let change = ChangePassword { proof, new_hash: hash.as_str().to_owned(), device: visitor.device.clone(), wrap };
    let signed_in = app.call(actor, change).await?;
    sealed::open(app, actor, actor.person, new_key, &signed_in.session_secret).await?;
    Ok(signed_in)
}

/// Called from here only, after the hashes were made; no door lists it.
#[derive(Deserialize, JsonSchema)]
struct ChangePassword {
    proof: Proof,
    new_hash: String,
    device: String,
    /// The key of the actor's own notes, sealed with the new password.
    wrap: Option<StoredWrap>,
}

impl Operation for ChangePassword {
    const NAME: &str = "account.change_password";
    const ROUTE: Route = Route(Post, "/me/password");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = SignedIn;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<SignedIn> {
        self.proof.accept(tx).await?;
        if let Some(wrap) = &self.wrap {
            sealed::replace(tx, self.proof.stored(), wrap).await?;
        }
        let me = tx.me();
        replace_password(tx, me, &Stored::read(self.new_hash.clone())).await?;
        tell(tx, me).await?;
        welcome(tx, me, &self.device, None).await
    }
}

struct Owner {
    name: String,
    email: Option<String>,
}
columns!(Owner { name, email });

/// Records that an account has a new password, and tells its owner, in case it was not them.
pub(super) async fn tell(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    tx.record("account.password_changed", person, json!({}));
    let select = sql!("select name, email from people where workspace_id = $1 and id = $2");
    let Owner { name, email } = tx.one(select, args![tx.workspace(), person]).await?;
    let Some(email) = email else { return Ok(()) };
    let workspace = workspace_name(tx).await?;
    let letter = Letter {
        name: &name,
        text: "Your password was changed just now. All other sessions and all tokens of yours have ended.",
        link: None,
        otherwise: "If this was not you, ask an owner or admin to disable your account.",
    };
    letter.send(tx, &email, &format!("Your password for {workspace} was changed")).await
}
