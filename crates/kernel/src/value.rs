use crate::{Error, Result};

/// One bound parameter on its way in, or one column on its way out: the types that Cairn stores, always borrowed.
/// JSON and dates are text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Int(i64),
    Real(f64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
    /// On its way in only; it is stored, and comes back, as text.
    Date(jiff::civil::Date),
}

impl Value<'_> {
    pub fn is_not(&self, wanted: &str) -> Error {
        Error::internal(format!("a column holds {self:?}, which is not {wanted}"))
    }
}

pub trait Bind {
    fn bind(&self) -> Value<'_>;
}

pub trait FromValue: Sized {
    fn from_value(value: Value<'_>) -> Result<Self>;
}

/// The parameters of a query, borrowed where they stand: `args![self.checkin, tx.me(), body.trim()]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { &[$($crate::Bind::bind(&$value)),*] };
}

/// A list as one parameter: `… in (select value from json_each(cast($1 as text)))`.
pub fn list(texts: impl IntoIterator<Item = impl ToString>) -> String {
    let texts: Vec<crate::Json> = texts.into_iter().map(|text| crate::Json::String(text.to_string())).collect();
    crate::Json::Array(texts).to_string()
}

macro_rules! stored {
    ($($type:ty: $variant:ident, $bind:expr, $name:literal;)*) => { $(
        impl Bind for $type {
            fn bind(&self) -> Value<'_> {
                Value::$variant($bind(self))
            }
        }
        impl FromValue for $type {
            fn from_value(value: Value<'_>) -> Result<Self> {
                match value {
                    Value::$variant(inner) => Ok(inner.into()),
                    other => Err(other.is_not($name)),
                }
            }
        }
    )* };
}

stored! {
    i64: Int, |v: &i64| *v, "an integer";
    f64: Real, |v: &f64| *v, "a real number";
    String: Text, String::as_str, "text";
    Vec<u8>: Bytes, Vec::as_slice, "bytes";
}

impl Bind for bool {
    fn bind(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl FromValue for bool {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Bool(truth) => Ok(truth),
            Value::Int(number @ (0 | 1)) => Ok(number == 1), // SQLite stores a boolean as an integer
            other => Err(other.is_not("a boolean")),
        }
    }
}

impl Bind for jiff::civil::Date {
    fn bind(&self) -> Value<'_> {
        Value::Date(*self)
    }
}

impl Bind for str {
    fn bind(&self) -> Value<'_> {
        Value::Text(self)
    }
}

impl<T: Bind + ?Sized> Bind for &T {
    fn bind(&self) -> Value<'_> {
        (**self).bind()
    }
}

impl<T: Bind> Bind for Option<T> {
    fn bind(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, T::bind)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

/// An enum that is stored, and written in JSON, as one word for each of its values:
/// `words! { pub enum Kind { Holiday = "holiday", Parental = "parental" } }`.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::Error;
            fn from_str(text: &str) -> $crate::Result<Self> {
                let found = Self::ALL.iter().find(|one| one.word() == text).copied();
                found.ok_or_else(|| $crate::Error::internal(format!("`{text}` is not one of {:?}", Self::ALL)))
            }
        }

        impl $crate::Bind for $name {
            fn bind(&self) -> $crate::Value<'_> {
                $crate::Value::Text(self.word())
            }
        }

        impl $crate::FromValue for $name {
            fn from_value(value: $crate::Value<'_>) -> $crate::Result<Self> {
                match value {
                    $crate::Value::Text(text) => text.parse(),
                    other => Err(other.is_not(stringify!($name))),
                }
            }
        }
    };
}
