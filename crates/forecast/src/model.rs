//! The candidates: ways to say how many items the next days will bring, each a centre and a spread on one scale.
use crate::{
    math::{dot, normal_crps},
    pace::{MEMORIES, Paces},
    prior::Prior,
};

/// What a candidate expects of `ln(1 + count)`: on this scale both a team's noise and the drift of its level are about
/// even, whether it finishes two items in a fortnight or two hundred.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outlook {
    pub(crate) center: f64,
    pub(crate) spread: f64,
}

/// The candidates. None of them draws anything: what a bootstrap would total is described by its mean and variance, as
/// the log-normal that has them, so that years of weekly forecasts are made in a millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// What other teams' histories say follows from paces like these: a regression of the count on the paces of six
    /// memories, as in Corsi, "A Simple Approximate Long-Memory Model of Realized Volatility" (2009).
    Learned,
    /// Days drawn from the last half year.
    DailyBootstrap,
    /// Weeks drawn from the last half year.
    WeeklyBootstrap,
    /// Days drawn from the last year, times a gamma-distributed level whose variance is what blocks of 28 days show
    /// in excess of the days.
    LevelNoise,
    /// The exponentially weighted pace with a half-life of nine weeks.
    Exponential,
    /// Counts whose variance grows with the square of their mean, fitted by moments to the weeks of the last year.
    NegativeBinomial,
    /// A level that walks from week to week and is seen through noise (Harvey, "Forecasting, Structural Time Series
    /// Models and the Kalman Filter", 1989, the local level model), fitted by moments.
    RandomWalk,
}

pub(crate) const MODELS: usize = Model::ALL.len();

impl Model {
    /// The order in which weights and outlooks are given.
    pub const ALL: [Self; 7] = [
        Self::Learned,
        Self::DailyBootstrap,
        Self::WeeklyBootstrap,
        Self::LevelNoise,
        Self::Exponential,
        Self::NegativeBinomial,
        Self::RandomWalk,
    ];
}

/// What the candidates need to know of a history on one day, whatever the horizon.
pub(crate) struct Fits<'a> {
    paces: &'a Paces,
    age: usize,
    half_year: (f64, f64),
    year: (f64, f64),
    quarter_mean: f64,
    weekly: (f64, f64),
    /// Squared coefficient of variation of the level of 28 days, beyond what its days explain.
    level_noise: f64,
    /// Squared coefficient of variation of the level of a week, beyond what Poisson counts explain.
    week_noise: f64,
    walk: Walk,
}

impl<'a> Fits<'a> {
    pub(crate) fn new(paces: &'a Paces, age: usize) -> Self {
        let (half_year, year) = (paces.daily(age, 182), paces.daily(age, 364));
        let weekly = moments(paces.blocks(age, 7, 26)).unwrap_or((half_year.0 * 7.0, half_year.1 * 7.0));
        let months = moments(paces.blocks(age, 28, 13)).unwrap_or_default();
        let weeks = moments(paces.blocks(age, 7, 52)).unwrap_or_default();
        Self {
            half_year,
            year,
            quarter_mean: paces.daily(age, 91).0,
            weekly,
            level_noise: relative(months.1 - 28.0 * year.1, months.0),
            week_noise: relative(weeks.1 - weeks.0, weeks.0),
            walk: Walk::fit(paces.blocks(age, 7, 52)),
            paces,
            age,
        }
    }

    /// What every candidate expects of the `days` days that follow, in the order of [`Model::ALL`].
    pub(crate) fn outlooks(&self, prior: &Prior, knot: usize, days: usize) -> [Outlook; MODELS] {
        let (horizon, weeks) = (days as f64, days as f64 / 7.0);
        let of_days = |mean: f64, daily: f64, level: f64| {
            from_moments(mean * horizon, daily * horizon + level * (mean * horizon).powi(2))
        };
        let pace = self.paces.mean(self.age, 2);
        let dispersion = if self.year.0 > 0.0 { self.year.1 / self.year.0 } else { 1.0 };
        [
            self.learned(prior, knot, days),
            of_days(self.half_year.0, self.half_year.1, 0.0),
            from_moments(self.weekly.0 * weeks, self.weekly.1 * weeks),
            of_days(self.year.0, self.year.1, self.level_noise),
            of_days(pace, pace * dispersion, 0.0),
            of_days(self.quarter_mean, self.quarter_mean, self.week_noise),
            self.walk.outlook(weeks),
        ]
    }

    /// The inputs of the learned model for a horizon.
    pub(crate) fn inputs(&self, days: usize) -> [f64; INPUTS] {
        let mut inputs = [1.0; INPUTS];
        for memory in 0..MEMORIES {
            inputs[1 + memory] = (self.paces.mean(self.age, memory) * days as f64).ln_1p();
        }
        inputs[MEMORIES + 1] = self.paces.quiet_ahead(self.age, days);
        inputs[MEMORIES + 2] = self.paces.quiet_behind(self.age);
        inputs
    }

    fn learned(&self, prior: &Prior, knot: usize, days: usize) -> Outlook {
        let inputs = self.inputs(days);
        let center = learned_center(&prior.center[knot], &inputs);
        let spread = dot(&prior.spread[knot], &spread_inputs(&inputs, center)).max(LEAST_SPREAD);
        Outlook { center, spread }
    }
}

/// Averages quantile functions, which for outlooks of one shape is averaging centres and spreads (Ratcliff, "Group
/// Reaction Time Distributions and an Analysis of Distribution Statistics", 1979). Weights fall exponentially with the
/// loss in excess of the learned model's (Vovk, "Aggregating Strategies", 1990).
pub(crate) fn mixed(outlooks: &[Outlook; MODELS], losses: &[f64; MODELS]) -> (Outlook, [f64; MODELS]) {
    let prior_weight = |model: usize| if model == 0 { 1.0 } else { PRIOR_WEIGHT };
    let weights: [f64; MODELS] =
        std::array::from_fn(|model| prior_weight(model) * (-LEARNING_RATE * losses[model]).exp());
    let sum: f64 = weights.iter().sum();
    let shares = weights.map(|weight| weight / sum);
    let mut mix = Outlook::default();
    for (outlook, share) in outlooks.iter().zip(shares) {
        mix.center += share * outlook.center;
        mix.spread += share * outlook.spread;
    }
    (mix, shares)
}

/// The CRPS of each outlook in excess of the learned model's.
pub(crate) fn excess_losses(outlooks: &[Outlook; MODELS], outcome: f64) -> [f64; MODELS] {
    let losses = outlooks.map(|outlook| normal_crps(outlook.center, outlook.spread, outcome));
    losses.map(|loss| loss - losses[0])
}

/// The inputs of the learned model.
pub const INPUTS: usize = MEMORIES + 3;

pub(crate) fn learned_center(coefficients: &[f64; INPUTS], inputs: &[f64; INPUTS]) -> f64 {
    dot(coefficients, inputs).max(0.05)
}

/// What the spread of the learned model depends on: small counts scatter more, and so does a pace that has changed.
pub(crate) fn spread_inputs(inputs: &[f64; INPUTS], center: f64) -> [f64; 3] {
    [1.0, (-center / 2.0).exp(), (inputs[2] - inputs[4]).abs()]
}

/// The weight of each other candidate before anything is known, beside 1 for the learned model.
const PRIOR_WEIGHT: f64 = 0.05;
/// How fast a candidate that does better gains weight, per unit of CRPS on the logarithmic scale and horizon.
const LEARNING_RATE: f64 = 0.3;
const LEAST_SPREAD: f64 = 0.03;

/// The log-normal outlook of `1 + count` with these moments.
fn from_moments(mean: f64, variance: f64) -> Outlook {
    let squared = (variance / (mean + 1.0).powi(2)).ln_1p();
    Outlook { center: mean.ln_1p() - squared / 2.0, spread: squared.sqrt().max(LEAST_SPREAD) }
}

/// The local level model of `ln(0.5 + count of a week)`.
#[derive(Clone, Copy)]
struct Walk {
    level: f64,
    uncertainty: f64,
    step: f64,
    noise: f64,
}

impl Walk {
    /// Fits the variances by the moments of the weekly differences and filters the level; the weeks come latest first.
    fn fit(weeks: impl Iterator<Item = f64>) -> Self {
        let mut logs: Vec<f64> = weeks.map(|count| (count + 0.5).ln()).collect();
        logs.reverse();
        let steps: Vec<f64> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let count = steps.len().max(1) as f64;
        let variance = steps.iter().map(|step| step * step).sum::<f64>() / count;
        let neighbours = steps.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>() / count;
        let noise = (-neighbours).clamp(0.05 * variance, 0.5 * variance).max(1e-4);
        let step = (variance - 2.0 * noise).max(0.02 * variance).max(1e-5);
        let (mut level, mut uncertainty) = (logs.first().copied().unwrap_or(0.0), noise);
        for log in logs.iter().skip(1) {
            let predicted = uncertainty + step;
            let gain = predicted / (predicted + noise);
            level += gain * (log - level);
            uncertainty = predicted * (1.0 - gain);
        }
        Self { level, uncertainty, step, noise }
    }

    fn outlook(&self, weeks: f64) -> Outlook {
        let variance = self.uncertainty + self.step * weeks / 3.0 + self.noise / weeks;
        Outlook { center: (self.level.exp() * weeks).ln_1p(), spread: variance.sqrt().max(LEAST_SPREAD) }
    }
}

/// Squared coefficient of variation.
fn relative(variance: f64, mean: f64) -> f64 {
    if mean > 0.0 { variance.max(0.0) / (mean * mean) } else { 0.0 }
}

/// Mean and variance of a sample of two or more.
fn moments(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for value in values {
        count += 1.0;
        sum += value;
        squares += value * value;
    }
    let mean = sum / count;
    (count > 1.5).then(|| (mean, ((squares - sum * mean) / (count - 1.0)).max(0.0)))
}
