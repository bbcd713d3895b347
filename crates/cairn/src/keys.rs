//! The keys of an installation. They lie beside the database and are in no backup of it.
use crate::{command::private, config::Config};
use audit::note::SigningKey;
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Error, Result};
use std::{fs, io::Write, path::PathBuf};

/// The key that signs checkpoints: read from the data folder, or made on the first start.
pub fn signing_key(config: &Config) -> Result<SigningKey> {
    let (path, name) = (path(config), name(config));
    let unusable = |what: String| Error::invalid("data", format!("The key {} cannot be used: {what}.", path.display()));
    match fs::read_to_string(&path) {
        Ok(text) => {
            let bytes = STANDARD.decode(text.trim()).map_err(|error| unusable(error.to_string()))?;
            let bytes = bytes.try_into().map_err(|_| unusable("it does not hold 32 bytes".into()))?;
            SigningKey::from_bytes(&name, &bytes)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            fs::create_dir_all(config.data()).map_err(|error| unusable(error.to_string()))?;
            let key = SigningKey::generate(&name)?;
            let mut file = private(&path).map_err(|error| unusable(error.to_string()))?;
            writeln!(file, "{}", STANDARD.encode(key.to_bytes())).map_err(|error| unusable(error.to_string()))?;
            file.sync_all().map_err(|error| unusable(error.to_string()))?;
            Ok(key)
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

fn path(config: &Config) -> PathBuf {
    config.data().join("signing.key")
}

/// Signatures carry the name of the host.
fn name(config: &Config) -> String {
    let base = config.base_url();
    let host = base.split("//").nth(1).unwrap_or_default().split([':', '/']).next().unwrap_or_default();
    if host.is_empty() { "cairn".into() } else { host.to_owned() }
}
