use crate::{Error, Result};
use std::{str::FromStr, sync::Arc};

/// The mail address at which answers arrive, such as `reply@cairn.example`. Each letter has one of its own below it:
/// `reply+SECRET@cairn.example` (RFC 5233).
#[derive(Clone, Debug)]
pub struct ReplyTo {
    local: Arc<str>,
    host: Arc<str>,
}

/// RFC 5321 allows 64 bytes before the `@`, and a secret of 40 letters stands there.
const LONGEST_LOCAL: usize = 23;

impl ReplyTo {
    /// The address of the letter with this secret.
    pub fn of(&self, secret: &str) -> String {
        format!("{}+{secret}@{}", self.local, self.host)
    }

    /// The secret in the address of a letter, in lower case: mail servers may change the case of addresses.
    pub fn secret(&self, address: &str) -> Option<String> {
        let address = address.trim().to_ascii_lowercase();
        let (local, host) = address.rsplit_once('@')?;
        let secret = local.strip_prefix(&*self.local)?.strip_prefix('+')?;
        let plain = !secret.is_empty() && secret.bytes().all(|b| b.is_ascii_alphanumeric());
        (host == &*self.host && plain).then(|| secret.to_owned())
    }
}

impl FromStr for ReplyTo {
    type Err = Error;

    fn from_str(text: &str) -> Result<ReplyTo> {
        let text = text.trim().to_ascii_lowercase();
        let (local, host) = text.rsplit_once('@').unwrap_or_default();
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        };
        if plain(local) && plain(host) && local.len() <= LONGEST_LOCAL {
            return Ok(ReplyTo { local: local.into(), host: host.into() });
        }
        let sentence = format!(
            "`{text}` cannot be the address for answers; write it as reply@cairn.example, with at most {LONGEST_LOCAL} plain letters before the @."
        );
        Err(Error::invalid("mail-reply", sentence))
    }
}

#[cfg(test)]
mod tests;
