//! Secrets that the program has to read again, as they are stored: sealed under a key that is in neither the database nor a
//! backup of it, and each for its own row.
use kernel::{Id, Result, Tx};

/// What a secret is for; each has a key of its own.
pub struct Class(&'static str);

pub const WEBHOOK: Class = Class("webhook");
pub const CONNECTION: Class = Class("connection");

impl Class {
    pub fn seal<T>(&self, tx: &Tx<'_>, of: Id<T>, secret: &str) -> Result<String> {
        tx.vault().seal(self.0, &self.about(tx, of), secret)
    }

    /// Nothing if `root.key` is another one than when it was sealed.
    pub fn open<T>(&self, tx: &Tx<'_>, of: Id<T>, sealed: &str) -> Option<String> {
        let secret = tx.vault().open(self.0, &self.about(tx, of), sealed);
        if secret.is_none() {
            let class = self.0;
            tracing::error!(class, "A secret cannot be opened: `root.key` is another one than when it was sealed.");
        }
        secret
    }

    fn about<T>(&self, tx: &Tx<'_>, of: Id<T>) -> String {
        format!("{} of {} {of}", self.0, tx.workspace())
    }
}
