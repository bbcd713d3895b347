use crate::Summary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One number of many, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// Nothing where nothing is known.
    pub value: Option<i64>,
    /// How many values it was made of.
    pub of: usize,
    /// How many had none; they are not taken for 0.
    pub missing: usize,
}

/// One number of many. A percentile is the value of the nearest rank; the median of an even count is the mean of the two in
/// the middle, rounded down.
pub fn figure(values: impl IntoIterator<Item = Option<i64>>, summary: Summary) -> Figure {
    let (mut known, mut missing) = (Vec::new(), 0);
    for value in values {
        match value {
            Some(value) => known.push(value),
            None => missing += 1,
        }
    }
    known.sort_unstable();
    let of = known.len();
    let value = (of > 0).then(|| match summary {
        Summary::Median => known[(of - 1) / 2].midpoint(known[of / 2]),
        Summary::Mean => (known.iter().map(|value| i128::from(*value)).sum::<i128>() / of as i128) as i64,
        Summary::Percentile85 => known[(of * 85).div_ceil(100) - 1],
    });
    Figure { value, of, missing }
}
