//! Secrets at rest that the program itself has to read again: sealed with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) under
//! a key for each class of them, which comes from the root key of the installation by HKDF-SHA256 (RFC 5869).
use crate::{Error, Result};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use chacha20poly1305::{
    Key, XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use sha2::Sha256;
use std::sync::Arc;

const VERSION: &str = "1.";
const NONCE: usize = 24;

/// Holds the root key, which is in no database and no backup. A closed one seals nothing and opens nothing.
#[derive(Clone)]
pub struct Vault(Option<Arc<[u8; 32]>>);

impl Vault {
    pub fn new(root: [u8; 32]) -> Vault {
        Vault(Some(Arc::new(root)))
    }

    pub fn closed() -> Vault {
        Vault(None)
    }

    /// A secret as it is stored, in 49 letters and four for every three bytes. `about` names its row and column, so that it
    /// opens in no other place.
    ///
    /// # Errors
    /// `Internal` without a key.
    pub fn seal(&self, class: &str, about: &str, secret: &str) -> Result<String> {
        let cipher = self.cipher(class).ok_or_else(|| Error::internal("there is no key to seal with"))?;
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| Error::internal(error.to_string()))?;
        let payload = Payload { msg: secret.as_bytes(), aad: about.as_bytes() };
        let sealed =
            cipher.encrypt(&XNonce::from(nonce), payload).map_err(|error| Error::internal(error.to_string()))?;
        Ok(format!("{VERSION}{}", STANDARD_NO_PAD.encode([&nonce[..], &sealed].concat())))
    }

    /// The secret again; nothing if it was sealed with another key, for another place, or was changed.
    pub fn open(&self, class: &str, about: &str, sealed: &str) -> Option<String> {
        let bytes = STANDARD_NO_PAD.decode(sealed.strip_prefix(VERSION)?).ok()?;
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let payload = Payload { msg: sealed, aad: about.as_bytes() };
        let secret = self.cipher(class)?.decrypt(&XNonce::from(nonce), payload).ok()?;
        String::from_utf8(secret).ok()
    }

    fn cipher(&self, class: &str) -> Option<XChaCha20Poly1305> {
        let mut key = [0_u8; 32];
        let label = format!("cairn class {class}");
        Hkdf::<Sha256>::new(None, self.0.as_deref()?).expand(label.as_bytes(), &mut key).ok()?;
        Some(XChaCha20Poly1305::new(&Key::from(key)))
    }
}

#[cfg(test)]
mod tests;
