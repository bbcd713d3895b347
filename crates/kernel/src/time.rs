use crate::{Bind, Error, FromValue, Result, Value};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    borrow::Cow,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};

/// An instant, in microseconds since 1970. In JSON it is RFC 3339 text, as in `2026-03-18T09:00:00Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub i64);

impl Time {
    pub fn now() -> Time {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Time(since.as_micros() as i64)
    }

    /// The same instant for jiff. Instants outside the years -9999 to 9999 become the nearest one inside.
    pub fn timestamp(self) -> Timestamp {
        let limit = if self.0 < 0 { Timestamp::MIN } else { Timestamp::MAX };
        Timestamp::from_microsecond(self.0).unwrap_or(limit)
    }

    pub fn in_zone(self, zone: &TimeZone) -> jiff::Zoned {
        self.timestamp().to_zoned(zone.clone())
    }

    /// The date on the wall calendar of a zone at this instant.
    pub fn date(self, zone: &TimeZone) -> Date {
        self.in_zone(zone).date()
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Time {
        Time(timestamp.as_microsecond())
    }
}

impl std::ops::Add<Duration> for Time {
    type Output = Time;
    fn add(self, span: Duration) -> Time {
        Time(self.0.saturating_add(span.as_micros() as i64))
    }
}

impl std::ops::Sub<Duration> for Time {
    type Output = Time;
    fn sub(self, span: Duration) -> Time {
        Time(self.0.saturating_sub(span.as_micros() as i64))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(d)?;
        let wrong = |_| de::Error::custom(format!("`{text}` is not an instant; write it as 2026-03-18T09:00:00Z."));
        text.parse::<Timestamp>().map(Time::from).map_err(wrong)
    }
}

impl JsonSchema for Time {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Time".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

impl Bind for Time {
    fn bind(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}

impl FromValue for Time {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(Time)
    }
}

/// A civil date is stored as text, `2026-03-18`, which sorts as the dates do.
impl FromValue for Date {
    fn from_value(value: Value<'_>) -> Result<Self> {
        match value {
            Value::Text(text) => text.parse().map_err(Error::internal),
            other => Err(other.is_not("a date")),
        }
    }
}

/// Where the program takes the time from: the machine, or a test or demonstration that sets it.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<AtomicI64>>);

impl Clock {
    /// A clock that stands still until it is [`set`](Clock::set).
    pub fn fixed(at: Time) -> Clock {
        Clock(Some(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a fixed clock; the machine's own is not changed.
    pub fn set(&self, at: Time) {
        if let Some(fixed) = &self.0 {
            fixed.store(at.0, Relaxed);
        }
    }

    pub fn now(&self) -> Time {
        self.0.as_ref().map_or_else(Time::now, |fixed| Time(fixed.load(Relaxed)))
    }
}
