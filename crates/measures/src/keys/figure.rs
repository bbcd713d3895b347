//! A number with what it rests on.
use super::Average;
use crate::random::Random;
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// Missing where it rests on too little.
    pub value: Option<f64>,
    /// How many observations it rests on; of a share, how many it is a share of.
    pub sample: usize,
    /// Within this the value lies with nine chances in ten.
    pub interval: Option<(f64, f64)>,
}

const RESAMPLES: usize = 400;
/// Of more samples the interval follows from a formula, which needs no resampling.
const MANY: usize = 200;
/// Standard deviations of a normal distribution within which nine of ten lie.
const NINE_IN_TEN: f64 = 1.645;
/// Nine in ten.
const TAIL: f64 = 0.05;

impl Figure {
    /// An average with its interval, of a few samples by the bootstrap; the same samples in any order give the same.
    pub fn average(mut samples: Vec<f64>, average: Average, floor: usize) -> Figure {
        let sample = samples.len();
        if sample < floor.max(1) {
            return Figure { sample, ..Figure::default() };
        }
        samples.sort_by(f64::total_cmp);
        let value = average.of(&samples);
        if sample > MANY {
            return Figure { value: Some(value), sample, interval: Some(average.within(&samples)) };
        }
        let mut random = Random(0x9e37_79b9_7f4a_7c15 ^ sample as u64);
        let mut again = vec![0.0; sample];
        let mut found: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                again.iter_mut().for_each(|one| *one = samples[random.below(sample)]);
                again.sort_by(f64::total_cmp);
                average.of(&again)
            })
            .collect();
        found.sort_by(f64::total_cmp);
        let interval = (quantile(&found, TAIL), quantile(&found, 1.0 - TAIL));
        Figure { value: Some(value), sample, interval: Some(interval).filter(|_| sample > 1) }
    }

    /// A share with the exact interval of Clopper and Pearson (1934).
    pub fn share(count: usize, of: usize, floor: usize) -> Figure {
        if of < floor.max(1) {
            return Figure { sample: of, ..Figure::default() };
        }
        let low = if count == 0 { 0.0 } else { bisect(|p| 1.0 - at_most(count - 1, of, p) - TAIL) };
        let high = if count == of { 1.0 } else { bisect(|p| TAIL - at_most(count, of, p)) };
        Figure { value: Some(count as f64 / of as f64), sample: of, interval: Some((low, high)) }
    }
}

impl Average {
    /// Of sorted numbers, of which there is at least one.
    fn of(self, sorted: &[f64]) -> f64 {
        match self {
            Average::Mean => sorted.iter().sum::<f64>() / sorted.len() as f64,
            Average::Median => quantile(sorted, 0.5),
            Average::P75 => quantile(sorted, 0.75),
            Average::P90 => quantile(sorted, 0.9),
        }
    }
}

impl Average {
    /// The interval of many sorted numbers: of a quantile between two of the numbers, by the normal approximation to their
    /// ranks (Conover, Practical Nonparametric Statistics, 1999, section 3.2), of a mean by the central limit theorem.
    fn within(self, sorted: &[f64]) -> (f64, f64) {
        let n = sorted.len() as f64;
        let share = match self {
            Average::Mean => {
                let mean = self.of(sorted);
                let variance = sorted.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / (n - 1.0);
                let half = NINE_IN_TEN * (variance / n).sqrt();
                return (mean - half, mean + half);
            }
            Average::Median => 0.5,
            Average::P75 => 0.75,
            Average::P90 => 0.9,
        };
        let half = NINE_IN_TEN * (n * share * (1.0 - share)).sqrt();
        let at = |rank: f64| sorted[(rank.max(1.0) as usize).min(sorted.len()) - 1];
        (at((n * share - half).floor()), at((n * share + half).ceil()))
    }
}

/// Between two neighbours in proportion, as spreadsheets do (type 7 of Hyndman and Fan, 1996).
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// The chance of at most `count` of `of` at `p` each.
fn at_most(count: usize, of: usize, p: f64) -> f64 {
    let (log_p, log_q) = (p.ln(), (1.0 - p).ln());
    let mut log_ways = 0.0;
    let mut sum = 0.0;
    for k in 0..=count {
        if k > 0 {
            log_ways += ((of - k + 1) as f64).ln() - (k as f64).ln();
        }
        sum += (log_ways + k as f64 * log_p + (of - k) as f64 * log_q).exp();
    }
    sum.min(1.0)
}

/// Where a growing function crosses zero between 0 and 1.
fn bisect(grows: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if grows(middle) > 0.0 { high = middle } else { low = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests;
