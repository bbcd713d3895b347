//! Signed notes of C2SP (<https://c2sp.org/signed-note>), with Ed25519 as the only algorithm: a text, a blank line, and
//! signature lines `— name base64(key id ‖ signature)`. The key id is the first four bytes of
//! `SHA-256(name ‖ 0x0A ‖ 0x01 ‖ public key)`.
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use ed25519_dalek::{Signature, Signer, VerifyingKey};
use kernel::Error;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// The identifier byte that C2SP gives Ed25519.
const ED25519: u8 = 1;
/// More signatures than this are not read; C2SP asks for at least 16.
const MOST_SIGNATURES: usize = 64;

/// A private key and the name under which it signs.
pub struct SigningKey {
    name: String,
    key: ed25519_dalek::SigningKey,
}

impl SigningKey {
    /// A new key, from the system's random numbers.
    pub fn generate(name: &str) -> kernel::Result<SigningKey> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
        SigningKey::from_bytes(name, &bytes)
    }

    /// The key of these 32 bytes (the seed of RFC 8032). A name is `Invalid` when it is empty or holds a space or a plus.
    pub fn from_bytes(name: &str, bytes: &[u8; 32]) -> kernel::Result<SigningKey> {
        match is_name(name) {
            true => Ok(SigningKey { name: name.to_owned(), key: ed25519_dalek::SigningKey::from_bytes(bytes) }),
            false => Err(Error::invalid("name", "The name of a key has no spaces and no plus sign.")),
        }
    }

    /// The secret itself, for its file.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.key.to_bytes()
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The note of this text. The text ends with a newline and holds no other control characters.
    pub fn sign(&self, text: &str) -> Result<String, Refused> {
        if !text.ends_with('\n') || has_control(text) {
            return Err(Refused::Malformed("its text is not made of whole lines"));
        }
        let mut signature = self.verifier().id().to_vec();
        signature.extend(self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n— {} {}\n", self.name, BASE64.encode(signature)))
    }
}

/// The public half, written `name+id+key`: the id as 8 hexadecimal digits, the key as base64 of 0x01 and its 32 bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    pub fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> [u8; 4] {
        let digest = Sha256::new_with_prefix(&self.name).chain_update([b'\n', ED25519]).chain_update(self.key);
        let [a, b, c, d, ..] = <[u8; 32]>::from(digest.finalize());
        [a, b, c, d]
    }
}

/// Why the text of a note is not to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It does not have the form of a signed note, or not the text that was expected.
    Malformed(&'static str),
    /// It has no signature by any of the given keys.
    UnknownKey,
    /// A signature claims to be by one of the given keys and is not.
    WrongSignature,
}

/// The text of a note that at least one of these keys has signed. One wrong signature by a known key refuses it.
pub fn open<'n>(note: &'n str, keys: &[VerifierKey]) -> Result<&'n str, Refused> {
    let (text, lines) = split(note)?;
    let mut known = 0;
    for (count, line) in lines.lines().enumerate() {
        if count == MOST_SIGNATURES {
            return Err(Refused::Malformed("it has too many signatures"));
        }
        let (name, id, signature) = signature_line(line)?;
        if let Some(key) = keys.iter().find(|key| key.name == name && key.id() == id) {
            let signature = Signature::from_slice(&signature).map_err(|_| Refused::WrongSignature)?;
            key.key.verify_strict(text.as_bytes(), &signature).map_err(|_| Refused::WrongSignature)?;
            known += 1;
        }
    }
    if known > 0 { Ok(text) } else { Err(Refused::UnknownKey) }
}

/// The text with its last newline, and the signature lines behind the last blank line.
fn split(note: &str) -> Result<(&str, &str), Refused> {
    if has_control(note) {
        return Err(Refused::Malformed("it holds control characters"));
    }
    let blank = note.rfind("\n\n").ok_or(Refused::Malformed("it has no blank line before its signatures"))?;
    let (text, signatures) = (&note[..=blank], &note[blank + 2..]);
    match signatures.ends_with('\n') {
        true => Ok((text, signatures)),
        false => Err(Refused::Malformed("it does not end with a whole signature line")),
    }
}

fn signature_line(line: &str) -> Result<(&str, [u8; 4], Vec<u8>), Refused> {
    let wrong = Refused::Malformed("a signature line cannot be read");
    let (name, code) = line.strip_prefix("— ").and_then(|rest| rest.split_once(' ')).ok_or(wrong.clone())?;
    let bytes = BASE64.decode(code).map_err(|_| wrong.clone())?;
    match bytes.split_first_chunk::<4>() {
        Some((id, signature)) if is_name(name) && !signature.is_empty() => Ok((name, *id, signature.to_vec())),
        _ => Err(wrong),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !has_control(name) && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|byte| byte < b' ' && byte != b'\n')
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), BASE64.encode(key))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> kernel::Result<VerifierKey> {
        read_verifier(text)
            .ok_or_else(|| Error::invalid("key", "This is not a verifier key; it looks like name+id+key."))
    }
}

fn read_verifier(text: &str) -> Option<VerifierKey> {
    let (name, rest) = text.split_once('+')?;
    let (_, code) = rest.split_once('+')?;
    let bytes: [u8; 33] = BASE64.decode(code).ok()?.try_into().ok()?;
    let (algorithm, key) = bytes.split_first_chunk::<1>()?;
    let key = VerifierKey { name: name.to_owned(), key: VerifyingKey::try_from(key).ok()? };
    // Written back it must be the same text: so the id is right, and there is one spelling.
    (*algorithm == [ED25519] && is_name(name) && !key.key.is_weak() && key.to_string() == text).then_some(key)
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refused::Malformed(why) => write!(f, "This is not a signed checkpoint: {why}."),
            Refused::UnknownKey => f.write_str("It is not signed by a key that is known here."),
            Refused::WrongSignature => f.write_str("Its signature is wrong: the text is not what was signed."),
        }
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests;
