//! Links that work once: an invitation, or the way to a new password. Each is bound to a person and to the mail address
//! that they had when it was made.
use super::secret;
use kernel::{Actor, Id, Person, Result, Roles, Tx, args, columns, sql, words};
use std::time::Duration;

words! {
    /// What a link is good for; one purpose never serves another.
    pub enum Purpose {
        Invitation = "invitation",
        Reset = "reset",
    }
}

impl Purpose {
    pub fn lasts(self) -> Duration {
        match self {
            Purpose::Invitation => Duration::from_secs(7 * 24 * 3600),
            Purpose::Reset => Duration::from_secs(3600),
        }
    }
}

pub enum Link {}

/// Makes a link, whose secret is returned and never stored, in place of earlier ones.
pub(super) async fn make(
    tx: &mut Tx<'_>,
    purpose: Purpose,
    person: Id<Person>,
    email: Option<&str>,
    roles: Roles,
) -> Result<String> {
    end(tx, purpose, person).await?;
    let (id, secret): (Id<Link>, String) = (tx.id(), secret::fresh()?);
    let insert = sql!(
        "insert into invitations (workspace_id, id, person_id, email, token_hash, roles, purpose, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let (workspace, me, now) = (tx.workspace(), tx.me(), tx.now());
    let (email, hash, roles, until) =
        (email.unwrap_or_default(), secret::hash(&secret), roles.to_string(), now + purpose.lasts());
    tx.run(insert, args![workspace, id, person, email, hash, roles, purpose, me, now, until]).await?;
    Ok(secret)
}

/// Ends the links of a person that are still open, and returns how many there were.
pub(super) async fn end(tx: &mut Tx<'_>, purpose: Purpose, person: Id<Person>) -> Result<u64> {
    let update = sql!(
        "update invitations set revoked_at = $4
          where workspace_id = $1 and person_id = $2 and purpose = $3 and accepted_at is null and revoked_at is null"
    );
    tx.run(update, args![tx.workspace(), person, purpose, tx.now()]).await
}

/// A link that may still be used, and whom it lets in.
pub struct Open {
    id: Id<Link>,
    pub person_id: Id<Person>,
    pub roles: String,
    pub name: String,
    pub email: Option<String>,
    pub zone: String,
    pub hours: String,
}
columns!(Open { id, person_id, roles, name, email, zone, hours });

/// The link with this secret, unless it was used, taken back or replaced, its time is over, the person has another mail
/// address or no access any more, or whoever made it has none. Which of these it is, is not told.
pub(super) async fn find(tx: &mut Tx<'_>, purpose: Purpose, secret: &str) -> Result<Open> {
    let select = sql!(
        "select i.id, i.person_id, i.roles, p.name, p.email, p.zone, p.hours from invitations i
           join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
           left join accounts a on a.workspace_id = i.workspace_id and a.person_id = i.person_id
          where i.workspace_id = $1 and i.token_hash = $2 and i.purpose = $3 and i.expires_at > $4
            and i.accepted_at is null and i.revoked_at is null and i.email = coalesce(p.email, '')
            and p.deactivated_at is null and a.disabled_at is null
            and (a.password_hash is null or i.purpose = 'reset')
            and (i.invited_by = $5 or exists (
                  select 1 from people b
                    left join accounts c on c.workspace_id = b.workspace_id and c.person_id = b.id
                   where b.workspace_id = i.workspace_id and b.id = i.invited_by
                     and b.deactivated_at is null and c.disabled_at is null))"
    );
    let cairn = Actor::system(tx.workspace()).person;
    tx.one(select, args![tx.workspace(), secret::hash(secret), purpose, tx.now(), cairn]).await
}

impl Open {
    /// Uses the link up.
    pub async fn spend(&self, tx: &mut Tx<'_>) -> Result<()> {
        let update = sql!("update invitations set accepted_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.id, tx.now()]).await?;
        Ok(())
    }
}
