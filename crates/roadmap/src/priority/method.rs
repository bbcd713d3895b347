use super::{Criterion, number};
use kernel::words;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

words! {
    pub enum Method {
        /// Reach × impact × confidence ÷ effort.
        Rice = "rice",
        /// Cost of delay ÷ job size.
        Wsjf = "wsjf",
        /// The mean of one's own criteria by their weights.
        Weights = "weights",
    }
}

/// What goes into a score.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Factor {
    pub key: String,
    pub name: String,
    pub hint: String,
    pub least: f64,
    pub most: f64,
    /// Of a criterion of one's own.
    pub weight: Option<i64>,
}

/// A project by one method.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Score {
    pub method: Method,
    /// Nothing while an input is missing.
    pub score: Option<f64>,
    /// 1 for the highest score; equal ones share a place.
    pub place: Option<usize>,
    /// The names of the inputs that nobody has given.
    pub missing: Vec<String>,
}

impl Method {
    pub fn title(self) -> &'static str {
        match self {
            Method::Rice => "RICE",
            Method::Wsjf => "WSJF",
            Method::Weights => "Weights",
        }
    }

    /// How the score is made and where that comes from.
    pub fn formula(self) -> &'static str {
        match self {
            Method::Rice => {
                "Reach × impact × confidence ÷ effort, with the confidence as a share of one: how much each month of a person brings about. By Sean McBride of Intercom."
            }
            Method::Wsjf => {
                "Weighted shortest job first: the cost of delay ÷ the job size. The cost of delay is business value + time criticality + risk reduction or opportunity, each relative to the other projects. By Donald Reinertsen; with these three parts in SAFe."
            }
            Method::Weights => {
                "Each criterion from 0 to 10, times its weight, summed and divided by the sum of the weights without their signs. A criterion with a weight below zero counts against a project."
            }
        }
    }

    /// The factors of the method; those of weights are the criteria.
    pub fn factors(self, criteria: &[Criterion]) -> Vec<Factor> {
        match self {
            Method::Rice => RICE.iter().map(Known::factor).collect(),
            Method::Wsjf => WSJF.iter().map(Known::factor).collect(),
            Method::Weights => criteria.iter().map(Criterion::factor).collect(),
        }
    }

    /// The score, or what is missing. What is missing is never taken as zero.
    ///
    /// RICE: `reach · impact · (confidence / 100) / effort`, in what is reached in a quarter times impact for each
    /// person-month (Sean McBride, "RICE: simple prioritization for product managers", Intercom, 2018). WSJF:
    /// `(value + urgency + opportunity) / size`, without a unit (Donald Reinertsen, "The principles of product development
    /// flow", 2009; the three parts of the cost of delay are those of the Scaled Agile Framework). Weights:
    /// `Σ wᵢ·vᵢ / Σ |wᵢ|`, the weighted mean, from -10 to 10.
    pub fn score(self, factors: &[Factor], values: &BTreeMap<&str, f64>) -> Score {
        let value = |key: &str| values.get(key).copied();
        let missing: Vec<String> =
            factors.iter().filter(|factor| value(&factor.key).is_none()).map(|factor| factor.name.clone()).collect();
        let all = || match self {
            Method::Rice => {
                Some(value("reach")? * value("impact")? * (value("confidence")? / 100.0) / value("effort")?)
            }
            Method::Wsjf => Some((value("value")? + value("urgency")? + value("opportunity")?) / value("size")?),
            Method::Weights => weighted(factors, values),
        };
        Score { method: self, score: all().filter(|score| score.is_finite()), place: None, missing }
    }
}

fn weighted(factors: &[Factor], values: &BTreeMap<&str, f64>) -> Option<f64> {
    let weight = |factor: &Factor| factor.weight.unwrap_or_default() as f64;
    let all: f64 = factors.iter().map(|factor| weight(factor).abs()).sum();
    let sum: Option<f64> = factors.iter().map(|factor| Some(weight(factor) * values.get(factor.key.as_str())?)).sum();
    sum.map(|sum| sum / all)
}

impl Factor {
    /// Whether a value can be meant.
    pub fn takes(&self, value: f64) -> bool {
        value.is_finite() && (self.least..=self.most).contains(&value)
    }

    pub fn range(&self) -> String {
        format!("a number from {} to {}", number(self.least), number(self.most))
    }
}

/// Sets the places of the scores of one method, the highest first; equal scores share a place.
pub fn place(scores: &mut [&mut Score]) {
    let known: Vec<f64> = scores.iter().filter_map(|one| one.score).collect();
    for one in scores {
        one.place = one.score.map(|own| 1 + known.iter().filter(|other| **other > own).count());
    }
}

struct Known {
    key: &'static str,
    name: &'static str,
    hint: &'static str,
    least: f64,
    most: f64,
}

impl Known {
    fn factor(&self) -> Factor {
        let Known { key, name, hint, least, most } = *self;
        Factor { key: key.into(), name: name.into(), hint: hint.into(), least, most, weight: None }
    }
}

/// Nothing is done in less than a hundredth of a month or of a relative size, so that nothing is divided by zero.
const LEAST_EFFORT: f64 = 0.01;

const RICE: &[Known] = &[
    Known {
        key: "reach",
        name: "Reach",
        hint: "How many people or events it touches in a quarter.",
        least: 0.0,
        most: 1e9,
    },
    Known {
        key: "impact",
        name: "Impact",
        hint: "On each of them: 3 massive, 2 high, 1 medium, 0.5 low, 0.25 minimal.",
        least: 0.0,
        most: 3.0,
    },
    Known {
        key: "confidence",
        name: "Confidence",
        hint: "In percent: 100 is measured, 80 is likely, 50 is a guess.",
        least: 0.0,
        most: 100.0,
    },
    Known {
        key: "effort",
        name: "Effort",
        hint: "In person-months of all who take part.",
        least: LEAST_EFFORT,
        most: 10_000.0,
    },
];

const RELATIVE: &str = "Beside the other projects: 1, 2, 3, 5, 8, 13 or 20.";

const WSJF: &[Known] = &[
    Known { key: "value", name: "Business value", hint: RELATIVE, least: 0.0, most: 100.0 },
    Known { key: "urgency", name: "Time criticality", hint: RELATIVE, least: 0.0, most: 100.0 },
    Known { key: "opportunity", name: "Risk reduction or opportunity", hint: RELATIVE, least: 0.0, most: 100.0 },
    Known { key: "size", name: "Job size", hint: RELATIVE, least: LEAST_EFFORT, most: 100.0 },
];
