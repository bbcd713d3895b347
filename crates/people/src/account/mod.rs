//! Accounts: who may sign in, with what, and what ends their access.
mod admit;
mod attempt;
pub mod first_run;
pub mod password;
mod roles;
pub mod secret;
pub mod session;
pub mod sign_in;

pub use admit::admit;
pub use roles::SetRoles;

use kernel::{Error, Id, Person, Result, Role, Tx, args, json, sql};

/// Raises the generation of a person's access: their sessions, tokens, streams and links end at once.
pub(crate) async fn end_all_access(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let raise = sql!("update accounts set auth_epoch = auth_epoch + 1 where workspace_id = $1 and person_id = $2");
    tx.run(raise, args![tx.workspace(), person]).await?;
    Ok(())
}

/// A workspace without an owner could not be run by anyone.
pub(crate) async fn refuse_last_owner(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let owners = sql!(
        "select a.person_id from accounts a
           join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
          where a.workspace_id = $1 and a.roles like '%owner%' and p.deactivated_at is null and a.disabled_at is null"
    );
    let owners: Vec<Id<Person>> = tx.all(owners, args![tx.workspace()]).await?;
    match owners.as_slice() {
        [only] if *only == person => Err(Error::conflict("This is the only owner. Make someone else an owner first.")),
        _ => Ok(()),
    }
}

/// Gives a person an account, or new roles to the one they have.
pub(crate) async fn open(tx: &mut Tx<'_>, person: Id<Person>, roles: kernel::Roles) -> Result<()> {
    let save = sql!(
        "insert into accounts (workspace_id, person_id, roles, auth_epoch, created_at) values ($1, $2, $3, 1, $4)
         on conflict (workspace_id, person_id) do nothing"
    );
    let (workspace, now) = (tx.workspace(), tx.now());
    if tx.run(save, args![workspace, person, roles.to_string(), now]).await? > 0 {
        let roles: Vec<&str> = roles.iter().map(Role::name).collect();
        tx.record("account.opened", person, json!({ "roles": roles }));
    }
    Ok(())
}
