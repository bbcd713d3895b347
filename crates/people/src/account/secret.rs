//! Random secrets that people and programs carry: only their hashes are stored.
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use kernel::{Error, Id, Result, Workspace};
use sha2::{Digest, Sha256};

/// A fresh secret of 256 bits, as 43 letters.
pub fn fresh() -> Result<String> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// A fresh secret of 160 bits for a mail address, of which some servers change the case: 40 digits and small letters.
pub fn fresh_for_mail() -> Result<String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What is stored of a secret. It has 256 bits of chance, so a plain hash cannot be turned back by trying.
pub fn hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

/// A secret together with the workspace in whose tables its hash is found: `<workspace>.<secret>`.
pub fn address(workspace: Id<Workspace>, secret: &str) -> String {
    format!("{workspace}.{secret}")
}

/// The workspace and the secret of an [`address`].
pub fn parse(text: &str) -> Option<(Id<Workspace>, &str)> {
    let (workspace, secret) = text.split_once('.')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (secret.len() == 43 && secret.chars().all(plain)).then_some((workspace.parse().ok()?, secret))
}
