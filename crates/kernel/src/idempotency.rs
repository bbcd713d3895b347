use crate::{Error, Json, Result, Tx, args, columns, sql};

/// The caller's promise that two requests with this key are one. The answer is saved in the operation's own
/// transaction: there is no moment at which the change exists and its answer does not.
pub(crate) struct Key {
    key: String,
    operation: &'static str,
    fingerprint: i64,
}

struct Stored {
    operation: String,
    fingerprint: i64,
    answer: String,
}
columns!(Stored { operation, fingerprint, answer });

impl Key {
    pub fn new(key: String, operation: &'static str, input: &Json) -> Key {
        Key { key, operation, fingerprint: fingerprint(&input.to_string()) }
    }

    /// Takes the key, or returns the answer that was given before. The insert comes first: on PostgreSQL a second
    /// request waits there until the first has committed, and then reads its answer.
    pub async fn take(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        let taken = tx
            .run(
                sql!(
                    "insert into idempotency_keys (workspace_id, person, key, operation, fingerprint, answer, created_at)
                     values ($1, $2, $3, $4, $5, '', $6) on conflict (workspace_id, person, key) do nothing"
                ),
                args![tx.workspace(), tx.me(), self.key, self.operation, self.fingerprint, tx.now()],
            )
            .await?;
        if taken == 1 {
            return Ok(None);
        }
        let stored: Stored = tx
            .one(
                sql!(
                    "select operation, fingerprint, answer from idempotency_keys
                      where workspace_id = $1 and person = $2 and key = $3"
                ),
                args![tx.workspace(), tx.me(), self.key],
            )
            .await?;
        if stored.operation != self.operation || stored.fingerprint != self.fingerprint {
            return Err(Error::invalid("Idempotency-Key", "This key was used for another request."));
        }
        Ok(Some(stored.answer))
    }

    pub async fn keep(&self, tx: &mut Tx<'_>, answer: &str) -> Result<()> {
        let sql = sql!("update idempotency_keys set answer = $4 where workspace_id = $1 and person = $2 and key = $3");
        tx.run(sql, args![tx.workspace(), tx.me(), self.key, answer]).await?;
        Ok(())
    }
}

/// FNV-1a: stored, so it may not change between releases as the standard library's hash may. It only finds mistakes
/// (a reused key, an edited migration); nothing is protected by it.
pub fn fingerprint(text: &str) -> i64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x100_0000_01b3)) as i64
}
