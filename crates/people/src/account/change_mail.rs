use super::{
    letter::{Letter, workspace_name},
    looks_after, roles_of,
    session::require_proof,
    shut_out,
};
use kernel::{Error, Id, Person, Result, Roles, Tx};

/// What follows when a person's mail address is no longer `old`. Whoever reads the new one can ask for a new password,
/// so nobody gives another address to someone who may do more than themselves, and nobody to an account without having just
/// proven who they are: no token leads to a session in this way.
pub(crate) async fn change_mail(tx: &mut Tx<'_>, person: Id<Person>, name: &str, old: Option<&str>) -> Result<()> {
    let roles = roles_of(tx, person).await?;
    if !looks_after(tx.actor(), roles) {
        return Err(Error::invalid("email", "You cannot change the address of someone who may do more than you."));
    }
    if roles != Roles::NONE {
        require_proof(tx).await?;
    }
    shut_out(tx, person).await?;
    match old {
        Some(old) if roles != Roles::NONE => tell(tx, name, old).await,
        _ => Ok(()),
    }
}

async fn tell(tx: &mut Tx<'_>, name: &str, old: &str) -> Result<()> {
    let workspace = workspace_name(tx).await?;
    let letter = Letter {
        name,
        text: "Your account has another mail address from now on, and you sign in with that. All sessions and tokens of yours have ended.",
        link: None,
        otherwise: "If you do not know of this, ask an owner or admin about it.",
    };
    letter.send(tx, old, &format!("Your mail address in {workspace} was changed")).await
}
