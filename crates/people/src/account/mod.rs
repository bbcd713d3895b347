//! Accounts: who may sign in, with what, and what ends their access.
mod admit;
pub mod attempt;
mod card;
mod change_mail;
mod change_password;
pub(crate) mod cookies;
mod end_all_access;
pub mod factor;
pub mod first_run;
mod grant;
pub mod invitation;
pub mod ledger;
mod letter;
mod link;
mod notice;
mod pages;
pub mod password;
pub mod prove;
pub mod reset;
mod return_to;
mod roles;
pub mod sealed;
pub mod secret;
pub mod session;
pub mod sign_in;
mod switch;
mod theme;
pub mod token;
pub mod visitor;
mod workspace;

pub use admit::admit;
pub use card::{AccountState, ShowAccount, card};
pub(crate) use change_mail::change_mail;
pub use change_password::change_password;
pub use end_all_access::EndAllAccess;
pub use grant::GrantAccount;
pub use pages::ask_for_password;
pub use pages::pages;
pub use roles::SetRoles;
pub(crate) use roles::looks_after;
pub use switch::{DisableAccount, EnableAccount};
pub use theme::{SetTheme, Theme};
pub use workspace::RenameWorkspace;

use kernel::{Error, Id, Person, Result, Role, Roles, Tx, args, json, sql};

/// What live pages listen to that end when the access of their reader does.
pub fn access_topic(person: Id<Person>) -> String {
    format!("access-{person}")
}

/// Raises the generation of a person's access: their sessions, tokens, streams and links end at once.
pub(crate) async fn end_all_access(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let raise = sql!("update accounts set auth_epoch = auth_epoch + 1 where workspace_id = $1 and person_id = $2");
    tx.run(raise, args![tx.workspace(), person]).await?;
    tx.touch(access_topic(person));
    ledger::note(tx, person);
    Ok(())
}

/// Notes beside the database what an account may do from now on.
pub(crate) fn noted(tx: &mut Tx<'_>, person: Id<Person>) {
    ledger::note(tx, person);
}

/// Ends all access of a person, and the links that would open it anew.
pub(crate) async fn shut_out(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    end_all_access(tx, person).await?;
    link::end(tx, link::Purpose::Reset, person).await?;
    link::end(tx, link::Purpose::Invitation, person).await?;
    Ok(())
}

/// What a person may do in the workspace; nothing without an account.
pub(crate) async fn roles_of(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Roles> {
    let select = sql!("select roles from accounts where workspace_id = $1 and person_id = $2");
    let roles: Option<String> = tx.find(select, args![tx.workspace(), person]).await?;
    roles.unwrap_or_default().parse()
}

/// Those whose accounts the actor does not look after, as they may do more than the actor.
pub(crate) async fn out_of_reach(tx: &mut Tx<'_>) -> Result<Vec<Id<Person>>> {
    let select = sql!("select person_id, roles from accounts where workspace_id = $1");
    let all: Vec<(Id<Person>, String)> = tx.all(select, args![tx.workspace()]).await?;
    let mut found = Vec::new();
    for (person, roles) in all {
        if !looks_after(tx.actor(), roles.parse()?) {
            found.push(person);
        }
    }
    Ok(found)
}

/// Those who have an account, for everyone but whoever has the server in their hands.
pub(crate) async fn holders(tx: &mut Tx<'_>) -> Result<Vec<Id<Person>>> {
    let select = sql!("select person_id from accounts where workspace_id = $1 order by person_id");
    if tx.actor().is_system() { Ok(Vec::new()) } else { tx.all(select, args![tx.workspace()]).await }
}

/// The owners who can sign in.
pub(crate) async fn owners(tx: &mut Tx<'_>) -> Result<Vec<Id<Person>>> {
    let select = sql!(
        "select a.person_id from accounts a
           join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
          where a.workspace_id = $1 and a.roles like '%owner%' and p.deactivated_at is null and a.disabled_at is null"
    );
    tx.all(select, args![tx.workspace()]).await
}

/// A new password ends everything that the old one opened: all access, the browsers that were known, and open links.
pub(crate) async fn replace_password(tx: &mut Tx<'_>, person: Id<Person>, password: &password::Stored) -> Result<()> {
    let update = sql!("update accounts set password_hash = $3 where workspace_id = $1 and person_id = $2");
    tx.run(update, args![tx.workspace(), person, password.as_str()]).await?;
    end_all_access(tx, person).await?;
    let sessions = sql!("delete from sessions where workspace_id = $1 and person_id = $2");
    tx.run(sessions, args![tx.workspace(), person]).await?;
    let devices = sql!("delete from devices where workspace_id = $1 and person_id = $2");
    tx.run(devices, args![tx.workspace(), person]).await?;
    link::end(tx, link::Purpose::Reset, person).await?;
    Ok(())
}

/// A workspace without an owner could not be run by anyone.
pub(crate) async fn refuse_last_owner(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    match owners(tx).await?.as_slice() {
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
