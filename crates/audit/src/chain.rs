//! The hash chain, byte for byte, so that another program can check it:
//!
//! ```text
//! hash(0)    = SHA-256( "cairn genesis 1" ‖ field(workspace) )
//! commitment = SHA-256( field(salt) ‖ field(data) )
//! hash(n)    = SHA-256( "cairn event 1" ‖ hash(n - 1) ‖ field(workspace) ‖ field(number(n)) ‖ field(event)
//!                       ‖ field(number(at)) ‖ field(actor) ‖ field(door) ‖ field(verb) ‖ field(subject)
//!                       ‖ field(commitment) )
//!
//! field(x)   = the length of x in bytes as an unsigned 32-bit big-endian number ‖ x
//! number(i)  = i as a signed 64-bit big-endian number
//! ```
//!
//! Labels are ASCII and have no length before them; hashes are 32 raw bytes; texts are UTF-8 exactly as they are stored.
//! `n` is the position, which begins at 1; `at` is in microseconds since 1970; `workspace`, `event`, `actor` and
//! `subject` are ids, `door` and `verb` words. `data` is the event's JSON text, and `salt` a secret of its own: once both
//! are erased, the commitment proves nothing about what the data was, and the chain still holds.
use kernel::Time;
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr};

/// A SHA-256 digest, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(pub [u8; 32]);

/// One event at its place in the chain.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    pub workspace: &'a str,
    pub position: i64,
    pub event: &'a str,
    pub at: Time,
    pub actor: &'a str,
    pub door: &'a str,
    pub verb: &'a str,
    pub subject: &'a str,
    pub commitment: Hash,
}

impl Link<'_> {
    /// The hash of this event and, through the previous hash, of everything before it.
    pub fn hash(&self, previous: Hash) -> Hash {
        let mut digest = Sha256::new_with_prefix("cairn event 1").chain_update(previous.0);
        field(&mut digest, self.workspace.as_bytes());
        field(&mut digest, &self.position.to_be_bytes());
        field(&mut digest, self.event.as_bytes());
        field(&mut digest, &self.at.0.to_be_bytes());
        for text in [self.actor, self.door, self.verb, self.subject] {
            field(&mut digest, text.as_bytes());
        }
        field(&mut digest, &self.commitment.0);
        Hash(digest.finalize().into())
    }
}

/// The hash before the first event of a workspace.
pub fn genesis(workspace: &str) -> Hash {
    let mut digest = Sha256::new_with_prefix("cairn genesis 1");
    field(&mut digest, workspace.as_bytes());
    Hash(digest.finalize().into())
}

/// Stands for an event's data in the chain.
pub fn commitment(salt: &str, data: &str) -> Hash {
    let mut digest = Sha256::new();
    field(&mut digest, salt.as_bytes());
    field(&mut digest, data.as_bytes());
    Hash(digest.finalize().into())
}

/// The length keeps neighbouring fields apart: without it, moving a letter from one to the next changes nothing.
fn field(digest: &mut Sha256, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a field of an event is far smaller than 4 GB");
    digest.update(length.to_be_bytes());
    digest.update(bytes);
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Hash {
    type Err = kernel::Error;

    fn from_str(text: &str) -> kernel::Result<Hash> {
        let wrong = || kernel::Error::invalid("hash", "A hash has 64 digits from 0 to 9 and a to f.");
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(wrong()),
        };
        let digits: &[u8; 64] = text.as_bytes().try_into().map_err(|_| wrong())?;
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Hash(bytes))
    }
}

#[cfg(test)]
mod tests;
