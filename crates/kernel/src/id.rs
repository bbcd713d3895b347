use crate::{Bind, Error, FromValue, Result, Time, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, hash, marker::PhantomData, str::FromStr};

const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LEN: usize = 26;

/// A UUIDv7 in 26 letters, which sorts by age. It is `Copy`, so that an id taken from the transaction's
/// actor or target can be bound in a query on the same transaction.
pub struct Id<T> {
    text: [u8; LEN],
    of: PhantomData<fn() -> T>,
}

/// What an id is of. Parts that do not know each other share these names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Workspace {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Person {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Team {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Project {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Milestone {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Session {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Token {}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Mail {}

impl<T> Id<T> {
    #[expect(clippy::new_without_default, reason = "a new id is never a neutral value")]
    pub fn new() -> Self {
        Self::from_u128(uuid::Uuid::now_v7().as_u128())
    }

    /// An id of the instant `at`; among those of one instant it sorts by `place`. (RFC 9562, section 6.2: the
    /// milliseconds, then a counter of 32 bits, then chance.)
    pub fn at(at: Time, place: u32) -> Self {
        let milliseconds = (at.0.div_euclid(1000) as u128) & 0xffff_ffff_ffff;
        let chance = uuid::Uuid::now_v7().as_u128() & ((1 << 42) - 1);
        let (high, low) = (u128::from(place >> 20), u128::from(place & 0xf_ffff));
        Self::from_u128(milliseconds << 80 | 7 << 76 | high << 64 | 2 << 62 | low << 42 | chance)
    }

    pub fn from_u128(number: u128) -> Self {
        let text = std::array::from_fn(|i| LETTERS[(number >> (5 * (LEN - 1 - i))) as usize & 31]);
        Id { text, of: PhantomData }
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.text).expect("an id is made of ASCII letters")
    }
}

impl<T> FromStr for Id<T> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        match text.as_bytes().try_into() {
            Ok(bytes) if text.bytes().all(|b| LETTERS.contains(&b)) => Ok(Id { text: bytes, of: PhantomData }),
            _ => Err(Error::invalid("id", format!("`{text}` is not an id."))),
        }
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}
impl<T> Eq for Id<T> {}
impl<T> hash::Hash for Id<T> {
    fn hash<H: hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
impl<T> Bind for Id<T> {
    fn bind(&self) -> Value<'_> {
        Value::Text(self.as_str())
    }
}
impl<T> FromValue for Id<T> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Text(text) => text.parse(),
            other => Err(other.is_not("an id")),
        }
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(d)?.parse().map_err(|_| de::Error::custom("not an id"))
    }
}
impl<T> JsonSchema for Id<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9a-hjkmnp-tv-z]{26}$" })
    }
}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.text.cmp(&other.text)
    }
}
