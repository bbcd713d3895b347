//! Codes on paper, for when the phone is gone. Each works once.
use super::totp::base32;
use crate::account::{
    ledger,
    letter::{Letter, workspace_name},
    secret,
};
use kernel::{Error, Id, Person, Result, Tx, args, columns, json, sql};

const HOW_MANY: usize = 10;
/// 23 letters of base32 hold 115 bits, so a plain hash of them cannot be turned back by trying.
const LETTERS: usize = 23;

/// New codes in place of all before. They are shown once; only their hashes are kept.
pub(super) async fn renew(tx: &mut Tx<'_>, person: Id<Person>) -> Result<Vec<String>> {
    forget(tx, person).await?;
    let insert = sql!("insert into recovery_codes (workspace_id, code_hash, person_id) values ($1, $2, $3)");
    let mut codes = Vec::new();
    for _ in 0..HOW_MANY {
        let code = fresh()?;
        tx.run(insert, args![tx.workspace(), secret::hash(&code), person]).await?;
        codes.push(spaced(&code));
    }
    ledger::note(tx, person);
    Ok(codes)
}

pub(super) async fn forget(tx: &mut Tx<'_>, person: Id<Person>) -> Result<()> {
    let delete = sql!("delete from recovery_codes where workspace_id = $1 and person_id = $2");
    tx.run(delete, args![tx.workspace(), person]).await?;
    Ok(())
}

pub(super) async fn left(tx: &mut Tx<'_>, person: Id<Person>) -> Result<i64> {
    let count = sql!("select count(*) from recovery_codes where workspace_id = $1 and person_id = $2");
    tx.one(count, args![tx.workspace(), person]).await
}

struct Owner {
    name: String,
    email: Option<String>,
}
columns!(Owner { name, email });

/// Uses a code up, and tells its owner, in case it was not them.
pub(super) async fn spend(tx: &mut Tx<'_>, person: Id<Person>, code: &str) -> Result<bool> {
    let delete = sql!("delete from recovery_codes where workspace_id = $1 and person_id = $2 and code_hash = $3");
    if tx.run(delete, args![tx.workspace(), person, secret::hash(code)]).await? == 0 {
        return Ok(false);
    }
    ledger::note(tx, person);
    tx.record("account.recovery_code_used", person, json!({}));
    let left = left(tx, person).await?;
    let select = sql!("select name, email from people where workspace_id = $1 and id = $2");
    let Owner { name, email } = tx.one(select, args![tx.workspace(), person]).await?;
    if let Some(email) = email {
        let letter = Letter {
            name: &name,
            text: &format!("A recovery code of yours was used just now in place of your app. You have {left} left."),
            link: Some(("Look after your sign-in", format!("{}/me/sign-in", tx.base_url()))),
            otherwise: "If this was not you, change your password, and ask an owner or admin to look at your account.",
        };
        let workspace = workspace_name(tx).await?;
        letter.send(tx, &email, &format!("A recovery code for {workspace} was used")).await?;
    }
    Ok(true)
}

fn fresh() -> Result<String> {
    let mut bytes = [0_u8; 15];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(base32(&bytes)[..LETTERS].to_ascii_lowercase())
}

/// In groups that a person can read and type.
fn spaced(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(6).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
