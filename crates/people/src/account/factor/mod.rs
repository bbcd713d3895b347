//! The second factor of an account: an app that shows codes, and the codes on paper that replace it.
pub mod policy;
mod recovery;
mod remove;
pub mod sealed;
pub mod set_up;
pub mod step;
pub mod totp;

pub use remove::{RemoveFactor, RemoveFactorOf};
pub use set_up::{BeginFactor, RenewRecoveryCodes, ShowFactor};

use super::{
    attempt::{self, PER_ACCOUNT},
    secret,
};
use kernel::{Id, Person, Result, Tx, args, columns, sql};

struct Factor {
    /// As it is stored.
    secret: String,
    last_step: i64,
}
columns!(Factor { secret, last_step });

/// Whether a person has to show more than a password.
pub(super) async fn is_set(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    let set = sql!("select 1 from factors where workspace_id = $1 and person_id = $2 and confirmed_at is not null");
    tx.exists(set, args![tx.workspace(), person]).await
}

/// Counts the attempt and uses up the code of the app, or a recovery code. A wrong one is an answer and no error, so that
/// the count stays. The limit slides, and only those get here who know the password: nobody is locked out for good.
pub(super) async fn spend(tx: &mut Tx<'_>, person: Id<Person>, code: &str) -> Result<bool> {
    let subject = secret::hash(&format!("second factor of {person}"));
    attempt::count(tx, &subject, PER_ACCOUNT).await?;
    let code: String = code.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_lowercase();
    let good = match code.len() {
        6 => spend_code(tx, person, &code).await?,
        _ => recovery::spend(tx, person, &code).await?,
    };
    if good {
        attempt::forget(tx, &subject).await?;
    }
    Ok(good)
}

async fn spend_code(tx: &mut Tx<'_>, person: Id<Person>, code: &str) -> Result<bool> {
    let select = sql!(
        "select secret, last_step from factors where workspace_id = $1 and person_id = $2 and confirmed_at is not null"
    );
    let Some(Factor { secret, last_step }) = tx.find(select, args![tx.workspace(), person]).await? else {
        return Ok(false);
    };
    let secret = sealed::open(tx, person, &secret)?;
    let Some(step) = totp::step_of(&secret, code, tx.now(), last_step) else { return Ok(false) };
    let used = sql!("update factors set last_step = $3 where workspace_id = $1 and person_id = $2");
    tx.run(used, args![tx.workspace(), person, step]).await?;
    Ok(true)
}
