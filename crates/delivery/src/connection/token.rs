use super::{Service, app};
use kernel::{Flaws, Result};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{ops::Deref, str::FromStr};

/// What lets one read at a server: a token, or the private key of a GitHub App as it is given out there (PEM).
#[derive(Deserialize, JsonSchema)]
#[serde(try_from = "String")]
pub struct Token(#[schemars(length(min = 1, max = 8_000))] String);

/// Letters of the longest private key, which is one of 8,192 bits.
const LONGEST: usize = 8_000;
const LONGEST_TOKEN: usize = 500;

impl TryFrom<String> for Token {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match text.trim() {
            "" => Err("Write something here.".to_owned()),
            text if text.len() > LONGEST => Err(format!("This is longer than {LONGEST} characters.")),
            text => Ok(Token(text.to_owned())),
        }
    }
}

impl FromStr for Token {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.to_owned().try_into()
    }
}

impl Deref for Token {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Token {
    /// A token as it can stand in a request, and the key of an app as it can sign.
    pub(super) fn checked(&self, service: Service, is_app: bool) -> Result<()> {
        let mut flaws = Flaws::default();
        let plain = self.len() <= LONGEST_TOKEN && self.bytes().all(|byte| byte.is_ascii_graphic());
        let key = "This is no private key of an app. GitHub gives one out as a file that ends in .pem.";
        match is_app && service == Service::GitHub {
            true => flaws.unless(app::key(self).is_some(), "token", key),
            false => flaws.unless(plain, "token", "A token has only letters, digits and signs. Copy it once more."),
        };
        flaws.check()
    }
}
