use kernel::{Error, Later, Tx, args, sql};

/// Asked in the transaction of every change: whether the access with which the actor came still stands.
pub fn admit<'a>(tx: &'a mut Tx<'_>) -> Later<'a, ()> {
    Box::pin(async move {
        let stands = sql!(
            "select 1 from accounts a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and a.person_id = $2 and a.auth_epoch = $3
                and a.disabled_at is null and p.deactivated_at is null"
        );
        let epoch = tx.actor().epoch;
        match tx.exists(stands, args![tx.workspace(), tx.me(), epoch]).await? {
            true => Ok(()),
            false => Err(Error::SignedOut),
        }
    })
}
