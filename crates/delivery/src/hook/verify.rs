//! Whether a webhook comes from who has the secret: by a signature of its raw bytes where the system makes one, else by a
//! token. All comparisons take the same time whatever is wrong.
//!
//! <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries>,
//! <https://docs.gitlab.com/user/project/integrations/webhooks/>, <https://circleci.com/docs/webhooks/#validate-webhooks>,
//! <https://developer.pagerduty.com/docs/verifying-webhook-signatures>
use crate::source::System;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What the request says beside its body; names of headers in small letters.
pub trait Headers: Sync {
    fn get(&self, name: &str) -> Option<&str>;
    /// What the address says as `token`, for senders that can set no header.
    fn token(&self) -> Option<&str>;
}

/// The secrets that are good now.
#[derive(Clone, Debug)]
pub struct Secrets {
    pub now: String,
    pub former: Option<String>,
}

impl Secrets {
    /// Whether a request was made by somebody who has one of the secrets.
    pub fn made(&self, system: System, headers: &dyn Headers, body: &[u8]) -> bool {
        let good = |secret: &str| match system {
            System::GitHub => signed(secret, body, headers.get("x-hub-signature-256"), "sha256="),
            System::CircleCi => signed(secret, body, headers.get("circleci-signature"), "v1="),
            System::PagerDuty => signed(secret, body, headers.get("x-pagerduty-signature"), "v1="),
            System::GitLab => same(secret, headers.get("x-gitlab-token")),
            System::Jenkins | System::Opsgenie => {
                let bearer = headers.get("authorization").and_then(|value| value.strip_prefix("Bearer "));
                same(secret, headers.get("x-cairn-token").or(bearer).or(headers.token()))
            }
        };
        let former = self.former.as_deref().is_some_and(good);
        good(&self.now) || former
    }
}

/// Whether one of the signatures in a list, such as `v1=…,v1=…`, is the one of these bytes.
fn signed(secret: &str, body: &[u8], given: Option<&str>, version: &str) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(body);
    let wanted = hex(&mac.finalize().into_bytes());
    let signatures = given.unwrap_or_default().split(',').filter_map(|one| one.trim().strip_prefix(version));
    signatures.fold(false, |found, one| found | bool::from(one.as_bytes().ct_eq(wanted.as_bytes())))
}

/// Hashes have one length, so that nothing is learnt of the secret's.
fn same(secret: &str, given: Option<&str>) -> bool {
    let (secret, given) = (Sha256::digest(secret), Sha256::digest(given.unwrap_or_default()));
    secret.ct_eq(&given).into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
