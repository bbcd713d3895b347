use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// What a request says about one field of a record that exists: nothing, that it is to be empty, or its new value.
/// Use it with `#[serde(default)]`; JSON `null` and an empty text clear the field.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Change<T> {
    #[default]
    Keep,
    Clear,
    Set(T),
}

impl<T> Change<T> {
    /// The field after the change.
    pub fn apply(self, old: Option<T>) -> Option<T> {
        match self {
            Change::Keep => old,
            Change::Clear => None,
            Change::Set(new) => Some(new),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Change<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match serde_json::Value::deserialize(d)? {
            serde_json::Value::Null => Ok(Change::Clear),
            serde_json::Value::String(text) if text.is_empty() => Ok(Change::Clear),
            value => T::deserialize(value).map(Change::Set).map_err(serde::de::Error::custom),
        }
    }
}

impl<T: JsonSchema> JsonSchema for Change<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("ChangeOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let inner = T::json_schema(generator);
        json_schema!({ "anyOf": [inner, { "type": "null" }], "x-empty-clears": true })
    }
}
