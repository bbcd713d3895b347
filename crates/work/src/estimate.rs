//! How large an issue is thought to be, in the measure of its team.
use kernel::{Bind, Error, FromValue, Result, Value, words};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, str::FromStr};

words! {
    /// In what a team estimates.
    pub enum Measure {
        Points = "points",
        Sizes = "sizes",
        Hours = "hours",
        Nothing = "none",
    }
}

impl Measure {
    /// As a page says it.
    pub fn title(self) -> &'static str {
        match self {
            Measure::Points => "Points",
            Measure::Sizes => "T-shirt sizes",
            Measure::Hours => "Hours",
            Measure::Nothing => "No estimates",
        }
    }

    /// The estimates of several issues together, as this team says it: `21 points`, `6 h`.
    pub fn total(self, sum: Sum) -> String {
        match self {
            Measure::Hours => format!("{sum} h"),
            _ if sum.0 == 100 => "1 point".to_owned(),
            _ => format!("{sum} points"),
        }
    }

    /// An estimate as this team says it: `3`, `M`, `6 h`.
    pub fn says(self, estimate: Estimate) -> String {
        match self {
            Measure::Sizes => size_of(estimate).map_or_else(|| estimate.to_string(), str::to_owned),
            Measure::Hours => format!("{estimate} h"),
            Measure::Points | Measure::Nothing => estimate.to_string(),
        }
    }
}

/// Points or hours, in hundredths; a t-shirt size counts as the points beside it. In JSON it is a number, and a text such
/// as `M` or `0.5` is read as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Estimate(pub i64);

/// The sizes, and how many points each counts.
pub const SIZES: [(&str, i64); 6] = [("XS", 1), ("S", 2), ("M", 3), ("L", 5), ("XL", 8), ("XXL", 13)];
const MOST: i64 = 1_000_000;

fn size_of(estimate: Estimate) -> Option<&'static str> {
    SIZES.iter().find(|(_, points)| points * 100 == estimate.0).map(|(size, _)| *size)
}

impl FromStr for Estimate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Estimate> {
        let wrong =
            || Error::invalid("estimate", format!("`{text}` is no estimate; write 3, 0.5 or a size such as M."));
        let text = text.trim().trim_end_matches(" h");
        if let Some((_, points)) = SIZES.iter().find(|(size, _)| size.eq_ignore_ascii_case(text)) {
            return Ok(Estimate(points * 100));
        }
        let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let digits = |text: &str| (1..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(part) || part.len() > 2 {
            return Err(wrong());
        }
        let hundredths = part.parse::<i64>().map_err(|_| wrong())? * if part.len() == 1 { 10 } else { 1 };
        let whole: i64 = whole.parse().map_err(|_| wrong())?;
        Some(Estimate(whole * 100 + hundredths)).filter(|estimate| estimate.0 <= MOST).ok_or_else(wrong)
    }
}

impl fmt::Display for Estimate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, size) = (if self.0 < 0 { "-" } else { "" }, self.0.abs());
        match (size / 100, size % 100) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, part) if part % 10 == 0 => write!(f, "{sign}{whole}.{}", part / 10),
            (whole, part) => write!(f, "{sign}{whole}.{part:02}"),
        }
    }
}

impl Serialize for Estimate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.0 as f64 / 100.0)
    }
}

impl<'de> Deserialize<'de> for Estimate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = match serde_json::Value::deserialize(d)? {
            serde_json::Value::Number(number) => number.to_string(),
            serde_json::Value::String(text) => text,
            _ => return Err(de::Error::custom("Write an estimate such as 3, 0.5 or M.")),
        };
        text.parse().map_err(|error: Error| de::Error::custom(error.to_string()))
    }
}

impl JsonSchema for Estimate {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Estimate".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "type": "string", "format": "estimate" }, { "type": "number" }] })
    }
}

/// Estimates added up, or taken away from each other, in hundredths; in JSON it is a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum(pub i64);

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Estimate(self.0).fmt(f)
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Sum>>(all: I) -> Sum {
        Sum(all.map(|one| one.0).sum())
    }
}

impl Serialize for Sum {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_f64(self.0 as f64 / 100.0)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        f64::deserialize(d).map(|number| Sum((number * 100.0).round() as i64))
    }
}

impl JsonSchema for Sum {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Sum".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number" })
    }
}

impl Bind for Sum {
    fn bind(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}

impl FromValue for Sum {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(Sum)
    }
}

impl Bind for Estimate {
    fn bind(&self) -> Value<'_> {
        Value::Int(self.0)
    }
}

impl FromValue for Estimate {
    fn from_value(value: Value<'_>) -> Result<Self> {
        i64::from_value(value).map(Estimate)
    }
}

#[cfg(test)]
mod tests;
