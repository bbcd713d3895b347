//! Text that people type, parsed into types at the door: trimmed, bounded, and free of characters that deceive.
use crate::{Bind, Error, FromValue, Result, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};
use std::{borrow::Cow, ops::Deref};

/// One line of at most `MOST` characters, which may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line<const MOST: usize = 200>(String);

/// One line of 1 to `MOST` characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Name<const MOST: usize = 120>(String);

/// Text of several lines, kept byte for byte, of at most 100,000 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Markdown(String);

/// A mail address in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Email(String);

const LONGEST_MARKDOWN: usize = 100_000;
const LONGEST_EMAIL: usize = 254;

impl<const MOST: usize> TryFrom<String> for Line<MOST> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim();
        if text.chars().any(deceives) {
            return Err("This holds a control character; type it again without.".into());
        }
        if text.chars().count() > MOST {
            return Err(format!("This is longer than {MOST} characters."));
        }
        Ok(Line(text.to_owned()))
    }
}

impl<const MOST: usize> TryFrom<String> for Name<MOST> {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let Line(text) = Line::<MOST>::try_from(text)?;
        if text.is_empty() { Err("Write something here.".into()) } else { Ok(Name(text)) }
    }
}

impl TryFrom<String> for Markdown {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.chars().any(|c| deceives(c) && !matches!(c, '\n' | '\r' | '\t')) {
            return Err("This holds a control character; type it again without.".into());
        }
        if text.chars().count() > LONGEST_MARKDOWN {
            return Err(format!("This is longer than {LONGEST_MARKDOWN} characters."));
        }
        Ok(Markdown(text))
    }
}

impl TryFrom<String> for Email {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let text = text.trim().to_lowercase();
        let sane = |c: char| {
            c.is_ascii_graphic() && !matches!(c, '"' | '(' | ')' | ',' | ':' | ';' | '<' | '>' | '[' | ']' | '\\')
        };
        let (local, host) = text.rsplit_once('@').unwrap_or_default();
        let named = |part: &str| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-');
        let good = text.len() <= LONGEST_EMAIL
            && text.chars().all(sane)
            && (1..=64).contains(&local.len())
            && !local.contains('@')
            && !local.starts_with('.')
            && !local.ends_with('.')
            && host.contains('.')
            && host.split('.').all(named);
        if good { Ok(Email(text)) } else { Err("This is not a mail address; write it as name@company.example.".into()) }
    }
}

/// Control characters, and those that turn the direction of writing around or are not seen at all.
pub fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

macro_rules! text_type {
    ($([$($generic:tt)*] $type:ty, $most:expr, $least:expr;)*) => { $(
        impl<$($generic)*> Deref for $type {
            type Target = str;
            fn deref(&self) -> &str {
                &self.0
            }
        }
        impl<$($generic)*> std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl<$($generic)*> std::str::FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                text.to_owned().try_into()
            }
        }
        impl<'de, $($generic)*> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.try_into().map_err(de::Error::custom)
            }
        }
        impl<$($generic)*> JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                "Text".into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "string", "minLength": $least, "maxLength": $most })
            }
        }
        impl<$($generic)*> Bind for $type {
            fn bind(&self) -> Value<'_> {
                Value::Text(&self.0)
            }
        }
        impl<$($generic)*> FromValue for $type {
            fn from_value(value: Value<'_>) -> Result<Self> {
                match value {
                    Value::Text(text) => Ok(Self(text.to_owned())),
                    other => Err(other.is_not("text")),
                }
            }
        }
    )* };
}

text_type! {
    [const MOST: usize] Line<MOST>, MOST, 0;
    [const MOST: usize] Name<MOST>, MOST, 1;
    [] Markdown, LONGEST_MARKDOWN, 0;
    [] Email, LONGEST_EMAIL, 3;
}

impl Email {
    /// The address, or `Invalid` at this field.
    pub fn parse(field: &str, text: &str) -> Result<Email> {
        text.parse().map_err(|sentence: String| Error::invalid(field, sentence))
    }
}

#[cfg(test)]
mod tests;
