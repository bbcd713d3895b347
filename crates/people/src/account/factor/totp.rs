//! Codes that change every thirty seconds (RFC 6238 with HMAC-SHA-1 and six digits, as all authenticator apps know them).
use hmac::{Hmac, Mac};
use kernel::{Error, Result, Time};
use sha1::Sha1;
use subtle::ConstantTimeEq;

/// Seconds for which a code is shown.
const STEP: i64 = 30;
const DIGITS: usize = 6;
/// Clocks differ and people type slowly, so the code before and the one after are taken too.
const NEIGHBOURS: i64 = 1;
/// The alphabet of RFC 4648, section 6.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh shared secret of 160 bits, in base32 as apps take it.
pub fn fresh() -> Result<String> {
    let mut bytes = [0_u8; 20];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(base32(&bytes))
}

/// The step to which this code belongs, if it is one of now and of none up to `last`: each code is used once.
pub fn step_of(secret: &str, code: &str, now: Time, last: i64) -> Option<i64> {
    let here = step_at(now);
    let mut steps = (here - NEIGHBOURS..=here + NEIGHBOURS).filter(|step| *step > last);
    steps.find(|step| code_at(secret, *step).is_some_and(|right| right.as_bytes().ct_eq(code.as_bytes()).into()))
}

/// What the QR code of a secret says (the key URI format of the authenticator apps).
pub fn address(secret: &str, workspace: &str, account: &str) -> String {
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let issuer = escaped(workspace);
    format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", escaped(account))
}

/// The number of the step at an instant.
pub fn step_at(now: Time) -> i64 {
    now.0.div_euclid(1_000_000 * STEP)
}

/// What an app with this secret shows in a step, by RFC 4226, section 5.3.
pub fn code_at(secret: &str, step: i64) -> Option<String> {
    let key = from_base32(secret)?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let at = usize::from(hash[19] & 15);
    let word = u32::from_be_bytes([hash[at] & 0x7f, hash[at + 1], hash[at + 2], hash[at + 3]]);
    Some(format!("{:0DIGITS$}", word % 10_u32.pow(DIGITS as u32)))
}

/// Base32 without padding.
pub fn base32(bytes: &[u8]) -> String {
    let bits = |i: usize| bytes.get(i / 8).is_some_and(|byte| byte >> (7 - i % 8) & 1 == 1);
    let letter = |first: usize| (first..first + 5).fold(0, |value, i| value << 1 | usize::from(bits(i)));
    (0..bytes.len() * 8).step_by(5).map(|first| char::from(LETTERS[letter(first)])).collect()
}

fn from_base32(text: &str) -> Option<Vec<u8>> {
    let values: Option<Vec<u8>> =
        text.bytes().map(|b| LETTERS.iter().position(|letter| *letter == b).map(|value| value as u8)).collect();
    let values = values?;
    let bit = |i: usize| values[i / 5] >> (4 - i % 5) & 1;
    let byte = |first: usize| (first..first + 8).fold(0, |value, i| value << 1 | bit(i));
    Some((0..values.len() * 5 / 8).map(|i| byte(i * 8)).collect())
}

#[cfg(test)]
mod tests;
