//! Passwords. One run of Argon2id feeds two keys: one proves the password, and of it only a hash is stored; the other
//! is for what its owner alone can read, and is never stored.
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use hkdf::Hkdf;
use kernel::{Error, Result};
use sha2::{Digest, Sha256};
use std::sync::{
    LazyLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};
use subtle::ConstantTimeEq;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 64 MiB, three passes, one lane: RFC 9106 asks for at least this where memory is scarce.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const SHORTEST: usize = 12;
const LONGEST: usize = 200;

/// A hash takes 64 MiB and a fifth of a second: two at once, and a short queue, or signing in becomes a way to
/// bring the server down.
static AT_ONCE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));
static WAITING: AtomicUsize = AtomicUsize::new(0);
const LONGEST_QUEUE: usize = 16;

/// What is stored of a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored(String);

/// A key of its owner's alone, made from the password while they sign in.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct OwnKey(pub [u8; 32]);

impl Stored {
    pub fn read(text: String) -> Stored {
        Stored(text)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Refuses a password that is short, endless or among the most common ones.
pub fn check(field: &str, password: &str) -> Result<()> {
    let length = password.chars().count();
    let folded = password.to_lowercase();
    match () {
        () if length < SHORTEST => Err(Error::invalid(field, format!("Use at least {SHORTEST} characters."))),
        () if length > LONGEST => Err(Error::invalid(field, format!("Use at most {LONGEST} characters."))),
        () if is_common(&folded) => {
            Err(Error::invalid(field, "This password is one of the first that others try. Choose another."))
        }
        () => Ok(()),
    }
}

/// Only long passwords get here, so what is left of the known lists are words repeated, rows of keys and counting.
fn is_common(folded: &str) -> bool {
    const WORDS: &[&str] = &[
        "password", "passwort", "qwerty", "qwertz", "azerty", "letmein", "welcome", "iloveyou", "admin", "abc", "cairn",
    ];
    const ROWS: &str = "0123456789012345 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm qwertzuiopasdfghjklyxcvbnm 1q2w3e4r5t6y7u8i9o0p";
    let letters: Vec<char> = folded.chars().collect();
    let repeated = (1..=4).any(|n| letters.chunks(n).all(|chunk| letters.starts_with(chunk)));
    let rest = WORDS.iter().fold(folded.to_owned(), |rest, word| rest.replace(word, ""));
    let only_digits_left =
        rest.len() < folded.len() && rest.chars().all(|c| c.is_ascii_digit() || c == '!' || c == '.');
    repeated || ROWS.contains(folded) || only_digits_left
}

/// Hashes a new password, off the async threads.
pub async fn hash(password: &str) -> Result<(Stored, OwnKey)> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(error.to_string()))?;
    let (verifier, own) = derive(password, salt, MEMORY_KIB, PASSES).await?;
    let encode = |bytes: &[u8]| STANDARD_NO_PAD.encode(bytes);
    Ok((Stored(format!("argon2id-hkdf$m={MEMORY_KIB},t={PASSES}${}${}", encode(&salt), encode(&verifier))), own))
}

/// Whether a password is the stored one; the key of its owner when it is. Without a stored one the same time passes.
pub async fn verify(password: &str, stored: Option<&Stored>) -> Result<Option<OwnKey>> {
    let Some(Parts { memory, passes, salt, verifier }) = stored.and_then(Parts::of) else {
        derive(password, [0; 16], MEMORY_KIB, PASSES).await?;
        return Ok(None);
    };
    let (found, own) = derive(password, salt, memory, passes).await?;
    let same: bool = found.as_slice().ct_eq(&verifier).into();
    Ok(same.then_some(own))
}

struct Parts {
    memory: u32,
    passes: u32,
    salt: [u8; 16],
    verifier: Vec<u8>,
}

impl Parts {
    fn of(stored: &Stored) -> Option<Parts> {
        let mut fields = stored.0.split('$');
        let (Some("argon2id-hkdf"), Some(cost), Some(salt), Some(verifier), None) =
            (fields.next(), fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return None;
        };
        let (memory, passes) = cost.strip_prefix("m=")?.split_once(",t=")?;
        Some(Parts {
            memory: memory.parse().ok()?,
            passes: passes.parse().ok()?,
            salt: STANDARD_NO_PAD.decode(salt).ok()?.try_into().ok()?,
            verifier: STANDARD_NO_PAD.decode(verifier).ok()?,
        })
    }
}

/// Keyboards differ in how they spell a letter with an accent, so the password is read in one spelling (NFC).
async fn derive(password: &str, salt: [u8; 16], memory: u32, passes: u32) -> Result<(Vec<u8>, OwnKey)> {
    if WAITING.fetch_add(1, Relaxed) >= LONGEST_QUEUE {
        WAITING.fetch_sub(1, Relaxed);
        return Err(Error::Busy("Many people sign in just now. Try again in a moment.".into()));
    }
    let place = AT_ONCE.acquire().await;
    let password: Zeroizing<String> = Zeroizing::new(password.nfc().collect());
    let hashed = tokio::task::spawn_blocking(move || derive_now(password.as_bytes(), &salt, memory, passes)).await;
    WAITING.fetch_sub(1, Relaxed);
    drop(place);
    hashed.map_err(Error::internal)?
}

fn derive_now(password: &[u8], salt: &[u8], memory: u32, passes: u32) -> Result<(Vec<u8>, OwnKey)> {
    let wrong = |error: argon2::Error| Error::internal(error.to_string());
    let params = Params::new(memory, passes, 1, Some(32)).map_err(wrong)?;
    let mut root = Zeroizing::new([0_u8; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password, salt, root.as_mut())
        .map_err(wrong)?;
    let keys = Hkdf::<Sha256>::new(Some(salt), root.as_ref());
    let (mut proof, mut own) = (Zeroizing::new([0_u8; 32]), OwnKey([0_u8; 32]));
    let expand =
        |label: &[u8], out: &mut [u8]| keys.expand(label, out).map_err(|error| Error::internal(error.to_string()));
    expand(b"cairn password proof", proof.as_mut())?;
    expand(b"cairn own key", &mut own.0)?;
    Ok((Sha256::digest(*proof).to_vec(), own))
}

#[cfg(test)]
mod tests;
