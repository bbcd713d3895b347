//! What other teams' histories teach about any team's: centres, spreads and shapes by horizon.
mod built_in;

use crate::{
    model::INPUTS,
    pace::{HALF_LIVES, MEMORIES},
};

/// The horizons, in days, at which forecasts are made and calibrated; between them they are interpolated.
pub const KNOTS: [usize; KNOT_COUNT] = [7, 14, 28, 56, 84, 168, 364];
pub const KNOT_COUNT: usize = 7;

/// Number of quantiles that a forecast consists of: 5 %, 10 % and so on to 95 %.
pub const LEVELS: usize = 19;

/// Sizes of count, on the scale `ln(1 + count)`, between whose shapes a forecast's is interpolated: 1, 8 and 39 items.
pub const SIZES: [f64; 3] = [0.7, 2.2, 3.7];

/// Learned from a set of histories, see [`Prior::learn`].
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Coefficients of the expected `ln(1 + count)`, by knot.
    pub(crate) center: [[f64; INPUTS]; KNOT_COUNT],
    /// Coefficients of the mean absolute error on that scale, by knot.
    pub(crate) spread: [[f64; 3]; KNOT_COUNT],
    /// Quantiles of the error in units of the spread, by knot, size and level.
    pub(crate) shape: [[[f64; LEVELS]; SIZES.len()]; KNOT_COUNT],
}

impl Prior {
    /// The source text of `prior/built_in.rs` that makes this the built-in prior, before formatting.
    pub fn as_source(&self) -> String {
        let head =
            "//! Written by the back-test with `--learn --print`; see the crate's README.\nuse super::Prior;\n\n";
        format!("{head}pub(super) static PRIOR: Prior = {self:.4?};\n")
    }

    /// Learned from one half of some seventy public repositories, see the crate's README.
    pub fn built_in() -> &'static Self {
        &built_in::PRIOR
    }

    /// The average of something that a pace follows, such as how many people were there each day, the latest day last,
    /// with the weights that the learned model gives to the days behind an 8-week forecast. What is ahead, divided by
    /// it, is by how much the recent pace has to be raised: not at all where a change lies long back, fully where it
    /// is to come. None for no day.
    pub fn remembered(&self, days: &[f64]) -> Option<f64> {
        let shares = self.center[REMEMBERED][1..=MEMORIES].iter().map(|share| share.max(0.0));
        let means = shares.zip(HALF_LIVES).map(|(share, half_life)| (share, share * faded_mean(days, half_life)));
        let (weight, sum) = means.fold((0.0, 0.0), |(weight, sum), (share, mean)| (weight + share, sum + mean));
        (!days.is_empty() && weight > 0.0).then(|| sum / weight)
    }

    /// The quantiles of the standardised error for an expected `ln(1 + count)`.
    pub(crate) fn shape(&self, knot: usize, center: f64) -> [f64; LEVELS] {
        let shapes = &self.shape[knot];
        let (lower, share) = place(center);
        std::array::from_fn(|level| shapes[lower][level] * (1.0 - share) + shapes[lower + 1][level] * share)
    }
}

/// The knot whose memory speaks for all of them.
const REMEMBERED: usize = 3;

/// The mean in which the weight of a day halves with each half-life, in days, that it lies back.
fn faded_mean(days: &[f64], half_life: f64) -> f64 {
    let decay = (-std::f64::consts::LN_2 / half_life).exp();
    let faded = |(sum, weight): (f64, f64), day: &f64| (sum * decay + day, weight * decay + 1.0);
    let (sum, weight) = days.iter().fold((0.0, 0.0), faded);
    sum / f64::max(weight, 1.0)
}

/// The probability of quantile `level`.
pub(crate) const fn probability(level: usize) -> f64 {
    (level + 1) as f64 / (LEVELS + 1) as f64
}

/// The size below an expected `ln(1 + count)` that is not the last, and how far it lies towards the next one, 0 to 1.
pub(crate) fn place(center: f64) -> (usize, f64) {
    let lower = usize::from(center > SIZES[1]);
    (lower, ((center - SIZES[lower]) / (SIZES[lower + 1] - SIZES[lower])).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests;
