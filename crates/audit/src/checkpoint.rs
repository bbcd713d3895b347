//! The head of a chain at one moment, as a signed note in the layout of C2SP (<https://c2sp.org/tlog-checkpoint>):
//!
//! ```text
//! cairn/<workspace id>
//! <how many events the chain holds>
//! <base64 of the chain's head>
//!
//! — <key name> <base64 of key id and signature>
//! ```
//!
//! The third line is the last hash of the [chain](crate::chain). It is not the root of a Merkle tree, so a witness can
//! keep and compare these notes, but cannot check a consistency proof between two of them.
use crate::{
    chain::Hash,
    note::{self, Refused, SigningKey, VerifierKey},
};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use kernel::{Checkpoint, Error, Result};

const ORIGIN: &str = "cairn/";

/// Signs a checkpoint.
pub fn sign(key: &SigningKey, checkpoint: &Checkpoint) -> Result<String> {
    key.sign(&text(checkpoint)?).map_err(Error::internal)
}

/// The checkpoint of a note that one of these keys has signed.
pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Checkpoint, Refused> {
    read(note::open(note, keys)?).ok_or(Refused::Malformed("its text is not a checkpoint"))
}

/// The note inside a file or a letter that people handled: without what stands around it, and with plain line ends.
pub fn find(saved: &str) -> Option<String> {
    let lines: Vec<&str> = saved.lines().skip_while(|line| !line.starts_with(ORIGIN)).collect();
    let last = lines.iter().rposition(|line| line.starts_with("— "))?;
    Some(lines[..=last].join("\n") + "\n")
}

fn text(checkpoint: &Checkpoint) -> Result<String> {
    let head: Hash = checkpoint.head.parse()?;
    Ok(format!("{ORIGIN}{}\n{}\n{}\n", checkpoint.workspace, checkpoint.size, BASE64.encode(head.0)))
}

fn read(body: &str) -> Option<Checkpoint> {
    let [origin, size, head] = body.lines().collect::<Vec<_>>().try_into().ok()?;
    let workspace = origin.strip_prefix(ORIGIN).filter(|id| !id.is_empty())?.to_owned();
    let head = Hash(BASE64.decode(head).ok()?.try_into().ok()?).to_string();
    let checkpoint = Checkpoint { workspace, size: size.parse().ok().filter(|size| *size >= 0)?, head };
    // Written back it must be the same text: so a checkpoint has one spelling.
    text(&checkpoint).is_ok_and(|again| again == body).then_some(checkpoint)
}

#[cfg(test)]
mod tests;
