//! What a team's own record corrects: the mix of candidates, the spread, and where each probability lies.
use crate::{
    model::{self, MODELS, Outlook},
    prior::{KNOTS, LEVELS, Prior, probability},
};

/// What is known after some past forecasts of one horizon have come true or not.
#[derive(Clone, Debug)]
pub(crate) struct Calibration {
    /// CRPS of each candidate in excess of the learned model's, per horizon passed, fading.
    losses: [f64; MODELS],
    /// Fading number of resolved forecasts, and the fading sum of their errors in units of what was expected.
    resolved: f64,
    errors: f64,
    count: usize,
    /// How far each quantile has been moved, in units of the spread.
    offsets: [f64; LEVELS],
}

/// The forecast of one horizon on the scale `ln(1 + count)`.
#[derive(Clone, Debug)]
pub(crate) struct Prediction {
    pub(crate) outlooks: [Outlook; MODELS],
    pub(crate) shares: [f64; MODELS],
    mix: Outlook,
    spread: f64,
    quantiles: [f64; LEVELS],
}

/// Origins lie a week apart.
pub(crate) const STEP: usize = 7;

/// Resolved forecasts fade with a half-life of two years.
const FADING: f64 = 0.993_357;
/// Resolved forecasts that the prior counts as, beside those that overlap.
const PRIOR_COUNT: f64 = 52.0;
/// How much of the team's own ratio of errors to expected errors is believed.
const TRUST: f64 = 0.7;
/// How far a quantile moves with each resolved forecast, in units of the spread.
const GAIN: f64 = 0.02;
/// Above the middle it moves less, by this factor: the larger the steps, the more a quantile wavers, and counts grow
/// exponentially along the scale, so that wavering there widens an interval the most.
const ABOVE: f64 = 0.3;
/// A young record moves them by up to three times as much; one that resolves late moves them less, because what it
/// corrects has not been seen to work yet.
const YOUTH: f64 = 2.0;
const MOST_GAIN: f64 = 0.4;

impl Calibration {
    pub(crate) fn new() -> Self {
        Self { losses: [0.0; MODELS], resolved: 0.0, errors: 0.0, count: 0, offsets: [0.0; LEVELS] }
    }

    /// How much of the spread rests on other teams, 0 to 1.
    pub(crate) fn borrowed(&self, knot: usize) -> f64 {
        let prior = PRIOR_COUNT + overlap(knot);
        prior / (prior + self.resolved)
    }

    pub(crate) fn predict(&self, prior: &Prior, knot: usize, outlooks: [Outlook; MODELS]) -> Prediction {
        let (mix, shares) = model::mixed(&outlooks, &self.losses);
        let prior_count = PRIOR_COUNT + overlap(knot);
        let ratio = (self.errors + prior_count) / (self.resolved + prior_count);
        let shape = prior.shape(knot, mix.center);
        let quantiles = std::array::from_fn(|level| shape[level] + self.offsets[level]);
        Prediction { outlooks, shares, mix, spread: mix.spread * ratio.powf(TRUST), quantiles }
    }

    /// Learns from a forecast that was made a horizon ago and the `ln(1 + count)` that came.
    ///
    /// The quantiles are moved by the online conformal rule of Gibbs and Candès, "Adaptive Conformal Inference Under
    /// Distribution Shift" (2021), in the form that tracks a quantile of the score (Angelopoulos, Candès and
    /// Tibshirani, "Conformal PID Control for Time Series Prediction", 2023): one that was exceeded too often rises.
    pub(crate) fn learn(&mut self, knot: usize, made: &Prediction, outcome: f64) {
        for (loss, excess) in self.losses.iter_mut().zip(model::excess_losses(&made.outlooks, outcome)) {
            *loss = *loss * FADING + excess / overlap(knot);
        }
        self.resolved = self.resolved * FADING + 1.0;
        self.errors = self.errors * FADING + (outcome - made.mix.center).abs() / made.mix.spread;
        let score = made.score(outcome);
        let youth = 1.0 + YOUTH * (-(self.count as f64) / 52.0).exp();
        let gain = (GAIN * youth).min(MOST_GAIN / overlap(knot));
        for (level, offset) in self.offsets.iter_mut().enumerate() {
            let chance = probability(level);
            let exceeded = if score > made.quantiles[level] { 1.0 } else { 0.0 };
            let gain = if chance > 0.5 { ABOVE * gain } else { gain };
            *offset += gain * steepness(chance) * (exceeded - (1.0 - chance));
        }
        self.count += 1;
    }
}

impl Prediction {
    /// The error of an outcome in units of the spread.
    pub(crate) fn score(&self, outcome: f64) -> f64 {
        (outcome - self.mix.center) / self.spread
    }

    pub(crate) fn center(&self) -> f64 {
        self.mix.center
    }

    /// The counts at the probabilities of [`GRID`], ascending. They are continuous: the chance of `n` items or more is
    /// that of exceeding `n`, see [`crate::Forecast::chance`].
    pub(crate) fn counts(&self) -> [f64; GRID.len()] {
        let mut quantiles = self.quantiles;
        quantiles.sort_unstable_by(f64::total_cmp);
        let (lower, upper) = (quantiles[TAIL] - quantiles[0], quantiles[LEVELS - 1] - quantiles[LEVELS - 1 - TAIL]);
        let mut counts = [0.0; GRID.len()];
        for (place, count) in counts.iter_mut().enumerate() {
            let score = match place {
                0 | 1 => quantiles[0] - lower * TAILS[place],
                FIRST_OF_UPPER.. => quantiles[LEVELS - 1] + upper * TAILS[GRID.len() - 1 - place],
                _ => quantiles[place - 2],
            };
            *count = (self.mix.center + self.spread * score).min(MOST_LOG).exp_m1().max(0.0);
        }
        counts
    }
}

/// The probabilities of a forecast's quantiles: the calibrated ones, and two at each end.
pub(crate) const GRID: [f64; LEVELS + 4] = grid();

/// No forecast is larger, so that counts stay finite whatever a history holds.
const MOST_LOG: f64 = 30.0;

/// The ends follow a normal distribution through the 5 % and the 25 % quantile, and those opposite: these are the
/// distances from 5 % to 0.1 % and to 1 % in units of the one from 5 % to 25 %.
const TAILS: [f64; 2] = [1.4887, 0.7018];
const TAIL: usize = 4;
const FIRST_OF_UPPER: usize = LEVELS + 2;

const fn grid() -> [f64; LEVELS + 4] {
    let mut grid = [0.0; LEVELS + 4];
    (grid[0], grid[1], grid[FIRST_OF_UPPER], grid[FIRST_OF_UPPER + 1]) = (0.001, 0.01, 0.99, 0.999);
    let mut level = 0;
    while level < LEVELS {
        grid[level + 2] = probability(level);
        level += 1;
    }
    grid
}

/// The number of origins whose outcomes overlap.
fn overlap(knot: usize) -> f64 {
    (KNOTS[knot] / STEP) as f64
}

/// Roughly the inverse density of the score at a quantile, 1 in the middle: where outcomes are rare, each says more.
fn steepness(chance: f64) -> f64 {
    (4.0 * chance * (1.0 - chance)).powf(-0.8)
}
