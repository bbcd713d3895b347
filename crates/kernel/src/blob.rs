use crate::{Error, Id, Result, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Asks the mover to look for bytes that wait in the database.
const MOVE: &str = "blob.move";
const DROP: &str = "blob.drop";
/// How long the store keeps what no row names any more, so that a backup that has begun still finds it.
const KEPT: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// The bytes of something that a person brought, such as a photo, with their hash. Making one takes a while; do it before
/// the transaction.
#[derive(Clone, Debug)]
pub struct Blob {
    sha256: String,
    bytes: Vec<u8>,
}

impl Blob {
    pub fn of(bytes: Vec<u8>) -> Blob {
        Blob { sha256: sha256(&bytes), bytes }
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// The SHA-256 of some bytes in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where the bytes are that somebody asked for: still in their row, or in the store under this name.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub enum Content {
    Here(Vec<u8>),
    Stored(BlobName),
}

/// The name of a blob in the store. It holds the hash of the bytes, and the id of the row, so that it is never used twice:
/// a deletion that arrives late takes nothing that somebody brought again.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct BlobName(String);

impl BlobName {
    pub fn of(sha256: &str, id: &Id<Blob>) -> BlobName {
        BlobName(format!("{}/{sha256}-{id}", &sha256[..2.min(sha256.len())]))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether these are the bytes that the name promises.
    pub fn fits(&self, bytes: &[u8]) -> bool {
        self.0.split(['/', '-']).nth(1) == Some(&sha256(bytes))
    }
}

struct Row {
    sha256: String,
    bytes: Option<Vec<u8>>,
}
columns!(Row { sha256, bytes });

impl Tx<'_> {
    /// Keeps bytes with this transaction. The row holds them until a job has moved them into the store, so they are as safe
    /// as everything else that was committed; who may read them is said by the row that names the blob.
    pub async fn keep(&mut self, blob: &Blob) -> Result<Id<Blob>> {
        let (workspace, id, now): (_, Id<Blob>, Time) = (self.workspace(), self.id(), self.now());
        let insert = sql!(
            "insert into blobs (workspace_id, id, sha256, size, bytes, created_at) values ($1, $2, $3, $4, $5, $6)"
        );
        let size = blob.bytes.len() as i64;
        self.run(insert, args![workspace, id, blob.sha256, size, blob.bytes, now]).await?;
        self.move_blobs();
        Ok(id)
    }

    /// Asks the mover to look for bytes that wait in the database.
    pub fn move_blobs(&mut self) {
        let now = self.now();
        self.want_once(MOVE, MOVE, crate::json!({}), now);
    }

    /// The bytes of a blob, or where they are. Whoever calls this has checked that the actor sees what names it.
    pub async fn content(&mut self, blob: Id<Blob>) -> Result<Content> {
        let select = sql!("select sha256, bytes from blobs where workspace_id = $1 and id = $2");
        let row: Row = self.one(select, args![self.workspace(), blob]).await?;
        Ok(match row.bytes {
            Some(bytes) => Content::Here(bytes),
            None => Content::Stored(BlobName::of(&row.sha256, &blob)),
        })
    }

    /// Forgets a blob that no row names any more. Nobody reads it from now on; the store deletes it a day later.
    pub async fn drop_blob(&mut self, blob: Id<Blob>) -> Result<()> {
        let delete = sql!("delete from blobs where workspace_id = $1 and id = $2 returning sha256");
        let sha256: Option<String> = self.find(delete, args![self.workspace(), blob]).await?;
        let Some(sha256) = sha256 else { return Err(Error::NotFound) };
        let at = self.now() + KEPT;
        self.want(DROP, blob.to_string(), crate::json!(BlobName::of(&sha256, &blob)), at);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
