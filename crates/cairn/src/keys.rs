//! The keys of an installation. They lie beside the database and are in no backup of it.
use crate::{command::private, config::Config};
use audit::note::SigningKey;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Result, Vault};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The key that signs checkpoints: read from the data folder, or made on the first start.
pub fn signing_key(config: &Config) -> Result<SigningKey> {
    let name = name(config);
    let bytes = key(&config.data().join("signing.key"), || Ok(SigningKey::generate(&name)?.to_bytes()))?;
    SigningKey::from_bytes(&name, &bytes)
}

/// What opens the secrets that are stored sealed: its key is read from the data folder, or made on the first start.
pub fn vault(config: &Config) -> Result<Vault> {
    key(&root_key(config), fresh).map(Vault::new)
}

/// Where the key is from which all secrets at rest have theirs.
pub fn root_key(config: &Config) -> PathBuf {
    config.data().join("root.key")
}

fn fresh() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes)
}

fn key(path: &Path, make: impl Fn() -> Result<[u8; 32]>) -> Result<[u8; 32]> {
    let unusable = |what: String| Error::invalid("data", format!("The key {} cannot be used: {what}.", path.display()));
    match fs::read_to_string(path) {
        Ok(text) => {
            let bytes = STANDARD.decode(text.trim()).map_err(|error| unusable(error.to_string()))?;
            bytes.try_into().map_err(|_| unusable("it does not hold 32 bytes".into()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let bytes = make()?;
            written(path, &bytes).map_err(|error| unusable(error.to_string()))?;
            Ok(bytes)
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

fn written(path: &Path, bytes: &[u8; 32]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    let mut file = private(path)?;
    writeln!(file, "{}", STANDARD.encode(bytes))?;
    file.sync_all()
}

/// Signatures carry the name of the host.
fn name(config: &Config) -> String {
    let base = config.base_url();
    let host = base.split("//").nth(1).unwrap_or_default().split([':', '/']).next().unwrap_or_default();
    if host.is_empty() { "cairn".into() } else { host.to_owned() }
}
