//! The one place that encrypts: XChaCha20-Poly1305, each text bound to where it stands (draft-irtf-cfrg-xchacha-03).
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use hkdf::Hkdf;
use kernel::{Error, Result};
use sha2::Sha256;
use std::fmt::Display;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// A key of 256 bits, wiped from memory when it is dropped.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Key([u8; 32]);

/// Where a sealed text stands. It opens nowhere else: not in another row, column or revision, and not as somebody else's.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    pub table: &'static str,
    pub row: &'a str,
    pub column: &'static str,
    pub owner: &'a str,
    pub revision: i64,
}

/// The first byte of what is sealed in this way.
const VERSION: u8 = 1;
const NONCE: usize = 24;

impl Key {
    pub fn fresh() -> Result<Key> {
        Ok(Key(chance()?))
    }

    pub fn of(bytes: [u8; 32]) -> Key {
        Key(bytes)
    }

    /// A key for one purpose, from what nobody can guess (HKDF with SHA-256, RFC 5869).
    pub fn derive(secret: &[u8], salt: &[u8], purpose: &str) -> Result<Key> {
        let mut bytes = [0_u8; 32];
        let keys = Hkdf::<Sha256>::new(Some(salt), secret);
        keys.expand(purpose.as_bytes(), &mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        Ok(Key(bytes))
    }

    /// The text, padded to one of few lengths, so that its own is not told: 256 bytes, 1 KiB, or whole 4 KiB.
    pub fn seal(&self, place: Place<'_>, text: &[u8]) -> Result<Vec<u8>> {
        self.seal_with(place, text, chance()?)
    }

    fn seal_with(&self, place: Place<'_>, text: &[u8], nonce: [u8; NONCE]) -> Result<Vec<u8>> {
        let padded = padded(text)?;
        let (aad, payload) = (place.words(), padded.as_slice());
        let sealed = self
            .cipher()?
            .encrypt(&XNonce::from(nonce), Payload { msg: payload, aad: aad.as_bytes() })
            .map_err(|_| Error::internal("a text could not be sealed"))?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    /// The text, or nothing if it was sealed with another key or for another place, or was changed.
    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let Some((&VERSION, rest)) = sealed.split_first() else { return Ok(None) };
        let Some((nonce, sealed)) = rest.split_first_chunk::<NONCE>() else { return Ok(None) };
        let aad = place.words();
        let opened = self.cipher()?.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: aad.as_bytes() });
        Ok(opened.ok().map(Zeroizing::new).and_then(|padded| unpadded(&padded)))
    }

    /// This key, sealed with another one.
    pub fn wrap(&self, place: Place<'_>, with: &Key) -> Result<Vec<u8>> {
        with.seal(place, &self.0)
    }

    /// The key that was wrapped with this one.
    pub fn unwrap(&self, place: Place<'_>, wrapped: &[u8]) -> Result<Option<Key>> {
        let opened = self.open(place, wrapped)?;
        Ok(opened.and_then(|bytes| Some(Key(bytes.as_slice().try_into().ok()?))))
    }

    fn cipher(&self) -> Result<XChaCha20Poly1305> {
        XChaCha20Poly1305::new_from_slice(&self.0).map_err(|error| Error::internal(error.to_string()))
    }
}

impl Place<'_> {
    /// What is authenticated along with the text. No id, table or column holds a bar.
    fn words(&self) -> String {
        let parts: [&dyn Display; 7] =
            [&"cairn", &VERSION, &self.table, &self.row, &self.column, &self.owner, &self.revision];
        parts.map(|part| part.to_string()).join("|")
    }
}

fn chance<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes)
}

/// The length in four bytes, the text, and zeros.
fn padded(text: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let length = u32::try_from(text.len()).map_err(Error::internal)?;
    let size = match text.len() + 4 {
        ..=256 => 256,
        257..=1024 => 1024,
        longer => longer.next_multiple_of(4096),
    };
    let mut all = Zeroizing::new(Vec::with_capacity(size));
    all.extend_from_slice(&length.to_le_bytes());
    all.extend_from_slice(text);
    all.resize(size, 0);
    Ok(all)
}

fn unpadded(padded: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (length, rest) = padded.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    Some(Zeroizing::new(rest.get(..length)?.to_vec()))
}

#[cfg(test)]
mod tests;
