use crate::delivery::OPENINGS;
use base64::{Engine, engine::general_purpose::STANDARD};
use people::account::secret;
use replies::Mail;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use std::borrow::Cow;

/// A message that was read: before the transaction, because it may be long.
#[derive(Clone, Debug)]
pub struct Message {
    pub mail: Mail,
    /// The hash of its Message-ID, or of all of it where it has none.
    pub hash: String,
}

impl Message {
    pub fn parse(raw: &[u8]) -> Result<Message, String> {
        let mail = Mail::parse(raw, OPENINGS).map_err(|error| error.to_string())?;
        let hash = match mail.id.as_str() {
            "" => secret::hash(&String::from_utf8_lossy(raw)),
            id => secret::hash(id),
        };
        Ok(Message { mail, hash })
    }
}

/// A header has a colon, and base64 has none.
impl<'de> Deserialize<'de> for Message {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        if text.contains(':') {
            return Message::parse(text.as_bytes()).map_err(de::Error::custom);
        }
        let letters: String = text.split_ascii_whitespace().collect();
        let raw = STANDARD.decode(letters).map_err(|_| de::Error::custom("This is neither a message nor base64."))?;
        Message::parse(&raw).map_err(de::Error::custom)
    }
}

impl JsonSchema for Message {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Message".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}
